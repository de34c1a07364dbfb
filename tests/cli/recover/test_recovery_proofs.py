"""Which object `recover` takes to be what a creation has made, and which it leaves alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from kind_samples import KINDS, SAMPLES
from pending_states import WRITTEN, Stack, hidden, made

from pulumi_spectrum.emulator import Emulator

RECOVER = Callable[..., Result]
USER = {"phoneNumber": "+14155550123", "type": "shared", "firstName": "Alice"}
ALICE = {**USER, "onConflict": "fail"}
HOOK = {"webhookUrl": "https://app.example.com/in", "enabled": True, "onConflict": "fail"}
LINE = {"platform": "imessage", "firstName": "Acme"}


def outcomes(recover: RECOVER, *arguments: str) -> dict[str, tuple[str, Any]]:
    """Return what became of each operation, by the name of its resource, with the ids of the object or candidates."""
    report = json.loads(recover("--format", "json", *arguments).stdout)
    return {
        each["urn"].rsplit("::", 1)[-1]: (
            each["outcome"],
            each["id"] or sorted(candidate["id"] for candidate in each["candidates"]) or None,
        )
        for each in report["operations"]
    }


@pytest.mark.parametrize(
    ("made_at", "outcome"),
    [
        (made(minutes=-6), "nothing"),
        (made(minutes=-4), "made"),
        (made(minutes=4), "made"),
        (made(minutes=6), "nothing"),
    ],
)
def test_time_of_an_identical_object(
    *, recover: RECOVER, dev: Stack, spectrum: Emulator, made_at: Any, outcome: str
) -> None:
    """Only an object from the minutes around the last write of the state was made by the killed run."""
    hook = spectrum.project.webhooks.add(webhookUrl=HOOK["webhookUrl"], createdAt=made_at)
    dev.leave("Webhook", "hook", HOOK)
    assert outcomes(recover)["hook"][0] == outcome
    assert recover("--yes").exit_code == 0
    assert (spectrum.project.webhooks.ids == [hook["id"]]) is (outcome == "nothing")
    assert [each for each in dev.deployment["resources"] if each.get("id") == hook["id"]] == []


def test_other_spelling_of_the_identity(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """The object is found under another spelling of its identity."""
    hook = spectrum.project.webhooks.add(webhookUrl="https://APP.example.com:443/in", createdAt=made(seconds=1))
    dev.leave("Webhook", "hook", HOOK)
    assert outcomes(recover) == {"hook": ("made", hook["id"])}


def test_several_identical_objects(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """Of two objects with the same identity a person has to choose."""
    urls = (HOOK["webhookUrl"], "https://APP.example.com/in")
    hooks = [spectrum.project.webhooks.add(webhookUrl=url, createdAt=made(seconds=1)) for url in urls]
    dev.leave("Webhook", "hook", HOOK)
    assert outcomes(recover) == {"hook": ("undecided", sorted(hook["id"] for hook in hooks))}


def test_user_with_other_names(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """A user who has another name than the creation gives is not taken without a person's decision."""
    user = spectrum.project.users.add(**{**USER, "firstName": "Mallory"}, createdAt=made(seconds=1))
    dev.leave("User", "alice", ALICE)
    assert outcomes(recover) == {"alice": ("undecided", [user["id"]])}
    assert outcomes(recover, "--object", f"alice={user['id']}") == {"alice": ("made", user["id"])}


@pytest.mark.parametrize("holder", ["dev", "other"])
def test_object_in_a_given_stack(
    *, recover: RECOVER, dev: Stack, make_stack: Callable[[str], Stack], spectrum: Emulator, holder: str
) -> None:
    """An object that a resource of a given stack has is that resource's, and the operation is only cleared."""
    other = make_stack("other")
    user = spectrum.project.users.add(**USER, createdAt=made(seconds=1))
    (dev if holder == "dev" else other).hold("User", "first", user["id"], spectrum.project.id)
    dev.leave("User", "alice", ALICE)
    result = recover("--stack", "dev", "--stack", "other", "--yes")
    assert (result.exit_code, dev.pending) == (0, [])
    assert f'{user["id"]} is "first" of stack {holder}' in result.stdout
    assert len(dev.deployment["resources"]) == (2 if holder == "dev" else 1)


