"""The project, its subscription, and the client that is shared for equal settings."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from pulumi_spectrum.client import ClientSettings, CredentialsRefused, SpectrumClient, client_for
from pulumi_spectrum.client.project import Project
from pulumi_spectrum.client.transport import Transport
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.handles import ProjectHandle


@pytest.fixture
def area(live_transport: Transport) -> Project:
    return Project(live_transport)


def test_project_is_read(area: Project, project: ProjectHandle) -> None:
    """The project's name, slug and profile are returned as the API has them."""
    row = project.change(name="Acme", slug="acme", firstName="Ann")
    read = area.read()

    assert (read.name, read.slug) == (row["name"], row["slug"]) == ("Acme", "acme")
    assert read.profile is not None
    assert read.profile.first_name == "Ann"


@pytest.mark.parametrize("unset", ["null", "nulls", "missing"])
def test_unset_profile_has_no_names(unset: str, area: Project, emulator: Emulator) -> None:
    """A profile that was never set has no names, whether the API returns null, an object of nulls, or a 404."""
    emulator.switch(unset_profile=unset)
    profile = area.read().profile

    assert (profile and profile.first_name, profile and profile.last_name) == (None, None)


@pytest.mark.parametrize("has_id", [True, False])
def test_project_row_may_have_an_id(has_id: bool, area: Project, emulator: Emulator) -> None:
    """The project is read with and without an id in its row."""
    emulator.switch(project_row_has_id=has_id)

    assert area.read().name == "Emulated project"


def test_subscription_is_read(area: Project, project: ProjectHandle) -> None:
    """The subscription is read, although the API spells it in snake_case."""
    project.plan = "pro"
    subscription = area.subscription()

    assert subscription.tier == "pro"
    assert subscription.cancel_at_period_end is False


def test_subscription_without_cancel_at_period_end(area: Project, emulator: Emulator) -> None:
    """A subscription without cancel_at_period_end is read with None for it."""
    emulator.switch(subscription_has_cancel_at_period_end=False)

    assert area.subscription().cancel_at_period_end is None


def test_imessage_type_is_read(area: Project) -> None:
    """The type says whether iMessage uses shared numbers or the project's own lines."""
    assert area.imessage().type in {"shared", "dedicated"}


def test_client_has_every_area(live_settings: ClientSettings, project: ProjectHandle) -> None:
    """One client reads every area of its project."""
    spectrum = SpectrumClient(live_settings)
    project.users.add(phoneNumber="+14155550123")

    assert spectrum.project_id == project.id
    assert spectrum.project.read().name == "Emulated project"
    assert (len(spectrum.users.all()), spectrum.webhooks.all(), spectrum.lines.all()) == (1, [], [])
    assert len(spectrum.platforms.all()) == 4


def test_one_client_for_the_same_settings(live_settings: ClientSettings) -> None:
    """`client_for` returns the same client for equal settings, and another for different ones."""
    assert client_for(live_settings) is client_for(replace(live_settings))
    assert client_for(live_settings) is not client_for(replace(live_settings, project_id="another"))


def test_error_of_a_wrong_secret_hides_it(live_settings: ClientSettings) -> None:
    """The error of refused credentials holds neither the project's secret nor the wrong one."""
    with pytest.raises(CredentialsRefused) as caught:
        SpectrumClient(replace(live_settings, project_secret="not-the-right-one")).project.read()

    assert str(caught.value) == "GET / (reading the project) failed (HTTP 401): Invalid credentials."
    assert "not-the-right-one" not in repr(vars(caught.value))


@pytest.fixture
def frequent_thread_switches() -> Iterator[None]:
    """The interpreter changes threads so often that several are inside one function at the same moment."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("frequent_thread_switches")
def test_threads_get_one_client_of_the_same_settings(
    live_settings: ClientSettings, in_threads: Callable[..., list[Any]]
) -> None:
    """Threads that call `client_for` at the same moment get the same client, so that its locks hold for all of them."""
    for number in range(20):
        new = replace(live_settings, project_id=f"project-{number}")
        assert len({id(client) for client in in_threads(*[lambda new=new: client_for(new)] * 8)}) == 1


def test_closed_client_has_no_open_connections(live_settings: ClientSettings) -> None:
    """At the end of a `with` block all connections are closed, whichever thread opened them."""
    with SpectrumClient(live_settings) as spectrum:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: spectrum.project.read(), range(2)))
        session = spectrum._transport._session
        adapter: Any = session.get_adapter(live_settings.base_url)
        pools = adapter.poolmanager.pools
        assert len(pools) == 1
    assert len(pools) == 0
