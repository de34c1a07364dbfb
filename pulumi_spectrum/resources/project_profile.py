"""The name that a project shows to the people it talks with."""

from __future__ import annotations

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments


class ProjectProfile(SpectrumResource, module="spectrum", name="ProjectProfile"):
    """The name that a project shows to the people it talks with. A project has exactly one profile.

    The API has no way to delete a profile or to clear a name. Deleting the resource removes it from the state only, and
    the profile stays as it is. Its id is the project's.

    Lines have names of their own, as arguments of `Line`. The profile reaches them only with `sync=True`.
    """

    _kind = "project-profile"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        first_name: pulumi.Input[str | None] = None,
        last_name: pulumi.Input[str | None] = None,
        sync: pulumi.Input[bool | None] = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the name that a project shows. At least one of the names is required.

        Args:
            resource_name: The name in this program.
            first_name: The first name. Changed in place. Left out, it is not managed.
            last_name: The last name. Changed in place. Left out, it is not managed.
            sync: Whether each change of the profile is copied to all lines of the project, where it takes the place of
                the names that `Line` resources have set. Turning it on copies the profile once. Changed in place.
                Default: false.
            opts: Pulumi's resource options.
        """

    @property
    @pulumi.getter(name="firstName")
    def first_name(self) -> pulumi.Output[str]:
        """The first name; empty where it was never set."""
        return pulumi.get(self, "first_name")

    @property
    @pulumi.getter(name="lastName")
    def last_name(self) -> pulumi.Output[str]:
        """The last name; empty where it was never set."""
        return pulumi.get(self, "last_name")

    @property
    @pulumi.getter
    def sync(self) -> pulumi.Output[bool | None]:
        """Whether each change is copied to the lines. None for a profile that was only read."""
        return pulumi.get(self, "sync")

    @property
    @pulumi.getter(name="avatarUrl")
    def avatar_url(self) -> pulumi.Output[str | None]:
        """Where the profile's picture is. None where it has none."""
        return pulumi.get(self, "avatar_url")

    @property
    @pulumi.getter(name="imessageSynced")
    def imessage_synced(self) -> pulumi.Output[bool | None]:
        """Whether the project's lines carry the profile. None on deployments that do not return it."""
        return pulumi.get(self, "imessage_synced")

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """The project it belongs to."""
        return pulumi.get(self, "project_id")
