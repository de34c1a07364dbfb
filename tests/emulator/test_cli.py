"""`pulumi-spectrum emulator` as a process."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from pulumi_spectrum.cli.emulator import emulator

COMMAND = [sys.executable, "-c", "from pulumi_spectrum.cli.emulator import emulator; emulator()", "--port", "0"]


class Running:
    """A running command, after it has printed its greeting."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.greeting = ""
        while not re.search(r"^(The next start|All of it is kept)", self.greeting, re.MULTILINE):
            line = self.read()
            assert line, self.greeting
            self.greeting += line
        self.url, self.id, self.secret = re.findall(r"export SPECTRUM_\w+=(\S+)", self.greeting)[:3]

    def read(self) -> str:
        """Return the next line that it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def get(self, path: str, secret: str | None = None) -> Any:
        """Send a GET about its project."""
        url = f"{self.url}/projects/{self.id}{path}"
        return requests.get(url, auth=(self.id, secret or self.secret), timeout=5)

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Stop the command. Return its exit code and the rest of its output."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=30)
        return self.process.returncode, rest


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts the command. Processes that still run after the test are killed."""
    processes: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> Running:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
        )
        processes.append(process)
        return Running(process)

    yield run
    for process in processes:
        process.kill()
        process.communicate()


def refuse(*arguments: str) -> str:
    """Run a command that must fail, and return its output."""
    result = CliRunner().invoke(emulator, arguments)
    assert result.exit_code in {1, 2}, result.output
    assert isinstance(result.exception, SystemExit), result.exception
    return result.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_greets_logs_requests_and_stops(start: Callable[..., Running], number: int) -> None:
    """The printed variables are valid, each request is one line without secrets, and a signal ends the command."""
    running = start()
    assert f"Project {running.id}, business plan, API of 2026-08" in running.greeting
    assert "made by an emulator and is good for nothing else" in running.greeting
    assert running.get("/users/").status_code == 200
    assert running.get("/users/?search=someone", secret="wrong").status_code == 401
    code, rest = running.stop(number)
    log = [line for line in rest.splitlines() if line]
    assert re.fullmatch(rf"GET +/projects/{running.id}/users/ 200 \d+\.\d ms", log[0])
    assert re.fullmatch(rf"GET +/projects/{running.id}/users/ 401 \d+\.\d ms", log[1])
    assert (code, log[2:]) == (0, ["Stopped."])
    assert running.secret not in rest


def test_secret_of_a_file_is_not_printed(start: Callable[..., Running], tmp_path: Path) -> None:
    """With --secret-file the greeting has a command that reads the file, and not the secret."""
    (tmp_path / "secret").write_text("my-own-secret\n")
    running = start("--project", "p-1", "--secret-file", "secret")
    assert (running.id, running.get("/", secret="my-own-secret").status_code) == ("p-1", 200)
    assert 'export SPECTRUM_PROJECT_SECRET="$(cat secret)"' in running.greeting
    assert "my-own-secret" not in running.greeting + running.stop()[1]


def test_secret_of_a_seed_is_not_printed(start: Callable[..., Running], tmp_path: Path) -> None:
    """The greeting does not have the secret of a seed."""
    (tmp_path / "seed.yaml").write_text("projects: [{id: p-1, secret: seeded-secret, lines: [{}]}]")
    running = start("--seed", "seed.yaml")
    assert len(running.get("/lines/", secret="seeded-secret").json()["data"]["lines"]) == 1
    assert "seeded-secret" not in running.greeting


def test_saved_state_survives_a_restart(start: Callable[..., Running]) -> None:
    """With --save a second start has the same project and rows."""
    first = start("--save", "state.json")
    body = {"type": "shared", "phoneNumber": "+14155550123"}
    url = f"{first.url}/projects/{first.id}/users/"
    row = requests.post(url, json=body, auth=(first.id, first.secret), timeout=5).json()["data"]
    first.stop()
    second = start("--save", "state.json")
    assert (second.id, second.secret) == (first.id, first.secret)
    assert second.get("/users/").json()["data"]["users"] == [row]


def free_port() -> str:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


