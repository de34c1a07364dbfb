"""The stand-in language host's responses to the engine's calls."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2

HANG_GUARD_SECONDS = 60


def test_plugin_info(host: Any) -> None:
    """The host reports the version of the SDK that it is built with."""
    from importlib.metadata import version

    assert host.calls.GetPluginInfo(Empty()).version == version("pulumi")


def test_own_package_needs_no_plugin(host: Any) -> None:
    """The host requires no plugin named spectrum, whether the package is installed editable or not."""
    packages = host.calls.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=host.info())).packages
    assert [package.name for package in packages] == []


def test_about_reports_the_interpreter(host: Any) -> None:
    """The interpreter that runs the program is the first python3 on PATH."""
    about = host.calls.About(language_pb2.AboutRequest(info=host.info()))
    assert Path(about.executable).parent == Path(sys.executable).parent
    assert about.version == ".".join(map(str, sys.version_info[:3]))


@pytest.fixture
def virtualenv(host: Any) -> Path:
    """A virtual environment of the project, with metadata of a few packages."""
    site = host.folder / "site"
    packages = {
        "pulumi_random-4.16.0": "",
        "pulumi_alpha-1.2a3": "",
        "pulumi_epoch-1!2.0": "",
        "pulumi_policy-1.20.0": "",
        "acme-0.1.0": "Requires-Dist: pulumi-random>=4; python_version > '3'\nRequires-Dist: quiet; extra == 'all'\n",
        "quiet-2.0.0": "",
        "loud-3.0.0": "",
    }
    for package, requirements in packages.items():
        metadata = site / f"{package}.dist-info" / "METADATA"
        metadata.parent.mkdir(parents=True)
        name, _, version = package.partition("-")
        metadata.write_text(
            f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n{requirements}"
        )
    for module, plugin in {
        "quiet": {"resource": False},
        "loud": {
            "resource": True,
            "name": "noise",
            "version": "9.9.9",
            "server": "https://plugins.example.com",
            "parameterization": {"name": "horn", "version": "0.1.0", "value": "aGk="},
        },
    }.items():
        (site / module).mkdir()
        (site / module / "pulumi-plugin.json").write_text(json.dumps(plugin))
    python = host.folder / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{site}" exec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    return python.parent.parent


@pytest.mark.usefixtures("virtualenv")
def test_required_packages(host: Any) -> None:
    """Required plugins come from each package's metadata, or from names that begin with pulumi-, in the virtualenv."""
    request = language_pb2.GetRequiredPackagesRequest(info=host.info(virtualenv="env"))
    packages = sorted(host.calls.GetRequiredPackages(request).packages, key=lambda package: package.name)
    assert [(package.name, package.version, package.kind, package.server) for package in packages] == [
        ("alpha", "v1.2.0-alpha.3", "resource", ""),
        ("noise", "v9.9.9", "resource", "https://plugins.example.com"),
        ("random", "v4.16.0", "resource", ""),
    ]
    assert packages[1].parameterization.name == "horn"
    assert packages[1].parameterization.value == b"hi"


@pytest.mark.usefixtures("virtualenv")
def test_program_dependencies(host: Any) -> None:
    """`pulumi about` lists packages that no other package requires, and with --transitive all packages."""

    def names(*, transitive: bool) -> set[str]:
        request = language_pb2.GetProgramDependenciesRequest(
            info=host.info(virtualenv="env"), transitiveDependencies=transitive
        )
        return {package.name for package in host.calls.GetProgramDependencies(request).dependencies}

    assert names(transitive=False) == {"acme", "loud", "quiet", "pulumi-alpha", "pulumi-epoch", "pulumi-policy"}
    assert names(transitive=True) - names(transitive=False) == {"pulumi-random"}


def test_run_in_virtualenv(host: Any, virtualenv: Path) -> None:
    """A program with the virtualenv option runs in that environment as if it were activated."""
    request = language_pb2.RunRequest(info=host.info(virtualenv=str(virtualenv)), args=[host.REPORT])
    host.calls.Run(request)
    environment = host.read_report()["environment"]
    assert environment["VIRTUAL_ENV"] == str(virtualenv)
    assert environment["PATH"].split(os.pathsep)[0] == str(virtualenv / "bin")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"virtualenv": "missing"}, "run `pulumi install`"),
        ({"toolchain": "uv"}, "/.venv"),
        ({"toolchain": "poetry"}, "the official Pulumi CLI"),
        ({"typechecker": "mypy"}, "the official Pulumi CLI"),
    ],
)
def test_unusable_virtualenv_options(host: Any, options: dict[str, str], words: str) -> None:
    """Options that cannot be followed are refused with what to do, and without a traceback."""
    with pytest.raises(grpc.RpcError) as refusal:
        host.calls.Run(language_pb2.RunRequest(info=host.info(**options), args=[host.REPORT]))
    assert refusal.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert words in refusal.value.details()
    host.process.terminate()
    assert host.process.communicate(timeout=HANG_GUARD_SECONDS) == ("", "")


def test_install_dependencies(host: Any) -> None:
    """`pulumi install` makes the virtual environment, runs pip there, and shows pip's output."""
    (host.folder / "requirements.txt").write_text("./nothing-here\n")
    request = language_pb2.InstallDependenciesRequest(info=host.info(virtualenv="made"))
    output = []

    def install() -> None:
        for response in host.calls.InstallDependencies(request):
            output.append(response.stdout)  # noqa: PERF401 - keeps the output before the failure

    with pytest.raises(grpc.RpcError) as refusal:
        install()
    assert b"nothing-here" in b"".join(output)
    assert "requirements.txt` failed in" in refusal.value.details()
    assert (host.folder / "made" / "bin" / "python").exists()


@pytest.mark.parametrize(
    ("call", "request_type"),
    [
        ("GetRequiredPlugins", language_pb2.GetRequiredPluginsRequest),
        ("GenerateProgram", language_pb2.GenerateProgramRequest),
        ("GenerateProject", language_pb2.GenerateProjectRequest),
        ("GeneratePackage", language_pb2.GeneratePackageRequest),
        ("Pack", language_pb2.PackRequest),
        ("Link", language_pb2.LinkRequest),
    ],
)
def test_unimplemented_calls(host: Any, call: str, request_type: type) -> None:
    """Calls that a development CLI does not need return UNIMPLEMENTED, which the engine accepts."""
    with pytest.raises(grpc.RpcError) as refusal:
        getattr(host.calls, call)(request_type())
    assert refusal.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_new_project_is_unchanged(host: Any) -> None:
    """`pulumi new` asks no further question, and the new project is left unchanged."""
    assert list(host.calls.RuntimeOptionsPrompts(language_pb2.RuntimeOptionsRequest(info=host.info())).prompts) == []
    assert host.calls.Template(language_pb2.TemplateRequest(info=host.info())) == language_pb2.TemplateResponse()


def test_python_without_pulumi(host: Any, folder: Path) -> None:
    """For a Python without the pulumi package, the error says to activate the environment that has it."""
    without_packages = [sys.executable, "-S", str(folder / "language_host.py"), host.ENGINE]
    result = subprocess.run(without_packages, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{sys.executable} has no pulumi package.")
    assert "activate the virtual environment" in result.stderr
