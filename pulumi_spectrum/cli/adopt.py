"""`pulumi-spectrum adopt`: write the program and the import file that take over what a project holds."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from pulumi_spectrum.cli.adopt_target import IMPORT_FILE, find_target, read_credentials
from pulumi_spectrum.cli.adoption import Selection, find_objects, plan_adoption
from pulumi_spectrum.cli.failures import failures_without_traceback
from pulumi_spectrum.cli.given_secrets import read_secret_files
from pulumi_spectrum.cli.import_file import Entry, write_import_file
from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.options import config_file_option
from pulumi_spectrum.cli.printing import print_program, say
from pulumi_spectrum.cli.program import write_program
from pulumi_spectrum.cli.pulumi_cli import NEEDED_FOR_IMPORT, PulumiFailed, config_options, read_version
from pulumi_spectrum.cli.tables import print_table
from pulumi_spectrum.client import client_for
from pulumi_spectrum.kinds import load_kinds

SOME_WARNINGS = 20


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "--into",
    type=click.Choice(["new", "existing"]),
    default="new",
    show_default=True,
    help="Write a whole program, or print only the lines to add to the program that FOLDER has.",
)
@click.option(
    "--area",
    "areas",
    multiple=True,
    type=click.Choice([kind.area for kind in load_kinds()]),
    metavar="AREA",
    help="Only objects of this area: the plural of a resource's name, in kebab case. Repeatable.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="OBJECT",
    help="Only the objects with this id, or that reports call so, in any spelling that means the same. Repeatable.",
)
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    metavar="OBJECT=@FILE",
    help="A file with the secrets of an object that the API does not return again. OBJECT is what reports call it, its "
    "id, or its name in the program. Repeatable.",
)
@click.option(
    "--provider",
    metavar="NAME",
    help="Take over for the explicit spectrum.Provider of this name, with the credentials of the environment.",
)
@click.option("-s", "--stack", metavar="NAME", help="The stack. Default: the selected one.")
@config_file_option
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option(
    "--force",
    is_flag=True,
    help="Write over the program and the import file that are there. A program is kept all the same when the stack has "
    "resources, because `pulumi up` would delete those that the new one does not declare: use --into existing.",
)
def adopt(
    *,
    folder: Path,
    into: str,
    areas: Sequence[str],
    only: Sequence[str],
    secrets: Sequence[str],
    provider: str | None,
    stack: str | None,
    config_file: Path | None,
    dry_run: bool,
    force: bool,
) -> None:
    """Take over what was made by hand.

    Reads the live project, with one list request for each area, and writes a program that declares what is there, and
    spectrum-import.json, from which `pulumi import` puts it into the stack's state. The program goes where `main` of
    FOLDER's Pulumi.yaml points, or into __main__.py beside a new Pulumi.yaml. A project of another language is refused.
    Each file is written whole or not at all, and none over another without --force. What the stack has already, under
    whatever name, is left out. Nothing is changed in the service: nothing is rotated, replaced or disabled.

    The program, or with --into existing the lines to add to it, is all that goes to standard output, and only where
    it is not written to a file. A secret that the API returned only when an object was made cannot be
    read again. If you kept it, give it in a file with --secret, or in an environment variable SPECTRUM_SECRET_NAME with
    the resource's name in capitals. Without it the output stays empty.

    Credentials come from the stack's configuration, then from the environment; with --provider from the environment.

    \b
    Examples:
      pulumi-spectrum adopt
      pulumi-spectrum adopt --dry-run --area webhooks --area lines
      pulumi-spectrum adopt --into existing --only +14155550123 >> __main__.py
      pulumi-spectrum adopt --secret https://app.example.com/spectrum=@secret.txt
      pulumi import --file spectrum-import.json --generate-code=false
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    is_new = into == "new"
    if provider is not None and is_new:
        raise click.UsageError(
            "--provider goes with --into existing: the program that declares the provider is there already."
        )
    with failures_without_traceback():
        kinds = load_kinds()
        files = read_secret_files(secrets)
        target = find_target(folder, is_new=is_new, replaces=force)
        if not dry_run:
            target.refuse_existing()
        program = target.read_program(needs_options=provider is not None)
        contents = target.read_stack(stack, kinds)
        provider_urn = None if provider is None else contents.provider_urn(provider)
        settings = read_credentials(folder, stack, config_file, provider)
        project = LiveProject(client_for(settings))
        objects = find_objects(project, kinds, Selection(areas, only), contents.ids(project.id))
        adoption = plan_adoption(
            objects,
            project.id,
            taken_names={*contents.names, *program.variables, "spectrum"},
            secrets=files,
        )
        leaving = [
            f"{each.name} ({each.id}) is left out, because it waits for its deletion in the stack: the next `pulumi "
            "up` deletes it."
            for each in contents.leaving(project.id)
        ]
        _report(adoption.entries, [*adoption.warnings, *leaving], project.id)
        if not adoption.entries:
            return
        source = write_program(
            adoption.declarations,
            title=f"What Spectrum project {project.id} holds." if is_new else "",
            imports=program.imports,
            module=program.module,
            provider=None if provider is None else program.providers.get(provider, provider.replace("-", "_")),
        )
        document = write_import_file(
            adoption.entries,
            None if provider is None or provider_urn is None else (provider, provider_urn),
        )
        if not dry_run:
            target.write(source, document, contents)
        if dry_run or not is_new:
            print_program(source)
    if dry_run:
        return
    _say_what_next(
        folder,
        config_options(stack, config_file),
        new_stack=(stack or "dev") if target.project is None else None,
        has_secrets=any(entry.secrets for entry in adoption.entries),
    )


def _report(entries: Sequence[Entry], warnings: Sequence[str], project_id: str) -> None:
    if entries:
        rows = [
            [each.kind.noun, each.name, each.kind.label(each.live), each.kind.full_name(each.live), each.live.id]
            for each in entries
        ]
        title = f"Found in project {project_id} ({len(rows)})"
        print_table(title, ("kind", "resource", "object", "name", "id"), rows, to_errors=True)
    else:
        say(f"Nothing in project {project_id} is left to take over.", err=True)
    for warning in warnings[:SOME_WARNINGS]:
        say(f"Warning: {warning}", err=True)
    more = len(warnings) - SOME_WARNINGS
    if more > 0:
        say(f"Warning: {more} more like these.", err=True)


def _say_what_next(folder: Path, options: Sequence[str], *, new_stack: str | None, has_secrets: bool) -> None:
    say(f"Next, in {folder}:", err=True)
    if new_stack is not None:
        say(f"  {shlex.join(('pulumi', 'stack', 'init', new_stack))}", err=True)
    for command in (
        ("pulumi", "import", "--file", IMPORT_FILE, "--generate-code=false", *options),
        ("pulumi", "preview", "--expect-no-changes", *options),
    ):
        say(f"  {shlex.join(command)}", err=True)
    say(f"  rm {IMPORT_FILE}{'   # it holds secrets in plain text' if has_secrets else ''}", err=True)
    needed = ".".join(map(str, NEEDED_FOR_IMPORT))
    try:
        version = read_version(folder)
    except PulumiFailed as failure:
        say(f"Warning: {failure.message} The import needs version {needed} or newer.", err=True)
        return
    if version < NEEDED_FOR_IMPORT:
        have = ".".join(map(str, version))
        say(f"Warning: the import needs Pulumi {needed} or newer, and {have} is on PATH. Upgrade it.", err=True)
