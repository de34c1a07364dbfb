"""The operations of the API, one file per area: their bodies, queries and responses."""

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
"""The modules that add their operations to :data:`OPERATIONS` when they are imported."""

__all__ = ["AREAS", "OPERATIONS", "Call", "PublicCall"]
