"""Objects that the API refuses while the messaging platform that they belong to is off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pulumi_spectrum.client.errors import RequestRefused, SpectrumError
from pulumi_spectrum.messages.failures import Refusal, describe
from pulumi_spectrum.providers.inputs import PlatformName

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient


@contextmanager
def platform_named_if_off(spectrum: SpectrumClient, platform: PlatformName) -> Iterator[None]:
    """Name the platform in the message of a refused request, if it is off.

    Which status the API refuses with is not documented, so after any refusal the platform is looked at.

    Raises:
        Refusal: The request was refused, and the platform is off.
    """
    try:
        yield
    except RequestRefused as error:
        if not is_off(spectrum, platform):
            raise
        raise Refusal(
            f'{describe(error)} The platform "{platform}" is off in this project, which is most likely why. Turn it on '
            f'with a Platform resource, platform="{platform}", and name that one in this resource\'s option '
            "depends_on, so that it is on first."
        ) from None


def is_off(spectrum: SpectrumClient, platform: PlatformName) -> bool:
    """Return whether a platform is off, as far as that can be read."""
    try:
        return not spectrum.platforms.read(platform, max_age=0).enabled
    except SpectrumError:
        return False
