"""`pulumi-spectrum recover`: what it finds and does, and what it prints."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pending_states import Stack, hidden, made

from pulumi_spectrum.cli import checks
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.kinds import load_kinds

RECOVER = Callable[..., Result]
USER = {"phoneNumber": "+14155550123", "type": "shared", "firstName": "Alice"}
ALICE = {**USER, "onConflict": "fail"}
HOOK = {"webhookUrl": "https://app.example.com/in", "enabled": True, "onConflict": "fail"}


def writes(spectrum: Emulator) -> list[str]:
    """Return the operations that changed something in the service."""
    return [str(request.operation_id) for request in spectrum.requests if request.method != "GET"]


def test_nothing_pending_costs_one_export(
    recover: RECOVER, dev: Stack, calls: Callable[[], list[str]], spectrum: Emulator
) -> None:
    """With nothing pending the command exports the stack once, sends no request, and exits with 0."""
    result = recover()
    assert (result.exit_code, result.output) == (0, "Nothing is pending.\n")
    assert calls() == ["stack export"]
    assert len(spectrum.requests) == 0


def test_stack_without_resources(recover: RECOVER, dev: Stack) -> None:
    """In the state of a stack that was never updated nothing is pending."""
    dev.path.write_text('{"version": 3, "deployment": {"manifest": {}}}')
    assert recover("--yes").exit_code == 0


def test_without_yes_nothing_is_changed(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """Without --yes each operation is shown on one line with what would be done, and the command exits with 2."""
    user = spectrum.project.users.add(**USER, createdAt=made(seconds=2))
    hook = spectrum.project.webhooks.add(webhookUrl=HOOK["webhookUrl"], createdAt=made(seconds=2))
    dev.leave("User", "alice", ALICE)
    dev.leave("Webhook", "hook", HOOK)
    dev.leave("User", "bob", {**ALICE, "phoneNumber": "+14155550124"})
    before = dev.path.read_text()
    result = recover()
    assert result.exit_code == 2
    rows = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert rows == [
        "Pending operations (3)",
        "stack kind resource operation found step",
        f"dev user alice creating made {user['id']} (+14155550123) put it into the state",
        f"dev webhook hook creating made {hook['id']} (https://app.example.com/in) create it anew",
        "dev user bob creating nothing clear",
        "Nothing was changed. Run this again with --yes to take these steps, and then `pulumi up`.",
    ]
    assert dev.path.read_text() == before
    assert writes(spectrum) == []


def test_object_becomes_the_resource(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """The state gets the object with all that the operation says of the resource, and nothing is pending any more."""
    user = spectrum.project.users.add(**USER, createdAt=made(seconds=-2))
    options = {"parent": "urn:p", "protect": True, "dependencies": ["urn:d"], "aliases": ["urn:a"]}
    dev.leave("User", "alice", {**ALICE, "firstName": hidden("Alice")}, **options)
    result = recover("--yes")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "Settled. Run `pulumi up` to go on.")
    entry = dev.resource("alice")
    assert {name: entry[name] for name in options} == options
    assert entry["id"] == user["id"]
    assert entry["inputs"]["firstName"] == hidden("Alice")
    assert "plaintext" in entry["outputs"]["firstName"]
    kind = next(each for each in load_kinds() if each.key == "user")
    assert entry["outputs"]["__provider"] == kind.reference()
    assert entry["outputs"]["projectId"] == spectrum.project.id
    assert entry["outputs"]["createdAt"] == user["createdAt"]
    assert dev.pending == []
    assert writes(spectrum) == []


def test_state_is_decrypted_only_for_secrets(recover: RECOVER, dev: Stack, calls: Callable[[], list[str]]) -> None:
    """Secrets of the state are only read if a pending creation has a secret input."""
    dev.leave("User", "alice", ALICE)
    recover()
    assert calls() == ["stack export"]
    dev.leave("User", "bob", {**ALICE, "phoneNumber": hidden("+14155550124")})
    recover()
    assert calls() == ["stack export", "stack export", "stack export --show-secrets"]


def test_lost_secret_is_registered_anew(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """A webhook is registered anew as the program says, and its new secrets go into the state as secrets."""
    lost = spectrum.project.webhooks.add(webhookUrl=HOOK["webhookUrl"], createdAt=made(seconds=2))
    dev.leave("Webhook", "hook", {**HOOK, "enabled": False})
    result = recover("--yes")
    assert result.exit_code == 0
    (row,) = spectrum.project.webhooks.rows
    assert row["id"] != lost["id"]
    assert row["enabled"] is False
    assert f"made {lost['id']} ({HOOK['webhookUrl']}), made anew as {row['id']}" in result.stdout
    entry, secrets = dev.resource("hook"), spectrum.project.webhooks.secrets(row["id"])
    assert entry["id"] == row["id"]
    for name, secret in secrets.items():
        assert json.loads(entry["outputs"][name]["plaintext"]) == secret
        assert secret not in result.output


def test_failed_registration_is_in_the_state(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """If the new registration fails, the state has the resource, so that a refresh and an `up` put it right."""
    lost = spectrum.project.webhooks.add(webhookUrl=HOOK["webhookUrl"], createdAt=made(seconds=2))
    dev.leave("Webhook", "hook", HOOK)
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", status=422))
    result = recover("--yes")
    assert result.exit_code == 1
    assert '"hook" of the selected stack is in the state, but was not made anew: ' in result.stderr
    assert result.stderr.endswith("Run `pulumi refresh` and `pulumi up`.\n")
    assert (dev.resource("hook")["id"], dev.pending) == (lost["id"], [])


def test_unfinished_registration_is_recorded(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """A new registration that could not be finished is in the state with its secrets."""
    spectrum.project.webhooks.add(webhookUrl=HOOK["webhookUrl"], createdAt=made(seconds=2))
    dev.leave("Webhook", "hook", {**HOOK, "enabled": False})
    spectrum.faults.add(Fault(method="PATCH", path="*/webhooks/*", status=422))
    assert recover("--yes").exit_code == 1
    (row,) = spectrum.project.webhooks.rows
    entry = dev.resource("hook")
    assert (entry["id"], entry["inputs"]["enabled"], entry["outputs"]["enabled"]) == (row["id"], True, True)
    assert "plaintext" in entry["outputs"]["signingSecret"]


@pytest.mark.parametrize("cls", ["Platform", "ProjectProfile"])
def test_repeatable_creation_is_cleared(recover: RECOVER, dev: Stack, spectrum: Emulator, cls: str) -> None:
    """A creation that can be repeated without harm is cleared, and no request is sent for it."""
    dev.leave(cls, "it", {"platform": "imessage", "enabled": True} if cls == "Platform" else {"firstName": "Acme"})
    result = recover("--yes")
    assert (result.exit_code, dev.pending) == (0, [])
    assert "done or not: the next `pulumi up` does the same again" in result.stdout
    assert len(spectrum.requests) == 0


def test_import_in_the_program_is_cleared(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """A creation that only imports has made nothing, so the webhook that it names keeps its secret."""
    hook = spectrum.project.webhooks.add(webhookUrl=HOOK["webhookUrl"], createdAt=made(seconds=2))
    dev.leave("Webhook", "hook", {**HOOK, "__import": hook["id"]})
    assert recover("--yes").exit_code == 0
    assert dev.pending == []
    assert spectrum.project.webhooks.ids == [hook["id"]]


@pytest.mark.parametrize("does", ["updating", "deleting", "reading"])
def test_other_operations_are_left_to_pulumi(recover: RECOVER, dev: Stack, spectrum: Emulator, does: str) -> None:
    """A pending update, deletion or read is named and left as it is, and does not count as unsettled."""
    dev.leave("User", "alice", ALICE, does=does, id="x")
    for arguments in ([], ["--yes"]):
        result = recover(*arguments)
        assert result.exit_code == 0
        assert "`pulumi refresh` or the next `pulumi up` settles it" in result.stdout
    assert dev.pending == ["alice"]
    assert len(spectrum.requests) == 0


def test_resource_that_made_room(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """The new object of a replacement takes the place of the resource that was deleted to make room for it."""
    user = spectrum.project.users.add(**USER, createdAt=made(seconds=2))
    dev.hold("User", "alice", "gone", spectrum.project.id, pendingReplacement=True)
    dev.hold("User", "other", "other", spectrum.project.id)
    dev.leave("User", "alice", ALICE)
    assert recover("--yes").exit_code == 0
    held = [(each["urn"].rsplit("::")[-1], each["id"]) for each in dev.deployment["resources"]]
    assert held == [("default", "p"), ("alice", user["id"]), ("other", "other")]


def test_json_report(recover: RECOVER, dev: Stack, spectrum: Emulator) -> None:
    """The JSON report has each operation with what became of it, and whether all is settled."""
    user = spectrum.project.users.add(**USER, createdAt=made(seconds=2))
    dev.leave("User", "alice", ALICE)
    report = json.loads(recover("--format", "json").stdout)
    assert report == {
        "operations": [
            {
                "urn": "urn:pulumi:dev::here::pulumi-python:dynamic/spectrum:User::alice",
                "kind": "user",
                "operation": "creating",
                "outcome": "made",
                "id": user["id"],
                "madeAnew": False,
                "candidates": [],
                "found": f"made {user['id']} (+14155550123)",
            }
        ],
        "notSettled": [],
        "settled": False,
    }
    assert json.loads(recover("--format", "json", "--yes").stdout)["settled"] is True
    assert json.loads(recover("--format", "json").stdout) == {"operations": [], "notSettled": [], "settled": True}


def test_stack_held_by_a_run(recover: RECOVER, dev: Stack, states: Path, spectrum: Emulator) -> None:
    """While a run holds the stack nothing is sent and nothing is changed, and the error is the CLI's own."""
    spectrum.project.webhooks.add(webhookUrl=HOOK["webhookUrl"], createdAt=made(seconds=2))
    dev.leave("Webhook", "hook", HOOK)
    (states / "locked").touch()
    result = recover("--yes")
    assert result.exit_code == 1
    assert "could not import deployment: the stack is currently locked by 1 lock(s)." in result.stderr
    assert (dev.pending, writes(spectrum)) == (["hook"], [])


