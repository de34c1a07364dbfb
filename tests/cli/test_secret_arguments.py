"""Arguments that are secrets, in what `adopt` writes: from the configuration in the program, encrypted in the state."""

import json
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import click
import pulumi
import pytest

from pulumi_spectrum.cli.adoption import Adoption, plan_adoption
from pulumi_spectrum.cli.given_secrets import GivenSecrets
from pulumi_spectrum.cli.import_file import write_import_file
from pulumi_spectrum.cli.program import ExistingProgram, write_program
from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.kinds import Kind, Live
from pulumi_spectrum.providers.inputs import FilledText, ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Lifecycle
from pulumi_spectrum.providers.properties import Property
from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments
from pulumi_spectrum.secret_outputs import secret


class Trunk(SpectrumResource, module="spectrum", name="Trunk"):
    """A resource with two secret arguments."""

    _kind = "trunk"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        host: pulumi.Input[str],
        login: pulumi.Input[str | None] = None,
        password: pulumi.Input[str | None] = None,
        door_code: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a trunk."""

    @property
    @secret()
    @pulumi.getter
    def password(self) -> pulumi.Output[str | None]:
        """What opens it."""
        return pulumi.get(self, "password")

    @property
    @secret()
    @pulumi.getter(name="doorCode")
    def door_code(self) -> pulumi.Output[str | None]:
        """What opens the door."""
        return pulumi.get(self, "door_code")


@declares_arguments
class TrunkInputs(ResourceInputs):
    host: FilledText
    login: Annotated[FilledText | None, Property(adopted_when=lambda known: known.get("password") is not None)] = None
    password: Annotated[FilledText | None, Property(write_only=True, shown_by="hasPassword")] = None
    door_code: FilledText | None = None


class TrunkLifecycle(Lifecycle[TrunkInputs]):
    noun = "trunk"
    plural = "trunks"
    label = "host"
    inputs = TrunkInputs

    def create(self, _spectrum: SpectrumClient, wanted: TrunkInputs) -> Iterator[Live]:
        yield Live("t-1", {"host": wanted.host})


TRUNK = Kind("trunk", Trunk, TrunkLifecycle())
LOCKED = {"host": "a.example", "login": "me", "hasPassword": True}


def plan(properties: dict[str, Any], *given: str) -> Adoption:
    secrets: Sequence[GivenSecrets] = [GivenSecrets("a.example", each, "The file x") for each in given]
    return plan_adoption([(TRUNK, Live("t-1", properties))], "p-1", taken_names=(), secrets=secrets)


def written(adoption: Adoption) -> str:
    imports = ExistingProgram().imports_for(adoption.declarations, None)
    return write_program(adoption.declarations, imports=imports)


def test_secret_that_the_api_returns_is_taken_from_the_configuration() -> None:
    """The program names a configuration key, and the import file holds the value as a secret, twice."""
    adoption = plan({"host": "a.example", "hasPassword": False, "doorCode": "1234"})
    assert written(adoption) == (
        "import pulumi\n"
        "import pulumi_spectrum as spectrum\n"
        "\n"
        "a_example = spectrum.Trunk(\n"
        '    "a-example",\n'
        '    host="a.example",\n'
        '    door_code=pulumi.Config().require_secret("aExampleDoorCode"),\n'
        ")\n"
    )
    [entry] = json.loads(write_import_file(adoption.entries))["resources"]
    for side in ("inputs", "outputs"):
        assert json.loads(entry[side]["doorCode"]["plaintext"]) == "1234"
    assert adoption.entries[0].holds_secrets
    assert adoption.warnings == []


def test_given_secret_is_managed_with_what_goes_with_it() -> None:
    """A secret that is given by its name is an argument of the program, whatever characters are in it."""
    adoption = plan(LOCKED, "password=hunter 2=\n\ndoor_code=1234")
    [entry] = adoption.entries
    assert entry.inputs == {"host": "a.example", "login": "me", "password": "hunter 2=", "doorCode": "1234"}
    assert set(adoption.declarations[0].config_keys) == {"password", "doorCode"}
    assert "hunter" not in written(adoption)


def test_unknown_secret_is_left_out_with_a_warning() -> None:
    """A secret that is not known is not managed, nor what needs it, and one warning says how to change that."""
    adoption = plan({**LOCKED, "doorCode": "1234"})
    assert adoption.entries[0].inputs == {"host": "a.example", "doorCode": "1234"}
    [warning] = adoption.warnings
    assert "The API does not return password of this trunk, so the program leaves that out" in warning


def test_secret_without_name_or_form_is_refused() -> None:
    """Where a kind has several secrets without a form, a text that names none is refused and not shown."""
    with pytest.raises(click.ClickException) as caught:
        plan(LOCKED, "hunter2")
    assert caught.value.message == (
        "The file x holds something that is no secret of a trunk: password is given as password=…, door_code is given "
        "as door_code=…."
    )


def test_long_configuration_key_is_written_as_a_formatter_would() -> None:
    """A key that does not fit into the line stands in one of its own."""
    host = "a" * 55
    source = written(plan({"host": host, "hasPassword": False, "doorCode": "1"}))
    assert f'    door_code=pulumi.Config().require_secret(\n        "{host}DoorCode"\n    ),\n' in source
