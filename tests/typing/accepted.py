"""A program that type checkers accept: it is checked, and never run."""

import asyncio
from typing import Any, Literal, assert_type, cast

import pulumi

import pulumi_spectrum as spectrum

config = pulumi.Config()

# Arguments are plain values, outputs and awaitables, and None stands for the default.
inbox = spectrum.Webhook(
    "inbox",
    webhook_url=config.require("url"),
    enabled=config.get_bool("enabled"),
    event_types=["message.received"],
    failure_notification_email=config.get("email"),
    schema_version="raw-inbound.v1",
    on_conflict=None,
    secret_rotation=config.get_secret("rotation"),
    rotation_overlap_seconds=config.get_int("overlap"),
    opts=pulumi.ResourceOptions(protect=True),
)
line = spectrum.Line("line", first_name=config.get("name"), last_name=asyncio.sleep(0, "Support"))
shared = spectrum.User("shared", phone_number="+14155550123", on_conflict="adopt", email=inbox.id)
dedicated = spectrum.User(
    "dedicated",
    phone_number=config.require_secret("phone"),
    type="dedicated",
    assigned_phone_number=line.phone_number,
    first_name=shared.first_name,
)
prod = spectrum.Provider(
    "prod",
    project_id=config.require("projectId"),
    project_secret=config.require_secret("projectSecret"),
    base_url=config.get("baseUrl"),
    requests_per_second=config.get_float("pace"),
    timeout_seconds=None,
)
body = {"type": "BODY", "text": pulumi.Output.concat("Call ", inbox.id), "example": {"body_text": [["Ada"]]}}
template = spectrum.WhatsAppTemplate(
    "template",
    account_id=spectrum.get_whatsapp_accounts()[0].id,
    name="hello",
    language=config.require("language"),
    category="UTILITY",
    components=[{"type": "HEADER", "text": "Acme"}, body, pulumi.Output.from_input({"type": "FOOTER"})],
    parameter_format=None,
    message_send_ttl_seconds=config.get_int("seconds"),
    allow_category_change=config.get_bool("any"),
)

# A choice takes one of its values. Text from outside is narrowed or cast first; preview refuses other values.
spectrum.User("chosen", phone_number="+14155550124", type="dedicated" if config.get_bool("dedicated") else "shared")
keys: list[Literal["voice", "slack"]] = ["voice", "slack"]
for key in keys:
    spectrum.Platform(key, platform=key, enabled=inbox.enabled)
spectrum.Platform("cast", platform=cast(Literal["imessage", "voice"], config.require("platform")))


def choose(_user_id: str) -> Literal["imessage", "slack"]:
    """Return a choice that is unknown until another resource exists."""
    return "imessage" if config.get_bool("imessage") else "slack"


spectrum.Platform("later", platform=shared.id.apply(choose))

# The type of an output says what it holds, and whether it may be None.
assert_type(inbox.webhook_url, pulumi.Output[str])
assert_type(inbox.signing_secret, pulumi.Output[str | None])
assert_type(inbox.event_types, pulumi.Output[list[str] | None])
assert_type(inbox.rotation_overlap_seconds, pulumi.Output[int | None])
assert_type(line.phone_number, pulumi.Output[str | None])
assert_type(shared.redirect_url, pulumi.Output[str])
assert_type(shared.type, pulumi.Output[str])
assert_type(template.components, pulumi.Output[list[dict[str, Any]]])
assert_type(template.status, pulumi.Output[str | None])
assert_type(spectrum.Platform.get("there", "voice").enabled, pulumi.Output[bool])


class SupportLine(spectrum.Line):
    """A subclass has its parent's arguments and outputs."""

    team: str

    def __init__(self, name: str, team: str, opts: pulumi.ResourceOptions | None = None) -> None:
        self.team = team
        super().__init__(name, first_name="Acme", last_name=team, opts=opts)


class NightLine(spectrum.Line):
    """A subclass without an `__init__` of its own."""


assert_type(SupportLine("support", "Support").phone_number, pulumi.Output[str | None])
assert_type(SupportLine.get("there", "id-1"), SupportLine)
assert_type(NightLine("night", first_name="Acme").status, pulumi.Output[str | None])
