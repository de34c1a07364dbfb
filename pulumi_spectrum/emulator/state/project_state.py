"""One project and everything in it."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ConfigDict

from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.line_table import LineTable
from pulumi_spectrum.emulator.state.platform_map import PlatformMap
from pulumi_spectrum.emulator.state.profile_record import ProfileSingleton
from pulumi_spectrum.emulator.state.singleton import Singleton
from pulumi_spectrum.emulator.state.sip_inbound_record import SipInboundRecord
from pulumi_spectrum.emulator.state.slack_record import SlackAppRecord
from pulumi_spectrum.emulator.state.uploads import Uploads
from pulumi_spectrum.emulator.state.user_table import UserTable
from pulumi_spectrum.emulator.state.webhook_table import WebhookTable
from pulumi_spectrum.emulator.state.whatsapp_tables import TemplateTable, WhatsAppAccountTable
from pulumi_spectrum.emulator.switches import Plan
from pulumi_spectrum.emulator.validation import Body, FilledText, RequestsPerSecond

MAX_SHARED_USERS: dict[Plan, int | None] = {"free": 10, "pro": 100, "business": None}


class ProjectChangeBody(Body):
    """The fields of a project that handles and the control can change."""

    model_config = ConfigDict(hide_input_in_errors=True)

    plan: Plan = "business"
    secret: FilledText = ""
    requests_per_second: RequestsPerSecond | None = None
    name: str = ""
    slug: str = ""
    first_name: str | None = None
    last_name: str | None = None
    avatar_url: str | None = None


class ProjectState:
    """A project: its credentials, its plan and the areas of the API.

    The areas that handles, the control and seeds can reach stand in :mod:`pulumi_spectrum.emulator.areas`, each under
    the name of its attribute here.

    Args:
        project_id: Its id, which is also the user name of its credentials.
        secret: Its secret.
        settings: What the whole emulator shares.
        name: Its name; its slug is made from that.
        plan: The plan that it pays for.
        requests_per_second: A rate limit of its own; None is the emulator's.
    """

    def __init__(
        self,
        project_id: str,
        secret: str,
        settings: EmulatorSettings,
        *,
        name: str,
        plan: Plan,
        requests_per_second: int | None = None,
    ) -> None:
        self.settings = settings
        self.id = project_id
        self.secret = secret
        self.name = name
        self.slug = f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-') or 'project'}-{project_id[:5]}"
        self.plan = plan
        self.requests_per_second = requests_per_second
        self.webhooks = WebhookTable(settings)
        self.users = UserTable(project_id, settings)
        self.lines = LineTable(settings)
        self.whatsapp_accounts = WhatsAppAccountTable(settings)
        self.whatsapp_templates = TemplateTable(settings)
        self.platforms = PlatformMap()
        self.profile = ProfileSingleton(project_id, settings)
        self.sip_inbound = Singleton(SipInboundRecord, project_id, settings)
        self.slack = Singleton(SlackAppRecord, project_id, settings)
        self.uploads = Uploads()

    @property
    def secret(self) -> str:
        """The secret that is valid now. A former secret becomes invalid at once."""
        return self._secret

    @secret.setter
    def secret(self, secret: str) -> None:
        self._secret = secret
        self.settings.remember_secrets({"secret": secret})

    @property
    def max_shared_users(self) -> int | None:
        """How many shared users the plan allows; None is no limit."""
        return MAX_SHARED_USERS[self.plan]

    def change(self, /, **fields: Any) -> None:
        """Change fields of :class:`ProjectChangeBody`, spelt as in the API, without any rule of the API."""
        changed = ProjectChangeBody.model_validate(fields)
        for name in ("plan", "secret", "requests_per_second", "name", "slug"):
            if name in changed.model_fields_set:
                setattr(self, name, getattr(changed, name))
        profile = {"firstName", "lastName", "avatarUrl"} & fields.keys()
        if profile:
            self.profile.set(**{name: fields[name] for name in profile})

    def shown(self) -> dict[str, Any]:
        """Return the project as the API shows it."""
        profile = self.shown_profile()
        if profile is not None:
            del profile["projectId"]
            profile["imessageSynced"] = self.lines_carry_profile()
        row: dict[str, Any] = {"name": self.name, "slug": self.slug, "profile": profile}
        return {"id": self.id, **row} if self.settings.switches.project_row_has_id else row

    def shown_profile(self) -> dict[str, Any] | None:
        """Return the profile as the API shows it. A profile that was never set is None, or null names by a switch."""
        profile = self.profile.shown()
        if profile is None and self.settings.switches.unset_profile == "nulls":
            return {"projectId": self.id, "firstName": None, "lastName": None, "avatarUrl": None}
        return profile

    def sync_profile(self) -> int:
        """Copy the profile to every line and return to how many. A profile that was never set is copied to none."""
        profile = self.profile.value
        if profile is None:
            return 0
        lines = self.lines.active()
        for line in lines:
            self.lines.change(line.id, **profile.on_lines)
        return len(lines)

    def lines_carry_profile(self) -> bool:
        """Whether the project is on the Business plan, has lines, and each line carries its profile."""
        profile = self.profile.value
        lines = self.lines.active()
        if profile is None or self.plan != "business" or not lines:
            return False
        return all(line.profile == profile.on_lines for line in lines)
