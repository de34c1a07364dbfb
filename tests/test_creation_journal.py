"""The journal of creations that the processes of this machine keep."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_time import FakeTime

from pulumi_spectrum.creation_journal import FILE, MAX_AGE_SECONDS, Creation, CreationJournal

KIND, URN, OTHER_URN = "kind", "urn:pulumi:dev::app::a", "urn:pulumi:dev::app::b"
Process = Callable[[], CreationJournal]


@pytest.fixture
def process(tmp_path: Path, fake_time: FakeTime) -> Process:
    """Makes what stands for another process."""
    return lambda: CreationJournal(lambda: tmp_path, fake_time.clock)


def test_creation_without_answer_is_found_by_a_later_process(process: Process, fake_time: FakeTime) -> None:
    """A later process reads which resource created, when, what identifies the object and what was there before."""
    process().begin(KIND, URN, before=["2", "1"])
    process().begin(KIND, OTHER_URN, "identity")

    found = process().unsettled(KIND, URN)
    assert found is not None
    assert found == Creation(URN, fake_time.now, "", frozenset({"1", "2"}), None)
    other = process().unsettled(KIND, OTHER_URN)
    assert other is not None
    assert other.identity == "identity"
    assert {each.urn for each in process().unanswered()} == {URN, OTHER_URN}
    assert process().unsettled("another kind", URN) is None


def test_answered_creation_stays_until_the_engine_names_its_object(process: Process) -> None:
    """An answer alone does not settle a creation: the state has the object when a later call names it."""
    first = process()
    first.begin(KIND, URN, "identity")
    first.made(KIND, URN, "1")
    found = process().unsettled(KIND, URN)
    assert found is not None
    assert found.object_id == "1"
    assert process().unanswered() == []

    later = process()
    later.settle("urn:of:any:resource", "another")
    assert later.unsettled(KIND, URN) is not None
    later.settle("urn:of:any:resource", "1")
    assert later.unsettled(KIND, URN) is None
    assert process().makers(KIND) == {"1": URN}


def test_creation_is_settled_by_its_own_process(process: Process) -> None:
    """A process that has looked for open creations before settles one of its own as well."""
    journal = process()
    journal.settle(URN, "earlier")
    journal.begin(KIND, URN, "identity")
    journal.made(KIND, URN, "1")
    journal.settle(URN, "1")

    assert process().unsettled(KIND, URN) is None


def test_imported_object_settles_a_creation_without_answer(process: Process) -> None:
    """If the engine names an object that was not there before the creation, a person has imported what it made."""
    process().begin(KIND, URN, before=["old"])
    process().settle(URN, "old")
    assert process().unsettled(KIND, URN) is not None
    process().settle(OTHER_URN, "new")
    assert process().unsettled(KIND, URN) is not None
    process().settle(URN, "new")

    assert process().unsettled(KIND, URN) is None
    assert process().makers(KIND) == {"new": URN}


def test_dropped_creation_is_forgotten(process: Process) -> None:
    """A creation that was refused leaves no entry, and those of other resources stay."""
    journal = process()
    journal.begin(KIND, URN, "identity")
    journal.begin(KIND, OTHER_URN, "identity")
    journal.drop(KIND, URN)

    assert [each.urn for each in process().unanswered()] == [OTHER_URN]


def test_next_creation_takes_the_place_of_the_last(process: Process) -> None:
    """A resource has one entry, that of its last creation."""
    journal = process()
    journal.begin(KIND, URN, "identity")
    journal.made(KIND, URN, "1")
    journal.begin(KIND, URN, "other identity")

    found = process().unsettled(KIND, URN)
    assert found is not None
    assert (found.identity, found.object_id) == ("other identity", None)


def test_old_entries_count_no_more_and_are_removed(process: Process, fake_time: FakeTime, tmp_path: Path) -> None:
    """After a week an entry is ignored, and the next process removes it."""
    one = process()
    one.begin(KIND, URN, "identity")
    fake_time.now += MAX_AGE_SECONDS
    assert one.unsettled(KIND, URN) is None
    assert one.unanswered() == []
    process().begin(KIND, OTHER_URN, "identity")

    with sqlite3.connect(tmp_path / FILE) as file:
        assert file.execute("SELECT urn FROM creation").fetchall() == [(OTHER_URN,)]
    file.close()


def test_reading_makes_no_file(process: Process, tmp_path: Path) -> None:
    """Only a creation makes the file, so that a preview leaves nothing behind."""
    journal = process()
    journal.settle(URN, "1")
    journal.drop(KIND, URN)
    journal.made(KIND, URN, "1")

    assert (journal.unsettled(KIND, URN), journal.unanswered(), journal.makers(KIND)) == (None, [], {})
    assert list(tmp_path.iterdir()) == []


def test_file_that_cannot_be_used(process: Process, tmp_path: Path) -> None:
    """Without a private folder, or with a spoilt file, nothing is entered and nothing found; a spoilt file goes."""

    def no_folder() -> Path:
        raise PermissionError

    nowhere = CreationJournal(no_folder)
    nowhere.begin(KIND, URN, "identity")
    nowhere.made(KIND, URN, "1")
    nowhere.settle(URN, "1")
    assert (nowhere.unsettled(KIND, URN), nowhere.unanswered(), nowhere.makers(KIND)) == (None, [], {})

    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    process().begin(KIND, URN, "identity")
    assert not (tmp_path / FILE).exists()
    process().begin(KIND, URN, "identity")
    assert process().unsettled(KIND, URN) is not None


def test_settling_costs_the_same_however_long_the_journal_is(process: Process) -> None:
    """The database takes as many steps to settle a creation among a thousand as among two."""
    journal, steps = process(), 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def steps_to_settle(number: int) -> int:
        nonlocal steps
        journal.settle("urn:none", "none")  # What a process knows of the journal it reads once.
        steps = 0
        journal.settle(f"urn:{number}", f"id-{number}")
        return steps

    def enter(numbers: range) -> None:
        for number in numbers:
            journal.begin("users", f"urn:{number}", f"identity-{number}")
            journal.made("users", f"urn:{number}", f"id-{number}")

    enter(range(2))
    journal._file.use(lambda file: file.set_progress_handler(count, 1))
    among_two = steps_to_settle(0)
    enter(range(2, 1000))
    assert steps_to_settle(500) <= 2 * among_two
