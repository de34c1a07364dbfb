"""The stand-in language host, as a process, called the way the engine calls it."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

SOURCES = Path(__file__).parents[2] / "tools" / "pulumi-cli"
ENGINE = "127.0.0.1:12345"
HANG_GUARD_SECONDS = 60

# Runs its last argument as Python, in the place of the script that runs a Pulumi program.
EXECUTOR = "import sys\nexec(sys.argv[-1])\n"

REPORT = """
import json, os
print(json.dumps({"arguments": sys.argv[1:-1], "environment": dict(os.environ)}), flush=True)
"""

# Connects to the test, starts a process that holds the connection as well, and runs on.
STAY = """
import socket, subprocess, time
connection = socket.create_connection(("127.0.0.1", {port}))
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
subprocess.Popen(sleep, pass_fds=[connection.fileno()])
connection.sendall(b"up")
"""
SLEEP = "time.sleep(600)\n"


class Host:
    """A language host that runs, and a client of it."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.channel = grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}")
        self.calls = language_pb2_grpc.LanguageRuntimeStub(self.channel)
        self.folder = folder

    def info(self, **options: str) -> language_pb2.ProgramInfo:
        root = str(self.folder)
        info = language_pb2.ProgramInfo(root_directory=root, program_directory=root, entry_point=".")
        info.options.update(options)
        return info

    def run(self, code: str, **settings: Any) -> grpc.Future:
        return self.calls.Run.future(language_pb2.RunRequest(info=self.info(), args=[code], **settings))

    def read_line(self) -> Any:
        return json.loads(self.process.stdout.readline())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    installed = tmp_path / "cli"
    shutil.copytree(SOURCES, installed, ignore=shutil.ignore_patterns("__pycache__"))
    (installed / "pulumi-language-python-exec").write_text(EXECUTOR)
    return installed


@pytest.fixture
def host(folder: Path, tmp_path: Path) -> Iterator[Host]:
    project = tmp_path / "project"
    project.mkdir()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([folder / "language_host.py", ENGINE], text=True, env=path_to_python(), **pipes) as process:
        host = Host(process, project)
        with host.channel:
            yield host
            process.kill()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(HANG_GUARD_SECONDS)
        yield listener


def path_to_python(**more: str) -> dict[str, str]:
    """An environment in which this interpreter is `python3`, as in an activated one, and pip asks no registry."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return os.environ | {"PATH": path, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | more


def stay(listener: socket.socket) -> str:
    return STAY.format(port=listener.getsockname()[1])


def accept(listener: socket.socket) -> socket.socket:
    connection, _ = listener.accept()
    connection.settimeout(HANG_GUARD_SECONDS)
    assert connection.recv(2) == b"up"
    return connection


def all_have_ended(connection: socket.socket) -> bool:
    """Wait until no process holds the other end of the connection any more."""
    with contextlib.closing(connection), contextlib.suppress(ConnectionResetError):
        return connection.recv(1) == b""
    return True


def test_run_passes_everything_on(host: Host) -> None:
    """A program is started with the monitor, the engine, the stack and the settings that the engine has sent."""
    answer = host.run(
        REPORT,
        monitor_address="127.0.0.1:1",
        project="shop",
        stack="prod",
        organization="acme",
        pwd="/srv/shop",
        dryRun=True,
        parallel=0,
        config={"shop:colour": "grün", "shop:key": "k"},
        configSecretKeys=["shop:key"],
    ).result()
    report = host.read_line()
    assert report["arguments"] == [
        *("--monitor", "127.0.0.1:1"),
        *("--engine", ENGINE),
        *("--project", "shop"),
        *("--root_directory", str(host.folder)),
        *("--stack", "prod"),
        *("--pwd", "/srv/shop"),
        *("--dry_run", "true"),
        *("--parallel", "0"),
        *("--organization", "acme"),
        ".",
    ]
    environment = report["environment"]
    assert json.loads(environment.pop("PULUMI_CONFIG")) == {"shop:colour": "grün", "shop:key": "k"}
    assert json.loads(environment.pop("PULUMI_CONFIG_SECRET_KEYS")) == ["shop:key"]
    # The one is set by pytest anew for each phase of a test, the other by the interpreter itself in a plain locale.
    changing = {"PYTEST_CURRENT_TEST", "LC_CTYPE"}
    expected = {name: value for name, value in path_to_python().items() if name not in changing}
    assert {name: value for name, value in environment.items() if name not in changing} == expected
    assert answer == language_pb2.RunResponse()


def test_run_without_configuration(host: Host) -> None:
    """A stack without configuration leaves PULUMI_CONFIG as it was, and has an empty list of secret keys."""
    host.run(REPORT).result()
    environment = host.read_line()["environment"]
    assert "PULUMI_CONFIG" not in environment
    assert environment["PULUMI_CONFIG_SECRET_KEYS"] == "[]"


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("sys.exit(0)", language_pb2.RunResponse()),
        ("sys.exit(32)", language_pb2.RunResponse(bail=True)),
        ("sys.exit(3)", language_pb2.RunResponse(error="program exited with non-zero exit code: 3")),
    ],
)
def test_exit_codes(host: Host, code: str, answer: language_pb2.RunResponse) -> None:
    """A program's exit code says whether it succeeded, has told the user what failed, or has not."""
    assert host.run(code).result() == answer


