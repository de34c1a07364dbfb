"""A client for the Spectrum management API, usable by itself. Every public name of it is here.

Each name is loaded when it is first used. A provider that sends nothing then loads the errors and the settings alone,
and not the rows of every area.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pulumi_spectrum.client.public_names import *  # noqa: F403


def __getattr__(name: str) -> Any:
    return getattr(import_module(f"{__name__}.public_names"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})
