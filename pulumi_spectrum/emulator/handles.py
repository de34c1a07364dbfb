"""What a test holds in its hands: the emulator's state, to see and to change from any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from pulumi_spectrum.emulator.faults import Fault, FaultPlan
from pulumi_spectrum.emulator.state.platforms import Platforms
from pulumi_spectrum.emulator.state.project import Project
from pulumi_spectrum.emulator.state.service import Service
from pulumi_spectrum.emulator.state.table import Row, Table
from pulumi_spectrum.emulator.switches import Plan

T = TypeVar("T")


class Owner(Protocol):
    """What runs functions where the state may be touched, and returns what they return."""

    @property
    def url(self) -> str:
        """Where the emulator listens."""
        ...

    def read(self, function: Callable[[], T], /) -> T:
        """Run a function that looks at the state."""
        ...

    def change(self, function: Callable[[], T], /) -> T:
        """Run a function that changes the state, which is then kept."""
        ...


class Rows:
    """The rows of one kind: plain dictionaries, as the API would list them, oldest first.

    Changes made here ask no permission: no limit, no plan, no conflict, no rule of the API.
    """

    def __init__(self, find: Callable[[], Table[Any]], owner: Owner) -> None:
        self._find = find
        self._owner = owner

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, row_id: str) -> dict[str, Any]:
        row = self._owner.read(lambda: self._find().find(row_id))
        if row is None:
            raise KeyError(row_id)
        return self._show(row)

    def __repr__(self) -> str:
        return repr(self.rows)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The active rows."""
        return self._owner.read(lambda: [self._show(row) for row in self._find().active()])

    @property
    def ids(self) -> list[str]:
        """The ids of the active rows."""
        return self._owner.read(lambda: [row.id for row in self._find().active()])

    @property
    def deleted(self) -> list[dict[str, Any]]:
        """The rows that were deleted."""
        return self._owner.read(lambda: [self._show(row) for row in self._find().deleted()])

    def add(self, **fields: Any) -> dict[str, Any]:
        """Add a row of these fields, spelt as in the API; the service's defaults stand for the rest."""
        return self._owner.change(lambda: self._show(self._find().add(**fields)))

    def change(self, row_id: str, **fields: Any) -> dict[str, Any]:
        """Change fields of a row, spelt as in the API."""
        return self._owner.change(lambda: self._show(self._find().change(row_id, **fields)))

    def remove(self, row_id: str) -> None:
        """Delete a row."""
        self._owner.change(lambda: self._find().delete(row_id))

    def clear(self) -> None:
        """Delete all rows."""
        for row_id in self.ids:
            self.remove(row_id)

    def _show(self, row: Row) -> dict[str, Any]:
        return row.shown(self._find().settings)


class WebhookRows(Rows):
    """Webhook registrations."""

    def secrets(self, row_id: str) -> dict[str, str]:
        """Return the secrets that a registration has now, which no list shows."""

        def read() -> dict[str, str]:
            row = self._find().find(row_id)
            if row is None:
                raise KeyError(row_id)
            return {"signingSecret": row.signing_secret, "standardSigningSecret": row.standard_signing_secret}

        return self._owner.read(read)


class PlatformMap:
    """The platforms of a project."""

    def __init__(self, find: Callable[[], Platforms], owner: Owner) -> None:
        self._find = find
        self._owner = owner

    def __getitem__(self, platform: str) -> dict[str, bool]:
        return self.rows[platform]

    def __repr__(self) -> str:
        return repr(self.rows)

    @property
    def rows(self) -> dict[str, dict[str, bool]]:
        """The map as the API would answer it."""
        return self._owner.read(lambda: self._find().shown())

    def set(self, platform: str, **settings: bool) -> dict[str, bool]:
        """Change ``enabled`` and settings of a platform, enabled or not, and return its entry."""
        return self._owner.change(lambda: self._find().set(platform, **settings))

    def forget(self, platform: str) -> None:
        """Take a platform out of the map, as if it had never been configured."""
        self._owner.change(lambda: self._find().forget(platform))


class ProjectHandle:
    """One project of the emulator.

    Args:
        project_id: Its id.
        service: Where it is.
        owner: What may touch it.
    """

    def __init__(self, project_id: str, service: Service, owner: Owner) -> None:
        self.id = project_id
        self._service = service
        self._owner = owner
        self.webhooks = WebhookRows(lambda: self._project.webhooks, owner)
        self.users = Rows(lambda: self._project.users, owner)
        self.lines = Rows(lambda: self._project.lines, owner)
        self.whatsapp_accounts = Rows(lambda: self._project.whatsapp_accounts, owner)
        self.whatsapp_templates = Rows(lambda: self._project.whatsapp_templates, owner)
        self.platforms = PlatformMap(lambda: self._project.platforms, owner)

    def __repr__(self) -> str:
        return f"ProjectHandle({self.id!r})"

    @property
    def secret(self) -> str:
        """The project's secret. A new one is valid at once, and the former one no longer."""
        return self._owner.read(lambda: self._project.secret)

    @secret.setter
    def secret(self, secret: str) -> None:
        self._owner.change(lambda: setattr(self._project, "secret", secret))

    @property
    def plan(self) -> Plan:
        """What the project pays for."""
        return self._owner.read(lambda: self._project.plan)

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self._owner.change(lambda: setattr(self._project, "plan", plan))

    @property
    def requests_per_second(self) -> int | None:
        """The project's own rate limit; None is the emulator's."""
        return self._owner.read(lambda: self._project.requests_per_second)

    @requests_per_second.setter
    def requests_per_second(self, requests_per_second: int | None) -> None:
        self._owner.change(lambda: setattr(self._project, "requests_per_second", requests_per_second))

    @property
    def row(self) -> dict[str, Any]:
        """The project as the API would answer it."""
        return self._owner.read(self._project.shown)

    def change(self, **fields: str | None) -> dict[str, Any]:
        """Change name, slug, firstName, lastName or avatarUrl of the project."""
        return self._owner.change(lambda: self._project.change(**fields))

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a stack at this project."""
        return {
            "SPECTRUM_CLOUD_URL": self._owner.url,
            "SPECTRUM_PROJECT_ID": self.id,
            "SPECTRUM_PROJECT_SECRET": self.secret,
        }

    @property
    def _project(self) -> Project:
        return self._service.projects[self.id]


class Faults:
    """What will go wrong."""

    def __init__(self, plan: FaultPlan, owner: Owner) -> None:
        self._plan = plan
        self._owner = owner

    def add(self, *faults: Fault) -> None:
        """Add faults. Of several that match one request, the one added first strikes."""
        self._owner.read(lambda: self._plan.add(*faults))

    def clear(self) -> None:
        """Forget every fault that has not struck yet."""
        self._owner.read(self._plan.clear)

    def pending(self) -> list[Fault]:
        """Return the faults that can still strike."""
        return self._owner.read(self._plan.pending)
