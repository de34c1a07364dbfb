"""Error messages about refused requests and arguments: the exact text that the CLI prints, one test for each cause."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from inline_snapshot import snapshot

from pulumi_spectrum import Line, User, Webhook
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.testing import SpectrumStack

BUG = """
from pulumi_spectrum.client.webhooks import Webhooks

def register(*_, **__):
    raise ZeroDivisionError("division by zero")

Webhooks.register = register
"""


class Inbox:
    """Declares one webhook, and one user if `user` is set."""

    def __init__(self, *, user: bool = False, **arguments: Any) -> None:
        self.user = user
        self.arguments = arguments

    def __call__(self) -> None:
        Webhook("inbox", **{"webhook_url": "https://inbox.example.com/hook", **self.arguments})
        if self.user:
            User("alice", phone_number="+14155550123")


def kept(stack: SpectrumStack) -> list[tuple[Any, ...]]:
    """Return what the state holds, without times and ciphertexts, which differ each time that it is written."""
    return [
        (resource["urn"], resource.get("id"), resource.get("inputs"), sorted(resource.get("outputs", {})))
        for resource in stack.export()["resources"]
    ]


@pytest.fixture
def inbox(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> SpectrumStack:
    """A stack with one webhook, after its first `up`."""
    stack = make_stack(Inbox())
    stack.up()
    return stack


def test_missing_and_wrong_credentials(spectrum, make_stack, monkeypatch, diagnostics):
    """Missing and wrong credentials name the settings; refresh and destroy add that they use those of the last `up`."""
    for name in spectrum.environment:
        monkeypatch.delenv(name, raising=False)
    stack = make_stack(Inbox(user=True), environment={"SPECTRUM_CLOUD_URL": spectrum.url})
    assert diagnostics(stack.up(fails=True, continue_on_error=True)) == snapshot("""\
User (alice):
error: Spectrum credentials are missing: spectrum:projectId (or SPECTRUM_PROJECT_ID) and
spectrum:projectSecret (or SPECTRUM_PROJECT_SECRET). Set them with: pulumi config set spectrum:projectId ID,
and pulumi config set --secret spectrum:projectSecret; or pass a spectrum.Provider.

Webhook (inbox):
error: Spectrum credentials are missing: spectrum:projectId (or SPECTRUM_PROJECT_ID) and
spectrum:projectSecret (or SPECTRUM_PROJECT_SECRET). Set them with: pulumi config set spectrum:projectId ID,
and pulumi config set --secret spectrum:projectSecret; or pass a spectrum.Provider.
""")

    stack.set_environment({**spectrum.environment, "SPECTRUM_PROJECT_SECRET": "mistyped"})
    assert diagnostics(stack.up(fails=True, continue_on_error=True)) == snapshot("""\
User (alice):
error: GET /users/ failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and
SPECTRUM_PROJECT_SECRET in the environment.

Webhook (inbox):
error: GET /webhooks/ failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and
SPECTRUM_PROJECT_SECRET in the environment.
""")
    assert len(spectrum.requests) == 2

    stack.set_environment(spectrum.environment)
    stack.up()
    before = kept(stack)
    spectrum.project.secret = "emulator-rotated"
    assert diagnostics(stack.refresh(fails=True)) == snapshot("""\
User (alice):
error: GET /users/ failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and
SPECTRUM_PROJECT_SECRET in the environment. The state is as it was. Refresh and destroy use the configuration
of the last `pulumi up`: if the secret was rotated since, add --run-program.

Webhook (inbox):
error: GET /webhooks/ failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and
SPECTRUM_PROJECT_SECRET in the environment. The state is as it was. Refresh and destroy use the configuration
of the last `pulumi up`: if the secret was rotated since, add --run-program.
""")
    assert diagnostics(stack.destroy(fails=True, continue_on_error=True)) == snapshot("""\
User (alice):
error: DELETE /users/{id}/ failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and
SPECTRUM_PROJECT_SECRET in the environment. The state is as it was. Refresh and destroy use the configuration
of the last `pulumi up`: if the secret was rotated since, add --run-program.

