"""Slack apps. A project has one or none, which is changed in part; no field of it can be cleared, only all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pulumi_spectrum.messages.imports import WAYS_TO_IMPORT
from pulumi_spectrum.providers.inputs import Constraint, ResourceInputs, declares_arguments
from pulumi_spectrum.providers.lifecycle import Live, Method, Noticing
from pulumi_spectrum.providers.platform_singleton import PlatformSingleton
from pulumi_spectrum.providers.properties import Property
from pulumi_spectrum.spelling.values import same_set

if TYPE_CHECKING:
    from pulumi_spectrum.client.slack_app import SlackApp, SlackAppRow
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

SECRETS = frozenset({"clientSecret", "signingSecret"})
FIELDS = frozenset({"appId", "clientId", "enabledFeatures"}) | SECRETS

Feature = Literal["channel-history", "read-tracking", "dms", "files", "reactions", "pins"]


def _problem_of_empty(value: Any) -> str | None:
    if value:
        return None
    return (
        "must not be empty, because the API cannot clear it. Leave it out to leave it as it is; to clear it, delete "
        "the resource and create it anew"
    )


FieldText = Annotated[str, Constraint(_problem_of_empty)]


@declares_arguments
class SlackAppInputs(ResourceInputs):
    """The arguments of a Slack app."""

    app_id: FieldText | None = None
    client_id: FieldText | None = None
    client_secret: FieldText | None = None
    signing_secret: FieldText | None = None
    enabled_features: Annotated[
        Annotated[list[Feature], Constraint(_problem_of_empty)] | None,
        Property(same=same_set, adopted_when=lambda live: bool(live.get("enabledFeatures"))),
    ] = None
    on_conflict: Literal["fail", "adopt"] = "fail"

    def _has_a_field(self) -> str | None:
        fields = (self.app_id, self.client_id, self.client_secret, self.signing_secret, self.enabled_features)
        if all(each is None for each in fields):
            return "app_id is required, or another argument of the app: an app without any declares nothing."
        return None

    rules = (_has_a_field,)


class SlackAppLifecycle(PlatformSingleton[SlackAppInputs], Noticing):
    """The rules of Slack apps."""

    noun = "Slack app"
    plural = "Slack apps"
    label = "appId"
    platform = "slack"
    fields = FIELDS
    inputs = SlackAppInputs
    already_there = "This project has a Slack app already"
    ways_on_after_conflict = (
        f'{WAYS_TO_IMPORT}; or set on_conflict="adopt" to take it over and set it as given here, in the place of the '
        "secrets that it has; or remove it, with which its installations go"
    )

    def notice(self, method: Method, properties: Mapping[str, Any]) -> str | None:
        """Say what goes with a deleted app."""
        count = properties.get("installationCount")
        if method is not Method.DELETE or not count:
            return None
        return (
            f"The Slack app had {int(count)} installation{'' if count == 1 else 's'}, which most likely went with it: "
            "a team whose installation is gone has to install the app again."
        )

    def area(self, spectrum: SpectrumClient) -> SlackApp:
        """Return the area of Slack apps."""
        return spectrum.slack_app

    def properties(self, row: SlackAppRow) -> dict[str, Any]:
        """Return the app as the API shows it. A secret that it does not show is as the state knows it."""
        properties = row.model_dump(by_alias=True, exclude_unset=True)
        hidden = {name for name in SECRETS if not properties.get(name)}
        if properties.get("enabledFeatures") is not None:
            properties["enabledFeatures"] = list(properties["enabledFeatures"])
        return {name: value for name, value in properties.items() if name not in hidden}

    def may_adopt(self, wanted: SlackAppInputs) -> bool:
        """The program asks for it."""
        return wanted.on_conflict == "adopt"

    def update(
        self, spectrum: SpectrumClient, current: Live, wanted: SlackAppInputs, changed: frozenset[str]
    ) -> Iterator[Live]:
        """Change the fields that differ, and no other."""
        del current
        if changed & FIELDS:
            yield self.set(spectrum, wanted, changed & FIELDS)

    def names_for(self, properties: Mapping[str, Any]) -> list[str]:
        """The words for it: a project has only one."""
        del properties
        return ["Slack app"]


LIFECYCLE = SlackAppLifecycle()
