"""Subclasses of resource classes: the engine sees each as its parent class."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

import pulumi_spectrum as spectrum
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.registry import REGISTRY

PHONE = "+14155550123"
URL = "https://app.example.com/spectrum"


class Plain(spectrum.Line):
    """Adds nothing."""


class SupportLine(spectrum.Line):
    """Has arguments of its own, and attributes and annotations beside them."""

    team: str
    label = "support"

    def __init__(self, name: str, team: str, opts: pulumi.ResourceOptions | None = None) -> None:
        self.team = team
        super().__init__(name, first_name="Acme", last_name=team, opts=opts)


class NightLine(SupportLine):
    """Is a subclass of a subclass."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "Night")


class Described(spectrum.Line):
    """Declares an output of its parent anew, and one that the service does not return."""

    phone_number: pulumi.Output[str] = pulumi.property("phoneNumber")
    extra: pulumi.Output[str | None] = pulumi.property("extra")


class Named:
    """A mixin that takes arguments away, and that registers its subclasses."""

    names: list[str] = []  # noqa: RUF012

    def __init_subclass__(cls, *, registered: bool = False, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if registered:
            cls.names.append(cls.__name__)

    def __init__(self, name: str, **arguments: Any) -> None:
        super().__init__(f"named-{name}", **arguments)  # type: ignore[call-arg]


class Mixed(Named, spectrum.Line, registered=True):
    """Has a mixin before the resource."""


class MixedBehind(spectrum.Line, Named):
    """Has a mixin behind the resource."""


class Diamond(SupportLine, Plain):
    """Has two parents of one kind."""


class Dynamic(pulumi.dynamic.Resource):
    """A mixin that is a dynamic resource, with a type of its own."""


class MixedDynamic(Dynamic, spectrum.Line):
    """Has a mixin with a type of its own."""


LINES: dict[type[spectrum.Line], Callable[[], spectrum.Line]] = {
    Plain: lambda: Plain("l", first_name="Acme"),
    SupportLine: lambda: SupportLine("l", "Support"),
    NightLine: lambda: NightLine("l"),
    Described: lambda: Described("l"),
    Mixed: lambda: Mixed("l", first_name="Acme"),
    MixedBehind: lambda: MixedBehind("l", first_name="Acme"),
    Diamond: lambda: Diamond("l", "Support"),
}


@pytest.mark.parametrize("cls", LINES, ids=lambda cls: cls.__name__)
def test_a_subclass_is_registered_as_its_parent_is(cls: type[spectrum.Line], run: Any) -> None:
    """It has the parent's type, provider, protection and properties, so the engine takes it for the same resource."""
    [parent] = run(lambda: spectrum.Line("l") and None).registered
    monitor = run(lambda: LINES[cls]() and None)
    [request] = monitor.registered

    assert request.type == parent.type == "pulumi-python:dynamic/spectrum:Line"
    assert request.object["__provider"] == parent.object["__provider"]
    assert request.protect
    assert monitor.properties(request)["platform"] == "imessage"
    assert monitor.properties(request).keys() <= {"platform", "firstName", "lastName"}


def test_a_dynamic_resource_as_mixin_does_not_give_its_type(run: Any) -> None:
    """The type comes from the Spectrum resource, wherever it stands among the parents."""
    [request] = run(lambda: spectrum.Line.__init__(MixedDynamic.__new__(MixedDynamic), "l") and None).registered

    assert request.type == "pulumi-python:dynamic/spectrum:Line"


def test_init_subclass_of_a_mixin_is_called() -> None:
    """`__init_subclass__` of a mixin is called with its keyword arguments."""
    assert Named.names == ["Mixed"]


def test_secret_outputs_of_a_subclass_are_encrypted(run: Any) -> None:
    """The secrets of a webhook are encrypted under any name of its class."""

    class Inbox(spectrum.Webhook):
        pass

    [request] = run(lambda: Inbox("w", webhook_url=URL) and None).registered

    assert sorted(request.additionalSecretOutputs) == ["signingSecret", "standardSigningSecret"]


@pytest.mark.parametrize("cls", [*LINES, spectrum.Line], ids=lambda cls: cls.__name__)
def test_outputs_of_a_subclass_can_be_used(cls: type[spectrum.Line], run: Any) -> None:
    """Every output of the parent is an output of the subclass, and `get` returns the subclass with all of them."""
    seen: list[Any] = []

    def program() -> Any:
        made = [cls.get("there", "id-1"), *([LINES[cls]()] if cls in LINES else [])]
        assert {type(line) for line in made} == {cls}
        outputs = [[line.phone_number, line.project_id, line.status] for line in made]
        return pulumi.Output.all(*outputs).apply(seen.extend)

    monitor = run(program)

    assert [(request.type, request.id) for request in monitor.read] == [("pulumi-python:dynamic/spectrum:Line", "id-1")]
    assert monitor.properties(monitor.read[0]) == {}
    assert seen == [[PHONE, "p-1", None]] * len(seen)


def test_numbers_of_a_subclass_are_of_their_type(run: Any) -> None:
    """The engine hands numbers over as floats; an output that is a whole number is one in a subclass, too."""

    class Inbox(spectrum.Webhook):
        pass

    class Deeper(Inbox):
        note: str

    seen: list[Any] = []

    def program() -> Any:
        inbox = Deeper("w", webhook_url=URL, secret_rotation="1", rotation_overlap_seconds=60)
        return inbox.rotation_overlap_seconds.apply(seen.append)

    run(program)

    assert [(type(seconds), seconds) for seconds in seen] == [(int, 60)]


def test_a_property_that_the_service_does_not_return_is_none(run: Any) -> None:
    """A property that a subclass adds is an output like any other, and nothing of it is sent."""
    seen: list[Any] = []
    monitor = run(lambda: Described("l").extra.apply(seen.append))

    assert seen == [None]
    assert "extra" not in monitor.properties(monitor.registered[0])


@pytest.mark.parametrize("keywords", [{"module": "acme"}, {"name": "Support"}, {"module": "spectrum", "name": "Line"}])
def test_a_subclass_with_a_type_of_its_own_is_refused(keywords: dict[str, str]) -> None:
    """A subclass with another type is refused, since the engine would create a second line."""
    with pytest.raises(TypeError) as refused:
        type("Support", (spectrum.Line,), {}, **keywords)

    assert str(refused.value) == (
        "The class Support must not set module= or name=. It is a line, and with a type of its own the engine would "
        "create a second one. Leave them out."
    )


def test_a_subclass_of_two_kinds_is_refused() -> None:
    """A subclass of two kinds is refused, since a resource stands for one object."""
    with pytest.raises(TypeError) as refused:
        type("Both", (spectrum.Line, spectrum.User), {})

    assert str(refused.value) == (
        "The class Both cannot be a line and a user at once, since a resource stands for one object. Derive it from "
        "one of them."
    )


def test_commands_see_the_kinds_alone() -> None:
    """Subclasses are no kinds of their own: drift and adopt find what a subclass declares as its parent."""
    assert sorted(kind.declared_by.__name__ for kind in load_kinds()) == sorted(row.resource_class for row in REGISTRY)
