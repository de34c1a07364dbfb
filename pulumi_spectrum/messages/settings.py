"""What to do about a setting that a failed request was sent with, named by the place where it was found."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from pulumi_spectrum.client.base_urls import is_on_this_machine, path_of
from pulumi_spectrum.client.errors import NotFound, ServiceFailed, SpectrumError, Unreachable
from pulumi_spectrum.client.setting_sources import Source

SETTING_ADVICE = {
    "base_url": "Check spectrum:baseUrl (or SPECTRUM_CLOUD_URL).",
    "requests_per_second": "Lower spectrum:requestsPerSecond in both, or run one at a time.",
    "timeout_seconds": "The limit is spectrum:timeoutSeconds.",
}
"""What to do about an error, by the client's setting that it names, where its source is not known."""


def advise_on_setting(error: SpectrumError) -> str:
    """Return what to do about the setting that an error is about, or an empty text."""
    source = error.sources.get("base_url")
    is_another_place = isinstance(error, NotFound) or (isinstance(error, ServiceFailed) and error.setting == "base_url")
    if source is not None and path_of(source.value) and is_another_place:
        return (
            f"{source} has a path, {source.value}: leave the path out, unless a server of your own has the API below "
            "it."
        )
    if error.setting != "base_url" or not error.sources:
        return SETTING_ADVICE.get(error.setting, "")
    if source is None:
        # Nothing was set, so the address is the vendor's.
        return ""
    if isinstance(error, Unreachable) and error.passing and is_on_this_machine(source.value):
        return f"Is the emulator running? Start it with: {_emulator_command(source)}; or check {source}."
    return f"Check {source}, which is {source.value}."


def _emulator_command(source: Source) -> str:
    """Return the command that serves the API at an address of this machine."""
    port = urlsplit(source.value).port
    return f"pulumi-spectrum emulator{f' --port {port}' if port else ''}"


def name_credentials(sources: Mapping[str, Source]) -> str:
    """Return where the id and the secret of a project were found, for the middle of a sentence."""
    project_id, secret = sources["project_id"], sources["project_secret"]
    if project_id.place == secret.place:
        return f"{project_id.name} and {secret}"
    return f"{project_id}, and {secret}"


def advise_on_credentials(sources: Mapping[str, Source]) -> str:
    """Return which credentials to check. An exported variable that is not used is what people look at first."""
    if not sources:
        return (
            "Check spectrum:projectId and spectrum:projectSecret (or SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET)."
        )
    used = [sources["project_id"], sources["project_secret"]]
    advice = f"Check {name_credentials(sources)}."
    if len({each.place for each in used}) > 1:
        advice += " They come from two places, and must be of one project: set both in one place."
    unused = [each.unused for each in used if each.unused]
    if unused:
        are = "are set too, and are" if len(unused) > 1 else "is set too, and is"
        advice += f" {' and '.join(unused)} {are} not used: the environment comes last."
    return advice
