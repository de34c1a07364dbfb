"""Look-ups in running programs: what they return, which requests they send, and how they fail."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi.automation import ConfigValue

import pulumi_spectrum
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import SpectrumStack


@pytest.fixture
def look_up(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> Callable[..., Any]:
    """Return a function that makes a stack of a program with the credentials in the stack's configuration."""
    project = spectrum.project

    def look_up(program: Callable[[], None], **config: str) -> SpectrumStack:
        given = {
            "spectrum:projectId": project.id,
            "spectrum:projectSecret": ConfigValue(project.secret, secret=True),
            "spectrum:baseUrl": spectrum.url,
        }
        return make_stack(program, environment={}, config={**given, **config})

    return look_up


def test_lookup_sends_one_request_per_run(spectrum: Emulator, look_up: Callable[..., SpectrumStack]) -> None:
    """However often a program calls a look-up, or its `_output` form, it sends one request per run."""
    project = spectrum.project
    project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    project.lines.add(firstName="Acme")

    def program() -> None:
        for _ in range(3):
            pulumi_spectrum.get_lines()
            pulumi_spectrum.get_platforms()
            pulumi_spectrum.get_webhooks()
            pulumi_spectrum.get_egress_ips()
            pulumi_spectrum.get_project()
            pulumi_spectrum.get_subscription()
            pulumi_spectrum.get_imessage_info()
            pulumi_spectrum.get_users()
            pulumi_spectrum.get_lines_output()
            pulumi_spectrum.get_user_output(phone_number=pulumi.Output.from_input("+14155550123"))
        alice = pulumi_spectrum.get_user(phone_number="+14155550123")
        pulumi.export("alice", alice.first_name)
        pulumi.export("line", pulumi_spectrum.get_lines_output().apply(lambda lines: lines[0].first_name))

    stack = look_up(program)
    stack.preview()
    first = sorted(spectrum.requests.operations())
    assert first == sorted(set(first))
    assert len(first) == 8
    spectrum.requests.clear()
    stack.up()
    assert sorted(spectrum.requests.operations()) == first
    assert stack.outputs() == {"alice": "Alice", "line": "Acme"}


def test_lookup_is_fresh_in_every_run(spectrum: Emulator, look_up: Callable[..., SpectrumStack]) -> None:
    """A second run in the same process returns what has changed since the first."""
    user = spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    stack = look_up(lambda: pulumi.export("name", pulumi_spectrum.get_user(phone_number="+14155550123").first_name))
    stack.up()
    spectrum.project.users.change(user["id"], firstName="Alicia")
    stack.up()
    assert stack.outputs() == {"name": "Alicia"}


def test_lookup_by_output_of_a_resource(spectrum: Emulator, look_up: Callable[..., SpectrumStack]) -> None:
    """A look-up whose argument is another resource's output waits for it, and is unknown in the preview."""
    seen = []

    def program() -> None:
        alice = pulumi_spectrum.User("alice", phone_number="+14155550123")
        found = pulumi_spectrum.get_user_output(phone_number=alice.id.apply(lambda _: "+14155550123"))
        found.apply(lambda user: seen.append(user.phone_number))
        pulumi.export("id", found.apply(lambda user: user.id))

    stack = look_up(program)
    stack.preview()
    assert seen == []
    stack.up()
    assert seen == ["+14155550123"]
    assert stack.outputs()["id"] == spectrum.project.users.rows[0]["id"]


