"""The registry of operations: for each one, the type of its body and the function that runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from starlette.datastructures import QueryParams
from starlette.responses import Response

from pulumi_spectrum.emulator.state.emulator_settings import EmulatorSettings
from pulumi_spectrum.emulator.state.project_state import ProjectState
from pulumi_spectrum.emulator.state.service import Service

B = TypeVar("B")


@dataclass(frozen=True)
class Call(Generic[B]):
    """One call of an operation, with checked credentials and a valid body.

    Args:
        service: All projects.
        project: The project of the credentials.
        path: The parameters in the path.
        query: The parameters in the query.
        body: The body; None when the operation has none or it was left out.
        base_url: The address at which the client reached the emulator.
    """

    service: Service
    project: ProjectState
    path: dict[str, str]
    query: QueryParams
    body: B
    base_url: str

    @property
    def settings(self) -> EmulatorSettings:
        """The settings that the whole emulator shares."""
        return self.service.settings


@dataclass(frozen=True)
class PublicCall:
    """One call of an operation that needs no credentials."""

    service: Service
    path: dict[str, str]
    query: QueryParams


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    Args:
        run: The function that runs it and returns the ``data`` of the response.
        body: The type of the body; None when it has none.
        older_body: The type of the body in the generation of May 2026, where it differs.
        body_required: Whether the body may be left out.
    """

    run: Callable[[Call[Any]], Any]
    body: TypeAdapter[Any] | None = None
    older_body: TypeAdapter[Any] | None = None
    body_required: bool = True


@dataclass
class Operations:
    """All operations by their operationId."""

    private: dict[str, Operation] = field(default_factory=dict)
    public: dict[str, Callable[[PublicCall], Response]] = field(default_factory=dict)

    def register(
        self, operation_id: str, *, body: Any = None, older_body: Any = None, body_required: bool = True
    ) -> Callable[[Callable[[Call[Any]], Any]], Callable[[Call[Any]], Any]]:
        """Register the function that runs an operation of a project."""

        def keep(run: Callable[[Call[Any]], Any]) -> Callable[[Call[Any]], Any]:
            self.private[operation_id] = Operation(run, _adapter(body), _adapter(older_body), body_required)
            return run

        return keep

    def register_public(
        self, operation_id: str
    ) -> Callable[[Callable[[PublicCall], Response]], Callable[[PublicCall], Response]]:
        """Register the function that runs a public operation."""

        def keep(run: Callable[[PublicCall], Response]) -> Callable[[PublicCall], Response]:
            self.public[operation_id] = run
            return run

        return keep


def _adapter(body: Any) -> TypeAdapter[Any] | None:
    return None if body is None else TypeAdapter(body)


OPERATIONS = Operations()
