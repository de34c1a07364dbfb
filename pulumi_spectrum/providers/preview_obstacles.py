"""The part of a lifecycle that finds out in a preview why `pulumi up` would not create an object."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol

from pulumi_spectrum.providers.lifecycle import I, Listed


@dataclass(frozen=True)
class CreationObstacle:
    """What stands in the way of the creation of an object, as far as a preview has found it out.

    Args:
        text: What is wrong, and what to do. It holds no value of an argument.
        certain: Whether `pulumi up` would fail for it. If not, it is a warning.
    """

    text: str
    certain: bool = True


class ProjectSeen(Protocol):
    """What a preview has read of the project. Each part is requested when it is first asked for, and once only."""

    def objects(self, kind: str) -> Listed:
        """Return the objects of the kind with a key."""

    def plan(self) -> str:
        """Return the name of the project's plan in lower case, or an empty text where the API does not return it."""

    def count(self, what: str) -> int:
        """Count the running resource among those that the program adds of something, and return how many they are."""


class CheckedInPreview(ABC, Generic[I]):
    """A kind of which a preview can tell from a few lists why `pulumi up` would not create an object.

    What is true of all kinds is checked without this part: whether the object is there already, and what is imported.
    """

    @abstractmethod
    def check_creation(self, wanted: I, project: ProjectSeen) -> Iterator[CreationObstacle]:
        """Yield what stands in the way of a creation.

        Args:
            wanted: The inputs. Reading one that is not known yet raises `NotKnownYet`, which ends the check.
            project: What is known of the project.
        """
