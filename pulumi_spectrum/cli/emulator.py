"""`pulumi-spectrum emulator`: the Spectrum API on this machine."""

from __future__ import annotations

import errno
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from pulumi_spectrum.spelling.printable import on_one_line
from pulumi_spectrum.text_files import UnreadableText, read_text

MISSING: str | None = None
"""The module that is missing when the extra `emulator` is not installed."""
try:
    from pulumi_spectrum.emulator import Emulator, Fault, Request, SnapshotError
    from pulumi_spectrum.emulator.greeting import write_greeting
    from pulumi_spectrum.emulator.kept_credentials import CredentialsFile, credentials_path
    from pulumi_spectrum.emulator.snapshot import ProjectSnapshot, read_snapshot
    from pulumi_spectrum.emulator.snapshot_files import read_file
    from pulumi_spectrum.emulator.validation import describe
except ModuleNotFoundError as error:
    MISSING = error.name

EXAMPLES = """
\b
Examples:
  pulumi-spectrum emulator
  pulumi-spectrum emulator --project support --project support-eu
  pulumi-spectrum emulator --seed seed.yaml --save state.json
  pulumi-spectrum emulator --plan free --generation 2026-05
  pulumi-spectrum emulator --fault 'POST */webhooks/ status=503 times=2'
  pulumi-spectrum emulator --fault 'GET * delay=40' --fault 'POST */lines/ drop=after'

\b
A fault is a method, a path, with * for any text, and a failure of the requests that match:
  status=503            respond with this status; after=yes: process the request first
  header=Retry-After:3  with status: a header; body=TEXT: a body in place of the API's own
  drop=before           close the connection before the request is processed; drop=after: afterwards
  reset=yes             with drop: reset the connection
  delay=SECONDS         wait before the request is processed; delay_when=after: afterwards
  truncate=yes          send half of the response
  garbage=yes           respond with a body that is not JSON
  reshape=other-types   respond with data of another form; also fewer-fields, more-fields
  times=N  skip=N       apply to N requests (default 1; times=always), and let N requests pass first

\b
A seed is the content at first:
  projects:
    - name: Support bot
      plan: business
      platforms: {imessage: {enabled: true}}
      lines: [{phoneNumber: "+14155550100", firstName: Acme}]
      users: [{phoneNumber: "+14155550123", firstName: Alice}]
      webhooks: [{webhookUrl: "https://app.example.com/spectrum"}]
"""


def _parse_rate_limit(_context: click.Context, _option: click.Parameter, text: str) -> int | None:
    if text == "off":
        return None
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise click.BadParameter(f"{text!r} is neither a number of requests in a second nor off.")


@click.command(epilog=EXAMPLES)
@click.option("--port", type=click.IntRange(0, 65535), default=8585, show_default=True, help="0 takes a free one.")
@click.option(
    "--project",
    "project_ids",
    multiple=True,
    metavar="ID",
    help="A project's id; the first project's is made if not given. Repeatable: each further one is a project more.",
)
@click.option(
    "--secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file that holds the first project's secret; made if not given.",
)
@click.option(
    "--seed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The content at first, in YAML; see below.",
)
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A JSON file in which the state is saved. If it exists, it is loaded in place of --seed.",
)
@click.option(
    "--generation",
    type=click.Choice(["2026-05", "2026-08"]),
    default="2026-08",
    show_default=True,
    help="The API as it was in May 2026, or as it is since August.",
)
@click.option(
    "--plan",
    type=click.Choice(["free", "pro", "business"]),
    default="business",
    show_default=True,
    help="The plan that the project pays for, unless the seed names one.",
)
@click.option(
    "--rate-limit",
    callback=_parse_rate_limit,
    metavar="N|off",
    default="5",
    show_default=True,
    help="The rate limit of each project, in requests per second.",
)
@click.option(
    "--fault", "faults", multiple=True, metavar="TEXT", help="A failure of the next requests; see below. Repeatable."
)
@click.option("--control", is_flag=True, help="Let other programs read and change the state below /_emulator/.")
def emulator(
    *,
    port: int,
    project_ids: tuple[str, ...],
    secret_file: Path | None,
    seed: Path | None,
    save: Path | None,
    generation: Any,
    plan: Any,
    rate_limit: int | None,
    faults: tuple[str, ...],
    control: bool,
) -> None:
    """Serve the Spectrum API on this machine, for trying stacks without credentials.

    Open the printed address in a browser to watch the projects. Stop with Ctrl-C. The ids and secrets that are made
    for a port are kept for its next start, in a file of yours alone, so that a stack goes on with its project; with
    --port 0 they are new each time. What a project holds is kept with --save.
    """
    if MISSING is not None:
        raise click.ClickException(
            f"The emulator needs {MISSING}. Install it with: pip install 'pulumi-spectrum[emulator]'"
        )
    try:
        secret = _read_secret(secret_file)
        projects = _find_projects(seed, project_ids, secret)
        credentials = None
        if port and not (save is not None and save.exists()):  # its content is loaded in the place of these projects
            credentials = CredentialsFile(partial(credentials_path, port))
            projects = credentials.complete(projects)
        running = Emulator(
            generation=generation,
            plan=plan,
            requests_per_second=rate_limit,
            project_id=project_ids[0] if project_ids else None,
            project_secret=secret,
            port=port,
            seed={"projects": [each.model_dump(mode="json", by_alias=True, exclude_unset=True) for each in projects]},
            save=save,
            control=control,
            on_answer=_print_request,
        )
        for project_id in project_ids:
            if project_id not in running.projects:
                running.add_project(project_id, plan=plan)
        running.faults.add(*(_parse_fault(text) for text in faults))
        with _stop_on_signals() as stopped, running:
            click.echo(write_greeting(running, secret_file, what_is_kept=_keep(credentials, save)))
            sys.stdout.flush()
            stopped.wait()
    except (SnapshotError, UnreadableText) as wrong:
        raise click.ClickException(str(wrong)) from None
    except OSError as refused:
        raise click.ClickException(_explain(refused, port, save)) from None
    click.echo("Stopped.")


