"""One project and everything in it."""

from __future__ import annotations

import re
from typing import Any

from pulumi_spectrum.emulator.state.avatars import Uploads
from pulumi_spectrum.emulator.state.lines import Lines
from pulumi_spectrum.emulator.state.platforms import Platforms
from pulumi_spectrum.emulator.state.settings import Settings
from pulumi_spectrum.emulator.state.slack import SlackApp
from pulumi_spectrum.emulator.state.table import Table
from pulumi_spectrum.emulator.state.users import Users
from pulumi_spectrum.emulator.state.voice import SipInbound
from pulumi_spectrum.emulator.state.webhooks import Webhooks
from pulumi_spectrum.emulator.state.whatsapp import Templates, WhatsAppAccounts
from pulumi_spectrum.emulator.switches import Plan

MAX_SHARED_USERS: dict[Plan, int | None] = {"free": 10, "pro": 100, "business": None}


class Project:
    """A project: its credentials, its plan, its profile and the areas of the API.

    Args:
        project_id: Its id, which is also the user name of its credentials.
        secret: Its secret.
        settings: What the whole emulator shares.
        name: What it is called; its slug is made from that.
        plan: What it pays for.
        requests_per_second: Its rate limit, raised on request; None is the one of all projects.
    """

    def __init__(
        self,
        project_id: str,
        secret: str,
        settings: Settings,
        *,
        name: str,
        plan: Plan,
        requests_per_second: int | None = None,
    ) -> None:
        self.settings = settings
        self.id = project_id
        self._secret = settings.keep_secret(secret)
        self.name = name
        self.slug = f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-') or 'project'}-{project_id[:5]}"
        self.plan = plan
        self.requests_per_second = requests_per_second
        self.first_name: str | None = None
        self.last_name: str | None = None
        self.avatar_url: str | None = None
        self.webhooks = Webhooks(settings)
        self.users = Users(project_id, settings)
        self.lines = Lines(settings)
        self.platforms = Platforms()
        self.uploads = Uploads()
        self.sip_inbound: SipInbound | None = None
        self.slack: SlackApp | None = None
        self.whatsapp_accounts = WhatsAppAccounts(settings)
        self.whatsapp_templates = Templates(settings)

    @property
    def tables(self) -> dict[str, Table[Any]]:
        """Its rows, by their kind as a seed spells it."""
        return {
            "webhooks": self.webhooks,
            "users": self.users,
            "lines": self.lines,
            "whatsappAccounts": self.whatsapp_accounts,
            "whatsappTemplates": self.whatsapp_templates,
        }

    @property
    def secret(self) -> str:
        """The secret that is valid now. A former one stops being valid at once."""
        return self._secret

    @secret.setter
    def secret(self, secret: str) -> None:
        self._secret = self.settings.keep_secret(secret)

    @property
    def max_shared_users(self) -> int | None:
        """How many shared users the plan allows; None is no limit."""
        return MAX_SHARED_USERS[self.plan]

    def change(self, **fields: str | None) -> dict[str, Any]:
        """Change name, slug, firstName, lastName or avatarUrl, under no rule, and return the project as it is shown."""
        attributes = {
            "name": "name",
            "slug": "slug",
            "firstName": "first_name",
            "lastName": "last_name",
            "avatarUrl": "avatar_url",
        }
        for name, value in fields.items():
            if name not in attributes:
                raise TypeError(f"A project has no {name}; it has {', '.join(attributes)}.")
            setattr(self, attributes[name], value)
        return self.shown()

    @property
    def profile(self) -> dict[str, str | None]:
        """What a person sees of the project."""
        return {"firstName": self.first_name, "lastName": self.last_name, "avatarUrl": self.avatar_url}

    def set_profile(self, **fields: str | None) -> dict[str, Any] | None:
        """Change the profile as a client asks for it, and return it. A name that was never set is empty from now on."""
        self.change(**{"firstName": self.first_name or "", "lastName": self.last_name or "", **fields})
        return self.shown_profile()

    def shown(self) -> dict[str, Any]:
        """Return the project as the API shows it."""
        profile = self._profile_to_show()
        if profile is not None:
            profile["imessageSynced"] = self.lines_carry_profile()
        row: dict[str, Any] = {"name": self.name, "slug": self.slug, "profile": profile}
        return {"id": self.id, **row} if self.settings.switches.project_row_has_id else row

    def shown_profile(self) -> dict[str, Any] | None:
        """Return the project's profile as the API shows it: null as a whole while it was never set."""
        profile = self._profile_to_show()
        return {"projectId": self.id, **profile} if profile is not None else None

    def _profile_to_show(self) -> dict[str, Any] | None:
        if all(value is None for value in self.profile.values()):
            return dict(self.profile) if self.settings.switches.unset_profile == "nulls" else None
        return {**self.profile, "firstName": self.first_name or "", "lastName": self.last_name or ""}

    @property
    def line_profile(self) -> dict[str, str | None]:
        """The profile as a line carries it, whose names may be null."""
        return {name: value or None for name, value in self.profile.items()}

    def lines_carry_profile(self) -> bool:
        """Whether the project has lines and each of them shows its profile."""
        lines = self.lines.active()
        return bool(lines) and all(line.profile == self.line_profile for line in lines)
