"""Fixtures of the scenarios on the real Pulumi CLI: each test has its own project on the emulator and its own stack."""

import re
import shutil
import textwrap
from base64 import b64encode
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import lifecycle_table
import pytest
from killed_runs import KillableRuns
from lifecycle_table import Lifecycles

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import Run, SpectrumStack

MAKE_STACK = Callable[..., SpectrumStack]


@pytest.fixture(scope="session", autouse=True)
def require_pulumi_cli() -> None:
    """Fail, and do not skip, where the CLI is missing: a skipped scenario would prove nothing."""
    if shutil.which("pulumi") is None:
        pytest.fail("These tests need the Pulumi CLI on PATH; `make test` sees to that.", pytrace=False)


@pytest.fixture
def make_stack(spectrum: Emulator, tmp_path: Path) -> Iterator[MAKE_STACK]:
    """Return a function that makes a stack of a program; at teardown, search all output and state for secrets.

    With `shows_bug=True` the stack may print a traceback, which is searched for secrets too.
    """
    stacks: dict[Path, SpectrumStack] = {}
    buggy: list[SpectrumStack] = []

    def make(program: Callable[[], None], *, shows_bug: bool = False, **options: Any) -> SpectrumStack:
        options.setdefault("environment", spectrum.environment)
        options["config"] = {"spectrum:requestsPerSecond": "1000", **options.get("config", {})}
        folder = tmp_path / f"backend-{len(stacks)}"
        stacks[folder] = stack = SpectrumStack(folder, program, **options)
        buggy.extend([stack] if shows_bug else [])
        return stack

    yield make
    secrets = {*spectrum.given_secrets}
    secrets |= {b64encode(f"{spectrum.project_id}:{secret}".encode()).decode() for secret in secrets}
    for folder, stack in stacks.items():
        written = [text for run in stack.runs for text in (run.output, *run.messages)]
        # The state, every backup of it, and the history of all runs.
        written += [file.read_text(errors="replace") for file in folder.rglob("*") if file.is_file()]
        leaks = [text for text in written if any(secret in text for secret in secrets)]
        assert not leaks, "a secret was printed or stored in plain text"
        bugs = [run.output for run in stack.runs if "Traceback" in run.output and stack not in buggy]
        assert not bugs, "the CLI printed a traceback"


@pytest.fixture
def run_in_provider_process(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Return a function that makes an environment in which the provider's process runs some Python code first."""

    def prepare(code: str) -> dict[str, str]:
        folder = tmp_path / "inside"
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_text(code)
        return {"PYTHONPATH": str(folder)}

    return prepare


@pytest.fixture
def killable(spectrum: Emulator, make_project_folder: Callable[..., Any], tmp_path: Path) -> Iterator[KillableRuns]:
    """Runs in a project folder with a stack, which can be killed. None of their processes outlives the test."""
    folder = make_project_folder(spectrum.environment)
    (folder.path / "Pulumi.yaml").write_text("name: app\nruntime: python\n")
    folder.init()
    runs = KillableRuns(folder, tmp_path / "processes")
    yield runs
    runs.end()


@pytest.fixture
def sent(spectrum: Emulator) -> Callable[..., list[tuple[str, str, Any]]]:
    """Return the requests that change something, in order, each as method, path and body.

    With arguments, such as a phone number or an id, only requests that mention one of them. Ids in paths are `{id}`.
    """
    an_id = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

    def find(*mentioning: str) -> list[tuple[str, str, Any]]:
        changes = [request for request in spectrum.requests if request.method != "GET"]
        return [
            (change.method, an_id.sub("{id}", change.path.removeprefix(f"/projects/{change.project_id}")), change.body)
            for change in changes
            if not mentioning or any(text in f"{change.path} {change.body}" for text in mentioning)
        ]

    return find


@pytest.fixture
def shown() -> Callable[[Run], dict[str, tuple[str, ...]]]:
    """Return, for each resource of a run, the operation or the order of its replacement, and the changed properties."""
    return lifecycle_table.shown


@pytest.fixture
def lifecycles(spectrum: Emulator, make_stack: MAKE_STACK) -> Callable[..., Lifecycles]:
    """Return a function that takes a class, and what finds a row by its id, and makes its `Lifecycles`."""
    return partial(Lifecycles, make_stack=make_stack, spectrum=spectrum)


@pytest.fixture
def diagnostics() -> Callable[..., str]:
    """Return what a run printed below `Diagnostics:`, wrapped, without what the CLI adds to every failure.

    Ids are replaced by `{id}`, and ids given as keyword arguments by their names.
    """

    def read(run: Run, **names: str) -> str:
        printed = run.output.partition("Diagnostics:\n")[2].partition("\nResources:")[0].partition("\nDuration:")[0]
        for name, known in names.items():
            printed = printed.replace(known, f"{{{name}}}")
        printed = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "{id}", printed)
        printed = re.sub(r"(127\.0\.0\.1|localhost):\d+", "{host}", printed)
        printed = re.sub(r"--port \d+", "--port {port}", printed)
        printed = printed.replace("pulumi-python:dynamic/spectrum:", "")
        resources = [
            "\n".join(textwrap.fill(line.strip(), 110, break_on_hyphens=False) for line in resource.splitlines())
            for resource in re.split(r"\n{2,}", printed.strip())
            if not resource.strip().startswith("pulumi:pulumi:Stack")
        ]
        return "\n\n".join(sorted(resources)) + "\n"

    return read


@pytest.fixture
def ids_of() -> Callable[[SpectrumStack], dict[str, str]]:
    """Return a function that finds the ids in a stack's state, keyed by the names of the resources."""

    def find(stack: SpectrumStack) -> dict[str, str]:
        resources = stack.export().get("resources", [])
        return {each["urn"].rsplit("::", 1)[-1]: each["id"] for each in resources if "dynamic/spectrum" in each["type"]}

    return find
