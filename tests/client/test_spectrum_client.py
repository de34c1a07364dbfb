"""The client as a whole: its areas are made when they are first used."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from pulumi_spectrum.client import ClientSettings, SpectrumClient

AREAS = ["project", "webhooks", "platforms", "lines", "users", "sip_inbound", "slack_app", "whatsapp"]
THREADS = 8


@pytest.mark.parametrize("area", AREAS)
def test_threads_share_an_area(area: str) -> None:
    """Threads that use an area of a client for the first time at once get the same one, with one list."""
    together = Barrier(THREADS)
    with SpectrumClient(ClientSettings("p-1", "s3cr3t")) as spectrum, ThreadPoolExecutor(THREADS) as pool:

        def first_use(_: int) -> object:
            together.wait()
            return getattr(spectrum, area)

        assert len({id(each) for each in pool.map(first_use, range(THREADS))}) == 1
        assert getattr(spectrum, area) is getattr(spectrum, area)


@pytest.mark.parametrize("area", AREAS)
def test_clients_share_no_area(area: str) -> None:
    """Each client has areas of its own: another project's lists are not its own."""
    with (
        SpectrumClient(ClientSettings("p-1", "s3cr3t")) as one,
        SpectrumClient(ClientSettings("p-2", "s3cr3t")) as other,
    ):
        assert getattr(one, area) is not getattr(other, area)
