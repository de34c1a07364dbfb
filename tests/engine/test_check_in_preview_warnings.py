"""What a preview with `spectrum:checkInPreview` cannot be sure of is a warning, and the preview ends well."""

import pytest
from preview_checks import ON, user, warnings_of, webhook

from pulumi_spectrum.emulator import Fault


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 429},
        {"status": 403},
        {"drop": "before"},
        {"status": 200, "body": "<html>a proxy</html>"},
        {"delay": 3},
    ],
    ids=str,
)
def test_failing_service_is_a_warning(fault, spectrum, make_stack):
    """When the service fails, the preview says so once, asks nothing more, and ends well."""
    spectrum.faults.add(Fault(path="*", times=None, **fault))

    def program():
        webhook(name="hook")
        for number in range(4):
            user(f"+1415555{number:04d}", f"user{number}")

    stack = make_stack(program, config={**ON, "spectrum:timeoutSeconds": "1"})
    run = stack.preview()
    assert len(run.summary) == 5
    assert len(warnings_of(run)) == 1
    assert "could not check the program against the project, and `pulumi up` may be refused: GET" in warnings_of(run)[0]
    assert len(spectrum.requests) == 1
    spectrum.faults.clear()
    stack.up()
    stack.assert_no_drift()


def test_service_that_cannot_be_reached_is_a_warning(spectrum, make_stack):
    """A preview on a machine without a way to the service ends well, with one warning."""
    environment = {**spectrum.environment, "SPECTRUM_CLOUD_URL": "http://127.0.0.1:9"}
    run = make_stack(user, environment=environment, config=ON).preview()
    assert len(warnings_of(run)) == 1


@pytest.mark.parametrize(
    ("plan", "there", "number"),
    [("free", 8, 11), ("free", 10, 11), ("free", 12, 13), ("free", 7, None), ("pro", 8, None)],
)
def test_shared_users_beyond_the_plan(plan, there, number, spectrum, make_stack):
    """The first user beyond the number that the plan is said to allow gets a warning, and no later one does."""
    spectrum.project.plan = plan
    for each in range(there):
        spectrum.project.users.add(phoneNumber=f"+1415556{each:04d}")

    def program():
        for each in range(3):
            user(f"+1415555{each:04d}", f"user{each}")

    found = warnings_of(make_stack(program, config=ON).preview())
    assert len(found) == (number is not None)
    assert all(f"This is shared user number {number} of the project" in each for each in found)


def test_rename_without_alias_is_a_warning(make_stack):
    """An object of a resource that the program no longer declares is warned of, naming the resource and the alias."""
    stack = make_stack(user, config=ON)
    stack.up()
    stack.program = lambda: user(name="new")
    found = warnings_of(stack.preview())
    assert len(found) == 1
    assert 'it is "it" of this stack' in found[0]
    assert found[0].endswith("After a rename, give this resource an alias.")
    stack.up(fails=True)
