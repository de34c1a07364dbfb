"""Whose object it is: which project's, which resource's, and which creation's."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import Unknown

from pulumi_spectrum.providers import duplicates, host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import Bookkeeping, bookkeeping_of
from pulumi_spectrum.providers.declarations import Declarations
from pulumi_spectrum.providers.lifecycle import AlreadyThere, Live

INPUTS = {"__provider": "pickled", "name": "n"}
THEIRS = {**INPUTS, "projectId": "p-2", **Bookkeeping(frozenset(["name"])).as_output()}
OURS = {**INPUTS, "projectId": "p-1", **Bookkeeping(frozenset(["name"])).as_output()}

OPERATIONS: dict[str, Callable[[SpectrumProvider, dict[str, Any]], Any]] = {
    "diff": lambda provider, olds: provider.diff("t-1", olds, dict(INPUTS)),
    "read": lambda provider, olds: provider.read("t-1", olds),
    "update": lambda provider, olds: provider.update("t-1", olds, {**INPUTS, "name": "n2"}),
    "delete": lambda provider, olds: provider.delete("t-1", olds),
}


def left_of(outputs: Any) -> tuple[str, ...]:
    bookkeeping = bookkeeping_of(outputs)
    assert bookkeeping is not None
    return bookkeeping.left


def creation_of(outputs: Any) -> str | None:
    bookkeeping = bookkeeping_of(outputs)
    assert bookkeeping is not None
    return bookkeeping.creation


def configured(things: Any, **config: str) -> SpectrumProvider:
    provider = SpectrumProvider(things)
    provider.configure(ConfigureRequest(config=Config(config, "app")))
    return provider


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_object_of_another_project_is_left_alone(operation: str, provider: SpectrumProvider, things: Any) -> None:
    """With another project's credentials every operation says whose the object is, and does nothing."""
    with pytest.raises(host.CleanFailure) as caught:
        OPERATIONS[operation](provider, THEIRS)

    assert str(caught.value).startswith("This thing belongs to project p-2, but the credentials are of project p-1.")
    assert things.asked == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_object_of_the_same_project_is_not(operation: str, provider: SpectrumProvider, things: Any) -> None:
    """With the project's own credentials the operation is carried out."""
    things.found = Live("t-1", {"name": "n"})
    OPERATIONS[operation](provider, OURS)

    assert len(things.asked) == (operation != "diff")