def _read_secret(secret_file: Path | None) -> str | None:
    if secret_file is None:
        return None
    secret = read_text(secret_file).strip()
    if not secret:
        raise click.ClickException(
            f"{secret_file} is empty. Put the project's secret in it, or leave --secret-file out."
        )
    return secret


def _find_projects(seed: Path | None, project_ids: Sequence[str], secret: str | None) -> list[ProjectSnapshot]:
    """Return the projects to begin with.

    Raises:
        SnapshotError: The seed cannot be loaded.
    """
    projects = read_snapshot({"projects": [{}]}) if seed is None else read_file(seed)
    given = {"id": next(iter(project_ids), None), "secret": secret}
    projects[0] = projects[0].model_copy(update={name: value for name, value in given.items() if value is not None})
    there = {each.id for each in projects}
    return [*projects, *(ProjectSnapshot(id=each) for each in dict.fromkeys(project_ids) if each not in there)]


def _keep(credentials: CredentialsFile | None, save: Path | None) -> str:
    """Keep the credentials for the next start, and return a sentence about what it will have of this one."""
    what_is_kept = "The next start has new ids and secrets. Add --save FILE to keep these, and what the projects hold."
    if credentials is not None:
        try:
            credentials.write()
            what_is_kept = (
                "The next start has these ids and secrets. Add --save FILE to keep what the projects hold too."
            )
        except OSError as refused:
            what_is_kept = f"The next start has new ids and secrets, because they cannot be kept: {refused}."
    return what_is_kept if save is None else f"All of it is kept in {save}."


@contextmanager
def _stop_on_signals() -> Iterator[threading.Event]:
    stopped = threading.Event()
    former = {
        number: signal.signal(number, lambda _number, _frame: stopped.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _explain(refused: OSError, port: int, save: Path | None) -> str:
    if refused.filename is not None:
        return f"The state cannot be kept in {save}: {refused.strerror}. Name another file with --save."
    match refused.errno:
        case errno.EADDRINUSE:
            return f"Port {port} is taken. Stop what listens there, or choose another with --port (0 takes a free one)."
        case errno.EACCES:
            return f"Port {port} may not be used by this account. Choose one above 1023 with --port."
        case _:
            return f"The emulator could not start: {refused}."


def _parse_fault(text: str) -> Fault:
    method, _, rest = text.partition(" ")
    path, *settings = rest.split() or [""]
    fields: dict[str, Any] = {"method": method, "path": path, "headers": {}}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name == "header":
            header, _, content = value.partition(":")
            fields["headers"][header] = content
        else:
            fields[name] = None if setting == "times=always" else value
    try:
        return Fault.model_validate(fields)
    except ValidationError as wrong:
        reason = describe(wrong.errors(include_url=False)[0], fields)
        raise click.ClickException(f"--fault {text!r} cannot be: {reason}. See --help for what can.") from None


def _print_request(request: Request) -> None:
    status = "dropped" if request.status is None else str(request.status)
    colour = {"2": "green", "3": "green", "4": "yellow"}.get(status[0], "red")
    duration = f"{request.milliseconds:.1f} ms" if request.milliseconds is not None else ""
    asked = on_one_line(f"{request.method:6} {request.path}")
    click.echo(f"{asked} {click.style(status, colour)} {duration}")
    sys.stdout.flush()
