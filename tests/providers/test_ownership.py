"""Which resource owns which object, as far as the engine's calls show it in their order."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from fake_time import FakeTime

from pulumi_spectrum.providers.ownership import (
    LONGEST_QUIET_SECONDS,
    QUIET_SECONDS,
    STALL_SECONDS,
    Intent,
    Ownership,
    Standing,
    Verdict,
    ownership_of,
)

KEEPS, LEAVES, READ = Intent.KEEPS, Intent.LEAVES, Intent.UNKNOWN


class Script(FakeTime):
    """A time with a script of what happens while a creation waits; each step takes some seconds."""

    def __init__(self) -> None:
        super().__init__(100.0)
        self.steps: list[tuple[float, Callable[[], object]]] = []
        self.waiting = threading.Semaphore(0)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        self.steps.append((seconds, act))

    def wait(self, condition: Any, seconds: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            self.waiting.release()
            condition.wait()
        elif self.steps and (seconds is None or self.steps[0][0] <= seconds):
            took, act = self.steps.pop(0)
            self.now += took
            act()
        else:
            assert seconds is not None, "this would wait for ever"
            self.now += seconds


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def ownership(script: Script) -> Ownership:
    return Ownership(script.clock, script.wait)


def create(ownership: Ownership, urn: str) -> None:
    with ownership.creation(urn):
        pass


def fail(ownership: Ownership, urn: str) -> None:
    with pytest.raises(ZeroDivisionError), ownership.creation(urn):
        raise ZeroDivisionError


def deletes(ownership: Ownership, object_id: str, urn: str, creation: str | None) -> bool:
    with ownership.deletion(object_id, urn, creation) as may_delete:
        return may_delete


def test_keeper_is_another_resource_that_stays() -> None:
    """An object is kept by a resource whose diff stays with it, for every resource but itself."""
    ownership = Ownership()
    assert ownership.keeper("1", "two") == ""
    for intent, keeper in ((READ, ""), (LEAVES, ""), (KEEPS, "one")):
        ownership.note("1", "one", None, intent)
        assert ownership.keeper("1", "two") == keeper
    assert ownership.keeper("1", "one") == ""


def test_object_kept_by_another_resource_is_refused(ownership: Ownership, script: Script) -> None:
    """An object that another resource of the program keeps is refused at once, and that resource is named."""
    ownership.note("x", "one", "c1", KEEPS)

    assert ownership.settle("x", "two") == Verdict(Standing.KEPT, "one")
    assert script.now == 100.0


def test_own_object_is_refused(ownership: Ownership, script: Script) -> None:
    """A resource that is replaced by force meets its own object, and is refused at once."""
    ownership.note("x", "one", "c1", KEEPS)

    assert ownership.settle("x", "one") == Verdict(Standing.OWN, "one")
    assert script.now == 100.0


def test_object_of_a_replaced_resource_is_free(ownership: Ownership, script: Script) -> None:
    """Once the holder's own replacement has been created, its old object may be adopted at once."""
    ownership.note("x", "one", "c1", LEAVES)
    create(ownership, "one")

    assert ownership.settle("x", "two").standing is Standing.FREE
    assert script.now == 100.0


@pytest.mark.parametrize(("ends", "standing"), [(create, Standing.FREE), (fail, Standing.MOVE_FAILED)])
def test_creation_of_the_holder_is_awaited(
    ends: Callable[..., None], standing: Standing, ownership: Ownership, script: Script
) -> None:
    """A creation waits for the end of the holder's own creation, however long it takes."""
    ownership.note("x", "one", "c1", LEAVES)
    with ownership.creation("one"):
        script.after(60.0, lambda: ends(ownership, "one"))

        assert ownership.settle("x", "two") == Verdict(standing, "one")
    assert script.now == 160.0


def test_later_diff_of_the_holder_is_awaited(ownership: Ownership, script: Script) -> None:
    """A creation waits for the holder's diff, which may come after it."""
    script.after(2.0, lambda: ownership.note("x", "one", "c1", LEAVES))
    script.after(0.1, lambda: create(ownership, "one"))

    assert ownership.settle("x", "two").standing is Standing.FREE


def test_object_of_an_unknown_holder_is_a_conflict(ownership: Ownership, script: Script) -> None:
    """An object that no known resource holds is a conflict after some seconds."""
    assert ownership.settle("x", "two") == Verdict(Standing.UNKNOWN)
    assert script.now == 100.0 + QUIET_SECONDS


