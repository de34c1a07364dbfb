"""What a project is, what it pays for, and the one client of its settings."""

import contextlib
import threading
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


def test_the_project_is_read(area: Project, project: ProjectHandle) -> None:
    """Name, slug and profile are the service's."""
    row = project.change(name="Acme", slug="acme", firstName="Ann")
    read = area.read()

    assert (read.name, read.slug) == (row["name"], row["slug"]) == ("Acme", "acme")
    assert read.profile is not None
    assert read.profile.first_name == "Ann"


@pytest.mark.parametrize("unset", ["null", "nulls", "missing"])
def test_a_profile_that_was_never_set_has_no_names(unset: str, area: Project, emulator: Emulator) -> None:
    """The service says null, an object of nulls, or 404 where only the profile is asked for."""
    emulator.switch(unset_profile=unset)
    profile = area.read().profile

    assert (profile and profile.first_name, profile and profile.last_name) == (None, None)


@pytest.mark.parametrize("has_id", [True, False])
def test_an_id_in_the_row_changes_nothing(has_id: bool, area: Project, emulator: Emulator) -> None:
    """Some deployments send the project's id, some do not."""
    emulator.switch(project_row_has_id=has_id)

    assert area.read().name == "Emulated project"


def test_the_subscription_is_read(area: Project, project: ProjectHandle) -> None:
    """The plan is read although the API spells this object in snake_case."""
    project.plan = "pro"
    subscription = area.subscription()

    assert subscription.tier == "pro"
    assert subscription.cancel_at_period_end is False


def test_a_subscription_may_not_say_when_it_ends(area: Project, emulator: Emulator) -> None:
    """Some servers leave cancel_at_period_end out."""
    emulator.switch(subscription_has_cancel_at_period_end=False)

    assert area.subscription().cancel_at_period_end is None


def test_how_imessage_serves_is_read(area: Project) -> None:
    """A project's iMessage runs on shared numbers or on its own lines."""
    assert area.imessage().type in {"shared", "dedicated"}


def test_a_client_reaches_every_area(live_settings: ClientSettings, project: ProjectHandle) -> None:
    """One client serves one project, area by area."""
    spectrum = SpectrumClient(live_settings)
    project.users.add(phoneNumber="+14155550123")

    assert spectrum.project_id == project.id
    assert spectrum.project.read().name == "Emulated project"
    assert (len(spectrum.users.all()), spectrum.webhooks.all(), spectrum.lines.all()) == (1, [], [])
    assert len(spectrum.platforms.all()) == 4


def test_the_process_has_one_client_of_the_same_settings(live_settings: ClientSettings) -> None:
    """Connections, pace and lists are shared by everybody who uses the same settings, and by nobody else."""
    assert client_for(live_settings) is client_for(replace(live_settings))
    assert client_for(live_settings) is not client_for(replace(live_settings, project_id="another"))


def test_a_wrong_secret_is_refused_without_being_shown(live_settings: ClientSettings) -> None:
    """The error of wrong credentials holds neither of the two secrets."""
    with pytest.raises(CredentialsRefused) as caught:
        SpectrumClient(replace(live_settings, project_secret="not-the-right-one")).project.read()

    assert str(caught.value) == "GET / failed (HTTP 401): Invalid credentials."
    assert "not-the-right-one" not in repr(vars(caught.value))


def test_one_client_for_all_threads(live_settings, monkeypatch):
    """Threads that ask for a client before there is one get the same: its locks hold for all of them."""
    both = threading.Barrier(2)

    def make_client(_settings):
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.2)
        return object()

    monkeypatch.setattr("pulumi_spectrum.client.spectrum_client.SpectrumClient", make_client)
    settings = replace(live_settings, project_id="asked-for-twice")
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(client_for, [settings, settings])
    assert one is other


def test_a_closed_client_has_no_open_connections(live_settings: ClientSettings) -> None:
    """At the end of a `with` block the connections are closed, from whichever thread they were opened."""
    with SpectrumClient(live_settings) as spectrum:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: spectrum.project.read(), range(2)))
        session = spectrum._transport._session
        adapter: Any = session.get_adapter(live_settings.base_url)
        pools = adapter.poolmanager.pools
        assert len(pools) == 1
    assert len(pools) == 0
