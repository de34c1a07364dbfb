"""What a program says of the stack's configuration."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_spectrum as spectrum


@pytest.fixture
def warnings_of(run: Any, caplog: pytest.LogCaptureFixture) -> Callable[..., list[str]]:
    """Runs a program of two resources with some configuration, and returns its warnings."""

    def find(**config: str) -> list[str]:
        def program() -> None:
            pulumi.runtime.set_all_config(config)
            for name in ("voice", "slack"):
                spectrum.Platform(name, platform=name)

        caplog.clear()
        run(program)
        pulumi.runtime.set_all_config({})
        return [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]

    return find


def test_misspelt_key_is_warned_of_once(warnings_of: Any) -> None:
    """Each run of a program warns once of a key that is like a setting, however many resources it has."""
    expected = [
        "spectrum:projctId is not a setting of pulumi-spectrum, and is not read. Did you mean spectrum:projectId?"
    ]

    assert warnings_of(**{"spectrum:projctId": "p-1"}) == expected
    assert warnings_of(**{"spectrum:projctId": "p-1"}) == expected


def test_right_keys_give_no_warning(warnings_of: Any) -> None:
    """A configuration of settings and other namespaces gives no warning."""
    assert warnings_of(**{"spectrum:projectId": "p-1", "app:projctId": "p-1"}) == []
