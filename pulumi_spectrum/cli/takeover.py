"""What a project holds that a program can take over, and how each object would be declared."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from pulumi_spectrum.cli.given_secrets import secrets_for
from pulumi_spectrum.cli.import_file import Entry, outputs_of
from pulumi_spectrum.cli.names import describe, name_objects
from pulumi_spectrum.cli.program import Declaration
from pulumi_spectrum.cli.tables import reading
from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.inputs import check_inputs
from pulumi_spectrum.providers.lifecycle import Live
from pulumi_spectrum.spelling.urls import same_url
from pulumi_spectrum.spelling.values import same_phone


@dataclass(frozen=True)
class Selection:
    """Which objects are wanted. Without any id, phone or URL, all of the areas are.

    Args:
        areas: The areas, such as `users`; empty for all of them.
        ids: Objects' ids.
        phones: Phone numbers of users and lines.
        urls: Webhooks' URLs.
    """

    areas: Collection[str] = ()
    ids: Collection[str] = ()
    phones: Collection[str] = ()
    urls: Collection[str] = ()

    def check_areas(self, kinds: Sequence[Kind]) -> None:
        """Refuse an area that there is not.

        Raises:
            click.UsageError: One of them is unknown; the message lists those there are.
        """
        known = [kind.area for kind in kinds]
        for area in self.areas:
            if area not in known:
                raise click.UsageError(f"There is no area {area!r}. --area takes one of {', '.join(known)}.")

    def wants(self, live: Live) -> bool:
        """Tell whether an object is wanted."""
        if not (self.ids or self.phones or self.urls):
            return True
        phone, url = live.properties.get("phoneNumber"), live.properties.get("webhookUrl")
        return (
            live.id in self.ids
            or (phone is not None and any(same_phone(phone, each) for each in self.phones))
            or (url is not None and any(same_url(url, each) for each in self.urls))
        )

    def missed(self, found: Sequence[Live]) -> list[str]:
        """Return the ids, phones and URLs that no object has."""
        each_alone = (
            *(Selection(ids=[each]) for each in self.ids),
            *(Selection(phones=[each]) for each in self.phones),
            *(Selection(urls=[each]) for each in self.urls),
        )
        given = (*self.ids, *self.phones, *self.urls)
        return [
            each for each, alone in zip(given, each_alone, strict=True) if not any(alone.wants(live) for live in found)
        ]


@dataclass
class Takeover:
    """What is taken over.

    Args:
        entries: The objects, as the state will hold them.
        declarations: The same, as the program declares them.
        warnings: What the person should know.
    """

    entries: list[Entry] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find_objects(
    spectrum: SpectrumClient, kinds: Sequence[Kind], selection: Selection, known: Collection[tuple[str, str]] = ()
) -> list[tuple[Kind, Live]]:
    """Return the objects that are wanted and not in the state yet, in the order in which a program declares them.

    Args:
        spectrum: The project's API, asked for one list for each area.
        kinds: All kinds there are, each after those it refers to.
        selection: Which objects are wanted.
        known: Kind and id of those that the state has already.

    Raises:
        click.ClickException: Nothing has one of the ids, phones or URLs that were asked for.
    """
    listed: list[tuple[Kind, Live]] = []
    for kind in kinds:
        if not selection.areas or kind.area in selection.areas:
            with reading(kind.area):
                listed += [(kind, live) for live in kind.lifecycle.read_all(spectrum)]
    missed = selection.missed([live for _, live in listed])
    if missed:
        raise click.ClickException(f"Nothing in the project has {missed[0]} as its id, phone number or URL.")
    return [
        (kind, live)
        for kind, live in listed
        if selection.wants(live) and (kind.name, live.id) not in known and not kind.lifecycle.is_there_by_itself(live)
    ]


def plan_takeover(
    objects: Sequence[tuple[Kind, Live]],
    project_id: str,
    *,
    taken_names: Collection[str],
    secret_files: Mapping[str, Mapping[str, str]],
) -> Takeover:
    """Decide how each object is called and declared.

    Args:
        objects: What is taken over.
        project_id: The project that it belongs to.
        taken_names: Names that the program uses already.
        secret_files: Signing secrets that were given in files.
    """
    takeover = Takeover()
    declarable = []
    for kind, live in objects:
        problems = check_inputs(kind.lifecycle.inputs, _inputs(kind, live), frozenset())
        if problems:
            takeover.warnings.append(
                f"The {kind.name} {describe(live)} ({live.id}) is left out, because no program can declare it: "
                f"{problems[0]}"
            )
        else:
            declarable.append((kind, live))
    names = name_objects(declarable, taken_names)
    for (kind, live), name in zip(declarable, names, strict=True):
        inputs = _inputs(kind, live)
        identity = kind.lifecycle.identity(inputs) or ()
        secrets = secrets_for(kind, name, live, identity, secret_files)
        takeover.entries.append(Entry(kind, name, live, inputs, secrets))
        references = _references(kind, inputs, takeover.entries)
        defaults = kind.defaults()
        said = {key: value for key, value in inputs.items() if defaults.get(key) != value or _is_required(kind, key)}
        takeover.declarations.append(Declaration(kind, name, said, references))
    unused = sorted(secret_files.keys() - _keys(takeover.entries))
    if unused:
        raise click.ClickException(f"--signing-secret was given for {unused[0]}, which is not taken over.")
    takeover.warnings += _warnings_of(takeover.entries, project_id)
    return takeover


def _inputs(kind: Kind, live: Live) -> dict[str, Any]:
    return {**kind.defaults(), **kind.lifecycle.inputs_for(live)}


def _is_required(kind: Kind, name: str) -> bool:
    return any(each.alias == name and each.is_required() for each in kind.lifecycle.inputs.model_fields.values())


def _references(kind: Kind, inputs: Mapping[str, Any], entries: Sequence[Entry]) -> dict[str, tuple[str, str]]:
    """Return the inputs that are another object's output, to the letter."""
    return {
        name: (entry.name, output)
        for name, (of_kind, output) in kind.lifecycle.references.items()
        for entry in entries
        if entry.kind.name == of_kind and name in inputs and entry.live.properties.get(output) == inputs[name]
    }


def _keys(entries: Sequence[Entry]) -> set[str]:
    return {
        key
        for entry in entries
        if entry.kind.secret_outputs
        for key in (entry.name, entry.live.id, *(entry.kind.lifecycle.identity(entry.inputs) or ()))
    }


def _warnings_of(entries: Sequence[Entry], project_id: str) -> list[str]:
    """Return what is to be known of the objects, said once for all of whom it is true."""
    concerned: dict[str, list[str]] = {}
    for entry in entries:
        warning = entry.kind.lifecycle.warning(outputs_of(entry, project_id))
        if warning:
            concerned.setdefault(re.sub(r"\s+", " ", warning), []).append(entry.name)
    return [f"{', '.join(names)}: {warning}" for warning, names in concerned.items()]
