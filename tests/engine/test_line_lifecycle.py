"""Lines from allocation to release: protection, names, drift and its repair."""

from typing import Any

import pulumi
import pytest
from lifecycle_table import SentRequest, Step

import pulumi_spectrum as spectrum_sdk

UNPROTECTED = pulumi.ResourceOptions(protect=False)
NO_NAMES = {"firstName": None, "lastName": None, "avatarUrl": None}


@pytest.fixture
def lines() -> dict[str, dict[str, Any]]:
    """The lines that the program declares, with their arguments."""
    return {}


@pytest.fixture
def stack(make_stack, lines):
    """A stack of `lines`, without protection."""

    def program():
        for name, arguments in lines.items():
            spectrum_sdk.Line(name, **arguments, opts=UNPROTECTED)

    return make_stack(program)


def test_line_is_protected_by_default(spectrum, make_stack):
    """A line is protected by default: neither `destroy` nor removing it from the program releases its number."""
    options: pulumi.ResourceOptions | None = None
    declared = True

    def program():
        if declared:
            spectrum_sdk.Line("line", opts=options)

    stack = make_stack(program)
    stack.up()
    assert stack.resource("line")["protect"] is True
    run = stack.destroy(fails=True)
    assert "cannot be deleted" in run.output
    assert "protected" in run.output
    declared = False
    assert "protected" in stack.up(fails=True).output
    assert len(spectrum.project.lines) == 1

    declared, options = True, UNPROTECTED
    assert stack.up().changes == []
    assert stack.resource("line").get("protect", False) is False
    declared = False
    stack.up()
    assert spectrum.project.lines.rows == []


ALLOCATION: SentRequest = ("POST", "/lines/", {"platform": "imessage"})
RELEASE = Step(None, ("delete",), [("DELETE", "/lines/{id}", None)])


def rename(**fields: str | None) -> SentRequest:
    return ("PATCH", "/lines/{id}/profile", fields)


def named(first: str | None = None, last: str | None = None) -> dict[str, str | None]:
    return {"firstName": first, "lastName": last}


LINES = {
    "first": [
        Step({"first_name": "Ann"}, ("create",), [rename(firstName="Ann")], named("Ann")),
        Step({"first_name": "Anna"}, ("update", "firstName"), [rename(firstName="Anna")], named("Anna")),
        # A name that is removed from the program is not managed.
        Step({}, ("update", "firstName"), [], named("Anna")),
    ],
    "last": [
        Step({"last_name": "Lee"}, ("create",), [rename(lastName="Lee")], named(last="Lee")),
        Step(
            {"last_name": "Li", "first_name": "Bo"},
            ("update", "firstName", "lastName"),
            [rename(firstName="Bo", lastName="Li")],
            named("Bo", "Li"),
        ),
        RELEASE,
    ],
    "both": [
        Step(
            {"first_name": "Acme", "last_name": "Support"},
            ("create",),
            [rename(firstName="Acme", lastName="Support")],
            named("Acme", "Support"),
        ),
        Step({"first_name": "Acme"}, ("update", "lastName"), [], named("Acme", "Support")),
        Step(
            {"first_name": "Acme", "last_name": "Desk"},
            ("update", "lastName"),
            [rename(lastName="Desk")],
            named("Acme", "Desk"),
        ),
    ],
    "emptied": [
        Step(
            {"first_name": "Old", "last_name": "Name"},
            ("create",),
            [rename(firstName="Old", lastName="Name")],
            named("Old", "Name"),
        ),
        Step(
            {"first_name": "", "last_name": ""},
            ("update", "firstName", "lastName"),
            [rename(firstName=None, lastName=None)],
            named(),
        ),
        Step({}, ("update", "firstName", "lastName"), [], named()),
    ],
    "empty": [
        Step({"first_name": "", "last_name": "Box"}, ("create",), [rename(lastName="Box")], named(last="Box")),
        Step(
            {"first_name": "Post", "last_name": "Box"},
            ("update", "firstName"),
            [rename(firstName="Post")],
            named("Post", "Box"),
        ),
        RELEASE,
    ],
    "none": [
        Step({}, ("create",), [], named()),
        Step({"first_name": ""}, ("update", "firstName"), [], named()),
        RELEASE,
    ],
}


