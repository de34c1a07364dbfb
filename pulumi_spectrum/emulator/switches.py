"""Switches for behaviour of the service that is unknown. The default of each is the safest behaviour."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Generation = Literal["2026-05", "2026-08"]
Plan = Literal["free", "pro", "business"]
SchemaVersion = Literal["normalized-events.v1", "raw-inbound.v1"]
Seconds = Annotated[float, Field(ge=0, le=1e9)]
"""A time of up to some 30 years, so that one later than now is one that Python has."""


class Switches(BaseModel):
    """The behaviour of the emulator where the sources are silent or disagree. Every default is the safest guess."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    # Errors
    wrong_project_status: Literal[401, 403, 404] = Field(
        401, description="The status of valid credentials on the path of another project."
    )
    short_errors: bool = Field(False, description="Whether error envelopes hold only succeed and message.")
    unknown_fields: Literal["reject", "ignore"] = Field(
        "ignore", description="A field of a body that the API does not have: dropped, or refused with 422."
    )
    malformed_id_status: Literal[404, 422] = Field(
        404, description="The status of a project, user, line or account id in a path that is no UUID."
    )
    retry_after: Literal["none", "seconds", "date"] = Field(
        "none", description="Whether and in which form a 429 has Retry-After."
    )
    rate_window: Literal["sliding", "aligned"] = Field(
        "sliding", description="Whether the rate limit counts within any second or within whole seconds of the clock."
    )

    # Webhooks
    default_schema_version: SchemaVersion = Field(
        "normalized-events.v1", description="The schemaVersion of a webhook that was registered without one."
    )
    normalized_webhooks_locked: bool = Field(
        False, description="Whether a change of eventTypes or enabled is a 409 while a webhook is normalized-events.v1."
    )
    unreachable_webhook_urls: Literal["accept", "reject"] = Field(
        "accept", description="Whether a webhook URL with plain http, a loopback or a private host is accepted."
    )
    event_types: tuple[str, ...] = Field(
        ("message.received",), description="The event types that the service knows.", min_length=1
    )

    # Users
    shared_user_limit_status: Literal[402, 409, 422] = Field(
        402, description="The status of one shared user more than the plan allows."
    )
    foreign_line_status: Literal[404, 409, 422] = Field(
        422, description="The status of a dedicated user on a number that the project does not own."
    )
    bad_contact_status: Literal[400, 422] = Field(
        422, description="The status of a malformed phone number or e-mail address."
    )
    null_user_fields: Literal["keep", "refuse"] = Field(
        "keep", description="A null name or e-mail address of a user: accepted and unchanged, or refused with 422."
    )
    dedicated_user_names: Literal["update", "keep"] = Field(
        "update", description="Whether a repeated POST of a dedicated user changes its names and e-mail address."
    )
    shared_users_matched_by_email: bool = Field(
        False, description="Whether an e-mail address identifies a shared user too, as on older servers."
    )
    deleted_user: Literal["missing", "shown"] = Field(
        "missing", description="GET of a deleted user: 404, or the row with its deletedAt."
    )
    assigned_number_seconds: Seconds = Field(
        0, description="How long a new shared user's assignedPhoneNumber stays null."
    )

    # Lines
    line_plan_status: Literal[402, 403, 409, 422] = Field(
        403, description="The status of a new line on a plan without lines."
    )
    line_settle_seconds: Seconds = Field(0, description="How long a new line's status stays unknown.")
    line_number_withheld: bool = Field(
        False, description="Whether phoneNumber is null while the status of a line is unknown."
    )

    # Platforms and project
    platform_metadata_answer: Literal["map", "entry", "null"] = Field(
        "map", description="The data of the response to a change of one platform's settings."
    )
    project_row_has_id: bool = Field(False, description="Whether the project's row has its id.")
    unset_profile: Literal["null", "nulls", "missing"] = Field(
        "null", description="A profile that was never set: null as a whole, an object of null names, or a 404."
    )
    subscription_has_cancel_at_period_end: bool = Field(
        True, description="Whether the subscription has cancel_at_period_end."
    )
    billing_sync_seconds: Seconds = Field(
        0, description="How long the bill is syncing after a line was added or removed."
    )

    # Voice and Slack
    voice_disabled_status: Literal[403, 409, 422] = Field(
        409, description="The status of a first SIP target while the voice platform is disabled."
    )
    slack_disabled_status: Literal[403, 409, 422] | None = Field(
        None,
        description="The status of a change of the Slack app while the Slack platform is disabled; None accepts it.",
    )
    half_credentials_status: Literal[400, 409, 422] = Field(
        422, description="The status of a SIP target with a username and no password, or the reverse."
    )
    slack_secrets: Literal["shown", "masked"] = Field(
        "shown", description="Whether the secrets of a Slack app are returned in clear."
    )

    # WhatsApp
    taken_template_status: Literal[400, 409, 422] = Field(
        409, description="The status of a new WhatsApp template whose name and language are taken."
    )
    deleted_template_seconds: Seconds = Field(
        0, description="How long the name and language of a deleted WhatsApp template stay taken."
    )
    template_components: Literal["sent", "extended"] = Field(
        "sent", description="Whether a listed WhatsApp template has its components as sent, or with more keys in them."
    )
    template_parameter_format: Literal["shown", "missing"] = Field(
        "shown", description="Whether the row of a WhatsApp template has its parameterFormat."
    )

    # Text that is returned in another form than it was sent
    listing_delay_seconds: Seconds = Field(0, description="How long a new row is missing from lists and look-ups.")
    lower_case_email: bool = Field(False, description="Whether e-mail addresses are returned in lower case.")
    spaced_phone_numbers: bool = Field(
        False, description="Whether phone numbers are returned with spaces, +1 415 555 0123."
    )
    normalised_urls: bool = Field(
        False,
        description="Whether webhook URLs are returned in a URL parser's form: lower-case host, a path of at least /.",
    )
    millisecond_times: bool = Field(True, description="Whether times have milliseconds.")
    event_type_order: Literal["sent", "sorted", "reversed"] = Field(
        "sent", description="The order in which a webhook's event types are returned."
    )

    def changed(self, /, **changes: Any) -> Switches:
        """Return a copy with some switches changed."""
        return Switches.model_validate({**self.model_dump(), **changes})
