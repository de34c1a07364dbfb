"""Two hundred users at the rate limit: the lists that are checked before creations are few of the requests."""

from typing import Any

import pytest
from fake_time import FakeTime

from pulumi_spectrum.client.users import CHECK_AGE_SECONDS, MAX_CHECK_AGE_SECONDS, Users

USERS = 200
THREADS = 4
LATENCY = 0.1


class Spectrum:
    """A transport to a service that holds what is created."""

    def __init__(self, fake_time: FakeTime) -> None:
        self._time = fake_time
        self.clock = fake_time.clock
        self._limiter = fake_time.limiter()
        self.rows: list[dict[str, Any]] = []
        self.lists: list[float] = []
        self.ages: list[float] = []

    def request(self, method: str, _path: str, *, body: Any = None, on_send: Any, decode: Any = None, **_: Any) -> Any:
        with self._limiter.slot():
            on_send()
            if method == "GET":
                self.lists.append(self._time.now)
                rows = list(self.rows)
                self._time.sleep(LATENCY)
                return {"users": rows, "total": len(rows)}
            self.ages.append(self._time.now - self.lists[-1])
            self.rows.append({"id": f"u-{len(self.rows)}", "assignedPhoneNumber": "+1", **body})
            self._time.sleep(LATENCY)
            return decode(self.rows[-1])


def test_two_hundred_creations_need_few_lists(fake_time: FakeTime) -> None:
    """The lists that decide two hundred creations are at most one request in twenty, and none of them is old."""
    spectrum = Spectrum(fake_time)
    users = Users(spectrum, wait=fake_time.wait)
    left = iter(range(USERS))

    def create_some() -> None:
        for number in left:
            users.create("shared", f"+1415{number:07}")

    fake_time.run(*[create_some] * THREADS)

    assert len(spectrum.rows) == USERS
    assert len(spectrum.lists) <= 0.05 * USERS
    assert spectrum.ages[0] == pytest.approx(LATENCY)
    assert max(spectrum.ages[:8]) <= CHECK_AGE_SECONDS + 1.5
    assert max(spectrum.ages) <= MAX_CHECK_AGE_SECONDS + 1.5
