"""Lines. Each is a phone number that is paid for, and that is lost for good when it is given back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pulumi_spectrum.client.errors import OutcomeUnknown
from pulumi_spectrum.messages.failures import Refusal, describe
from pulumi_spectrum.messages.imports import WAYS_TO_IMPORT
from pulumi_spectrum.providers.inputs import ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Deletable, Live, Resumable, Updatable
from pulumi_spectrum.providers.plans import needs_lines
from pulumi_spectrum.providers.preview_obstacles import CheckedInPreview, CreationObstacle, ProjectSeen
from pulumi_spectrum.providers.properties import OnChange, Property
from pulumi_spectrum.spelling.values import plain_phone, same_name

if TYPE_CHECKING:
    from pulumi_spectrum.client.lines import LineRow
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

NAMES = frozenset({"firstName", "lastName"})


@declares_arguments
class LineInputs(ResourceInputs):
    """The arguments of a line."""

    # A number belongs to one platform.
    platform: Annotated[Literal["imessage"], Property(on_change=OnChange.REPLACES)] = "imessage"
    first_name: Annotated[str | None, Property(same=same_name)] = None
    last_name: Annotated[str | None, Property(same=same_name)] = None


class LineLifecycle(Resumable[LineInputs], Updatable[LineInputs], Deletable, CheckedInPreview[LineInputs]):
    """The rules of lines."""

    noun = "line"
    unfinished = "without a name"
    plural = "lines"
    label = "phoneNumber"
    number = "phoneNumber"
    full_name = ("firstName", "lastName")
    made_at = "createdAt"
    inputs = LineInputs

    def create(self, spectrum: SpectrumClient, wanted: LineInputs) -> Iterator[Live]:
        """Allocate a number, once and never again, and then give it its names."""
        try:
            line = spectrum.lines.allocate(wanted.platform)
        except OutcomeUnknown as unknown:
            raise _ask_a_person(unknown) from None
        yield from self._finish(spectrum, wanted, line)

    def _finish(self, spectrum: SpectrumClient, wanted: LineInputs, line: LineRow) -> Iterator[Live]:
        yield _live(line)
        names = {name: value for name, value in wanted.as_properties(NAMES).items() if value}
        if names:
            yield _live(spectrum.lines.change_profile(line, **names))

    def resume(self, spectrum: SpectrumClient, wanted: LineInputs, object_id: str) -> Iterator[Live]:
        """Give the line its names."""
        line = spectrum.lines.find(object_id)
        if line is None:
            raise _no_longer_there()
        yield from self._finish(spectrum, wanted, line)

    def read(self, spectrum: SpectrumClient, resource_id: str) -> Live | None:
        """Find the line in the list: there is no other way to read one."""
        line = spectrum.lines.find(resource_id)
        return None if line is None else _live(line)

    def read_all(self, spectrum: SpectrumClient) -> list[Live]:
        """Return the lines that the project owns."""
        return [_live(line) for line in spectrum.lines.all()]

    def check_creation(self, wanted: LineInputs, project: ProjectSeen) -> Iterator[CreationObstacle]:
        """A line needs a plan that has lines."""
        del wanted
        if obstacle := needs_lines("A line", project):
            yield obstacle

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: LineInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Change the names. An empty one clears it."""
        names = {name: value or None for name, value in wanted.as_properties(NAMES & changed).items()}
        if not names:
            return
        line = spectrum.lines.find(current.id)
        if line is None:
            raise _no_longer_there()
        yield _live(spectrum.lines.change_profile(line, **names))

    def delete(self, spectrum: SpectrumClient, resource_id: str) -> None:
        """Give the number back, for good."""
        spectrum.lines.release(resource_id)

    def plain_label(self, label: str) -> str:
        """The digits of the phone number."""
        return plain_phone(label)

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """The end of the phone number."""
        return [self.number_of(properties)[-4:]]


def _live(line: LineRow) -> Live:
    properties = line.model_dump(by_alias=True, exclude_unset=True, exclude={"id", "profile"})
    if line.profile is not None:
        properties |= line.profile.model_dump(by_alias=True, exclude_unset=True)
    return Live(line.id, properties)


def _no_longer_there() -> Refusal:
    return Refusal(
        "This line no longer exists, and its number is lost. Run `pulumi refresh`; the next `pulumi up` then "
        "allocates another one."
    )


def _ask_a_person(unknown: OutcomeUnknown) -> Refusal:
    candidates = unknown.candidates or ()
    found = ", ".join(f"{line.id} ({line.phone_number or 'no number yet'})" for line in candidates)
    if len(candidates) == 1:
        then = (
            f"there is one new line, {found}, but another client may have allocated it, since the allocation had to "
            "wait for the rate limit after the list that it is compared with. Find out whether one did; if not, "
            f"{WAYS_TO_IMPORT}"
        )
    elif candidates:
        then = (
            f"there are several new lines: {found}. Find out which one no other client has allocated, and "
            f"{WAYS_TO_IMPORT}"
        )
    elif unknown.candidates is None:
        then = (
            "no list of lines could be read after it. Run `pulumi up` again once the service answers: on this machine "
            "it takes the line up if there is a new one. From another machine, look in the dashboard first"
        )
    else:
        then = (
            "there is no new line. Look in the dashboard in a minute, and run `pulumi up` again if there is still none"
        )
    return Refusal(
        f"{describe(unknown)} A line is billed, so the allocation is never sent twice, and whether it was carried out "
        f"is not known: {then}.",
        maybe_done=unknown.candidates is None,
    )


LIFECYCLE = LineLifecycle()
