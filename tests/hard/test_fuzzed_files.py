"""Whatever a file holds that a command is given, the command works or ends with one sentence, without secrets."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from fuzzing import PLANTED, changed, fails_cleanly, json_like
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.cli.drift_sources import load_state
from pulumi_spectrum.cli.given_secrets import read_secret_files, secrets_for
from pulumi_spectrum.cli.ignore_file import read_ignore_file
from pulumi_spectrum.cli.pending_operations import count_pending, find_pending
from pulumi_spectrum.cli.recovered_state import settle
from pulumi_spectrum.cli.state_file import find_spectrum_resources, list_resources, wrap_secret
from pulumi_spectrum.emulator.snapshot_files import read_file
from pulumi_spectrum.emulator.state.loading import SnapshotError
from pulumi_spectrum.kinds import Live, load_kinds
from pulumi_spectrum.text_files import UnreadableText

KINDS = load_kinds()
SENTENCES = (click.ClickException, UnreadableText)
"""The exceptions of readers that become one sentence."""

contents = st.one_of(
    st.binary(max_size=100),
    st.text(max_size=100).map(lambda text: text.encode(errors="surrogatepass")),
    st.sampled_from(["utf-16", "utf-32", "utf-8-sig"]).map(f"user: {PLANTED}\n*".encode),
)

RESOURCE = {
    "urn": "urn:pulumi:dev::app::pulumi-python:dynamic/spectrum:User::alice",
    "type": "pulumi-python:dynamic/spectrum:User",
    "id": "u-1",
    "inputs": {"phoneNumber": "+14155550123", "firstName": wrap_secret(PLANTED), "__provider": "p"},
    "outputs": {"phoneNumber": "+14155550123", "projectId": "p-1", "__spectrum": {"format": 1, "managed": []}},
    "provider": "urn:pulumi:dev::app::pulumi:providers:pulumi-python::default::0",
    "ignoreChanges": ["firstName"],
}
STATE = {
    "version": 3,
    "deployment": {
        "manifest": {"time": "2026-01-01T00:00:00Z"},
        "resources": [
            RESOURCE,
            {**RESOURCE, "type": "pulumi-python:dynamic/spectrum:New", "urn": "urn:pulumi:a::b::c::d"},
        ],
        "pending_operations": [{"type": "creating", "resource": RESOURCE}],
    },
}
SEED = {
    "projects": [
        {
            "id": "p-1",
            "secret": PLANTED,
            "name": "Acme",
            "plan": "business",
            "users": [{"phoneNumber": "+14155550123", "firstName": "A"}],
            "lines": [{}],
            "webhooks": [{"webhookUrl": "https://a.example.com", "signingSecret": PLANTED}],
            "platforms": {"voice": {"enabled": True}},
            "slack": {"clientSecret": PLANTED},
        }
    ]
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], Path]:
    """Writes a file of a name, in the place of the one before."""
    folder = tmp_path_factory.mktemp("files")

    def write(name: str, content: bytes) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return write


def dumped(document: Any) -> bytes:
    try:
        return json.dumps(document).encode()
    except (RecursionError, ValueError):
        return b"[" * 2000


@given(state=st.one_of(json_like(), changed(STATE), changed(STATE)))
def test_any_state(state: Any, path: Any) -> None:
    """A state of any form is read, its pending operations too, or refused in a sentence."""
    with fails_cleanly(*SENTENCES):
        document = load_state(path("state.json", dumped(state)))
        known, unknown = find_spectrum_resources(list_resources(document, "the file"), KINDS)
        assert all(isinstance(text, str) for each in known for text in (each.urn, each.id, each.name, each.stack))
        assert all(isinstance(each, str) for each in unknown)
        count_pending(document)
        pending = find_pending("dev", document, document, KINDS)
        settle(document, [(each, Live("u-2", {}), "p-1") for each in pending.operations])


@given(content=contents)
def test_any_bytes_as_state(content: bytes, path: Any) -> None:
    """A state file of any bytes is read or refused in a sentence."""
    with fails_cleanly(*SENTENCES):
        load_state(path("state.json", content))


@given(
    content=st.one_of(
        contents,
        st.lists(st.sampled_from(["user:", "*:", "*", "\n", "#", ":", "[", "(", "\\", "webhook:https://[", "\ud800"]))
        .map("".join)
        .map(lambda text: text.encode(errors="replace")),
    ),
    label=st.text(max_size=20),
)
def test_any_ignore_file(content: bytes, label: str, path: Any) -> None:
    """An ignore file of any bytes is read or refused in a sentence, and its patterns are compared with any object."""
    with fails_cleanly(*SENTENCES):
        ignored = read_ignore_file(path(".spectrum-drift-ignore", content), KINDS)
        for kind in KINDS:
            ignored.names(kind, Live(label, {}))


@given(content=contents)
def test_any_secret_file(content: bytes, path: Any) -> None:
    """A file of secrets of any bytes is read, or refused in a sentence that shows none of it."""
    with fails_cleanly(*SENTENCES):
        files = read_secret_files([f"u-1=@{path('secrets.txt', content)}"])
        for kind in KINDS:
            secrets_for(kind, "alice", Live("u-1", {}), files)


@given(
    name=st.sampled_from(["seed.json", "seed.yaml"]),
    content=st.one_of(contents, st.one_of(json_like(), changed(SEED), changed(SEED)).map(dumped)),
)
def test_any_seed(name: str, content: bytes, path: Any) -> None:
    """A seed of any form is read, or refused in a sentence with the place in it."""
    with fails_cleanly(SnapshotError):
        read_file(path(name, content))


MARKS = ["&a ", "*a", "[", "]", "{", "}", ": ", "- ", "\n", "!!python/object:os.system ", "!!binary a", "<<: ", "? "]


@given(text=st.lists(st.sampled_from([*MARKS, "2026-13-45", "0x"])).map("".join))
def test_any_yaml_seed(text: str, path: Any) -> None:
    """A seed of any YAML marks is read or refused in a sentence, and makes no object of Python."""
    with fails_cleanly(SnapshotError):
        read_file(path("seed.yaml", text.encode()))


def test_documents_are_right_before_they_are_changed(path: Any) -> None:
    """The documents that are changed are read as they are, so that changes reach what is behind the first check."""
    assert len(read_file(path("seed.json", dumped(SEED)))) == 1
    assert len(find_pending("dev", STATE, STATE, KINDS).operations) == 1