def test_stack_changed_meanwhile(recover: RECOVER, dev: Stack, states: Path, spectrum: Emulator) -> None:
    """A state that a run has written since it was read is not written over."""
    spectrum.project.users.add(**USER, createdAt=made(seconds=2))
    dev.leave("User", "alice", ALICE)
    later = json.loads(dev.path.read_text())
    later["deployment"]["manifest"]["time"] = made(seconds=9).isoformat()
    (states / "dev.later.json").write_text(json.dumps(later))
    result = recover("--yes")
    assert result.exit_code == 1
    assert "was changed by a run while its operations were looked at" in result.stderr
    assert json.loads(dev.path.read_text()) == later


def test_stacks_are_settled_one_by_one(
    recover: RECOVER, make_stack: Callable[[str], Stack], spectrum: Emulator
) -> None:
    """A stack whose operations cannot all be settled is left as it is, and another given stack is settled."""
    one, two = make_stack("one"), make_stack("two")
    user = spectrum.project.users.add(**USER, createdAt=made(seconds=2))
    one.leave("User", "alice", ALICE)
    two.leave("User", "bob", {**ALICE, "phoneNumber": "+14155550124"})
    two.leave("aws:s3/bucket:Bucket", "assets", {})
    result = recover("--stack", "one", "--stack", "two", "--yes")
    assert result.exit_code == 2
    assert (one.pending, one.resource("alice")["id"]) == ([], user["id"])
    assert two.pending == ["bob", "assets"]
    assert "Not settled: stack two: creations of other packages are pending too" in result.stderr
    assert "They are urn:pulumi:two::here::aws:s3/bucket:Bucket::assets." in result.stderr


