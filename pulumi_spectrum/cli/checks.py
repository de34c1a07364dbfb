"""What `doctor` checks: each check yields what it finds, and none of them stops the others."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from pulumi_spectrum.cli.credentials import find_settings
from pulumi_spectrum.cli.pending_operations import count_pending
from pulumi_spectrum.cli.project_file import ProjectFile
from pulumi_spectrum.cli.pulumi_cli import (
    NEEDED_FOR_IMPORT,
    PulumiFailed,
    decrypt_config,
    export_state,
    list_config,
    read_version,
    run_pulumi,
    stack_option,
)
from pulumi_spectrum.cli.python_environments import (
    Environment,
    find_program_python,
    find_provider_python,
    look_into,
)
from pulumi_spectrum.cli.requirements import advise_on_install
from pulumi_spectrum.cli.state_file import StateResource, find_spectrum_resources, list_resources
from pulumi_spectrum.client import SettingsRefused, SpectrumClient, SpectrumError
from pulumi_spectrum.creation_journal import shared_journal
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.messages.failures import explain
from pulumi_spectrum.messages.settings import name_credentials
from pulumi_spectrum.spelling.setting_names import find_misspelt
from pulumi_spectrum.spelling.urns import is_explicit_provider, provider_urn, resource_name, stack_of
from pulumi_spectrum.version import __version__

OK, WARNING, PROBLEM = "ok", "warning", "problem"
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class ReportLine:
    """One line of the report.

    Args:
        level: `ok`, `warning`, or `problem`: what would break `pulumi up`.
        text: What was found, and what to do.
    """

    level: str
    text: str


def check_cli(folder: Path) -> Iterator[ReportLine]:
    """The CLI is there, and new enough for what the documentation says."""
    have = read_version(folder)
    text = f"Pulumi CLI {'.'.join(map(str, have))}"
    if have < NEEDED_FOR_IMPORT:
        needed = ".".join(map(str, NEEDED_FOR_IMPORT))
        yield ReportLine(
            WARNING,
            f"{text}: `pulumi import` of what `adopt` finds needs {needed} or newer. Upgrade it, or use "
            "`adopt --as options`.",
        )
    else:
        yield ReportLine(OK, text)


def check_pythons(project: ProjectFile) -> Iterator[ReportLine]:
    """The program and the providers run in one environment, with this package in it."""
    if project.runtime != "python":
        yield ReportLine(PROBLEM, f"{project.path}: the runtime is {project.runtime}; this package is for python.")
        return
    found: list[Environment] = []
    judged: dict[str, tuple[str, str]] = {}
    for what, find in (("program", find_program_python), ("providers", find_provider_python)):
        try:
            environment = look_into(find(project), project.program_folder)
        except click.ClickException as failure:
            judged[what] = PROBLEM, failure.message
            continue
        found.append(environment)
        judged[what] = _judge(environment)
    level, text = judged["program"]
    if level == PROBLEM and judged["providers"] == (level, text):
        # Both run one environment, so its problem is one problem.
        path_advice = "" if project.options else f" {_advice('providers', project)}"
        yield ReportLine(
            PROBLEM, f"Python of the program and the providers: {text} {_advice('program', project)}{path_advice}"
        )
    else:
        for what, (level, text) in judged.items():
            advice = f" {_advice(what, project)}" if level == PROBLEM else ""
            yield ReportLine(level, f"Python of the {what}: {text}{advice}")
    if len({environment.spectrum for environment in found} - {None}) > 1:
        versions = " and ".join(f"{environment.spectrum} in {environment.path}" for environment in found)
        yield ReportLine(WARNING, f"pulumi-spectrum is {versions}: install the same version in both.")


def check_stack(folder: Path, stack: str | None) -> Iterator[ReportLine]:
    """There is a stack, and its backend answers."""
    yield ReportLine(OK, f"Stack {run_pulumi(folder, 'stack', '--show-name', *stack_option(stack)).strip()}")


def check_config(folder: Path, stack: str | None, config_file: Path | None = None) -> Iterator[ReportLine]:
    """No secret stands in the stack's configuration in plain text."""
    config = list_config(folder, stack, config_file)
    plain = [key for key, entry in config.items() if key.lower().endswith("projectsecret") and not entry.get("secret")]
    for key in plain:
        yield ReportLine(
            WARNING,
            f"{key} stands in the stack's configuration in plain text. Rotate it in the dashboard, and set the new one "
            f"with: pulumi config set --secret {key}",
        )
    for sentence in find_misspelt(config):
        yield ReportLine(WARNING, sentence)
    if not plain:
        yield ReportLine(OK, "No project secret stands in the stack's configuration in plain text")


def check_secrets(folder: Path, stack: str | None, config_file: Path | None = None) -> Iterator[ReportLine]:
    """What is encrypted in the configuration and in the state can be decrypted, as every `pulumi up` does.

    A stack with a passphrase needs it also while nothing of it is encrypted.

    Raises:
        PulumiFailed: Something cannot be decrypted.
    """
    in_config = any(entry.get("secret") for entry in list_config(folder, stack, config_file).values())
    state = export_state(folder, stack)
    manager = ((state.get("deployment") or {}).get("secrets_providers") or {}).get("type")
    in_state = manager == "passphrase" or '"ciphertext"' in json.dumps(state)
    try:
        if in_config:
            decrypt_config(folder, stack, config_file)
        if in_state:
            export_state(folder, stack, show_secrets=True)
    except PulumiFailed as failure:
        advice = (
            "Set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to the passphrase of this stack."
            if "passphrase" in failure.reason
            else "Check the access to the stack's secrets provider."
        )
        raise PulumiFailed(f"The stack's secrets cannot be read: {failure.reason}. {advice}", failure.reason) from None
    if in_config or in_state:
        yield ReportLine(OK, "The stack's secrets can be read")


