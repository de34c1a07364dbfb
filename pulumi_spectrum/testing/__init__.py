"""What infrastructure repositories test their Spectrum stacks with: an offline API, and the real Pulumi CLI.

Install it with `pip install pulumi-spectrum[testing]`. The package's providers import nothing of it.
"""

try:
    from pulumi_spectrum.emulator import Emulator, Fault, Switches
except ModuleNotFoundError as error:
    if error.name not in {"starlette", "uvicorn"}:
        raise
    raise ModuleNotFoundError(
        f"The tests' part of pulumi-spectrum needs {error.name}. Run: pip install 'pulumi-spectrum[testing]'",
        name=error.name,
    ) from None
from pulumi_spectrum.testing.mocks import SpectrumMocks
from pulumi_spectrum.testing.runs import Change, Run, RunFailed
from pulumi_spectrum.testing.stack import SpectrumStack

__all__ = ["Change", "Emulator", "Fault", "Run", "RunFailed", "SpectrumMocks", "SpectrumStack", "Switches"]
