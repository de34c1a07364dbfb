"""`pulumi-spectrum adopt`: write the program and the import file that take over what a project holds."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pulumi_spectrum.cli.program import ExistingProgram
    from pulumi_spectrum.cli.takeover import Takeover
    from pulumi_spectrum.kinds import Kind
    from pulumi_spectrum.settings import Settings

PROGRAM = "__main__.py"
IMPORT_FILE = "spectrum-import.json"
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
@click.option("--area", "areas", multiple=True, help="Only this area: lines, platforms, users or webhooks. Repeatable.")
@click.option("--id", "ids", multiple=True, help="Only the object with this id. Repeatable.")
@click.option("--phone", "phones", multiple=True, help="Only users and lines with this phone number. Repeatable.")
@click.option("--url", "urls", multiple=True, help="Only the webhook with this URL. Repeatable.")
@click.option(
    "--signing-secret",
    "signing_secrets",
    multiple=True,
    metavar="URL=@FILE",
    help="A file with the signing secrets of a webhook, which the API never tells again. Repeatable.",
)
@click.option("--provider", metavar="NAME", help="Take over for the explicit spectrum.Provider of this name.")
@click.option("-s", "--stack", metavar="NAME", help="The stack. Default: the selected one.")
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
def adopt(
    *,
    folder: Path,
    into: str,
    areas: Sequence[str],
    ids: Sequence[str],
    phones: Sequence[str],
    urls: Sequence[str],
    signing_secrets: Sequence[str],
    provider: str | None,
    stack: str | None,
    dry_run: bool,
    force: bool,
) -> None:
    """Take over webhooks, platforms, lines and users that were made by hand.

    Reads the live project, one list request for each area, and writes into FOLDER a program that declares what is
    there (__main__.py), and spectrum-import.json, from which `pulumi import` puts it into the stack's state. Nothing
    is changed in the service: nothing is rotated, replaced or disabled.

    The program, or with --into existing the lines to add to it, is all that goes to standard output, and only where
    no file is written. A webhook's signing secrets are known only to whoever registered it: give them in a file with
    --signing-secret, or in an environment variable SPECTRUM_SIGNING_SECRET_NAME with the resource's name in capitals.

    Credentials come from the stack's configuration, then from the environment; with --provider from the environment.

    \b
    Examples:
      pulumi-spectrum adopt
      pulumi-spectrum adopt --dry-run --area webhooks --area lines
      pulumi-spectrum adopt --into existing --phone +14155550123 >> __main__.py
      pulumi-spectrum adopt --signing-secret https://app.example.com/spectrum=@secret.txt
      pulumi import --file spectrum-import.json --generate-code=false
    """  # noqa: D301  # the backspace is for click, which then keeps the lines
    from pulumi_spectrum.cli.failures import told_in_one_sentence
    from pulumi_spectrum.cli.given_secrets import read_secret_files
    from pulumi_spectrum.cli.import_file import write_import_file
    from pulumi_spectrum.cli.printing import print_program
    from pulumi_spectrum.cli.program import ExistingProgram, write_program
    from pulumi_spectrum.cli.takeover import Selection, find_objects, plan_takeover
    from pulumi_spectrum.client import client_for
    from pulumi_spectrum.kinds import load_kinds

    if provider is not None and into == "new":
        raise click.UsageError(
            "--provider goes with --into existing: the program that declares the provider is there already."
        )
    with told_in_one_sentence():
        kinds = load_kinds()
        selection = Selection(areas, ids, phones, urls)
        selection.check_areas(kinds)
        files = read_secret_files(signing_secrets)
        program = ExistingProgram() if into == "new" else _read_existing(folder, needs_options=provider is not None)
        names, known, provider_urn = (
            _read_stack(folder, stack, kinds, provider) if into == "existing" else (set(), set(), None)
        )
        written = [folder / IMPORT_FILE, *([folder / PROGRAM] if into == "new" else [])]
        if not (dry_run or force):
            _refuse_existing(written)
        settings = _settings(folder, stack, provider)
        objects = find_objects(client_for(settings), kinds, selection, known)
        takeover = plan_takeover(
            objects, settings.project_id, taken_names={*names, *program.variables, "spectrum"}, secret_files=files
        )
        _report(takeover, settings)
        if not takeover.entries:
            return
        source = write_program(
            takeover.declarations,
            title=f"What Spectrum project {settings.project_id} holds." if into == "new" else "",
            imports=program.imports,
            module=program.module,
            provider=None if provider is None else program.providers.get(provider, provider.replace("-", "_")),
        )
        document = write_import_file(
            takeover.entries,
            settings.project_id,
            None if provider is None or provider_urn is None else (provider, provider_urn),
        )
        if dry_run or into == "existing":
            print_program(source)
        if dry_run:
            return
        folder.mkdir(parents=True, exist_ok=True)
        has_new_project = into == "new" and _write_program(folder, source)
        _write_import_file(folder, document)
    _say_what_next(
        folder,
        stack,
        has_new_project=has_new_project,
        has_secrets=any(entry.secrets for entry in takeover.entries),
    )


def _settings(folder: Path, stack: str | None, provider: str | None) -> Settings:
    """Return the credentials of the project to read."""
    from pulumi_spectrum.cli.credentials import find_settings, read_environment

    if provider is None:
        there = next(each for each in (folder, *folder.resolve().parents) if each.is_dir())
        return find_settings(there, stack)[0]
    settings = read_environment()
    if settings is None:
        raise click.ClickException(
            f"The credentials of provider {provider} are encrypted in the state. Give them in SPECTRUM_PROJECT_ID and "
            "SPECTRUM_PROJECT_SECRET."
        )
    return settings


def _read_existing(folder: Path, *, needs_options: bool) -> ExistingProgram:
    """Find out what the lines have to fit in with."""
    from pulumi_spectrum.cli.program import read_program
    from pulumi_spectrum.cli.project_file import find_project_file, read_project_file

    path = find_project_file(folder)
    if path is None:
        raise click.ClickException(f"There is no Pulumi.yaml in {folder} or above it, and so no program to add to.")
    program = read_project_file(path).program_folder / PROGRAM
    if not program.exists():
        raise click.ClickException(f"There is no {program} to add to. Leave --into away to have one written.")
    try:
        return read_program(program.read_text(encoding="utf-8"), needs_options=needs_options)
    except SyntaxError as error:
        raise click.ClickException(f"{program}, line {error.lineno}: {error.msg}. Mend it first.") from None


def _read_stack(
    folder: Path, stack: str | None, kinds: Sequence[Kind], provider: str | None
) -> tuple[set[str], set[tuple[str, str]], str | None]:
    """Return the names that the stack uses, what it has of the service (kind and id), and the provider's URN."""
    from pulumi_spectrum.cli.pulumi_cli import export_state
    from pulumi_spectrum.cli.state_file import find_spectrum_resources, list_resources

    resources = list_resources(export_state(folder, stack), "the stack")
    found, _ = find_spectrum_resources(resources, kinds)
    urns = [str(each["urn"]) for each in resources if str(each["urn"]).endswith(f"providers:pulumi-python::{provider}")]
    if provider is not None and not urns:
        raise click.ClickException(
            f'The stack has no spectrum.Provider named "{provider}". Add it to the program and run `pulumi up`, so '
            "that the import finds it in the state."
        )
    names = {str(each["urn"]).rsplit("::", 1)[-1] for each in resources}
    return names, {(each.kind.name, each.id) for each in found}, urns[0] if urns else None


