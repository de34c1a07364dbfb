"""`pulumi-spectrum drift`: what was changed, deleted or made behind the stacks' backs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pulumi_spectrum.cli.comparison import Comparison
    from pulumi_spectrum.cli.state_file import StateResource
    from pulumi_spectrum.kinds import Kind
    from pulumi_spectrum.settings import Settings

CLEAN, DRIFTED, FAILED = 0, 2, 1


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".")
@click.option("-s", "--stack", "stacks", multiple=True, metavar="NAME", help="A stack. May be given several times.")
@click.option(
    "--state",
    "state_files",
    multiple=True,
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="A file that `pulumi stack export` wrote. May be given several times.",
)
@click.option(
    "--unmanaged",
    type=click.Choice(["fail", "warn", "ignore"]),
    default="fail",
    show_default=True,
    help="What objects that no stack knows are: drift, worth showing, or nothing.",
)
@click.option(
    "--ignore-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="Unmanaged objects that are known and wanted. Default: .spectrum-drift-ignore in FOLDER, if it is there.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How the report is written.",
)
@click.pass_context
def drift(
    ctx: click.Context,
    *,
    folder: Path,
    stacks: Sequence[str],
    state_files: Sequence[Path],
    unmanaged: str,
    ignore_file: Path | None,
    form: str,
) -> None:
    """Show what was changed, deleted or made by hand.

    Compares the state of the stack that is selected in FOLDER with the live project, by one list request for each
    area. It needs no program, and changes nothing. Values that are secret are never shown.

    Changed and missing resources are those that `pulumi refresh --preview-only` shows. Unmanaged objects are those in
    the service that none of the given stacks knows; give every stack that shares the project, or name what is known
    and wanted in an ignore file, one KIND:PATTERN a line, such as `user:+1415*` or `line:*`.

    Ends with 0 when there is no drift, with 2 when there is, and with 1 when something could not be checked.

    \b
    Examples:
      pulumi-spectrum drift
      pulumi-spectrum drift --stack prod --stack prod-eu --unmanaged warn
      pulumi-spectrum drift --format markdown >> "$GITHUB_STEP_SUMMARY"
      pulumi stack export > state.json && pulumi-spectrum drift --state state.json --format json
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    from pulumi_spectrum.cli.comparison import Comparison, compare
    from pulumi_spectrum.cli.credentials import find_settings
    from pulumi_spectrum.cli.drift_report import PRINTERS
    from pulumi_spectrum.cli.failures import told_in_one_sentence
    from pulumi_spectrum.cli.ignore_file import DEFAULT_NAME, IgnoreFile, read_ignore_file
    from pulumi_spectrum.cli.printing import say
    from pulumi_spectrum.client import client_for
    from pulumi_spectrum.kinds import load_kinds

    comparison = Comparison()
    with told_in_one_sentence():
        kinds = load_kinds()
        path = ignore_file or folder / DEFAULT_NAME
        ignored = read_ignore_file(path, kinds) if path.exists() else IgnoreFile()
        resources = _read_states(folder, stacks, state_files, kinds, comparison)
        for settings in _projects(find_settings(folder, stacks[0] if stacks else None), resources, comparison):
            compare(
                [each for each in resources if each.project_id == settings.project_id],
                kinds,
                client_for(settings),
                comparison,
                is_wanted=None if unmanaged == "ignore" else ignored.names,
            )
    PRINTERS[form](comparison)
    for sentence in comparison.unchecked:
        say(f"Not checked: {sentence}", err=True)
    ctx.exit(_status(comparison, unmanaged))


def _status(comparison: Comparison, unmanaged: str) -> int:
    if comparison.unchecked:
        return FAILED
    drifted = comparison.changed or comparison.missing or (comparison.unmanaged and unmanaged == "fail")
    return DRIFTED if drifted else CLEAN


def _read_states(
    folder: Path, stacks: Sequence[str], state_files: Sequence[Path], kinds: list[Kind], comparison: Comparison
) -> list[StateResource]:
    """Return the Spectrum resources of every stack and file, and note what this release does not know."""
    from pulumi_spectrum.cli.state_file import find_spectrum_resources, list_resources

    found: list[StateResource] = []
    chosen: list[str | None] = list(stacks) if stacks or state_files else [None]
    states: list[tuple[str, list[Mapping[str, Any]]]] = [
        *((stack or "the selected stack", _export(folder, stack, kinds)) for stack in chosen),
        *((str(path), list_resources(_load(path), str(path))) for path in state_files),
    ]
    for source, state in states:
        known, unknown = find_spectrum_resources(state, kinds)
        found += known
        comparison.unchecked += [
            f"resources of type {each} in {source}: this release does not know them. Upgrade pulumi-spectrum."
            for each in unknown
        ]
    return found


def _export(folder: Path, stack: str | None, kinds: list[Kind]) -> list[Mapping[str, Any]]:
    """Return a stack's resources, decrypted only where a secret has to be compared."""
    from pulumi_spectrum.cli.pulumi_cli import export_state
    from pulumi_spectrum.cli.state_file import find_spectrum_resources, list_resources

    source = f"stack {stack}" if stack else "the selected stack"
    resources = list_resources(export_state(folder, stack), source)
    known, _ = find_spectrum_resources(resources, kinds)
    if any(each.encrypted & each.inputs.keys() for each in known):
        resources = list_resources(export_state(folder, stack, show_secrets=True), source)
    return resources


def _load(path: Path) -> Mapping[str, Any]:
    from pulumi_spectrum.text_files import read_text

    text = read_text(path)
    try:
        state = json.loads(text)
    except ValueError:
        state = None
    if not isinstance(state, Mapping):
        raise click.ClickException(f"{path} is not a state as `pulumi stack export` writes it.")
    return state


def _projects(settings: list[Settings], resources: Sequence[StateResource], comparison: Comparison) -> list[Settings]:
    """Return the projects to ask, and note those that states know and nobody has credentials for."""
    in_states = {each.project_id for each in resources}
    have = {each.project_id: each for each in settings}
    for project_id in sorted(str(each) for each in in_states - have.keys()):
        count = sum(each.project_id == project_id for each in resources)
        comparison.unchecked.append(
            f"project {project_id}, with {count} of the resources: its credentials are not in the stack's "
            "configuration. Set SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET to those of that project."
        )
    return [each for index, each in enumerate(settings) if index == 0 or each.project_id in in_states]
