"""Faults on demand: what a network, a proxy or the service itself does wrong."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FaultMoment = Literal["before", "after"]
"""Before the request is processed, so that it never is; or after it was."""


class Fault(BaseModel):
    """What happens to the next requests that it matches.

    Args:
        method: The method to match; ``*`` is any.
        path: The path to match; ``*`` stands for any text, a trailing slash or none is the same.
        times: How many requests it strikes; None is all.
        skip: How many matching requests it lets through first.
        status: Answer with this status.
        after: With ``status``: process the request first, then answer with the status all the same.
        body: With ``status``: the answer's body, a text (HTML when it begins with ``<``) or a JSON value. The default
            is the API's own envelope with the message "Injected fault".
        headers: With ``status``: headers of the answer, such as Retry-After.
        drop: Close the connection without an answer, before or after the request is processed.
        reset: With ``drop``: reset the connection instead of closing it.
        delay: Seconds to wait.
        delay_when: Whether ``delay`` comes before or after the request is processed.
        truncate: Process the request, then send half of the answer's body and close the connection.
        garbage: Process the request, then answer 200 with a body that is not JSON.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    method: str = "*"
    path: str = "*"
    times: int | None = Field(1, ge=1)
    skip: int = Field(0, ge=0)
    status: int | None = Field(None, ge=200, le=599)
    after: bool = False
    body: Any = None
    headers: dict[str, str] = Field(default_factory=dict)
    drop: FaultMoment | None = None
    reset: bool = False
    delay: float = Field(0, ge=0)
    delay_when: FaultMoment = "before"
    truncate: bool = False
    garbage: bool = False

    @model_validator(mode="after")
    def _is_one_fault(self) -> Fault:
        kinds = [self.status is not None, self.drop is not None, self.truncate, self.garbage]
        if sum(kinds) > 1:
            raise ValueError("a fault has one of status, drop, truncate and garbage")
        if not any(kinds) and not self.delay:
            raise ValueError("a fault needs one of status, drop, truncate, garbage and delay")
        if self.status is None and (self.after or self.body is not None or self.headers):
            raise ValueError("after, body and headers go with status")
        if self.reset and self.drop is None:
            raise ValueError("reset goes with drop")
        return self

    def matches(self, method: str, path: str) -> bool:
        """Whether it strikes requests like this one."""
        same_method = self.method == "*" or self.method.upper() == method
        return same_method and fnmatchcase(path.rstrip("/"), self.path.rstrip("/") or "*")


class FaultPlan:
    """The faults to come, in the order in which they were added."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []

    def add(self, *faults: Fault) -> None:
        """Add faults. Of several that match one request, the one added first strikes."""
        self._waiting.extend(_Waiting(fault) for fault in faults)

    def clear(self) -> None:
        """Forget every fault that has not struck yet."""
        self._waiting.clear()

    def pending(self) -> list[Fault]:
        """Return the faults that can still strike."""
        return [waiting.fault for waiting in self._waiting]

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request, and count it."""
        for waiting in self._waiting:
            if not waiting.fault.matches(method, path):
                continue
            if waiting.skip:
                waiting.skip -= 1
                continue
            if waiting.times is not None:
                waiting.times -= 1
                if not waiting.times:
                    self._waiting.remove(waiting)
            return waiting.fault
        return None


class _Waiting:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.times = fault.times
        self.skip = fault.skip
