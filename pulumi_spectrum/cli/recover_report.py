"""What became of pending operations, in the two forms in which it is read: by a person, and by a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import click

from pulumi_spectrum.cli.recovery import Judgement, Outcome
from pulumi_spectrum.cli.tables import print_table

HEADER = ("stack", "kind", "resource", "operation", "found", "step")
STEPS = {
    Outcome.MADE: "put it into the state",
    Outcome.NOTHING: "clear",
    Outcome.IN_STATE: "clear",
    Outcome.UNDECIDED: "decide",
    Outcome.LEFT_TO_PULUMI: "none",
}
"""What is done about an operation, by what became of it."""


@dataclass(frozen=True)
class Report:
    """What a run of the command found and did.

    Args:
        judgements: What became of the operations.
        obstacles: One sentence for each reason for which a stack was left as it is.
        done: Whether what could be settled was settled.
    """

    judgements: Sequence[Judgement]
    obstacles: Sequence[str]
    done: bool

    @property
    def is_settled(self) -> bool:
        """Whether no creation is pending any more."""
        pending = any(each.operation.is_creation for each in self.judgements)
        return not self.obstacles and (self.done or not pending)


def print_text(report: Report) -> None:
    """Print a table with a row for each operation, and what to do next; or one sentence where nothing is pending."""
    if report.judgements:
        rows = [
            [
                each.operation.resource.stack,
                each.operation.kind.noun,
                each.operation.resource.name,
                each.operation.does,
                each.words,
                _step(each),
            ]
            for each in report.judgements
        ]
        print_table(f"Pending operations ({len(rows)})", HEADER, rows)
    click.echo(_summary(report))


def print_json(report: Report) -> None:
    """Print one JSON object."""
    document = {
        "operations": [
            {
                "urn": each.operation.resource.urn,
                "kind": each.operation.kind.word,
                "operation": each.operation.does,
                "outcome": each.outcome.value,
                "id": each.live.id if each.live else None,
                "madeAnew": each.is_made_anew,
                "candidates": [{"id": live.id, "object": each.operation.kind.label(live)} for live in each.candidates],
                "found": each.words,
            }
            for each in report.judgements
        ],
        "notSettled": list(report.obstacles),
        "settled": report.is_settled,
    }
    click.echo(json.dumps(document, indent=2))  # in ASCII, which every stream can hold


PRINTERS = {"text": print_text, "json": print_json}


def _step(judgement: Judgement) -> str:
    return "create it anew" if judgement.is_made_anew else STEPS[judgement.outcome]


def _summary(report: Report) -> str:
    if not report.judgements:
        return "Operations are pending, and were not settled." if report.obstacles else "Nothing is pending."
    if report.obstacles:
        return "Not all of it can be settled. A stack is settled as a whole, or left as it is."
    if not any(each.operation.is_creation for each in report.judgements):
        return "There is nothing to settle. Run `pulumi up`."
    if report.done:
        return "Settled. Run `pulumi up` to go on."
    return "Nothing was changed. Run this again with --yes to take these steps, and then `pulumi up`."
