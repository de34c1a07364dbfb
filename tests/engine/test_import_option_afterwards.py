"""A resource that still has the option `import_`: what the commands and changes of a program do to it later."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.testing import SpectrumStack

PHONE = "+14155550123"
MAKE_STACK = Callable[..., SpectrumStack]


@pytest.fixture
def alice(spectrum: Emulator) -> str:
    """The id of a user that was made by hand."""
    return str(spectrum.project.users.add(phoneNumber=PHONE, firstName="Ada")["id"])


def test_forced_replacement_makes_a_new_object(spectrum: Emulator, make_stack: MAKE_STACK, alice: str) -> None:
    """`pulumi up --replace` of an imported resource makes it anew where the old object is deleted first."""
    options = pulumi.ResourceOptions(import_=alice, delete_before_replace=True)
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number=PHONE, opts=options))
    stack.up()
    run = stack.up(replace=[stack.resource("it")["urn"]])
    assert "was not replaced" not in run.output
    (row,) = spectrum.project.users.rows
    assert row["id"] == stack.resource("it")["id"] != alice
    stack.assert_no_drift()


def test_forced_replacement_of_a_line_needs_the_option_out(spectrum: Emulator, make_stack: MAKE_STACK) -> None:
    """A replacement by force that creates first imports the same line again, keeps it, and says what to do."""
    line_id = spectrum.project.lines.add()["id"]
    options = pulumi.ResourceOptions(import_=line_id, protect=False)
    stack = make_stack(lambda: spectrum_sdk.Line("it", opts=options))
    stack.up()
    run = stack.up(replace=[stack.resource("it")["urn"]])
    assert "This line was not replaced, because its option import_ took the same one over again." in run.output
    assert spectrum.project.lines.ids == [stack.resource("it")["id"]] == [line_id]
    stack.assert_no_drift()
    options = pulumi.ResourceOptions(protect=False)
    assert "was not replaced" not in stack.up(replace=[stack.resource("it")["urn"]]).output
    assert spectrum.project.lines.ids == [stack.resource("it")["id"]] != [line_id]
    stack.assert_no_drift()


def test_replacement_goes_on_after_a_failed_creation(spectrum: Emulator, make_stack: MAKE_STACK, alice: str) -> None:
    """Where the old object was deleted and the new one could not be made, the next `up` makes it."""
    options = pulumi.ResourceOptions(import_=alice)
    arguments: dict[str, Any] = {"phone_number": PHONE}
    line = spectrum.project.lines.add()
    stack = make_stack(lambda: spectrum_sdk.User("it", **arguments, opts=options))
    stack.up()
    arguments |= {"type": "dedicated", "assigned_phone_number": line["phoneNumber"]}
    spectrum.faults.add(Fault(method="POST", path="*/users", status=422))
    stack.up(fails=True)
    assert len(spectrum.project.users) == 0
    stack.up()
    stack.assert_no_drift()


def test_commands_while_the_option_stays(
    spectrum: Emulator, make_stack: MAKE_STACK, alice: str, sent: Callable[[], Any]
) -> None:
    """Refresh, a targeted `up` and destroy treat an imported resource as any other."""
    other = spectrum.project.users.add(phoneNumber="+14155550199")["id"]

    def program() -> None:
        spectrum_sdk.User("one", phone_number=PHONE, opts=pulumi.ResourceOptions(import_=alice))
        spectrum_sdk.User("two", phone_number="+14155550199", opts=pulumi.ResourceOptions(import_=other))

    stack = make_stack(program)
    first, second = sorted(change.urn for change in stack.preview().spectrum_changes)
    stack.up(target=[first])
    assert stack.resource("one")["id"] == alice
    with pytest.raises(KeyError):
        stack.resource("two")
    stack.up(target=[second])
    stack.assert_no_drift()
    stack.refresh()
    stack.refresh(run_program=True)
    assert stack.up(refresh=True).changes == []
    assert sent() == []
    stack.destroy()
    assert len(spectrum.project.users) == 0
    assert "There is no user with the id" in stack.up(fails=True).output


def test_refresh_drops_an_imported_object_that_is_gone(spectrum: Emulator, make_stack: MAKE_STACK, alice: str) -> None:
    """An imported object that was deleted by hand leaves the state, and the next `up` says what to do."""
    options = pulumi.ResourceOptions(import_=alice)
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number=PHONE, opts=options))
    stack.up()
    spectrum.project.users.clear()
    stack.refresh()
    assert "Take the option import_ out" in stack.up(fails=True).output
    options = pulumi.ResourceOptions()
    stack.up()
    stack.assert_no_drift()


def test_retained_object_is_imported_again(
    spectrum: Emulator, make_stack: MAKE_STACK, alice: str, sent: Callable[[], Any]
) -> None:
    """With `retain_on_delete` a destroy leaves the object, and the option takes it over once more."""
    options = pulumi.ResourceOptions(import_=alice, retain_on_delete=True)
    stack = make_stack(lambda: spectrum_sdk.User("it", phone_number=PHONE, opts=options))
    stack.up()
    stack.destroy()
    stack.up()
    assert stack.resource("it")["id"] == alice
    stack.assert_no_drift()
    assert sent() == []


def test_rename_with_an_alias_keeps_the_object(
    spectrum: Emulator, make_stack: MAKE_STACK, sent: Callable[[], Any]
) -> None:
    """An object that the state has under another name stays what it is where alias and option go together."""
    name, options = "one", pulumi.ResourceOptions()
    stack = make_stack(lambda: spectrum_sdk.User(name, phone_number=PHONE, opts=options))
    stack.up()
    made = stack.resource("one")["id"]
    spectrum.requests.clear()
    name, options = "two", pulumi.ResourceOptions(import_=made, aliases=[pulumi.Alias(name="one")])
    stack.up()
    assert stack.resource("two")["id"] == made
    stack.assert_no_drift()
    options = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="one")])
    stack.assert_no_drift()
    assert sent() == []


def test_rename_without_an_alias_never_deletes_the_object(
    spectrum: Emulator, make_stack: MAKE_STACK, sent: Callable[[], Any]
) -> None:
    """An object that a new name imports is not deleted by the old name that left the program."""
    name, options = "one", pulumi.ResourceOptions()
    stack = make_stack(lambda: spectrum_sdk.User(name, phone_number=PHONE, opts=options))
    stack.up()
    made = stack.resource("one")["id"]
    spectrum.requests.clear()
    name, options = "two", pulumi.ResourceOptions(import_=made)
    stack.up()
    assert stack.resource("two")["id"] == made
    with pytest.raises(KeyError):
        stack.resource("one")
    assert spectrum.project.users.ids == [made]
    stack.assert_no_drift()
    assert sent() == []
