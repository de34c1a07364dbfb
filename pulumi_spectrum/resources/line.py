"""A phone number of the project's own."""

from __future__ import annotations

from typing import Literal

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments


class Line(SpectrumResource, module="spectrum", name="Line"):
    """A phone number of the project's own. It is billed, and needs the Business plan.

    The service picks the number. Deleting the resource gives the number back and loses it for good, so it is protected
    unless `protect=False` is given in the resource options. Its id is the API's.
    """

    _kind = "line"
    _protected = True

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        platform: pulumi.Input[Literal["imessage"] | None] = "imessage",
        first_name: pulumi.Input[str | None] = None,
        last_name: pulumi.Input[str | None] = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a phone number of the project's own.

        Args:
            resource_name: The name in this program.
            platform: `imessage`, the only one that lines can be allocated for. A change replaces the line.
            first_name: The first name that people see; empty for none. Changed in place. Left out, it is not managed.
            last_name: The last name that people see; empty for none. Changed in place. Left out, it is not managed.
            opts: Pulumi's resource options. `protect` is true unless given.
        """

    @property
    @pulumi.getter
    def platform(self) -> pulumi.Output[str]:
        """The platform that the line serves."""
        return pulumi.get(self, "platform")

    @property
    @pulumi.getter(name="firstName")
    def first_name(self) -> pulumi.Output[str | None]:
        """The first name that people see. None where the line has none."""
        return pulumi.get(self, "first_name")

    @property
    @pulumi.getter(name="lastName")
    def last_name(self) -> pulumi.Output[str | None]:
        """The last name that people see. None where the line has none."""
        return pulumi.get(self, "last_name")

    @property
    @pulumi.getter(name="phoneNumber")
    def phone_number(self) -> pulumi.Output[str | None]:
        """The number, E.164. None while the service has not assigned one."""
        return pulumi.get(self, "phone_number")

    @property
    @pulumi.getter
    def status(self) -> pulumi.Output[str | None]:
        """`available`, `unavailable` or `unknown`. A new number may take a while to become available."""
        return pulumi.get(self, "status")

    @property
    @pulumi.getter(name="avatarUrl")
    def avatar_url(self) -> pulumi.Output[str | None]:
        """The picture that people see. None where the line has none."""
        return pulumi.get(self, "avatar_url")

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str | None]:
        """When it was allocated, ISO 8601."""
        return pulumi.get(self, "created_at")

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """The project it belongs to."""
        return pulumi.get(self, "project_id")
