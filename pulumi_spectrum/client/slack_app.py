"""The Slack app of a project: which app it is, and the secrets that the service uses it with."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from pulumi_spectrum.client.responses import Row
from pulumi_spectrum.client.singleton import SingletonArea

_MASK = re.compile(r".*(?:[^\x21-\x7e]|[*<>\[\]]|\.\.\.).*|(.)\1*|hidden|masked|redacted", re.DOTALL | re.IGNORECASE)
"""What no secret of Slack is: `****1234`, `abcd…`, `[hidden]`, `xxxxxxxx`, `REDACTED`."""


def _without_mask(value: object) -> object:
    """Return None in the place of what a service shows of a secret that it keeps to itself."""
    return None if isinstance(value, str) and _MASK.fullmatch(value) else value


MaskedSecret = Annotated[str | None, BeforeValidator(_without_mask), Field(repr=False)]


class SlackAppRow(Row):
    """A project's Slack app. A secret that the service masks is None, as one that it does not have."""

    app_id: str | None = None
    client_id: str | None = None
    client_secret: MaskedSecret = None
    signing_secret: MaskedSecret = None
    enabled_features: tuple[str, ...] | None = None
    installation_count: int | None = None
    created_at: str | None = None
    updated_at: str | None = None


class SlackApp(SingletonArea[SlackAppRow]):
    """The Slack app of a project.

    Its fields are `appId`, `clientId`, `clientSecret`, `signingSecret` and `enabledFeatures`, of which none can be
    cleared.
    """

    row = SlackAppRow
    path = "/slack/"
    method = "PUT"
