"""What a program declares, what a state holds, and what a run has done, on the model of the engine as on the CLI."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Properties = dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """An argument that is another resource's output.

    Args:
        name: The other resource.
        output: Its output.
    """

    name: str
    output: str


@dataclass(frozen=True)
class Declared:
    """A resource of a program.

    Args:
        name: Its name.
        kind: The key of its kind.
        arguments: What the program gives it, in the state's spelling.
        aliases: Its names in earlier programs.
        imported: The id that the option `import_` names.
        ignored: The arguments that the option `ignore_changes` names.
        delete_first: The option `delete_before_replace`.
    """

    name: str
    kind: str
    arguments: Mapping[str, Any]
    aliases: tuple[str, ...] = ()
    imported: str | None = None
    ignored: tuple[str, ...] = ()
    delete_first: bool | None = None

    @property
    def needs(self) -> set[str]:
        """The names of the resources whose outputs it takes."""
        return {each.name for each in self.arguments.values() if isinstance(each, Reference)}


Program = Sequence[Declared]


@dataclass
class Entry:
    """A resource in the state.

    Args:
        urn: Its URN.
        kind: The key of its kind.
        id: The object's id.
        inputs: Its inputs, the reference to the provider included.
        outputs: Its outputs, likewise.
        needs: The URNs of the resources that it depends on.
        delete: Whether it was replaced, and its object waits for its deletion.
        replaced_first: Whether its object is deleted already, and the new one was not made yet.
        unfinished: Whether the last operation on it was done in part.
        ignored: The arguments that the option `ignore_changes` named.
    """

    urn: str
    kind: str
    id: str
    inputs: Properties
    outputs: Properties
    needs: frozenset[str] = frozenset()
    delete: bool = False
    replaced_first: bool = False
    unfinished: bool = False
    ignored: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The resource's name."""
        return self.urn.rsplit("::", 1)[-1]


@dataclass
class Run:
    """What one command did.

    Args:
        command: The command.
        steps: Each operation with the name of its resource, in their order. What stays the same is left out.
        failures: What the CLI shows of the failures.
        drifted: The names of the resources of which a refresh has found something to be different.
    """

    command: str
    steps: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    drifted: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether the command failed."""
        return bool(self.failures)


class Provider(Protocol):
    """What the engine calls: a host, or what records its calls."""

    def check(self, urn: str, olds: Properties | None, news: Properties) -> tuple[Properties, list[str]]: ...
    def diff(self, urn: str, object_id: str, olds: Properties, news: Properties) -> Any: ...
    def create(self, urn: str, news: Properties) -> tuple[str, Properties]: ...
    def read(self, urn: str, object_id: str, olds: Properties, inputs: Properties) -> tuple[str, Properties, Any]: ...
    def update(self, urn: str, object_id: str, olds: Properties, news: Properties) -> Properties: ...
    def delete(self, urn: str, object_id: str, olds: Properties) -> None: ...
    def close(self) -> None: ...


Step = Callable[[], None]
