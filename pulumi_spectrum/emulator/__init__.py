"""The Spectrum management API on loopback, for tests, demonstrations and work offline.

An independent reading of the contract: nothing here imports the client or the providers that are tested against it.
"""

from __future__ import annotations

from pulumi_spectrum.emulator.clock import Clock, SteppedClock
from pulumi_spectrum.emulator.emulator import Emulator
from pulumi_spectrum.emulator.faults import Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.emulator.request_log import Request
from pulumi_spectrum.emulator.state.loading import SnapshotError
from pulumi_spectrum.emulator.switches import Switches

__all__ = ["Clock", "Emulator", "Fault", "ProjectHandle", "Request", "SnapshotError", "SteppedClock", "Switches"]
