"""Credentials of a second project, in the same program."""

from __future__ import annotations

from typing import ClassVar, Literal

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret


class Provider(pulumi.ProviderResource):
    """The credentials of a project, for the resources that are given it as `opts.provider`.

    A program that works with one project needs none: it sets `spectrum:projectId` and `spectrum:projectSecret` in the
    stack's configuration. A change of any argument is made in place and changes no resource; one of `project_id` makes
    every resource of the old project refuse to be touched.

    All dynamic resources in Python belong to one package for Pulumi, so a component that is given this provider passes
    it on to dynamic resources of other authors too. It therefore also holds the stack's configuration, without the keys
    of the `spectrum` namespace: those resources find their settings in it, and a change there updates the provider.
    """

    _any_is_given_checks: ClassVar[bool] = False
    """Whether any provider of this process was given `check_in_preview`."""

    def __init__(
        self,
        resource_name: str,
        *,
        project_id: pulumi.Input[str],
        project_secret: pulumi.Input[str],
        base_url: pulumi.Input[str | None] = None,
        requests_per_second: pulumi.Input[float | None] = None,
        timeout_seconds: pulumi.Input[float | None] = None,
        log: pulumi.Input[Literal["requests", "bodies"] | None] = None,
        check_in_preview: pulumi.Input[bool | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the credentials of a project.

        Args:
            resource_name: The name in this program.
            project_id: The project's id.
            project_secret: The project's secret. It is encrypted in the state.
            base_url: Where the API answers. Default: the environment's `SPECTRUM_CLOUD_URL`, else the vendor's host.
            requests_per_second: The most requests in any second, where the project is shared with other programs.
                Default: 5, the API's rate limit.
            timeout_seconds: How long one request may take with its whole answer, at most 600 seconds. Default: 30.
            log: Show each request of this provider's resources: `requests` a line each, `bodies` also what is sent
                and returned, without texts that may be secret or personal. Default: the environment's `SPECTRUM_LOG`,
                else nothing.
            check_in_preview: Whether a preview asks the project what `pulumi up` would refuse. Default: it sends
                nothing. The stack's configuration does not decide it for a provider.
            opts: Pulumi's resource options.
        """
        self.check_in_preview = check_in_preview
        Provider._any_is_given_checks |= check_in_preview is not None
        numbers = {"spectrum:requestsPerSecond": requests_per_second, "spectrum:timeoutSeconds": timeout_seconds}
        self.configuration: dict[str, pulumi.Input[str | float | None]] = {
            "spectrum:projectId": project_id,
            "spectrum:projectSecret": project_secret,
            "spectrum:baseUrl": base_url,
            "spectrum:log": log,
            # Messages name the provider by it: the engine tells a dynamic provider no name.
            "spectrum:providerName": resource_name,
            **numbers,
        }
        """What was given, as look-ups use it."""
        super().__init__(
            "pulumi-python",
            resource_name,
            {
                **_other_configuration(),
                **self.configuration,
                "spectrum:projectSecret": pulumi.Output.secret(project_secret),
                # Provider configuration is text, whatever it means.
                **{key: pulumi.Output.from_input(value).apply(_as_text) for key, value in numbers.items()},
            },
            opts,
        )


def _other_configuration() -> dict[str, pulumi.Input[str]]:
    """Return the stack's configuration without the keys of the `spectrum` namespace, its secrets as secret outputs."""
    return {
        key: pulumi.Output.secret(value) if is_config_secret(key) else value
        for key, value in CONFIG.get().items()
        if not key.startswith("spectrum:")
    }


def _as_text(value: float | None) -> str | None:
    return None if value is None else str(value)
