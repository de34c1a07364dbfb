"""How an object is created after a run that was cut off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
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
from pulumi_spectrum.providers.input_checks import parse_inputs
from pulumi_spectrum.providers.lifecycle import LONGEST_CREATION, AlreadyThere, Lifecycle, Live, Resumable
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


class Numbers(Resumable[ThingInputs]):
    """Objects that are known by their ids alone."""

    noun = "number"
    plural = "numbers"
    inputs = ThingInputs
    full_name = ("name",)
    made_at = "madeAt"
    unfinished = "without a name"
    outcome: BaseException | None = None

    def __init__(self) -> None:
        self.there: list[Live] = []

    def add(self, *ids: str, name: str | None = None, made_at: datetime | None = None) -> None:
        made = (made_at or datetime.now(UTC)).isoformat()
        self.there += [Live(object_id, {"name": name, "madeAt": made}) for object_id in ids]

    def identity(self, _known: Any) -> None:
        """Nothing identifies them."""

    def create(self, _spectrum: SpectrumClient, _wanted: ThingInputs) -> Iterator[Live]:
        send(self.outcome, [each.id for each in self.there])
        yield Live("made")

    def read(self, _spectrum: SpectrumClient, resource_id: str) -> Live | None:
        return next((each for each in self.there if each.id == resource_id), None)

    def read_all(self, _spectrum: SpectrumClient) -> list[Live]:
        return self.there

    def resume(self, _spectrum: SpectrumClient, _wanted: ThingInputs, object_id: str) -> Iterator[Live]:
        yield Live(object_id, {"resumed": True})


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
        wanted = parse_inputs(ThingInputs, INPUTS)
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
    numbers = Numbers()
    numbers.add("old", name="Acme")
    cut_off(numbers)
    numbers.add("new")

    assert make(numbers) == Live("new", {"resumed": True})
    assert logged == [
        ("An earlier run was cut off after it had created this number (id new): it is taken over.", False)
    ]


def test_nothing_new_since_a_killed_creation(make: Callable[..., Live], cut_off: Callable[..., None]) -> None:
    """Where nothing is new, the killed creation was not carried out, and an object is created."""
    numbers = Numbers()
    cut_off(numbers)

    assert make(numbers).id == "made"


def test_object_of_another_time_is_not_resumed(make: Callable[..., Live], cut_off: Callable[..., None]) -> None:
    """An object that appeared since, and was made long before or after the killed creation, is somebody else's."""
    numbers = Numbers()
    cut_off(numbers)
    for distance in (LONGEST_CREATION, -LONGEST_CREATION):
        numbers.add(f"other {distance}", made_at=datetime.now(UTC) + distance * 1.1)

    assert make(numbers).id == "made"


def test_several_objects_are_new_since_a_killed_creation(
    make: Callable[..., Live], cut_off: Callable[..., None]
) -> None:
    """Of several new objects none is taken: the first run says which they are, and the next one creates another."""
    numbers = Numbers()
    cut_off(numbers)
    numbers.add("n-1", "n-2")

    with pytest.raises(Refusal, match=r"n-1, n-2\. Nothing was sent\."):
        make(numbers)
    assert make(numbers).id == "made"


def test_objects_of_others_are_not_resumed(
    make: Callable[..., Live], cut_off: Callable[..., None], ownership: Ownership
) -> None:
    """What another resource of the program holds, or another stack on this machine has created, is left to it."""
    numbers = Numbers()
    cut_off(numbers)
    cut_off(numbers, OTHER_URN)
    assert make(numbers, OTHER_URN).id == "made"
    ownership.note("held", OTHER_URN, None, Intent.KEEPS)
    numbers.add("made", "held", "mine")

    assert make(numbers).id == "mine"


def test_answered_creation_without_identity_is_resumed_by_its_id(make: Callable[..., Live]) -> None:
    """If the killed run had read the id, that object is taken up as long as it exists."""
    numbers = Numbers()
    make(numbers)
    numbers.add("made")
    assert make(numbers) == Live("made", {"resumed": True})
    numbers.there.clear()
    assert make(numbers) == Live("made")


def test_unfinished_object_of_nobody_is_warned_of_once(
    make: Callable[..., Live], logged: list[tuple[str, bool]], ownership: Ownership
) -> None:
    """Before an object is created, a recent one without a name that no resource holds is named, once."""
    numbers = Numbers()
    numbers.add("held", "stray")
    numbers.add("named", name="Acme")
    numbers.add("old", made_at=datetime.now(UTC) - timedelta(days=1.1))
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


def test_object_of_the_same_name_is_warned_of(make: Callable[..., Live], logged: list[tuple[str, bool]]) -> None:
    """A recent object that has the name of the one to be made is named too, unless this machine has made it."""
    numbers = Numbers()
    numbers.add("other", name="Acme")
    numbers.add("twin", name=INPUTS["name"])
    numbers.add("old twin", name=INPUTS["name"], made_at=datetime.now(UTC) - timedelta(days=1.1))

    assert make(numbers).id == "made"
    numbers.add("made", name=INPUTS["name"])
    make(numbers, OTHER_URN)
    # Once by each process, as which each `make` counts here.
    assert [text.partition(" that is less")[0] for text, _ in logged] == [
        "The project has a number with the name that this one is given (id twin)"
    ] * 2


def test_entry_stays_once_the_engine_has_ended(
    make: Callable[..., Live], journal: CreationJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a provider sees whose CLI was killed settles nothing: the next run has to find out what was created."""
    things = SentThings()
    things.outcome = RequestRefused("no", method="POST", path="/things/")
    monkeypatch.setattr("os.getppid", lambda: 1)

    with pytest.raises(RequestRefused):
        make(things)
    assert [each.urn for each in journal.unanswered()] == [URN]
