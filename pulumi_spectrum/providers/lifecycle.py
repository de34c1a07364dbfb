"""What one kind of resource states about itself, in small parts of which only the first is required.

`Lifecycle` is the required part: the words for the kind, its arguments, and how an object is created. A kind derives
from it and from those of the other parts that it has. The base does everything that all kinds have in common.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pulumi_spectrum.providers.inputs import ResourceInputs
from pulumi_spectrum.providers.properties import properties_of
from pulumi_spectrum.spelling.property_names import to_snake

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

I = TypeVar("I", bound=ResourceInputs)  # noqa: E741


@dataclass(frozen=True)
class Live:
    """An object as the API returns it, in the state's spelling.

    Args:
        id: The object's id.
        properties: What was returned. A property that was not returned is not in it; one that is unset is None.
        warning: What the person should know of the step of a creation or an update that made it so.
        hint: What the person may want to know of that step, where nothing is wrong.
    """

    id: str
    properties: dict[str, Any] = field(default_factory=dict)
    warning: str = ""
    hint: str = ""


LONGEST_CREATION = timedelta(minutes=5)
"""The most time between the sending of a creation and the time that its object has: six tries of 30 s with their
pauses, and two clocks that differ."""


class Method(StrEnum):
    """What the engine asks of a provider; a person sees the value in messages."""

    CHECK = "check"
    DIFF = "diff"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"


class AlreadyThere(Exception):
    """A creation has met an object with the same identity, and has sent nothing yet.

    Args:
        object_id: The object's id, where it is known.
        may_be_adopted: Whether the program allows to take it over, whoever owns it.
    """

    def __init__(self, object_id: str | None, *, may_be_adopted: bool) -> None:
        super().__init__(object_id)
        self.object_id = object_id
        self.may_be_adopted = may_be_adopted


class Lifecycle(ABC, Generic[I]):
    """The required part: what a kind is called, its arguments, and how an object is created.

    `create`, and `update` of the part `Updatable`, are generators: each `yield` says what exists at that moment. If a
    later step fails, the engine records the last thing yielded, and the next `up` goes on from there.
    """

    noun: ClassVar[str]
    """The word for one object, in messages."""
    plural: ClassVar[str]
    """The word for several objects, in messages; in kebab case it is the area on the command line."""
    inputs: type[I]
    """The arguments, each with its facts."""
    label: ClassVar[str] = ""
    """The property that reports call an object by. An object that has none is called by its id."""
    full_name: ClassVar[tuple[str, ...]] = ()
    """The properties that are an object's name together, such as a first and a last name."""
    number: ClassVar[str] = ""
    """The property whose digits tell objects of the same name apart."""
    singleton: ClassVar[bool] = False
    """Whether a project has exactly one such object."""
    id_parts: ClassVar[tuple[str, ...]] = ("id",)
    """What an id consists of, joined by `/`, in the words of messages."""
    made_at: ClassVar[str] = ""
    """The output that says when an object was made, in ISO 8601; empty where the API does not return it."""

    @abstractmethod
    def create(self, spectrum: SpectrumClient, wanted: I) -> Iterator[Live]:
        """Make the object, and yield at every moment from which on it exists.

        Raises:
            AlreadyThere: An object with the same identity exists. The part `Adoptable` says what to do then.
        """

    def problems_of(self, known: Mapping[str, Any], unknown: frozenset[str]) -> list[str]:
        """Return one sentence for each problem in the arguments that are known.

        Args:
            known: Those with a value, in the state's spelling.
            unknown: The names of those whose value is not known yet. They are taken to be right.
        """
        # Imported here and below, since it loads pydantic, which a run that changes nothing does not need.
        from pulumi_spectrum.providers.input_checks import check_inputs  # noqa: PLC0415

        return check_inputs(self.inputs, known, unknown)

    def parse(self, inputs: Mapping[str, Any]) -> I:
        """Return arguments that have been checked, as the kind declares them."""
        from pulumi_spectrum.providers.input_checks import parse_inputs  # noqa: PLC0415

        return parse_inputs(self.inputs, inputs)

    def identity(self, known: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Return what the API knows the object by, or None where nothing does or part of it is not known yet."""
        names = self._identifying()
        if any(name not in known for name in names) or not (names or self.singleton):
            return None
        return tuple(str(known[name]) for name in names)

    @property
    def identified_by(self) -> str:
        """The arguments by which the API knows an object, as messages name them."""
        return " and ".join(map(to_snake, self._identifying()))

    def _identifying(self) -> list[str]:
        return [name for name, each in properties_of(self.inputs).items() if each.identifies]

    def split_id(self, resource_id: str) -> tuple[str, ...] | None:
        """Return the parts of an id, or None where it does not have as many as the ids of this kind."""
        parts = tuple(resource_id.split("/")) if len(self.id_parts) > 1 else (resource_id,)
        return parts if len(parts) == len(self.id_parts) and all(parts) else None

    def shown_label(self, label: str) -> str:
        """Return a label as reports show it, without what may be a secret in it."""
        return label

    def plain_label(self, label: str) -> str:
        """Return the one spelling for all labels that mean the same. A `*`, as in a pattern of labels, stays."""
        return label

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """Return texts that a program may name an object by which has no full name, the most readable first."""
        return [str(properties.get(self.label) or "")]

    def made_when(self, properties: Mapping[str, Any]) -> datetime | None:
        """Return when an object was made, by the service's clock, or None where the API does not return it."""
        try:
            moment = datetime.fromisoformat(str(properties.get(self.made_at)))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def number_of(self, properties: Mapping[str, Any]) -> str:
        """Return the digits that tell objects of the same name apart, or an empty text where there are none."""
        return re.sub(r"\D", "", str(properties.get(self.number) or ""))


class Readable(ABC):
    """A kind whose objects can be read. Without this part a refresh leaves the state as it is."""

    @abstractmethod
    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Return the object, or None when it is proven gone."""


class Updatable(ABC, Generic[I]):
    """A kind whose objects can be changed in place. Without this part each change has to replace the object."""

    @abstractmethod
    def update(self, spectrum: SpectrumClient, current: Live, wanted: I, changed: frozenset[str]) -> Iterator[Live]:
        """Make the changes, and yield what has changed after each step.

        Args:
            spectrum: The API.
            current: The object as the state knows it, one-time secrets included.
            wanted: The new inputs.
            changed: The inputs that differ, in the state's spelling.
        """


class Guarded(ABC):
    """A kind whose objects take some changes only while the service has them in a certain state."""

    @abstractmethod
    def doubt(self, properties: Mapping[str, Any], changed: frozenset[str], replacing: frozenset[str]) -> str | None:
        """Return a warning for the preview of a change that the service may refuse, or None.

        Args:
            properties: The object as the state knows it, which may be out of date.
            changed: The inputs that differ, in the state's spelling.
            replacing: Those of them that replace the object; empty where the change is made in place.

        Raises:
            Refusal: The service would certainly refuse the change.
        """


class Deletable(ABC):
    """A kind whose objects can be deleted. Without this part a deletion only removes the object from the state."""

    @abstractmethod
    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Remove the object. One that is gone already is removed."""


class Adoptable(Lifecycle[I]):
    """A kind whose `create` can meet an object with the same identity, and raises `AlreadyThere` then."""

    already_there: ClassVar[str]
    """How messages say that a creation has met an object with the same identity. Its id follows in brackets."""
    how_adopted: ClassVar[str] = "it is taken over"
    """What `adopt` does with the object that is there; the end of a sentence."""
    ways_on_after_conflict: ClassVar[str]
    """What a person can do about such an object when it is not of this stack; the end of a sentence."""
    needs_secrets_of_creation: ClassVar[bool] = False
    """Whether an object is of no use without secrets that only the response to its creation has."""

    @abstractmethod
    def may_adopt(self, wanted: I) -> bool:
        """Return whether the program allows to take over an object that is not of this stack."""

    @abstractmethod
    def adopt(self, spectrum: SpectrumClient, wanted: I, object_id: str) -> Iterator[Live]:
        """Make the object in the place of the one that exists, which may be gone by now. Yield as in `create`."""


@dataclass(frozen=True)
class Listed:
    """The objects of a kind, as far as one request returns them.

    Args:
        objects: The objects.
        complete: Whether these are all that the project has.
    """

    objects: list[Live]
    complete: bool = True


class Listable(ABC):
    """A kind whose objects can be listed, so that commands find, compare and adopt them."""

    @abstractmethod
    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return every object of this kind that the project holds, in the API's order."""

    def read_first(self, spectrum: SpectrumClient) -> Listed:
        """Return what one request returns of them. A kind whose list may take several requests says so here."""
        return Listed(self.read_all(spectrum))


class Resumable(Lifecycle[I], Readable, Listable):
    """A kind whose objects nothing identifies before they have an id, and whose creation may not be sent twice.

    After a run that was cut off, an object is found by what is new since.
    """

    how_resumed: ClassVar[str] = "it is taken over"
    """What is done with an object that a run which was cut off has made; the end of a sentence."""

    unfinished: ClassVar[str]
    """How an object looks that was created and not set up, such as "without a name"."""

    @abstractmethod
    def resume(self, spectrum: SpectrumClient, wanted: I, object_id: str) -> Iterator[Live]:
        """Finish an object that a run which was cut off has made. Yield as in `create`."""


class Preexisting(ABC):
    """A kind of which a project has objects from the start."""

    @abstractmethod
    def is_preexisting(self, live: Live) -> bool:
        """Return whether the object is as every project has it from the start, so that no program need declare it."""


class Noticing(ABC):
    """A kind that has something to say to the person after an operation."""

    @abstractmethod
    def notice(self, method: Method, properties: Mapping[str, Any]) -> str | None:
        """Return a warning for the person, or None. A look-up by `get` never asks for one.

        Args:
            method: What was done: `CREATE`, `READ` or `DELETE`.
            properties: The outputs that the state will hold, or held before the deletion.
        """
