"""`pulumi-spectrum recover`: settle what a killed run has left pending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import click

from pulumi_spectrum.cli.credentials import find_settings
from pulumi_spectrum.cli.failures import failures_without_traceback
from pulumi_spectrum.cli.known_projects import settings_of
from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.options import config_file_option, format_option, stacks_option
from pulumi_spectrum.cli.pending_operations import PendingOperation, PendingStack, read_pending
from pulumi_spectrum.cli.printing import say
from pulumi_spectrum.cli.recover_report import PRINTERS, Report
from pulumi_spectrum.cli.recovery import decide, plan_recovery
from pulumi_spectrum.cli.settling import obstacles, settle_stack
from pulumi_spectrum.client import ClientSettings, client_for
from pulumi_spectrum.kinds import load_kinds

SETTLED, UNSETTLED = 0, 2


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".")
@stacks_option
@config_file_option
@click.option(
    "--object",
    "objects",
    multiple=True,
    metavar="RESOURCE=ID",
    help="What an undecided creation has made: the id of one of the objects that the report names for it, or `none`. "
    "RESOURCE is a name or a URN. Repeatable.",
)
@click.option("--yes", is_flag=True, help="Settle the operations. Without it they are only shown.")
@format_option("text", "json")
@click.pass_context
def recover(
    ctx: click.Context,
    *,
    folder: Path,
    stacks: Sequence[str],
    config_file: Path | None,
    objects: Sequence[str],
    yes: bool,
    form: str,
) -> None:
    """Settle what a killed run has left pending.

    After the CLI was killed, the state has the operations that were under way as pending. For each creation among
    them this finds the object that it has made, if any: by what the API knows it by or, for a kind that has nothing
    such, as the one object that is new and in none of the given stacks. With --yes the object becomes the resource in
    the state that it was made for, with the parent, provider and options of the program, and the operation is cleared.
    An object that is of no use without a secret which only the killed run was told is made anew. Where nothing was
    made, the operation is only cleared. Pending updates and deletions need nothing: the next `pulumi up` repeats them,
    and `pulumi refresh` shows what became of them.

    Nothing is touched that may be another's: an object in one of the given stacks, one that existed before that run or
    was made after it, or one of several. Then the stack is left as it is, and --object says which one it is. Give every
    stack that shares the project, and let no run be under way. Nothing pending costs one `pulumi stack export` and no
    request, so it can stand before every `pulumi up`.

    Ends with 0 when nothing is pending or all is settled, with 2 when a creation is pending that was not settled, and
    with 1 when something went wrong.

    \b
    Examples:
      pulumi-spectrum recover
      pulumi-spectrum recover --stack prod --yes && pulumi up --stack prod
      pulumi-spectrum recover --object support=8f14e45f-ceea-467f-a6d4-1b7a5a8b3c52 --yes
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    if config_file is not None and len(stacks) > 1:
        raise click.UsageError("--config-file goes with one stack: each stack has a configuration of its own.")
    decisions = _read_decisions(objects)
    chosen: list[str | None] = list(stacks) or [None]
    with failures_without_traceback():
        kinds = load_kinds()
        pending = [read_pending(folder, each, kinds) for each in dict.fromkeys(chosen)]
        judgements, misfits = decide(plan_recovery(pending, _find_projects(folder, config_file)), decisions)
        if misfits:
            raise click.ClickException(
                f"--object was given for {misfits[0]}, which is no undecided creation, or not with one of the ids that "
                "the report names for it. Run the command without --object and --yes, and read the report."
            )
        settled, left = [], []
        for stack in pending:
            of_stack = [each for each in judgements if each.stack is stack]
            in_the_way = list(obstacles(stack, of_stack))
            left += in_the_way
            settled += settle_stack(folder, stack, of_stack) if yes and not in_the_way else of_stack
    report = Report(settled, left, done=yes)
    PRINTERS[form](report)
    for sentence in left:
        say(f"Not settled: {sentence}", err=True)
    ctx.exit(SETTLED if report.is_settled else UNSETTLED)


def _read_decisions(options: Sequence[str]) -> dict[str, str | None]:
    decisions: dict[str, str | None] = {}
    for option in options:
        resource, sign, object_id = option.rpartition("=")
        if not sign or not resource or not object_id:
            raise click.UsageError("--object takes RESOURCE=ID, where ID may be `none`.")
        decisions[resource] = None if object_id == "none" else object_id
    ids = [each for each in decisions.values() if each is not None]
    if len(ids) > len(set(ids)):
        raise click.UsageError("--object was given the same id for several resources.")
    return decisions


def _find_projects(
    folder: Path, config_file: Path | None
) -> Callable[[PendingStack, PendingOperation], LiveProject | None]:
    """Return a function that finds an operation's project. Credentials are read once they are needed."""
    find_outside = cache(partial(find_settings, folder, config_file=config_file))
    of_providers: dict[tuple[str | None, str], ClientSettings] = {}

    def find(stack: PendingStack, operation: PendingOperation) -> LiveProject | None:
        provider = operation.provider
        if provider is not None:
            key = (stack.name, provider.urn)
            if key not in of_providers:
                of_providers[key] = settings_of(provider, partial(find_outside, stack.name), folder, stack.name)
            return LiveProject(client_for(of_providers[key]))
        outside = find_outside(stack.name)
        project_id = operation.project_id or outside[0].project_id  # the stack's own comes first
        return next((LiveProject(client_for(each)) for each in outside if each.project_id == project_id), None)

    return find