def test_handshake(host: Host) -> None:
    """The engine's address from a handshake goes to the programs that are run after it."""
    host.calls.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:9"))
    host.run(REPORT).result()
    arguments = host.read_line()["arguments"]
    assert arguments[arguments.index("--engine") + 1] == "127.0.0.1:9"


ENDINGS: dict[str, Callable[[Host, grpc.Future], object]] = {
    "the engine cancels the call": lambda _, running: running.cancel(),
    "the engine asks to cancel": lambda host, _: host.calls.Cancel(Empty()),
    "the connection breaks": lambda host, _: host.channel.close(),
    "the engine is gone": lambda host, _: host.process.stdin.close(),
    "SIGINT": lambda host, _: host.process.send_signal(signal.SIGINT),
    "SIGTERM": lambda host, _: host.process.send_signal(signal.SIGTERM),
    "SIGKILL": lambda host, _: host.process.kill(),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_outlives_the_engine(host: Host, listener: socket.socket, ending: str) -> None:
    """However the engine lets go of a program, the program and what it has started end at once."""
    running = host.run(stay(listener) + SLEEP)
    connection = accept(listener)
    ENDINGS[ending](host, running)
    assert all_have_ended(connection)


@pytest.mark.parametrize("code", ["", "sys.exit(3)\n", "sys.exit(32)\n"])
def test_nothing_outlives_its_program(host: Host, listener: socket.socket, code: str) -> None:
    """What a program has started and left running ends with it, so that the engine does not wait for it."""
    running = host.run(stay(listener) + code)
    connection = accept(listener)
    running.result()
    assert all_have_ended(connection)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_are_quiet(host: Host, listener: socket.socket, number: signal.Signals) -> None:
    """A host that is interrupted or terminated prints nothing and reports no failure, even with a program running."""
    _running = host.run(stay(listener) + SLEEP)
    connection = accept(listener)
    host.process.send_signal(number)
    output, errors = host.process.communicate(timeout=HANG_GUARD_SECONDS)
    connection.close()
    assert (output, errors, host.process.returncode) == ("", "", 0)


def test_cancelled_program_is_not_blamed(host: Host, listener: socket.socket) -> None:
    """A program that was ended on request adds no error of its own to the engine's."""
    running = host.run(stay(listener) + SLEEP)
    connection = accept(listener)
    host.calls.Cancel(Empty())
    connection.close()
    assert running.result() == language_pb2.RunResponse(bail=True)


def test_plugin_info(host: Host) -> None:
    """The host has the version of the SDK it is made with."""
    from importlib.metadata import version

    assert host.calls.GetPluginInfo(Empty()).version == version("pulumi")


def test_own_package_needs_no_plugin(host: Host) -> None:
    """The engine is not sent to look for a plugin named spectrum, whether the package is installed editable or not."""
    packages = host.calls.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=host.info())).packages
    assert [package.name for package in packages] == []


def test_about(host: Host) -> None:
    """The interpreter that runs the program is the first python3 on PATH."""
    about = host.calls.About(language_pb2.AboutRequest(info=host.info()))
    assert Path(about.executable).parent == Path(sys.executable).parent
    assert about.version == ".".join(map(str, sys.version_info[:3]))


