"""A preview with `spectrum:checkInPreview` refuses what `pulumi up` would refuse, in few requests."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pulumi
import pytest
from preview_checks import ON, PHONE, SETTING, URL, errors_of, importing, user, webhook

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.providers.project_seen import MAX_REQUESTS
from pulumi_spectrum.providers.webhook import LIFECYCLE as WEBHOOKS

MISSING = "6a8d1d3e-0000-4000-8000-000000000000"


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


def dedicated(number: str = "+14155550999", name: str = "it") -> Any:
    return user(name=name, type="dedicated", assigned_phone_number=number)


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
        "GET /users/ failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET",
    ),
}


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
