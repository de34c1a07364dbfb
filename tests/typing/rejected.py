"""What type checkers refuse: exactly the lines that end in `refused:` and the code of mypy's error."""

from typing import Literal

import pulumi

import pulumi_spectrum as spectrum

config = pulumi.Config()
URL = "https://app.example.com/spectrum"
PHONE = "+14155550123"

# Values that are no choice: misspelled ones, and plain text.
spectrum.Platform("p", platform="imesage")  # refused: arg-type
spectrum.Platform("p", platform=config.require("platform"))  # refused: arg-type
spectrum.Line("l", platform="voice")  # refused: arg-type
spectrum.User("u", phone_number=PHONE, type="dedicatd")  # refused: arg-type
spectrum.User("u", phone_number=PHONE, type=config.get("type"))  # refused: arg-type
spectrum.User("u", phone_number=PHONE, on_conflict="replace")  # refused: arg-type
spectrum.Webhook("w", webhook_url=URL, on_conflict="adopt")  # refused: arg-type
spectrum.Webhook("w", webhook_url=URL, schema_version="raw-inbound.v2")  # refused: arg-type
spectrum.Webhook("w", webhook_url=URL, event_types=["message.sent"])  # refused: list-item

# Values of another type, and arguments that are required.
spectrum.Webhook("w", webhook_url=None)  # refused: arg-type
spectrum.Webhook("w", webhook_url=URL, enabled="yes")  # refused: arg-type
spectrum.Webhook("w", webhook_url=URL, rotation_overlap_seconds="60")  # refused: arg-type
spectrum.User("u", phone_number=14155550123)  # refused: arg-type
spectrum.Platform("p", platform="slack", enabled=spectrum.Line("l").phone_number)  # refused: arg-type
spectrum.Provider("p", project_id="p", project_secret=None)  # refused: arg-type
spectrum.Webhook("w")  # refused: call-arg
spectrum.Platform("p")  # refused: call-arg
spectrum.User("u")  # refused: call-arg

# Names that are no arguments, and arguments without their name.
spectrum.Webhook("w", url=URL, webhook_url=URL)  # refused: call-arg
spectrum.Line("l", phone_number=PHONE)  # refused: call-arg
spectrum.Platform("p", "slack", platform="slack")  # refused: misc

# Outputs that may be None, that do not exist, or that are assigned to.
inbox = spectrum.Webhook.get("w", "id-1")
secret: pulumi.Output[str] = inbox.signing_secret  # refused: assignment
choice: pulumi.Output[Literal["shared"]] = spectrum.User.get("u", "id-1").type  # refused: assignment
missing = inbox.secret  # refused: attr-defined
inbox.enabled = pulumi.Output.from_input(True)  # refused: misc
