"""Allocating lines, which are billed and which nothing makes idempotent: never twice, and never forgotten."""

import itertools
import threading

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault

UNPROTECTED = pulumi.ResourceOptions(protect=False)
ANSWER_LOST = (
    "A line is billed, so the allocation is never sent twice, and it cannot be told what became of it: {then}."
)


def lines(*names: str):
    """Return a program of lines with a first name each."""

    def program():
        for name in names:
            spectrum_sdk.Line(name, first_name=name, opts=UNPROTECTED)

    return program


def allocations(spectrum):
    return spectrum.requests.matching("POST", "*/lines/")


def test_one_at_a_time(spectrum, make_stack):
    """Lines that a program declares side by side are allocated one after the other, each with a list before it."""
    stack = make_stack(lines("a", "b", "c", "d"))
    spectrum.faults.add(Fault(method="POST", path="*/lines/", delay=0.2, times=None))
    stack.up()
    posts = allocations(spectrum)
    assert len(posts) == len(spectrum.project.lines) == 4
    for one, next_one in itertools.pairwise(posts):
        assert one.at + one.milliseconds / 1000 <= next_one.at
    assert stack.preview(refresh=True).changes == []


def test_refused_names(spectrum, make_stack, sent):
    """A line whose names are refused is recorded with its id, and the next `up` names it without a second line."""
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


def test_allocated_without_an_answer(spectrum, make_stack, ids_of):
    """A line whose answer was lost is the one new line of the list: it is taken up, and the others get their own."""
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


def test_not_allocated_and_no_answer(spectrum, make_stack):
    """Where no new line is there after a lost answer, the allocation is not sent again: a person has to look."""
    post = {"method": "POST", "path": "*/lines/"}
    spectrum.faults.add(Fault(**post, drop="before"), Fault(**post, status=503))
    stack = make_stack(lines("a", "b"))
    run = stack.up(fails=True, continue_on_error=True)
    then = "no new line is there. Look in the dashboard in a minute, and run `pulumi up` again if there is still none"
    told = [message for message in run.messages if ": error: " in message]
    assert {message.split(" failed")[0] for message in told} == {
        "a: error: POST /lines/",
        "b: error: POST /lines/",
    }
    assert all(message.endswith(ANSWER_LOST.format(then=then)) for message in told)
    assert len(allocations(spectrum)) == 2
    stack.up()
    assert len(spectrum.project.lines) == 2
    assert stack.preview(refresh=True).changes == []


def test_allocated_beside_somebody_else(spectrum, make_stack):
    """Where two new lines are there after a lost answer, none is taken: both are named, and a person has to look."""
    fault = Fault(method="POST", path="*/lines/", drop="after", delay=0.5, delay_when="after")
    spectrum.faults.add(fault)
    stack = make_stack(lines("line"))
    done = threading.Event()

    def allocate_too():
        while not done.wait(0.01):
            if allocations(spectrum):
                spectrum.project.lines.add()
                return

    somebody = threading.Thread(target=allocate_too)
    somebody.start()
    run = stack.up(fails=True)
    done.set()
    somebody.join()
    assert len(allocations(spectrum)) == 1
    found = [f"{row['id']} ({row['phoneNumber']})" for row in spectrum.project.lines]
    assert len(found) == 2
    then = (
        f"more than one new line is there: {', '.join(found)}. Look which one nobody knows, and take it over with "
        "`pulumi import --file` (pulumi-spectrum adopt writes the file)"
    )
    assert run.messages[0].endswith(ANSWER_LOST.format(then=then))
    assert all(resource.get("id") not in spectrum.project.lines.ids for resource in stack.export()["resources"])


@pytest.mark.spectrum_emulator(plan="pro")
@pytest.mark.parametrize("status", [403, 409])
def test_plan_without_lines(spectrum, make_stack, status):
    """On a plan without lines the service's own words are shown, and nothing is recorded."""
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