def test_each_change_of_a_line(spectrum, lifecycles):
    """Each change of a line's names previews, sends and stores what its row says, and the next preview is empty."""
    lines = lifecycles(spectrum_sdk.Line, lambda line_id: spectrum.project.lines[line_id]["profile"], opts=UNPROTECTED)
    lines.run(LINES, unattributed=[ALLOCATION] * len(LINES))
    assert len(spectrum.project.lines) == 3


def test_line_drift_is_shown_and_repaired(spectrum, stack, lines, shown, ids_of):
    """Every command shows exactly the drifted properties of a line, and `up --refresh` repairs them."""
    lines.update(
        first={"first_name": "Ann", "last_name": "Lee"},
        both={"first_name": "Ann", "last_name": "Lee"},
        cleared={"first_name": "Ann", "last_name": "Lee"},
        empty={"first_name": ""},
        unmanaged={"first_name": "Ann"},
        untouched={"first_name": "Ann"},
    )
    stack.up()
    ids = ids_of(stack)
    spectrum.project.lines.change(ids["first"], firstName="Eve")
    spectrum.project.lines.change(ids["both"], firstName="Eve", lastName="Eve")
    spectrum.project.lines.change(ids["cleared"], lastName=None)
    spectrum.project.lines.change(ids["empty"], firstName="Eve")
    spectrum.project.lines.change(ids["unmanaged"], lastName="Eve", status="unavailable", avatarUrl="https://a.b/c")
    drift = {
        "first": ("update", "firstName"),
        "both": ("update", "firstName", "lastName"),
        "cleared": ("update", "lastName"),
        "empty": ("update", "firstName"),
    }
    spectrum.requests.clear()
    assert shown(stack.refresh(preview_only=True)) == drift
    assert spectrum.requests.operations() == ["listLines"]
    assert shown(stack.refresh(preview_only=True, run_program=True)) == drift
    assert shown(stack.preview(refresh=True)) == drift
    assert shown(stack.refresh()) == drift
    assert shown(stack.preview()) == drift
    spectrum.project.lines.change(ids["both"], lastName="Lee")
    assert shown(stack.up(refresh=True)) == {**drift, "both": ("update", "firstName")}
    repaired = {name: spectrum.project.lines[line_id]["profile"] for name, line_id in ids.items()}
    for name in ("first", "both", "cleared"):
        assert repaired[name] == {**NO_NAMES, "firstName": "Ann", "lastName": "Lee"}
    assert repaired["empty"] == NO_NAMES
    assert repaired["unmanaged"]["lastName"] == "Eve"
    assert stack.preview(refresh=True).changes == []


def test_released_line_reads_as_gone(spectrum, stack, lines, shown):
    """A line released outside Pulumi is shown as gone, is not updated, and is allocated again by `up --refresh`."""
    lines["line"] = {"first_name": "Ann"}
    stack.up()
    (before,) = spectrum.project.lines
    spectrum.project.lines.clear()
    lines["line"] = {"first_name": "Anna"}
    run = stack.up(fails=True)
    assert run.messages[0] == (
        "line: error: This line no longer exists, and its number is lost. Run `pulumi refresh`; the next `pulumi up` "
        "then allocates another one."
    )
    assert shown(stack.refresh(preview_only=True)) == {"line": ("delete",)}
    stack.up(refresh=True)
    (after,) = spectrum.project.lines
    assert after["phoneNumber"] != before["phoneNumber"]
    assert after["profile"]["firstName"] == "Anna"
    assert stack.preview(refresh=True).changes == []
    spectrum.project.lines.clear()
    assert stack.destroy().summary == {"line": ("delete",)}


def test_line_status_and_number_spelling_are_no_drift(spectrum, stack, lines):
    """A line whose status is still unknown, or whose number is spelled with spaces, shows no change."""
    lines["line"] = {"first_name": "Ann"}
    spectrum.switch(line_settle_seconds=3600, spaced_phone_numbers=True, millisecond_times=False)
    stack.up()
    assert stack.resource("line")["outputs"]["status"] == "unknown"
    assert stack.resource("line")["outputs"]["phoneNumber"] == spectrum.project.lines.rows[0]["phoneNumber"].replace(
        " ", ""
    )
    assert stack.preview(refresh=True).changes == []
    spectrum.switch(line_settle_seconds=0, spaced_phone_numbers=False, millisecond_times=True)
    assert stack.preview(refresh=True).changes == []
    stack.refresh()
    assert stack.resource("line")["outputs"]["status"] == "available"
