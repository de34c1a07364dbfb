"""What type checkers and editors report about the package to its users."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ACCEPTED, REJECTED = (Path(__file__).with_name(f"{name}.py") for name in ("accepted", "rejected"))
MARK = re.compile(r"# refused: ([\w-]+)$")


def refused(file: Path) -> dict[int, str]:
    """Return the lines that a file marks as refused, each with the code of mypy's error."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return {number: found[1] for number, line in lines if (found := MARK.search(line))}


@pytest.fixture(scope="module")
def mypy() -> dict[Path, dict[int, str]]:
    """The errors of mypy in each file, keyed by line."""
    found: dict[Path, dict[int, str]] = {ACCEPTED: {}, REJECTED: {}}
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--no-pretty",
        "--output=json",
        str(ACCEPTED),
        str(REJECTED),
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not run.stderr
    for line in run.stdout.splitlines():
        problem = json.loads(line)
        if problem["severity"] == "error":
            found[(ROOT / problem["file"]).resolve()][problem["line"]] = problem["code"]
    return found


def test_mypy_accepts_correct_program(mypy: dict[Path, dict[int, str]]) -> None:
    """A correct program has no error under mypy's strict rules, and its outputs have their types."""
    assert mypy[ACCEPTED] == {}


def test_mypy_refuses_wrong_lines(mypy: dict[Path, dict[int, str]]) -> None:
    """Each wrong argument, name and use of an output is an error, and no other line is."""
    assert mypy[REJECTED] == refused(REJECTED)


@pytest.mark.parametrize("file", [ACCEPTED, REJECTED], ids=lambda file: file.stem)
def test_pyright_refuses_the_same_lines(file: Path) -> None:
    """Pyright, which most editors run, has an error on the same lines."""
    pyright = find_pyright("")
    command = [pyright, "--outputjson", "--pythonpath", sys.executable, str(file)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    problems = json.loads(run.stdout)["generalDiagnostics"]
    errors = {problem["range"]["start"]["line"] + 1 for problem in problems if problem["severity"] == "error"}

    assert errors == set(refused(file))


def find_pyright(ending: str) -> str:
    """Return the path of Pyright or of one of its programs, and skip the test where it is not installed."""
    for name in ("pyright", "basedpyright"):
        if found := shutil.which(name + ending):
            return found
    pytest.skip("Pyright is not on PATH: `make test-clients` installs it.")


class LanguageServer:
    """Pyright's language server with one open file, over standard input and output.

    Args:
        command: The server's path.
        folder: An empty folder, for the file.
        text: What the file holds.
    """

    def __init__(self, command: str, folder: Path, text: str) -> None:
        # The server finds the package through the first Python on PATH.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self._process = subprocess.Popen(
            [command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PATH": path}
        )
        self._asked = 0
        self._uri = (folder / "program.py").as_uri()
        self._text = text
        capabilities = {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
        self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities=capabilities)
        self._send({"method": "initialized", "params": {}})
        document = {"uri": self._uri, "languageId": "python", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})

    def hover(self, word: str) -> str:
        """Return what the server shows for the last occurrence of a word."""
        return str(self._ask_at("hover", word, 0)["contents"]["value"])

    def complete(self, before: str) -> set[str]:
        """Return the completions after the last occurrence of a text."""
        return {item["label"] for item in self._ask_at("completion", before, len(before))["items"]}

    def ask(self, method: str, **params: Any) -> Any:
        """Return the result of a request."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" not in message and message.get("id") == self._asked:
                return message["result"]
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _ask_at(self, method: str, word: str, offset: int) -> Any:
        lines = self._text[: self._text.rindex(word) + offset].split("\n")
        position = {"line": len(lines) - 1, "character": len(lines[-1])}
        return self.ask(f"textDocument/{method}", textDocument={"uri": self._uri}, position=position)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while header := self._process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return dict(json.loads(self._process.stdout.read(length)))


PROGRAM = """
import pulumi_spectrum

class Own(pulumi_spectrum.Line):
    pass

inbox = pulumi_spectrum.Webhook("inbox", webhook_url="")
inbox.signing_secret
pulumi_spectrum.Platform("p", platform="")
pulumi_spectrum.User("u", phone_number="", type="")
pulumi_spectrum.Provider("p", project_id="", project_secret="")
Own("l", )
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    server = LanguageServer(find_pyright("-langserver"), tmp_path_factory.mktemp("program"), PROGRAM)
    yield server
    server.end()


@pytest.mark.parametrize(
    ("word", "argument"),
    [
        ('Webhook("inbox"', "webhook_url: Where events are delivered"),
        ('Platform("p"', "enabled: Whether the platform is on."),
        ('User("u"', "phone_number: The person's phone"),
        ('Provider("p"', "project_secret: The project's secret."),
        ('Own("l"', "platform: `imessage`, the only one"),
    ],
)
def test_hover_over_a_call(server: LanguageServer, word: str, argument: str) -> None:
    """Hovering over a call shows each argument's type and meaning, and nothing of Pulumi's base classes."""
    shown = server.hover(word)

    assert argument in shown
    assert "opts: ResourceOptions | None = None" in shown
    assert ":param" not in shown


def test_hover_over_an_output(server: LanguageServer) -> None:
    """Hovering over an output shows its type and its text."""
    assert server.hover("signing_secret").split("\n\n") == [
        "(property) signing_secret: Output[str | None]",
        "The secret that signs events, 64 hexadecimal characters. None for a webhook that was not registered here.",
    ]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ('"p", platform="', {"imessage", "whatsapp_business", "voice", "slack"}),
        ('phone_number="", type="', {"shared", "dedicated"}),
        ('Own("l", ', {"platform=", "first_name=", "last_name=", "opts="}),
    ],
)
def test_completion_of_choices_and_arguments(server: LanguageServer, before: str, words: set[str]) -> None:
    """The values of a choice are completed in its quotes, and the names of arguments, also those of a subclass."""
    assert words <= {label.strip('"') for label in server.complete(before)}
