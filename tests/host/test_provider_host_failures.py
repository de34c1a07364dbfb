"""How calls of the real dynamic host fail: what the engine is told, and that it is always told."""

import signal
import socket
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import grpc
import pytest

from pulumi_spectrum.emulator import Fault
from pulumi_spectrum.providers.bookkeeping import Bookkeeping

Inputs = dict[str, dict[str, Any]]

SABOTAGE = """
import pulumi_spectrum.providers.{kind} as module
def sabotage(*_):
    {statement}
    yield
module.{name}.{method} = sabotage
"""
"""Makes a method of a kind do something else, in a host's own process."""


def sabotaged(statement: str, method: str = "create", kind: str = "line") -> str:
    name = f"{kind.title()}Lifecycle"
    return SABOTAGE.format(statement=statement, method=method, kind=kind, name=name)


def failure_of(call: Callable[[], Any]) -> Any:
    with pytest.raises(Exception) as caught:
        call()
    assert type(caught.value).__name__ == "Failure", caught.value
    return caught.value


def test_a_failure_that_a_person_can_cause_is_one_message(host: Any, project: Any, inputs: Inputs) -> None:
    """The status that goes with the answer holds the message alone; the CLI shows that instead of the traceback."""
    theirs = project.webhooks.add(webhookUrl=inputs["webhook"]["webhookUrl"])
    failure = failure_of(lambda: host.create("webhook", inputs["webhook"]))

    assert failure.code is grpc.StatusCode.UNKNOWN
    assert failure.status.code == 2
    assert failure.message.startswith(f"This webhook_url is registered already (id {theirs['id']})")
    assert "Traceback" not in failure.message
    assert failure.partially_created is None


@pytest.mark.parametrize("kind", ["webhook", "user", "line", "platform"])
def test_wrong_credentials(kind: str, start_host_with_wrong_secret: Any, inputs: Inputs) -> None:
    """With a secret that is not accepted every operation says so, and a refresh says whose configuration it used."""
    host, project = start_host_with_wrong_secret
    olds = {**inputs[kind], "projectId": project.id, **Bookkeeping(frozenset(inputs[kind])).as_output()}
    made = failure_of(lambda: host.create(kind, inputs[kind]))
    read = failure_of(lambda: host.read(kind, "voice", olds))
    deleted = failure_of(lambda: host.delete(kind, "voice", olds))

    for failure in (made, read, deleted):
        assert "failed (HTTP 401): Invalid credentials. Check spectrum:projectId" in failure.message
        assert "not-the-right-secret" not in f"{failure.message}{failure.details}"
    assert "--run-program" not in made.message
    assert read.message.endswith("if the secret was rotated since, add --run-program.")


@pytest.fixture(scope="module")
def start_host_with_wrong_secret(start_any_host: Any, running_emulator: Any) -> tuple[Any, Any]:
    project = running_emulator.add_project()
    environment = {**project.environment, "SPECTRUM_PROJECT_SECRET": "not-the-right-secret"}
    return start_any_host(config={"spectrum:requestsPerSecond": "1000"}, environment=environment), project


def test_the_wrong_project(host: Any, emulator: Any, inputs: Inputs) -> None:
    """An object of another project is not touched by any operation: both projects are named, and nothing is sent."""
    olds = {**inputs["user"], "projectId": "another-project", **Bookkeeping(frozenset(inputs["user"])).as_output()}
    emulator.requests.clear()
    failures = [
        failure_of(lambda: host.diff("user", olds, inputs["user"])),
        failure_of(lambda: host.read("user", "id-1", olds)),
        failure_of(lambda: host.update("user", "id-1", olds, {**inputs["user"], "firstName": "A"})),
        failure_of(lambda: host.delete("user", "id-1", olds)),
    ]

    assert {failure.message[:48] for failure in failures} == {"This user belongs to project another-project, bu"}
    assert len(emulator.requests) == 0


