"""Which project, resource and creation an object belongs to."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_calls import call_for, calls_for
from pulumi.output import Unknown

from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import Bookkeeping, bookkeeping_of
from pulumi_spectrum.providers.declarations import Declarations
from pulumi_spectrum.providers.lifecycle import AlreadyThere, Live

MakeProvider = Callable[..., SpectrumProvider]

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


@pytest.mark.parametrize("operation", OPERATIONS)
def test_object_of_another_project_is_refused(operation: str, provider: SpectrumProvider, things: Any) -> None:
    """With another project's credentials every operation is refused, names the object's project, and sends nothing."""
    with pytest.raises(host.CleanFailure) as caught:
        OPERATIONS[operation](provider, THEIRS)

    assert str(caught.value).startswith("This thing belongs to project p-2, but the credentials are of project p-1.")
    assert things.asked == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_object_of_the_same_project_is_accepted(operation: str, provider: SpectrumProvider, things: Any) -> None:
    """With the project's own credentials the operation is carried out."""
    things.found = Live("t-1", {"name": "n"})
    OPERATIONS[operation](provider, OURS)

    assert len(things.asked) == (operation != "diff")


@pytest.mark.parametrize("operation", ["create", "read", "update", "delete"])
def test_missing_credentials_fail_each_request(
    operation: str, things: Any, provider: SpectrumProvider, make_provider: MakeProvider
) -> None:
    """Without credentials each operation that needs a request fails, and the message names what is missing."""
    bare = make_provider(things)
    with pytest.raises(host.CleanFailure, match=r"^Spectrum credentials are missing: spectrum:projectId \(or"):
        bare.create(dict(INPUTS)) if operation == "create" else OPERATIONS[operation](bare, OURS)

    assert things.asked == []


def test_preview_needs_no_credentials(things: Any, provider: SpectrumProvider, make_provider: MakeProvider) -> None:
    """`check` and `diff` need no credentials, and no settings that can be used."""
    for config in ({}, {"spectrum:projectId": "", "spectrum:timeoutSeconds": "soon"}):
        bare = make_provider(things, **config)

        assert bare.check({}, dict(INPUTS)).failures == []
        assert bare.diff("t-1", OURS, dict(INPUTS)).changes is False
        assert bare.diff("t-1", THEIRS, dict(INPUTS)).changes is False


def test_credentials_are_read_from_the_environment(
    things: Any, provider: SpectrumProvider, monkeypatch: Any, make_provider: MakeProvider
) -> None:
    """Credentials that the configuration lacks are read from the environment."""
    monkeypatch.setenv("SPECTRUM_PROJECT_ID", "p-env")
    monkeypatch.setenv("SPECTRUM_PROJECT_SECRET", "s3cr3t")
    things.found = Live("t-1", {"name": "n"})

    assert make_provider(things).read("t-1", {**INPUTS}).outs["projectId"] == "p-env"


def check(provider: SpectrumProvider, resource: str, name: Any, stack: str = "dev") -> list[str]:
    """Check a resource, and return the reasons why it is refused."""
    urn = f"urn:pulumi:{stack}::app::spectrum:Thing::{resource}"
    return [each.reason for each in call_for(urn, provider.check, {}, {**INPUTS, "name": name}).failures]


def test_second_resource_of_the_same_object_is_refused(provider: SpectrumProvider) -> None:
    """The second of two resources that declare the same object is refused, and both are named."""
    assert check(provider, "a", "same") == []
    assert check(provider, "b", "other") == []
    [sentence] = check(provider, "c", "same")
    assert sentence == (
        '"a" and "c" are the same thing: both have the same name. Remove one of them from the program, or give it '
        "another value."
    )


def test_resource_that_is_checked_twice_is_accepted(provider: SpectrumProvider) -> None:
    """A resource that is checked again, as before a replacement, is not its own duplicate."""
    assert [check(provider, "a", "same") for _ in range(2)] == [[], []]


def test_unknown_identity_is_no_duplicate(provider: SpectrumProvider) -> None:
    """Two resources whose identity is unknown during a preview may be two objects, and are accepted."""
    assert [check(provider, resource, Unknown()) for resource in "ab"] == [[], []]


