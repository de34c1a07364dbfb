"""`pulumi-spectrum recover` on another machine, after the CLI and its providers were killed in the middle of `up`."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator, Fault

UP = ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")
NO_CHANGES = ("pulumi", "preview", "--expect-no-changes", "--diff", "--non-interactive")
NO_DRIFT = ("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--diff", "--non-interactive")
UNTIL_KILLED = 60.0  # seconds that a request is held up for
LONGEST_UP = 60.0  # seconds until an `up` that is to be killed has come so far


class KilledRun:
    """A project folder in which an `up` is killed, and the commands of the machine that comes after it.

    Args:
        folder: The folder.
        spectrum: The service.
    """

    def __init__(self, folder: Any, spectrum: Emulator) -> None:
        self.folder = folder
        self.spectrum = spectrum

    def kill_up(self, reached: Callable[[], bool]) -> None:
        """Start `pulumi up`, kill it and all processes that it has started once it has come so far, and move on."""
        before = self.folder.path.with_name("first-machine")
        before.mkdir(exist_ok=True)
        environment = {**self.folder.environment, "TMPDIR": str(before)}
        with subprocess.Popen(
            UP, cwd=self.folder.path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
        ) as run:
            deadline = time.monotonic() + LONGEST_UP
            try:
                while not reached():
                    assert run.poll() is None, "the run has ended by itself"
                    assert time.monotonic() < deadline, "the run has not come so far"
                    time.sleep(0.01)
            finally:
                for each in (run.pid, *descendants(run.pid)):
                    os.kill(each, signal.SIGKILL)
        after = self.folder.path.with_name("second-machine")
        after.mkdir(exist_ok=True)
        self.folder.environment["TMPDIR"] = str(after)
        self.spectrum.faults.clear()
        self.spectrum.requests.clear()

    def recover(self, *arguments: str, status: int = 0) -> str:
        """Run the command and return what it prints."""
        return str(self.folder.run("pulumi-spectrum", "recover", *arguments, status=status).stdout)

    def unlock(self) -> None:
        """Take away the lock of the killed run, as a person does who is sure that it is dead."""
        self.folder.run("pulumi", "cancel", "--yes", "--non-interactive")

    def pending(self) -> set[tuple[str, str]]:
        """Return what the state has as pending, each with the resource's name."""
        deployment = json.loads(self.folder.run("pulumi", "stack", "export").stdout)["deployment"]
        return {
            (each["type"], each["resource"]["urn"].rsplit("::", 1)[-1])
            for each in deployment.get("pending_operations", [])
        }

    def resource(self, name: str) -> Any:
        """Return a resource's entry of the state, in plain text."""
        state = json.loads(self.folder.run("pulumi", "stack", "export", "--show-secrets").stdout)
        return next(each for each in state["deployment"]["resources"] if each["urn"].endswith(f"::{name}"))

    def assert_clean(self) -> None:
        """Fail unless the next preview is empty and the service holds what the state says, and nothing else."""
        self.folder.run(*NO_CHANGES)
        self.folder.run(*NO_DRIFT)
        self.folder.run("pulumi-spectrum", "drift")


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found, level = [], {pid}
    while level:
        level = {child for child, parent in parents if parent in level}
        found += sorted(level)
    return found


