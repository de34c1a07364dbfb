"""The areas of a project, one line each: handles, control, seeds and saved states are all derived from them."""

from __future__ import annotations

from typing import Any, Generic, Self, TypeVar, overload

from pydantic.alias_generators import to_camel

from pulumi_spectrum.emulator.area_handles import AreaHandle, Owner, PlatformsHandle, RowsHandle, SingletonHandle
from pulumi_spectrum.emulator.state.project_state import ProjectState
from pulumi_spectrum.emulator.state.service import Service

H = TypeVar("H", bound=AreaHandle)


class Area(Generic[H]):
    """One area of a project.

    It is named after the attribute of :class:`ProjectState` that holds its state. In Python the handle of a project has
    it under the same name. In camel case, the name is the area's path in the control and its section in a seed.

    Args:
        handle: The class of its handle.
    """

    def __init__(self, handle: type[H]) -> None:
        self.handle = handle

    def __set_name__(self, _owner: type, name: str) -> None:
        self.name = name
        self.spelling = to_camel(name)

    @overload
    def __get__(self, areas: None, _owner: type) -> Self: ...

    @overload
    def __get__(self, areas: Areas, _owner: type) -> H: ...

    def __get__(self, areas: Areas | None, _owner: type) -> Self | H:
        return self if areas is None else self.handle(lambda: self.state_in(areas.state), areas.owner)

    def state_in(self, project: ProjectState) -> Any:
        """Return the area's state in a project: a Table, a Singleton or a PlatformMap."""
        return getattr(project, self.name)


class Areas:
    """The handles on the areas of one project. Each line is all that an area needs here.

    Args:
        project_id: The project's id.
        service: All projects.
        owner: The emulator.
    """

    webhooks = Area(RowsHandle)
    users = Area(RowsHandle)
    lines = Area(RowsHandle)
    whatsapp_accounts = Area(RowsHandle)
    whatsapp_templates = Area(RowsHandle)
    platforms = Area(PlatformsHandle)
    profile = Area(SingletonHandle)
    sip_inbound = Area(SingletonHandle)
    slack = Area(SingletonHandle)

    def __init__(self, project_id: str, service: Service, owner: Owner) -> None:
        self.id = project_id
        self.owner = owner
        self._service = service

    @property
    def state(self) -> ProjectState:
        """The project's state, to be touched on the emulator's thread only. A reset makes a new one."""
        return self._service.projects[self.id]


AREAS: dict[str, Area[AreaHandle]] = {area.spelling: area for area in vars(Areas).values() if isinstance(area, Area)}
"""All areas, by their spelling in the control and in seeds."""
