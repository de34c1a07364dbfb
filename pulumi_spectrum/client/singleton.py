"""An area of the API that holds one object at most: it is read and set at one path, and null where it is not set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pulumi_spectrum.client.checked_requests import MAX_CHECK_AGE_SECONDS, MAX_CHECKS, CheckedRequest, OnSend
from pulumi_spectrum.client.errors import NotFound, SpectrumError, failing_as
from pulumi_spectrum.client.list_cache import SendTime
from pulumi_spectrum.client.responses import Row, decode

if TYPE_CHECKING:
    from pulumi_spectrum.client.transport import Transport  # loads requests

R = TypeVar("R", bound=Row)


class _AlreadySet(Exception):
    """The object that was to be created is set already."""


class SingletonArea(Generic[R]):
    """The one object of an area.

    Args:
        transport: Sends the requests.
    """

    row: ClassVar[Any]
    """The class of the object as the API returns it."""
    path: ClassVar[str]
    """Where it is, below the project."""
    method: ClassVar[str]
    """The HTTP method that sets fields of it; those that are not sent stay."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def read(self) -> R | None:
        """Return the object, or None where it is not set.

        Raises:
            NotFound: The project is not found either, which says nothing of the object.
        """
        return self._read()

    def set(self, fields: Mapping[str, Any], *, on_send: OnSend | None = None) -> R:
        """Set fields, and return the object. A second try changes nothing more, so the request is repeated.

        Args:
            fields: The fields, spelt as in the API.
            on_send: As in `Transport.request`.

        Raises:
            SpectrumError: The object may be as it was.
        """
        row: R = self._transport.request(self.method, self.path, body=fields, decode=self._decode, on_send=on_send)
        return row

    def create(self, fields: Mapping[str, Any]) -> R | None:
        """Set fields of an object that is not set, and return it. Where one is set, send nothing and return None.

        If the response is lost, the object is read: one that is there by then is the one that was sent.

        Raises:
            SpectrumError: The object is not known to be set.
        """
        request = CheckedRequest(max_age=MAX_CHECK_AGE_SECONDS, clock=self._transport.clock, max_checks=MAX_CHECKS)

        def check() -> float:
            sent = SendTime(self._transport.clock)
            if self._read(on_send=sent) is not None:
                raise _AlreadySet
            return sent.at

        try:
            return request.send(check, lambda on_send: self.set(fields, on_send=on_send))
        except _AlreadySet:
            return None
        except SpectrumError as error:
            row = self._read_after(error) if error.maybe_done and request.in_time else None
            if row is None:
                raise
            return row

    def delete(self) -> None:
        """Remove the object. Do nothing if it is not set."""
        self._transport.delete(self.path, lambda: self.read() is not None)

    def _read(self, *, on_send: OnSend | None = None) -> R | None:
        try:
            data = self._transport.request("GET", self.path, on_send=on_send)
        except NotFound:
            # Only within a project that answers does a 404 mean that the object is not set.
            self._transport.request("GET", "/")
            return None
        return None if data is None else self._decode(data)

    def _decode(self, data: Any) -> R:
        row: R = decode(self.row, data, self.path)
        return row

    def _read_after(self, failure: SpectrumError) -> R | None:
        """Return the object after a write whose outcome is not known. If that fails too, the write's failure counts."""
        with failing_as(failure):
            return self.read()
