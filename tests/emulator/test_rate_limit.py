"""The rate limit, on a clock that a test moves."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from pulumi_spectrum.emulator import Emulator, ProjectHandle, SteppedClock, Switches


@pytest.fixture(scope="module")
def limited() -> Iterator[Emulator]:
    """An emulator with the rate limit of the API."""
    with Emulator(clock=SteppedClock()) as emulator:
        yield emulator


@pytest.fixture
def project(limited: Emulator) -> ProjectHandle:
    """A project that has made no request yet."""
    limited.switches = Switches()
    limited.requests.clear()
    limited.clock.advance(1 - limited.clock.monotonic() % 1)
    return limited.add_project()


def ask(emulator: Emulator, project: ProjectHandle, *, secret: str | None = None, path: str = "/") -> Any:
    """Send one request."""
    auth = (project.id, secret or project.secret)
    return requests.get(f"{emulator.url}/projects/{project.id}{path}", auth=auth, timeout=5)


def test_five_requests_pass_in_any_second(limited: Emulator, project: ProjectHandle) -> None:
    """The sixth request within a second is a 429, and is accepted when the first is a second old."""
    statuses = []
    for _ in range(6):
        statuses.append(ask(limited, project).status_code)
        limited.clock.advance(0.15)
    assert statuses == [200] * 5 + [429]
    limited.clock.advance(0.09)
    refused = ask(limited, project)
    assert refused.json() == {"succeed": False, "data": None, "code": "429", "message": "Too many requests"}
    assert "Retry-After" not in refused.headers
    limited.clock.advance(0.02)
    assert ask(limited, project).status_code == 200
    assert ask(limited, project).status_code == 429


def test_limit_per_whole_second_is_a_switch(limited: Emulator, project: ProjectHandle) -> None:
    """With the switch, the limit starts anew with each second of the clock."""
    limited.switch(rate_window="aligned")
    limited.clock.advance(0.9)
    statuses = [ask(limited, project).status_code for _ in range(6)]
    limited.clock.advance(0.1)
    statuses += [ask(limited, project).status_code for _ in range(6)]
    assert statuses == ([200] * 5 + [429]) * 2


@pytest.mark.parametrize(
    ("switch", "headers"),
    [("none", []), ("seconds", ["1"]), ("date", ["Fri, 14 Aug 2026 19:19:"])],
)
def test_retry_after_is_a_switch(switch: str, headers: list[str], limited: Emulator, project: ProjectHandle) -> None:
    """By the switch a 429 has no Retry-After, one in seconds, or one that is a date."""
    limited.switch(retry_after=switch)
    refused = [ask(limited, project) for _ in range(6)][-1]
    assert [refused.headers["retry-after"].startswith(text) for text in headers] == [True] * len(headers)
    assert ("retry-after" in refused.headers) is bool(headers)


def test_each_project_has_its_own_limit(limited: Emulator, project: ProjectHandle) -> None:
    """Requests of one project do not count for another."""
    other = limited.add_project()
    statuses = [ask(limited, each).status_code for _ in range(5) for each in (project, other)]
    assert statuses == [200] * 10


def test_limit_can_be_raised_for_one_project(limited: Emulator, project: ProjectHandle) -> None:
    """A project's own limit applies at once, and the other projects keep theirs."""
    raised = limited.add_project(requests_per_second=7)
    assert raised.requests_per_second == 7
    assert [ask(limited, raised).status_code for _ in range(8)] == [200] * 7 + [429]
    assert [ask(limited, project).status_code for _ in range(6)] == [200] * 5 + [429]
    project.requests_per_second = 10
    assert [ask(limited, project).status_code for _ in range(11)] == [200] * 10 + [429]


def test_unauthenticated_requests_do_not_count(limited: Emulator, project: ProjectHandle) -> None:
    """A request with wrong credentials is a 401 and does not count against the limit."""
    assert [ask(limited, project, secret="wrong").status_code for _ in range(6)] == [401] * 6
    assert [ask(limited, project).status_code for _ in range(5)] == [200] * 5


def test_log_returns_the_peak_in_one_second(limited: Emulator, project: ProjectHandle) -> None:
    """peak_in_one_second counts the requests within any second, refused ones too."""
    for _ in range(4):
        ask(limited, project)
        limited.clock.advance(0.4)
    assert limited.requests.peak_in_one_second() == 3
    assert limited.requests.peak_in_one_second(project_id="nobody") == 0


def test_limit_can_be_off(limited: Emulator) -> None:
    """Without a limit no request is refused."""
    with Emulator(requests_per_second=None) as unlimited:
        assert {ask(unlimited, unlimited.project).status_code for _ in range(20)} == {200}
