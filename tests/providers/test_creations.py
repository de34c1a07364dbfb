"""How an object is created after a run that was cut off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_time import FakeTime
from part_fixtures import ThingInputs, ThingLifecycle

from pulumi_spectrum.client import AnswerLost, ClientSettings, RequestRefused, SpectrumClient
from pulumi_spectrum.client.checked_requests import CheckedRequest
from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.providers.creations import Creations
from pulumi_spectrum.providers.lifecycle import AlreadyThere, Lifecycle, Live, Readable, Resumable
from pulumi_spectrum.providers.ownership import Intent, Ownership

URN, OTHER_URN = "urn:pulumi:dev::app::Thing::a", "urn:pulumi:dev::app::Thing::b"
SETTINGS = ClientSettings("p-1", "s3cr3t")
CLIENT: Any = None
"""The kinds of these tests send nothing."""
INPUTS = {"name": "n"}


class Killed(BaseException):
    """The process ends here."""


def send(outcome: BaseException | None = None, before: Collection[str] = ()) -> None:
    """Send a creation as the client does, which ends in some way."""

    def request(on_send: Any) -> None:
        on_send()
        if outcome is not None:
            raise outcome

    CheckedRequest(max_age=1, clock=lambda: 0.0, max_checks=1).send(lambda: 0.0, request, before)


class SentThings(ThingLifecycle):
    """Things whose creation is sent, and ends as a test says."""

    outcome: BaseException | None = None

    def create(self, _spectrum: SpectrumClient, wanted: ThingInputs) -> Iterator[Live]:
        if self.met is not None:
            raise self.met
        send(self.outcome)
        yield from self.take("create", wanted)


class Numbers(Lifecycle[ThingInputs], Readable):
    """Objects that are known by their ids alone."""

    noun = "number"
    plural = "numbers"
    inputs = ThingInputs
    outcome: BaseException | None = None

    def __init__(self) -> None:
        self.there: list[str] = []
        self.new: list[str] = []
        self.unnamed: list[str] = []
        self.asked: list[Any] = []

    def identity(self, _known: Any) -> None:
        """Nothing identifies them."""

    def create(self, _spectrum: SpectrumClient, _wanted: ThingInputs) -> Iterator[Live]:
        send(self.outcome, self.there)
        yield Live("made")

    def read(self, _spectrum: SpectrumClient, resource_id: str) -> Live | None:
        return Live(resource_id) if resource_id in self.there else None


class ResumableNumbers(Numbers, Resumable[ThingInputs]):
    unfinished = "without a name"

    def made_by(self, _spectrum: SpectrumClient, before: Collection[str], _begun: float) -> list[str]:
        self.asked.append(set(before))
        return self.new

    def resume(self, _spectrum: SpectrumClient, _wanted: ThingInputs, object_id: str) -> Iterator[Live]:
        yield Live(object_id, {"resumed": True})

    def perhaps_unfinished(self, _spectrum: SpectrumClient) -> list[str]:
        return self.unnamed


@pytest.fixture
def journal(tmp_path: Path) -> CreationJournal:
    return CreationJournal(lambda: tmp_path)


@pytest.fixture
def ownership(fake_time: FakeTime) -> Ownership:
    """What the process knows of who holds what; waiting takes no real time."""
    return Ownership(fake_time.clock, lambda _condition, seconds: fake_time.sleep(seconds or 0.0))


@pytest.fixture
def make(journal: CreationJournal, ownership: Ownership) -> Callable[..., Live]:
    """Return a function that creates an object as the engine asks for it, and returns the last of the steps."""

    def make(lifecycle: Lifecycle[Any], urn: str = URN) -> Live:
        request = SimpleNamespace(urn=urn)
        creations = Creations(lifecycle, ownership, journal)
        wanted = ThingInputs.model_validate(INPUTS)
        made = creations.make(CLIENT, SETTINGS, wanted, INPUTS, lambda steps: list(steps)[-1])
        assert request.urn == urn
        return made

    return make


@pytest.fixture
def cut_off(make: Callable[..., Live]) -> Callable[..., None]:
    """Return a function that creates an object in a run that is killed right after the request was sent."""

    def cut_off(lifecycle: Any, urn: str = URN) -> None:
        lifecycle.outcome = Killed()
        with pytest.raises(Killed):
            make(lifecycle, urn)
        lifecycle.outcome = None

    return cut_off


def test_object_of_a_killed_run_is_taken_over(
    make: Callable[..., Live], cut_off: Callable[..., None], logged: list[tuple[str, bool]]
) -> None:
    """An object that was not there before the killed creation, and is now, is the resource's own."""
    things = SentThings()
    cut_off(things)
    things.met, things.steps = AlreadyThere("t-1", may_be_adopted=False), [Live("t-1")]

    assert make(things).id == "t-1"
    assert [asked[0] for asked in things.asked] == ["take over"]
    assert logged == [("An earlier run was cut off after it had created this thing (id t-1): it is taken over.", False)]


def test_object_without_an_entry_is_a_conflict(make: Callable[..., Live], cut_off: Callable[..., None]) -> None:
    """The entry of one resource says nothing of another one's creation that meets the same object."""
    things = SentThings()
    cut_off(things)
    things.met = AlreadyThere("t-1", may_be_adopted=False)

    with pytest.raises(Refusal, match="A thing is there"):
        make(things, OTHER_URN)


