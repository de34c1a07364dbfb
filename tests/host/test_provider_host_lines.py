"""Log lines that a host shows beside a resource, and the modules that it loads."""

import json
import signal
from pathlib import Path
from typing import Any

from kind_samples import SAMPLES
from pulumi.runtime.proto import engine_pb2

from pulumi_spectrum.emulator import Fault
from pulumi_spectrum.providers.bookkeeping import Bookkeeping

Inputs = dict[str, dict[str, Any]]

SHORT_WAITS = """
import pulumi_spectrum.client.transport, pulumi_spectrum.client.wait_reports
pulumi_spectrum.client.wait_reports.MIN_REPORTED_SECONDS = 0.0
pulumi_spectrum.client.transport.Transport.__init__.__kwdefaults__["sleep"] = lambda seconds: None
"""
"""Every pause is worth telling, and none is waited for."""


def urn(kind: str) -> str:
    return f"urn:pulumi:dev::app::pulumi-python:dynamic/spectrum:{kind}::thing"


def test_warning_for_webhook_without_secret(start_host: Any, engine: Any, inputs: Inputs) -> None:
    """Reading a webhook whose secret is unknown logs a warning that says how to get a new one."""
    host, project = start_host()
    row = project.webhooks.add(webhookUrl=inputs["webhook"]["webhookUrl"])
    host.read(
        "webhook",
        row["id"],
        {**inputs["webhook"], "projectId": project.id, **Bookkeeping(frozenset(["webhookUrl"])).as_output()},
    )

    [line] = engine.lines
    assert (line.severity, line.ephemeral, line.urn) == (engine_pb2.WARNING, False, urn("Webhook"))
    assert line.message.startswith("The signing secret of this webhook is not known here")


def test_no_warning_for_webhook_with_secret(host: Any, engine: Any, inputs: Inputs) -> None:
    """Reading a webhook that was registered here logs nothing."""
    webhook_id, made = host.create("webhook", inputs["webhook"])
    host.read("webhook", webhook_id, made)

    assert engine.lines == []


def test_wait_is_logged_once_per_operation(start_host: Any, emulator: Any, engine: Any, inputs: Inputs) -> None:
    """While the service fails, one ephemeral log line says what the operation waits for and how long."""
    host, _ = start_host(SHORT_WAITS)
    emulator.faults.add(Fault(method="POST", path="*/users/", status=503, times=4))
    host.create("user", inputs["user"])

    [line] = engine.lines
    assert (line.severity, line.ephemeral, line.urn) == (engine_pb2.INFO, True, urn("User"))
    assert line.message.startswith("waiting for the Spectrum API to answer again, about ")


def test_each_operation_logs_its_own_wait(start_host: Any, emulator: Any, engine: Any, inputs: Inputs) -> None:
    """The next operation on the same thread logs its own wait."""
    host, _ = start_host(SHORT_WAITS)
    emulator.faults.add(*[Fault(method="POST", path="*/users/", status=503, skip=skip) for skip in (0, 1)])
    for name in ("first", "second"):
        phone = f"{inputs['user']['phoneNumber'][:-1]}{len(name)}"
        host.result(host.start_create("user", {**inputs["user"], "phoneNumber": phone}, name=name))

    assert [line.urn.rsplit("::", 1)[-1] for line in engine.lines] == ["first", "second"]


def test_unreachable_engine_fails_no_operation(start_any_host: Any, emulator: Any, inputs: Inputs) -> None:
    """An operation succeeds even if its log line cannot be sent."""
    project = emulator.add_project()
    host = start_any_host("import sys\nsys.argv[-1] = '127.0.0.1:1'\n", config={}, environment=project.environment)
    row = project.webhooks.add(webhookUrl=inputs["webhook"]["webhookUrl"])

    assert host.read("webhook", row["id"]).id == row["id"]


def test_host_loads_no_command_line(start_host: Any, tmp_path: Path, inputs: Inputs) -> None:
    """After serving every kind, a host has loaded the HTTP library and the models, and nothing of the command line."""
    report = tmp_path / "modules.json"
    host, project = start_host(
        "import atexit, json, sys\n"
        f"atexit.register(lambda: json.dump(sorted(sys.modules), open({str(report)!r}, 'w')))\n"
    )
    created = []
    for kind, news in inputs.items():
        # Right before, since what one kind needs may be an object of another.
        SAMPLES[kind].prepare(project)
        created.append((kind, *host.create(kind, news)))
    for kind, resource_id, made in reversed(created):
        host.read(kind, resource_id, made)
        host.delete(kind, resource_id, made)
    host.stop(signal.SIGINT)
    loaded = set(json.loads(report.read_text()))

    assert {"requests", "pydantic"} <= loaded
    assert loaded & {"click", "rich", "starlette", "uvicorn", "pytest", "hypothesis", "responses"} == set()
    own_parts = {name.split(".")[1] for name in loaded if name.startswith("pulumi_spectrum.")}
    assert own_parts == {
        "client",
        "creation_journal",
        "messages",
        "providers",
        "quick_imports",
        "registry",
        "resources",
        "results",
        "secret_outputs",
        "settings",
        "shared_files",
        "spelling",
        "version",
    }


def test_started_host_loads_no_module(start_host: Any, tmp_path: Path) -> None:
    """A host that was started and not called, as at the start of every run, has loaded no module of the package."""
    report = tmp_path / "modules.json"
    host, _ = start_host(
        "import atexit, json, sys\n"
        f"atexit.register(lambda: json.dump(sorted(sys.modules), open({str(report)!r}, 'w')))\n"
    )
    host.stop(signal.SIGINT)

    assert [name for name in json.loads(report.read_text()) if name.startswith(("pulumi_spectrum", "requests"))] == []
