"""A comparison in the three forms in which it is read: by a person, by a program, and on a CI job's summary page."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import click

from pulumi_spectrum.cli.comparison import Comparison
from pulumi_spectrum.cli.drift_next_steps import Step
from pulumi_spectrum.cli.printing import as_json, say
from pulumi_spectrum.cli.state_file import StateResource
from pulumi_spectrum.cli.tables import print_table
from pulumi_spectrum.spelling.printable import on_one_line

CHANGED_HEADER = ("stack", "kind", "resource", "property", "state", "live")
MISSING_HEADER = ("stack", "kind", "resource", "id")
UNMANAGED_HEADER = ("project", "kind", "object", "name", "id")


def print_text(comparison: Comparison, steps: Sequence[Step]) -> None:
    """Print tables and the next steps, or one sentence where there is no drift."""
    for title, header, rows in _sections(comparison):
        print_table(f"{title} ({len(rows)})", header, rows)
    click.echo(_summary(comparison))
    if steps:
        click.echo("\nNext:")
    for step in steps:
        say(f"  # {step.purpose}")
        say(f"  {step.command}")


def print_markdown(comparison: Comparison, steps: Sequence[Step]) -> None:
    """Print what fits a job summary, such as GitHub's."""
    click.echo("## Spectrum drift\n")
    click.echo(f"{_summary(comparison)}\n")
    for title, header, rows in _sections(comparison):
        click.echo(f"### {title}\n")
        for row in (header, ["---"] * len(header), *rows):
            click.echo(f"| {' | '.join(map(_markdown_cell, row))} |")
        click.echo()
    if comparison.unchecked:
        click.echo("### Not checked\n")
        for sentence in comparison.unchecked:
            click.echo(f"- {_markdown_cell(sentence)}")
        click.echo()
    if steps:
        click.echo("### Next\n\n```sh")
        for step in steps:
            say(f"# {step.purpose}")
            say(step.command)
        click.echo("```")


def print_json(comparison: Comparison, steps: Sequence[Step]) -> None:
    """Print one JSON object."""
    document = {
        "compared": comparison.compared,
        "changed": [
            {
                **_describe(changed.resource),
                "properties": [
                    {"name": drift.name, "state": drift.state, "live": drift.live} for drift in changed.properties
                ],
            }
            for changed in comparison.changed
        ],
        "missing": [_describe(resource) for resource in comparison.missing],
        "unmanaged": [
            {
                "kind": unmanaged.kind.word,
                "id": unmanaged.live.id,
                "projectId": unmanaged.project_id,
                "object": unmanaged.kind.label(unmanaged.live),
                "name": unmanaged.kind.full_name(unmanaged.live),
            }
            for unmanaged in comparison.unmanaged
        ],
        "notChecked": comparison.unchecked,
        "next": [{"command": step.command, "purpose": step.purpose} for step in steps],
    }
    click.echo(json.dumps(document, indent=2))  # in ASCII, which every stream can hold


PRINTERS = {"text": print_text, "json": print_json, "markdown": print_markdown}


def _describe(resource: StateResource) -> dict[str, Any]:
    return {
        "urn": resource.urn,
        "id": resource.id,
        "projectId": resource.project_id,
        "stack": resource.stack,
        "kind": resource.kind.word,
        "name": resource.name,
    }


def _sections(comparison: Comparison) -> list[tuple[str, Sequence[str], list[list[str]]]]:
    changed = [
        [
            each.resource.stack,
            each.resource.kind.noun,
            each.resource.name,
            drift.name,
            _value(drift.state),
            _value(drift.live),
        ]
        for each in comparison.changed
        for drift in each.properties
    ]
    missing = [[each.stack, each.kind.noun, each.name, each.id] for each in comparison.missing]
    unmanaged = [
        [each.project_id, each.kind.noun, each.kind.label(each.live), each.kind.full_name(each.live), each.live.id]
        for each in comparison.unmanaged
    ]
    sections: list[tuple[str, Sequence[str], list[list[str]]]] = [
        ("Changed: the service differs from the state", CHANGED_HEADER, changed),
        ("Missing: in the state, and gone from the service", MISSING_HEADER, missing),
        ("Unmanaged: in the service, and in no state", UNMANAGED_HEADER, unmanaged),
    ]
    return [section for section in sections if section[2]]


def _summary(comparison: Comparison) -> str:
    counts = [
        f"{len(found)} {word}"
        for word, found in (
            ("changed", comparison.changed),
            ("missing", comparison.missing),
            ("unmanaged", comparison.unmanaged),
        )
        if found
    ]
    resources = "1 resource" if comparison.compared == 1 else f"{comparison.compared} resources"
    return f"{resources} compared: {', '.join(counts) if counts else 'no drift'}."


def _value(value: Any) -> str:
    return "(none)" if value is None else as_json(value)


def _markdown_cell(text: str) -> str:
    """Return text that a Markdown renderer shows as it is."""
    text = re.sub(r"[\\`*_<>\[\]|~#&]", r"\\\g<0>", on_one_line(text))
    return " ".join(text.split())
