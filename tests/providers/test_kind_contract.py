"""The words that a kind has for what is special about it: singletons, ids of several parts, write-only arguments."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from engine_calls import calls_for
from pulumi.dynamic import Config, ConfigureRequest
from typing_extensions import TypedDict

from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import FORMAT, Bookkeeping, bookkeeping_of
from pulumi_spectrum.providers.input_checks import check_inputs
from pulumi_spectrum.providers.inputs import FilledText, ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Lifecycle, Live, Readable, Updatable
from pulumi_spectrum.providers.properties import OnChange, Property, replacement_for
from pulumi_spectrum.resources.line import Line

KINDS = {kind.key: kind for kind in load_kinds()}
CONFIG = {"spectrum:projectId": "p-1", "spectrum:projectSecret": "s3cr3t"}


class Part(TypedDict):
    """A nested argument, whose other keys belong to the program."""

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012
    type: FilledText


@declares_arguments
class TrunkInputs(ResourceInputs):
    sip_uri: FilledText
    password: Annotated[FilledText | None, Property(write_only=True, shown_by="hasPassword")] = None
    parts: list[Part] | None = None


class TrunkLifecycle(Lifecycle[TrunkInputs], Readable, Updatable[TrunkInputs]):
    """A singleton with a password that is never returned, and that cannot be deleted."""

    noun = "trunk"
    plural = "trunks"
    inputs = TrunkInputs
    singleton = True
    id_parts = ("account", "trunk")

    def __init__(self) -> None:
        self.live: Live | None = None
        self.updates: list[frozenset[str]] = []

    def create(self, _spectrum: SpectrumClient, wanted: TrunkInputs) -> Iterator[Live]:
        yield Live("a/t", {"sipUri": wanted.sip_uri, "hasPassword": wanted.password is not None})

    def read(self, _spectrum: SpectrumClient, _resource_id: str) -> Live | None:
        return self.live

    def update(
        self, _spectrum: SpectrumClient, current: Live, wanted: TrunkInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        self.updates.append(changed)
        yield Live(current.id, {"hasPassword": wanted.password is not None})


class SealedLifecycle(Lifecycle[TrunkInputs]):
    """A kind that has the required part only."""

    noun = "sealed trunk"
    plural = "sealed trunks"
    inputs = TrunkInputs

    def create(self, _spectrum: SpectrumClient, wanted: TrunkInputs) -> Iterator[Live]:
        yield Live("t-1", {"sipUri": wanted.sip_uri, "status": "new"})


@pytest.fixture
def trunks() -> TrunkLifecycle:
    return TrunkLifecycle()


def provider_of(lifecycle: Lifecycle[Any]) -> SpectrumProvider:
    provider = SpectrumProvider(lifecycle)
    provider.configure(ConfigureRequest(config=Config(CONFIG, "app")))
    return provider


def test_second_singleton_is_refused(trunks: TrunkLifecycle) -> None:
    """Two resources of a kind of which a project has only one are refused, whatever their arguments are."""
    provider = provider_of(trunks)
    one, two = (calls_for(f"urn:pulumi:dev::app::Trunk::{name}", provider) for name in ("one", "two"))
    assert one.check({}, {"sipUri": "sip:one"}).failures == []
    [failure] = two.check({}, {"sipUri": "sip:two"}).failures

    assert failure.reason == (
        '"one" and "two" are the same trunk, of which a project has only one. Remove one of them from the program.'
    )


@pytest.mark.parametrize("wrong", ["t", "a/t/x", "a/", "/t", ""])
def test_id_with_another_number_of_parts_is_refused(wrong: str, trunks: TrunkLifecycle) -> None:
    """An id that does not have the parts of this kind's ids is refused before anything is read."""
    with pytest.raises(host.CleanFailure) as caught:
        provider_of(trunks).read(wrong, {})

    assert str(caught.value) == "The id of a trunk is ACCOUNT/TRUNK, so nothing was read. Check it."


def test_id_is_split_into_its_parts(trunks: TrunkLifecycle) -> None:
    """An id of several parts is joined by a slash; one of a single part may hold slashes."""
    assert trunks.split_id("a/t") == ("a", "t")
    assert SealedLifecycle().split_id("a/t") == ("a/t",)


def test_write_only_argument_stays_as_it_was_set(trunks: TrunkLifecycle) -> None:
    """A refresh keeps a value that the API never returns, as long as the object has one."""
    provider, inputs = provider_of(trunks), {"sipUri": "sip:one", "password": "secret"}
    made = provider.create({**inputs, "__provider": "p"})
    trunks.live = Live("a/t", {"sipUri": "sip:one", "hasPassword": True})
    read = provider.read("a/t", {**made.outs, "__provider": "p"})

    assert read.inputs == inputs
    assert provider.diff("a/t", read.outs, inputs).changes is False