def test_credentials_survive_a_restart(start: Callable[..., Running], tmp_path: Path) -> None:
    """A second start on the same port has the same id and secret without any option, and an empty project."""
    port = free_port()
    first = start("--port", port)
    assert "The next start has these ids and secrets." in first.greeting
    platform = {"platform": "slack", "enabled": True}
    url = f"{first.url}/projects/{first.id}/platforms/"
    assert requests.patch(url, json=platform, auth=(first.id, first.secret), timeout=5).status_code == 200
    first.stop()
    second = start("--port", port)
    assert (second.url, second.id, second.secret) == (first.url, first.id, first.secret)
    assert second.get("/platforms/").json()["data"]["slack"] == {"enabled": False}
    (kept,) = (tmp_path / "state" / "pulumi-spectrum").iterdir()
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_free_port_keeps_no_credentials(start: Callable[..., Running], tmp_path: Path) -> None:
    """With --port 0 nothing is written, and the greeting says that the next start has new credentials."""
    assert "The next start has new ids and secrets. Add --save FILE" in start().greeting
    assert not (tmp_path / "state").exists()


def test_folder_that_cannot_be_written(start: Callable[..., Running], tmp_path: Path) -> None:
    """Where the credentials cannot be kept, the emulator runs all the same, and the greeting says why they are not."""
    (tmp_path / "state").write_text("a file, where a folder should be")
    running = start("--port", free_port())
    assert "new ids and secrets, because they cannot be kept: [Errno 20] Not a directory" in running.greeting
    assert running.get("/").status_code == 200


def test_several_projects(start: Callable[..., Running]) -> None:
    """Each --project is a project, and the greeting has the credentials of all of them."""
    running = start("--project", "support", "--project", "support-eu", "--plan", "pro")
    assert "Project support-eu, pro plan:\n  export SPECTRUM_PROJECT_ID=support-eu\n" in running.greeting
    exported = re.findall(r"PROJECT_ID=(\S+)\n +export SPECTRUM_PROJECT_SECRET=(\S+)", running.greeting)
    assert [project for project, _ in exported] == ["support", "support-eu"]
    for project, secret in exported:
        answer = requests.get(f"{running.url}/projects/{project}/", auth=(project, secret), timeout=5)
        assert answer.status_code == 200


def test_project_beside_a_saved_state(start: Callable[..., Running]) -> None:
    """A further --project that the saved state lacks is added to it."""
    start("--save", "state.json", "--project", "support").stop()
    running = start("--save", "state.json", "--project", "support", "--project", "support-eu")
    assert "Project support-eu, business plan:" in running.greeting
    assert "All of it is kept in state.json." in running.greeting


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_printed_change_by_hand(start: Callable[..., Running]) -> None:
    """The command that the greeting prints for a change by hand works in a shell with the exported variables."""
    running = start()
    exports = re.findall(r"export SPECTRUM_\w+=\S+", running.greeting)
    command = running.greeting[running.greeting.index("curl ") :].partition("\n\n")[0]
    changed = subprocess.run(["sh", "-ec", "\n".join([*exports, command])], capture_output=True, text=True, check=True)
    assert '"slack":{"enabled":true}' in changed.stdout
    assert running.get("/platforms/").json()["data"]["slack"] == {"enabled": True}


def test_options_reach_the_emulator(start: Callable[..., Running]) -> None:
    """Generation, plan, rate limit, faults and control are those of the options."""
    running = start(
        *("--generation", "2026-05", "--plan", "free", "--rate-limit", "2", "--control"),
        *("--fault", "GET */lines status=503 header=Retry-After:7 times=always"),
        *("--fault", "GET */users/ drop=before reset=yes skip=1"),
    )
    assert "free plan, API of 2026-05" in running.greeting
    answers = [running.get("/lines/") for _ in range(3)]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "7")] * 3
    assert [running.get(path).status_code for path in ("/users/", "/platforms/", "/platforms/")] == [200, 200, 429]
    assert requests.get(f"{running.url}/_emulator/faults", timeout=5).json()[1]["reset"] is True
    with pytest.raises(requests.ConnectionError):
        running.get("/users/")
    assert "dropped" in running.stop()[1]


def test_rate_limit_can_be_turned_off(start: Callable[..., Running]) -> None:
    """With --rate-limit off no request is refused."""
    running = start("--rate-limit", "off")
    assert {running.get("/").status_code for _ in range(12)} == {200}