def test_what_the_service_refuses_is_told_in_its_words(host: Any, emulator: Any, inputs: Inputs) -> None:
    """A refusal holds the service's own message."""
    body = {"succeed": False, "message": "This phone is on a list.", "code": "422"}
    emulator.faults.add(Fault(method="POST", path="*/users/", status=422, body=body))
    failure = failure_of(lambda: host.create("user", inputs["user"]))

    assert failure.message == "POST /users/ failed (HTTP 422): This phone is on a list."


def test_a_proxys_page_is_told_as_that(host: Any, emulator: Any, inputs: Inputs) -> None:
    """A page of something in between is named as such, and none of it is shown."""
    emulator.faults.add(Fault(method="POST", path="*/users/", status=403, body="<html><body>Blocked by Acme</body>"))
    failure = failure_of(lambda: host.create("user", inputs["user"]))

    assert "the answer is not from the Spectrum API (text/html)" in failure.message
    assert "Acme" not in failure.message


def test_a_line_that_was_allocated_and_not_named(host: Any, emulator: Any, project: Any, inputs: Inputs) -> None:
    """The engine gets the line that is there, with its id, its provider and what is known; an update finishes it."""
    emulator.faults.add(Fault(method="PATCH", path="*/profile", status=400))
    news = {"platform": "imessage", "firstName": "Acme"}
    before = set(project.lines.ids)
    failure = failure_of(lambda: host.create("line", news))

    [line_id] = set(project.lines.ids) - before
    recorded = dict(failure.partially_created.properties)
    assert failure.partially_created.id == line_id
    assert list(failure.partially_created.reasons) == [failure.message]
    assert recorded["phoneNumber"] == project.lines[line_id]["phoneNumber"]
    assert recorded["__provider"] == dict(host.properties("line", {}))["__provider"]
    assert "firstName" not in recorded
    assert failure.message.endswith(
        f"The line exists (id {line_id}) and is recorded in the state. Run `pulumi up` to finish setting it up."
    )

    olds = host.plain(failure.partially_created.properties)
    host.update("line", line_id, olds, news)
    assert project.lines[line_id]["profile"]["firstName"] == "Acme"


def test_a_webhook_that_was_registered_and_not_disabled(host: Any, emulator: Any, project: Any, inputs: Inputs) -> None:
    """What is recorded of a webhook holds its secrets, which nobody will tell again."""
    emulator.faults.add(Fault(method="PATCH", path="*/webhooks/*", status=422))
    failure = failure_of(lambda: host.create("webhook", {**inputs["webhook"], "enabled": False}))

    recorded = dict(failure.partially_created.properties)
    assert recorded["signingSecret"] == project.webhooks.secrets(failure.partially_created.id)["signingSecret"]
    assert recorded["enabled"] is True


def test_an_update_that_failed_half_way(host: Any, emulator: Any, project: Any, inputs: Inputs) -> None:
    """The steps that an update has taken are recorded, with the secrets, and the rest is still to be done."""
    news = {**inputs["webhook"], "secretRotation": "1"}
    webhook_id, made = host.create("webhook", news)
    emulator.faults.add(Fault(path="*/secret/rotate", status=422))
    wanted = {**news, "failureNotificationEmail": "ops@example.com", "secretRotation": "2"}
    failure = failure_of(lambda: host.update("webhook", webhook_id, made, wanted))

    recorded = host.plain(failure.partially_created.properties)
    assert recorded["failureNotificationEmail"] == "ops@example.com"
    assert recorded["secretRotation"] == "1"
    assert recorded["signingSecret"] == made["signingSecret"]
    host.update("webhook", webhook_id, recorded, wanted)
    assert project.webhooks.secrets(webhook_id)["standardSigningSecret"] != made["standardSigningSecret"]


def test_an_internal_error_keeps_its_traceback(start_host: Any) -> None:
    """A bug of ours is not dressed up: the engine gets the traceback and a request for a report, and no status."""
    host, _ = start_host(sabotaged("raise ZeroDivisionError('of ours')"))
    failure = failure_of(lambda: host.create("line", {"platform": "imessage"}))

    assert failure.status is None
    assert failure.details.startswith("Traceback (most recent call last):")
    assert "ZeroDivisionError: of ours" in failure.details
    assert "in sabotage" in failure.details
    assert failure.details.rstrip().endswith(
        "This is a bug in pulumi-spectrum (create of a line). Please report it, with the traceback above."
    )


