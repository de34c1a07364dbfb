"""Requests that are refused while a platform is off."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pulumi_spectrum.client import ClientSettings, Conflict, PlanRefused, ServiceFailed, SpectrumClient
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.messages.failures import Refusal
from pulumi_spectrum.providers.needed_platform import platform_named_if_off


@pytest.fixture
def spectrum(live_settings: ClientSettings) -> Iterator[SpectrumClient]:
    with SpectrumClient(live_settings) as client:
        yield client


@contextmanager
def refused() -> Iterator[None]:
    yield
    raise PlanRefused("disabled platform", method="PUT", path="/slack/", status=403)


def test_platform_that_is_off_is_named(spectrum: SpectrumClient) -> None:
    """The refusal keeps the service's words and says which resource turns the platform on."""
    with pytest.raises(Refusal) as caught, platform_named_if_off(spectrum, "slack"), refused():
        pass
    assert str(caught.value) == (
        'PUT /slack/ failed (HTTP 403): disabled platform. The platform "slack" is off in this project, which is most '
        'likely why. Turn it on with a Platform resource, platform="slack", and name that one in this resource\'s '
        "option depends_on, so that it is on first."
    )


def test_refusal_while_the_platform_is_on_stays_as_it_is(spectrum: SpectrumClient, project: ProjectHandle) -> None:
    """A refusal for another reason is not explained by the platform."""
    project.platforms.set("slack", enabled=True)
    with pytest.raises(PlanRefused), platform_named_if_off(spectrum, "slack"), refused():
        pass


def test_refusal_stays_where_the_platform_cannot_be_read(spectrum: SpectrumClient, emulator: Emulator) -> None:
    """What the person has to know first is the refusal itself."""
    emulator.faults.add(Fault(method="GET", path="*/platforms/", status=401))
    with pytest.raises(PlanRefused), platform_named_if_off(spectrum, "slack"), refused():
        pass


@pytest.mark.parametrize("error", [ServiceFailed("down", status=503), ValueError("a bug")])
def test_other_failures_cause_no_request(error: Exception, spectrum: SpectrumClient, emulator: Emulator) -> None:
    """Only after a refusal is the platform looked at."""
    emulator.requests.clear()
    with pytest.raises(type(error)), platform_named_if_off(spectrum, "slack"):
        raise error
    assert len(emulator.requests) == 0


def test_conflict_counts_as_a_refusal(spectrum: SpectrumClient) -> None:
    """The status of the refusal is in no source: a 409 is explained as a 403 is."""
    with pytest.raises(Refusal, match='platform "voice" is off'), platform_named_if_off(spectrum, "voice"):
        raise Conflict("voice is off", status=409)
