"""An identity (a phone, a URL, a platform) that moves between resources of a program arrives in one `up`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault
from pulumi_spectrum.providers.bookkeeping import bookkeeping_of


@dataclass
class Case:
    """A kind of resource whose identity can move.

    Args:
        declare: Declares a resource with a name and an identity.
        identity: The identity with a number.
        live: What the service holds, by identity: the id of each object.
    """

    declare: Callable[[str, str], Any]
    identity: Callable[[int], str]
    live: Callable[[Any], dict[str, str]]
    path: str


CASES = {
    "user": Case(
        lambda name, phone: spectrum_sdk.User(name, phone_number=phone),
        lambda number: f"+1415555{number:04d}",
        lambda project: {row["phoneNumber"]: row["id"] for row in project.users},
        "*/users/",
    ),
    "webhook": Case(
        lambda name, url: spectrum_sdk.Webhook(name, webhook_url=url),
        lambda number: f"https://app.example.com/{number}",
        lambda project: {row["webhookUrl"]: row["id"] for row in project.webhooks},
        "*/webhooks/",
    ),
}

TEN = [f"r{number}" for number in range(10)]
MOVES: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "to a new resource declared after": ({"one": 1}, {"one": 2, "two": 1}),
    "to a new resource declared before": ({"one": 1}, {"two": 1, "one": 2}),
    "along a chain of three": ({"a": 1, "b": 2, "c": 3}, {"a": 2, "b": 3, "c": 4}),
    "along a chain of three, backwards": ({"a": 1, "b": 2, "c": 3}, {"c": 4, "b": 3, "a": 2}),
    "swapped": ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
    "round three": ({"a": 1, "b": 2, "c": 3}, {"a": 2, "b": 3, "c": 1}),
    "along a chain of ten": (
        {name: number for number, name in enumerate(TEN)},
        {name: number + 1 for number, name in enumerate(TEN)},
    ),
    "to five new resources declared before": (
        {f"old{number}": number for number in range(5)},
        {
            **{f"new{number}": number for number in range(5)},
            **{f"old{number}": number + 10 for number in range(5)},
        },
    ),
}


@pytest.fixture
def make_moving_stack(spectrum: Any, make_stack: Any) -> Callable[..., Any]:
    """Return a function that makes a stack whose program declares the dictionary's current names and numbers."""

    def make(case: Case, wanted: dict[str, int]) -> Any:
        def program() -> None:
            for name, number in wanted.items():
                case.declare(name, case.identity(number))

        stack = make_stack(program)
        stack.up()
        return stack

    return make


def set_program(wanted: dict[str, int], after: dict[str, int]) -> None:
    wanted.clear()
    wanted.update(after)


def assert_arrived(case: Case, spectrum: Any, stack: Any, ids_of: Any, wanted: dict[str, int]) -> None:
    """Fail unless each resource has the live object with its identity, no other object exists, and preview is empty."""
    live = case.live(spectrum.project)
    assert live.keys() == {case.identity(number) for number in wanted.values()}
    assert ids_of(stack) == {name: live[case.identity(number)] for name, number in wanted.items()}
    stack.assert_no_drift()


def all_moves(when: int) -> dict[str, int]:
    """Return every move's resources before (0) or after (1) the move, each move with names and numbers of its own."""
    return {
        f"{move}: {name}": hundred * 100 + number
        for hundred, (move, programs) in enumerate(MOVES.items(), 1)
        for name, number in programs[when].items()
    }


@pytest.mark.parametrize("kind", CASES)
def test_identities_move_in_one_up(kind: str, spectrum: Any, make_moving_stack: Any, ids_of: Any) -> None:
    """One `up` moves identities between resources, in any order and in cycles, and the next preview is empty."""
    case, wanted = CASES[kind], all_moves(0)
    stack = make_moving_stack(case, wanted)
    set_program(wanted, all_moves(1))
    stack.up()
    assert_arrived(case, spectrum, stack, ids_of, wanted)