def test_resource_that_was_made_since(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """If a later run has made the resource as another object, the one that is left over is a person's to decide."""
    project = spectrum.project
    user = project.users.add(**USER, createdAt=made(seconds=1))
    dev.hold("User", "alice", "another", project.id)
    dev.leave("User", "alice", ALICE)
    assert outcomes(recover) == {"alice": ("undecided", [user["id"]])}
    result = recover("--yes", "--object", f"alice={user['id']}")
    assert result.exit_code == 1
    assert "--object was given for alice, which is no undecided creation" in result.stderr
    assert recover("--yes", "--object", "alice=none").exit_code == 0
    assert (dev.pending, dev.resource("alice")["id"]) == ([], "another")


def test_two_stacks_that_were_to_make_one_object(
    recover: RECOVER, make_stack: Callable[[str], Stack], spectrum: Emulator
) -> None:
    """An object that creations of two stacks may have made is neither's without a decision."""
    user = spectrum.project.users.add(**USER, createdAt=made(seconds=1))
    for name in ("one", "two"):
        make_stack(name).leave("User", f"alice-{name}", ALICE)
    stacks = ("--stack", "one", "--stack", "two")
    found = ("undecided", [user["id"]])
    assert outcomes(recover, *stacks) == {"alice-one": found, "alice-two": found}


@pytest.mark.parametrize("name", [None, "Acme"])
def test_the_one_new_line(recover: RECOVER, dev: Stack, spectrum: Emulator, name: str | None) -> None:
    """The one new line is taken, whether the killed run has named it or not; older lines and other stacks' are not."""
    project = spectrum.project
    project.lines.add(createdAt=made(days=-2))
    held = project.lines.add(createdAt=made(seconds=1))
    dev.hold("Line", "held", held["id"], project.id)
    line = project.lines.add(firstName=name, createdAt=made(seconds=1))
    dev.leave("Line", "line", LINE, protect=True)
    assert recover("--yes").exit_code == 0
    entry = dev.resource("line")
    assert (entry["id"], entry["outputs"].get("firstName"), entry["protect"]) == (line["id"], name, True)
    # The engine compares inputs: one that is not set yet must not stand there, or the next `up` would not set it.
    assert entry["inputs"].get("firstName") == name


@pytest.mark.parametrize(
    "rows",
    [
        [{"createdAt": made(seconds=1)}, {"createdAt": made(seconds=2)}],
        [{"createdAt": made(hours=-3)}],
        [{"createdAt": made(hours=3)}],
        [{"createdAt": made(seconds=1), "firstName": "Another"}],
    ],
    ids=["two", "before", "after", "named by another"],
)
def test_lines_that_are_not_surely_its_own(
    recover: RECOVER, dev: Stack, spectrum: Emulator, rows: list[dict[str, Any]]
) -> None:
    """Several new lines, one from another time, or one with another name are listed, and nothing is done."""
    added = [spectrum.project.lines.add(**row) for row in rows]
    dev.leave("Line", "line", LINE)
    ids = sorted(line["id"] for line in added)
    assert outcomes(recover) == {"line": ("undecided", ids)}
    result = recover("--yes")
    assert (result.exit_code, dev.pending) == (2, ["line"])
    assert all(f"{line['id']} ({line['phoneNumber']})" in result.stderr for line in added)
    assert "Say which it is with --object line=ID, or that it is none with --object line=none." in result.stderr


@pytest.mark.parametrize("chosen", [0, None])
def test_decided_line(recover: RECOVER, dev: Stack, spectrum: Emulator, chosen: int | None) -> None:
    """A person can say which of the lines it is, or that it is none."""
    added = [spectrum.project.lines.add(createdAt=made(seconds=each)) for each in range(2)]
    dev.leave("Line", "line", LINE)
    object_id = "none" if chosen is None else added[chosen]["id"]
    assert recover("--yes", "--object", f"line={object_id}").exit_code == 0
    assert dev.pending == []
    held = [each["id"] for each in dev.deployment["resources"] if each["urn"].endswith("::line")]
    assert held == ([] if chosen is None else [object_id])


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("line", "--object takes RESOURCE=ID"),
        ("line=unheard-of", "which is no undecided creation, or not with one of the ids"),
        ("other=none", "which is no undecided creation"),
    ],
)
def test_decision_that_fits_nothing(
    *, recover: RECOVER, dev: Stack, spectrum: Emulator, option: str, message: str
) -> None:
    """A decision about no undecided creation, or for an object that is no candidate, is refused."""
    for _ in range(2):
        spectrum.project.lines.add(createdAt=made(seconds=1))
    dev.leave("Line", "line", LINE)
    result = recover("--yes", "--object", option)
    assert result.exit_code == 1
    assert message in result.stderr
    assert dev.pending == ["line"]


def test_decision_for_two_stacks(recover: RECOVER, make_stack: Callable[[str], Stack], spectrum: Emulator) -> None:
    """If resources of two stacks have the name of a decision, no object goes to both: a URN says which is meant."""
    first, _ = [spectrum.project.lines.add(createdAt=made(seconds=1)) for _ in range(2)]
    one, two = make_stack("one"), make_stack("two")
    for stack in (one, two):
        stack.leave("Line", "line", {"platform": "imessage", "firstName": "Acme"})
    spectrum.project.lines.add(createdAt=made(seconds=1))
    stacks = ("--stack", "one", "--stack", "two", "--yes")
    assert recover(*stacks, "--object", f"line={first['id']}").exit_code == 2
    assert (one.pending, two.pending) == (["line"], ["line"])
    urns = [stack.deployment["pending_operations"][0]["resource"]["urn"] for stack in (one, two)]
    result = recover(*stacks, "--object", f"{urns[0]}={first['id']}", "--object", f"{urns[1]}=none")
    assert (result.exit_code, one.resource("line")["id"], two.pending) == (0, first["id"], [])


def test_one_object_for_two_resources(recover: RECOVER, dev: Stack) -> None:
    """One id cannot be given for two resources."""
    result = recover("--object", "a=x", "--object", "b=x")
    assert result.exit_code == 1
    assert "--object was given the same id for several resources." in result.stderr