@pytest.fixture
def make_run(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> Callable[..., KilledRun]:
    """Returns a function that makes a project folder with a stack and a program."""

    def make(program: str, **environment: str) -> KilledRun:
        folder = make_project_folder({**spectrum.environment, **environment})
        (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
        (folder.path / "__main__.py").write_text(f"import pulumi\nimport pulumi_spectrum as spectrum\n\n{program}")
        folder.init()
        return KilledRun(folder, spectrum)

    return make


EACH_KIND = """
class Inbox(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("here:index:Inbox", name)
        self.hook = spectrum.Webhook(
            "hook", webhook_url="https://app.example.com/in", enabled=False, opts=pulumi.ResourceOptions(parent=self)
        )


pulumi.export("secret", Inbox("inbox").hook.signing_secret)
spectrum.User("alice", phone_number="+14155550123", first_name=pulumi.Output.secret("Alice"))
spectrum.Line("line", first_name="Acme")
spectrum.Platform("voice", platform="voice")
"""


def test_each_kind_after_a_kill(make_run: Callable[..., KilledRun], spectrum: Emulator) -> None:
    """What a killed run has made is in the state after `recover --yes`, and the next preview and `up` are empty."""
    run, project = make_run(EACH_KIND), spectrum.project
    areas = (project.users, project.lines, project.webhooks)
    for path in ("*/users/", "*/lines/", "*/webhooks/"):
        spectrum.faults.add(Fault(method="POST", path=path, delay=UNTIL_KILLED, delay_when="after"))
    spectrum.faults.add(Fault(method="PATCH", path="*/platforms/", delay=UNTIL_KILLED, delay_when="after"))
    run.kill_up(lambda: all(len(each) == 1 for each in areas) and spectrum.faults.pending() == [])
    lost = project.webhooks.ids
    assert run.pending() == {("creating", each) for each in ("alice", "hook", "line", "voice")}

    shown = run.recover(status=2)
    assert f"made {project.users.ids[0]} (+14155550123)" in shown
    assert "create it anew" in shown
    assert "4 operations are pending" in run.folder.run("pulumi-spectrum", "doctor").stdout
    # The lock of the killed run stands until a person takes it away, and till then nothing is touched.
    locked = run.folder.run("pulumi-spectrum", "recover", "--yes", status=1)
    assert "the stack is currently locked by 1 lock(s)" in locked.stderr
    assert [request for request in spectrum.requests if request.method != "GET"] == []
    assert run.pending() == {("creating", each) for each in ("alice", "hook", "line", "voice")}

    run.unlock()
    assert "made anew as" in run.recover("--yes")
    assert run.pending() == set()
    assert [len(each) for each in areas] == [1, 1, 1]
    assert project.webhooks.ids != lost
    hook = run.resource("hook")
    assert hook["parent"].endswith("::inbox")
    secrets = project.webhooks.secrets(project.webhooks.ids[0])
    assert secrets["signingSecret"] in hook["outputs"]["signingSecret"]["plaintext"]
    encrypted = run.folder.run("pulumi", "stack", "export").stdout
    assert not any(secret in encrypted for secret in (*secrets.values(), '"Alice"'))
    assert run.resource("line")["protect"] is True

    # The run had no time to name the line and to turn the platform.
    run.folder.run(*UP)
    assert project.lines.rows[0]["profile"]["firstName"] == "Acme"
    assert [len(each) for each in areas] == [1, 1, 1]
    run.assert_clean()
    assert run.recover() == "Nothing is pending.\n"


FINISHED = """
spectrum.Webhook("hook", webhook_url="https://app.example.com/in")
spectrum.User("alice", phone_number="+14155550123", first_name="Alice")
spectrum.Line("line")
"""


def test_preview_is_empty_after_recovery(make_run: Callable[..., KilledRun], spectrum: Emulator) -> None:
    """Objects that were made as the program says need nothing more: the next preview and `up` are empty."""
    run, project = make_run(FINISHED), spectrum.project
    areas = (project.users, project.lines, project.webhooks)
    for path in ("*/users/", "*/lines/", "*/webhooks/"):
        spectrum.faults.add(Fault(method="POST", path=path, delay=UNTIL_KILLED, delay_when="after"))
    run.kill_up(lambda: all(len(each) == 1 for each in areas))
    run.unlock()
    run.recover("--yes")
    run.assert_clean()
    run.folder.run(*UP, "--expect-no-changes")
    assert [len(each) for each in areas] == [1, 1, 1]


def test_killed_before_anything_was_made(make_run: Callable[..., KilledRun], spectrum: Emulator) -> None:
    """Where the killed run has made nothing the operations are only cleared, and the next `up` makes everything."""
    run, project = make_run(EACH_KIND), spectrum.project
    for path in ("*/users/", "*/lines/", "*/webhooks/"):
        spectrum.faults.add(Fault(method="POST", path=path, delay=UNTIL_KILLED))
    run.kill_up(lambda: spectrum.faults.pending() == [])
    run.unlock()
    assert "nothing" in run.recover("--yes")
    assert [request for request in spectrum.requests if request.method != "GET"] == []
    run.folder.run(*UP)
    assert [len(each) for each in (project.users, project.lines, project.webhooks)] == [1, 1, 1]
    run.assert_clean()


SECOND_PROJECT = """
import os

other = spectrum.Provider(
    "second",
    project_id=os.environ["OTHER_ID"],
    project_secret=pulumi.Output.secret(os.environ["OTHER_SECRET"]),
    base_url=os.environ["SPECTRUM_CLOUD_URL"],
)
spectrum.User("alice", phone_number="+14155550123", opts=pulumi.ResourceOptions(provider=other))
"""


def test_operation_of_an_explicit_provider(make_run: Callable[..., KilledRun], spectrum: Emulator) -> None:
    """An object of an explicit provider's project comes into the state under it, by the credentials in the state."""
    second = spectrum.add_project()
    run = make_run(SECOND_PROJECT, OTHER_ID=second.id, OTHER_SECRET=second.secret)
    spectrum.faults.add(Fault(method="POST", path="*/users/", delay=UNTIL_KILLED, delay_when="after"))
    run.kill_up(lambda: len(second.users) == 1)
    run.unlock()
    run.recover("--yes")
    run.folder.run(*NO_CHANGES)
    run.folder.run(*NO_DRIFT)
    assert "::second::" in run.resource("alice")["provider"]
    assert len(second.users) == 1


TWO_LINES = """
for name in ("one", "two"):
    spectrum.Line(name, first_name=name, opts=pulumi.ResourceOptions(protect=False))
"""


def test_line_that_a_person_decides(make_run: Callable[..., KilledRun], spectrum: Emulator) -> None:
    """If another client has allocated lines too, they are listed, the stack stays, and a person says which it is."""
    run, lines = make_run(TWO_LINES), spectrum.project.lines
    spectrum.faults.add(Fault(method="POST", path="*/lines/", delay=UNTIL_KILLED, delay_when="after"))
    run.kill_up(lambda: len(lines) == 1)
    own = lines.ids[0]
    others = [lines.add()["id"] for _ in range(2)]
    run.unlock()
    stopped = run.folder.run("pulumi-spectrum", "recover", "--yes", status=2)
    assert all(each in stopped.stderr for each in (own, *others))
    assert run.pending() >= {("creating", "one")} or run.pending() >= {("creating", "two")}
    name = next(iter(sorted(run.pending())))[1]
    decided = [f"--object={name}={own}"]
    decided += [f"--object={each}=none" for _, each in sorted(run.pending()) if each != name]
    run.recover("--yes", *decided)
    assert run.resource(name)["id"] == own
    run.folder.run(*UP)
    run.folder.run(*NO_CHANGES)
    assert len(lines) == 4


USERS = """
for number in range({count}):
    spectrum.User(f"user-{{number}}", phone_number=f"+1415555{{number:04}}", first_name="{name}")
"""


def test_killed_update(make_run: Callable[..., KilledRun], spectrum: Emulator) -> None:
    """A pending update needs nothing: it is named, does not stop a CI job, and the next `up` carries it out."""
    run, users = make_run(USERS.format(count=1, name="Alice")), spectrum.project.users
    run.folder.run(*UP)
    program = run.folder.path / "__main__.py"
    program.write_text(program.read_text().replace("Alice", "Alicia"))
    spectrum.faults.add(Fault(method="POST", path="*/users/", delay=UNTIL_KILLED, delay_when="after"))
    run.kill_up(lambda: users.rows[0]["firstName"] == "Alicia")
    run.unlock()
    assert run.pending() == {("updating", "user-0")}
    assert "`pulumi refresh` or the next `pulumi up` settles it" in run.recover("--yes")
    run.folder.run(*UP)
    assert run.pending() == set()
    run.assert_clean()
    assert len(users) == 1


MANY = (
    USERS.format(count=8, name="Alice")
    + """
for number in range(3):
    spectrum.Webhook(f"hook-{number}", webhook_url=f"https://app.example.com/{number}")
for number in range(2):
    spectrum.Line(f"line-{number}", first_name=f"Line {number}")
"""
)


@pytest.mark.parametrize("writes", [3, 9])
def test_kill_among_many(make_run: Callable[..., KilledRun], spectrum: Emulator, writes: int) -> None:
    """Wherever an `up` of 13 resources is killed, `recover --yes` and `up` end with each of them once."""
    run, project = make_run(MANY), spectrum.project
    for delay in (0.05, 0.2, 0.1):
        spectrum.faults.add(Fault(method="POST", delay=delay, delay_when="after", times=5))
    run.kill_up(lambda: sum(map(len, (project.users, project.webhooks, project.lines))) >= writes)
    run.unlock()
    run.recover("--yes")
    run.folder.run(*UP)
    assert [len(each) for each in (project.users, project.webhooks, project.lines)] == [8, 3, 2]
    run.assert_clean()