def check_credentials(folder: Path, stack: str | None, config_file: Path | None = None) -> Iterator[ReportLine]:
    """The credentials are there, and the service takes them."""
    try:
        settings = find_settings(folder, stack, config_file)[0]
    except SettingsRefused as error:
        yield ReportLine(PROBLEM, str(error))
        return
    source = settings.sources.get("base_url")
    yield ReportLine(OK, f"API at {settings.base_url}{'' if source is None else f' ({source})'}")
    try:
        with SpectrumClient(settings) as spectrum:
            project, plan = spectrum.project.read(), _plan(spectrum)
    except SpectrumError as error:
        yield ReportLine(PROBLEM, explain(error))
        return
    found_in = name_credentials(settings.sources)
    yield ReportLine(OK, f"Credentials of project {project.name} ({settings.project_id}), plan {plan}; from {found_in}")


def check_state(folder: Path, stack: str | None, config_file: Path | None = None) -> Iterator[ReportLine]:
    """This release understands what stands in the state, and the credentials are of its project."""
    kinds = load_kinds()
    state = export_state(folder, stack)
    resources: list[Mapping[str, Any]] = list_resources(state, "the stack")
    known, unknown = find_spectrum_resources(resources, kinds)
    for each in unknown:
        yield ReportLine(
            PROBLEM,
            f"The state has resources of type {each}, which this release does not know. Upgrade pulumi-spectrum.",
        )
    newer = [each.name for each in known if each.kind.is_from_newer_release(each.outputs)]
    if newer:
        yield ReportLine(
            PROBLEM,
            f"A newer release of pulumi-spectrum wrote the state of {', '.join(newer[:5])}"
            f"{' and others' if len(newer) > 5 else ''}. Upgrade pulumi-spectrum.",  # noqa: PLR2004
        )
    try:
        configured = find_settings(folder, stack, config_file)[0].project_id
    except SettingsRefused:
        pass  # which `check_credentials` has found
    else:
        yield from _check_projects(configured, known, resources)
    if pending := count_pending(state):
        yield ReportLine(
            WARNING,
            f"{pending} operation{' is' if pending == 1 else 's are'} pending, because a run was killed. Run "
            "`pulumi-spectrum recover`, which shows what became of them.",
        )
    stacks = {stack_of(str(each["urn"])) for each in resources}
    cut_off = [each.urn for each in shared_journal().unanswered() if not stacks or stack_of(each.urn) in stacks]
    if cut_off:
        yield ReportLine(
            WARNING,
            f"A run on this machine was cut off while it created {', '.join(map(resource_name, cut_off))}. The next "
            "`pulumi up` on this machine finds out what became of it.",
        )
    if not unknown and not newer:
        yield ReportLine(OK, f"State with {len(known)} Spectrum resource{'' if len(known) == 1 else 's'}")


def _check_projects(
    configured: str, known: list[StateResource], resources: list[Mapping[str, Any]]
) -> Iterator[ReportLine]:
    """Resources of another project need a provider of their own, or `pulumi up` refuses to touch them."""
    provider_of = {str(each["urn"]): provider_urn(str(each.get("provider", ""))) for each in resources}
    explicit = set(filter(is_explicit_provider, provider_of))
    strays = [
        each for each in known if provider_of[each.urn] not in explicit and each.project_id not in (configured, None)
    ]
    if strays:
        others = ", ".join(sorted({str(each.project_id) for each in strays}))
        yield ReportLine(
            PROBLEM,
            f"{len(strays)} of the state's resources belong to project {others}, and the credentials are of project "
            f"{configured}. Set spectrum:projectId back, or give those resources their own spectrum.Provider.",
        )


def _judge(environment: Environment) -> tuple[str, str]:
    """Return the level and the text of what an environment is, and lacks."""
    text = f"{environment.path} ({environment.python})"
    if tuple(map(int, environment.python.split("."))) < OLDEST_PYTHON:
        return PROBLEM, f"{text} is older than 3.11. Make the environment with a newer Python."
    for name, have in (("pulumi", environment.pulumi), ("pulumi-spectrum", environment.spectrum)):
        if have is None:
            return PROBLEM, f"{text} has no {name}."
    own = __version__
    if environment.spectrum != own:
        return WARNING, f"{text} has pulumi-spectrum {environment.spectrum}, and this command is of {own}."
    return OK, f"{text}, pulumi {environment.pulumi}, pulumi-spectrum {environment.spectrum}"


def _advice(what: str, project: ProjectFile) -> str:
    """Say what to do about an environment, and why the providers' may be another one than the program's."""
    if what == "program" or project.program_folder == project.root.resolve():
        relative = ""
    else:
        relative = (
            f" Providers are started in {project.program_folder}, and find a relative path from there, while the "
            f"program's is found from {project.root}."
        )
    if what == "providers" and not project.options:
        return (
            "Without runtime options in Pulumi.yaml, providers run the python3 on PATH: activate the environment, or "
            "name it in runtime.options.virtualenv, as an absolute path where `main` is set." + relative
        )
    if what == "providers":
        return (
            "Make runtime.options.virtualenv in Pulumi.yaml an absolute path, or leave all runtime.options away and "
            "activate the environment." + relative
        )
    return advise_on_install(project)


def _plan(spectrum: SpectrumClient) -> str:
    try:
        return spectrum.project.subscription().tier or "unknown"
    except SpectrumError:
        return "unknown"
