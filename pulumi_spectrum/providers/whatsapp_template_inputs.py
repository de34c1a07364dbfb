"""The arguments of WhatsApp templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

from typing_extensions import TypedDict

from pulumi_spectrum.providers.inputs import FILLED, Constraint, FilledText, ResourceInputs, declares_arguments
from pulumi_spectrum.providers.properties import Condition, OnChange, Property
from pulumi_spectrum.providers.whatsapp_components import managed_components, same_components


def _length(least: int, most: int) -> Constraint:
    return Constraint(lambda value: None if least <= len(value) <= most else f"must have {least} to {most} characters")


def _managed_components(live: Any, inputs: Mapping[str, Any]) -> Any:
    return managed_components(live, inputs["components"])


def _managed_category(live: Any, inputs: Mapping[str, Any]) -> Any:
    """With `allow_category_change` the category is the program's wish, whatever Meta has made of it."""
    return inputs["category"] if inputs.get("allowCategoryChange") else live


class Component(TypedDict):
    """One component. Its other keys are handed to Meta as they are."""

    __pydantic_config__ = {"extra": "allow"}  # type: ignore[misc]  # noqa: RUF012

    type: FilledText
    text: NotRequired[str | None]


@declares_arguments
class WhatsAppTemplateInputs(ResourceInputs):
    """The arguments of a WhatsApp template."""

    account_id: Annotated[FilledText, Property(on_change=OnChange.REPLACES, identifies=True)]
    name: Annotated[str, _length(1, 512), Property(on_change=OnChange.REPLACES, identifies=True)]
    language: Annotated[str, _length(2, 20), Property(on_change=OnChange.REPLACES, identifies=True)]
    category: Annotated[Literal["MARKETING", "UTILITY", "AUTHENTICATION"], Property(managed_part=_managed_category)]
    components: Annotated[list[Component], FILLED, Property(same=same_components, managed_part=_managed_components)]
    # Name and language are free for another format once the old template is deleted.
    parameter_format: Annotated[
        Literal["POSITIONAL", "NAMED"] | None,
        Property(
            on_change=OnChange.REPLACES_OLD_FIRST,
            only_when=Condition(lambda old, _: old is not None, "from a known one"),
        ),
    ] = None
    message_send_ttl_seconds: Annotated[int | None, Property(write_only=True)] = None
    allow_category_change: Annotated[bool, Property(write_only=True)] = False
