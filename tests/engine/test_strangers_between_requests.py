"""What somebody else makes between two requests of one `pulumi up`: it is theirs, whatever becomes of our requests."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.request_log import Request

URL = "https://inbox.example.com/second"
PHONE = "+14155550002"


class Stranger:
    """Acts once, right after the service has answered the request that is waited for."""

    def __init__(self) -> None:
        self.rest()

    def rest(self) -> None:
        self._after: tuple[str, str, Callable[[], Any]] | None = None

    def act_after(self, method: str, text: str, act: Callable[[], Any]) -> None:
        self._after = (method, text, act)

    def __call__(self, request: Request) -> None:
        if self._after is None:
            return
        method, text, act = self._after
        if request.method == method and text in f"{request.path} {request.body}":
            self._after = None
            act()


STRANGER = Stranger()


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    yield STRANGER
    STRANGER.rest()


@pytest.mark.spectrum_emulator(on_answer=STRANGER)
@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_webhook_of_a_moment_ago_is_not_deleted(
    spectrum: Emulator, make_stack: Any, stranger: Stranger, drop: str
) -> None:
    """Somebody registers the URL while `up` is at work, and our own registration of it is lost: theirs stays."""
    webhooks = spectrum.project.webhooks
    stranger.act_after("POST", "/first", lambda: webhooks.add(webhookUrl=URL))
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", skip=1, drop=drop))

    def program() -> None:
        first = spectrum_sdk.Webhook("first", webhook_url="https://inbox.example.com/first")
        spectrum_sdk.Webhook("second", webhook_url=first.id.apply(lambda _: URL))

    stack = make_stack(program)
    run = stack.up(fails=True)
    (theirs,) = [row for row in webhooks if row["webhookUrl"] == URL]
    assert f"second: error: This webhook_url is registered already (id {theirs['id']})" in "\n".join(run.messages)
    assert webhooks.deleted == []


@pytest.mark.spectrum_emulator(on_answer=STRANGER)
def test_a_user_of_a_moment_ago_is_not_taken_over(spectrum: Emulator, make_stack: Any, stranger: Stranger) -> None:
    """Somebody creates a user while `up` is at work, more than a second before ours: it is refused, and unchanged."""
    users = spectrum.project.users
    stranger.act_after("POST", "+14155550001", lambda: users.add(phoneNumber=PHONE, firstName="Mallory"))
    spectrum.faults.add(Fault(method="POST", path="*/users/", delay=1.1, delay_when="after"))

    def program() -> None:
        first = spectrum_sdk.User("first", phone_number="+14155550001")
        spectrum_sdk.User("second", phone_number=first.id.apply(lambda _: PHONE), first_name="Ann")

    stack = make_stack(program)
    run = stack.up(fails=True)
    assert "second: error: A user with this phone_number is there already" in "\n".join(run.messages)
    assert [row["firstName"] for row in users if row["phoneNumber"] == PHONE] == ["Mallory"]


def _delete_between_pages(spectrum: Emulator, stranger: Stranger) -> None:
    """Of 501 users, have the first deleted after the first page is read."""
    users = spectrum.project.users
    for number in range(501):
        users.add(phoneNumber=f"+1415556{number:04}", firstName="Mallory")
    (first, *_) = users.ids
    stranger.act_after("GET", "/users/", lambda: users.remove(first))


@pytest.mark.spectrum_emulator(on_answer=STRANGER)
def test_a_user_who_moves_between_pages_is_not_taken_over(
    spectrum: Emulator, make_stack: Any, stranger: Stranger
) -> None:
    """The 501st user, who moves to the first page while the second is read, is there: a create is refused."""
    _delete_between_pages(spectrum, stranger)
    stack = make_stack(lambda: spectrum_sdk.User("last", phone_number="+14155560500", first_name="Ann") and None)
    run = stack.up(fails=True)
    assert "last: error: A user with this phone_number is there already" in "\n".join(run.messages)
    assert spectrum.project.users.rows[-1]["firstName"] == "Mallory"
