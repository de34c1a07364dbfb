"""The CI files of examples/ci-drift: their shell steps are run unchanged, and their secrets are checked."""

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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


GH = """#!{python}
import json, pathlib, sys
file = pathlib.Path(__file__).with_name("issues.json")
issues = json.loads(file.read_text()) if file.exists() else []
area, act, *rest = sys.argv[1:]
options = {{name: value for name, value in zip(rest, rest[1:] + [""]) if name.startswith("--")}}
number = int(rest[0]) if rest and rest[0].isdigit() else 0
assert sys.argv[1:3] != ["issue", "create"] or options["--label"] in file.with_name("label").read_text()
match area, act:
    case "label", "create":
        file.with_name("label").write_text(rest[0])
    case "issue", "list":
        assert options["--jq"] == ".[].number" and options["--state"] == "open"
        print(*[each["number"] for each in issues if each["state"] == "open"], sep="\\n")
    case "issue", "create":
        body = pathlib.Path(options["--body-file"]).read_text()
        issues.append({{"number": len(issues) + 1, "state": "open", "title": options["--title"], "body": body}})
    case "issue", "edit":
        issues[number - 1]["body"] = pathlib.Path(options["--body-file"]).read_text()
    case "issue", "close":
        issues[number - 1]["state"] = "closed"
    case _:
        sys.exit(f"gh {{area}} {{act}} is not expected")
file.write_text(json.dumps(issues))
"""
"""Stands for GitHub's command line: it knows the commands of the workflow, and keeps issues in a file beside it."""


class GitLabService(ThreadingHTTPServer):
    """Stands for GitLab's API: the notes of one merge request, and issues."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GitLabRequest)
        self.notes: list[dict[str, Any]] = []
        self.issues: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/v4"


class GitLabRequest(BaseHTTPRequestHandler):
    """Answers one request."""

    server: GitLabService

    def do(self) -> None:
        url = urlsplit(self.path)
        area = url.path.removeprefix("/api/v4/projects/7")
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "{}")
        rows = self.server.notes if area.startswith("/merge_requests/3/notes") else self.server.issues
        position = int(area.rpartition("/")[2]) - 1 if area[-1].isdigit() else -1
        answer: Any = {}
        if self.headers["PRIVATE-TOKEN"] != "glpat-of-the-test":
            self.send_response(401)
        else:
            self.send_response(200)
            if self.command == "GET":
                assert rows is self.server.notes or parse_qs(url.query)["labels"] == ["spectrum-drift"]
                answer = [row for row in rows if row["state"] == "opened"]
            elif self.command == "PUT":
                rows[position] |= body | ({"state": "closed"} if body.get("state_event") == "close" else {})
            elif not area.startswith("/issues/"):
                rows.append({"id": len(rows) + 1, "iid": len(rows) + 1, "state": "opened", **body})
        content = json.dumps(answer).encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Print nothing."""


