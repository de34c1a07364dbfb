"""A person that the project talks with."""

from __future__ import annotations

from typing import Literal

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments


class User(SpectrumResource, module="spectrum", name="User"):
    """A person that the project talks with, on a shared number or on one of the project's lines.

    The service knows a shared user by the phone, and a dedicated one by the phone and the line. Its id is the API's.
    """

    _kind = "user"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        phone_number: pulumi.Input[str],
        type: pulumi.Input[Literal["shared", "dedicated"] | None] = "shared",
        assigned_phone_number: pulumi.Input[str | None] = None,
        first_name: pulumi.Input[str | None] = None,
        last_name: pulumi.Input[str | None] = None,
        email: pulumi.Input[str | None] = None,
        on_conflict: pulumi.Input[Literal["fail", "adopt"] | None] = "fail",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a person that the project talks with.

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

    @property
    @pulumi.getter(name="phoneNumber")
    def phone_number(self) -> pulumi.Output[str]:
        """The person's phone, E.164."""
        return pulumi.get(self, "phone_number")

    @property
    @pulumi.getter
    def type(self) -> pulumi.Output[str]:
        """`shared` or `dedicated`."""
        return pulumi.get(self, "type")

    @property
    @pulumi.getter(name="assignedPhoneNumber")
    def assigned_phone_number(self) -> pulumi.Output[str | None]:
        """The number that serves the person. None while the service has not chosen one for a shared user."""
        return pulumi.get(self, "assigned_phone_number")

    @property
    @pulumi.getter(name="firstName")
    def first_name(self) -> pulumi.Output[str | None]:
        """The person's first name. None where the user has none."""
        return pulumi.get(self, "first_name")

    @property
    @pulumi.getter(name="lastName")
    def last_name(self) -> pulumi.Output[str | None]:
        """The person's last name. None where the user has none."""
        return pulumi.get(self, "last_name")

    @property
    @pulumi.getter
    def email(self) -> pulumi.Output[str | None]:
        """The person's e-mail address. None where the user has none."""
        return pulumi.get(self, "email")

    @property
    @pulumi.getter(name="onConflict")
    def on_conflict(self) -> pulumi.Output[str | None]:
        """What a creation does when the user is there already. None for a user that was only read."""
        return pulumi.get(self, "on_conflict")

    @property
    @pulumi.getter(name="createdAt")
    def created_at(self) -> pulumi.Output[str | None]:
        """When the user was created, ISO 8601."""
        return pulumi.get(self, "created_at")

    @property
    @pulumi.getter(name="redirectUrl")
    def redirect_url(self) -> pulumi.Output[str]:
        """The public address that opens a conversation with the user's number."""
        return pulumi.get(self, "redirect_url")

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """The project it belongs to."""
        return pulumi.get(self, "project_id")
