"""What a state that was edited may hold, and which of it is refused."""

from typing import Any

import click
import pytest

from pulumi_spectrum.cli.state_file import SECRET, SIGNATURE, find_spectrum_resources, list_resources
from pulumi_spectrum.kinds import load_kinds

USER: dict[str, Any] = {
    "urn": "urn:pulumi:dev::app::pulumi-python:dynamic/spectrum:User::alice",
    "type": "pulumi-python:dynamic/spectrum:User",
    "id": "u-1",
    "inputs": {},
    "outputs": {},
}


@pytest.mark.parametrize(
    "resource",
    [
        None,
        [],
        {},
        {**USER, "urn": "alice"},
        {**USER, "type": 5},
        {**USER, "id": ["u-1"]},
        {**USER, "inputs": "x"},
        {**USER, "outputs": [1]},
        {**USER, "ignoreChanges": [{}]},
    ],
)
@pytest.mark.parametrize("place", ["resources", "pending_operations"])
def test_state_of_another_form_is_refused(place: str, resource: Any) -> None:
    """A resource without what the engine writes of each is refused in one sentence, a pending one too."""
    entry = resource if place == "resources" else {"type": "creating", "resource": resource}
    with pytest.raises(click.ClickException, match=r"^f\.json is not a state as"):
        list_resources({"deployment": {place: [entry]}}, "f.json")


@pytest.mark.parametrize("text", ["s3cr3t", None, "[" * 5000, "[" * 200 + "]" * 200])
def test_secret_that_is_no_json_is_refused(text: Any) -> None:
    """A secret whose text is no JSON is refused in a sentence that does not show it."""
    secret = {SIGNATURE: SECRET, "plaintext": text}
    with pytest.raises(click.ClickException, match="holds a secret that") as caught:
        find_spectrum_resources([{**USER, "inputs": {"firstName": secret}}], load_kinds())

    assert "s3cr3t" not in caught.value.message
