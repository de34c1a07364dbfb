"""Declarations that the processes of this machine share, so that no two declare the same object."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_spectrum.providers.declarations import FILE, Declarations, object_key

DEV, PROD = "urn:pulumi:dev::app::spectrum:User::", "urn:pulumi:prod::app::spectrum:User::"
RUN, OTHER_RUN = "127.0.0.1:1", "127.0.0.1:2"
Process = Callable[[], Declarations]


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Makes what stands for another process."""
    return lambda: Declarations(lambda: tmp_path)


def end(process: Declarations) -> None:
    assert process._lock_file is not None
    process._lock_file.close()


def test_second_provider_of_a_run_is_refused(process: Process) -> None:
    """A second process of the same run that declares the object under another name gets the first one's URN."""
    one, two = process(), process()

    assert one.declare("key", f"{DEV}a", RUN) is None
    assert two.declare("key", f"{DEV}b", RUN) == f"{DEV}a"
    assert two.declare("other key", f"{DEV}b", RUN) is None
    assert one.declare("key", f"{DEV}a", RUN) is None


def test_second_stack_is_refused(process: Process) -> None:
    """Another stack that runs at the same time and declares the object gets the first one's URN."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)

    assert two.declare("key", f"{PROD}a", OTHER_RUN) == f"{DEV}a"


def test_same_resource_in_two_processes_is_accepted(process: Process) -> None:
    """The preview and the update of one resource, or its old and new provider, are one declaration."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)

    assert two.declare("key", f"{DEV}a", RUN) is None
    assert two.declare("key", f"{DEV}a", OTHER_RUN) is None


def test_another_run_of_the_same_stack_is_accepted(process: Process) -> None:
    """A preview that renames a resource does not collide with an update of the same stack."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)

    assert two.declare("key", f"{DEV}renamed", OTHER_RUN) is None


@pytest.mark.parametrize("unknown", ["", RUN])
def test_unknown_run_is_compared_by_stack(unknown: str, process: Process) -> None:
    """When the run is unknown, only another stack counts as another owner."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", "")

    assert two.declare("key", f"{DEV}b", unknown) is None
    assert two.declare("key", f"{PROD}b", unknown) is not None


def test_declarations_of_an_ended_process_are_removed(process: Process, tmp_path: Path) -> None:
    """Declarations of an ended process are ignored, and removed by the next process that starts."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)
    two.declare("other", f"{DEV}b", RUN)
    end(one)

    assert two.declare("key", f"{DEV}b", RUN) is None
    end(two)
    process().declare("third", f"{DEV}c", RUN)
    with sqlite3.connect(tmp_path / FILE) as file:
        assert file.execute("SELECT object FROM declaration").fetchall() == [("third",)]
    file.close()
    assert len(list(tmp_path.glob("declaring-*"))) == 1


def test_unusable_file_is_ignored(tmp_path: Path, process: Process) -> None:
    """Without a private folder, or with a spoilt file, nothing is found; a spoilt file is removed."""

    def no_folder() -> Path:
        raise PermissionError

    assert Declarations(no_folder).declare("key", f"{DEV}a", RUN) is None
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    spoilt = process()
    assert [spoilt.declare("key", f"{DEV}a", RUN) for _ in range(2)] == [None, None]
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)
    assert two.declare("key", f"{DEV}b", RUN) == f"{DEV}a"


def test_identities_are_stored_as_hashes(tmp_path: Path, process: Process) -> None:
    """The phone number or URL that identifies an object is stored as a hash only."""
    process().declare(object_key("https://x", "p-1", "user", ("+14155550123",)), f"{DEV}a", RUN)

    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert DEV.encode() in stored
    assert b"4155550123" not in stored


def test_object_key() -> None:
    """The key of an object depends on the service, the project, the kind and the identity."""
    keys = {
        object_key(*each)
        for each in (
            ("https://x", "p-1", "user", ("+1",)),
            ("https://y", "p-1", "user", ("+1",)),
            ("https://x", "p-2", "user", ("+1",)),
            ("https://x", "p-1", "webhook", ("+1",)),
            ("https://x", "p-1", "user", ("+1", "+2")),
        )
    }
    assert len(keys) == 5


def test_spoilt_file_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is no database does not stay open."""
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def remember(*arguments: Any, **options: Any) -> sqlite3.Connection:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", remember)
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    assert Declarations(lambda: tmp_path).declare("key", f"{DEV}a", RUN) is None

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")