def test_drift_of_write_only_argument_shows_in_another_output(trunks: TrunkLifecycle) -> None:
    """A value that was removed behind the program's back is unset after a refresh, and is set again by the next up."""
    provider, inputs = provider_of(trunks), {"sipUri": "sip:one", "password": "secret"}
    made = provider.create({**inputs, "__provider": "p"})
    trunks.live = Live("a/t", {"sipUri": "sip:one", "hasPassword": False})
    read = provider.read("a/t", {**made.outs, "__provider": "p"})

    assert read.inputs == {"sipUri": "sip:one"}
    assert provider.diff("a/t", read.outs, inputs).changes is None
    updated = provider.update("a/t", {**read.outs, "__provider": "p"}, {**inputs, "__provider": "p"})
    assert trunks.updates == [frozenset({"password"})]
    assert (updated.outs["password"], updated.outs["hasPassword"]) == ("secret", True)


def test_deletion_that_only_forgets_says_so(trunks: TrunkLifecycle, logged: list[tuple[str, bool]]) -> None:
    """Where the API cannot delete an object, a deletion sends nothing and warns that the object stays."""
    provider = provider_of(trunks)
    made = provider.create({"sipUri": "sip:one", "__provider": "p"})
    provider.delete("a/t", {**made.outs, "__provider": "p"})

    assert logged == [
        ("The API cannot delete this trunk. It stays in the project as it is, and the state no longer has it.", True)
    ]


def test_kind_with_the_required_part_only() -> None:
    """An object that cannot be read stays in the state as it is, through a refresh and an update."""
    provider, inputs = provider_of(SealedLifecycle()), {"sipUri": "sip:one"}
    made = provider.create({**inputs, "__provider": "p"})
    read = provider.read("t-1", {**made.outs, "__provider": "p"})
    updated = provider.update("t-1", {**read.outs, "__provider": "p"}, {**inputs, "__provider": "p"})

    assert read.outs == updated.outs == made.outs
    assert read.inputs == inputs
    assert not Kind("sealed", Line, SealedLifecycle()).is_listed


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([{"type": "text"}, {"type": ""}], "parts[1].type must not be empty."),
        ([{"type": "text", "someKey": 1}, {"someKey": 1}], "parts[1].type is required."),
        ({"type": "text"}, "parts must be a list."),
        ([{"type": "text", "snake_key": {"camelKey": []}}], None),
    ],
)
def test_problem_of_nested_argument_is_named_by_its_path(parts: Any, expected: str | None) -> None:
    """The sentence names the place inside the argument, and keys that belong to the program are left as they are."""
    problems = check_inputs(TrunkInputs, {"sipUri": "sip:one", "parts": parts}, frozenset())

    assert problems == ([] if expected is None else [expected])


def test_old_object_goes_first_only_if_every_cause_needs_it() -> None:
    """As soon as one changed argument gives the new object another identity, the new one is made first."""

    @declares_arguments
    class Inputs(ResourceInputs):
        name: Annotated[str, Property(on_change=OnChange.REPLACES)]
        form: Annotated[str, Property(on_change=OnChange.REPLACES_OLD_FIRST)]
        size: int

    def replacement(*changed: str) -> tuple[set[str], bool]:
        found = replacement_for(Inputs, {}, {}, changed)
        return set(found.causes), found.delete_first

    assert replacement("size") == (set(), False)
    assert replacement("form", "size") == ({"form"}, True)
    assert replacement("name", "form") == ({"name", "form"}, False)


def test_state_of_a_newer_format_is_left_alone(trunks: TrunkLifecycle) -> None:
    """A state that a newer release wrote is neither compared nor changed, and the message says what to do."""
    olds = {"sipUri": "sip:one", "projectId": "p-1", **Bookkeeping(format=FORMAT + 1).as_output(), "__provider": "p"}
    news, provider = {"sipUri": "sip:two", "__provider": "p"}, provider_of(trunks)
    calls = [
        lambda: provider.diff("a/t", olds, news),
        lambda: provider.read("a/t", olds),
        lambda: provider.update("a/t", olds, news),
        lambda: provider.delete("a/t", olds),
    ]
    for call in calls:
        with pytest.raises(host.CleanFailure) as caught:
            call()
        assert str(caught.value) == (
            "The state of this trunk was written by a newer release of pulumi-spectrum. Nothing was changed. Upgrade "
            "pulumi-spectrum in the environment that runs the providers."
        )
    assert trunks.updates == []


@pytest.mark.parametrize(
    "bookkeeping",
    [Bookkeeping(), Bookkeeping(frozenset({"b", "a"}), creation="c1", left=("x", "y"))],
)
def test_bookkeeping_is_read_as_it_was_written(bookkeeping: Bookkeeping) -> None:
    """The hidden output gives the same value back, also once the engine has made a float of each number."""
    output = bookkeeping.as_output()
    output["__spectrum"]["format"] = float(output["__spectrum"]["format"])

    assert bookkeeping_of(output) == bookkeeping


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_kind_refers_to_kinds_that_exist(kind: Kind) -> None:
    """An argument refers to an output that the other kind has, and is shown by one of its own."""
    for other, output in kind.references().values():
        assert output in KINDS[other].outputs()
    assert {each.shown_by for each in kind.facts().values()} - {""} <= set(kind.outputs())