@pytest.fixture
def virtualenv(host: Host) -> Path:
    """A virtual environment of the project, in which a few packages seem to be installed."""
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
def test_required_packages(host: Host) -> None:
    """Plugins come from each package's own word, else from names that begin with pulumi-, in the virtualenv option."""
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
def test_program_dependencies(host: Host) -> None:
    """`pulumi about` lists what no other package requires, and with --transitive everything."""

    def names(*, transitive: bool) -> set[str]:
        request = language_pb2.GetProgramDependenciesRequest(
            info=host.info(virtualenv="env"), transitiveDependencies=transitive
        )
        return {package.name for package in host.calls.GetProgramDependencies(request).dependencies}

    assert names(transitive=False) == {"acme", "loud", "quiet", "pulumi-alpha", "pulumi-epoch", "pulumi-policy"}
    assert names(transitive=True) - names(transitive=False) == {"pulumi-random"}


def test_run_in_virtualenv(host: Host, virtualenv: Path) -> None:
    """A program with the virtualenv option runs in that environment as if it were activated."""
    request = language_pb2.RunRequest(info=host.info(virtualenv=str(virtualenv)), args=[REPORT])
    host.calls.Run(request)
    environment = host.read_line()["environment"]
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
def test_unusable_options(host: Host, options: dict[str, str], words: str) -> None:
    """Options that cannot be followed are refused with what to do, and without a traceback."""
    with pytest.raises(grpc.RpcError) as refusal:
        host.calls.Run(language_pb2.RunRequest(info=host.info(**options), args=[REPORT]))
    assert refusal.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert words in refusal.value.details()
    host.process.terminate()
    assert host.process.communicate(timeout=HANG_GUARD_SECONDS) == ("", "")


def test_install_dependencies(host: Host) -> None:
    """`pulumi install` makes the virtual environment, runs pip there, and shows what pip says."""
    (host.folder / "requirements.txt").write_text("./nothing-here\n")
    request = language_pb2.InstallDependenciesRequest(info=host.info(virtualenv="made"))
    output = []

    def install() -> None:
        for response in host.calls.InstallDependencies(request):
            output.append(response.stdout)  # noqa: PERF401 - what came before the failure is to be kept

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
def test_unimplemented(host: Host, call: str, request_type: type) -> None:
    """What a development CLI does without is answered as unimplemented, which the engine understands."""
    with pytest.raises(grpc.RpcError) as refusal:
        getattr(host.calls, call)(request_type())
    assert refusal.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_new_project(host: Host) -> None:
    """`pulumi new` is asked no further questions, and its project is left alone."""
    assert list(host.calls.RuntimeOptionsPrompts(language_pb2.RuntimeOptionsRequest(info=host.info())).prompts) == []
    assert host.calls.Template(language_pb2.TemplateRequest(info=host.info())) == language_pb2.TemplateResponse()


def test_python_without_pulumi(folder: Path) -> None:
    """A Python that lacks the pulumi package is told to activate the environment that has it."""
    without_packages = [sys.executable, "-S", str(folder / "language_host.py"), ENGINE]
    result = subprocess.run(without_packages, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{sys.executable} has no pulumi package.")
    assert "activate the virtual environment" in result.stderr


@pytest.mark.parametrize(
    ("last_words", "shown"),
    [
        ("raise ValueError('no such colour')", "ValueError: no such colour"),
        ("sys.exit(3)", "exited with non-zero exit code: 3"),
    ],
)
def test_failing_program(tmp_path: Path, listener: socket.socket, last_words: str, shown: str) -> None:
    """`pulumi up` of a program that fails shows its error and leaves nothing running."""
    (tmp_path / "Pulumi.yaml").write_text("name: failing\nruntime: python\n")
    (tmp_path / "__main__.py").write_text("import sys\n" + stay(listener) + last_words)
    (tmp_path / "backend").mkdir()
    environment = path_to_python(
        PULUMI_BACKEND_URL=f"file://{tmp_path / 'backend'}",
        PULUMI_CONFIG_PASSPHRASE="",
        PULUMI_HOME=str(tmp_path / "home"),
        PULUMI_SKIP_UPDATE_CHECK="true",
    )

    def pulumi(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["pulumi", "--non-interactive", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    assert pulumi("stack", "init", "dev").returncode == 0
    result = pulumi("up", "--yes", "--skip-preview")
    connection = accept(listener)
    assert result.returncode != 0
    assert shown in result.stdout
    assert all_have_ended(connection)
