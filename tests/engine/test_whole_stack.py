"""All kinds of resources in one stack: their order, the types of their outputs, and `get` of each."""

import re
from typing import Any

import pulumi

import pulumi_spectrum as spectrum_sdk

SECRET = "4dabf18193072939515e22adb298388d"
"""The key by which the engine marks a secret in the state."""
TYPES = {
    "inbox": {
        "webhook_url": "str",
        "enabled": "bool",
        "event_types": "list",
        "failure_notification_email": "str",
        "schema_version": "str",
        "on_conflict": "str",
        "secret_rotation": "str",
        "rotation_overlap_seconds": "int",
        "signing_secret": "str",
        "standard_signing_secret": "str",
        "status": "str",
        "disabled_at": "NoneType",
        "disabled_reason": "NoneType",
        "created_at": "str",
        "updated_at": "str",
        "project_id": "str",
    },
    "chat": {
        "platform": "str",
        "enabled": "bool",
        "auto_scale": "bool",
        "imessage_enabled": "NoneType",
        "project_id": "str",
    },
    "line": {
        "platform": "str",
        "first_name": "str",
        "last_name": "NoneType",
        "phone_number": "str",
        "status": "str",
        "avatar_url": "NoneType",
        "created_at": "str",
        "project_id": "str",
    },
    "ann": {
        "phone_number": "str",
        "type": "str",
        "assigned_phone_number": "str",
        "first_name": "str",
        "last_name": "NoneType",
        "email": "NoneType",
        "on_conflict": "str",
        "created_at": "str",
        "redirect_url": "str",
        "project_id": "str",
    },
}
"""The type that a program sees of every output."""
SECRETS = {("inbox", "signing_secret"), ("inbox", "standard_signing_secret")}


def declare() -> dict[str, pulumi.CustomResource]:
    chat = spectrum_sdk.Platform("chat", platform="imessage", auto_scale=False)
    line = spectrum_sdk.Line("line", first_name="Acme", opts=pulumi.ResourceOptions(protect=False, depends_on=[chat]))
    ann = spectrum_sdk.User(
        "ann",
        type="dedicated",
        phone_number="+14155550001",
        assigned_phone_number=line.phone_number,
        first_name=line.first_name.apply(lambda name: f"{name} Ann"),
    )
    inbox = spectrum_sdk.Webhook(
        "inbox",
        webhook_url=ann.id.apply(lambda user_id: f"https://app.example.com/{user_id}"),
        event_types=["message.received"],
        failure_notification_email="ops@example.com",
        secret_rotation="1",
        rotation_overlap_seconds=3600,
    )
    return {"inbox": inbox, "chat": chat, "line": line, "ann": ann}


def main() -> None:
    for name, resource in declare().items():
        for output in TYPES[name]:
            value = getattr(resource, output)
            pulumi.export(f"{name}.{output}", value)
            pulumi.export(f"type of {name}.{output}", pulumi.Output.unsecret(value).apply(lambda it: type(it).__name__))


def test_stack_of_all_kinds(spectrum, make_stack):
    """Resources are created in order of dependency; outputs have their types, and secret outputs are secret."""
    stack = make_stack(main)
    stack.up()
    changes = [each for each in spectrum.requests.operations() if each.startswith(("create", "register", "toggle"))]
    assert changes == ["togglePlatform", "createLine", "createUser", "createWebhook"]
    (line,), (ann,), (inbox,) = spectrum.project.lines, spectrum.project.users, spectrum.project.webhooks
    assert (ann["assignedPhoneNumber"], ann["firstName"]) == (line["phoneNumber"], "Acme Ann")
    assert inbox["webhookUrl"] == f"https://app.example.com/{ann['id']}"

    outputs = stack.outputs()
    assert set(TYPES) == {name.split(".")[0] for name in outputs if " " not in name}
    assert {name: outputs[f"type of {name}"] for name in _every_output()} == _every_output()
    assert outputs["inbox.rotation_overlap_seconds"] == 3600
    assert outputs["inbox.event_types"] == ["message.received"]
    assert outputs["inbox.signing_secret"] == spectrum.project.webhooks.secrets(inbox["id"])["signingSecret"]
    (root,) = [each for each in stack.export()["resources"] if each["type"] == "pulumi:pulumi:Stack"]
    assert {name for name, value in root["outputs"].items() if isinstance(value, dict) and SECRET in value} == {
        f"{name}.{output}" for name, output in SECRETS
    }
    for name, types in TYPES.items():
        _assert_names_in_state(stack.resource(name), types)
    assert stack.preview(refresh=True).changes == []

    spectrum.project.platforms.set("imessage", enabled=False)
    spectrum.project.lines.change(line["id"], firstName="Eve")
    spectrum.project.users.change(ann["id"], firstName="Eve")
    spectrum.project.webhooks.change(inbox["id"], enabled=False)
    assert stack.up(refresh=True).summary.keys() == set(TYPES)
    assert stack.preview(refresh=True).changes == []

    stack.destroy()
    project = spectrum.project
    assert (len(project.lines), len(project.users), len(project.webhooks)) == (0, 0, 0)
    assert project.platforms["imessage"]["enabled"] is False


def _every_output() -> dict[str, str]:
    return {f"{name}.{output}": kind for name, types in TYPES.items() for output, kind in types.items()}


def _assert_names_in_state(resource: dict[str, Any], outputs: dict[str, str]) -> None:
    """Fail unless the state, which policies read, has the API's property names and no others."""
    known = {re.sub(r"_(.)", lambda match: match[1].upper(), name) for name in outputs}
    for properties in (resource["inputs"], resource["outputs"]):
        assert {name for name in properties if not name.startswith("__")} <= known


def test_get_of_each_kind(spectrum, make_stack):
    """`get` of each kind returns what the service holds, reads it at every `up`, and never changes or deletes it."""
    project = spectrum.project
    line = project.lines.add(firstName="Acme")
    ann = project.users.add(phoneNumber="+14155550001", firstName="Ann")
    inbox = project.webhooks.add(webhookUrl="https://app.example.com/spectrum")

    def program():
        found = {
            "inbox": spectrum_sdk.Webhook.get("inbox", inbox["id"]),
            "chat": spectrum_sdk.Platform.get("chat", "imessage"),
            "line": spectrum_sdk.Line.get("line", line["id"]),
            "ann": spectrum_sdk.User.get("ann", ann["id"]),
        }
        for name, output in {"inbox": "webhook_url", "chat": "enabled", "line": "first_name", "ann": "email"}.items():
            pulumi.export(name, getattr(found[name], output))

    stack = make_stack(program)
    stack.up()
    assert stack.outputs() == {"inbox": inbox["webhookUrl"], "chat": False, "line": "Acme"}
    project.platforms.set("imessage", enabled=True)
    project.users.change(ann["id"], email="ann@example.com")
    assert stack.up().changes == []
    assert stack.outputs()["chat"] is True
    assert stack.outputs()["ann"] == "ann@example.com"
    stack.destroy()
    assert spectrum.requests.matching("POST") + spectrum.requests.matching("PATCH") == []
    assert spectrum.requests.matching("DELETE") == []
    assert (len(project.lines), len(project.users), len(project.webhooks)) == (1, 1, 1)

    project.users.remove(ann["id"])
    run = stack.up(fails=True)
    (message,) = [message for message in run.messages if message.startswith("ann")]
    assert message == (
        f"ann: error: There is no user with the id {ann['id']} in project {spectrum.project_id}. Check the id, and "
        "whether spectrum:projectId names the project that it belongs to."
    )
