"""What a host shows beside a resource while it works, and what it loads to do so."""

import json
import signal
from pathlib import Path
from typing import Any

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


def test_a_webhook_without_its_secret_is_warned_of(start_host: Any, engine: Any, inputs: Inputs) -> None:
    """A webhook whose secret nobody has told us is read with a warning on its line, which says how to get one."""
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


def test_a_webhook_with_its_secret_is_not(host: Any, engine: Any, inputs: Inputs) -> None:
    """A webhook that was registered here is read without a word."""
    webhook_id, made = host.create("webhook", inputs["webhook"])
    host.read("webhook", webhook_id, made)

    assert engine.lines == []


def test_a_wait_is_shown_once_while_it_lasts(start_host: Any, emulator: Any, engine: Any, inputs: Inputs) -> None:
    """While a service fails, the resource's line says what is waited for and how long: once, and gone with the next."""
    host, _ = start_host(SHORT_WAITS)
    emulator.faults.add(Fault(method="POST", path="*/users/", status=503, times=4))
    host.create("user", inputs["user"])

    [line] = engine.lines
    assert (line.severity, line.ephemeral, line.urn) == (engine_pb2.INFO, True, urn("User"))
    assert line.message.startswith("waiting for the Spectrum API to answer again, about ")


def test_each_operation_shows_its_own_wait(start_host: Any, emulator: Any, engine: Any, inputs: Inputs) -> None:
    """The next operation on the same thread may have to wait for something else."""
    host, _ = start_host(SHORT_WAITS)
    emulator.faults.add(*[Fault(method="POST", path="*/users/", status=503, skip=skip) for skip in (0, 1)])
    for name in ("first", "second"):
        phone = f"{inputs['user']['phoneNumber'][:-1]}{len(name)}"
        host.result(host.start_create("user", {**inputs["user"], "phoneNumber": phone}, name=name))

    assert [line.urn.rsplit("::", 1)[-1] for line in engine.lines] == ["first", "second"]


def test_an_engine_that_is_gone_fails_nothing(start_any_host: Any, emulator: Any, inputs: Inputs) -> None:
    """A line that cannot be shown is not worth a resource."""
    project = emulator.add_project()
    host = start_any_host("import sys\nsys.argv[-1] = '127.0.0.1:1'\n", config={}, environment=project.environment)
    row = project.webhooks.add(webhookUrl=inputs["webhook"]["webhookUrl"])

    assert host.read("webhook", row["id"]).id == row["id"]


def test_a_host_loads_what_it_needs(start_host: Any, tmp_path: Path, inputs: Inputs) -> None:
    """Having served every kind, a host has loaded the HTTP library and the models, and nothing of the command line."""
    report = tmp_path / "modules.json"
    host, _ = start_host(
        "import atexit, json, sys\n"
        f"atexit.register(lambda: json.dump(sorted(sys.modules), open({str(report)!r}, 'w')))\n"
    )
    for kind, news in inputs.items():
        resource_id, made = host.create(kind, news)
        host.read(kind, resource_id, made)
        host.delete(kind, resource_id, made)
    host.stop(signal.SIGINT)
    loaded = set(json.loads(report.read_text()))

    assert {"requests", "pydantic"} <= loaded
    assert loaded & {"click", "rich", "starlette", "uvicorn", "pytest", "hypothesis", "responses"} == set()
    ours = {name.split(".")[1] for name in loaded if name.startswith("pulumi_spectrum.")}
    assert ours == {
        "client",
        "messages",
        "providers",
        "registry",
        "resources",
        "results",
        "secret_outputs",
        "settings",
        "shared_files",
        "spelling",
        "version",
    }


def test_a_host_loads_nothing_before_it_is_needed(start_host: Any, tmp_path: Path) -> None:
    """A host that was only started, as every engine does at first, has loaded nothing of ours."""
    report = tmp_path / "modules.json"
    host, _ = start_host(
        "import atexit, json, sys\n"
        f"atexit.register(lambda: json.dump(sorted(sys.modules), open({str(report)!r}, 'w')))\n"
    )
    host.stop(signal.SIGINT)

    assert [name for name in json.loads(report.read_text()) if name.startswith(("pulumi_spectrum", "requests"))] == []
