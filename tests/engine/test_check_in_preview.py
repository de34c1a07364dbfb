"""A preview with `spectrum:checkInPreview` refuses what `pulumi up` would refuse, and nothing else."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pulumi
import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.providers.project_seen import MAX_REQUESTS
from pulumi_spectrum.providers.webhook import LIFECYCLE as WEBHOOKS
from pulumi_spectrum.testing import Run

SETTING = "spectrum:checkInPreview"
ON = {SETTING: "true"}
URL = "https://app.example.com/in"
PHONE = "+14155550123"
MISSING = "6a8d1d3e-0000-4000-8000-000000000000"
MOVED_BY = "takes it over only if that one moves away"


class Refused(NamedTuple):
    """A program that `pulumi up` refuses.

    Args:
        prepare: Prepares the project, and returns what the program is made for, such as an id.
        declare: The program.
        sentence: What the preview says.
    """

    prepare: Callable[[Any], Any]
    declare: Callable[[Any], Any]
    sentence: str


def user(phone: str = PHONE, name: str = "it", **arguments: Any) -> Any:
    return spectrum_sdk.User(name, phone_number=phone, **arguments)


def dedicated(number: str = "+14155550999", name: str = "it") -> Any:
    return user(name=name, type="dedicated", assigned_phone_number=number)


def webhook(url: str = URL, name: str = "it", **arguments: Any) -> Any:
    return spectrum_sdk.Webhook(name, webhook_url=url, **arguments)


def importing(object_id: str) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(import_=object_id)


def on_plan(plan: str) -> Callable[[Any], None]:
    return lambda project: setattr(project, "plan", plan)


REFUSED = {
    "webhook": Refused(
        lambda project: project.webhooks.add(webhookUrl="https://APP.example.com/in"),
        lambda _: webhook(),
        "This webhook_url is registered already (id ",
    ),
    "user": Refused(
        lambda project: project.users.add(phoneNumber=PHONE),
        lambda _: user(),
        "A user with this phone_number is there already (id ",
    ),
    "line on another plan": Refused(
        on_plan("pro"), lambda _: spectrum_sdk.Line("it"), "A line needs the Business plan, and the plan"
    ),
    "dedicated user on another plan": Refused(
        on_plan("free"), lambda _: dedicated(), "A dedicated user needs the Business plan, and the plan"
    ),
    "dedicated user without a line": Refused(
        lambda project: project.lines.add(phoneNumber="+14155550998"),
        lambda _: dedicated(),
        "assigned_phone_number is not the number of a line of this project",
    ),
    "missing import": Refused(
        lambda _: None, lambda _: user(opts=importing(MISSING)), f"There is no user with the id {MISSING} in project"
    ),
    "different import": Refused(
        lambda project: project.users.add(phoneNumber=PHONE, firstName="Eve")["id"],
        lambda object_id: user(first_name="Ada", opts=importing(object_id)),
        "cannot be imported, because it differs from the program in first_name.",
    ),
    "credentials": Refused(
        lambda project: project.change(secret="another-secret-of-this-project"),
        lambda _: user(),
        "GET /users/ failed (HTTP 401): Invalid credentials. Check spectrum:projectId and spectrum:projectSecret",
    ),
}


def errors_of(run: Run) -> list[str]:
    """Return the errors that a run printed below `Diagnostics:`."""
    printed = run.output.partition("Diagnostics:\n")[2].partition("\nResources:")[0]
    return [line.strip() for line in printed.splitlines() if line.strip().startswith("error:")]


def warnings_of(run: Run) -> list[str]:
    """Return the warnings that a run printed below `Diagnostics:`."""
    printed = run.output.partition("Diagnostics:\n")[2].partition("\nResources:")[0]
    return [line.strip() for line in printed.splitlines() if line.strip().startswith("warning:")]


@pytest.fixture
def requested(spectrum: Emulator) -> Callable[[], list[str]]:
    """Return the paths that were requested since the last call."""

    def take() -> list[str]:
        assert all(request.method == "GET" for request in spectrum.requests)
        paths = [request.path.removeprefix(f"/projects/{request.project_id}") for request in spectrum.requests]
        spectrum.requests.clear()
        return paths

    return take


@pytest.mark.parametrize("case", REFUSED)
def test_refused_by_preview_and_by_up(case, spectrum, make_stack, requested):
    """What `pulumi up` refuses fails the preview with one message; without the setting the preview sends nothing."""
    prepare, declare, sentence = REFUSED[case]
    environment = spectrum.environment
    prepared = prepare(spectrum.project)
    stack = make_stack(lambda: declare(prepared), environment=environment)
    spectrum.requests.clear()
    assert stack.preview().summary == {"it": ("create",)}
    assert requested() == []
    stack.configure(SETTING, "true")
    run = stack.preview(fails=True)
    assert len(errors_of(run)) == 1
    assert sentence in errors_of(run)[0]
    paths = requested()
    assert 1 <= len(paths) == len(set(paths)) <= MAX_REQUESTS
    stack.configure(SETTING, "false")
    stack.up(fails=True)


def test_conflict_is_not_of_this_stack(spectrum, make_stack, diagnostics):
    """The message names the object, says that the stack does not hold it, and ends with the ways on."""
    hook = spectrum.project.webhooks.add(webhookUrl=URL)
    run = make_stack(webhook, config=ON).preview(fails=True)
    assert " ".join(diagnostics(run, hook=hook["id"]).split()) == (
        "Webhook (it): error: Webhook resource 'it' has a problem: This webhook_url is registered already (id {hook}), "
        "and it is not in the state of this stack, so `pulumi up` would fail: "
        f"{WEBHOOKS.ways_on_after_conflict}."
    )


def test_many_resources_need_five_requests(spectrum, make_stack, requested):
    """Sixty resources of all kinds are checked with at most five requests, none of them twice."""
    line = spectrum.project.lines.add(phoneNumber="+14155550999")
    platforms = ("imessage", "voice")
    for platform in platforms:
        spectrum.project.platforms.set(platform, enabled=True)

    def program():
        spectrum_sdk.Line("line", opts=importing(line["id"]))
        for platform in platforms:
            spectrum_sdk.Platform(platform, platform=platform, opts=importing(platform))
        for number in range(19):
            webhook(f"{URL}/{number}", f"hook{number}")
            user(f"+1415555{number:04d}", f"shared{number}")
            spectrum_sdk.User(
                f"dedicated{number}",
                phone_number=f"+1415556{number:04d}",
                type="dedicated",
                assigned_phone_number="+14155550999",
            )

    stack = make_stack(program, config=ON)
    spectrum.requests.clear()
    assert len(stack.preview().summary) == 60
    paths = requested()
    assert sorted(paths) == sorted(set(paths))
    assert len(paths) == MAX_REQUESTS


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


def test_missing_credentials_are_refused(make_stack):
    """The setting needs credentials: without them the preview fails with what to set."""
    environment = {"SPECTRUM_PROJECT_ID": "", "SPECTRUM_PROJECT_SECRET": ""}
    run = make_stack(user, environment=environment, config=ON).preview(fails=True)
    assert len(errors_of(run)) == 1
    assert "Spectrum credentials are missing: spectrum:projectId" in errors_of(run)[0]


def test_wrong_setting_is_refused(spectrum, make_stack):
    """A value that is neither true nor false is one sentence."""
    run = make_stack(user, config={SETTING: "maybe"}).preview(fails=True)
    assert "spectrum:checkInPreview must be true or false." in run.output


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
def test_accepted_by_up_is_not_refused(case, make_stack, requested):
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


def test_explicit_provider_decides_for_its_resources(spectrum, make_stack):
    """A provider's own argument decides, also for a component's children; the stack's configuration does not."""
    second = spectrum.add_project()
    second.users.add(phoneNumber=PHONE)
    wanted: dict[str, Any] = {"check_in_preview": True}

    def program():
        provider = spectrum_sdk.Provider(
            "second", project_id=second.id, project_secret=second.secret, base_url=spectrum.url, **wanted
        )
        parent = pulumi.ComponentResource("app:Team", "team", opts=pulumi.ResourceOptions(providers=[provider]))
        user(opts=pulumi.ResourceOptions(parent=parent))

    stack = make_stack(program)
    assert len(errors_of(stack.preview(fails=True))) == 1
    wanted["check_in_preview"] = False
    stack.configure(SETTING, "true")
    spectrum.requests.clear()
    stack.preview()
    assert len(spectrum.requests) == 0


def test_unknown_credentials_check_nothing(spectrum, make_stack):
    """While a provider's credentials are not known, its resources are not checked, and show as without the setting."""
    second = spectrum.add_project()
    second.users.add(phoneNumber=PHONE)
    names = ["one"]
    wanted: dict[str, Any] = {"check_in_preview": True}

    def program():
        first = [webhook(f"{URL}/{name}", name) for name in names][-1]
        secret = first.id.apply(lambda _: second.secret)
        provider = spectrum_sdk.Provider(
            "second", project_id=second.id, project_secret=secret, base_url=spectrum.url, **wanted
        )
        user("+14155550124", opts=pulumi.ResourceOptions(provider=provider))

    stack = make_stack(program)
    spectrum.requests.clear()
    assert stack.preview().summary.keys() == {"one", "second", "it"}
    assert len(spectrum.requests) == 0
    stack.up()
    names.append("two")
    spectrum.requests.clear()
    checked = stack.preview(diff=True)
    assert len(spectrum.requests) == 0
    wanted.clear()
    assert stack.preview(diff=True).changes == checked.changes
    stack.up()
    stack.assert_no_drift()
