"""Checks of a preview that looks into the project, in the real host: what is refused, and what is warned of."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime.proto import engine_pb2, provider_pb2

from pulumi_spectrum.providers.bookkeeping import Bookkeeping

PHONE = "+14155550123"
USER = {"phoneNumber": PHONE, "type": "shared", "onConflict": "fail"}
PREVIEW = {"__preview": "acme/app/dev"}


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., None]:
    """Return a function that sets the resources of the state which the Pulumi CLI exports; at first there are none."""
    command, state = tmp_path / "pulumi", tmp_path / "state.json"
    command.write_text(f"#!/bin/sh\n/bin/cat {state}\n")
    command.chmod(0o755)

    def write(*resources: dict[str, Any]) -> None:
        state.write_text(json.dumps({"deployment": {"resources": resources}}))

    write()
    return write


@pytest.fixture
def start(start_host: Callable[..., Any], export: Any, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that starts a host, on whose PATH stands the CLI of `export` or, on another PATH, no other."""
    del export
    return lambda path=str(tmp_path): start_host(environment={"PATH": path})


def configuration_of(project: Any) -> dict[str, str]:
    return {
        "spectrum:projectId": project.id,
        "spectrum:projectSecret": project.secret,
        "spectrum:baseUrl": project.environment["SPECTRUM_CLOUD_URL"],
    }


def urn(name: str) -> str:
    return f"urn:pulumi:dev::app::pulumi-python:dynamic/spectrum:User::{name}"


def reasons(checked: Any) -> list[str]:
    return [failure.reason for failure in checked.failures]


def in_state(project: Any) -> dict[str, Any]:
    return {**USER, "projectId": project.id, **Bookkeeping(frozenset(USER)).as_output()}


def test_conflict_is_refused(start: Any) -> None:
    """An object that exists, and that the state does not hold, fails the check with its id and the ways on."""
    host, project = start()
    row = project.users.add(phoneNumber=PHONE)
    checked = host.check("user", {**USER, **PREVIEW})
    [reason] = reasons(checked)
    assert reason.startswith(f"A user with this phone_number is there already (id {row['id']}), and it is not in the")
    assert 'set on_conflict="adopt" to take it over' in reason


def test_nothing_is_kept_of_the_preview(start: Any) -> None:
    """The hidden input is not part of what the check returns, so no state and no diff ever has it."""
    host, _ = start()
    checked = host.check("user", {**USER, **PREVIEW})
    assert reasons(checked) == []
    assert host.plain(checked.inputs).keys() == {*USER, "__provider"}


def test_unreadable_state_is_a_warning(start: Any, engine: Any, tmp_path: Path) -> None:
    """Where the CLI is missing, it is not sure whose the object is: a warning with the ways on."""
    host, project = start(str(tmp_path / "nothing"))
    project.users.add(phoneNumber=PHONE)
    assert reasons(host.check("user", {**USER, **PREVIEW})) == []
    [line] = engine.lines
    assert (line.severity, line.ephemeral, line.urn) == (engine_pb2.WARNING, False, urn("thing"))
    assert "The state of this stack could not be read" in line.message


def test_object_of_another_resource_is_a_warning(start: Any, export: Any, engine: Any) -> None:
    """An object that another resource of the state holds may be free in the end: it is warned of by that name."""
    host, project = start()
    export({"urn": urn("other"), "id": project.users.add(phoneNumber=PHONE)["id"]})
    assert reasons(host.check("user", {**USER, **PREVIEW})) == []
    [line] = engine.lines
    assert 'it is "other" of this stack' in line.message


def test_own_object_is_accepted(start: Any, export: Any, engine: Any) -> None:
    """An object that the resource itself holds, as under --replace, is not in its way."""
    host, project = start()
    export({"urn": urn("thing"), "id": project.users.add(phoneNumber=PHONE)["id"]})
    assert reasons(host.check("user", {**USER, **PREVIEW})) == []
    assert engine.lines == []


def test_object_that_moves_is_accepted(start: Any, engine: Any) -> None:
    """An object whose resource moves away from it is free, whatever the state holds."""
    host, project = start()
    row = project.users.add(phoneNumber=PHONE)
    host.diff("user", in_state(project), {**USER, "phoneNumber": "+14155550199"}, row["id"], name="other")
    assert reasons(host.check("user", {**USER, **PREVIEW})) == []
    assert engine.lines == []


def test_object_that_is_kept_is_refused(start: Any) -> None:
    """An object of a resource that stays as it is, is refused by that resource's name."""
    host, project = start()
    row = project.users.add(phoneNumber=PHONE)
    host.diff("user", in_state(project), USER, row["id"], name="other")
    [reason] = reasons(host.check("user", {**USER, **PREVIEW}))
    assert 'it is "other" of this program, which stays as it is' in reason


def test_object_of_a_killed_run_is_accepted(start_any_host: Any, start: Any, tmp_path: Path, engine: Any) -> None:
    """An object that the resource has made in a run that was killed is taken up by the next one: it is no conflict."""
    host, project = start()
    host.create("user", USER)
    host.stop(signal.SIGKILL)
    later = start_any_host(config=configuration_of(project), environment={"PATH": str(tmp_path)})
    assert reasons(later.check("user", {**USER, **PREVIEW})) == []
    assert engine.lines == []


def test_resource_in_the_state_is_not_checked(start: Any, emulator: Any) -> None:
    """A check with old inputs is of a resource that exists, so nothing is requested."""
    host, project = start()
    project.users.add(phoneNumber=PHONE)
    emulator.requests.clear()
    request = provider_pb2.CheckRequest(
        urn=urn("thing"), olds=host.properties("user", USER), news=host.properties("user", {**USER, **PREVIEW})
    )
    assert reasons(host.call("Check", request)) == []
    assert len(emulator.requests) == 0


def test_unknown_arguments_are_not_checked(start: Any, engine: Any) -> None:
    """What is decided by an argument that is not known yet is not checked."""
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    host, project = start()
    project.users.add(phoneNumber=PHONE)
    for argument in ("phoneNumber", "onConflict", "type"):
        assert reasons(host.check("user", {**USER, **PREVIEW, argument: unknown}, name=argument)) == []
    assert engine.lines == []


def test_other_previews_load_nothing_of_it(start_host: Any, tmp_path: Path) -> None:
    """A check without the hidden input loads none of the modules that look into a project."""
    report = tmp_path / "modules.json"
    host, _ = start_host(
        "import atexit, json, sys\n"
        f"atexit.register(lambda: json.dump(sorted(sys.modules), open({str(report)!r}, 'w')))\n"
    )
    assert reasons(host.check("user", USER)) == []
    host.stop(signal.SIGINT)
    parts = ("preview_checks", "project_seen", "stack_state")
    assert [name for name in json.loads(report.read_text()) if name.rpartition(".")[2] in parts] == []
