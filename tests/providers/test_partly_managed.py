"""Arguments of which the service chooses a part, changes that depend on the object's state, warnings of a step."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.providers import IMPORT, host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.inputs import ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Guarded, Lifecycle, Live, Readable, Updatable
from pulumi_spectrum.providers.properties import OnChange, Property
from pulumi_spectrum.resources.line import Line


def _given_labels(live: Any, inputs: Mapping[str, Any]) -> Any:
    return {name: value for name, value in live.items() if name in inputs["labels"]}


def _size(live: Any, inputs: Mapping[str, Any]) -> Any:
    return inputs["size"] if inputs.get("sizeMayChange") else live


@declares_arguments
class DiskInputs(ResourceInputs):
    """A disk whose labels may be joined by the service's own, and whose size it may choose."""

    zone: Annotated[str, Property(on_change=OnChange.REPLACES)] = "a"
    labels: Annotated[dict[str, str] | None, Property(managed_part=_given_labels)] = None
    size: Annotated[int | None, Property(managed_part=_size)] = None
    size_may_change: bool = False
    note: Annotated[str | None, Property(write_only=True)] = None


class DiskLifecycle(Lifecycle[DiskInputs], Readable, Updatable[DiskInputs], Guarded):
    """Answers with what a test sets."""

    noun = "disk"
    plural = "disks"
    inputs = DiskInputs

    def __init__(self) -> None:
        self.live = Live("d-1")
        self.asked: list[tuple[Any, ...]] = []

    def create(self, _spectrum: SpectrumClient, _wanted: DiskInputs) -> Iterator[Live]:
        yield self.live

    def read(self, _spectrum: SpectrumClient, _resource_id: str) -> Live | None:
        return self.live

    def update(
        self, _spectrum: SpectrumClient, _current: Live, _wanted: DiskInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        self.asked.append(("update", sorted(changed)))
        yield self.live

    def doubt(self, properties: Mapping[str, Any], changed: frozenset[str], replacing: frozenset[str]) -> str | None:
        self.asked.append((properties.get("status"), sorted(changed), sorted(replacing)))
        if properties.get("status") == "dead":
            raise Refusal("The disk is dead.")
        return "The disk is busy." if properties.get("status") == "busy" else None


@pytest.fixture
def disks() -> DiskLifecycle:
    return DiskLifecycle()


@pytest.fixture
def provider(disks: DiskLifecycle, logged: Any) -> SpectrumProvider:
    provider = SpectrumProvider(disks)
    config = {"spectrum:projectId": "p-1", "spectrum:projectSecret": "s3cr3t"}
    provider.configure(ConfigureRequest(config=Config(config, "app")))
    return provider


INPUTS = {"zone": "a", "labels": {"team": "a"}, "size": 1, "sizeMayChange": True}
LIVE = {"zone": "a", "labels": {"team": "a", "added": "x"}, "size": 2, "status": "ready"}


def make(provider: SpectrumProvider, disks: DiskLifecycle, inputs: dict[str, Any], **live: Any) -> dict[str, Any]:
    """Create a disk that the service answers so, and return its state."""
    disks.live = Live("d-1", {**LIVE, **live})
    outputs: dict[str, Any] = provider.create({**inputs, "__provider": "p"}).outs
    return outputs


def test_part_of_the_service_is_no_drift(provider: SpectrumProvider, disks: DiskLifecycle, logged: Any) -> None:
    """What the program does not manage of an argument causes no warning, no drift and no change."""
    made = make(provider, disks, INPUTS)
    read = provider.read("d-1", {**made, "__provider": "p"})

    assert logged == []
    assert read.inputs == INPUTS
    assert provider.diff("d-1", read.outs, INPUTS).changes is False
    assert Kind("disk", Line, disks).drifted(INPUTS, made, disks.live) == {}


def test_managed_part_drifts(provider: SpectrumProvider, disks: DiskLifecycle) -> None:
    """A change behind the program's back shows as the managed part that changed, without the rest."""
    made = make(provider, disks, {**INPUTS, "sizeMayChange": False}, size=1)
    disks.live = Live("d-1", {**LIVE, "labels": {"team": "b", "added": "x"}})
    read = provider.read("d-1", {**made, "__provider": "p"})

    assert read.inputs == {**INPUTS, "sizeMayChange": False, "labels": {"team": "b"}, "size": 2}


def test_change_of_the_program_is_made(provider: SpectrumProvider, disks: DiskLifecycle) -> None:
    """A new value of the program, and one that the program takes out of an argument, are changes all the same."""
    made = make(provider, disks, INPUTS)
    news = {**INPUTS, "labels": {}, "size": 3}
    provider.update("d-1", {**made, "__provider": "p"}, {**news, "__provider": "p"})

    assert disks.asked[-1] == ("update", ["labels", "size"])


def test_import_ignores_what_is_not_managed(provider: SpectrumProvider, disks: DiskLifecycle) -> None:
    """An existing object may be imported though the service has added something to an argument."""
    made = make(provider, disks, {**INPUTS, IMPORT: "d-1"})

    assert made["labels"] == {"team": "a"}


def test_warning_of_a_step_is_shown(provider: SpectrumProvider, disks: DiskLifecycle, logged: Any) -> None:
    """A step says what it has left undone, in place of the general warning about an argument that is never returned."""
    disks.live = Live("d-1", {"note": None}, warning="The note waits.")
    made = provider.create({"note": "x", "__provider": "p"}).outs

    assert logged == [("The note waits.", True)]
    assert provider.diff("d-1", made, {"note": "x"}).changes is None


@pytest.mark.parametrize(
    ("change", "replacing"), [({"size": 3}, []), ({"zone": "b"}, ["zone"]), ({"size": 3, "zone": "b"}, ["zone"])]
)
def test_change_that_may_be_refused_is_warned_of(
    change: dict[str, Any], replacing: list[str], provider: SpectrumProvider, disks: DiskLifecycle, logged: Any
) -> None:
    """The preview of a change asks the kind, which knows the object's state, and shows its warning."""
    made = make(provider, disks, INPUTS, status="busy")
    provider.diff("d-1", made, INPUTS)
    assert disks.asked == []
    provider.diff("d-1", made, {**INPUTS, **change})

    assert disks.asked == [("busy", sorted(change), replacing)]
    assert logged == [("The disk is busy.", True)]


def test_change_that_cannot_be_made_is_refused_at_preview(provider: SpectrumProvider, disks: DiskLifecycle) -> None:
    """A change that the object's state rules out fails the preview with the kind's words."""
    made = make(provider, disks, INPUTS, status="dead")
    with pytest.raises(host.CleanFailure, match="The disk is dead"):
        provider.diff("d-1", made, {**INPUTS, "size": 3})