class Checkout:
    """A copy of the example with a stack, in which jobs run as in a CI service.

    Args:
        folder: A project folder.
        stored: The CI service's secrets and variables, by name.
        gitlab: Stands for GitLab.
    """

    def __init__(self, folder: Any, stored: dict[str, str], gitlab: GitLabService) -> None:
        self.folder = folder
        self.path: Path = folder.path
        self.stored = stored
        self.gitlab = gitlab
        shutil.copytree(EXAMPLE, self.path, dirs_exist_ok=True)
        self.summary = self.path / "summary.md"
        self.printed = ""
        # The packages are installed already; the stub checks pip's arguments and asks no registry.
        self.stub = self.path.parent / "stub"
        self.stub.mkdir()
        pip = "#!/bin/sh\n[ \"$*\" = 'install --requirement requirements.txt' ]\n"
        for name, script in {"pip": pip, "gh": GH.format(python=sys.executable)}.items():
            (self.stub / name).write_text(script)
            (self.stub / name).chmod(0o755)
        folder.environment["PATH"] = f"{self.stub}:{folder.environment['PATH']}"

    def run_github(self, job: str) -> int:
        """Run a job of the workflow, and return how it ended; after a failed step, only steps that ask for it run."""
        assert GITHUB["defaults"] == {"run": {"shell": "bash"}}
        status, outputs = 0, self.path.parent / "outputs"
        outputs.write_text("")
        for step in GITHUB["jobs"][job]["steps"]:
            script = step.get("run") or self._command_of(step)
            if script and (status == 0 or step.get("if") == "${{ !cancelled() }}"):
                given = {name: self._value(text, outputs) for name, text in step.get("env", {}).items()}
                files = {"GITHUB_STEP_SUMMARY": str(self.summary), "GITHUB_OUTPUT": str(outputs)}
                shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
                status = self._shell(shell, script, {**GITHUB["env"], **given, **files}) or status
        return status

    def run_gitlab(self, job: str) -> int:
        """Run a job of the pipeline as one script, and return how it ended."""
        script = "\n".join([*GITLAB["default"]["before_script"], *GITLAB[job]["script"]])
        service = {
            "CI_API_V4_URL": self.gitlab.url,
            "CI_PROJECT_ID": "7",
            "CI_PROJECT_DIR": str(self.path),
            "CI_MERGE_REQUEST_IID": "3",
            "CI_JOB_URL": "https://gitlab.example.com/jobs/1",
        }
        variables = {**GITLAB["variables"], **service, **self.stored}
        status = self._shell(["bash", "-e", "-o", "pipefail"], script, variables)
        for path in GITLAB[job].get("artifacts", {}).get("paths", []):
            if (self.path / path).exists():
                shutil.copy(self.path / path, self.summary)
        return status

    def issues(self, service: str) -> list[tuple[str, str]]:
        """Return the state and the text of each issue."""
        if service == "gitlab":
            return [(each["state"].removesuffix("ed"), each["description"]) for each in self.gitlab.issues]
        file = self.stub / "issues.json"
        return [(each["state"].removesuffix("ed"), each["body"]) for each in json.loads(file.read_text())]

    def _command_of(self, step: dict[str, Any]) -> str | None:
        """Return the command line that Pulumi's own action runs for a step, or None where it runs none."""
        given = step.get("with", {})
        if "command" not in given:
            return None
        assert given == {
            "command": "preview", "stack-name": "${{ env.PULUMI_STACK }}", "diff": True, "comment-on-pr": True
        }  # fmt: skip
        return 'pulumi preview --stack "$PULUMI_STACK" --diff --non-interactive'

    def _value(self, text: str, outputs: Path) -> str:
        name = re.fullmatch(r"\$\{\{ steps\.drift\.outputs\.(\w+) \}\}", text)
        if name is not None:
            return dict(line.split("=") for line in outputs.read_text().splitlines()).get(name[1], "")
        if "secrets." not in text and "vars." not in text:
            return text
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
        self.printed = run.stdout + run.stderr
        sys.stdout.write(self.printed)
        assert "\x1b" not in self.printed
        assert self.stored["SPECTRUM_PROJECT_SECRET"] not in self.printed
        assert "Traceback" not in self.printed
        return run.returncode


@pytest.fixture
def gitlab() -> Iterator[GitLabService]:
    """A running stand-in for GitLab."""
    with GitLabService() as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


