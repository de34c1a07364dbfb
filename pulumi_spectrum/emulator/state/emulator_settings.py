"""What the whole emulator shares: the generation, the switches, the clock, and every secret it ever held."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pulumi_spectrum.emulator.clock import Clock
from pulumi_spectrum.emulator.state.secret_fields import find_secrets
from pulumi_spectrum.emulator.switches import Generation, Switches

MADE_HERE = "emulator-"
"""The beginning of a project secret that an emulator made."""


@dataclass
class EmulatorSettings:
    """The behaviour of one emulator, and every secret that it ever held.

    Args:
        generation: The generation of the API, by the month in which it appeared.
        switches: The behaviour where the service's own is unknown.
        clock: The source of the time.
        given_secrets: Every secret that the emulator made or was sent.
    """

    generation: Generation = "2026-08"
    switches: Switches = field(default_factory=Switches)
    clock: Clock = field(default_factory=Clock)
    given_secrets: set[str] = field(default_factory=set)

    @property
    def newer(self) -> bool:
        """Whether the API is the one since August 2026."""
        return self.generation != "2026-05"

    def format_time(self, moment: datetime) -> str:
        """Return ``moment`` as the API writes times."""
        precision = "milliseconds" if self.switches.millisecond_times else "seconds"
        return moment.isoformat(timespec=precision).replace("+00:00", "Z")

    def format_phone(self, number: str) -> str:
        """Return ``number``, an E.164 text, as the API prints phone numbers."""
        if not self.switches.spaced_phone_numbers:
            return number
        country, rest = (number[:2], number[2:]) if number.startswith("+1") else (number[:3], number[3:])
        return " ".join([country, rest[:3], rest[3:6], rest[6:]]).strip()

    def format_email(self, address: str | None) -> str | None:
        """Return an e-mail address as the API prints it."""
        return address.lower() if address and self.switches.lower_case_email else address

    def age(self, moment: datetime) -> float:
        """Return how many seconds ago ``moment`` was."""
        return (self.clock.now() - moment).total_seconds()

    def remember_secrets(self, value: Any) -> None:
        """Add every secret in a JSON value to ``given_secrets``."""
        self.given_secrets.update(find_secrets(value))


def make_signing_secret() -> str:
    """Return a new legacy signing secret: 64 hexadecimal digits."""
    return secrets.token_hex(32)


def make_standard_signing_secret() -> str:
    """Return a new signing secret of the Standard Webhooks form."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()


def make_project_secret() -> str:
    """Return a new project secret. Its beginning says that it is good for an emulator alone."""
    return MADE_HERE + secrets.token_urlsafe(24)
