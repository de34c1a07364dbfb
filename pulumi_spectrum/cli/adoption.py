"""The objects of a project that a program can take over, and how the program declares each."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import click

from pulumi_spectrum.cli.given_secrets import GivenSecrets, secrets_for
from pulumi_spectrum.cli.import_file import Entry
from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.names import name_objects
from pulumi_spectrum.cli.program import Declaration
from pulumi_spectrum.kinds import Kind, Live
from pulumi_spectrum.spelling.property_names import to_snake


@dataclass(frozen=True)
class Selection:
    """Which objects are wanted.

    Args:
        areas: The areas to read; empty for all of them.
        only: Objects' ids and labels; empty for all objects of the areas.
    """

    areas: Collection[str] = ()
    only: Sequence[str] = ()

    def wants(self, kind: Kind, live: Live) -> bool:
        """Return whether an object is wanted."""
        return not self.only or any(kind.is_called(live, each) for each in self.only)

    def missed(self, listed: Sequence[tuple[Kind, Live]]) -> list[str]:
        """Return those of the selected ids and labels that match no object."""
        return [each for each in self.only if not any(kind.is_called(live, each) for kind, live in listed)]


@dataclass(frozen=True)
class Adoption:
    """What is taken over.

    Args:
        entries: The objects, as the state will hold them.
        declarations: The same objects, as the program declares them.
        warnings: Messages for the user.
    """

    entries: Sequence[Entry] = ()
    declarations: Sequence[Declaration] = ()
    warnings: Sequence[str] = ()


def find_objects(
    project: LiveProject, kinds: Sequence[Kind], selection: Selection, known: Collection[tuple[str, str]] = ()
) -> list[tuple[Kind, Live]]:
    """Return the selected objects that are not in the state yet, in the order in which a program declares them.

    Args:
        project: The project. One list is read for each area.
        kinds: All kinds, each after the kinds that it refers to.
        selection: Which objects are wanted.
        known: The kind's key and the id of each object that the state already has.

    Raises:
        click.ClickException: No object has one of the selected ids or labels.
    """
    listed = [
        (kind, live)
        for kind in kinds
        if not selection.areas or kind.area in selection.areas
        for live in project.read_all(kind)
    ]
    missed = selection.missed(listed)
    if missed:
        raise click.ClickException(f"Nothing in the project has {missed[0]} as its id, or as what reports call it.")
    return [
        (kind, live)
        for kind, live in listed
        if selection.wants(kind, live) and (kind.key, live.id) not in known and not kind.is_preexisting(live)
    ]


def plan_adoption(
    objects: Sequence[tuple[Kind, Live]],
    project_id: str,
    *,
    taken_names: Collection[str],
    secrets: Sequence[GivenSecrets],
    with_import_option: bool = False,
) -> Adoption:
    """Return the resource name, the inputs and the declaration of each object.

    Args:
        objects: What is taken over.
        project_id: The project that it belongs to.
        taken_names: Names that the program already uses.
        secrets: Secrets that were given in files.
        with_import_option: Whether the program imports the objects by the resource option `import_`.

    Raises:
        click.ClickException: A secret matches none of the objects, or several of them; or it is not one of the kind's
            secrets; or the objects are imported by the option, which cannot carry a secret into the state.
    """
    declarable, left_out = [], []
    for kind, live in objects:
        problems = kind.problems_of(kind.inputs_for(live))
        if problems:
            left_out.append(
                f"The {kind.noun} {kind.label(live)} ({live.id}) is left out, because no program can declare it: "
                f"{problems[0]}"
            )
        else:
            declarable.append((kind, live))
    names = name_objects(declarable, taken_names)
    entries = [
        _enter(kind, live, name, project_id, secrets) for (kind, live), name in zip(declarable, names, strict=True)
    ]
    _refuse_misplaced(secrets, entries)
    if with_import_option:
        _refuse_secrets(entries)
    declarations = [
        Declaration(
            entry.kind,
            entry.name,
            entry.kind.arguments_to_write(entry.inputs),
            _references(entry, entries[:index]),
            entry.live.id if with_import_option else None,
        )
        for index, entry in enumerate(entries)
    ]
    return Adoption(entries, declarations, [*left_out, *_warnings_of(entries)])


def _enter(kind: Kind, live: Live, name: str, project_id: str, files: Sequence[GivenSecrets]) -> Entry:
    secrets = secrets_for(kind, name, live, files)
    inputs = kind.inputs_for(live, secrets)
    return Entry(kind, name, live, inputs, secrets, kind.outputs_for(live, inputs, secrets, project_id))


def _refuse_misplaced(secrets: Sequence[GivenSecrets], entries: Sequence[Entry]) -> None:
    """Refuse a secret whose name matches none of the objects, or several of them."""
    for given in secrets:
        found = [each for each in entries if given.are_for(each.kind, each.name, each.live)]
        if not found:
            raise click.ClickException(f"--secret was given for {given.of}, which is not taken over.")
        if len(found) > 1:
            ids = ", ".join(each.live.id for each in found)
            raise click.ClickException(
                f"--secret was given for {given.of}, and several objects are called so. Give the id of one: {ids}."
            )


def _refuse_secrets(entries: Sequence[Entry]) -> None:
    """Refuse secrets for objects that are imported by the option: the secrets would not get into the state."""
    names = ", ".join(each.name for each in entries if each.secrets)
    if names:
        raise click.ClickException(
            f"A secret was given for {names}, and the option import_ carries none into the state. Take it over with "
            "--as file, or give no secret."
        )


def _references(entry: Entry, others: Sequence[Entry]) -> dict[str, tuple[str, str]]:
    """Return the inputs that equal an output of another object, each with that object's name and the output."""
    return {
        argument: (other.name, output)
        for argument, (key, output) in entry.kind.references().items()
        for other in others
        if other.kind.key == key
        and argument in entry.inputs
        and other.live.properties.get(output) == entry.inputs[argument]
    }


def _warnings_of(entries: Sequence[Entry]) -> list[str]:
    """Return the warnings about the objects. A warning about several objects is given once, with all their names."""
    concerned: dict[str, list[str]] = {}
    for entry in entries:
        for warning in filter(None, (entry.kind.warning(entry.outputs), _warning_of_unknown(entry))):
            concerned.setdefault(re.sub(r"\s+", " ", warning), []).append(entry.name)
    return [f"{', '.join(names)}: {warning}" for warning, names in concerned.items()]


def _warning_of_unknown(entry: Entry) -> str | None:
    """Return the warning that the program leaves out secret arguments, because the API does not return their values."""
    names = " and ".join(map(to_snake, entry.kind.unknown_secrets(entry.live, entry.inputs)))
    if not names:
        return None
    return (
        f"The API does not return {names} of this {entry.kind.noun}, so the program leaves that out, and it stays as "
        "it is. If you know the value and want it managed, take it over with --secret."
    )
