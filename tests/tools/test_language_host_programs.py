"""How the stand-in language host runs and ends programs."""

import contextlib
import json
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2

HANG_GUARD_SECONDS = 60

# Connects to the test, starts a process that holds the connection too, and keeps running.
STAY = """
import socket, subprocess, time
connection = socket.create_connection(("127.0.0.1", {port}))
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
subprocess.Popen(sleep, pass_fds=[connection.fileno()])
connection.sendall(b"up")
"""
SLEEP = "time.sleep(600)\n"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(HANG_GUARD_SECONDS)
        yield listener


def stay(listener: socket.socket) -> str:
    return STAY.format(port=listener.getsockname()[1])


def accept(listener: socket.socket) -> socket.socket:
    connection, _ = listener.accept()
    connection.settimeout(HANG_GUARD_SECONDS)
    assert connection.recv(2) == b"up"
    return connection


def wait_until_all_have_ended(connection: socket.socket) -> bool:
    """Wait until no process holds the other end of the connection."""
    with contextlib.closing(connection), contextlib.suppress(ConnectionResetError):
        return connection.recv(1) == b""
    return True


def test_run_passes_settings_to_the_program(host: Any, path_to_python: Callable[..., dict[str, str]]) -> None:
    """A program gets the monitor's and the engine's address, the stack and the settings that the engine sent."""
    answer = host.run(
        host.REPORT,
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
    report = host.read_report()
    assert report["arguments"] == [
        *("--monitor", "127.0.0.1:1"),
        *("--engine", host.ENGINE),
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
    # pytest sets PYTEST_CURRENT_TEST in each phase of a test; the interpreter sets LC_CTYPE in the C locale.
    changing = {"PYTEST_CURRENT_TEST", "LC_CTYPE"}
    expected = {name: value for name, value in path_to_python().items() if name not in changing}
    assert {name: value for name, value in environment.items() if name not in changing} == expected
    assert answer == language_pb2.RunResponse()


def test_run_without_configuration(host: Any) -> None:
    """A stack without configuration leaves PULUMI_CONFIG as it was, and has an empty list of secret keys."""
    host.run(host.REPORT).result()
    environment = host.read_report()["environment"]
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
def test_exit_code_of_a_program(host: Any, code: str, answer: language_pb2.RunResponse) -> None:
    """A program's exit code says whether it succeeded, failed and printed why, or failed without a message."""
    assert host.run(code).result() == answer


def test_handshake_sets_the_engine_address(host: Any) -> None:
    """The engine's address from a handshake is passed to the programs that run after it."""
    host.calls.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:9"))
    host.run(host.REPORT).result()
    arguments = host.read_report()["arguments"]
    assert arguments[arguments.index("--engine") + 1] == "127.0.0.1:9"


ENDINGS: dict[str, Callable[[Any, grpc.Future], object]] = {
    "the engine cancels the call": lambda _, running: running.cancel(),
    "the engine asks to cancel": lambda host, _: host.calls.Cancel(Empty()),
    "the connection breaks": lambda host, _: host.channel.close(),
    "the engine is gone": lambda host, _: host.process.stdin.close(),
    "SIGINT": lambda host, _: host.process.send_signal(signal.SIGINT),
    "SIGTERM": lambda host, _: host.process.send_signal(signal.SIGTERM),
    "SIGKILL": lambda host, _: host.process.kill(),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_program_ends_with_the_engine(host: Any, listener: socket.socket, ending: str) -> None:
    """However the engine ends a run, the program and the processes that it started end at once."""
    running = host.run(stay(listener) + SLEEP)
    connection = accept(listener)
    ENDINGS[ending](host, running)
    assert wait_until_all_have_ended(connection)


@pytest.mark.parametrize("code", ["", "sys.exit(3)\n", "sys.exit(32)\n"])
def test_processes_end_with_their_program(host: Any, listener: socket.socket, code: str) -> None:
    """Processes that a program started and left running end with it, so that the engine does not wait for them."""
    running = host.run(stay(listener) + code)
    connection = accept(listener)
    running.result()
    assert wait_until_all_have_ended(connection)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_print_nothing(host: Any, listener: socket.socket, number: signal.Signals) -> None:
    """A host that is interrupted or terminated prints nothing and reports no failure, even during a program."""
    _running = host.run(stay(listener) + SLEEP)
    connection = accept(listener)
    host.process.send_signal(number)
    output, errors = host.process.communicate(timeout=HANG_GUARD_SECONDS)
    connection.close()
    assert (output, errors, host.process.returncode) == ("", "", 0)


def test_cancelled_program_reports_no_error(host: Any, listener: socket.socket) -> None:
    """A program that was ended on request adds no error of its own to the engine's."""
    running = host.run(stay(listener) + SLEEP)
    connection = accept(listener)
    host.calls.Cancel(Empty())
    connection.close()
    assert running.result() == language_pb2.RunResponse(bail=True)


@pytest.mark.parametrize(
    ("last_words", "shown"),
    [
        ("raise ValueError('no such colour')", "ValueError: no such colour"),
        ("sys.exit(3)", "exited with non-zero exit code: 3"),
    ],
)
def test_failing_program(
    tmp_path: Path,
    listener: socket.socket,
    path_to_python: Callable[..., dict[str, str]],
    last_words: str,
    shown: str,
) -> None:
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
    assert wait_until_all_have_ended(connection)