def test_lines_of_several_creations(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """New lines go to the creations that give them their names, and the rest to those that have not named theirs."""
    lines = spectrum.project.lines
    sales = lines.add(firstName="Sales", createdAt=made(seconds=1))
    plain = lines.add(createdAt=made(seconds=2))
    for name in ("Acme", "Sales", "Later"):
        dev.leave("Line", name.lower(), {"platform": "imessage", "firstName": name})
    assert outcomes(recover) == {
        "acme": ("made", plain["id"]),
        "sales": ("made", sales["id"]),
        "later": ("nothing", None),
    }


def test_line_that_was_allocated_since(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """After a later run has allocated the line, the operation is cleared, unless one more line is in no stack."""
    project = spectrum.project
    line = project.lines.add(createdAt=made(seconds=1))
    dev.hold("Line", "line", line["id"], project.id)
    dev.leave("Line", "line", LINE)
    assert outcomes(recover) == {"line": ("in state", None)}
    second = project.lines.add(createdAt=made(seconds=1))
    assert outcomes(recover) == {"line": ("undecided", [second["id"]])}


def test_state_without_a_time(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """If the state does not say when it was written, every object that is found is a person's to decide."""
    user = spectrum.project.users.add(**USER, createdAt=WRITTEN)
    line = spectrum.project.lines.add(createdAt=WRITTEN)
    dev.leave("User", "alice", ALICE)
    dev.leave("Line", "line", LINE)
    deployment = dev.deployment
    dev.write(deployment["resources"], deployment["pending_operations"], None)
    assert outcomes(recover) == {"alice": ("undecided", [user["id"]]), "line": ("undecided", [line["id"]])}


@pytest.mark.parametrize("is_secret", [False, True])
def test_project_of_an_explicit_provider(
    *, recover: RECOVER, dev: Stack, spectrum: Emulator, monkeypatch: pytest.MonkeyPatch, is_secret: bool
) -> None:
    """An operation is looked for in its provider's project, with that provider's credentials in the state."""
    monkeypatch.delenv("SPECTRUM_PROJECT_ID")
    other = spectrum.add_project()
    user = other.users.add(**USER, createdAt=made(seconds=1))
    project_id = hidden(other.id) if is_secret else other.id
    dev.leave("User", "alice", ALICE, provider=dev.add_provider("second", project_id, other.secret))
    result = recover("--yes")
    assert result.exit_code == 0, result.output
    assert other.secret not in result.output
    assert dev.resource("alice")["id"] == user["id"]
    assert dev.resource("alice")["outputs"]["projectId"] == other.id


def test_new_secret_of_an_explicit_provider(
    recover: RECOVER, dev: Stack, spectrum: Emulator, monkeypatch: pytest.MonkeyPatch, calls: Callable[[], list[str]]
) -> None:
    """Credentials of that project in the environment come before those in the state, which stays encrypted."""
    other = spectrum.add_project()
    user = other.users.add(**USER, createdAt=made(seconds=1))
    dev.leave("User", "alice", ALICE, provider=dev.add_provider("second", other.id, "rotated-since"))
    for name, value in other.environment.items():
        monkeypatch.setenv(name, value)
    assert recover("--yes").exit_code == 0
    assert dev.resource("alice")["id"] == user["id"]
    assert not any("--show-secrets" in call for call in calls())


def test_project_that_the_stack_was_of(recover: RECOVER, dev: Stack) -> None:
    """If the credentials are of another project than the stack's resources, nothing is decided."""
    dev.hold("User", "bob", "b", "elsewhere")
    dev.leave("User", "alice", ALICE)
    assert outcomes(recover) == {"alice": ("undecided", None)}
    result = recover("--yes")
    assert (result.exit_code, dev.pending) == (2, ["alice"])
    assert "the credentials of project elsewhere are not in the stack's configuration. Set SPECTRUM_" in result.stderr


@pytest.mark.parametrize(("cls", "inputs"), [("User", ALICE), ("Line", LINE)])
def test_arguments_of_a_newer_release(
    recover: RECOVER, dev: Stack, spectrum: Emulator, cls: str, inputs: dict[str, Any]
) -> None:
    """A creation whose arguments this release does not know is not settled."""
    spectrum.project.lines.add(createdAt=made(seconds=1))
    dev.leave(cls, "it", {**inputs, "nickname": "Al"})
    result = recover("--yes")
    assert (result.exit_code, dev.pending) == (2, ["it"])
    assert "this release cannot read its arguments. Upgrade pulumi-spectrum." in result.stderr


@pytest.mark.parametrize("key", KINDS)
def test_each_kind_can_be_recovered(key: str) -> None:
    """A creation can be repeated, or the API says when its object was made, or a person finds it by its identity."""
    kind = KINDS[key]
    recovery = kind.recovery
    is_found = recovery.identity(SAMPLES[key].arguments) not in (None, ())
    assert is_found or recovery.may_repeat(SAMPLES[key].arguments) or recovery._lifecycle.made_at in kind.outputs()