def test_same_object_of_another_provider_is_refused(
    provider: SpectrumProvider,
    make_provider: MakeProvider,
    tmp_path: Path,
    things: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A resource of another provider or stack that declares the same object is found, if the project is known."""
    assert check(provider, "a", "same") == []
    elsewhere = Declarations(lambda: tmp_path)
    monkeypatch.setattr(sys, "argv", ["host", "127.0.0.1:1"])  # another engine
    project = {"spectrum:projectId": "p-1", "spectrum:projectSecret": "rotated-s3cr3t"}
    assert check(make_provider(things, elsewhere), "b", "same") == []
    assert check(make_provider(things, elsewhere, **{**project, "spectrum:projectId": "p-2"}), "b", "same") == []
    assert check(make_provider(things, elsewhere, **project), "a", "same") == []
    [sentence] = check(make_provider(things, elsewhere, **project), "b", "same", stack="prod")
    assert sentence == (
        '"a" of the stack app/dev, which is being run on this machine at this moment, and "b" of the stack app/prod '
        "are the same thing: both have the same name in the same Spectrum project. Declare it in one of the two stacks "
        "only."
    )


def test_no_duplicate_is_found_without_a_urn(provider: SpectrumProvider) -> None:
    """When the running resource is not known, no duplicate is found."""
    assert [provider.check({}, dict(INPUTS)).failures for _ in range(2)] == [[], []]


def test_late_delete_of_an_older_owner_is_ignored(provider: SpectrumProvider, things: Any) -> None:
    """When the engine deletes the older owner of an object that has a newer one, nothing is deleted."""
    things.steps = [Live("t-1", {"name": "n"})]
    older = provider.create(dict(INPUTS)).outs
    newer = provider.create(dict(INPUTS)).outs
    things.steps, things.asked = [], []
    provider.delete("t-1", {**INPUTS, **older})
    assert things.asked == []

    provider.delete("t-1", {**INPUTS, **newer})
    assert things.asked == [("delete", "t-1")]


def test_late_delete_in_the_next_run_is_ignored(
    things: Any, provider: SpectrumProvider, make_provider: MakeProvider
) -> None:
    """When the run ended before that delete, the next run meets both owners and keeps the newer one's object."""
    things.steps = [Live("t-1", {"name": "n"})]
    older = provider.create(dict(INPUTS)).outs
    newer = provider.create(dict(INPUTS)).outs
    things.steps, things.asked = [], []
    next_run = make_provider(things, **{"spectrum:projectId": "p-1", "spectrum:projectSecret": "s3cr3t"})
    next_run.diff("t-1", {**INPUTS, **newer}, dict(INPUTS))
    next_run.delete("t-1", {**INPUTS, **older})

    assert things.asked == []


def test_only_owner_deletes_its_object(provider: SpectrumProvider, things: Any) -> None:
    """A destroy, in a process that has created and compared nothing, deletes the object."""
    provider.delete("t-1", dict(OURS))

    assert things.asked == [("delete", "t-1")]


def test_state_without_a_creation_deletes_its_object(provider: SpectrumProvider, things: Any) -> None:
    """A resource whose state records no creation is deleted, even after it was compared."""
    provider.diff("t-1", dict(OURS), dict(INPUTS))
    provider.delete("t-1", dict(OURS))

    assert things.asked == [("delete", "t-1")]


def test_update_and_refresh_keep_the_creation(provider: SpectrumProvider, things: Any) -> None:
    """The creation that the state records stays the same through updates and refreshes."""
    things.steps = [Live("t-1", {"name": "n"})]
    made = provider.create(dict(INPUTS)).outs
    things.found = Live("t-1", {"name": "n"})

    updated = provider.update("t-1", {**INPUTS, **made}, dict(INPUTS)).outs
    refreshed = provider.read("t-1", {**INPUTS, **made}).outs

    assert creation_of(updated) == creation_of(refreshed) == creation_of(made) != ""


def for_resource(name: str, provider: SpectrumProvider) -> Any:
    """Return the methods of a provider, as the host calls them for one resource."""
    return calls_for(f"urn:pulumi:dev::app::Thing::{name}", provider)


def test_object_left_by_a_replacement_is_recorded(provider: SpectrumProvider, things: Any) -> None:
    """A replacement's state names the object that it left, until a refresh finds that object gone."""
    one = for_resource("a", provider)
    things.inputs = things.replacing_inputs
    moved = {**INPUTS, "name": "n2"}
    one.diff("t-1", dict(OURS), dict(moved))
    things.steps = [Live("t-2", {"name": "n2"})]
    made = one.create(dict(moved)).outs
    assert left_of(made) == ("t-1",)

    updated = one.update("t-2", {**INPUTS, **made}, {**moved, "sizeLimit": 1.0}).outs
    things.found = Live("t-2", {"name": "n2"})
    kept = one.read("t-2", {**INPUTS, **updated}).outs
    assert left_of(updated) == left_of(kept) == ("t-1",)

    things.gone = {"t-1"}
    assert left_of(one.read("t-2", {**INPUTS, **kept}).outs) == ()


def test_objects_left_by_two_replacements_are_recorded(provider: SpectrumProvider, things: Any) -> None:
    """A second replacement, before the engine has deleted the first object, records both unless one is gone."""
    one = for_resource("a", provider)
    things.inputs = things.replacing_inputs
    moved = {**INPUTS, "name": "n2"}
    things.found, things.gone = Live("t-2", {"name": "n"}), {"t-0"}
    one.diff("t-2", {**OURS, **Bookkeeping(frozenset(["name"]), left=("t-0", "t-1")).as_output()}, dict(moved))
    things.steps = [Live("t-3", {"name": "n2"})]

    assert left_of(one.create(dict(moved)).outs) == ("t-1", "t-2")


def test_existing_object_is_adopted_once_it_is_free(provider: SpectrumProvider, things: Any) -> None:
    """A creation that meets an object which another resource keeps is refused; one that was left is adopted."""
    one, other = for_resource("a", provider), for_resource("b", provider)
    things.met = AlreadyThere("t-1", may_be_adopted=False)
    things.steps = [Live("t-1", {"name": "n"})]
    one.diff("t-1", dict(OURS), dict(INPUTS))
    with pytest.raises(host.CleanFailure) as caught:
        other.create(dict(INPUTS))
    assert str(caught.value) == (
        'A thing is there (id t-1): it is "a" of this program, which stays as it is. Two resources cannot be the same '
        "thing: give one of them another name, or remove this one."
    )
    assert [asked[0] for asked in things.asked] == ["create"]

    things.inputs, things.met = things.replacing_inputs, None
    one.diff("t-1", dict(OURS), {**INPUTS, "name": "n2"})
    things.steps = [Live("t-2", {"name": "n2"})]
    one.create({**INPUTS, "name": "n2"})
    things.met, things.steps = AlreadyThere("t-1", may_be_adopted=False), [Live("t-1", {"name": "n"})]
    assert other.create(dict(INPUTS)).id == "t-1"
    assert [asked[0] for asked in things.asked][-2:] == ["create", "take over"]


def test_existing_object_of_unknown_id_is_not_adopted(provider: SpectrumProvider, things: Any) -> None:
    """When the existing object cannot be found, nothing is sent, even if the program says to adopt it."""
    things.met = AlreadyThere(None, may_be_adopted=True)
    with pytest.raises(host.CleanFailure, match=r"^A thing is there \(id unknown\)"):
        provider.create(dict(INPUTS))
    assert [asked[0] for asked in things.asked] == ["create"]


def test_look_up_does_not_own_the_object(provider: SpectrumProvider, things: Any) -> None:
    """An object that a program also looks up by `get` is still deleted with its resource."""
    things.found = Live("t-1", {"name": "n"})
    for_resource("looked-up", provider).read("t-1", {"__provider": "pickled"})
    things.asked = []
    for_resource("a", provider).delete("t-1", dict(OURS))

    assert things.asked == [("delete", "t-1")]