Webhook (inbox):
error: DELETE /webhooks/{id} failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and
SPECTRUM_PROJECT_SECRET in the environment. The state is as it was. Refresh and destroy use the configuration
of the last `pulumi up`: if the secret was rotated since, add --run-program.
""")
    assert kept(stack) == before


def test_rotated_secret_drops_no_resource(spectrum, make_stack):
    """A refresh of fifty resources with a secret that is no longer valid prints one error for each and drops none."""

    def program() -> None:
        for number in range(50):
            Webhook(f"inbox-{number}", webhook_url=f"https://inbox.example.com/{number}")

    stack = make_stack(program)
    stack.up()
    before = kept(stack)
    spectrum.project.secret = "emulator-rotated"
    messages = [message.partition(": ")[::2] for message in stack.refresh(fails=True).messages]
    assert len({name for name, text in messages if "(HTTP 401): Invalid credentials" in text}) == 50
    assert kept(stack) == before


def test_message_for_wrong_project(spectrum, inbox, diagnostics):
    """Every command names the resource's project and the configured one, sends nothing and drops nothing."""
    other = spectrum.add_project()
    before, sent = kept(inbox), len(spectrum.requests)
    inbox.set_environment(other.environment)
    inbox.program = Inbox(enabled=False)
    projects = {"owning": spectrum.project_id, "other": other.id}
    expected = snapshot("""\
Webhook (inbox):
error: This webhook belongs to project {owning}, but the credentials are of project {other}. Nothing was sent
for it, and it stays in the state. Set spectrum:projectId back, or give it its own spectrum.Provider; to move
to the other project for good, destroy it with the old credentials first, or forget it with `pulumi state
delete`.
""")
    assert diagnostics(inbox.preview(fails=True), **projects) == expected
    assert diagnostics(inbox.up(fails=True), **projects) == expected
    assert diagnostics(inbox.refresh(fails=True), **projects) == expected
    assert diagnostics(inbox.destroy(fails=True), **projects) == expected
    assert (kept(inbox), len(spectrum.requests)) == (before, sent)


def test_refusal_shows_the_services_message(spectrum, inbox, diagnostics):
    """A refusal says which request failed, quotes the service's message, and ends with what to do."""
    refusals: dict[str, Fault] = {
        "422": Fault(
            method="PATCH",
            status=422,
            body={"succeed": False, "message": "failureNotificationEmail is on a blocked domain"},
        ),
        "409": Fault(method="PATCH", status=409, body={"succeed": False, "message": "The webhook is being moved"}),
        "plan": Fault(
            method="PATCH", status=402, body={"succeed": False, "message": "Notifications need the Pro plan"}
        ),
        "404": Fault(method="PATCH", status=404, body={"succeed": False, "message": "Project not found"}),
    }
    inbox.program = Inbox(failure_notification_email="ops@example.com")
    messages = {}
    for name, fault in refusals.items():
        spectrum.faults.add(fault)
        messages[name] = diagnostics(inbox.up(fails=True))
    assert messages == snapshot(
        {
            "422": """\
Webhook (inbox):
error: PATCH /webhooks/{id} failed (HTTP 422): failureNotificationEmail is on a blocked domain.
""",
            "409": """\
Webhook (inbox):
error: PATCH /webhooks/{id} failed (HTTP 409): The webhook is being moved. A webhook that still has an older
schema may refuse such changes: set schema_version="raw-inbound.v1", which upgrades it in place first.
""",
            "plan": """\
Webhook (inbox):
error: PATCH /webhooks/{id} failed (HTTP 402): Notifications need the Pro plan. The project's plan or one of
its limits does not allow this.
""",
            "404": """\
Webhook (inbox):
error: This Spectrum deployment is too old to change webhooks in place: it knows the webhook and answers 404
all the same. Nothing was changed or lost: undo the change in the program.
""",
        }
    )


