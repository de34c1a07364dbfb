"""Every change of a webhook: what preview shows, which requests are sent, and what the service then holds."""

from dataclasses import dataclass, field
from typing import Any

from pulumi_spectrum import Webhook
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import Run

RAW, NORMALIZED = "raw-inbound.v1", "normalized-events.v1"

CREATE_FIRST = ("create-replacement", "replace", "delete-replaced")
DELETE_FIRST = ("delete-replaced", "replace", "create-replacement")


@dataclass(frozen=True)
class Case:
    """One webhook, declared twice.

    `shows` is the operations that preview shows, and the changed properties. `sends` is every request that
    concerns this webhook, in order; `OLD` and `NEW` stand for its ids. `holds` is what the service then holds.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    shows: tuple[tuple[str, ...], tuple[str, ...]]
    sends: list[str]
    holds: dict[str, Any] = field(default_factory=dict)


IN_PLACE = ("update",)
PATCH = "PATCH OLD"

CASES = {
    "nothing": Case({"enabled": False}, {"enabled": False}, ((), ()), []),
    "disabled": Case(
        {}, {"enabled": False}, (IN_PLACE, ("enabled",)), [f"{PATCH} enabled=False"], {"status": "disabled"}
    ),
    "enabled": Case(
        {"enabled": False},
        {"enabled": True},
        (IN_PLACE, ("enabled",)),
        [f"{PATCH} enabled=True"],
        {"status": "active", "disabledReason": None},
    ),
    "enabled-left-out": Case(
        {"enabled": False}, {}, (IN_PLACE, ("enabled",)), [f"{PATCH} enabled=True"], {"enabled": True}
    ),
    "event-types-as-they-are": Case(
        {}, {"event_types": ["message.received"]}, (IN_PLACE, ("eventTypes",)), [], {"eventTypes": ["message.received"]}
    ),
    "email-given": Case(
        {},
        {"failure_notification_email": "ops@example.com"},
        (IN_PLACE, ("failureNotificationEmail",)),
        [f"{PATCH} failureNotificationEmail=ops@example.com"],
        {"failureNotificationEmail": "ops@example.com"},
    ),
    "email-changed": Case(
        {"failure_notification_email": "ops@example.com"},
        {"failure_notification_email": "night@example.com"},
        (IN_PLACE, ("failureNotificationEmail",)),
        [f"{PATCH} failureNotificationEmail=night@example.com"],
        {"failureNotificationEmail": "night@example.com"},
    ),
    "email-cleared": Case(
        {"failure_notification_email": "ops@example.com"},
        {"failure_notification_email": ""},
        (IN_PLACE, ("failureNotificationEmail",)),
        [f"{PATCH} failureNotificationEmail=None"],
        {"failureNotificationEmail": None},
    ),
    "email-in-other-case": Case(
        {"failure_notification_email": "ops@example.com"},
        {"failure_notification_email": "Ops@Example.com"},
        ((), ()),
        [],
    ),
    "email-left-out": Case(
        {"failure_notification_email": "ops@example.com"},
        {},
        (IN_PLACE, ("failureNotificationEmail",)),
        [],
        {"failureNotificationEmail": "ops@example.com"},
    ),
    "schema-as-it-is": Case(
        {}, {"schema_version": NORMALIZED}, (IN_PLACE, ("schemaVersion",)), [], {"schemaVersion": NORMALIZED}
    ),
    "schema-upgraded": Case(
        {"schema_version": NORMALIZED},
        {"schema_version": RAW},
        (IN_PLACE, ("schemaVersion",)),
        [f"{PATCH} schemaVersion={RAW}"],
        {"schemaVersion": RAW},
    ),
    "schema-upgraded-with-the-rest": Case(
        {"enabled": False},
        {"schema_version": RAW, "failure_notification_email": "ops@example.com"},
        (IN_PLACE, ("enabled", "failureNotificationEmail", "schemaVersion")),
        [f"{PATCH} schemaVersion={RAW}", f"{PATCH} enabled=True failureNotificationEmail=ops@example.com"],
        {"schemaVersion": RAW, "enabled": True, "failureNotificationEmail": "ops@example.com"},
    ),
    "schema-downgraded": Case(
        {"schema_version": RAW},
        {"schema_version": NORMALIZED},
        (DELETE_FIRST, ("schemaVersion",)),
        ["DELETE OLD", f"POST schemaVersion={NORMALIZED}"],
        {"schemaVersion": NORMALIZED},
    ),
    "schema-left-out": Case({"schema_version": RAW}, {}, (IN_PLACE, ("schemaVersion",)), [], {"schemaVersion": RAW}),
    "another-url": Case(
        {"enabled": False},
        {"enabled": False, "webhook_url": "https://elsewhere.example.com/hook"},
        (CREATE_FIRST, ("webhookUrl",)),
        ["POST", "PATCH NEW enabled=False", "DELETE OLD"],
        {"webhookUrl": "https://elsewhere.example.com/hook", "enabled": False},
    ),
    "another-url-and-schema": Case(
        {"schema_version": RAW},
        {"schema_version": NORMALIZED, "webhook_url": "https://elsewhere.example.com/other"},
        (CREATE_FIRST, ("schemaVersion", "webhookUrl")),
        [f"POST schemaVersion={NORMALIZED}", "DELETE OLD"],
        {"webhookUrl": "https://elsewhere.example.com/other", "schemaVersion": NORMALIZED},
    ),
    "url-in-other-case": Case(
        {"webhook_url": "https://CASE.example.com/hook"}, {"webhook_url": "https://case.example.com/hook"}, ((), ()), []
    ),
    "on-conflict": Case({}, {"on_conflict": "replace"}, (IN_PLACE, ("onConflict",)), []),
    "first-rotation": Case({}, {"secret_rotation": "2026-11"}, (IN_PLACE, ("secretRotation",)), []),
    "rotation": Case(
        {"secret_rotation": "2026-11"},
        {"secret_rotation": "2026-12"},
        (IN_PLACE, ("secretRotation",)),
        ["POST OLD/secret/rotate"],
    ),
    "rotation-with-overlap": Case(
        {"secret_rotation": "2026-11", "enabled": False},
        {"secret_rotation": "2026-12", "rotation_overlap_seconds": 3600},
        (IN_PLACE, ("enabled", "rotationOverlapSeconds", "secretRotation")),
        [f"{PATCH} enabled=True", "POST OLD/secret/rotate overlapSeconds=3600"],
        {"enabled": True},
    ),
    "overlap-alone": Case(
        {"secret_rotation": "2026-11", "rotation_overlap_seconds": 60},
        {"secret_rotation": "2026-11", "rotation_overlap_seconds": 0},
        (IN_PLACE, ("rotationOverlapSeconds",)),
        [],
    ),
}


def _declare(webhooks: dict[str, dict[str, Any]]):
    def program() -> None:
        for name, arguments in webhooks.items():
            Webhook(name, **{"webhook_url": f"https://{name}.example.com/hook", **arguments})

    return program


def _shown(run: Run, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    changes = [change for change in run.changes if change.name == name]
    named = {name for change in changes for name in change.properties}
    return tuple(change.operation for change in changes), tuple(sorted(named))


def _sent(emulator: Emulator, old: str, new: str, url: str) -> list[str]:
    sent = []
    for request in emulator.requests:
        below = request.path.rstrip("/").partition("/webhooks")[2].removeprefix("/")
        body = dict(request.body or {})
        if below.startswith((old, new)) or body.pop("webhookUrl", None) == url:
            what = below.replace(new, "NEW").replace(old, "OLD") if new != old else below.replace(old, "OLD")
            sent.append(" ".join(filter(None, [request.method, what, *(f"{key}={body[key]}" for key in sorted(body))])))
    return sent


def test_each_change_of_a_webhook(spectrum: Emulator, make_stack):
    """Each change shows exactly its properties, sends exactly its requests, and the next preview is empty."""
    stack = make_stack(_declare({name: case.before for name, case in CASES.items()}))
    stack.up()
    old = _ids(stack)
    assert stack.preview().changes == []
    spectrum.requests.clear()

    stack.program = _declare({name: case.after for name, case in CASES.items()})
    preview = stack.preview()
    assert [request.path for request in spectrum.requests] == []
    stack.up()
    new = _ids(stack)

    rows = {name: spectrum.project.webhooks[new[name]] for name in CASES}
    seen = {
        name: Case(
            case.before,
            case.after,
            _shown(preview, name),
            _sent(spectrum, old[name], new[name], rows[name]["webhookUrl"]),
            {key: rows[name][key] for key in case.holds},
        )
        for name, case in CASES.items()
    }
    assert seen == CASES
    assert [run.changes for run in (stack.preview(), stack.refresh(), stack.preview())] == [[], [], []]
    stack.destroy()
    assert spectrum.project.webhooks.rows == []


def _ids(stack) -> dict[str, str]:
    return {
        resource["urn"].rsplit("::", 1)[-1]: resource["id"]
        for resource in stack.export()["resources"]
        if "spectrum:Webhook" in resource["type"]
    }
