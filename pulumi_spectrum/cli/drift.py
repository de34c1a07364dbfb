"""`pulumi-spectrum drift`: what was changed, deleted or made behind the stacks' backs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from pulumi_spectrum.cli.comparison import Comparison, combine, compare
from pulumi_spectrum.cli.drift_next_steps import Place, find_next_steps
from pulumi_spectrum.cli.drift_report import PRINTERS
from pulumi_spectrum.cli.drift_sources import ProjectResources, group_by_project, read_sources
from pulumi_spectrum.cli.failures import failures_without_traceback
from pulumi_spectrum.cli.ignore_file import DEFAULT_NAME, IgnoreFile, read_ignore_file
from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.options import Choice, config_file_option, format_option, stacks_option
from pulumi_spectrum.cli.printing import say
from pulumi_spectrum.client import SpectrumClient, SpectrumError
from pulumi_spectrum.kinds import Kind, Live, load_kinds
from pulumi_spectrum.messages.failures import explain

CLEAN, DRIFTED, FAILED = 0, 2, 1


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".")
@stacks_option
@click.option(
    "--state",
    "state_files",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A file that `pulumi stack export` wrote. Repeatable.",
)
@config_file_option
@click.option(
    "--unmanaged",
    type=Choice(["fail", "warn", "ignore"]),
    default="fail",
    show_default=True,
    help="What objects that no stack knows are: drift, worth showing, or nothing.",
)
@click.option(
    "--ignore-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Unmanaged objects that are known and wanted. Default: .spectrum-drift-ignore in FOLDER, if it is there.",
)
@format_option("text", "json", "markdown")
@click.pass_context
def drift(
    ctx: click.Context,
    *,
    folder: Path,
    stacks: Sequence[str],
    state_files: Sequence[Path],
    config_file: Path | None,
    unmanaged: str,
    ignore_file: Path | None,
    form: str,
) -> None:
    """Show what was changed, deleted or made by hand.

    Compares the state of the stack that is selected in FOLDER with the live project, by one list request for each
    area. It needs no program, and changes nothing. Values that are secret are never shown. Of several stacks, each is
    compared with the project of its own configuration and those of its explicit providers, whose credentials the state
    has, and a project that they share is read once.

    Changed and missing resources are those that `pulumi refresh --preview-only` shows. Unmanaged objects are those in
    the service that none of the given stacks knows; give every stack that shares the project, or name what is known
    and wanted in an ignore file, with one KIND:PATTERN on a line. KIND is the kind that the report shows, with - for
    a space, or * for any kind. PATTERN is an object's id, or what the report calls it, with * for any text. The report
    ends with the commands that repair the drift.

    Ends with 0 when there is no drift, with 2 when there is, and with 1 when something could not be checked.

    \b
    Examples:
      pulumi-spectrum drift
      pulumi-spectrum drift --stack prod --stack prod-eu --unmanaged warn
      echo 'user:+1415*' >> .spectrum-drift-ignore
      pulumi-spectrum drift --format markdown >> "$GITHUB_STEP_SUMMARY"
      pulumi stack export > state.json && pulumi-spectrum drift --state state.json --format json
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    if config_file is not None and len(stacks) > 1:
        raise click.UsageError("--config-file goes with one stack: each stack has a configuration of its own.")
    with failures_without_traceback():
        kinds = load_kinds()
        path = ignore_file or folder / DEFAULT_NAME
        ignored = read_ignore_file(path, kinds) if path.exists() else IgnoreFile()
        sources = read_sources(folder, stacks, state_files, kinds, config_file)
        projects, without_credentials = group_by_project(sources)
        unknown = [
            f"resources of type {each} in {source.name}: this release does not know them. Upgrade pulumi-spectrum."
            for source in sources
            for each in source.unknown_types
        ]
        is_ignored = None if unmanaged == "ignore" else ignored.names
        comparison = combine(
            [
                Comparison(unchecked=(*unknown, *without_credentials)),
                *_compare_projects(projects, kinds, is_ignored),
            ]
        )
    place = Place(folder, stacks, bool(state_files), config_file, path)
    PRINTERS[form](comparison, find_next_steps(comparison, [each.known for each in projects], place))
    for sentence in comparison.unchecked:
        say(f"Not checked: {sentence}", err=True)
    ctx.exit(_status(comparison, unmanaged))


def _compare_projects(
    projects: Sequence[ProjectResources], kinds: Sequence[Kind], is_ignored: Callable[[Kind, Live], bool] | None
) -> Iterator[Comparison]:
    """Yield what each project's comparison finds. Of several projects, one that cannot be read hides no other.

    Raises:
        SpectrumError: The only project cannot be read.
    """
    for project in projects:
        try:
            with SpectrumClient(project.known.settings) as spectrum:
                yield compare(project.resources, kinds, LiveProject(spectrum), is_ignored=is_ignored)
        except SpectrumError as error:
            if len(projects) == 1:
                raise
            provider = f' (provider "{project.known.provider}")' if project.known.provider else ""
            sentence = f"project {project.known.settings.project_id}{provider}: {explain(error)}"
            yield Comparison(unchecked=(sentence,))


def _status(comparison: Comparison, unmanaged: str) -> int:
    if comparison.unchecked:
        return FAILED
    drifted = comparison.changed or comparison.missing or (comparison.unmanaged and unmanaged == "fail")
    return DRIFTED if drifted else CLEAN
