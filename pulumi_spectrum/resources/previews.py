"""Whether a preview checks the program against the project: only the program knows that it is a preview."""

from __future__ import annotations

import pulumi

from pulumi_spectrum.resources.provider import Provider

SETTING = "checkInPreview"


def may_check() -> bool:
    """Return whether the running preview may be to check a resource: whether anything in this process has said so.

    Asked first, since what a provider says is known only later, and waiting for it costs as much as three properties.
    """
    return bool(_setting()) or Provider._any_is_given_checks  # noqa: SLF001


async def stack_to_check(provider: pulumi.ProviderResource | None) -> str | None:
    """Return the full name of the stack if the running preview is to check a resource, else None.

    Args:
        provider: The resource's provider, or None for the default one, which takes the stack's configuration.
    """
    if provider is None:
        is_on = _is_configured()
    elif isinstance(provider, Provider):
        is_on = await _is_wanted_by(provider)
    else:
        is_on = False
    if not is_on:
        return None
    # `organization` is what Pulumi calls it where a backend has none.
    return f"{pulumi.get_organization() or 'organization'}/{pulumi.get_project()}/{pulumi.get_stack()}"


async def _is_wanted_by(provider: Provider) -> bool:
    """Return whether a provider's argument asks for it, and all of its settings are known.

    While one is not, the engine asks the provider nothing, and would show the hidden input as a change of the resource.
    """
    known = await pulumi.Output.all(provider.check_in_preview, *provider.configuration.values()).future()
    return known is not None and bool(known[0])


def _is_configured() -> bool:
    value = _setting().lower()
    if value not in ("", "true", "false"):
        raise pulumi.RunError(f"spectrum:{SETTING} must be true or false.")
    return value == "true"


def _setting() -> str:
    return pulumi.Config("spectrum").get(SETTING) or ""
