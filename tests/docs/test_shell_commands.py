"""The command lines of the pages: each program, subcommand, option, target and file that they name is there."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from pulumi_spectrum import cli

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "examples", "bench")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *(page for each in FOLDERS for page in sorted((ROOT / each).rglob("*.md")) if "_build" not in page.parts),
]
OTHER_PROGRAMS = {"cd", "coverage", "curl", "echo", "export", "mkdir", "pip", "pytest", "unset", "uv", "venv"}
"""Programs whose arguments are not looked at here: those of the system, and of Python's tools."""
RUNNERS = (["uv", "run"], ["poetry", "run"])


class Command(NamedTuple):
    """One simple command of a page.

    Args:
        page: The page.
        place: The page and the command's line.
        words: The program, without its folder, and its arguments.
    """

    page: Path
    place: str
    words: list[str]


def commands() -> Iterator[Command]:
    """Yield the commands of the shell blocks, and those that stand in the text and begin with `pulumi`."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for found in re.finditer(r"^```sh\n(.*?)^```|(?<!`)`(pulumi [^`]+)`(?!`)", text, re.DOTALL | re.MULTILINE):
            number = text.count("\n", 0, found.start()) + 1
            block = found[1] or found[2].replace("\n", " ")
            for line in block.replace("\\\n", " ").splitlines():
                for words in simple_commands(line):
                    yield Command(page, f"{page.relative_to(ROOT)}:{number}", words)


def simple_commands(line: str) -> Iterator[list[str]]:
    """Yield the simple commands of a line of a shell, without assignments and redirections."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if re.fullmatch(r"[;&|]+", word):
            if words := without_redirections(words):
                yield program_of(words)
            words = []
        elif words or not re.match(r"\w+=", word):
            words.append(word)


def without_redirections(words: list[str]) -> list[str]:
    """Return the words of a command without where its output goes."""
    return [word for before, word in zip(["", *words], words, strict=False) if not {word, before} & {">", ">>"}]


def program_of(words: list[str]) -> list[str]:
    """Return a command as the program that it runs in the end, and its arguments."""
    name, *rest = words
    if words[:2] in RUNNERS:
        return program_of(rest[1:])
    if Path(name).name == "python" and rest[0] == "-m":
        return program_of(rest[1:])
    return [Path(name).name, *rest]


ALL = list(commands())


def of(program: str) -> list[Command]:
    """Return the commands that run a program."""
    found = [each for each in ALL if each.words[0] == program]
    assert found
    return found


def test_each_program_is_looked_at() -> None:
    """No page has a command that none of the tests here would look at."""
    known = OTHER_PROGRAMS | {"make", "pulumi", "pulumi-spectrum", "python"}
    assert [f"{each.place}: {each.words[0]}" for each in ALL if each.words[0] not in known] == []


def test_own_commands_can_be_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each `pulumi-spectrum` of a shell block is a command line that the program takes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seed.yaml").touch()  # which the page has the reader write, or the example has
    for each in of("pulumi-spectrum"):
        if len(each.words) == 1:
            continue
        command = cli.main.get_command(click.Context(cli.main), each.words[1])
        assert command is not None, f"{each.place}: {each.words[1]} is no command"
        try:
            command.make_context(each.words[1], each.words[2:])
        except click.ClickException as refused:
            pytest.fail(f"{each.place}: {refused.format_message()}")


def test_make_targets_exist() -> None:
    """Each target of a `make` is one of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for each in of("make"):
        named = {word for word in each.words[1:] if not word.startswith("-") and "=" not in word}
        assert named <= targets, f"{each.place}: {' '.join(each.words)}"


@cache
def help_of(*subcommands: str) -> str:
    """Return the help of a command of the Pulumi CLI."""
    run = subprocess.run(["pulumi", *subcommands, "--help"], capture_output=True, text=True, check=True)
    return run.stdout


def test_pulumi_commands_exist() -> None:
    """Each subcommand and option of a `pulumi` is in the help of the real CLI."""
    for each in of("pulumi"):
        subcommands: list[str] = []
        for word in each.words[1:]:
            if word.startswith("-") or not re.search(rf"^  {re.escape(word)} ", help_of(*subcommands), re.MULTILINE):
                break
            subcommands.append(word)
        assert subcommands, f"{each.place}: pulumi {each.words[1]} is no command"
        options = [word.split("=")[0] for word in each.words[1:] if word.startswith("-")]
        missing = [name for name in options if not re.search(rf"(?<!\S){name}\b(?!-)", help_of(*subcommands))]
        assert missing == [], f"{each.place}: pulumi {' '.join(subcommands)}"


@pytest.mark.parametrize("program", ["cd", "python", "pytest", "pulumi"])
def test_files_exist(program: str) -> None:
    """Each folder and file that is entered, run, tested or read is beside the page, or at the top of the repository."""
    for each in of(program):
        if program == "pulumi":
            named = [after for word, after in zip(each.words, each.words[1:], strict=False) if word == "--policy-pack"]
        else:
            named = [word for word in each.words[1:] if not word.startswith("-")][:1]
        made = {"..", "support"}  # the folder that the start guide makes
        missing = [name for name in named if name not in made and not _is_there(each.page, name)]
        assert missing == [], each.place


def _is_there(page: Path, name: str) -> bool:
    """Return whether a file or folder is there, and in it the test that may follow its name."""
    path, _, test = name.partition("::")
    found = [folder / path for folder in (page.parent, ROOT) if (folder / path).exists()]
    return bool(found) and (not test or f"def {test.partition('[')[0]}(" in found[0].read_text(encoding="utf-8"))
