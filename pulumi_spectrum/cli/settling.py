"""Settles the pending operations of a stack, all of them or none: Pulumi forgets all of them at once.

The state is written in one step, which fails while a run holds the stack. Only then is anything sent to the service. A
process that is killed in between leaves an object that the state knows, so that nothing is doubled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.pending_operations import PendingOperation, PendingStack
from pulumi_spectrum.cli.pulumi_cli import export_state, import_state, replace_state
from pulumi_spectrum.cli.recovered_state import exchange, settle
from pulumi_spectrum.cli.recovery import Judgement, Outcome
from pulumi_spectrum.kinds import Live
from pulumi_spectrum.messages.failures import FAILURES, explain

SOME_URNS = 3


def obstacles(stack: PendingStack, judgements: Sequence[Judgement]) -> Iterator[str]:
    """Yield one sentence for each reason for which a stack's pending creations cannot be settled yet.

    Args:
        stack: The stack.
        judgements: What became of its operations.
    """
    for urn in stack.unknown:
        yield f"{urn}: this release does not know its type. Upgrade pulumi-spectrum."
    for each in judgements:
        if each.outcome is Outcome.UNDECIDED:
            yield f'"{each.operation.resource.name}" of {stack.title}: {each.words}.{_way_on(each)}'
    if stack.others and (stack.unknown or any(each.operation.is_creation for each in judgements)):
        more = len(stack.others) - SOME_URNS
        yield (
            f"{stack.title}: creations of other packages are pending too, and Pulumi forgets all of a stack's pending "
            "operations at once. Settle those first: run `pulumi refresh` in a terminal, and answer `skip` for the "
            f"resources that this command names. They are {', '.join(stack.others[:SOME_URNS])}"
            f"{f' and {more} more' if more > 0 else ''}."
        )


def settle_stack(folder: Path, stack: PendingStack, judgements: Sequence[Judgement]) -> list[Judgement]:
    """Settle a stack's pending operations, and return what became of them. There is nothing to do without creations.

    Args:
        folder: The project folder.
        stack: The stack. Nothing stands in the way of its operations.
        judgements: What became of its operations.

    Raises:
        PulumiFailed: The state cannot be written, because a run holds the stack, for example.
        click.ClickException: The stack was changed since it was read, or an object could not be made anew.
    """
    if not any(each.operation.is_creation for each in judgements):
        return list(judgements)
    made = [(each.operation, each.live, each.project.id) for each in judgements if each.live and each.project]
    if not replace_state(folder, stack.name, stack.state, settle(stack.state, made)):
        raise click.ClickException(
            f"{stack.title} was changed by a run while its operations were looked at. Nothing was changed here. Wait "
            "until no run is under way, and run this again."
        )
    return [
        _make_anew(folder, stack, each, each.live, each.project)
        if each.live and each.project and each.is_made_anew
        else each
        for each in judgements
    ]


def _make_anew(folder: Path, stack: PendingStack, judgement: Judgement, lost: Live, project: LiveProject) -> Judgement:
    """Make an object in the place of one whose secrets are lost, and put it into the state.

    Raises:
        click.ClickException: It was not made, or not finished.
    """
    operation, reached = judgement.operation, Live("")
    failure = ""
    try:
        for step in operation.kind.recovery.make_anew(project.spectrum, operation.inputs, lost.id):
            reached = step
    except FAILURES as error:
        failure = explain(error)
    if reached.id:
        _record(folder, stack, operation, lost, reached, project.id)
    if failure:
        raise click.ClickException(
            f'"{operation.resource.name}" of {stack.title} is in the state, but was not made anew: {failure} '
            "Run `pulumi refresh` and `pulumi up`."
        )
    return replace(judgement, words=f"{judgement.words}, made anew as {reached.id}", live=reached)


def _record(  # noqa: PLR0917
    folder: Path, stack: PendingStack, operation: PendingOperation, lost: Live, live: Live, project_id: str
) -> None:
    state = exchange(export_state(folder, stack.name), operation, lost.id, live, project_id)
    if state is None:
        raise click.ClickException(
            f'"{operation.resource.name}" of {stack.title} was made anew as {live.id}, but a run has changed the state '
            "meanwhile. Run `pulumi refresh` and `pulumi up`."
        )
    import_state(folder, stack.name, state)


def _way_on(judgement: Judgement) -> str:
    """Return what a person can do about an undecided creation, as a sentence with a space before it, or nothing."""
    name = judgement.operation.resource.name
    if not judgement.candidates:
        return ""
    if judgement.operation.made_since is None:
        return f" Say which it is with --object {name}=ID, or that it is none with --object {name}=none."
    return (
        f" It may be left over from the run that was killed. Take it over under another name or remove it, and clear "
        f"the operation with --object {name}=none."
    )