def test_lookup_result_is_secret_if_an_argument_is(spectrum: Emulator, look_up: Callable[..., SpectrumStack]) -> None:
    """A look-up's result is secret if an argument is secret, and not because its credentials are."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared")
    project = spectrum.project

    def program() -> None:
        explicit = pulumi_spectrum.Provider(
            "second",
            project_id=project.id,
            project_secret=pulumi.Output.secret(project.secret),
            base_url=spectrum.url,
            requests_per_second=1000,
        )
        pulumi.export(
            "plain", pulumi_spectrum.get_users_output(provider=explicit).apply(lambda users: users[0].phone_number)
        )
        secret = pulumi_spectrum.get_user_output(phone_number=pulumi.Output.secret("+14155550123"), provider=explicit)
        pulumi.export("secret", secret.apply(lambda user: user.phone_number))

    stack = look_up(program)
    stack.up()
    outputs = stack.export()["resources"][0]["outputs"]
    assert outputs["plain"] == "+14155550123"
    assert "ciphertext" in outputs["secret"]


def test_lookup_with_explicit_provider(spectrum: Emulator, look_up: Callable[..., SpectrumStack]) -> None:
    """A look-up with an explicit provider reads that provider's project."""
    other = spectrum.add_project()
    other.webhooks.add(webhookUrl="https://app.example.com/other")

    def program() -> None:
        provider = pulumi_spectrum.Provider(
            "other", project_id=other.id, project_secret=other.secret, base_url=spectrum.url
        )
        pulumi.export("urls", [webhook.webhook_url for webhook in pulumi_spectrum.get_webhooks(provider=provider)])
        pulumi.export("own", len(pulumi_spectrum.get_webhooks()))

    stack = look_up(program)
    stack.up()
    assert stack.outputs() == {"urls": ["https://app.example.com/other"], "own": 0}


FAILURES = {
    "no such user": (
        lambda: pulumi_spectrum.get_user(phone_number="+14155550199"),
        "get_user: no active user of the project has this phone_number.",
    ),
    "no such user, by the _output form": (
        lambda: pulumi_spectrum.get_user_output(phone_number="+14155550199"),
        "get_user: no active user of the project has this phone_number.",
    ),
    "two users": (lambda: pulumi_spectrum.get_user(phone_number="+14155550124"), "2 users have this phone_number"),
    "credentials that are Outputs": (
        lambda: pulumi_spectrum.get_lines(
            provider=pulumi_spectrum.Provider(
                "p", project_id="x", project_secret=pulumi.Output.secret("y"), base_url="http://localhost"
            )
        ),
        "Use its twin that ends in _output, such as get_lines_output",
    ),
    "wrong secret": (
        lambda: pulumi_spectrum.get_lines(
            provider=pulumi_spectrum.Provider("p", project_id="x", project_secret="wrong", base_url=FAILURES_AT[0])
        ),
        'Check project_id and project_secret of the spectrum.Provider "p".',
    ),
}
FAILURES_AT = [""]


@pytest.mark.parametrize("case", FAILURES)
def test_failed_lookup_is_one_sentence(spectrum: Emulator, look_up: Callable[..., SpectrumStack], case: str) -> None:
    """A look-up that fails ends the program with one sentence and no traceback."""
    line = spectrum.project.lines.add()
    for user in ({"type": "shared"}, {"type": "dedicated", "assignedPhoneNumber": line["phoneNumber"]}):
        spectrum.project.users.add(phoneNumber="+14155550124", **user)
    FAILURES_AT[0] = spectrum.url
    act, expected = FAILURES[case]
    run = look_up(lambda: pulumi.export("x", "y") or act()).preview(fails=True)
    assert expected in run.output
    assert "Traceback" not in run.output


def test_lookup_without_credentials(make_stack: Callable[..., SpectrumStack], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without credentials a look-up's error names the missing settings and how to set them."""
    for name in ("SPECTRUM_PROJECT_ID", "SPECTRUM_PROJECT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    run = make_stack(lambda: pulumi_spectrum.get_lines() and None, environment={}).preview(fails=True)
    assert "Spectrum credentials are missing: spectrum:projectId (or SPECTRUM_PROJECT_ID)" in run.output
    assert "Traceback" not in run.output


@pytest.mark.spectrum_emulator(generation="2026-05")
def test_egress_ips_of_an_older_deployment(look_up: Callable[..., SpectrumStack]) -> None:
    """On a deployment without the egress IP endpoint, the error says that the deployment is too old."""
    run = look_up(lambda: pulumi_spectrum.get_egress_ips() and None).preview(fails=True)
    assert "too old to return the addresses that it delivers from" in run.output
