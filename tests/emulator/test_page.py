"""The page, in a real browser."""

import json
import os
import re
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

import pulumi_spectrum
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.testing import SpectrumStack

HEADLESS = runpy.run_path(str(Path(__file__).parents[2] / "docs/generate/headless_chromium.py"))
CHROMIUM: str | None = HEADLESS["CHROMIUM"]
FLAGS = (*HEADLESS["FLAGS"], "--remote-debugging-pipe")
WITH_PIPES = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)
"""Chromium reads from file descriptor 3 and writes to 4."""

DEADLINE = 30


class Browser:
    """Chromium with one page, controlled over its debugging pipe.

    Args:
        profile: An empty folder for its profile.
    """

    def __init__(self, profile: Path) -> None:
        from_us, self._out = os.pipe()
        self._in, to_us = os.pipe()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                WITH_PIPES,
                str(from_us),
                str(to_us),
                str(CHROMIUM),
                *FLAGS,
                f"--user-data-dir={profile}",
            ],
            pass_fds=(from_us, to_us),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(from_us)
        os.close(to_us)
        self._received = b""
        self._sent = 0
        self._session: dict[str, str] = {}
        self.events: list[dict[str, Any]] = []

    def start(self) -> None:
        """Open an empty page."""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}

    def send(self, method: str, **parameters: Any) -> Any:
        """Send one command and return its result."""
        self._sent += 1
        message = {"id": self._sent, "method": method, "params": parameters, **self._session}
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self._sent:
                assert "error" not in answer, answer
                return answer["result"]
            if self._session:
                self.events.append(answer)

    def open(self, url: str) -> None:
        """Open a page, and record its errors and its requests."""
        for domain in ("Page", "Log", "Runtime", "Network"):
            self.send(f"{domain}.enable")
        self.send("Page.navigate", url=url)

    def prefer(self, scheme: str) -> None:
        """Set the preferred colour scheme to light or dark."""
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def text(self) -> str:
        """Return the visible text."""
        return self.run("document.body?.innerText ?? ''")

    def close(self) -> None:
        """End the browser, and wait until it has ended."""
        self._process.terminate()
        self._process.wait(DEADLINE)
        os.close(self._in)
        os.close(self._out)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._received:
            received = os.read(self._in, 1 << 16)
            assert received, "the browser has ended"
            self._received += received
        message, _, self._received = self._received.partition(b"\0")
        return json.loads(message)


def wait_for(condition: Callable[[], Any]) -> Any:
    """Return the value of a condition when it becomes true."""
    deadline = time.monotonic() + DEADLINE
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
    return value


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium on PATH")
    browser = Browser(tmp_path_factory.mktemp("profile"))
    try:
        browser.start()
        yield browser
    finally:
        browser.close()


@pytest.fixture
def watched(chromium: Browser) -> Iterator[Emulator]:
    """An emulator with some rows, whose page is open."""
    with Emulator(requests_per_second=None) as emulator:
        project = emulator.project
        project.change(name="Support bot")
        project.webhooks.add(webhookUrl="https://app.example.com/spectrum")
        paused = project.webhooks.add(webhookUrl="https://staging.example.com/spectrum")
        project.webhooks.change(paused["id"], enabled=False)
        project.platforms.set("imessage", enabled=True)
        line = project.lines.add(firstName="Acme", lastName="Support")
        project.users.add(phoneNumber="+14155550123", firstName="Alice", email="alice@example.com")
        project.users.add(
            type="dedicated", phoneNumber="+14155550124", assignedPhoneNumber=line["phoneNumber"], firstName="Bob"
        )
        chromium.events.clear()
        chromium.prefer("light")
        chromium.open(emulator.url)
        wait_for(lambda: emulator.project_id in chromium.text())
        yield emulator


def ask(emulator: Emulator, method: str, path: str, body: Any = None) -> Any:
    """Send a request to the API as a stack would."""
    auth = (emulator.project_id, emulator.project_secret)
    return requests.request(
        method, f"{emulator.url}/projects/{emulator.project_id}{path}", json=body, auth=auth, timeout=5
    )


def test_page_shows_the_project(watched: Emulator, chromium: Browser) -> None:
    """The page shows webhooks, platforms, lines and users."""
    text = chromium.text()
    expected = [
        "2 webhooks, 1 line, 2 users",
        "https://app.example.com/spectrum",
        "disabled",
        "imessage",
        "Acme Support",
        "+14155550123",
        "alice@example.com",
        watched.project_id,
    ]
    assert [each for each in expected if each not in text] == []


def test_page_updates_without_reloading(watched: Emulator, chromium: Browser) -> None:
    """A registered webhook appears with its request, and a deleted one disappears."""
    row = ask(watched, "POST", "/webhooks/", {"webhookUrl": "https://new.example.com/hook"}).json()["data"]
    wait_for(lambda: "https://new.example.com/hook" in chromium.text())
    newest = "document.querySelector('#requests tbody tr').innerText"
    assert re.search(r"POST\s+/projects/.{8}…/webhooks/\s+200", chromium.run(newest))
    ask(watched, "DELETE", f"/webhooks/{row['id']}")
    wait_for(lambda: "https://new.example.com/hook" not in chromium.text())