def test_an_exit_inside_a_provider_is_answered(start_host: Any) -> None:
    """An exit is no exception to the host, which would never answer: it is turned into one, and the host lives on."""
    host, _ = start_host(
        "exits = iter([SystemExit(3), KeyboardInterrupt(), GeneratorExit(), SystemExit(), SystemExit('no')])\n"
        + sabotaged("raise next(exits)")
    )
    for kind in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "SystemExit", "SystemExit"):
        failure = failure_of(lambda: host.create("line", {"platform": "imessage"}))
        assert failure.details.startswith("Traceback (most recent call last):")
        assert f"{kind} was raised inside the provider" in failure.details
        assert "This is a bug in pulumi-spectrum" in failure.details

    assert host.create("platform", {"platform": "voice", "enabled": True})[0] == "voice"


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_the_process_ends_when_it_is_told(how: int, code: int, start_host: Any, inputs: Inputs) -> None:
    """After it has served, a host ends at once, prints nothing, and leaves no port open."""
    host, _ = start_host()
    host.create("webhook", inputs["webhook"])
    printed = host.stop(how)

    assert host.process.returncode == code
    assert printed == ""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", host.port), timeout=5)


def test_the_state_of_a_newer_release(host: Any) -> None:
    """A kind that this release does not have fails with what to do, whatever is asked, and the host goes on."""
    olds = {"projectId": "p-1", **Bookkeeping(frozenset(["name"])).as_output(), "name": "x"}
    calls = [
        lambda: host.check("carrier_pigeon", {"name": "y"}),
        lambda: host.diff("carrier_pigeon", olds, {"name": "y"}),
        lambda: host.create("carrier_pigeon", {"name": "y"}),
        lambda: host.read("carrier_pigeon", "id-1", olds),
        lambda: host.update("carrier_pigeon", "id-1", olds, {"name": "y"}),
        lambda: host.delete("carrier_pigeon", "id-1", olds),
    ]
    messages = {failure_of(call).message for call in calls}

    told = (
        f"This resource is of the kind carrier_pigeon, which pulumi-spectrum {version('pulumi-spectrum')} does not "
        "have: its state was written by a newer release of pulumi-spectrum. Nothing was changed. Upgrade "
        "pulumi-spectrum in the environment that runs the providers."
    )
    assert messages == {told}
    assert host.check("platform", {"platform": "voice", "enabled": True}).failures == []


@pytest.mark.parametrize("raised", ["KeyError(wanted)", "SystemExit(wanted)"])
def test_a_bug_shows_no_argument(raised: str, start_host: Any) -> None:
    """An argument may be a secret, which the host cannot tell: a traceback that would print one is printed without."""
    statement = sabotaged(f"raise {raised} from ValueError(wanted)", kind="webhook")
    host, _ = start_host(f"wanted = 'https://app.example.com/T0k3n'\n{statement}")
    failure = failure_of(lambda: host.create("webhook", {"webhookUrl": "https://app.example.com/T0k3n"}))

    assert "T0k3n" not in failure.details
    assert "[webhookUrl]" in failure.details
    assert "in sabotage" in failure.details
    assert "This is a bug in pulumi-spectrum (create of a webhook)." in failure.details


def test_a_refused_deletion_shows_no_argument(host: Any, emulator: Any, inputs: Inputs) -> None:
    """A deletion sends no argument; where its refusal repeats one that the service knows, that is hidden."""
    resource_id, made = host.create("webhook", inputs["webhook"])
    body = {"succeed": False, "message": f"{inputs['webhook']['webhookUrl']} is being moved; it fails"}
    emulator.faults.add(Fault(method="DELETE", status=409, body=body))
    failure = failure_of(lambda: host.delete("webhook", resource_id, made))

    assert failure.message.endswith("failed (HTTP 409): [webhookUrl] is being moved; it fails.")