@pytest.fixture
def checkout(spectrum: Emulator, make_project_folder: Callable[..., Any], gitlab: GitLabService) -> Checkout:
    """A checkout of the example, with the stack `prod` and the secrets stored."""
    folder = make_project_folder({"SPECTRUM_CLOUD_URL": spectrum.url})
    project = spectrum.project
    stored = {
        "PULUMI_ACCESS_TOKEN": "unused with a state in a folder",
        "SPECTRUM_PROJECT_ID": project.id,
        "SPECTRUM_PROJECT_SECRET": project.secret,
        "GITLAB_TOKEN": "glpat-of-the-test",
    }
    checkout = Checkout(folder, stored, gitlab)
    folder.init("prod")
    return checkout


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_ci_jobs(checkout: Checkout, spectrum: Emulator, service: str) -> None:
    """Preview, up and the nightly job do what the README says, and one issue follows the drift."""
    run = getattr(checkout, f"run_{service}")
    project = spectrum.project
    for _ in range(2 if service == "gitlab" else 1):
        assert run("preview") == 0
    assert "+ pulumi-python:dynamic/spectrum:User" in checkout.printed
    assert {request.method for request in spectrum.requests} == {"GET"}
    if service == "gitlab":
        (note,) = checkout.gitlab.notes
        assert "### Preview of `prod`" in note["body"]
        assert 'phoneNumber: "+14155550123"' in note["body"]
    assert run("up") == 0
    assert [len(project.webhooks), len(project.users)] == [1, 1]

    project.platforms.set("slack", enabled=True)
    assert run("drift") != 0
    assert "Unmanaged: in the service, and in no state" in checkout.summary.read_text()
    ((state, text),) = checkout.issues(service)
    assert state == "open"
    assert "| slack |" in text

    (checkout.path / ".spectrum-drift-ignore").write_text("platform:slack\n")
    project.users.change(project.users.ids[0], firstName="Mallory")
    assert run("drift") != 0
    changed = '| prod | user | alice | firstName | "Alice" | "Mallory" |'
    ((state, text),) = checkout.issues(service)
    assert state == "open"
    assert changed in text
    assert "slack" not in text
    assert changed in checkout.summary.read_text()

    secret, project.secret = project.secret, "emulator-rotated"
    assert run("drift") != 0
    assert checkout.issues(service) == [(state, text)]
    assert run("preview") != 0
    assert "problem" in checkout.printed
    project.secret = secret

    project.users.change(project.users.ids[0], firstName="Alice")
    checkout.summary.unlink()
    assert run("drift") == 0
    assert "3 resources compared: no drift." in checkout.summary.read_text()
    ((state, _),) = checkout.issues(service)
    assert state.startswith("clos")


def test_drift_does_not_wait_for_reviewers() -> None:
    """The nightly job has neither the environment nor the concurrency group of the job that reviewers release."""
    for jobs, group in ((GITHUB["jobs"], "concurrency"), (GITLAB, "resource_group")):
        up, drift = jobs["up"], jobs["drift"]
        assert [up["environment"], up[group]] != [drift["environment"], drift[group]]
        assert up["environment"] == "production"
        assert up["environment"] not in str(drift["environment"])
        assert up[group] != drift[group]


def test_gitlab_without_a_token(checkout: Checkout) -> None:
    """Without GITLAB_TOKEN, or where GitLab refuses it, the report is in the log, and decides nothing about the job."""
    for token, said in {"": "GITLAB_TOKEN is not set", "wrong": "Warning: GitLab did not take the report: 401"}.items():
        checkout.stored["GITLAB_TOKEN"] = token
        script = {"script": ["python gitlab_report.py clean"]}
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(GITLAB, "report", script)
            assert checkout.run_gitlab("report") == 0
        assert said in checkout.printed


def test_ci_jobs_have_least_privilege() -> None:
    """Jobs may write only what they report to, and only steps that need a secret have it in their environment."""
    assert GITHUB["permissions"] == {}
    more = {"preview": {"pull-requests": "write"}, "up": {}, "drift": {"issues": "write"}}
    for name, job in GITHUB["jobs"].items():
        assert job["permissions"] == {"contents": "read", **more[name]}
        assert "env" not in job
        for step in job["steps"]:
            needs = "pulumi" in step.get("run", "") or "command" in step.get("with", {})
            assert ("secrets." in str(step.get("env"))) is needs


def test_ci_actions_are_pinned() -> None:
    """Every action is pinned by a commit, with the release in a comment beside it."""
    text = (EXAMPLE / ".github" / "workflows" / "spectrum.yml").read_text()
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in uses)
    assert len(set(uses)) == 3