def test_page_shows_a_pulumi_up(watched: Emulator, chromium: Browser, tmp_path: Path) -> None:
    """A webhook that `pulumi up` creates appears on the open page."""
    url = "https://made.example.com/by-pulumi"
    stack = SpectrumStack(
        tmp_path / "backend",
        lambda: pulumi_spectrum.Webhook("inbox", webhook_url=url),
        environment=watched.environment,
    )
    stack.up()
    wait_for(lambda: url in chromium.text())
    stack.destroy()
    wait_for(lambda: url not in chromium.text())


def test_page_updates_every_half_second(watched: Emulator, chromium: Browser) -> None:
    """The page fetches the state at least twice a second."""
    assert chromium.run("EVERY_MILLISECONDS") <= 500


def test_page_shows_failures_and_pending_faults(watched: Emulator, chromium: Browser) -> None:
    """The page shows statuses, "no answer" for dropped connections, and the number of pending faults."""
    watched.faults.add(Fault(method="GET", status=503), Fault(drop="before"), Fault(status=500))
    ask(watched, "GET", "/lines/")
    with pytest.raises(requests.ConnectionError):
        ask(watched, "GET", "/users/")
    wait_for(lambda: all(word in chromium.text() for word in ("503", "no answer", "1 fault waiting")))


def test_page_holds_no_secret(watched: Emulator, chromium: Browser) -> None:
    """Neither the page nor the data that it fetches holds a secret. The page shows masks in their place."""
    ask(watched, "POST", "/webhooks/", {"webhookUrl": "https://new.example.com/hook"})
    wait_for(lambda: "https://new.example.com/hook" in chromium.text())
    seen = (
        chromium.run("document.documentElement.outerHTML") + requests.get(f"{watched.url}/_page/state", timeout=5).text
    )
    assert [secret for secret in watched.given_secrets if secret in seen] == []
    assert "••••••••" in seen


def test_page_makes_no_other_requests_and_no_errors(watched: Emulator, chromium: Browser) -> None:
    """Every request of the page goes to the emulator, and the console stays empty."""
    ask(watched, "GET", "/lines/")
    wait_for(lambda: "/lines/" in chromium.text())
    asked = [
        event["params"]["request"]["url"] for event in chromium.events if event["method"] == "Network.requestWillBeSent"
    ]
    assert asked
    assert [url for url in asked if not url.startswith(watched.url)] == []
    loud = {"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"}
    complaints = [event for event in chromium.events if event["method"] in loud]
    assert [each for each in complaints if "favicon" not in str(each)] == []


def test_page_says_when_the_emulator_has_stopped(watched: Emulator, chromium: Browser) -> None:
    """The page says that the emulator does not answer, and goes on when it does again."""
    watched.stop()
    wait_for(lambda: "does not answer" in chromium.text())
    watched.start()
    wait_for(lambda: "does not answer" not in chromium.text())


def test_markup_in_a_name_is_shown_as_text(watched: Emulator, chromium: Browser) -> None:
    """A name that is markup is shown as text and not run."""
    name = "<img src=x onerror='document.title=1'>"
    watched.project.users.add(phoneNumber="+14155550177", firstName=name)
    wait_for(lambda: name in chromium.text())
    assert chromium.run("document.querySelectorAll('img').length") == 0


def test_page_is_accessible_to_screen_readers(watched: Emulator, chromium: Browser) -> None:
    """Tables have captions and column headings, changes are announced, and regions have names."""
    assert chromium.run("document.documentElement.lang") == "en"
    captions = chromium.run("[...document.querySelectorAll('caption')].map((each) => each.innerText)")
    assert captions == ["Webhooks 2", "Platforms 1 on", "Lines 1", "Users 2", "Last requests none"]
    assert chromium.run("document.querySelectorAll('th:not([scope=col])').length") == 0
    assert chromium.run("document.querySelectorAll('[role=status], [role=alert]').length") == 2
    nodes = chromium.send("Accessibility.getFullAXTree")["nodes"]
    regions = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "region"]
    assert regions == ["Support bot", "Webhooks", "Platforms", "Lines", "Users"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast_in_light_and_dark(scheme: str, watched: Emulator, chromium: Browser) -> None:
    """Every text has at least the contrast of 4.5 to 1 that WCAG asks for, in both colour schemes."""
    chromium.prefer(scheme)
    colours = chromium.run(
        """[...document.querySelectorAll("h1, h2, p, th, td, caption, caption span, code")]
            .filter((each) => each.innerText)
            .map((each) => [each, each.closest(".panel") ?? document.body])
            .map(([text, ground]) => [getComputedStyle(text).color, getComputedStyle(ground).backgroundColor])"""
    )
    assert len({background for _, background in colours}) == 2
    assert [pair for pair in colours if contrast(*pair) < 4.5] == []


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, as WCAG 2.2 defines it."""

    def luminance(colour: str) -> float:
        channels = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, brighter = sorted([luminance(one), luminance(other)])
    return (brighter + 0.05) / (darker + 0.05)


def test_page_is_no_wider_than_the_window(watched: Emulator, chromium: Browser) -> None:
    """In a wide window, in which the documentation shows it, the page need not be moved sideways."""
    for path in ("/webhooks/", "/lines/", "/users/", "/platforms/", "/nothing"):
        ask(watched, "GET", path)
    wait_for(lambda: "/nothing" in chromium.text())
    chromium.send("Emulation.setDeviceMetricsOverride", width=1600, height=800, deviceScaleFactor=1, mobile=False)
    assert chromium.run("document.documentElement.scrollWidth <= window.innerWidth")