def test_creations_of_other_packages_alone(recover: RECOVER, dev: Stack) -> None:
    """Pending creations of other packages are none of this command's business."""
    dev.leave("aws:s3/bucket:Bucket", "assets", {})
    result = recover("--yes")
    assert (result.exit_code, result.output, dev.pending) == (0, "Nothing is pending.\n", ["assets"])


def test_unknown_type_is_not_settled(recover: RECOVER, dev: Stack) -> None:
    """A creation of a type that only a newer release has is not settled."""
    dev.leave("CarrierPigeon", "pigeon", {})
    result = recover("--yes")
    assert (result.exit_code, dev.pending) == (2, ["pigeon"])
    assert "this release does not know its type. Upgrade pulumi-spectrum." in result.stderr


def test_config_file_with_several_stacks(recover: RECOVER, tmp_path: Path) -> None:
    """A configuration file cannot be given for several stacks."""
    (tmp_path / "config.yaml").touch()
    arguments: list[Any] = ["--config-file", str(tmp_path / "config.yaml"), "--stack", "a", "--stack", "b"]
    result = recover(*arguments)
    assert result.exit_code == 1
    assert "--config-file goes with one stack" in result.stderr


def test_doctor_names_pending_operations(dev: Stack, spectrum: Emulator, tmp_path: Path) -> None:
    """`doctor` warns of pending operations on Spectrum resources in one line that names the command."""
    assert [each.level for each in checks.check_state(tmp_path, None)] == ["ok"]
    dev.leave("aws:s3/bucket:Bucket", "assets", {})
    assert [each.level for each in checks.check_state(tmp_path, None)] == ["ok"]
    dev.leave("User", "alice", ALICE)
    dev.leave("User", "bob", ALICE, does="updating")
    warning = next(each for each in checks.check_state(tmp_path, None) if each.level == "warning")
    assert warning.text == (
        "2 operations are pending, because a run was killed. Run `pulumi-spectrum recover`, which shows what became of "
        "them."
    )