def test_object_that_another_resource_holds_is_a_conflict(
    make: Callable[..., Live], cut_off: Callable[..., None], ownership: Ownership
) -> None:
    """An object that a resource of the program has meanwhile is that one's, whatever the journal says."""
    things = SentThings()
    cut_off(things)
    things.met = AlreadyThere("t-1", may_be_adopted=False)
    ownership.note("t-1", OTHER_URN, None, Intent.KEEPS)

    with pytest.raises(Refusal, match='it is "b" of this program'):
        make(things)


def test_object_with_another_id_than_the_answer_had_is_a_conflict(
    make: Callable[..., Live], journal: CreationJournal
) -> None:
    """If the killed run had read the id of what it created, an object with another id is somebody else's."""
    things = SentThings()
    things.steps = [Live("t-1"), Killed()]
    with pytest.raises(Killed):
        make(things)
    things.met = AlreadyThere("t-2", may_be_adopted=False)

    with pytest.raises(Refusal, match="A thing is there"):
        make(things)


def test_refused_creation_leaves_no_entry(
    make: Callable[..., Live], cut_off: Callable[..., None], journal: CreationJournal
) -> None:
    """A request that the API has refused created nothing; one whose answer was lost may have."""
    things = SentThings()
    things.outcome = RequestRefused("no", method="POST", path="/things/")
    with pytest.raises(RequestRefused):
        make(things)
    assert journal.unanswered() == []

    things.outcome = AnswerLost("lost", method="POST", path="/things/")
    with pytest.raises(AnswerLost):
        make(things)
    assert [each.urn for each in journal.unanswered()] == [URN]


def test_failure_before_sending_keeps_the_entry_of_the_killed_run(
    make: Callable[..., Live], cut_off: Callable[..., None], journal: CreationJournal
) -> None:
    """A run that fails before it sends anything leaves the entry for the next one."""
    things = SentThings()
    cut_off(things)
    things.met = AlreadyThere(None, may_be_adopted=False)
    with pytest.raises(Refusal):
        make(things)

    assert [each.urn for each in journal.unanswered()] == [URN]


def test_object_without_identity_is_resumed(
    make: Callable[..., Live], cut_off: Callable[..., None], logged: list[tuple[str, bool]]
) -> None:
    """The one object that is new since the killed creation is taken up and finished, and none is created."""
    numbers = ResumableNumbers()
    numbers.there = ["old"]
    cut_off(numbers)
    numbers.there, numbers.new = ["old", "new"], ["new"]

    assert make(numbers) == Live("new", {"resumed": True})
    assert numbers.asked == [{"old"}]
    assert logged == [
        ("An earlier run was cut off after it had created this number (id new): it is taken over.", False)
    ]


def test_nothing_new_since_a_killed_creation(make: Callable[..., Live], cut_off: Callable[..., None]) -> None:
    """Where nothing is new, the killed creation was not carried out, and an object is created."""
    numbers = ResumableNumbers()
    cut_off(numbers)

    assert make(numbers).id == "made"


def test_several_objects_are_new_since_a_killed_creation(
    make: Callable[..., Live], cut_off: Callable[..., None]
) -> None:
    """Of several new objects none is taken: the first run says which they are, and the next one creates another."""
    numbers = ResumableNumbers()
    cut_off(numbers)
    numbers.new = ["n-1", "n-2"]

    with pytest.raises(Refusal, match=r"n-1, n-2\. Nothing was sent\."):
        make(numbers)
    assert make(numbers).id == "made"


def test_objects_of_others_are_not_resumed(
    make: Callable[..., Live], cut_off: Callable[..., None], journal: CreationJournal, ownership: Ownership
) -> None:
    """What another resource of the program holds, or another stack on this machine has created, is left to it."""
    numbers = ResumableNumbers()
    cut_off(numbers)
    cut_off(numbers, OTHER_URN)
    assert make(numbers, OTHER_URN).id == "made"
    ownership.note("held", OTHER_URN, None, Intent.KEEPS)
    numbers.new = ["made", "held", "mine"]

    assert make(numbers).id == "mine"


def test_answered_creation_without_identity_is_resumed_by_its_id(
    make: Callable[..., Live], journal: CreationJournal
) -> None:
    """If the killed run had read the id, that object is taken up as long as it exists."""
    numbers = ResumableNumbers()
    make(numbers)
    numbers.there = ["made"]
    assert make(numbers) == Live("made", {"resumed": True})
    numbers.there = []
    assert make(numbers) == Live("made")


def test_unfinished_object_of_nobody_is_warned_of_once(
    make: Callable[..., Live], logged: list[tuple[str, bool]], ownership: Ownership
) -> None:
    """Before an object is created, a recent one that no resource holds and that looks unfinished is named, once."""
    numbers = ResumableNumbers()
    numbers.unnamed = ["held", "stray"]
    ownership.note("held", OTHER_URN, None, Intent.KEEPS)

    assert make(numbers).id == "made"
    (warning,) = logged
    assert warning == (
        (
            "The project has a number without a name (id stray) that is less than a day old and in no resource of this "
            "program: an earlier run that was cut off may have created it. One more number is created now. To keep "
            'that one too, declare it with the resource option import_="stray"; else delete it.'
        ),
        True,
    )


def test_nothing_is_created_once_the_engine_has_ended(
    make: Callable[..., Live], journal: CreationJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider whose CLI was killed lives on for a while: it sends no creation that no state would record."""
    monkeypatch.setattr("os.getppid", lambda: 1)
    things = SentThings()
    things.steps = [Live("t-1")]

    with pytest.raises(Refusal, match="nothing is created any more"):
        make(things)
    assert journal.unanswered() == []