def test_wait_for_a_diff_has_an_end(ownership: Ownership, script: Script) -> None:
    """While the engine goes on with other resources a creation waits for the holder's diff, but not without end."""
    for number in range(20):
        script.after(1.0, lambda number=number: ownership.note(f"other{number}", f"other{number}", "c", KEEPS))

    assert ownership.settle("x", "two").standing is Standing.UNKNOWN
    assert script.now == 100.0 + LONGEST_QUIET_SECONDS


def test_refreshed_holder_is_named_in_the_conflict(ownership: Ownership, script: Script) -> None:
    """A refresh shows who holds an object but not whether it keeps it, so the conflict names that resource."""
    ownership.note("x", "one", "c1", READ)

    assert ownership.settle("x", "two") == Verdict(Standing.UNKNOWN, "one")
    assert script.now == 100.0 + QUIET_SECONDS


def test_creation_without_a_urn_does_not_wait(ownership: Ownership, script: Script) -> None:
    """When the running resource is not known, a creation does not wait."""
    assert ownership.settle("x", "").standing is Standing.UNKNOWN
    assert script.now == 100.0


def test_exchange_of_objects_does_not_deadlock(ownership: Ownership, script: Script) -> None:
    """Of two creations that wait for each other the second goes ahead at once, and the first follows."""
    ownership.note("x", "one", "c1", LEAVES)
    ownership.note("y", "two", "c2", LEAVES)

    def second() -> None:
        with ownership.creation("two"):
            assert ownership.settle("x", "two").standing is Standing.FREE

    with ownership.creation("one"):
        script.after(0.0, second)
        assert ownership.settle("y", "one").standing is Standing.FREE
    assert script.now == 100.0


def test_holder_without_a_thread_is_not_awaited_for_long(ownership: Ownership, script: Script) -> None:
    """When other creations hold all threads, a holder whose creation cannot begin is not awaited for long."""
    ownership.note("x", "one", "c1", LEAVES)

    assert ownership.settle("x", "two") == Verdict(Standing.FREE, "one")
    assert script.now == 100.0 + STALL_SECONDS


@pytest.mark.parametrize(("waiting", "standing"), [(4, Standing.FREE), (3, Standing.MOVE_FAILED)])
def test_chain_of_waiting_creations_does_not_deadlock(
    waiting: int, standing: Standing, ownership: Ownership, script: Script
) -> None:
    """When waiting creations hold all threads the first goes ahead; otherwise it waits for the others."""
    for number in range(1, waiting):
        ownership.note(f"x{number}", f"r{number}", f"c{number}", LEAVES)

    def move(number: int) -> None:
        with suppress(LookupError), ownership.creation(f"r{number}"):
            if ownership.settle(f"x{number + 1}", f"r{number}").standing is not Standing.FREE:
                raise LookupError

    others = [threading.Thread(target=move, args=[number]) for number in range(1, waiting)]
    for other in others:
        other.start()
        script.waiting.acquire()
    # The last of the row waits for the holder of an object of which nothing was heard yet, and then all of them fail.
    script.after(QUIET_SECONDS, lambda: fail(ownership, "r1"))
    with ownership.creation("r0"):
        assert ownership.settle("x1", "r0").standing is standing
    script.now += LONGEST_QUIET_SECONDS
    ownership.note_free([], "")
    for other in others:
        other.join()


def test_object_left_in_an_earlier_run_is_free(ownership: Ownership, script: Script) -> None:
    """An object that a state records as left may be adopted at once, unless another resource holds it."""
    ownership.note_free(["x", "y"], "one")
    ownership.note("y", "three", "c3", KEEPS)

    assert ownership.settle("x", "two").standing is Standing.FREE
    assert ownership.settle("y", "two") == Verdict(Standing.KEPT, "three")
    assert script.now == 100.0


def test_only_own_objects_are_recorded_as_left(ownership: Ownership) -> None:
    """A resource leaves only objects of its own that it is moved away from."""
    ownership.note("x", "one", "c1", LEAVES)
    ownership.note("y", "one", "c2", KEEPS)
    ownership.note("z", "two", "c3", LEAVES)

    ownership.note_free(["before"], "one")

    assert ownership.left_by("one") == ({"x"}, {"before"})


@pytest.mark.parametrize("diff_comes", ["before", "after"])
def test_late_deletion_of_an_older_owner_is_ignored(diff_comes: str, ownership: Ownership) -> None:
    """The late deletion of an older owner leaves the object to its new one, in whatever order their calls came."""
    if diff_comes == "before":
        ownership.note("voice", "one", "c1", LEAVES)
    ownership.note("voice", "two", "c2", KEEPS)
    if diff_comes == "after":
        ownership.note("voice", "one", "c1", LEAVES)

    assert not deletes(ownership, "voice", "one", "c1")
    assert deletes(ownership, "voice", "two", "c2")


