"""A message template of a WhatsApp Business account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pulumi

from pulumi_spectrum.resources.base import SpectrumResource, registers_arguments


class WhatsAppTemplate(SpectrumResource, module="spectrum", name="WhatsAppTemplate"):
    """A message template of a WhatsApp Business account: what a business may write to a person first.

    Meta reviews each template, and its status says which changes Meta takes. In an approved template the components and
    the category can be changed; a new category is reviewed again. In a rejected one everything can be changed, in a
    paused one the components, and in one under review or disabled nothing. A change that the status rules out is
    refused before anything is sent. Its id is `ACCOUNT/TEMPLATE`.

    Deleting the resource deletes this template, and not the same name in other languages. Meta keeps the name and
    language of a deleted template taken for some time.
    """

    _kind = "whatsapp-template"

    @registers_arguments
    def __init__(
        self,
        resource_name: str,
        *,
        account_id: pulumi.Input[str],
        name: pulumi.Input[str],
        language: pulumi.Input[str],
        category: pulumi.Input[Literal["MARKETING", "UTILITY", "AUTHENTICATION"]],
        components: pulumi.Input[Sequence[pulumi.Input[Mapping[str, Any]]]],
        parameter_format: pulumi.Input[Literal["POSITIONAL", "NAMED"] | None] = None,
        message_send_ttl_seconds: pulumi.Input[int | None] = None,
        allow_category_change: pulumi.Input[bool | None] = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare a message template.

        Args:
            resource_name: The name in this program.
            account_id: The account, by its id at Spectrum, which `get_whatsapp_accounts()` returns. A change replaces
                the template, the new one first.
            name: The template's name, 1 to 512 characters. A change replaces the template, the new one first.
            language: Its language, 2 to 20 characters, such as `en_US`. A change replaces the template, the new one
                first.
            category: What it is for: `MARKETING`, `UTILITY` or `AUTHENTICATION`. Changed in place.
            components: What a message is made of, as Meta spells it: dictionaries, each with a `type`. Their keys are
                handed to Meta as they are, and only the keys given here are managed. Changed in place.
            parameter_format: How parameters stand in texts: `POSITIONAL`, as in `{{1}}`, or `NAMED`. A change replaces
                the template, the old one first, whose name and language may stay taken; give another name with it. Left
                out, it is not managed.
            message_send_ttl_seconds: For how many seconds Meta tries to deliver a message. Changed in place, and like
                any change not while the template is under review: a new template gets it by the first `pulumi up` after
                its review. The API never returns it. Left out, it is not managed.
            allow_category_change: Whether Meta may choose another category in its review. What Meta chooses is then no
                drift, and `current_category` shows it. Changed in place. Default: false.
            opts: Pulumi's resource options.
        """

    @property
    @pulumi.getter(name="accountId")
    def account_id(self) -> pulumi.Output[str]:
        """The account that it belongs to."""
        return pulumi.get(self, "account_id")

    @property
    @pulumi.getter
    def name(self) -> pulumi.Output[str]:
        """The template's name."""
        return pulumi.get(self, "name")

    @property
    @pulumi.getter
    def language(self) -> pulumi.Output[str]:
        """Its language."""
        return pulumi.get(self, "language")

    @property
    @pulumi.getter
    def category(self) -> pulumi.Output[str]:
        """What it is for. With `allow_category_change` this is what the program wants; see `current_category`."""
        return pulumi.get(self, "category")

    @property
    @pulumi.getter(name="currentCategory")
    def current_category(self) -> pulumi.Output[str | None]:
        """The category that Meta has the template in."""
        return pulumi.get(self, "current_category")

    @property
    @pulumi.getter
    def components(self) -> pulumi.Output[list[dict[str, Any]]]:
        """What a message is made of, with the keys that the program gives."""
        return pulumi.get(self, "components")

    @property
    @pulumi.getter(name="parameterFormat")
    def parameter_format(self) -> pulumi.Output[str | None]:
        """How parameters stand in texts. None on deployments that do not return it."""
        return pulumi.get(self, "parameter_format")

    @property
    @pulumi.getter(name="messageSendTtlSeconds")
    def message_send_ttl_seconds(self) -> pulumi.Output[int | None]:
        """For how many seconds Meta tries to deliver a message, as it was last set here. None if it was not."""
        return pulumi.get(self, "message_send_ttl_seconds")

    @property
    @pulumi.getter(name="allowCategoryChange")
    def allow_category_change(self) -> pulumi.Output[bool | None]:
        """Whether Meta may choose another category. None for a template that was only read."""
        return pulumi.get(self, "allow_category_change")

    @property
    @pulumi.getter
    def status(self) -> pulumi.Output[str | None]:
        """Where Meta's review stood when the template was last read, such as `PENDING`, `APPROVED` or `REJECTED`."""
        return pulumi.get(self, "status")

    @property
    @pulumi.getter(name="qualityScore")
    def quality_score(self) -> pulumi.Output[str | None]:
        """Meta's score of the template's quality. None where Meta has none."""
        return pulumi.get(self, "quality_score")

    @property
    @pulumi.getter(name="rejectedReason")
    def rejected_reason(self) -> pulumi.Output[str | None]:
        """Why Meta has rejected it. None where Meta has not."""
        return pulumi.get(self, "rejected_reason")

    @property
    @pulumi.getter(name="projectId")
    def project_id(self) -> pulumi.Output[str]:
        """The project it belongs to."""
        return pulumi.get(self, "project_id")