def test_port_in_use_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the port and says what to do."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        output = refuse("--port", str(port))
    assert output == (
        f"Error: Port {port} is taken. Stop what listens there, or choose another with --port (0 takes a free one).\n"
    )


def test_taken_port_leaves_the_files_of_what_listens_there(
    start: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start that finds its port taken writes no file, and changes none of the emulator's that has the port."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    port = free_port()
    start("--port", port)
    start("--port", "0", "--save", "state.json", "--project", "support")

    def files() -> dict[Path, str]:
        return {path: path.read_text() for path in tmp_path.rglob("*.json")}

    before = files()
    assert len(before) == 2
    added = ("--project", "support", "--project", "other")
    for arguments in (added, ("--save", "other.json"), ("--save", "state.json", *added)):
        assert f"Port {port} is taken." in refuse("--port", port, *arguments)
        assert files() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rate-limit", "0"], "'0' is neither a number of requests in a second nor off."),
        (
            ["--fault", "GET *"],
            "--fault 'GET *' cannot be: a fault needs one of status, drop, truncate, garbage, reshape and delay",
        ),
        (
            ["--fault", "GET * statuss=1"],
            "--fault 'GET * statuss=1' cannot be: statuss is not a known field",
        ),
        (["--fault", "GET"], "--fault 'GET' cannot be"),
        (
            ["--save", "/nowhere/state.json"],
            "The state cannot be kept in /nowhere/state.json: No such file or directory.",
        ),
        (["--seed", "bad.yaml"], "Error: bad.yaml: projects.0.nmae is not a known field."),
        (["--seed", "latin"], "Error: latin is not UTF-8 text. Save it as UTF-8"),
        (["--secret-file", "latin"], "Error: latin is not UTF-8 text. Save it as UTF-8"),
        (
            ["--secret-file", "empty"],
            "Error: empty is empty. Put the project's secret in it, or leave --secret-file out.",
        ),
    ],
)
def test_mistake_is_explained_without_a_traceback(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An invalid option is refused with one sentence that says what to do."""
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text("projects: [{nmae: x}]")
    Path("empty").write_text("\n")
    Path("latin").write_bytes(b"projects: [{name: Zo\xeb}]")
    output = refuse("--port", "0", *arguments)
    assert message in output
    assert "Traceback" not in output


def test_help_shows_examples_and_every_kind_of_fault() -> None:
    """--help has examples, and names every field of a fault."""
    from pulumi_spectrum.emulator import Fault

    output = CliRunner().invoke(emulator, ["--help"]).output
    assert "pulumi-spectrum emulator --seed seed.yaml --save state.json" in output
    kinds = set(Fault.model_fields) - {"method", "path", "headers"}
    assert [kind for kind in kinds if f"{kind}=" not in output] == []


def run_without_the_extra(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where the web framework is not installed."""
    script = "import sys; sys.modules['starlette'] = None; from pulumi_spectrum.cli import main; main()"
    command = [sys.executable, "-c", script, "emulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_needs_no_extra() -> None:
    """--help works without the extra that installs the web framework."""
    assert run_without_the_extra("--help").returncode == 0


def test_missing_extra_is_explained() -> None:
    """Without the web framework the message names the extra that installs it."""
    refused = run_without_the_extra("--port", "0")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: The emulator needs starlette")
    assert refused.stderr.endswith(" Install it with: pip install 'pulumi-spectrum[emulator]'\n")


def test_the_emulator_is_an_independent_reading_of_the_contract() -> None:
    """It shares no code with the client and the providers that are tested against it, except reading text files."""
    script = (
        "import sys, types; package = types.ModuleType('pulumi_spectrum'); package.__path__ = sys.argv[1:];"
        "sys.modules['pulumi_spectrum'] = package; import pulumi_spectrum.emulator;"
        "ours = {name.split('.')[1] for name in sys.modules if name.startswith('pulumi_spectrum.')};"
        "assert ours == {'emulator', 'text_files'}, ours; assert 'pulumi' not in sys.modules"
    )
    import pulumi_spectrum

    subprocess.run([sys.executable, "-c", script, *pulumi_spectrum.__path__], check=True, capture_output=True)