def test_moved_platform_is_not_turned_off(spectrum: Any, make_stack: Any, ids_of: Any) -> None:
    """Moved platforms are as declared after one `up`: a late deletion turns off no platform of a new resource."""
    wanted = {"one": "voice", "two": "slack", "three": "imessage"}

    def program() -> None:
        for name, platform in wanted.items():
            spectrum_sdk.Platform(name, platform=platform)

    stack = make_stack(program)
    stack.up()
    for after in (
        {"two": "voice", "one": "slack", "three": "imessage"},
        {"new": "voice", "one": "whatsapp_business", "three": "imessage"},
        {"three": "whatsapp_business", "one": "imessage", "new": "slack"},
    ):
        wanted.clear()
        wanted.update(after)
        stack.up()
        on = {name for name, entry in spectrum.project.platforms.rows.items() if entry["enabled"]}
        assert on == set(after.values())
        assert ids_of(stack) == after
        stack.assert_no_drift()


@pytest.mark.parametrize("kind", CASES)
def test_interrupted_move_is_finished_by_next_up(kind: str, spectrum: Any, make_moving_stack: Any, ids_of: Any) -> None:
    """After an `up` in which only the first of two moves succeeded, the next `up` makes the second."""
    case, wanted = CASES[kind], {"one": 1}
    stack = make_moving_stack(case, wanted)
    before = case.live(spectrum.project)
    set_program(wanted, {"one": 2, "two": 1})
    # The creation of `one` succeeds; `two` waits for `one` and then sends the next POST, which fails.
    spectrum.faults.add(Fault(method="POST", path=case.path, status=422, skip=1))
    stack.up(fails=True)
    assert case.identity(2) in case.live(spectrum.project)
    left = bookkeeping_of(stack.resource("one")["outputs"]).left
    assert left == (before[case.identity(1)],)

    stack.up()
    assert_arrived(case, spectrum, stack, ids_of, wanted)
    assert stack.refresh().changes == []
    # A webhook that was left is deleted; a user that was left still exists, as the user of the other resource.
    still_left = bookkeeping_of(stack.resource("one")["outputs"]).left
    assert bool(still_left) is (left[0] in case.live(spectrum.project).values())


@pytest.mark.parametrize("kind", CASES)
def test_move_waits_for_a_failed_move(kind: str, spectrum: Any, make_moving_stack: Any, ids_of: Any) -> None:
    """If a resource's move fails, the move to its identity is refused, naming that resource, and nothing is lost."""
    case, wanted = CASES[kind], {"one": 1}
    stack = make_moving_stack(case, wanted)
    before = case.live(spectrum.project)
    set_program(wanted, {"one": 2, "two": 1})
    spectrum.faults.add(Fault(method="POST", path=case.path, status=422, times=1))
    run = stack.up(fails=True, continue_on_error=True)
    (refusal,) = [message for message in run.messages if message.startswith("two: ")]
    assert 'it is "one" of this program, which was to move to another' in refusal
    assert case.live(spectrum.project) == before

    stack.up()
    assert_arrived(case, spectrum, stack, ids_of, wanted)


@pytest.mark.parametrize("kind", CASES)
def test_list_by_index_loses_its_first_item(kind: str, spectrum: Any, make_moving_stack: Any, ids_of: Any) -> None:
    """Without its first item an indexed list needs an object of a removed resource; the error's advice resolves it."""
    case, wanted = CASES[kind], {f"item{number}": number for number in range(4)}
    stack = make_moving_stack(case, wanted)
    set_program(wanted, {f"item{number}": number + 1 for number in range(3)})
    run = stack.up(fails=True, continue_on_error=True)
    (conflict,) = [message for message in run.messages if message.startswith("item2: ")]
    assert "`pulumi up --continue-on-error`, which deletes that one, and `pulumi up` once more" in conflict
    assert 'it is "item2" of this program' in next(each for each in run.messages if each.startswith("item1: "))

    stack.up()
    assert_arrived(case, spectrum, stack, ids_of, wanted)
