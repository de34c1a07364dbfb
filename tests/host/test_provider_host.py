"""Each kind of resource through the real dynamic host, from check to delete."""

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime.proto import engine_pb2

from pulumi_spectrum.providers.bookkeeping import BOOKKEEPING, Bookkeeping, bookkeeping_of

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine sends a value that is not known yet."""
URL = "https://app.example.com/spectrum"
Inputs = dict[str, dict[str, Any]]
NONE, OPEN = 1, 0
"""What a diff says: there is no change; or the engine shall compare the inputs itself."""


def shown(outputs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outputs.items() if not name.startswith("__")}


def test_webhook_from_check_to_delete(host: Any, project: Any, inputs: Inputs) -> None:
    """A webhook is registered with its secrets, updated in place without losing them, refreshed, and deleted."""
    news = inputs["webhook"]
    checked = host.check("webhook", news)
    assert list(checked.failures) == []

    webhook_id, made = host.create("webhook", dict(checked.inputs))
    secrets = project.webhooks.secrets(webhook_id)
    assert {name: made[name] for name in secrets} == secrets
    assert (made["status"], made["projectId"]) == ("active", project.id)
    assert bookkeeping_of(made).managed == set(news)
    assert made["__provider"] == dict(checked.inputs)["__provider"]

    assert host.diff("webhook", made, news).changes == NONE
    changed = {**news, "enabled": False, "failureNotificationEmail": "ops@example.com"}
    assert host.diff("webhook", made, changed).changes == OPEN
    updated = host.update("webhook", webhook_id, made, changed)
    assert (updated["enabled"], updated["status"]) == (False, "disabled")
    assert {name: updated[name] for name in secrets} == secrets
    assert host.diff("webhook", updated, changed).changes == NONE

    refreshed = host.read("webhook", webhook_id, updated)
    assert (refreshed.id, dict(refreshed.properties)["signingSecret"]) == (webhook_id, secrets["signingSecret"])
    assert {name: value for name, value in dict(refreshed.inputs).items() if name != "__provider"} == changed

    host.delete("webhook", webhook_id, updated)
    assert webhook_id not in project.webhooks.ids


def test_secret_rotation_changes_one_secret(host: Any, project: Any, emulator: Any, inputs: Inputs) -> None:
    """A new `secret_rotation` makes a new standard secret, and an overlap given as a float is sent as an int."""
    news = {**inputs["webhook"], "secretRotation": "1"}
    webhook_id, made = host.create("webhook", news)
    updated = host.update("webhook", webhook_id, made, {**news, "secretRotation": "2", "rotationOverlapSeconds": 60.0})

    secrets = project.webhooks.secrets(webhook_id)
    assert repr(emulator.requests[-1].body) == "{'overlapSeconds': 60}"
    assert updated["signingSecret"] == made["signingSecret"] == secrets["signingSecret"]
    assert updated["standardSigningSecret"] == secrets["standardSigningSecret"] != made["standardSigningSecret"]


def test_first_rotation_value_rotates_nothing(host: Any, engine: Any, project: Any, inputs: Inputs) -> None:
    """The first `secret_rotation` of a webhook keeps its secret, and a line that is no warning says so, once."""
    webhook_id, made = host.create("webhook", inputs["webhook"])
    first = {**inputs["webhook"], "secretRotation": "1"}
    marked = host.update("webhook", webhook_id, made, first)
    host.update("webhook", webhook_id, marked, {**first, "enabled": False})

    assert marked["standardSigningSecret"] == made["standardSigningSecret"]
    [line] = engine.lines
    assert (line.severity, line.ephemeral) == (engine_pb2.INFO, False)
    assert line.message.startswith("The secret was not rotated: the first value of secret_rotation only marks")


def test_user_from_check_to_delete(host: Any, project: Any, inputs: Inputs) -> None:
    """A user is created, updated in place with the same id, refreshed, and deleted."""
    news = {**inputs["user"], "firstName": "Alice"}
    user_id, made = host.create("user", dict(host.check("user", news).inputs))
    assert project.users[user_id]["firstName"] == "Alice"
    assert made["redirectUrl"].endswith(f"/users/{user_id}/redirect")

    updated = host.update("user", user_id, made, {**news, "firstName": "Eve"})
    assert project.users[user_id]["firstName"] == updated["firstName"] == "Eve"
    assert host.read("user", user_id, updated).id == user_id

    host.delete("user", user_id, updated)
    assert user_id not in project.users.ids


def test_line_from_check_to_delete(host: Any, project: Any) -> None:
    """A line is allocated and named, renamed, refreshed, and released."""
    news = {"platform": "imessage", "firstName": "Acme"}
    line_id, made = host.create("line", dict(host.check("line", news).inputs))
    assert project.lines[line_id]["phoneNumber"] == made["phoneNumber"]
    assert (made["firstName"], "lastName" in made) == ("Acme", False)

    updated = host.update("line", line_id, made, {"platform": "imessage", "firstName": "", "lastName": "Support"})
    assert project.lines[line_id]["profile"]["lastName"] == "Support"
    assert project.lines[line_id]["profile"]["firstName"] is None
    assert host.diff("line", updated, {"platform": "imessage", "firstName": "", "lastName": "Support"}).changes == NONE

    host.delete("line", line_id, updated)
    assert line_id not in project.lines.ids


def test_platform_from_check_to_delete(host: Any, project: Any) -> None:
    """A platform is turned on and set, turned off with its settings, read, and deleted, which turns it off."""
    news = {"platform": "voice", "enabled": True, "imessageEnabled": True}
    platform_id, made = host.create("platform", dict(host.check("platform", news).inputs))
    assert platform_id == "voice"
    assert project.platforms["voice"] == {"enabled": True, "imessage_enabled": True}
    assert shown(made) == {**news, "projectId": project.id}

    off = {"platform": "voice", "enabled": False, "imessageEnabled": False}
    updated = host.update("platform", platform_id, made, off)
    assert project.platforms["voice"] == {"enabled": False, "imessage_enabled": False}
    assert host.diff("platform", updated, off).changes == NONE

    project.platforms.set("voice", enabled=True)
    host.delete("platform", platform_id, updated)
    assert project.platforms["voice"]["enabled"] is False


ROWS: dict[str, Callable[[Any], Any]] = {
    "webhook": lambda project: project.webhooks,
    "user": lambda project: project.users,
    "line": lambda project: project.lines,
}


@pytest.mark.parametrize("kind", ROWS)
def test_deleted_object_reads_as_gone(kind: str, host: Any, project: Any, inputs: Inputs) -> None:
    """Reading an object that was deleted outside Pulumi returns no id, which removes it from the state."""
    olds = {**inputs[kind], "projectId": project.id, **Bookkeeping(frozenset(inputs[kind])).as_output()}

    assert host.read(kind, "removed-long-ago", olds).id == ""


def test_get_reads_existing_object(start_host: Any, inputs: Inputs) -> None:
    """A program's `get` sends no state, and returns the existing object with no managed property."""
    host, project = start_host()
    for kind, rows in ROWS.items():
        fields = {name: inputs[kind][name] for name in inputs[kind] if name in ("webhookUrl", "phoneNumber")}
        row = rows(project).add(**fields)
        read = host.read(kind, row["id"])

        assert read.id == row["id"]
        assert dict(read.properties)["projectId"] == project.id
        assert BOOKKEEPING not in dict(read.properties)
        assert not read.HasField("inputs")


