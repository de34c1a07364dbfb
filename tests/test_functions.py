"""The look-ups, outside of a running program."""

import dataclasses
import inspect
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from typing import Any

import pulumi
import pytest

import pulumi_spectrum
from pulumi_spectrum import client, lookup_runs
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle

NAMES = sorted(name for name in pulumi_spectrum.__all__ if name.startswith("get_") and not name.endswith("_output"))


@pytest.fixture
def project(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProjectHandle]:
    """A project whose credentials are in the environment."""
    project = emulator.add_project()
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    return project


@pytest.fixture
def waiters() -> threading.Semaphore:
    """Is released by each thread that begins to wait for a result that another thread has requested."""
    return threading.Semaphore(0)


@pytest.fixture
def waiting_for(waiters: threading.Semaphore) -> Callable[[int], None]:
    """Blocks until so many threads wait for a result that another thread has requested."""

    def wait(threads: int) -> None:
        for _ in range(threads):
            assert waiters.acquire(timeout=30)

    return wait


def test_each_look_up_has_an_output_form() -> None:
    """There are eleven look-ups, each with an `_output` form that takes the same arguments."""
    assert NAMES == [
        "get_egress_ips",
        "get_imessage_info",
        "get_lines",
        "get_platforms",
        "get_project",
        "get_subscription",
        "get_user",
        "get_users",
        "get_webhooks",
        "get_whatsapp_accounts",
        "get_whatsapp_templates",
    ]
    for name in NAMES:
        plain, twin = (
            inspect.signature(getattr(pulumi_spectrum, each)).parameters for each in (name, f"{name}_output")
        )
        assert list(plain) == list(twin)


def test_public_names_are_sorted() -> None:
    """Every public name is listed once, in order."""
    assert pulumi_spectrum.__all__ == sorted(pulumi_spectrum.__all__)
    assert all(hasattr(pulumi_spectrum, name) for name in pulumi_spectrum.__all__)


@pytest.mark.parametrize(
    ("result", "row"),
    [
        (pulumi_spectrum.PlatformInfo, client.PlatformRow),
        (pulumi_spectrum.LineInfo, client.LineRow),
        (pulumi_spectrum.UserInfo, client.UserRow),
        (pulumi_spectrum.WebhookInfo, client.WebhookRow),
        (pulumi_spectrum.WhatsAppAccountInfo, client.WhatsAppAccountRow),
        (pulumi_spectrum.WhatsAppTemplateInfo, client.WhatsAppTemplateRow),
        (pulumi_spectrum.SubscriptionInfo, client.SubscriptionRow),
        (pulumi_spectrum.ImessageInfo, client.ImessageRow),
        (pulumi_spectrum.ProjectInfo, client.ProjectRow),
    ],
)
def test_results_have_every_field_of_their_row(result: Any, row: Any) -> None:
    """A result is frozen, and has every field of its row, and those of the row's profile."""
    assert result.__dataclass_params__.frozen
    left_out = {"profile", "project_id", "deleted_at"}
    assert {field.name for field in dataclasses.fields(result)} >= row.model_fields.keys() - left_out


@pytest.mark.parametrize("unset", ["null", "nulls", "missing"])
def test_a_project_without_a_profile(unset: str, project: ProjectHandle, emulator: Emulator) -> None:
    """However the service says that a profile was never set, its names and its picture are None."""
    emulator.switch(unset_profile=unset)
    found = pulumi_spectrum.get_project()
    assert (found.name, found.first_name, found.last_name, found.avatar_url) == ("Emulated project", None, None, None)


