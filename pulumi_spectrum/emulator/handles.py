"""The handles of a test: on a project and on the faults to come. Safe to use from any thread."""

from __future__ import annotations

from typing import Any

from pulumi_spectrum.emulator.area_handles import Owner
from pulumi_spectrum.emulator.areas import Areas
from pulumi_spectrum.emulator.faults import Fault, FaultPlan
from pulumi_spectrum.emulator.switches import Plan


class ProjectHandle(Areas):
    """One project of the emulator, with a handle on each of its areas."""

    def __repr__(self) -> str:
        return f"ProjectHandle({self.id!r})"

    @property
    def secret(self) -> str:
        """The project's secret. A new one is valid at once, and the former one no longer."""
        return self.owner.read(lambda: self.state.secret)

    @secret.setter
    def secret(self, secret: str) -> None:
        self.change(secret=secret)

    @property
    def plan(self) -> Plan:
        """The plan that the project pays for."""
        return self.owner.read(lambda: self.state.plan)

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self.change(plan=plan)

    @property
    def requests_per_second(self) -> int | None:
        """The project's own rate limit; None is the emulator's."""
        return self.owner.read(lambda: self.state.requests_per_second)

    @requests_per_second.setter
    def requests_per_second(self, requests_per_second: int | None) -> None:
        self.change(requestsPerSecond=requests_per_second)

    @property
    def row(self) -> dict[str, Any]:
        """The project as the API would show it."""
        return self.owner.read(self._show)

    def change(self, /, **fields: Any) -> dict[str, Any]:
        """Change fields of the project and return it as the API would show it.

        The fields are name, slug, plan, secret and requestsPerSecond, and those of the profile.
        """

        def change() -> dict[str, Any]:
            self.state.change(**fields)
            return self._show()

        return self.owner.change(change)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point a stack at this project."""
        return {
            "SPECTRUM_CLOUD_URL": self.owner.url,
            "SPECTRUM_PROJECT_ID": self.id,
            "SPECTRUM_PROJECT_SECRET": self.secret,
        }

    def _show(self) -> dict[str, Any]:
        return self.state.shown()


class FaultsHandle:
    """The faults to come.

    Args:
        plan: Where they are kept.
        owner: The emulator.
    """

    def __init__(self, plan: FaultPlan, owner: Owner) -> None:
        self._plan = plan
        self._owner = owner

    def add(self, *faults: Fault) -> None:
        """Add faults. If several match one request, the one added first applies."""
        self._owner.read(lambda: self._plan.add(*faults))

    def clear(self) -> None:
        """Remove every fault that can still apply."""
        self._owner.read(self._plan.clear)

    def pending(self) -> list[Fault]:
        """Return the faults that can still apply."""
        return self._owner.read(self._plan.pending)
