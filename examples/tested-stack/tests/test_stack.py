"""With the real engine: what happens when somebody changes something by hand."""

from pathlib import Path

from pulumi_spectrum.testing import Emulator, Fault, SpectrumStack

PROGRAM = Path(__file__).parent.parent


def test_drift_is_found_and_repaired(spectrum: Emulator, spectrum_stack: SpectrumStack) -> None:
    """A name that somebody changed in the dashboard shows in a refresh, and the next `up` sets it back."""
    spectrum_stack.program = PROGRAM
    spectrum_stack.up()
    spectrum_stack.assert_no_drift()

    ada = spectrum.project.users.rows[0]
    spectrum.project.users.change(ada["id"], firstName="Adele")

    drift = spectrum_stack.refresh(preview_only=True)
    assert list(drift.summary.values()) == [("update", "firstName")]
    spectrum_stack.up(refresh=True)
    assert spectrum.project.users[ada["id"]]["firstName"] == ada["firstName"]
    spectrum_stack.assert_no_drift()


def test_an_outage_loses_nothing(spectrum: Emulator, spectrum_stack: SpectrumStack) -> None:
    """While the service fails, a refresh fails too, and drops nothing from the state."""
    spectrum_stack.program = PROGRAM
    spectrum_stack.up()
    before = len(spectrum_stack.export()["resources"])
    spectrum.faults.add(Fault(method="GET", path="*/users/", status=503, times=None))
    assert "HTTP 503" in spectrum_stack.refresh(fails=True).output
    assert len(spectrum_stack.export()["resources"]) == before