def test_each_look_up_returns_the_api_values(project: ProjectHandle) -> None:
    """Each look-up returns the values from the API, with None for a missing value."""
    project.change(name="Acme", slug="acme", firstName="Acme", lastName=None)
    line = project.lines.add(firstName="Acme")
    user = project.users.add(phoneNumber="+14155550123", type="shared", email="a@example.com")
    project.webhooks.add(webhookUrl="https://app.example.com/in")
    project.platforms.set("imessage", enabled=True, autoScale=True)
    found = pulumi_spectrum.get_project()
    assert (found.id, found.name, found.slug, found.first_name) == (project.id, "Acme", "acme", "Acme")
    assert [(each.id, each.first_name, each.last_name) for each in pulumi_spectrum.get_lines()] == [
        (line["id"], "Acme", None)
    ]
    assert [each.email for each in pulumi_spectrum.get_users()] == ["a@example.com"]
    alice = pulumi_spectrum.get_user(phone_number="+14155550123")
    assert alice.redirect_url.endswith(f"/users/{user['id']}/redirect")
    hook = pulumi_spectrum.get_webhooks()[0]
    assert (hook.webhook_url, hook.enabled, hook.event_types) == (
        "https://app.example.com/in",
        True,
        ("message.received",),
    )
    switches = {each.platform: each for each in pulumi_spectrum.get_platforms()}
    assert switches["imessage"].auto_scale
    assert not switches["slack"].enabled
    assert all(ip.count(".") == 3 for ip in pulumi_spectrum.get_egress_ips())
    assert pulumi_spectrum.get_subscription().tier == "business"
    assert pulumi_spectrum.get_imessage_info().type in ("shared", "dedicated")


@pytest.mark.parametrize("phone_number", ["+1415555012", "4155550123", "Alice"])
def test_get_user_needs_the_exact_phone_number(project: ProjectHandle, phone_number: str) -> None:
    """A part of a phone number, or a name, matches no user."""
    project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    with pytest.raises(pulumi.RunError, match="no active user of the project has this phone_number"):
        pulumi_spectrum.get_user(phone_number=phone_number)


TEMPLATE = {"language": "en_US", "category": "UTILITY", "components": [{"type": "BODY", "text": "Hi"}]}


def test_whatsapp_look_ups(project: ProjectHandle, emulator: Emulator) -> None:
    """Accounts are found by the id at Spectrum, and templates of one account, of all pages, in the list's order."""
    account, other = (project.whatsapp_accounts.add(wabaId=each, name=f"Acme {each}") for each in "12")
    for number in range(101):
        project.whatsapp_templates.add(**TEMPLATE, id=f"{number}", accountId=account["accountId"], name=f"t{number:03}")
    project.whatsapp_templates.add(**TEMPLATE, accountId=other["accountId"], name="other")
    project.whatsapp_templates.change("7", status="REJECTED", rejectedReason="SPAM", qualityScore="RED")
    project.whatsapp_templates.change("8", status="PENDING_DELETION")
    emulator.requests.clear()

    assert [(each.id, each.name) for each in pulumi_spectrum.get_whatsapp_accounts()] == [
        (account["accountId"], "Acme 1"),
        (other["accountId"], "Acme 2"),
    ]
    templates = pulumi_spectrum.get_whatsapp_templates(account_id=account["accountId"])
    assert [each.id for each in templates] == [str(number) for number in range(101) if number != 8]
    assert templates[7] == pulumi_spectrum.WhatsAppTemplateInfo(
        id="7",
        account_id=account["accountId"],
        name="t007",
        language="en_US",
        category="UTILITY",
        components=({"type": "BODY", "text": "Hi"},),
        parameter_format="POSITIONAL",
        status="REJECTED",
        quality_score="RED",
        rejected_reason="SPAM",
    )
    assert emulator.requests.operations() == ["listWhatsAppAccounts", *["listWhatsAppTemplates"] * 2]


def test_templates_of_an_unknown_account(project: ProjectHandle) -> None:
    """An account without templates has none, and one that the project does not have is refused by the argument."""
    account = project.whatsapp_accounts.add(wabaId="1")
    assert pulumi_spectrum.get_whatsapp_templates(account_id=account["accountId"]) == ()
    expected = "get_whatsapp_templates: no active WhatsApp Business account of the project has this account_id."
    with pytest.raises(pulumi.RunError, match=expected):
        pulumi_spectrum.get_whatsapp_templates(account_id="1")


def test_whatsapp_accounts_of_an_older_deployment(project: ProjectHandle, emulator: Emulator) -> None:
    """A deployment without the list answers 404: the project itself answers, so the deployment is too old."""
    emulator.faults.add(Fault(path="*/whatsapp-business/accounts", status=404))
    with pytest.raises(pulumi.RunError, match="too old to return WhatsApp Business accounts"):
        pulumi_spectrum.get_whatsapp_accounts()


