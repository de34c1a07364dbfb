"""Unit tests without an engine: Pulumi's mocks, answered by the real providers and an emulated service."""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import pulumi
from pulumi.dynamic import ConfigureRequest
from pulumi.dynamic.config import Config

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers import load


class SpectrumMocks(pulumi.runtime.Mocks):
    """Answers the resources of a program as the service would.

    Each Spectrum resource is checked and created by its real provider, at an emulated service: a wrong argument or a
    conflict fails the test, and every output has the value that the service gave it. Other resources are given an id
    and keep their inputs.

    Args:
        spectrum: The emulated service.
    """

    def __init__(self, spectrum: Emulator) -> None:
        _see_to_event_loop()
        self.resources: list[pulumi.runtime.MockResourceArgs] = []
        config = {
            "spectrum:projectId": spectrum.project_id,
            "spectrum:projectSecret": spectrum.project_secret,
            "spectrum:baseUrl": spectrum.url,
            "spectrum:requestsPerSecond": "1000",
        }
        # All are loaded here, in the test's own thread: `new_resource` is called in several at once.
        self._providers = {kind.type_token: load(kind.name) for kind in load_kinds()}
        for provider in self._providers.values():
            provider.configure(ConfigureRequest(Config(config, "test")))

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Create a resource.

        Raises:
            ValueError: An argument is wrong; the message is the one that a preview would show.
        """
        self.resources.append(args)
        provider = self._providers.get(args.typ)
        if provider is None:
            return f"{args.name}-id", dict(args.inputs)
        inputs = {name: value for name, value in args.inputs.items() if name != "__provider"}
        checked = provider.check({}, inputs)
        if checked.failures:
            raise ValueError(" ".join(failure.reason for failure in checked.failures))
        created = provider.create(checked.inputs)
        return created.id, created.outs or {}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        """Answer a call of another provider's function with nothing."""
        del args
        return {}, None


def _see_to_event_loop() -> None:
    """Give the thread an event loop where it has none: `set_mocks` wants one, and Python 3.14 makes none by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Pythons before make one, and some of them warn
        try:
            asyncio.get_event_loop()
        except RuntimeError:
            asyncio.set_event_loop(asyncio.new_event_loop())
