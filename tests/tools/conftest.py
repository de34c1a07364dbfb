"""The stand-in language host, run as a process and called as the engine calls it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

# Channels share connections: without this, a failed connection to an earlier process on the port would be reused.
OWN_CONNECTION = [("grpc.use_local_subchannel_pool", 1)]

SOURCES = Path(__file__).parents[2] / "tools" / "pulumi-cli"

# Replaces the script that runs a Pulumi program: runs its last argument as Python.
EXECUTOR = "import sys\nexec(sys.argv[-1])\n"


class LanguageHost:
    """A running language host and a gRPC client of it."""

    ENGINE = "127.0.0.1:12345"
    # A program that prints its arguments and its environment.
    REPORT = """
import json, os
print(json.dumps({"arguments": sys.argv[1:-1], "environment": dict(os.environ)}), flush=True)
"""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.channel = grpc.insecure_channel(f"127.0.0.1:{process.stdout.readline().strip()}", OWN_CONNECTION)
        self.calls = language_pb2_grpc.LanguageRuntimeStub(self.channel)
        self.folder = folder

    def info(self, **options: str) -> language_pb2.ProgramInfo:
        root = str(self.folder)
        info = language_pb2.ProgramInfo(root_directory=root, program_directory=root, entry_point=".")
        info.options.update(options)
        return info

    def run(self, code: str, **settings: Any) -> grpc.Future:
        return self.calls.Run.future(language_pb2.RunRequest(info=self.info(), args=[code], **settings))

    def read_report(self) -> dict[str, Any]:
        """Return what a run of `REPORT` printed: the program's arguments and environment."""
        return dict(json.loads(self.process.stdout.readline()))


@pytest.fixture
def path_to_python() -> Callable[..., dict[str, str]]:
    """Return a function that makes an environment with this interpreter as `python3`, in which pip asks no registry."""

    def make(**more: str) -> dict[str, str]:
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        return os.environ | {"PATH": path, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | more

    return make


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    installed = tmp_path / "cli"
    shutil.copytree(SOURCES, installed, ignore=shutil.ignore_patterns("__pycache__"))
    (installed / "pulumi-language-python-exec").write_text(EXECUTOR)
    return installed


@pytest.fixture
def host(folder: Path, tmp_path: Path, path_to_python: Callable[..., dict[str, str]]) -> Iterator[LanguageHost]:
    project = tmp_path / "project"
    project.mkdir()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [folder / "language_host.py", LanguageHost.ENGINE]
    with subprocess.Popen(command, text=True, env=path_to_python(), **pipes) as process:
        host = LanguageHost(process, project)
        with host.channel:
            yield host
            process.kill()
