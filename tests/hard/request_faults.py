"""What can happen to the requests of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from pulumi_spectrum.emulator import Fault

FAULTS: Mapping[str, Mapping[str, Any]] = {
    "dropped before": {"drop": "before"},
    "dropped after": {"drop": "after"},
    "reset before": {"drop": "before", "reset": True},
    "reset after": {"drop": "after", "reset": True},
    "500 before": {"status": 500},
    "502 after": {"status": 502, "after": True},
    "503 before": {"status": 503},
    "503 after": {"status": 503, "after": True},
    "429": {"status": 429},
    "429 with Retry-After": {"status": 429, "headers": {"Retry-After": "3"}},
    "401": {"status": 401},
    "403": {"status": 403},
    "404": {"status": 404},
    "409": {"status": 409},
    "422": {"status": 422},
    "page of a proxy": {"status": 200, "body": "<html>please log in</html>"},
    "garbage": {"garbage": True},
    "cut off": {"truncate": True},
}
"""By a name of each."""

faults = st.lists(
    st.builds(
        lambda name, method, skip, times: Fault(method=method, skip=skip, times=times, **FAULTS[name]),
        st.sampled_from(sorted(FAULTS)),
        st.sampled_from(["*", "GET", "POST", "PATCH", "PUT", "DELETE"]),
        st.integers(0, 6),
        st.sampled_from([1, 1, 2, 3, 8]),
    ),
    max_size=2,
)
"""Some faults of one run."""
