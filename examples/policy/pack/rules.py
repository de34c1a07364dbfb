"""The rules, as functions of what the engine knows of a resource. They need neither Pulumi nor a service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

WEBHOOK = "pulumi-python:dynamic/spectrum:Webhook"
LINE = "pulumi-python:dynamic/spectrum:Line"
USER = "pulumi-python:dynamic/spectrum:User"
"""The type tokens of the resources. They are frozen: a state holds them for ever."""

COMPANY_DOMAIN = "example.com"

Rule = Callable[[str, Mapping[str, Any], bool], Iterator[str]]
"""Takes a resource's type, its inputs in the API's spelling, and whether it is protected; yields what is wrong."""


def webhooks_stay_in_the_company(type_token: str, inputs: Mapping[str, Any], _protected: bool) -> Iterator[str]:
    """Yield a sentence where events would go to a host outside the company's domain."""
    if type_token != WEBHOOK or not isinstance(url := inputs.get("webhookUrl"), str):
        return  # in a preview the URL may not be known yet
    host = urlsplit(url).hostname or ""
    if host != COMPANY_DOMAIN and not host.endswith(f".{COMPANY_DOMAIN}"):
        yield f"webhook_url must be a host of {COMPANY_DOMAIN}: every event of the project is sent there."


def failures_are_reported(type_token: str, inputs: Mapping[str, Any], _protected: bool) -> Iterator[str]:
    """Yield a sentence where nobody would hear that events are not delivered."""
    if type_token == WEBHOOK and "failureNotificationEmail" not in inputs:
        yield "failure_notification_email should be set, so that somebody hears of failed deliveries."


def lines_are_protected(type_token: str, _inputs: Mapping[str, Any], protected: bool) -> Iterator[str]:
    """Yield a sentence where `pulumi destroy` would give a phone number away for good."""
    if type_token == LINE and not protected:
        yield "A line must be protected: a number that was deleted never comes back."


MANDATORY: tuple[Rule, ...] = (webhooks_stay_in_the_company, lines_are_protected)
ADVISORY: tuple[Rule, ...] = (failures_are_reported,)
