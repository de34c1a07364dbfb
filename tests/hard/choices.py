"""What random programs say of each kind of resource, and what people change by hand at the service.

The arguments are those of `kind_samples`, with more values for each. A new kind needs a row in each of the two tables;
a test says when an argument has no values here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kind_samples import SAMPLES

from pulumi_spectrum.emulator.handles import ProjectHandle

ACCOUNT = str(SAMPLES["whatsapp-template"].arguments["accountId"])


def _body(text: str) -> list[dict[str, Any]]:
    return [{"type": "BODY", "text": text}]


VALUES: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "line": {"platform": ("imessage",), "firstName": ("Acme", "Zeta", ""), "lastName": ("B", "")},
    "platform": {
        "platform": ("imessage", "whatsapp_business"),
        "enabled": (True, False),
        "autoScale": (True, False),
        "imessageEnabled": (True,),
    },
    "project-profile": {"firstName": ("Acme", "Zeta", ""), "lastName": ("Support", ""), "sync": (False,)},
    "slack-app": {
        "appId": ("A0EXAMPLE", "A0OTHER"),
        "clientId": ("1.2", "3.4"),
        "clientSecret": ("0a1b2c3d" * 4, "9a8b7c6d" * 4),
        "signingSecret": ("5e6f7a8b" * 4, "1e2f3a4b" * 4),
        "enabledFeatures": (["dms", "pins"], ["pins", "dms"], ["files"]),
        "onConflict": ("fail", "adopt"),
    },
    "user": {
        "phoneNumber": tuple(f"+1415555012{digit}" for digit in range(4)),
        "type": ("shared", "dedicated"),
        "assignedPhoneNumber": (),
        "firstName": ("Alice", "Bob"),
        "lastName": ("A", "B"),
        "email": ("alice@example.com", "Alice@Example.com", "bob@example.com"),
        "onConflict": ("fail", "adopt"),
    },
    "voice-sip-inbound": {
        "sipUri": ("sip:bot@example.com", "sip:other@example.com"),
        "username": ("bot", "other", ""),
        "password": ("Pa55-of-the-b0t", "An0ther-pa55", ""),
        "onConflict": ("fail", "adopt"),
    },
    "webhook": {
        "webhookUrl": tuple(f"https://app.example.com/{number}" for number in range(4)),
        "enabled": (True, False),
        "eventTypes": (["message.received"],),
        "failureNotificationEmail": ("ops@example.com", "OPS@example.com", "dev@example.com", ""),
        "schemaVersion": ("normalized-events.v1", "raw-inbound.v1"),
        "onConflict": ("fail", "replace"),
        "secretRotation": ("1", "2", "3"),
        "rotationOverlapSeconds": (0, 3600),
    },
    "whatsapp-template": {
        "accountId": (ACCOUNT,),
        "name": ("order_shipped", "hello"),
        "language": ("en_US", "de"),
        "category": ("UTILITY", "MARKETING"),
        "components": (_body("Hi"), _body("Hello"), [*_body("Hi"), {"type": "FOOTER", "text": "Bye"}]),
        "parameterFormat": ("POSITIONAL", "NAMED"),
        "messageSendTtlSeconds": (600, 900),
        "allowCategoryChange": (False, True),
    },
}
"""The values of each argument, by the key of the kind. A number of a line is a reference, and has none here."""


@dataclass(frozen=True)
class Place:
    """Where the service holds the objects of a kind.

    Args:
        ids: Returns the ids of those that count: all, or for a switch those that are on.
        row: Returns one as the API shows it, by its id.
        secrets: Returns the secrets in force of one, by its id.
        change: Changes one by hand, by its id and a number that says how.
        remove: Removes one by hand.
        add: Makes one by hand with the identity of some arguments, and returns its id.
    """

    ids: Callable[[ProjectHandle], set[str]]
    row: Callable[[ProjectHandle, str], Any]
    secrets: Callable[[ProjectHandle, str], Mapping[str, str | None]]
    change: Callable[[ProjectHandle, str, int], object]
    remove: Callable[[ProjectHandle, str], object]
    add: Callable[[ProjectHandle, Mapping[str, Any]], str] | None


def _pick(changes: list[dict[str, Any]], number: int) -> dict[str, Any]:
    return changes[number % len(changes)]


def _table(area: str, changes: list[dict[str, Any]], identity: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Place:
    """Return the place of a kind with many objects in one table."""
    return Place(
        ids=lambda project: set(getattr(project, area).ids),
        row=lambda project, object_id: getattr(project, area)[object_id],
        secrets=lambda project, object_id: getattr(project, area).secrets(object_id),
        change=lambda project, object_id, number: getattr(project, area).change(object_id, **_pick(changes, number)),
        remove=lambda project, object_id: getattr(project, area).remove(object_id),
        add=lambda project, arguments: str(getattr(project, area).add(**identity(arguments))["id"]),
    )


def _singleton(area: str, changes: list[dict[str, Any]], first: Mapping[str, Any]) -> Place:
    """Return the place of a kind with one object in a project, whose id is that of the project."""

    def add(project: ProjectHandle, _arguments: Mapping[str, Any]) -> str:
        getattr(project, area).set(**first)
        return project.id

    return Place(
        ids=lambda project: {project.id} if getattr(project, area).row else set(),
        row=lambda project, _id: getattr(project, area).row,
        secrets=lambda project, _id: getattr(project, area).secrets(),
        change=lambda project, _id, number: getattr(project, area).set(**_pick(changes, number)),
        remove=lambda project, _id: getattr(project, area).clear(),
        add=add,
    )


_templates = _table(
    "whatsapp_templates",
    [{"category": "MARKETING"}, {"components": _body("By hand")}, {"status": "PAUSED"}, {"qualityScore": "RED"}],
    lambda arguments: {
        "accountId": ACCOUNT,
        "category": "UTILITY",
        "components": _body("Theirs"),
        "status": "APPROVED",
        **{name: arguments[name] for name in ("name", "language") if name in arguments},
    },
)


def _template_id(object_id: str) -> str:
    return object_id.rpartition("/")[2]


PLACES: Mapping[str, Place] = {
    "line": _table("lines", [{"firstName": "By hand"}, {"lastName": None}, {"status": "unavailable"}], lambda _: {}),
    "platform": Place(
        ids=lambda project: {name for name, entry in project.platforms.rows.items() if entry["enabled"]},
        row=lambda project, name: project.platforms[name],
        secrets=lambda _project, _name: {},
        change=lambda project, name, number: project.platforms.set(name, enabled=bool(number % 2)),
        remove=lambda project, name: project.platforms.forget(name),
        add=None,
    ),
    "project-profile": _singleton("profile", [{"firstName": "By hand"}, {"lastName": ""}], {"firstName": "Theirs"}),
    "slack-app": _singleton(
        "slack",
        [{"appId": "A0BYHAND"}, {"enabledFeatures": ["reactions"]}, {"clientSecret": "7c8d9e0f" * 4}],
        # With secrets, since null may be a mask: an app without them is not told from one that keeps them to itself.
        {"appId": "A0THEIRS", "clientSecret": "6b7c8d9e" * 4, "signingSecret": "5a6b7c8d" * 4},
    ),
    "user": _table(
        "users",
        [{"firstName": "By hand"}, {"email": "by@hand.example"}, {"lastName": None}],
        lambda arguments: {"type": "shared", "phoneNumber": arguments["phoneNumber"], "firstName": "Theirs"},
    ),
    "voice-sip-inbound": _singleton(
        "sip_inbound",
        [{"sipUri": "sip:by@hand.example"}, {"username": None, "password": None}],
        {"sipUri": "sip:theirs@example.com"},
    ),
    "webhook": _table(
        "webhooks",
        [{"enabled": False}, {"failureNotificationEmail": "by@hand.example"}, {"schemaVersion": "raw-inbound.v1"}],
        lambda arguments: {"webhookUrl": arguments["webhookUrl"]},
    ),
    "whatsapp-template": Place(
        ids=lambda project: {f"{ACCOUNT}/{row_id}" for row_id in _templates.ids(project)},
        row=lambda project, object_id: _templates.row(project, _template_id(object_id)),
        secrets=lambda _project, _id: {},
        change=lambda project, object_id, number: _templates.change(project, _template_id(object_id), number),
        remove=lambda project, object_id: _templates.remove(project, _template_id(object_id)),
        add=lambda project, arguments: f"{ACCOUNT}/{_templates.add(project, arguments) if _templates.add else ''}",
    ),
}
"""By the key of the kind."""


def approve_templates(project: ProjectHandle, *statuses: str) -> None:
    """Have Meta approve the templates that it reviews, or those of some other statuses."""
    for row in project.whatsapp_templates.rows:
        if row["status"] in (statuses or ("PENDING",)):
            project.whatsapp_templates.change(row["id"], status="APPROVED")
