"""How calls of the real dynamic host fail: every failure is answered, and with which message."""

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


def test_user_error_has_no_traceback(host: Any, project: Any, inputs: Inputs) -> None:
    """A user error returns a status with the message alone, which the CLI shows instead of the traceback."""
    existing = project.webhooks.add(webhookUrl=inputs["webhook"]["webhookUrl"])
    failure = failure_of(lambda: host.create("webhook", inputs["webhook"]))

    assert failure.code is grpc.StatusCode.UNKNOWN
    assert failure.status.code == 2
    assert failure.message.startswith(f"This webhook_url is registered already (id {existing['id']})")
    assert "Traceback" not in failure.message
    assert failure.partially_created is None


@pytest.mark.parametrize("kind", ["webhook", "user", "line", "platform"])
def test_wrong_secret_fails_every_operation(kind: str, start_host_with_wrong_secret: Any, inputs: Inputs) -> None:
    """With a wrong secret every operation says so, and a refresh says that it used the last `up`'s configuration."""
    host, project = start_host_with_wrong_secret
    olds = {**inputs[kind], "projectId": project.id, **Bookkeeping(frozenset(inputs[kind])).as_output()}
    made = failure_of(lambda: host.create(kind, inputs[kind]))
    read = failure_of(lambda: host.read(kind, "voice", olds))
    deleted = failure_of(lambda: host.delete(kind, "voice", olds))

    for failure in (made, read, deleted):
        assert "failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and " in failure.message
        assert "not-the-right-secret" not in f"{failure.message}{failure.details}"
    assert "--run-program" not in made.message
    assert read.message.endswith("if the secret was rotated since, add --run-program.")


@pytest.fixture(scope="module")
def start_host_with_wrong_secret(start_any_host: Any, running_emulator: Any) -> tuple[Any, Any]:
    project = running_emulator.add_project()
    environment = {**project.environment, "SPECTRUM_PROJECT_SECRET": "not-the-right-secret"}
    return start_any_host(config={"spectrum:requestsPerSecond": "1000"}, environment=environment), project


def test_wrong_project_fails_every_operation(host: Any, emulator: Any, inputs: Inputs) -> None:
    """Every operation on an object of another project names both projects and sends nothing."""
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


def test_refusal_has_the_services_message(host: Any, emulator: Any, inputs: Inputs) -> None:
    """A refused request's error holds the service's own message."""
    body = {"succeed": False, "message": "This phone is on a list.", "code": "422"}
    emulator.faults.add(Fault(method="POST", path="*/users/", status=422, body=body))
    failure = failure_of(lambda: host.create("user", inputs["user"]))

    assert failure.message == "POST /users/ failed (HTTP 422): This phone is on a list."


def test_proxy_page_is_named_and_not_shown(host: Any, emulator: Any, inputs: Inputs) -> None:
    """A page from a proxy is named as such in the error, and none of its text is shown."""
    emulator.faults.add(Fault(method="POST", path="*/users/", status=403, body="<html><body>Blocked by Acme</body>"))
    failure = failure_of(lambda: host.create("user", inputs["user"]))

    assert "the answer is not from the Spectrum API (text/html)" in failure.message
    assert "Acme" not in failure.message


def test_partially_created_line(host: Any, emulator: Any, project: Any, inputs: Inputs) -> None:
    """The engine gets the allocated line with its id, its provider and its properties; an update finishes it."""
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


def test_partially_created_webhook(host: Any, emulator: Any, project: Any, inputs: Inputs) -> None:
    """A partially created webhook is recorded with its secrets, which the API returns only once."""
    emulator.faults.add(Fault(method="PATCH", path="*/webhooks/*", status=422))
    failure = failure_of(lambda: host.create("webhook", {**inputs["webhook"], "enabled": False}))

    recorded = dict(failure.partially_created.properties)
    assert recorded["signingSecret"] == project.webhooks.secrets(failure.partially_created.id)["signingSecret"]
    assert recorded["enabled"] is True


def test_partial_update(host: Any, emulator: Any, project: Any, inputs: Inputs) -> None:
    """The finished steps of a failed update are recorded, with the secrets, and the next update does the rest."""
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


def test_internal_error_keeps_its_traceback(start_host: Any) -> None:
    """For an internal error the engine gets the traceback and a request for a report, and no status."""
    host, _ = start_host(sabotaged("raise ZeroDivisionError('internal')"))
    failure = failure_of(lambda: host.create("line", {"platform": "imessage"}))

    assert failure.status is None
    assert failure.details.startswith("Traceback (most recent call last):")
    assert "ZeroDivisionError: internal" in failure.details
    assert "in sabotage" in failure.details
    assert failure.details.rstrip().endswith(
        "This is a bug in pulumi-spectrum (create of a line). Please report it, with the traceback above."
    )


def test_system_exit_in_a_provider_is_answered(start_host: Any) -> None:
    """SystemExit, which the host would leave unanswered, is turned into an error, and the host goes on."""
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
def test_host_ends_on_a_signal(how: int, code: int, start_host: Any, inputs: Inputs) -> None:
    """After it has served, a host ends at once on a signal, prints nothing, and leaves no port open."""
    host, _ = start_host()
    host.create("webhook", inputs["webhook"])
    printed = host.stop(how)

    assert host.process.returncode == code
    assert printed == ""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", host.port), timeout=5)


def test_kind_of_a_newer_release(host: Any) -> None:
    """Every operation on a kind that this release lacks fails with what to do, and the host goes on."""
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

    expected = (
        f"This resource is of the kind carrier_pigeon, which pulumi-spectrum {version('pulumi-spectrum')} does not "
        "have: its state was written by a newer release of pulumi-spectrum. Nothing was changed. Upgrade "
        "pulumi-spectrum in the environment that runs the providers."
    )
    assert messages == {expected}
    assert host.check("platform", {"platform": "voice", "enabled": True}).failures == []


@pytest.mark.parametrize("raised", ["KeyError(wanted)", "SystemExit(wanted)"])
def test_internal_error_hides_arguments(raised: str, start_host: Any) -> None:
    """A traceback that repeats an argument is printed without its value, since any argument may be a secret."""
    statement = sabotaged(f"raise {raised} from ValueError(wanted)", kind="webhook")
    host, _ = start_host(f"wanted = 'https://app.example.com/T0k3n'\n{statement}")
    failure = failure_of(lambda: host.create("webhook", {"webhookUrl": "https://app.example.com/T0k3n"}))

    assert "T0k3n" not in failure.details
    assert "[webhookUrl]" in failure.details
    assert "in sabotage" in failure.details
    assert "This is a bug in pulumi-spectrum (create of a webhook)." in failure.details


def test_refused_deletion_hides_arguments(host: Any, emulator: Any, inputs: Inputs) -> None:
    """The error of a refused deletion hides an argument of the resource that the service's message repeats."""
    resource_id, made = host.create("webhook", inputs["webhook"])
    body = {"succeed": False, "message": f"{inputs['webhook']['webhookUrl']} is being moved; it fails"}
    emulator.faults.add(Fault(method="DELETE", status=409, body=body))
    failure = failure_of(lambda: host.delete("webhook", resource_id, made))

    assert failure.message.endswith("failed (HTTP 409): [webhookUrl] is being moved; it fails.")
