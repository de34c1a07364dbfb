"""The version of this package, which the build takes from here."""

from __future__ import annotations

__version__ = "0.1.0"
