"""Allocating lines: a line is billed and its request is not idempotent, so it is never sent twice and never lost."""

import itertools
import threading

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault

UNPROTECTED = pulumi.ResourceOptions(protect=False)
ANSWER_LOST = (
    "A line is billed, so the allocation is never sent twice, and whether it was carried out is not known: {then}."
)


def lines(*names: str):
    """Return a program that declares lines, each with its own name as first name."""

    def program():
        for name in names:
            spectrum_sdk.Line(name, first_name=name, opts=UNPROTECTED)

    return program


def allocations(spectrum):
    return spectrum.requests.matching("POST", "*/lines/")


def test_lines_are_allocated_one_at_a_time(spectrum, make_stack):
    """Lines that a program declares side by side are allocated one after the other, each after a list request."""
    stack = make_stack(lines("a", "b", "c", "d"))
    spectrum.faults.add(Fault(method="POST", path="*/lines/", delay=0.2, times=None))
    stack.up()
    posts = allocations(spectrum)
    assert len(posts) == len(spectrum.project.lines) == 4
    for one, next_one in itertools.pairwise(posts):
        assert one.at + one.milliseconds / 1000 <= next_one.at
    assert stack.preview(refresh=True).changes == []


def test_line_with_refused_name_is_recorded(spectrum, make_stack, sent):
    """A line whose name is refused is recorded with its id; the next `up` names it and allocates no second line."""
    spectrum.faults.add(Fault(method="PATCH", path="*/profile", status=422))
    stack = make_stack(lines("line"))
    run = stack.up(fails=True)
    (row,) = spectrum.project.lines
    assert run.messages[0] == (
        f"line: error: 1 error occurred:\n\t* PATCH /lines/{row['id']}/profile failed (HTTP 422): Injected fault. "
        f"The line exists (id {row['id']}) and is recorded in the state. Run `pulumi up` to finish setting it up."
    )
    assert stack.resource("line")["id"] == row["id"]
    spectrum.requests.clear()
    stack.up()
    assert sent() == [("PATCH", "/lines/{id}/profile", {"firstName": "line"})]
    assert [line["id"] for line in spectrum.project.lines] == [row["id"]]
    assert stack.preview(refresh=True).changes == []


def test_lost_response_to_allocation_finds_the_new_line(spectrum, make_stack, ids_of):
    """After a lost response the one new line of the list is recorded, and other resources get lines of their own."""
    spectrum.project.lines.add()
    names = ("a", "b", "c", "d", "e", "f")
    stack = make_stack(lines(*names), config={"spectrum:timeoutSeconds": "1"})
    post = {"method": "POST", "path": "*/lines/"}
    spectrum.faults.add(
        Fault(**post, drop="after"),
        Fault(**post, status=502, after=True),
        Fault(**post, garbage=True),
        Fault(**post, delay=1.5, delay_when="after"),
        Fault(**post, truncate=True),
    )
    stack.up()
    assert spectrum.faults.pending() == []
    assert len(allocations(spectrum)) == len(names)
    assert len(spectrum.project.lines) == 1 + len(names)
    assert set(ids_of(stack).values()) == set(spectrum.project.lines.ids[1:])
    assert stack.preview(refresh=True).changes == []


def test_lost_response_without_new_line_is_an_error(spectrum, make_stack):
    """If no new line exists after a lost response, the request is not sent again, and the error says where to look."""
    post = {"method": "POST", "path": "*/lines/"}
    spectrum.faults.add(Fault(**post, drop="before"), Fault(**post, status=503))
    stack = make_stack(lines("a", "b"))
    run = stack.up(fails=True, continue_on_error=True)
    then = "there is no new line. Look in the dashboard in a minute, and run `pulumi up` again if there is still none"
    errors = [message for message in run.messages if ": error: " in message]
    assert {message.split(" failed")[0] for message in errors} == {
        "a: error: POST /lines/",
        "b: error: POST /lines/",
    }
    assert all(message.endswith(ANSWER_LOST.format(then=then)) for message in errors)
    assert len(allocations(spectrum)) == 2
    stack.up()
    assert len(spectrum.project.lines) == 2
    assert stack.preview(refresh=True).changes == []


def test_line_of_an_outage_is_taken_up(spectrum, make_stack):
    """If the response is lost and then no list can be read, the next `up` takes the line, and allocates no second."""
    spectrum.faults.add(
        Fault(method="POST", path="*/lines/", drop="after"),
        Fault(method="GET", path="*/lines/", status=401, skip=1, times=None),
    )
    stack = make_stack(lines("line"))
    run = stack.up(fails=True)
    then = (
        "no list of lines could be read after it. Run `pulumi up` again once the service answers: on this machine it "
        "takes the line up if there is a new one. From another machine, look in the dashboard first"
    )
    assert run.messages[0].endswith(ANSWER_LOST.format(then=then))
    spectrum.faults.clear()
    stack.up()
    assert [stack.resource("line")["id"]] == spectrum.project.lines.ids
    assert len(allocations(spectrum)) == 1
    stack.assert_no_drift()


def test_lost_response_with_two_new_lines_is_an_error(spectrum, make_stack):
    """If two new lines exist after a lost response, neither is recorded, and the error names both."""
    fault = Fault(method="POST", path="*/lines/", drop="after", delay=0.5, delay_when="after")
    spectrum.faults.add(fault)
    stack = make_stack(lines("line"))
    done = threading.Event()

    def allocate_too():
        while not done.wait(0.01):
            if allocations(spectrum):
                spectrum.project.lines.add()
                return

    other_client = threading.Thread(target=allocate_too)
    other_client.start()
    run = stack.up(fails=True)
    done.set()
    other_client.join()
    assert len(allocations(spectrum)) == 1
    found = [f"{row['id']} ({row['phoneNumber']})" for row in spectrum.project.lines]
    assert len(found) == 2
    then = (
        f"there are several new lines: {', '.join(found)}. Find out which one no other client has allocated, and "
        "import it as it is, with the resource option import_ and its id, or with `pulumi import --file` "
        "(pulumi-spectrum adopt writes the file)"
    )
    assert run.messages[0].endswith(ANSWER_LOST.format(then=then))
    assert all(resource.get("id") not in spectrum.project.lines.ids for resource in stack.export()["resources"])


@pytest.mark.spectrum_emulator(plan="pro")
@pytest.mark.parametrize("status", [403, 409])
def test_plan_without_lines_refuses_allocation(spectrum, make_stack, status):
    """On a plan without lines the error shows the service's own message, and nothing is recorded."""
    spectrum.switch(line_plan_status=status)
    stack = make_stack(lines("line"))
    run = stack.up(fails=True)
    advice = " The project's plan or one of its limits does not allow this." if status == 403 else ""
    assert run.messages[0] == (
        f"line: error: POST /lines/ failed (HTTP {status}): Dedicated lines are available on the Business plan "
        f"only.{advice}"
    )
    assert len(allocations(spectrum)) == 1
    assert [each["type"] for each in stack.export()["resources"] if "spectrum" in each["type"]] == []
