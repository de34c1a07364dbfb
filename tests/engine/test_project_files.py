"""Every form of project file that the Pulumi CLI reads: the commands find the same settings in it as `pulumi` does."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds

PROGRAM = """import pulumi_spectrum as spectrum

spectrum.User("alice", phone_number="+14155550123", first_name="Alice")
"""
UP = ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")


def put_credentials(folder: Any, stack: str, project: Any, *options: str) -> None:
    """Write a project's credentials into a stack's configuration."""
    values = {"projectId": project.id, "projectSecret": project.secret, "requestsPerSecond": "1000"}
    for key, value in values.items():
        secret = ("--secret",) if key == "projectSecret" else ()
        folder.run("pulumi", "config", "set", *secret, f"spectrum:{key}", value, "--stack", stack, *options)


def test_drift_of_several_stacks(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Drift of several stacks reads each stack's own project, and a project that two stacks share once."""
    second = spectrum.add_project()
    folder = make_project_folder({"SPECTRUM_CLOUD_URL": spectrum.url})
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    (folder.path / "__main__.py").write_text(PROGRAM)
    for stack, project in (("prod", spectrum.project), ("staging", second), ("staging-copy", second)):
        folder.run("pulumi", "stack", "init", stack, "--non-interactive")
        put_credentials(folder, stack, project)
    for stack in ("prod", "staging"):
        folder.run(*UP, "--stack", stack)
    stacks = ("--stack", "prod", "--stack", "staging", "--stack", "staging-copy")
    spectrum.requests.clear()
    assert folder.run("pulumi-spectrum", "drift", *stacks).stdout == "2 resources compared: no drift.\n"
    sent = [(request.project_id, request.operation_id) for request in spectrum.requests]
    assert len(sent) == len(set(sent))
    assert Counter(project_id for project_id, _ in sent) == {
        project.id: len(load_kinds()) for project in (spectrum.project, second)
    }
    second.users.change(second.users.ids[0], firstName="Mallory")
    spectrum.project.platforms.set("slack", enabled=True)
    report = json.loads(folder.run("pulumi-spectrum", "drift", *stacks, "--format", "json", status=2).stdout)
    assert [each["projectId"] for each in report["changed"]] == [second.id]
    assert [each["projectId"] for each in report["unmanaged"]] == [spectrum.project.id]
    refused = folder.run("pulumi-spectrum", "drift", *stacks, "--config-file", "Pulumi.yaml", status=1)
    assert "--config-file goes with one stack" in refused.stderr


def test_json_project_with_configuration_folder(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """A Pulumi.json with a program file and a configuration folder is read as `pulumi` reads it."""
    folder = make_project_folder({"SPECTRUM_CLOUD_URL": spectrum.url})
    (folder.path / "Pulumi.json").write_text(
        '{\n\t"name": "here", "runtime": "python", "main": "app.py", "stackConfigDir": "stacks"}'
    )
    (folder.path / "app.py").write_text(PROGRAM)
    folder.run("pulumi", "stack", "init", "dev", "--non-interactive")
    put_credentials(folder, "dev", spectrum.project)
    assert (folder.path / "stacks" / "Pulumi.dev.json").exists()
    folder.run(*UP)
    assert folder.run("pulumi-spectrum", "drift").stdout == "1 resource compared: no drift.\n"
    assert "problem" not in folder.run("pulumi-spectrum", "doctor").stdout
    spectrum.project.users.add(phoneNumber="+14155550124", type="shared", firstName="Bob")
    added = folder.run("pulumi-spectrum", "adopt", "--into", "existing").stdout
    assert added == 'bob = spectrum.User("bob", phone_number="+14155550124", first_name="Bob")\n'


def test_config_file_option(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """With --config-file, the credentials come from that file, as with `pulumi up --config-file`."""
    folder = make_project_folder({"SPECTRUM_CLOUD_URL": spectrum.url})
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    (folder.path / "__main__.py").write_text(PROGRAM)
    folder.run("pulumi", "stack", "init", "dev", "--non-interactive")
    other = ("--config-file", "other.yaml")
    put_credentials(folder, "dev", spectrum.project, *other)
    folder.run(*UP, *other)
    assert "credentials are missing" in folder.run("pulumi-spectrum", "drift", status=1).stderr
    assert folder.run("pulumi-spectrum", "drift", *other).stdout == "1 resource compared: no drift.\n"
    assert "problem" not in folder.run("pulumi-spectrum", "doctor", *other).stdout
    spectrum.project.platforms.set("slack", enabled=True)
    adopted = folder.run("pulumi-spectrum", "adopt", "--into", "existing", *other)
    assert 'slack = spectrum.Platform("slack", platform="slack")\n' in adopted.stdout
    assert f"--config-file {folder.path / 'other.yaml'}" in adopted.stderr


def test_doctor_finds_empty_virtualenv(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Doctor reports an empty `virtualenv:`, which makes `pulumi up` fail."""
    folder = make_project_folder(spectrum.environment)
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime:\n  name: python\n  options:\n    virtualenv:\n")
    (folder.path / "__main__.py").write_text(PROGRAM)
    folder.init()
    doctor = folder.run("pulumi-spectrum", "doctor", status=1).stdout
    assert "the option virtualenv in Pulumi.yaml has no value, which Pulumi reads as the text <nil>" in doctor
    assert "<nil>" in folder.run(*UP, status=1).stdout
