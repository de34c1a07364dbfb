"""A rate limit above 5, for projects whose limit the service has raised: all of it is used, and no more."""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from fake_time import FakeTime

from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.client.machine_slots import FILE, MachineSlots
from pulumi_spectrum.client.rate_limiter import NoSlotInTime, RateLimiter
from pulumi_spectrum.client.shared_slots import ProjectLimiters, SharedSlots
from pulumi_spectrum.client.slots import Limit, Slots
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.emulator import Clock, Emulator
from pulumi_spectrum.emulator.rate_limit import RateLimit
from pulumi_spectrum.settings import read_settings

RATE = 10


class ClockOfTheClient(Clock):
    """The emulator's clock, which shows the client's fake time."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def monotonic(self) -> float:
        """Return the client's time."""
        return self._clock()


def settings_of(emulator: Emulator) -> ClientSettings:
    """Return the settings of a stack that asks for ten requests a second."""
    values = {
        f"spectrum:{key}": emulator.environment[name]
        for key, name in (
            ("projectId", "SPECTRUM_PROJECT_ID"),
            ("projectSecret", "SPECTRUM_PROJECT_SECRET"),
            ("baseUrl", "SPECTRUM_CLOUD_URL"),
        )
    }
    return read_settings({**values, "spectrum:requestsPerSecond": str(RATE)}.get, {})


@pytest.mark.parametrize("shared", [False, True])
def test_the_setting_sends_ten_in_a_second(shared: bool, fake_time: FakeTime, tmp_path: Path) -> None:
    """With the setting, thirty requests take two seconds, and a service that allows ten in a second refuses none."""
    with Emulator(clock=ClockOfTheClient(fake_time.clock)) as emulator:
        emulator.project.requests_per_second = RATE
        settings = settings_of(emulator)
        limit = Limit.per_second(settings.requests_per_second)
        slots = SharedSlots("project", limit, lambda: tmp_path, fake_time.clock) if shared else None
        limiter = RateLimiter(settings.requests_per_second, slots=slots, clock=fake_time.clock, wait=fake_time.wait)
        transport = Transport(settings, limiter, clock=fake_time.clock, sleep=fake_time.sleep)
        began = fake_time.now
        for _ in range(3 * RATE):
            transport.request("GET", "/")

        assert [request.status for request in emulator.requests] == [200] * 3 * RATE
        assert emulator.requests.peak_in_one_second() == RATE
        assert fake_time.now - began == pytest.approx(2)
        assert (tmp_path / FILE).exists() is shared


@pytest.mark.parametrize("latency", [0.0, 0.25])
def test_processes_share_ten_in_a_second(fake_time: FakeTime, tmp_path: Path, latency: float) -> None:
    """Two processes with a limiter of ten send ten in a second together, and the service refuses none of them."""
    service = RateLimit(RATE)
    refused: list[float] = []
    arrivals: list[float] = []
    left = iter(range(4 * RATE))

    def make_pace() -> RateLimiter:
        slots: Slots = MachineSlots(tmp_path / FILE, "project", Limit.per_second(RATE), fake_time.clock)
        return RateLimiter(slots=slots, clock=fake_time.clock, wait=fake_time.wait)

    def thread(limiter: RateLimiter) -> None:
        for _ in left:
            with limiter.slot():
                refused.extend(filter(None, [service.admit(fake_time.now, "sliding")]))
                arrivals.append(fake_time.now)
                fake_time.sleep(latency)

    fake_time.run(
        *[lambda limiter=limiter: thread(limiter) for limiter in (make_pace(), make_pace()) for _ in range(8)]
    )

    assert (len(arrivals), refused) == (4 * RATE, [])
    assert sum(arrival < arrivals[0] + 1 for arrival in arrivals) == RATE


def test_the_limiter_of_a_process_has_ten_slots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a setting of ten, ten requests are sent at once, and the eleventh waits."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    limiter = ProjectLimiters().limiter_for("https://spectrum.example", "raised-project", RATE)
    with ExitStack() as on_the_way:
        for _ in range(RATE):
            on_the_way.enter_context(limiter.slot(deadline=0))
        with pytest.raises(NoSlotInTime), limiter.slot(deadline=0):
            pass
