"""The CI files of examples/ci-drift: their shell steps are run unchanged, and their secrets are checked."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_spectrum.emulator import Emulator

EXAMPLE = Path(__file__).parents[2] / "examples" / "ci-drift"
GITHUB = yaml.safe_load((EXAMPLE / ".github" / "workflows" / "spectrum.yml").read_text())
GITLAB = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text())


@pytest.fixture
def spectrum() -> Iterator[Emulator]:
    """An emulated API with one project."""
    with Emulator(requests_per_second=None) as emulator:
        yield emulator


class Checkout:
    """A copy of the example with a stack, in which jobs run as in a CI service.

    Args:
        folder: A project folder.
        stored: The CI service's secrets and variables, by name.
    """

    def __init__(self, folder: Any, stored: dict[str, str]) -> None:
        self.folder = folder
        self.path: Path = folder.path
        self.stored = stored
        shutil.copytree(EXAMPLE, self.path, dirs_exist_ok=True)
        self.summary = self.path / "summary.md"
        # The packages are installed already; the stub checks pip's arguments and asks no registry.
        stub = self.path.parent / "stub"
        stub.mkdir()
        (stub / "pip").write_text("#!/bin/sh\n[ \"$*\" = 'install --requirement requirements.txt' ]\n")
        (stub / "pip").chmod(0o755)
        folder.environment["PATH"] = f"{stub}:{folder.environment['PATH']}"

    def run_github(self, job: str) -> int:
        """Run a job of the workflow, and return how it ended; after a failed step, only steps that ask for it run."""
        status = 0
        for step in GITHUB["jobs"][job]["steps"]:
            if "run" in step and (status == 0 or step.get("if") == "${{ !cancelled() }}"):
                given = {name: self._value(text) for name, text in step.get("env", {}).items()}
                environment = {**GITHUB["env"], **given, "GITHUB_STEP_SUMMARY": str(self.summary)}
                status = self._shell(["bash", "-e", "-o", "pipefail"], step["run"], environment) or status
        return status

    def run_gitlab(self, job: str) -> int:
        """Run a job of the pipeline as one script, and return how it ended."""
        script = "\n".join([*GITLAB["default"]["before_script"], *GITLAB[job]["script"]])
        status = self._shell(["bash", "-e", "-o", "pipefail"], script, {**GITLAB["variables"], **self.stored})
        for path in GITLAB[job].get("artifacts", {}).get("paths", []):
            shutil.copy(self.path / path, self.summary)
        return status

    def _value(self, text: str) -> str:
        store = re.fullmatch(r"\$\{\{ (?:secrets|vars)\.([A-Z_]+) \}\}", text)
        assert store is not None, f"{text} does not come from the CI's store"
        return self.stored[store[1]]

    def _shell(self, shell: list[str], script: str, environment: dict[str, str]) -> int:
        run = subprocess.run(
            [*shell, "-c", script],
            cwd=self.path,
            env={**self.folder.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        sys.stdout.write(run.stdout + run.stderr)
        assert "\x1b" not in run.stdout + run.stderr
        assert self.stored["SPECTRUM_PROJECT_SECRET"] not in run.stdout + run.stderr
        return run.returncode


@pytest.fixture
def checkout(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> Checkout:
    """A checkout of the example, with the stack `prod` and the secrets stored."""
    folder = make_project_folder({"SPECTRUM_CLOUD_URL": spectrum.url})
    project = spectrum.project
    stored = {
        "PULUMI_ACCESS_TOKEN": "unused with a state in a folder",
        "SPECTRUM_PROJECT_ID": project.id,
        "SPECTRUM_PROJECT_SECRET": project.secret,
    }
    checkout = Checkout(folder, stored)
    folder.init("prod")
    return checkout


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_ci_jobs(checkout: Checkout, spectrum: Emulator, service: str) -> None:
    """Preview, up and the nightly job do what the README says, with and without drift."""
    run = getattr(checkout, f"run_{service}")
    project = spectrum.project
    assert run("preview") == 0
    assert len(spectrum.requests) == 0
    assert run("up") == 0
    assert [len(project.webhooks), len(project.users)] == [1, 1]
    assert run("drift") == 0
    assert "3 resources compared: no drift." in checkout.summary.read_text()

    project.platforms.set("slack", enabled=True)
    assert run("drift") != 0
    assert "Unmanaged: in the service, and in no state" in checkout.summary.read_text()

    (checkout.path / ".spectrum-drift-ignore").write_text("platform:slack\n")
    project.users.change(project.users.ids[0], firstName="Mallory")
    assert run("drift") != 0
    summary = checkout.summary.read_text()
    assert '| prod | user | alice | firstName | "Alice" | "Mallory" |' in summary

    assert run("up") == 0
    project.users.change(project.users.ids[0], firstName="Alice")
    checkout.summary.unlink()
    assert run("drift") == 0


def test_ci_jobs_have_least_privilege() -> None:
    """Jobs may only read the repository, and only steps that need a secret have it in their environment."""
    assert GITHUB["permissions"] == {}
    for job in GITHUB["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        assert "env" not in job
        assert all("env" not in step for step in job["steps"] if "pulumi" not in step.get("run", ""))
    preview = GITHUB["jobs"]["preview"]["steps"][-1]
    assert list(preview["env"]) == ["PULUMI_ACCESS_TOKEN"]


def test_ci_actions_are_pinned() -> None:
    """Every action is pinned by a commit, with the release in a comment beside it."""
    text = (EXAMPLE / ".github" / "workflows" / "spectrum.yml").read_text()
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in uses)
    assert len(set(uses)) == 3
