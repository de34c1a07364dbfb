"""The progress shown while a project is read."""

import io
import sys

import pytest

from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.client import wait_reports
from pulumi_spectrum.kinds import Live


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Things:
    """A kind whose list is read after a wait for the rate limit."""

    plural = "things"

    def read_all(self, spectrum: str) -> list[Live]:
        wait_reports.report_wait("the rate limit", 7.0)
        return [Live(spectrum)]


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO()], ids=["terminal", "file"])
def test_progress(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress and rate limit waits are shown on a terminal only; the rows are returned either way."""
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    assert LiveProject("spectrum").read_all(Things()) == [Live("spectrum")]
    assert ("Reading things: waiting for the rate limit, about 7 s" in stream.getvalue()) is stream.isatty()
