"""The version of this package."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def package_version() -> str:
    """Return the version of the installed package, from its metadata, or `unknown` where it is not installed."""
    try:
        return version("pulumi-spectrum")
    except PackageNotFoundError:
        return "unknown"
