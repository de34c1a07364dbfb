"""Objects of which a project has one, deleted and made anew by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kind_samples import KINDS

from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.lifecycle import Live

SLACK = {"appId": "A0EXAMPLE", "clientId": "1.2", "clientSecret": "0a1b" * 8, "signingSecret": "5e6f" * 8}
SIP = {"sipUri": "sip:bot@example.com", "username": "bot", "password": "Pa55-of-the-b0t"}


@pytest.mark.parametrize(
    ("kind", "area", "given", "secrets", "again"),
    [
        ("slack-app", "slack", SLACK, {"clientSecret", "signingSecret"}, {"appId": "A0EXAMPLE", "clientId": "1.2"}),
        ("voice-sip-inbound", "sip_inbound", SIP, {"password"}, {**SIP, "password": "another-0ne"}),
    ],
)
def test_secrets_of_an_object_made_anew_are_not_known(
    *,
    kind: str,
    area: str,
    given: dict[str, Any],
    secrets: set[str],
    again: dict[str, Any],
    live: Callable[[str], SpectrumProvider],
    project: ProjectHandle,
) -> None:
    """A refresh and `drift` keep the secrets of an object, and not those of one that took its place."""
    for platform in ("slack", "voice"):
        project.platforms.set(platform, enabled=True)
    provider = live(kind)
    made = provider.create(dict(given))
    assert made.outs is not None
    same = provider.read(made.id, made.outs)
    assert same.outs.keys() >= secrets

    handle = getattr(project, area)
    handle.clear()
    handle.set(**again, createdAt="2031-01-01T00:00:00Z")
    found = provider.read(made.id, made.outs)
    assert (found.outs.keys() | found.inputs.keys()) & secrets == set()
    assert found.inputs.keys() == given.keys() - secrets
    assert KINDS[kind].drifted(given, made.outs, Live(made.id, found.outs)).keys() == secrets
