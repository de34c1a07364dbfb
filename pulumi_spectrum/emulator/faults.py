"""Faults on demand: failures of the network, of a proxy or of the service."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from pulumi_spectrum.emulator.reshaping import Shape

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
FaultMoment = Literal["before", "after"]
"""Before the request is processed, which it then never is, or after it was processed."""


class Fault(BaseModel):
    """A failure of the next requests that match.

    Args:
        method: The method to match; ``*`` is any.
        path: The path to match; ``*`` stands for any text, a trailing slash or none is the same.
        times: The number of requests that it applies to; None is all.
        skip: The number of matching requests that pass first.
        status: Respond with this status.
        after: With ``status``: process the request first, then respond with the status nevertheless.
        body: With ``status``: the body of the response, a text (HTML when it begins with ``<``) or a JSON value. The
            default is the API's envelope with the message "Injected fault".
        headers: With ``status``: headers of the response, such as Retry-After.
        drop: Close the connection without a response, before or after the request is processed.
        reset: With ``drop``: reset the connection instead of closing it.
        delay: Seconds to wait.
        delay_when: Whether ``delay`` comes before or after the request is processed.
        truncate: Process the request, then send half of the response's body and close the connection.
        garbage: Process the request, then respond with 200 and a body that is not JSON.
        reshape: Process the request, then respond with the data in another form: "other-types" (texts are numbers, and
            all other values texts), "fewer-fields" (objects have no field but those that hold objects or lists) or
            "more-fields" (objects have a field that the API does not have). A refusal stays as it is.
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
    reshape: Shape | None = None

    @field_validator("headers")
    @classmethod
    def _can_be_sent(cls, headers: dict[str, str]) -> dict[str, str]:
        if not all(_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(headers[name]) for name in headers):
            raise ValueError("headers has a name or a value that no header can have")
        return headers

    @model_validator(mode="after")
    def _is_one_fault(self) -> Fault:
        kinds = [
            self.status is not None,
            self.drop is not None,
            self.truncate,
            self.garbage,
            self.reshape is not None,
        ]
        if sum(kinds) > 1:
            raise ValueError("a fault has one of status, drop, truncate, garbage and reshape")
        if not any(kinds) and not self.delay:
            raise ValueError("a fault needs one of status, drop, truncate, garbage, reshape and delay")
        if self.status is None and (self.after or self.body is not None or self.headers):
            raise ValueError("after, body and headers go with status")
        if self.reset and self.drop is None:
            raise ValueError("reset goes with drop")
        return self

    def matches(self, method: str, path: str) -> bool:
        """Whether it applies to requests with this method and path."""
        same_method = self.method == "*" or self.method.upper() == method
        return same_method and fnmatchcase(path.rstrip("/"), self.path.rstrip("/") or "*")


class FaultPlan:
    """The faults to come, in the order in which they were added."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []

    def add(self, *faults: Fault) -> None:
        """Add faults. If several match one request, the one added first applies."""
        self._pending.extend(_Pending(fault) for fault in faults)

    def clear(self) -> None:
        """Remove every fault that can still apply."""
        self._pending.clear()

    def pending(self) -> list[Fault]:
        """Return the faults that can still apply."""
        return [pending.fault for pending in self._pending]

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that applies to this request, if any, and count the request."""
        for pending in self._pending:
            if not pending.fault.matches(method, path):
                continue
            if pending.skip:
                pending.skip -= 1
                continue
            if pending.times is not None:
                pending.times -= 1
                if not pending.times:
                    self._pending.remove(pending)
            return pending.fault
        return None


class _Pending:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.times = fault.times
        self.skip = fault.skip