def _refuse_existing(paths: Collection[Path]) -> None:
    for path in paths:
        if path.exists():
            raise click.ClickException(
                f"{path} is there already, and is not written over without --force. To add to a program, use --into "
                "existing."
            )


def _report(takeover: Takeover, settings: Settings) -> None:
    from pulumi_spectrum.cli.names import describe, full_name
    from pulumi_spectrum.cli.printing import say
    from pulumi_spectrum.cli.tables import print_table

    if takeover.entries:
        rows = [
            [entry.kind.name, entry.name, describe(entry.live), full_name(entry.live), entry.live.id]
            for entry in takeover.entries
        ]
        title = f"Found in project {settings.project_id} ({len(rows)})"
        print_table(title, ("kind", "resource", "object", "name", "id"), rows, to_errors=True)
    else:
        say(f"Nothing in project {settings.project_id} is left to take over.", err=True)
    for warning in takeover.warnings[:SOME_WARNINGS]:
        say(f"Warning: {warning}", err=True)
    more = len(takeover.warnings) - SOME_WARNINGS
    if more > 0:
        say(f"Warning: {more} more like these.", err=True)


def _write_program(folder: Path, source: str) -> bool:
    """Write the program, and where no project has it as its program, a project. Tell whether that was so."""
    from pulumi_spectrum.cli.project_file import find_project_file, read_project_file

    (folder / PROGRAM).write_text(source, encoding="utf-8")
    click.echo(f"Wrote {folder / PROGRAM}", err=True)
    path = find_project_file(folder)
    if path is not None and read_project_file(path).program_folder == folder.resolve():
        return False
    name = re.sub(r"[^A-Za-z0-9_.-]", "-", folder.resolve().name) or "spectrum"
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\n", encoding="utf-8")
    click.echo(f"Wrote {folder / 'Pulumi.yaml'}", err=True)
    return True


def _write_import_file(folder: Path, document: str) -> None:
    """Write the file for the import. It may hold secrets, so nobody else can read it."""
    target = folder / IMPORT_FILE
    target.unlink(missing_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(document)
    click.echo(f"Wrote {target}", err=True)


def _say_what_next(folder: Path, stack: str | None, *, has_new_project: bool, has_secrets: bool) -> None:
    from pulumi_spectrum.cli.pulumi_cli import NEEDED_FOR_IMPORT, PulumiFailed, read_version, stack_option

    chosen = " ".join(("", *stack_option(stack)))
    click.echo(f"Next, in {folder}:", err=True)
    if has_new_project:
        click.echo(f"  pulumi stack init {stack or 'dev'}", err=True)
    click.echo(f"  pulumi import --file {IMPORT_FILE} --generate-code=false{chosen}", err=True)
    click.echo(f"  pulumi preview --expect-no-changes{chosen}", err=True)
    click.echo(f"  rm {IMPORT_FILE}{'   # it holds signing secrets in plain text' if has_secrets else ''}", err=True)
    needed = ".".join(map(str, NEEDED_FOR_IMPORT))
    try:
        version = read_version(folder)
    except PulumiFailed as failure:
        click.echo(f"Warning: {failure.message} The import needs version {needed} or newer.", err=True)
        return
    if version < NEEDED_FOR_IMPORT:
        have = ".".join(map(str, version))
        click.echo(f"Warning: the import needs Pulumi {needed} or newer, and {have} is on PATH. Upgrade it.", err=True)
