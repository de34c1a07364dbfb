"""The start page on its emulator, done as the page says."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PAGE = (Path(__file__).parents[2] / "docs/start.md").read_text(encoding="utf-8")
PROJECT = """
name: support
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: venv
"""
"""What `pulumi new python` writes. The environment is that of these tests, since nothing is installed here."""
EXPORTS = 3
AN_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def blocks(section: str, language: str = "sh") -> list[str]:
    """Return the blocks of a section in a language."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@contextmanager
def started(folder: Any, port: int) -> Iterator[dict[str, str]]:
    """Start the emulator as the page says, at another port, and yield what it says to export."""
    (command,) = blocks("Start the emulator")
    process = subprocess.Popen(
        ["sh", "-ec", f"exec {command.strip()} --port {port}"],
        cwd=folder.path,
        env=folder.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        exports: dict[str, str] = {}
        while len(exports) < EXPORTS:
            line = process.stdout.readline()
            assert line, "the emulator has ended"
            exports |= dict(re.findall(r"export (\w+)=(\S+)", line))
        yield exports
    finally:
        process.terminate()
        process.communicate()


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_start_tour(make_project_folder: Callable[..., Any], tmp_path: Path) -> None:
    """A restart keeps what is exported, the program's webhook is made, and a change by hand is found and repaired."""
    folder = make_project_folder({"PULUMI_SKIP_CONFIRMATIONS": "true", "XDG_STATE_HOME": str(tmp_path / "state")})
    (folder.path / "Pulumi.yaml").write_text(PROJECT)
    (folder.path / "venv").symlink_to(sys.prefix)
    folder.run("pulumi", "stack", "init", "dev")
    (program,) = blocks("Declare something", "python")
    (folder.path / "__main__.py").write_text(program)
    first, by_hand = blocks("Declare something")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with started(folder, port) as exports:
        folder.environment |= exports

    with started(folder, port) as again:
        assert again == exports
        folder.run("sh", "-ec", first)
        secret = folder.run("pulumi", "stack", "output", "--show-secrets", "signingSecret").stdout
        assert re.fullmatch(r"[0-9a-f]{64}\n", secret)
        shown = folder.run("pulumi", "stack", "--show-ids").stdout
        webhook = re.search(rf"spectrum:Webhook .*?({AN_ID})", shown, re.DOTALL)
        assert webhook is not None
        found = folder.run("sh", "-ec", by_hand.replace("WEBHOOK_ID", webhook[1])).stdout
        assert "~ enabled: false => true" in found
        assert "~ 1 updated" in found
        folder.run("pulumi", "preview", "--refresh", "--expect-no-changes")
