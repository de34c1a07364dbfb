"""Requests whose responses nobody waits for any more."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import responses

from pulumi_spectrum.client import Abandoned, ServiceFailed
from pulumi_spectrum.client.abandonment import abandoned_when
from pulumi_spectrum.client.transport import Transport


def test_nothing_is_sent_once_nobody_waits(service: responses.RequestsMock, transport: Transport) -> None:
    """A request that comes after the end is not sent."""
    with abandoned_when(lambda: True), pytest.raises(Abandoned):
        transport.request("DELETE", "/thing")

    assert len(service.calls) == 0


def test_nothing_is_repeated_once_nobody_waits(
    service: responses.RequestsMock, answers: Callable[..., None], transport: Transport
) -> None:
    """A request that failed before the end is not repeated, and its error says that it may have been carried out."""
    answers(503, 200)

    with abandoned_when(lambda: len(service.calls) > 0), pytest.raises(ServiceFailed) as caught:
        transport.request("PATCH", "/thing")

    assert (len(service.calls), caught.value.maybe_done) == (1, True)


def test_request_is_sent_while_somebody_waits(answers: Callable[..., None], transport: Transport) -> None:
    """Within the block requests are sent as usual, and outside of it as well."""
    answers(200)
    with abandoned_when(lambda: False):
        assert transport.request("GET", "/thing") == 1

    assert transport.request("GET", "/thing") == 1
