"""A preview with `spectrum:checkInPreview` refuses nothing that `pulumi up` does."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from preview_checks import ON, PHONE, URL, importing, user, warnings_of, webhook

import pulumi_spectrum as spectrum_sdk

MOVED_BY = "takes it over only if that one moves away"


Program = Callable[[], Any]


def moves(before: dict[str, int], after: dict[str, int]) -> tuple[Program, Program]:
    """Return two programs with users and webhooks of these names and identities."""

    def declare(numbers: dict[str, int]) -> None:
        for name, number in numbers.items():
            user(f"+1415555{number:04d}", f"user-{name}")
            webhook(f"{URL}/{number}", f"hook-{name}")

    return lambda: declare(before), lambda: declare(after)


def with_line(**arguments: Any) -> Program:
    def program() -> None:
        line = spectrum_sdk.Line("line", opts=pulumi.ResourceOptions(protect=False))
        spectrum_sdk.User(
            "it", phone_number=PHONE, assigned_phone_number=line.phone_number, type="dedicated", **arguments
        )

    return program


ALIAS = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="it")])


ACCEPTED: dict[str, tuple[Program, Program]] = {
    "nothing changes": (lambda: (user(), webhook(name="hook")), lambda: (user(), webhook(name="hook"))),
    "in place": (lambda: user(first_name="Ada"), lambda: user(first_name="Bob")),
    "renamed with an alias": (user, lambda: user(name="new", opts=ALIAS)),
    "renamed with an alias and replaced": (user, lambda: user("+14155550199", "new", opts=ALIAS)),
    "to a new resource declared before": moves({"one": 1}, {"two": 1, "one": 2}),
    "to a new resource declared after": moves({"one": 1}, {"one": 2, "two": 1}),
    "swapped": moves({"a": 1, "b": 2}, {"a": 2, "b": 1}),
    "replaced": (webhook, lambda: webhook(f"{URL}/2")),
    "replaced, the old one first": (
        lambda: webhook(schema_version="raw-inbound.v1"),
        lambda: webhook(schema_version="normalized-events.v1"),
    ),
    "replaced with the same phone": (with_line(), user),
    "on the number of a new line": (user, with_line()),
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepted_by_up_is_not_refused(case, make_stack):
    """What `pulumi up` does is never refused by the preview before it."""
    before, after = ACCEPTED[case]
    stack = make_stack(before, config=ON)
    stack.up()
    stack.assert_no_drift()
    stack.program = after
    preview = stack.preview()
    # A resource that is declared before the one that it follows cannot know yet that this one moves.
    assert all(MOVED_BY in each for each in warnings_of(preview))
    stack.up()
    stack.assert_no_drift()
    assert warnings_of(stack.preview()) == []


def test_taking_over_is_not_refused(spectrum, make_stack):
    """An object that the program may take over, or imports as it is, is not refused."""
    spectrum.project.webhooks.add(webhookUrl=URL)
    spectrum.project.users.add(phoneNumber=PHONE)
    other = spectrum.project.users.add(phoneNumber="+14155550124", firstName="Ada")

    def program():
        webhook(name="hook", on_conflict="replace")
        user(on_conflict="adopt")
        user("+14155550124", "other", first_name="Ada", opts=importing(other["id"]))
        spectrum_sdk.Platform("voice", platform="voice", enabled=False, opts=importing("voice"))

    stack = make_stack(program, config=ON)
    assert warnings_of(stack.preview()) == []
    stack.up()
    stack.assert_no_drift()
    assert warnings_of(stack.preview()) == []


def test_forced_replacement_is_not_refused(make_stack):
    """A resource that is replaced by force, and old first, meets its own object in the preview."""
    stack = make_stack(lambda: user(opts=pulumi.ResourceOptions(delete_before_replace=True)), config=ON)
    stack.up()
    urn = stack.resource("it")["urn"]
    assert warnings_of(stack.preview(replace=[urn])) == []
    stack.up(replace=[urn])
    stack.assert_no_drift()
