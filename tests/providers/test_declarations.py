"""What the processes of this machine declare, so that two of them do not mean the same object."""

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


def test_two_providers_of_one_run(process: Process) -> None:
    """A second process of the same run that declares the object under another name is told the first one's URN."""
    one, two = process(), process()

    assert one.declare("key", f"{DEV}a", RUN) is None
    assert two.declare("key", f"{DEV}b", RUN) == f"{DEV}a"
    assert two.declare("other key", f"{DEV}b", RUN) is None
    assert one.declare("key", f"{DEV}a", RUN) is None


def test_two_stacks_at_once(process: Process) -> None:
    """Another stack that is run at the same time is another owner."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)

    assert two.declare("key", f"{PROD}a", OTHER_RUN) == f"{DEV}a"


def test_same_resource_in_two_processes(process: Process) -> None:
    """The preview and the update of one resource, or its old and its new provider, are one declaration."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)

    assert two.declare("key", f"{DEV}a", RUN) is None
    assert two.declare("key", f"{DEV}a", OTHER_RUN) is None


def test_another_run_of_the_same_stack(process: Process) -> None:
    """A preview of a program that renames a resource does not collide with an update of the same stack."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", RUN)

    assert two.declare("key", f"{DEV}renamed", OTHER_RUN) is None


@pytest.mark.parametrize("unknown", ["", RUN])
def test_run_that_is_not_known(unknown: str, process: Process) -> None:
    """Where the host does not tell the run, only another stack is known to be another owner."""
    one, two = process(), process()
    one.declare("key", f"{DEV}a", "")

    assert two.declare("key", f"{DEV}b", unknown) is None
    assert two.declare("key", f"{PROD}b", unknown) is not None


def test_process_that_has_ended(process: Process, tmp_path: Path) -> None:
    """What an ended process has declared counts no more, and is cleared away by the next one to start."""
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


def test_file_that_cannot_be_used(tmp_path: Path, process: Process) -> None:
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


def test_nothing_is_stored_in_plain(tmp_path: Path, process: Process) -> None:
    """What identifies an object is a person's phone number or a URL with a token: only a hash of it is stored."""
    process().declare(object_key("https://x", "p-1", "user", ("+14155550123",)), f"{DEV}a", RUN)

    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert DEV.encode() in stored
    assert b"4155550123" not in stored


def test_what_tells_objects_apart() -> None:
    """The service, the project, the kind and the identity make an object."""
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


def test_a_spoilt_file_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that turns out to be no database does not stay open."""
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