def test_read_returns_drift_in_inputs_and_outputs(host: Any, inputs: Inputs) -> None:
    """A refresh returns the drifted value as an input too, so that the next preview shows exactly that change."""
    news = {**inputs["user"], "firstName": "Alice", "email": "Alice@example.com"}
    user_id, made = host.create("user", news)
    drifted = host.read("user", user_id, {**made, "firstName": "Eve"})

    assert dict(drifted.properties)["firstName"] == dict(drifted.inputs)["firstName"] == "Alice"
    assert dict(drifted.inputs)["email"] == "Alice@example.com"


@pytest.mark.parametrize(
    "news",
    [
        {"webhookUrl": UNKNOWN, "enabled": True, "onConflict": "fail"},
        {"webhookUrl": URL, "enabled": UNKNOWN, "eventTypes": [UNKNOWN], "onConflict": "fail"},
        {"webhookUrl": URL, "eventTypes": UNKNOWN, "secretRotation": UNKNOWN, "rotationOverlapSeconds": UNKNOWN},
    ],
)
def test_check_keeps_unknown_values(news: dict[str, Any], host: Any) -> None:
    """Check returns unknown values, nested or not, as they were sent."""
    checked = host.check("webhook", news)

    assert list(checked.failures) == []
    assert checked.inputs == host.properties("webhook", news)


def test_unknown_line_replaces_user(host: Any) -> None:
    """A dedicated user whose line is unknown is replaced, with the old user deleted first."""
    news = {"phoneNumber": "+14155550123", "type": "dedicated", "assignedPhoneNumber": "+14155550199"}
    olds = {**news, **Bookkeeping(frozenset(news)).as_output()}
    diff = host.diff("user", olds, {**news, "assignedPhoneNumber": UNKNOWN})

    assert (diff.changes, list(diff.replaces), diff.deleteBeforeReplace) == (OPEN, ["assignedPhoneNumber"], True)


