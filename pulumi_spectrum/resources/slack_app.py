"""The Slack app through which a project talks in Slack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments
from pulumi_spectrum.secret_outputs import secret


class SlackApp(SpectrumResource, module="spectrum", name="SlackApp"):
    """The Slack app through which a project talks in Slack. A project has one or none.

    Deleting it most likely removes its installations too, so that each team has to install the app again; the option
    `protect` keeps it. Turn the platform `slack` on with a `Platform`, and name that one in the option `depends_on`.
    Its id is the project's.

    The API cannot clear a single argument. One that is taken out of the program is not managed any more and stays as
    it is, and one that is empty is refused. To clear one, delete the resource and create it anew.
    """

    _kind = "slack-app"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        app_id: pulumi.Input[str | None] = None,
        client_id: pulumi.Input[str | None] = None,
        client_secret: pulumi.Input[str | None] = None,
        signing_secret: pulumi.Input[str | None] = None,
        enabled_features: pulumi.Input[
            Sequence[pulumi.Input[Literal["channel-history", "read-tracking", "dms", "files", "reactions", "pins"]]]
            | None
        ] = None,
        on_conflict: pulumi.Input[Literal["fail", "adopt"] | None] = "fail",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the Slack app of the project. At least one of the arguments before `on_conflict` is required.

        Args:
            resource_name: The name in this program.
            app_id: The app's id in Slack, such as `A0123456789`. Changed in place. Left out, it is not managed.
            client_id: The app's client id. Changed in place. Left out, it is not managed.
            client_secret: The app's client secret, encrypted in the state whether or not the program gives it as a
                secret. Changed in place. Left out, it is not managed.
            signing_secret: The secret with which Slack signs its requests, encrypted in the same way. Changed in place.
                Left out, it is not managed.
            enabled_features: What the app may do: `channel-history`, `read-tracking`, `dms`, `files`, `reactions` and
                `pins`, in any order. Changed in place. Left out, it is not managed.
            on_conflict: What to do when the project has an app already that is not of this program: `fail` (the
                default), or `adopt`, which sets it as given here, in the place of the secrets that it has.
            opts: Pulumi's resource options.
        """

    @property
    @pulumi.getter(name="appId")
    def app_id(self) -> pulumi.Output[str | None]:
        """The app's id in Slack. None where it was never set."""
        return pulumi.get(self, "app_id")

    @property
    @pulumi.getter(name="clientId")
    def client_id(self) -> pulumi.Output[str | None]:
        """The app's client id. None where it was never set."""
        return pulumi.get(self, "client_id")

    @property
    @secret()
    @pulumi.getter(name="clientSecret")
    def client_secret(self) -> pulumi.Output[str | None]:
        """The app's client secret, a secret. None where it was never set, or where the service does not show it."""
        return pulumi.get(self, "client_secret")

    @property
    @secret()
    @pulumi.getter(name="signingSecret")
    def signing_secret(self) -> pulumi.Output[str | None]:
        """The secret with which Slack signs its requests. None as for `client_secret`."""
        return pulumi.get(self, "signing_secret")

    @property
    @pulumi.getter(name="enabledFeatures")
    def enabled_features(self) -> pulumi.Output[list[str] | None]:
        """What the app may do."""
        return pulumi.get(self, "enabled_features")

    @property
    @pulumi.getter(name="onConflict")
    def on_conflict(self) -> pulumi.Output[str | None]:
        """What a creation does when the project has an app. None for one that was only read."""
        return pulumi.get(self, "on_conflict")

    @property
    @pulumi.getter(name="installationCount")
    def installation_count(self) -> pulumi.Output[int | None]:
        """In how many teams the app was installed when it was last read."""
        return pulumi.get(self, "installation_count")

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str | None]:
        """When it was set for the first time, ISO 8601."""
        return pulumi.get(self, "created_at")

    @property
    @pulumi.getter(name="updatedAt")
    def updated_at(self) -> pulumi.Output[str | None]:
        """When it was last changed, ISO 8601."""
        return pulumi.get(self, "updated_at")

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """The project it belongs to."""
        return pulumi.get(self, "project_id")
