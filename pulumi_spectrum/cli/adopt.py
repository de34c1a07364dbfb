"""`pulumi-spectrum adopt`: write the program, and with it the import file, that take over what a project holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pulumi_spectrum.cli.adopt_next_steps import say_next_with_file, say_next_with_options
from pulumi_spectrum.cli.adopt_target import find_target, read_credentials
from pulumi_spectrum.cli.adoption import Selection, find_objects, plan_adoption
from pulumi_spectrum.cli.failures import failures_without_traceback
from pulumi_spectrum.cli.given_secrets import read_secret_files
from pulumi_spectrum.cli.import_file import Entry, write_import_file
from pulumi_spectrum.cli.late_secrets import put_secrets, split_late
from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.options import Choice, config_file_option
from pulumi_spectrum.cli.printing import print_program, say
from pulumi_spectrum.cli.program import write_program
from pulumi_spectrum.cli.pulumi_cli import config_options
from pulumi_spectrum.cli.tables import print_table
from pulumi_spectrum.client import SpectrumClient
from pulumi_spectrum.kinds import load_kinds

SOME_WARNINGS = 20


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "--into",
    type=Choice(["new", "existing"]),
    default="new",
    show_default=True,
    help="Write a whole program, or print only the lines to add to the program that FOLDER has.",
)
@click.option(
    "--as",
    "form",
    type=Choice(["file", "options"]),
    default="file",
    show_default=True,
    help="How the objects get into the state: from a file with `pulumi import`, which needs Pulumi 3.254 and may carry "
    "secrets, or with the resource option `import_` in the program, by the next `pulumi up` of any CLI.",
)
@click.option(
    "--area",
    "areas",
    multiple=True,
    type=Choice([kind.area for kind in load_kinds()]),
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
    help="Take over for the explicit spectrum.Provider of this name, from the project that it is for.",
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
    form: str,
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
    With --as options there is no file: each resource has the option `import_` with its id, and `pulumi up` takes them
    over, for a CLI before 3.254 or where changes are reviewed in pull requests.

    Each file is written whole or not at all, and none over another without --force. What the stack has already, under
    whatever name, is left out, and so is what an existing program takes over with the option `import_`. Nothing is
    changed in the service: nothing is rotated, replaced or disabled.

    The program, or with --into existing the lines to add to it, is all that goes to standard output, and only where
    it is not written to a file. A secret that the API returned only when an object was made, or never,
    cannot be read. If you have it, give it in a file with --secret, or in an environment variable SPECTRUM_SECRET_NAME
    with the resource's name in capitals. A secret that can be any text is given as NAME=SECRET, on a line of its own.
    Without it the output stays empty, and the program leaves the argument out. Only the import file carries secrets:
    the program takes secret arguments from the stack's configuration. For an object that the stack has already, where
    an import would change nothing, --secret puts the secrets into the state, if they are outputs that it lacks.

    Credentials come from the stack's configuration, then from the environment. With --provider they are those of that
    provider's project: the configuration's or the environment's where these are of it, else the state's. For a provider
    that only the program has yet, they are the environment's.

    \b
    Examples:
      pulumi-spectrum adopt
      pulumi-spectrum adopt --dry-run --area webhooks --area lines
      pulumi-spectrum adopt --into existing --only +14155550123 >> __main__.py
      pulumi-spectrum adopt --as options
      pulumi-spectrum adopt --secret https://app.example.com/spectrum=@secret.txt
      pulumi import --file spectrum-import.json --generate-code=false
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    is_new, with_file = into == "new", form == "file"
    if provider is not None and is_new:
        raise click.UsageError(
            "--provider goes with --into existing: the program that declares the provider is there already."
        )
    with failures_without_traceback():
        kinds = load_kinds()
        files = read_secret_files(secrets)
        target = find_target(folder, is_new=is_new, replaces=force)
        if not dry_run:
            target.refuse_existing(with_import_file=with_file)
        program = target.read_program()
        contents = target.read_stack(stack, kinds)
        # The import file names the provider of the state; a program names a variable, whose provider `up` makes.
        is_declared = not with_file and provider in program.providers
        named_provider = None if provider is None or is_declared else contents.provider(provider)
        settings = read_credentials(folder, stack, config_file, provider, contents)
        with SpectrumClient(settings) as spectrum:
            project = LiveProject(spectrum)
            known = contents.ids(project.id) | program.takes_over(kinds, provider)
            late, files = split_late(files, contents.staying(project.id))
            objects = find_objects(project, kinds, Selection(areas, only), known)
        adoption = plan_adoption(
            objects,
            project.id,
            taken_names={*contents.names, *program.variables, "spectrum"},
            secrets=files,
            with_import_option=not with_file,
        )
        leaving = [
            f"{each.name} ({each.id}) is left out, because it waits for its deletion in the stack: the next `pulumi "
            "up` deletes it."
            for each in contents.leaving(project.id)
        ]
        if late and not dry_run:
            put_secrets(folder, stack, kinds, late)
        for each in late:
            done = "would be put" if dry_run else "were put"
            say(f'The secrets of "{each.resource.name}" {done} into the state.', err=True)
        _report(adoption.entries, [*adoption.warnings, *leaving], project.id)
        if not adoption.entries:
            return
        source = write_program(
            adoption.declarations,
            title=f"What Spectrum project {project.id} holds." if is_new else "",
            imports=program.imports_for(adoption.declarations, provider),
            module=program.module,
            provider=None if provider is None else program.providers.get(provider, provider.replace("-", "_")),
        )
        document = write_import_file(adoption.entries, named_provider) if with_file else None
        if not dry_run:
            target.write(source, document, contents)
        if dry_run or not is_new:
            print_program(source)
    if dry_run:
        return
    options = config_options(stack, config_file)
    new_stack = (stack or "dev") if target.project is None else None
    config_keys = [key for each in adoption.declarations for key in each.config_keys.values()]
    if with_file:
        has_secrets = any(entry.holds_secrets for entry in adoption.entries)
        say_next_with_file(folder, options, config_keys, new_stack=new_stack, has_secrets=has_secrets)
    else:
        say_next_with_options(folder, options, config_keys, new_stack=new_stack)


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
