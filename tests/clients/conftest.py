"""Clients from npm, each in a Node process that the test calls function by function."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator

FOLDER = Path(__file__).parent


class ClientError(Exception):
    """An exception that a client threw.

    Args:
        kind: The name of the exception's class.
        message: The exception's message, with that of its cause.
        status: The exception's HTTP status, or None.
        code: The exception's code, or None.
        body: The response's body, or None.
    """

    def __init__(self, kind: str, message: str, status: int | None = None, code: Any = None, body: Any = None) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message, self.status, self.code, self.body = kind, message, status, code, body


class Client:
    """A running client: ``client.name(argument, …)`` calls the client's function of that name.

    Args:
        process: The Node process.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self._process.stdin.write(json.dumps({"name": name, "arguments": arguments}) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            assert line, "The client ended without an answer. Install what it needs: make test-clients"
            outcome = json.loads(line)
            if "error" in outcome:
                raise ClientError(**outcome["error"])
            return outcome["value"]

        return call

    def fail(self, name: str, *arguments: Any) -> ClientError:
        """Call a function that must throw, and return the exception."""
        with pytest.raises(ClientError) as caught:
            getattr(self, name)(*arguments)
        return caught.value


@contextmanager
def run_client(script: str, environment: dict[str, str]) -> Iterator[Client]:
    """Run a client without this process's environment, and with no access to another machine."""
    guard = (FOLDER / "loopback.mjs").as_uri()
    with subprocess.Popen(
        [shutil.which("node") or "node", script],
        cwd=FOLDER,
        env={"PATH": os.environ["PATH"], "NODE_OPTIONS": f"--import={guard}", **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Client(process)
            process.stdin.close()
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()


@pytest.fixture
def start_client(spectrum: Emulator) -> Iterator[Callable[..., Client]]:
    """Return a function that starts clients of the emulator; keyword arguments are added to their environment."""
    with ExitStack() as clients:

        def start(script: str, **environment: str) -> Client:
            return clients.enter_context(run_client(script, {**spectrum.environment, **environment}))

        yield start


@pytest.fixture
def core(start_client: Callable[..., Client]) -> Client:
    """The vendor's SDK, ``@spectrum-ts/core``."""
    return start_client("core.mjs")


@pytest.fixture
def eve(start_client: Callable[..., Client]) -> Client:
    """Vercel's ``eve``, as it sets up a project for an agent."""
    return start_client("eve.mjs")


@pytest.fixture
def openapi(start_client: Callable[..., Client]) -> Client:
    """``openapi-client-axios`` with the emulator's OpenAPI document; its functions are named as the operations."""
    return start_client("openapi.mjs")