def test_check_refuses_wrong_argument(host: Any) -> None:
    """Check names a wrong argument in its sentence and not as a property, so that the engine prints no value."""
    failures = host.check("webhook", {"webhookUrl": "http://s3cr3t@app.example.com/", "enabled": "s3cr3t"}).failures

    assert [(failure.property, failure.reason) for failure in failures] == [
        ("", "webhook_url must be https, because events are never delivered in clear text."),
        ("", "enabled must be true or false."),
    ]


def test_check_refuses_object_declared_twice(host: Any, inputs: Inputs) -> None:
    """Check refuses a program's second resource of the same object, naming both resources."""
    assert list(host.check("user", inputs["user"], name="alice").failures) == []
    assert list(host.check("user", inputs["user"], name="alice").failures) == []
    [failure] = host.check("user", inputs["user"], name="bob").failures

    assert failure.reason.startswith('"alice" and "bob" are the same user: both have the same phone_number.')


def test_concurrent_creations(host: Any, project: Any, emulator: Any, inputs: Inputs) -> None:
    """Sixteen concurrent creations make sixteen objects, each with its own response, over a few connections."""
    emulator.requests.clear()
    urls = [f"{inputs['webhook']['webhookUrl']}/{number}" for number in range(16)]
    begun = [host.start_create("webhook", {**inputs["webhook"], "webhookUrl": url}, name=url) for url in urls]
    made = [host.result(each) for each in begun]

    assert [dict(each.properties)["webhookUrl"] for each in made] == urls
    assert {each.id for each in made} <= set(project.webhooks.ids)
    assert {each.id: dict(each.properties)["signingSecret"] for each in made} == {
        each.id: project.webhooks.secrets(each.id)["signingSecret"] for each in made
    }
    assert len(emulator.requests.matching("GET", "*/webhooks/")) <= 16, "one list decides each, or several"
    assert emulator.requests.count_connections() <= 4


@pytest.mark.parametrize("kind", ["webhook", "user", "line", "platform"])
def test_check_and_diff_need_no_credentials(kind: str, host_without_credentials: Any, inputs: Inputs) -> None:
    """Check and diff work without any configuration."""
    news = inputs[kind]
    olds = {**news, "projectId": "p-1", **Bookkeeping(frozenset(news)).as_output()}

    assert list(host_without_credentials.check(kind, news).failures) == []
    assert host_without_credentials.diff(kind, olds, news).changes == NONE


def test_create_without_credentials_is_refused(host_without_credentials: Any, inputs: Inputs) -> None:
    """A creation without credentials says which settings are missing and where to set them."""
    with pytest.raises(Exception, match="Traceback") as caught:
        host_without_credentials.create("webhook", inputs["webhook"])

    failure: Any = caught.value
    assert failure.message.startswith("Spectrum credentials are missing: spectrum:projectId (or SPECTRUM_PROJECT_ID)")


def test_credentials_from_the_environment(start_host: Any, emulator: Any, inputs: Inputs) -> None:
    """A host with an empty configuration uses the credentials and the base URL of the environment."""
    project = emulator.add_project()
    host, _ = start_host(config={}, environment=project.environment)
    made_id, _ = host.create("webhook", inputs["webhook"])

    assert project.webhooks.ids == [made_id]


def test_waiting_creations_do_not_block_the_host(start_host: Any, inputs: Inputs) -> None:
    """Creations that wait for calls about existing objects leave the host threads to answer those calls."""
    host, project = start_host()
    phones = [f"+1415555{number:04d}" for number in range(6)]
    ids = [project.users.add(phoneNumber=phone)["id"] for phone in phones]
    before = [
        {**inputs["user"], "phoneNumber": phone, **Bookkeeping(creation="before").as_output()} for phone in phones
    ]
    after = [{**inputs["user"], "phoneNumber": phone.replace("415", "628")} for phone in phones]
    followers = [
        host.start_create("user", {**inputs["user"], "phoneNumber": phone}, name=f"new{number}")
        for number, phone in enumerate(phones)
    ]
    for number, user_id in enumerate(ids):
        host.diff("user", before[number], after[number], user_id, name=f"old{number}")
        _, moved = host.create("user", after[number], name=f"old{number}")
        assert bookkeeping_of(moved).left == (user_id,)

    assert [host.result(follower).id for follower in followers] == ids
    for number, user_id in enumerate(ids):
        host.delete("user", user_id, before[number], name=f"old{number}")
    assert set(ids) < set(project.users.ids)
    assert len(project.users) == 12
