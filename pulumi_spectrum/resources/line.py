"""A phone number of the project's own."""

from __future__ import annotations

from typing import ClassVar

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource


class Line(SpectrumResource, module="spectrum", name="Line"):
    """A phone number of the project's own. It is billed, and needs the Business plan.

    The service picks the number. Deleting the resource gives the number back and loses it for good, so it is protected
    unless `protect=False` is given in the resource options. Its id is the API's.

    Args:
        resource_name: The name in this program.
        platform: `imessage`, the only one that lines can be allocated for. A change replaces the line.
        first_name: The first name that people see; empty for none. Changed in place. Left out, it is not managed.
        last_name: The last name that people see; empty for none. Changed in place. Left out, it is not managed.
        opts: Pulumi's resource options. `protect` is true unless given.
    """

    platform: pulumi.Output[str] = pulumi.property("platform")
    """The platform that the line serves."""
    first_name: pulumi.Output[str | None] = pulumi.property("firstName")
    """The first name that people see."""
    last_name: pulumi.Output[str | None] = pulumi.property("lastName")
    """The last name that people see."""
    phone_number: pulumi.Output[str] = pulumi.property("phoneNumber")
    """The number, E.164."""
    status: pulumi.Output[str | None] = pulumi.property("status")
    """`available`, `unavailable` or `unknown`. A new number may take a while to become available."""
    avatar_url: pulumi.Output[str | None] = pulumi.property("avatarUrl")
    """The picture that people see."""
    created_at: pulumi.Output[str] = pulumi.property("createdAt")
    """When it was allocated, ISO 8601."""
    project_id: pulumi.Output[str] = pulumi.property("projectId")
    """The project it belongs to."""

    _kind: ClassVar[str] = "line"
    _output_only: ClassVar[tuple[str, ...]] = ("phone_number", "status", "avatar_url", "created_at")
    _protected: ClassVar[bool] = True

    def __init__(
        self,
        resource_name: str,
        *,
        platform: pulumi.Input[str] = "imessage",
        first_name: pulumi.Input[str] | None = None,
        last_name: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(resource_name, {"platform": platform, "first_name": first_name, "last_name": last_name}, opts)
