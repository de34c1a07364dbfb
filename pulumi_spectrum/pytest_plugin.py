"""The pytest fixtures, there wherever the package is installed. To use one takes `pulumi-spectrum[testing]`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pulumi_spectrum.emulator import Emulator
    from pulumi_spectrum.testing.mocks import SpectrumMocks
    from pulumi_spectrum.testing.stack import SpectrumStack

MARKER = "spectrum_emulator"


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", f"{MARKER}(**arguments): arguments of the emulator that a test runs against")


@pytest.fixture
def spectrum(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Emulator]:
    """An emulated Spectrum API in a thread, with one project. The environment of the test points at it.

    Its rate limit is off, so that tests are fast. `@pytest.mark.spectrum_emulator(plan="free")` passes arguments on to
    `Emulator`.
    """
    try:
        from pulumi_spectrum.testing import Emulator  # noqa: PLC0415  # only tests that ask for it pay for it
    except ModuleNotFoundError as error:
        if error.name not in {"starlette", "uvicorn"}:
            raise
        pytest.fail(str(error), pytrace=False)

    marker = request.node.get_closest_marker(MARKER)
    with Emulator(**{"requests_per_second": None, **(marker.kwargs if marker else {})}) as emulator:
        for name, value in emulator.environment.items():
            monkeypatch.setenv(name, value)
        yield emulator


@pytest.fixture
def spectrum_stack(spectrum: Emulator, tmp_path: Path) -> SpectrumStack:
    """A temporary stack on the real Pulumi CLI, whose service is the emulator of the `spectrum` fixture.

    Give it a program and run it: `spectrum_stack.program = main`, `spectrum_stack.up()`. The test is skipped where
    there is no `pulumi` on PATH.
    """
    from pulumi_spectrum.testing import SpectrumStack  # noqa: PLC0415

    if shutil.which("pulumi") is None:
        pytest.skip("no `pulumi` on PATH")
    config = {"spectrum:requestsPerSecond": "1000"}
    return SpectrumStack(tmp_path / "pulumi-state", environment=spectrum.environment, config=config)


@pytest.fixture
def spectrum_mocks(spectrum: Emulator) -> Iterator[SpectrumMocks]:
    """Pulumi's mocks for unit tests without an engine, set for one test. Write it with `@pulumi.runtime.test`."""
    from pulumi_spectrum.testing import SpectrumMocks  # noqa: PLC0415

    with SpectrumMocks(spectrum) as mocks:
        yield mocks
