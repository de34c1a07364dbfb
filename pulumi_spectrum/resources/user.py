"""A person that the project talks with."""

from __future__ import annotations

from typing import ClassVar

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource


class User(SpectrumResource, module="spectrum", name="User"):
    """A person that the project talks with, on a shared number or on one of the project's lines.

    The service knows a shared user by the phone, and a dedicated one by the phone and the line. Its id is the API's.

    Args:
        resource_name: The name in this program.
        phone_number: The person's phone, E.164 such as `+14155550123`. A change replaces the user.
        type: `shared` (the default) or `dedicated`. A change replaces the user, the old one first.
        assigned_phone_number: The `phone_number` of the line that serves a dedicated user, required there; left out
            for a shared user, to whom the service assigns a number. A change replaces the user, the old one first.
        first_name: The person's first name. Changed in place. Left out, it is not managed; the API cannot clear it.
        last_name: The person's last name. Changed in place. Left out, it is not managed.
        email: The person's e-mail address. Changed in place. Left out, it is not managed.
        on_conflict: What to do when the user is there already and not by this program: `fail` (the default), or
            `adopt`, which takes the user over and sets names and e-mail as given.
        opts: Pulumi's resource options.
    """

    phone_number: pulumi.Output[str] = pulumi.property("phoneNumber")
    """The person's phone, E.164."""
    type: pulumi.Output[str] = pulumi.property("type")
    """`shared` or `dedicated`."""
    assigned_phone_number: pulumi.Output[str | None] = pulumi.property("assignedPhoneNumber")
    """The number that serves the person. For a shared user the service may take a moment to choose it."""
    first_name: pulumi.Output[str | None] = pulumi.property("firstName")
    """The person's first name."""
    last_name: pulumi.Output[str | None] = pulumi.property("lastName")
    """The person's last name."""
    email: pulumi.Output[str | None] = pulumi.property("email")
    """The person's e-mail address."""
    on_conflict: pulumi.Output[str] = pulumi.property("onConflict")
    """What a creation does when the user is there already."""
    created_at: pulumi.Output[str] = pulumi.property("createdAt")
    """When the user was created, ISO 8601."""
    redirect_url: pulumi.Output[str] = pulumi.property("redirectUrl")
    """The public address that opens a conversation with the user's number."""
    project_id: pulumi.Output[str] = pulumi.property("projectId")
    """The project it belongs to."""

    _kind: ClassVar[str] = "user"
    _output_only: ClassVar[tuple[str, ...]] = ("created_at", "redirect_url")

    def __init__(
        self,
        resource_name: str,
        *,
        phone_number: pulumi.Input[str],
        type: pulumi.Input[str] = "shared",
        assigned_phone_number: pulumi.Input[str] | None = None,
        first_name: pulumi.Input[str] | None = None,
        last_name: pulumi.Input[str] | None = None,
        email: pulumi.Input[str] | None = None,
        on_conflict: pulumi.Input[str] = "fail",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(
            resource_name,
            {
                "phone_number": phone_number,
                "type": type,
                "assigned_phone_number": assigned_phone_number,
                "first_name": first_name,
                "last_name": last_name,
                "email": email,
                "on_conflict": on_conflict,
            },
            opts,
        )
