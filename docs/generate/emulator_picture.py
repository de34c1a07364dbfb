"""The picture of the emulator's page, and beside it a text of what it shows.

Two browsers do not draw a page alike to the last dot. So the picture is drawn anew only when the page, or the data that
it shows, is not what the text says.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from headless_chromium import CHROMIUM, FLAGS

from pulumi_spectrum.emulator import Clock, Emulator

PICTURE = Path(__file__).parents[1] / "images/emulator.png"
SHOWN = PICTURE.with_suffix(".json")
PICTURE_FLAGS = (
    "--hide-scrollbars",
    "--window-size=1600,800",
    "--virtual-time-budget=5000",  # The page fetches what it shows right after it is opened.
)


class OneMoment(Clock):
    """A clock whose time of day stands still."""

    def now(self) -> datetime:
        """Return the moment at which the picture is taken."""
        return datetime(2026, 11, 2, 9, 41, 21, tzinfo=UTC)


def files() -> dict[Path, str | bytes]:
    """Return the picture and its text by their files; nothing where those that are kept are of today's page."""
    with Emulator(requests_per_second=None, project_id=_an_id(1), clock=OneMoment()) as emulator:
        fill(emulator)
        page = describe(emulator)
        kept = PICTURE.read_bytes() if PICTURE.exists() else b""
        if SHOWN.exists() and SHOWN.read_text(encoding="utf-8") == _as_text(kept, page):
            return {}
        drawn = draw(emulator.url)
        return {SHOWN: _as_text(drawn, page), PICTURE: drawn}


def fill(emulator: Emulator) -> None:
    """Give the project what the page has a table for, and send some requests."""
    project = emulator.project
    project.change(name="Support bot")
    project.webhooks.add(id=_an_id(2), webhookUrl="https://app.example.com/spectrum")
    project.webhooks.add(id=_an_id(3), webhookUrl="https://staging.example.com/spectrum")
    project.webhooks.change(_an_id(3), enabled=False)
    project.platforms.set("imessage", enabled=True)
    line = project.lines.add(id=_an_id(4), firstName="Acme", lastName="Support")["phoneNumber"]
    alice = {"phoneNumber": "+14155550123", "firstName": "Alice", "email": "alice@example.com"}
    project.users.add(id=_an_id(5), assignedPhoneNumber="+14155954499", **alice)
    bob = {"type": "dedicated", "phoneNumber": "+14155550124", "assignedPhoneNumber": line, "firstName": "Bob"}
    project.users.add(id=_an_id(6), **bob)
    for path in ("/webhooks/", "/lines/", "/users/", "/platforms/", "/nothing"):
        _ask(emulator, "GET", path)
    _ask(emulator, "POST", "/users/", {"type": "shared", **alice})


def describe(emulator: Emulator) -> dict[str, Any]:
    """Return what the page is, and the data that it shows, but for how long the requests took."""
    page = requests.get(emulator.url, timeout=10).content
    data: dict[str, Any] = requests.get(f"{emulator.url}/_page/state", timeout=10).json()
    for request in data["requests"]:
        del request["milliseconds"]
    return {"page": hashlib.sha256(page).hexdigest(), **data}


def draw(url: str) -> bytes:
    """Return a picture of the page in a wide window."""
    if CHROMIUM is None:
        sys.exit(f"{PICTURE.name} shows another page than today's. To draw it anew, Chromium has to be on PATH.")
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / PICTURE.name
        command = [CHROMIUM, *FLAGS, *PICTURE_FLAGS, f"--user-data-dir={folder}/profile", f"--screenshot={drawn}", url]
        environment = {**os.environ, "TZ": "UTC", "LANG": "en_US.UTF-8"}
        subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603
        return drawn.read_bytes()


def _as_text(picture: bytes, page: Mapping[str, Any]) -> str:
    return json.dumps({"picture": hashlib.sha256(picture).hexdigest(), **page}, indent=2) + "\n"


def _ask(emulator: Emulator, method: str, path: str, body: Any = None) -> None:
    auth = (emulator.project_id, emulator.project_secret)
    url = f"{emulator.url}/projects/{emulator.project_id}{path}"
    requests.request(method, url, json=body, auth=auth, timeout=10)


def _an_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"