def test_late_deletion_of_an_older_creation_is_ignored(ownership: Ownership) -> None:
    """A resource that was replaced by force owns the object by its newer creation."""
    ownership.note("x", "one", "c1", KEEPS)
    ownership.note("x", "one", "c2", KEEPS)

    assert not deletes(ownership, "x", "one", "c1")
    assert deletes(ownership, "x", "one", "c2")


@pytest.mark.parametrize("is_refreshed", [False, True])
def test_renamed_resource_deletes_its_old_object(*, is_refreshed: bool, ownership: Ownership) -> None:
    """A resource that is renamed is read and deleted under its old URN, and compared under its new one."""
    if is_refreshed:
        ownership.note("x", "old name", "c1", READ)
    ownership.note("x", "new name", "c1", LEAVES)

    assert deletes(ownership, "x", "old name", "c1")


def test_object_that_a_renamed_resource_leaves_is_free(ownership: Ownership, script: Script) -> None:
    """Once a renamed resource has its new object, another one may take over what it has left."""
    ownership.note("x", "old name", "c1", READ)
    ownership.note("x", "new name", "c1", LEAVES)
    script.after(0.1, lambda: create(ownership, "new name"))

    assert ownership.settle("x", "two") == Verdict(Standing.FREE, "new name")
    assert script.now == 100.1


def test_object_that_a_copied_entry_keeps_is_not_deleted(ownership: Ownership) -> None:
    """Where somebody has copied an entry of the state, the deletion of the one leaves the object to the other."""
    ownership.note("x", "one", "c1", KEEPS)
    ownership.note("x", "copy", "c1", KEEPS)

    assert not deletes(ownership, "x", "one", "c1")


def test_destroy_deletes_every_object(ownership: Ownership) -> None:
    """A destroy, which compares nothing first, deletes every object, even one with two older owners."""
    assert deletes(ownership, "x", "one", "c1")
    assert deletes(ownership, "x", "one", None)


def test_last_owner_that_leaves_deletes_the_object(ownership: Ownership) -> None:
    """When all owners of an object are moved away from it, the last of them deletes it."""
    ownership.note("x", "one", "c1", LEAVES)
    ownership.note("x", "two", "c2", LEAVES)

    assert [deletes(ownership, "x", "one", "c1"), deletes(ownership, "x", "two", "c2")] == [False, True]


def test_deleted_object_is_free(ownership: Ownership, script: Script) -> None:
    """A creation that met an object, which the engine has deleted since, goes ahead and creates its own."""
    ownership.note("x", "one", "c1", LEAVES)
    script.after(0.1, lambda: deletes(ownership, "x", "one", "c1"))

    assert ownership.settle("x", "two").standing is Standing.FREE
    assert script.now == 100.1


def test_object_that_a_refresh_finds_gone_has_no_owner(ownership: Ownership) -> None:
    """A resource whose object is gone owns nothing."""
    ownership.note("x", "one", "c1", READ)
    ownership.note_gone("x", "one", "c1")

    assert deletes(ownership, "x", "two", "c2")


def test_adoption_and_deletion_exclude_each_other(ownership: Ownership) -> None:
    """A deletion during an adoption waits for it, and then leaves the object alone."""
    decided: list[bool] = []
    ownership.note("x", "one", "c1", LEAVES)
    with ownership.exclusive("x"):
        deleting = threading.Thread(target=lambda: decided.append(deletes(ownership, "x", "one", "c1")))
        deleting.start()
        ownership.note("x", "two", "c2", KEEPS)
        assert decided == []
    deleting.join()

    assert decided == [False]


def test_one_ownership_for_each_kind() -> None:
    """However often a kind's provider is loaded in a process, all of them share one record of owners."""
    assert ownership_of("user") is ownership_of("user")
    assert ownership_of("user") is not ownership_of("webhook")


@pytest.mark.parametrize(
    ("intent", "standing"),
    [(KEEPS, Standing.KEPT), (LEAVES, Standing.FREE), (READ, Standing.UNKNOWN), (None, Standing.UNKNOWN)],
)
def test_what_is_known_now_is_not_waited_for(
    intent: Intent | None, standing: Standing, script: Script, ownership: Ownership
) -> None:
    """A preview is told at once what the diffs so far say of an object."""
    if intent is not None:
        ownership.note("u-1", "urn:other", "c-1", intent)
    assert ownership.known_now("u-1", "urn:new").standing is standing
    assert script.now == 100.0
