"""The arguments of WhatsApp templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from pulumi_spectrum.providers.inputs import FilledText, Flag, ResourceInputs, Text, WholeNumber
from pulumi_spectrum.providers.properties import Condition, OnChange, Property
from pulumi_spectrum.providers.whatsapp_components import managed_components, same_components


def _length(least: int, most: int) -> AfterValidator:
    def check(value: str) -> str:
        if not least <= len(value) <= most:
            raise PydanticCustomError("length", f"must have {least} to {most} characters")
        return value

    return AfterValidator(check)


def _managed_components(live: Any, inputs: Mapping[str, Any]) -> Any:
    return managed_components(live, inputs["components"])


def _managed_category(live: Any, inputs: Mapping[str, Any]) -> Any:
    """With `allow_category_change` the category is the program's wish, whatever Meta has made of it."""
    return inputs["category"] if inputs.get("allowCategoryChange") else live


class Component(BaseModel):
    """One component. Its other keys are handed to Meta as they are."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    type: FilledText
    text: Text | None = None


class WhatsAppTemplateInputs(ResourceInputs):
    """The arguments of a WhatsApp template."""

    account_id: Annotated[FilledText, Property(on_change=OnChange.REPLACES, identifies=True)]
    name: Annotated[Text, _length(1, 512), Property(on_change=OnChange.REPLACES, identifies=True)]
    language: Annotated[Text, _length(2, 20), Property(on_change=OnChange.REPLACES, identifies=True)]
    category: Annotated[Literal["MARKETING", "UTILITY", "AUTHENTICATION"], Property(managed_part=_managed_category)]
    components: Annotated[
        list[Component], Field(min_length=1), Property(same=same_components, managed_part=_managed_components)
    ]
    # Name and language are free for another format once the old template is deleted.
    parameter_format: Annotated[
        Literal["POSITIONAL", "NAMED"] | None,
        Property(
            on_change=OnChange.REPLACES_OLD_FIRST,
            only_when=Condition(lambda old, _: old is not None, "from a known one"),
        ),
    ] = None
    message_send_ttl_seconds: Annotated[WholeNumber | None, Property(write_only=True)] = None
    allow_category_change: Annotated[Flag, Property(write_only=True)] = False