def test_large_project(project: ProjectHandle, emulator: Emulator) -> None:
    """In a project too large to be read whole, one user is searched for instead."""
    for number in range(2001):
        project.users.add(phoneNumber=f"+1415555{number:04d}", type="shared")
    emulator.requests.clear()
    assert pulumi_spectrum.get_user(phone_number="+14155552000").phone_number == "+14155552000"
    assert len(emulator.requests) == 2


def test_look_ups_are_not_cached_outside_of_a_program(project: ProjectHandle, emulator: Emulator) -> None:
    """Where no program runs, each look-up sends a new request."""
    pulumi_spectrum.get_lines()
    project.lines.add()
    assert len(pulumi_spectrum.get_lines()) == 1


@pytest.fixture
def program(project: ProjectHandle, waiters: threading.Semaphore) -> lookup_runs.ProgramRun:
    """One run of a program, whose threads share their results."""

    class Watched(Future[Any]):
        def result(self, timeout: float | None = None) -> Any:
            waiters.release()
            return super().result(timeout)

    return lookup_runs.ProgramRun(Watched)


def test_different_look_ups_run_in_parallel(
    program: lookup_runs.ProgramRun, in_threads: Callable[..., list[Any]]
) -> None:
    """A look-up does not wait for another one that is under way."""
    under_way = threading.Barrier(3)

    def read(_spectrum: Any, name: str) -> str:
        under_way.wait(timeout=30)
        return name

    names = ["lines", "users", "webhooks"]
    assert in_threads(*[partial(program.look_up, os.environ.get, read, name) for name in names]) == names


def test_equal_look_ups_share_one_request(
    program: lookup_runs.ProgramRun, in_threads: Callable[..., list[Any]], waiting_for: Callable[[int], None]
) -> None:
    """Threads with equal look-ups share one request, and its result is cached for later look-ups."""
    asked = []

    def read(_spectrum: Any) -> str:
        asked.append(1)
        waiting_for(2)
        return "answer"

    assert in_threads(*[partial(program.look_up, os.environ.get, read)] * 3) == ["answer"] * 3
    assert program.look_up(os.environ.get, read) == "answer"
    assert asked == [1]


def test_a_failure_is_shared_and_not_kept(
    program: lookup_runs.ProgramRun, in_threads: Callable[..., list[Any]], waiting_for: Callable[[int], None]
) -> None:
    """Threads that wait for a look-up fail with it, each with an error of its own; the next one asks again."""
    answers: list[Any] = [client.ServiceFailed("down", method="GET", path="/lines/", status=503), "answer"]

    def read(_spectrum: Any) -> Any:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            waiting_for(2)
            raise answer
        return answer

    failures = in_threads(*[partial(program.look_up, os.environ.get, read)] * 3)
    assert [type(failure) for failure in failures] == [pulumi.RunError] * 3
    assert {str(failure) for failure in failures} == {
        "GET /lines/ failed (HTTP 503): down. It is safe to run the command again."
    }
    assert len({id(failure) for failure in failures}) == 3
    assert program.look_up(os.environ.get, read) == "answer"


def test_settings_of_a_provider(project: ProjectHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an explicit provider was given goes before the environment, number by number."""
    seen = []
    monkeypatch.setattr(client, "SpectrumClient", seen.append)

    class Given:
        configuration = {  # noqa: RUF012
            "spectrum:projectId": "other",
            "spectrum:projectSecret": "secret",
            "spectrum:baseUrl": None,
            "spectrum:requestsPerSecond": 2.5,
            "spectrum:timeoutSeconds": None,
        }

    lookup_runs.look_up(lambda _spectrum: None, Given())
    assert (seen[0].project_id, seen[0].requests_per_second, seen[0].timeout_seconds) == ("other", 2.5, 30)
    assert seen[0].base_url == project.environment["SPECTRUM_CLOUD_URL"]


def test_no_secret_in_errors(project: ProjectHandle) -> None:
    """A refused look-up ends the program with one sentence, which holds no secret."""
    given = project.secret
    project.secret = "another-one"
    with pytest.raises(pulumi.RunError, match="Invalid credentials") as failure:
        pulumi_spectrum.get_lines()
    assert given not in str(failure.value)
    assert failure.value.__cause__ is None
