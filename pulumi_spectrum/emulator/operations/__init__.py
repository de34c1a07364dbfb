"""The operations of the API, one file per area: bodies, queries and answers as they are on the wire."""

from __future__ import annotations

from pulumi_spectrum.emulator.operations import (
    avatars,
    billing,
    lines,
    platforms,
    projects,
    slack,
    users,
    voice,
    webhooks,
    whatsapp,
)
from pulumi_spectrum.emulator.operations.call import OPERATIONS, Call, PublicCall

AREAS = (avatars, billing, lines, platforms, projects, slack, users, voice, webhooks, whatsapp)
"""Each area adds its operations to :data:`OPERATIONS` when it is imported."""

__all__ = ["AREAS", "OPERATIONS", "Call", "PublicCall"]
