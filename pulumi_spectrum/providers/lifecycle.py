"""What one kind of resource has to say about itself. The base does everything that all kinds have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.providers.inputs import ResourceInputs

I = TypeVar("I", bound=ResourceInputs)  # noqa: E741

Same = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Live:
    """What the service holds, in the state's spelling.

    Args:
        id: The object's id.
        properties: What was told. A property that the service does not tell is not in it; one that is unset is None.
    """

    id: str
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Replacement:
    """Why a change cannot be made in place.

    Args:
        causes: The properties that force it.
        delete_first: Whether the old object has to go before the new one can be made.
    """

    causes: frozenset[str] = frozenset()
    delete_first: bool = False


class AlreadyThere(Exception):
    """A creation has met an object with the same identity, and has sent nothing yet.

    Args:
        object_id: The object's id, where it is known.
        may_be_taken: Whether the program says that it may be taken over, whoever it belongs to.
    """

    def __init__(self, object_id: str | None, *, may_be_taken: bool) -> None:
        super().__init__(object_id)
        self.object_id = object_id
        self.may_be_taken = may_be_taken


@dataclass(frozen=True)
class SecretForm:
    """What a secret looks like.

    Args:
        pattern: A regular expression for the whole of it.
        description: The same in words, such as `64 hexadecimal characters`.
    """

    pattern: str
    description: str


class Lifecycle(ABC, Generic[I]):
    """The rules of one kind of resource.

    `create` and `update` are generators: each `yield` says what exists at that moment. Should a later step fail, the
    engine records the last thing yielded, and the next `up` goes on from there instead of starting anew.
    """

    kind: ClassVar[str]
    """The word for one of them, in messages."""
    plural: ClassVar[str]
    """The word for several of them, in messages; in kebab case it is the area on the command line."""
    label: ClassVar[str] = ""
    """The property that reports call an object by. An object that has none is called by its id."""
    full_name: ClassVar[tuple[str, ...]] = ()
    """The properties that are an object's name together, such as a first and a last name."""
    secret_forms: ClassVar[Mapping[str, SecretForm]] = {}
    """What each secret looks like that a person may have kept, by the output that holds it."""
    inputs: type[I]
    same: ClassVar[Mapping[str, Same]] = {}
    """How to compare a property whose text the service may write in another way."""

    references: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Inputs that a program takes from another object: the input, and the kind and the output it is taken from."""

    identified_by: ClassVar[str] = ""
    """The arguments by which the service knows an object, as messages name them."""

    already_there: ClassVar[str] = ""
    """How messages say that a creation has met an object with the same identity. Its id follows in brackets."""

    ways_on_after_conflict: ClassVar[str] = ""
    """What a person can do about such an object when it is not of this stack; the end of a sentence."""

    def identity(self, known: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Return what the service knows the object by, or None where nothing does or part of it is not known yet."""
        del known
        return None

    def warning(self, outputs: Mapping[str, Any]) -> str | None:
        """Return what a person should know about an object that was read, such as a secret that nobody has."""
        del outputs
        return None

    def replacement(self, olds: Mapping[str, Any], news: Mapping[str, Any], changed: frozenset[str]) -> Replacement:
        """Decide whether a change needs a new object. `news` may hold unknown values."""
        del olds, news, changed
        return Replacement()

    @abstractmethod
    def create(self, spectrum: SpectrumClient, wanted: I) -> Iterator[Live]:
        """Make the object, and yield at every moment from which on it exists.

        Raises:
            AlreadyThere: There is one with the same identity. `take_over` is then called, if it may be taken over.
        """

    def take_over(self, spectrum: SpectrumClient, wanted: I, object_id: str) -> Iterator[Live]:
        """Make the object in the place of one with the same identity, which may be gone by now. Yield as in `create`.

        Only for kinds whose `create` raises `AlreadyThere`.
        """
        raise NotImplementedError

    @abstractmethod
    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Return what the service holds, or None when it is proven gone."""

    @abstractmethod
    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return every object of this kind that the project holds, in the API's order."""

    def is_there_by_itself(self, live: Live) -> bool:
        """Tell whether the object is as every project has it from the start, so that nobody need declare it."""
        del live
        return False

    def inputs_for(self, live: Live) -> dict[str, Any]:
        """Return the arguments that a person would write to declare this object, in the state's spelling.

        What is unset is left out, and so is what need not be managed.
        """
        names = {field.alias for field in self.inputs.model_fields.values()}
        return {name: value for name, value in live.properties.items() if name in names and value not in (None, "")}

    @abstractmethod
    def update(self, spectrum: SpectrumClient, current: Live, wanted: I, changed: frozenset[str]) -> Iterator[Live]:
        """Make the changes, and yield what has changed after each step.

        Args:
            spectrum: The API.
            current: The object as the state knows it, one-time secrets and hidden properties included.
            wanted: The new inputs.
            changed: The inputs that differ, in the state's spelling.
        """

    @abstractmethod
    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Remove the object. One that is gone already is removed."""

    def shown_label(self, label: str) -> str:
        """Return a label as reports show it, without what may be a secret in it."""
        return label

    def plain_label(self, label: str) -> str:
        """Return the one spelling for all labels that mean the same. A `*`, as in a pattern of labels, stays."""
        return label

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """Return texts that a program may name an object by which has no full name, the most readable first."""
        return [str(properties.get(self.label) or "")]

    def number_of(self, properties: Mapping[str, Any]) -> str:
        """Return the digits that tell objects of the same name apart, or an empty text where there are none."""
        del properties
        return ""
