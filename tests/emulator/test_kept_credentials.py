"""The credentials that `pulumi-spectrum emulator` keeps for the next start on a port."""

from pathlib import Path
from typing import Any

import pytest

from pulumi_spectrum.emulator.kept_credentials import CredentialsFile, credentials_path
from pulumi_spectrum.emulator.snapshot import read_snapshot


def complete(path: Path, *projects: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    """Return the ids and secrets with which an emulator begins, which then keeps them."""
    file = CredentialsFile(lambda: path)
    completed = file.complete(read_snapshot({"projects": list(projects)}))
    file.write()
    return [(each.id, each.secret) for each in completed]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder that is not there yet."""
    return tmp_path / "folder" / "emulator-8585.json"


def test_kept_for_the_next_start(path: Path) -> None:
    """Projects without an id get the same ones at each start, in their order, and all of them the same secrets."""
    projects = ({}, {"id": "support"}, {})
    first = complete(path, *projects)
    assert len({*first}) == 3
    assert complete(path, *projects) == first
    assert complete(path, {}) == first[:1]
    assert complete(path, {"id": "support"}) == first[1:2]
    assert complete(path, *projects) == first


def test_given_secret_is_not_kept(path: Path) -> None:
    """A secret that a person has chosen is used and not written to the file."""
    assert complete(path, {"id": "support", "secret": "my-own"}) == [("support", "my-own")]
    assert not path.exists()
    complete(path, {}, {"id": "support", "secret": "my-own"})
    assert "my-own" not in path.read_text()


def test_id_that_is_given_and_kept(path: Path) -> None:
    """A kept id that one project is given is not the id of another."""
    ((kept, _),) = complete(path, {})
    ids = [project_id for project_id, _ in complete(path, {}, {"id": kept})]
    assert ids[1] == kept
    assert ids[0] != kept


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"ids": 1}', '{"secrets": {"a": []}}'])
def test_file_that_is_spoilt(path: Path, text: str) -> None:
    """A file that cannot be read is made anew."""
    path.parent.mkdir()
    path.write_text(text)
    made = complete(path, {})
    assert complete(path, {}) == made


def test_folder_of_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file is in XDG_STATE_HOME, or in ~/.local/state where that is not set or not absolute."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for value in ("", "relative"):
        monkeypatch.setenv("XDG_STATE_HOME", value)
        assert credentials_path(8585) == tmp_path / ".local/state/pulumi-spectrum/emulator-8585.json"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert credentials_path(8585) == tmp_path / "state/pulumi-spectrum/emulator-8585.json"