def test_message_for_existing_webhook_and_user(spectrum, make_stack, diagnostics):
    """For a URL or a phone that exists already, the error gives the existing id and the ways to go on."""
    spectrum.project.webhooks.add(webhookUrl="https://inbox.example.com/hook")
    spectrum.project.users.add(phoneNumber="+14155550123")
    stack = make_stack(Inbox(user=True))
    assert diagnostics(stack.up(fails=True, continue_on_error=True)) == snapshot("""\
User (alice):
error: A user with this phone_number is there already (id {id}), and no resource of this program is known to
hold it. If it is of this stack: after a rename, give this resource an alias; if another resource held it that
the program no longer declares, run `pulumi up --continue-on-error`, which deletes that one, and `pulumi up`
once more; under --replace or a replacement_trigger, set the resource option delete_before_replace=True. If it
is not: import it as it is, with the resource option import_ and its id, or with `pulumi import --file`
(pulumi-spectrum adopt writes the file); or set on_conflict="adopt" to take it over and set its names as given
here; or remove it.

Webhook (inbox):
error: This webhook_url is registered already (id {id}), and no resource of this program is known to hold it.
If it is of this stack: after a rename, give this resource an alias; if another resource held it that the
program no longer declares, run `pulumi up --continue-on-error`, which deletes that one, and `pulumi up` once
more; under --replace or a replacement_trigger, set the resource option delete_before_replace=True. If it is
not: set on_conflict="replace" to delete it and register anew with a new secret, which is also the way on
after an interrupted `pulumi up`; or import it as it is, with the resource option import_ and its id, or with
`pulumi import --file` (pulumi-spectrum adopt writes the file); or delete it.
""")


@pytest.mark.spectrum_emulator(plan="free")
def test_message_for_plan_limits(spectrum, make_stack, diagnostics):
    """What the project's plan does not allow is refused with the service's message."""
    for number in range(10):
        spectrum.project.users.add(phoneNumber=f"+1415555010{number}")

    def program() -> None:
        User("alice", phone_number="+14155550123")
        Line("support", opts=pulumi.ResourceOptions(protect=False))

    assert diagnostics(make_stack(program).up(fails=True, continue_on_error=True)) == snapshot("""\
Line (support):
error: POST /lines/ failed (HTTP 403): Dedicated lines are available on the Business plan only. The project's
plan or one of its limits does not allow this.

User (alice):
error: POST /users/ failed (HTTP 402): Maximum number of shared users (10) reached. The project's plan or one
of its limits does not allow this.
""")


def test_message_for_partially_created_webhook(spectrum, make_stack, diagnostics):
    """For a webhook that was registered but not disabled, the error says that it exists and `pulumi up` finishes it."""
    spectrum.faults.add(Fault(method="PATCH", status=422))
    assert diagnostics(make_stack(Inbox(enabled=False)).up(fails=True)) == snapshot("""\
Webhook (inbox):
error: 1 error occurred:
* PATCH /webhooks/{id} failed (HTTP 422): Injected fault. The webhook exists (id {id}) and is recorded in the
state. Run `pulumi up` to finish setting it up.
""")


def test_message_for_each_wrong_argument(spectrum, make_stack, diagnostics):
    """Each wrong argument has a sentence of its own, without its value, and no request is sent."""
    wrong = Inbox(
        webhook_url="http://user:pa55word@inbox.example.com/",
        event_types=["message.sent"],
        failure_notification_email="ops",
        schema_version="raw",
        on_conflict="adopt",
    )
    run = make_stack(wrong).preview(fails=True)
    assert diagnostics(run) == snapshot("""\
Webhook (inbox):
error: Webhook resource 'inbox' has a problem: webhook_url must be https, because events are never delivered
in clear text.
error: Webhook resource 'inbox' has a problem: event_types[0] must be 'message.received'.
error: Webhook resource 'inbox' has a problem: failure_notification_email must be an e-mail address, or empty
for none.
error: Webhook resource 'inbox' has a problem: schema_version must be 'normalized-events.v1' or
'raw-inbound.v1'.
error: Webhook resource 'inbox' has a problem: on_conflict must be 'fail' or 'replace'.
""")
    assert "pa55word" not in run.output
    assert len(spectrum.requests) == 0


def test_internal_error_shows_traceback(spectrum, make_stack, run_in_provider_process, diagnostics):
    """An internal error shows its traceback and asks for a report with it."""
    environment = {**spectrum.environment, **run_in_provider_process(BUG)}
    stack = make_stack(Inbox(), shows_bug=True, environment=environment)
    printed = diagnostics(stack.up(fails=True)).rstrip()
    assert "Traceback (most recent call last)" in printed
    assert printed.splitlines()[-2:] == snapshot(
        [
            "ZeroDivisionError: division by zero",
            "This is a bug in pulumi-spectrum (create of a webhook). Please report it, with the traceback above.",
        ]
    )
