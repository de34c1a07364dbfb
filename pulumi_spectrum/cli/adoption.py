"""What a project holds that a program can take over, and how each object would be declared."""

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
        """Return the ids and labels that no object has."""
        return [each for each in self.only if not any(kind.is_called(live, each) for kind, live in listed)]


@dataclass(frozen=True)
class Adoption:
    """What is taken over.

    Args:
        entries: The objects, as the state will hold them.
        declarations: The same, as the program declares them.
        warnings: What the person should know.
    """

    entries: Sequence[Entry] = ()
    declarations: Sequence[Declaration] = ()
    warnings: Sequence[str] = ()


def find_objects(
    project: LiveProject, kinds: Sequence[Kind], selection: Selection, known: Collection[tuple[str, str]] = ()
) -> list[tuple[Kind, Live]]:
    """Return the objects that are wanted and not in the state yet, in the order in which a program declares them.

    Args:
        project: The project, of which one list is read for each area.
        kinds: All kinds there are, each after those it refers to.
        selection: Which objects are wanted.
        known: The kind's key and the id of each object that the state has already.

    Raises:
        click.ClickException: Nothing has one of the ids or labels that were asked for.
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
    """Decide how each object is called and declared.

    Args:
        objects: What is taken over.
        project_id: The project that it belongs to.
        taken_names: Names that the program uses already.
        secrets: Secrets that were given in files.
        with_import_option: Whether the program itself takes the objects over, by the resource option `import_`.

    Raises:
        click.ClickException: A secret was given for no object that is taken over, or for several, or it is none of
            the kind's secrets, or the option is to take its object over, which carries none.
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
    """Refuse secrets for something that is not taken over, or for what several objects are called."""
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
    """Refuse secrets for objects that a program takes over: they would not get into the state."""
    names = ", ".join(each.name for each in entries if each.secrets)
    if names:
        raise click.ClickException(
            f"A secret was given for {names}, and the option import_ carries none into the state. Take it over with "
            "--as file, or give no secret."
        )


def _references(entry: Entry, others: Sequence[Entry]) -> dict[str, tuple[str, str]]:
    """Return the inputs that are another object's output, to the letter: that object's name, and the output."""
    return {
        argument: (other.name, output)
        for argument, (key, output) in entry.kind.references().items()
        for other in others
        if other.kind.key == key
        and argument in entry.inputs
        and other.live.properties.get(output) == entry.inputs[argument]
    }


def _warnings_of(entries: Sequence[Entry]) -> list[str]:
    """Return what is to be known of the objects, each warning once with all the objects that it is true of."""
    concerned: dict[str, list[str]] = {}
    for entry in entries:
        for warning in filter(None, (entry.kind.warning(entry.outputs), _warning_of_unknown(entry))):
            concerned.setdefault(re.sub(r"\s+", " ", warning), []).append(entry.name)
    return [f"{', '.join(names)}: {warning}" for warning, names in concerned.items()]


def _warning_of_unknown(entry: Entry) -> str | None:
    """Return the warning of secret arguments whose values are not known, so that the program leaves them out."""
    names = " and ".join(map(to_snake, entry.kind.unknown_secrets(entry.live, entry.inputs)))
    if not names:
        return None
    return (
        f"The API does not return {names} of this {entry.kind.noun}, so the program leaves that out, and it stays as "
        "it is. If you know the value and want it managed, take it over with --secret."
    )