@pytest.mark.parametrize("operation", ["create", "read", "update", "delete"])
def test_what_asks_the_service_needs_credentials(
    operation: str, things: Any, provider: SpectrumProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without credentials the message names what is missing, and nothing is done."""
    bare = configured(things)
    with pytest.raises(host.CleanFailure, match=r"^Spectrum credentials are missing: spectrum:projectId \(or"):
        bare.create(dict(INPUTS)) if operation == "create" else OPERATIONS[operation](bare, OURS)

    assert things.asked == []


def test_a_preview_needs_no_credentials(things: Any, provider: SpectrumProvider) -> None:
    """Checking and comparing ask nobody, so they need no credentials and no settings that make sense."""
    for config in ({}, {"spectrum:projectId": "", "spectrum:timeoutSeconds": "soon"}):
        bare = configured(things, **config)

        assert bare.check({}, dict(INPUTS)).failures == []
        assert bare.diff("t-1", OURS, dict(INPUTS)).changes is False
        assert bare.diff("t-1", THEIRS, dict(INPUTS)).changes is False


def test_credentials_come_from_the_environment(things: Any, provider: SpectrumProvider, monkeypatch: Any) -> None:
    """Where the configuration holds none, the environment's are used."""
    monkeypatch.setenv("SPECTRUM_PROJECT_ID", "p-env")
    monkeypatch.setenv("SPECTRUM_PROJECT_SECRET", "s3cr3t")
    things.found = Live("t-1", {"name": "n"})

    assert configured(things).read("t-1", {**INPUTS}).outs["projectId"] == "p-env"


def check(provider: SpectrumProvider, resource: str, name: Any, stack: str = "dev") -> list[str]:
    """Check a resource as the host does, which knows its URN."""
    request = SimpleNamespace(urn=f"urn:pulumi:{stack}::app::spectrum:Thing::{resource}")
    assert request.urn
    return [failure.reason for failure in provider.check({}, {**INPUTS, "name": name}).failures]


def test_two_resources_that_are_the_same_object_are_refused(provider: SpectrumProvider) -> None:
    """The second of two resources that mean one object is refused, naming both; others are not."""
    assert check(provider, "a", "same") == []
    assert check(provider, "b", "other") == []
    [sentence] = check(provider, "c", "same")
    assert sentence == (
        '"a" and "c" are the same thing: both have the same name. Remove one of them from the program, or give it '
        "another value."
    )


def test_a_resource_that_is_checked_twice_is_one(provider: SpectrumProvider) -> None:
    """The engine checks a resource again before it replaces it."""
    assert [check(provider, "a", "same") for _ in range(2)] == [[], []]


def test_what_is_not_known_yet_is_nobodys(provider: SpectrumProvider) -> None:
    """Two resources whose identity depends on what does not exist yet may be two objects."""
    assert [check(provider, resource, Unknown()) for resource in "ab"] == [[], []]


def test_same_object_of_another_provider_is_refused(
    provider: SpectrumProvider, tmp_path: Path, things: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resource of another provider process of the same project is seen, as long as the project is known."""
    assert check(provider, "a", "same") == []
    elsewhere = Declarations(lambda: tmp_path)
    monkeypatch.setattr(duplicates, "shared_declarations", lambda: elsewhere)
    monkeypatch.setattr(host, "engine_address", lambda: "127.0.0.1:1")
    project = {"spectrum:projectId": "p-1", "spectrum:projectSecret": "rotated-s3cr3t"}
    assert check(configured(things), "b", "same") == []
    assert check(configured(things, **{**project, "spectrum:projectId": "p-2"}), "b", "same") == []
    assert check(configured(things, **project), "a", "same") == []
    [sentence] = check(configured(things, **project), "b", "same", stack="prod")
    assert sentence == (
        '"a" of the stack app/dev, which is being run on this machine at this moment, and "b" of the stack app/prod '
        "are the same thing: both have the same name in the same Spectrum project. Declare it in one of the two stacks "
        "only."
    )


def test_without_a_host_nobody_is_a_twin(provider: SpectrumProvider) -> None:
    """Where the running resource is not known, nothing can be said of others."""
    assert [provider.check({}, dict(INPUTS)).failures for _ in range(2)] == [[], []]


def test_the_late_delete_of_an_older_owner_is_not_carried_out(provider: SpectrumProvider, things: Any) -> None:
    """An engine that was forced to create first deletes the older owner of an object that has a new one by then."""
    things.steps = [Live("t-1", {"name": "n"})]
    older = provider.create(dict(INPUTS)).outs
    newer = provider.create(dict(INPUTS)).outs
    things.steps, things.asked = [], []
    provider.delete("t-1", {**INPUTS, **older})
    assert things.asked == []

    provider.delete("t-1", {**INPUTS, **newer})
    assert things.asked == [("delete", "t-1")]


def test_the_late_delete_is_not_carried_out_in_the_next_run_either(things: Any, provider: SpectrumProvider) -> None:
    """Where the run ended before that delete, the next one meets both owners, and keeps the newer one's object."""
    things.steps = [Live("t-1", {"name": "n"})]
    older = provider.create(dict(INPUTS)).outs
    newer = provider.create(dict(INPUTS)).outs
    things.steps, things.asked = [], []
    next_run = configured(things, **{"spectrum:projectId": "p-1", "spectrum:projectSecret": "s3cr3t"})
    next_run.diff("t-1", {**INPUTS, **newer}, dict(INPUTS))
    next_run.delete("t-1", {**INPUTS, **older})

    assert things.asked == []


def test_an_object_is_deleted_by_its_only_owner(provider: SpectrumProvider, things: Any) -> None:
    """A destroy in a process of its own, which has created and compared nothing, deletes."""
    provider.delete("t-1", dict(OURS))

    assert things.asked == [("delete", "t-1")]


def test_a_resource_of_an_older_release_is_deleted_by_its_only_owner(provider: SpectrumProvider, things: Any) -> None:
    """A state that tells nothing of its creation is deleted also after it was compared."""
    provider.diff("t-1", dict(OURS), dict(INPUTS))
    provider.delete("t-1", dict(OURS))

    assert things.asked == [("delete", "t-1")]


def test_an_update_keeps_the_creation(provider: SpectrumProvider, things: Any) -> None:
    """What an object was created by stays with it, through updates and refreshes."""
    things.steps = [Live("t-1", {"name": "n"})]
    made = provider.create(dict(INPUTS)).outs
    things.found = Live("t-1", {"name": "n"})

    updated = provider.update("t-1", {**INPUTS, **made}, dict(INPUTS)).outs
    refreshed = provider.read("t-1", {**INPUTS, **made}).outs

    assert creation_of(updated) == creation_of(refreshed) == creation_of(made) != ""


@pytest.fixture
def run_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the calls to come those for one resource."""
    return lambda resource: monkeypatch.setattr(host, "running_urn", lambda: f"urn:pulumi:dev::app::Thing::{resource}")


def test_what_a_resource_has_left_is_recorded(
    provider: SpectrumProvider, things: Any, run_for: Callable[[str], None]
) -> None:
    """A replacement's state names the object that was left, and passes it on until a refresh finds that gone."""
    run_for("a")
    things.inputs = things.replacing_inputs
    moved = {**INPUTS, "name": "n2"}
    provider.diff("t-1", dict(OURS), dict(moved))
    things.steps = [Live("t-2", {"name": "n2"})]
    made = provider.create(dict(moved)).outs
    assert left_of(made) == ("t-1",)

    updated = provider.update("t-2", {**INPUTS, **made}, {**moved, "sizeLimit": 1.0}).outs
    things.found = Live("t-2", {"name": "n2"})
    kept = provider.read("t-2", {**INPUTS, **updated}).outs
    assert left_of(updated) == left_of(kept) == ("t-1",)

    things.gone = {"t-1"}
    assert left_of(provider.read("t-2", {**INPUTS, **kept}).outs) == ()


def test_what_an_earlier_replacement_has_left_is_passed_on(
    provider: SpectrumProvider, things: Any, run_for: Callable[[str], None]
) -> None:
    """A second replacement, before the engine could delete what the first has left, names both unless one is gone."""
    run_for("a")
    things.inputs = things.replacing_inputs
    moved = {**INPUTS, "name": "n2"}
    things.found, things.gone = Live("t-2", {"name": "n"}), {"t-0"}
    provider.diff("t-2", {**OURS, **Bookkeeping(frozenset(["name"]), left=("t-0", "t-1")).as_output()}, dict(moved))
    things.steps = [Live("t-3", {"name": "n2"})]

    assert left_of(provider.create(dict(moved)).outs) == ("t-1", "t-2")


def test_an_object_that_is_met_is_taken_over_when_it_is_free(
    provider: SpectrumProvider, things: Any, run_for: Callable[[str], None]
) -> None:
    """A creation that meets what another resource keeps is refused, naming that; what one has left it takes over."""
    things.met = AlreadyThere("t-1", may_be_adopted=False)
    things.steps = [Live("t-1", {"name": "n"})]
    run_for("a")
    provider.diff("t-1", dict(OURS), dict(INPUTS))
    run_for("b")
    with pytest.raises(host.CleanFailure) as caught:
        provider.create(dict(INPUTS))
    assert str(caught.value) == (
        'A thing is there (id t-1): it is "a" of this program, which stays as it is. Two resources cannot be the same '
        "thing: give one of them another name, or remove this one."
    )
    assert [asked[0] for asked in things.asked] == ["create"]

    run_for("a")
    things.inputs, things.met = things.replacing_inputs, None
    provider.diff("t-1", dict(OURS), {**INPUTS, "name": "n2"})
    things.steps = [Live("t-2", {"name": "n2"})]
    provider.create({**INPUTS, "name": "n2"})
    run_for("b")
    things.met, things.steps = AlreadyThere("t-1", may_be_adopted=False), [Live("t-1", {"name": "n"})]
    assert provider.create(dict(INPUTS)).id == "t-1"
    assert [asked[0] for asked in things.asked][-2:] == ["create", "take over"]


def test_an_object_whose_id_is_not_known_is_not_taken_over(provider: SpectrumProvider, things: Any) -> None:
    """Where the object that was met cannot be found, nothing is sent, also where the program says to take it over."""
    things.met = AlreadyThere(None, may_be_adopted=True)
    with pytest.raises(host.CleanFailure, match=r"^A thing is there \(id unknown\)"):
        provider.create(dict(INPUTS))
    assert [asked[0] for asked in things.asked] == ["create"]


def test_a_look_up_holds_nothing(provider: SpectrumProvider, things: Any, run_for: Callable[[str], None]) -> None:
    """An object that a program also looks up by `get` is deleted with its resource all the same."""
    things.found = Live("t-1", {"name": "n"})
    run_for("looked-up")
    provider.read("t-1", {"__provider": "pickled"})
    things.asked = []
    run_for("a")
    provider.delete("t-1", dict(OURS))

    assert things.asked == [("delete", "t-1")]
