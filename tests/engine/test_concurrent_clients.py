"""Objects that another client creates between two requests of one `pulumi up` are neither deleted nor adopted."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.request_log import Request

URL = "https://inbox.example.com/second"
PHONE = "+14155550002"


class OtherClient:
    """Acts once, right after the service has answered the awaited request."""

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


OTHER_CLIENT = OtherClient()


@pytest.fixture
def other_client() -> Iterator[OtherClient]:
    yield OTHER_CLIENT
    OTHER_CLIENT.rest()


@pytest.mark.spectrum_emulator(on_answer=OTHER_CLIENT)
@pytest.mark.parametrize("drop", ["before", "after"])
def test_webhook_registered_during_up_is_not_deleted(
    spectrum: Emulator, make_stack: Any, other_client: OtherClient, drop: str
) -> None:
    """A webhook that another client registers during `up` stays when our own registration of its URL fails."""
    webhooks = spectrum.project.webhooks
    other_client.act_after("POST", "/first", lambda: webhooks.add(webhookUrl=URL))
    spectrum.faults.add(Fault(method="POST", path="*/webhooks/", skip=1, drop=drop))

    def program() -> None:
        first = spectrum_sdk.Webhook("first", webhook_url="https://inbox.example.com/first")
        spectrum_sdk.Webhook("second", webhook_url=first.id.apply(lambda _: URL))

    stack = make_stack(program)
    run = stack.up(fails=True)
    (registered,) = [row for row in webhooks if row["webhookUrl"] == URL]
    assert f"second: error: This webhook_url is registered already (id {registered['id']})" in "\n".join(run.messages)
    assert webhooks.deleted == []


@pytest.mark.spectrum_emulator(on_answer=OTHER_CLIENT)
def test_user_created_during_up_is_not_adopted(spectrum: Emulator, make_stack: Any, other_client: OtherClient) -> None:
    """A user whom another client creates during `up`, over a second before our request, is refused and unchanged."""
    users = spectrum.project.users
    other_client.act_after("POST", "+14155550001", lambda: users.add(phoneNumber=PHONE, firstName="Mallory"))
    spectrum.faults.add(Fault(method="POST", path="*/users/", delay=1.1, delay_when="after"))

    def program() -> None:
        first = spectrum_sdk.User("first", phone_number="+14155550001")
        spectrum_sdk.User("second", phone_number=first.id.apply(lambda _: PHONE), first_name="Ann")

    stack = make_stack(program)
    run = stack.up(fails=True)
    assert "second: error: A user with this phone_number is there already" in "\n".join(run.messages)
    assert [row["firstName"] for row in users if row["phoneNumber"] == PHONE] == ["Mallory"]


def _delete_between_pages(spectrum: Emulator, other_client: OtherClient) -> None:
    """Create 501 users, and delete the first one after the first page of users is read."""
    users = spectrum.project.users
    for number in range(501):
        users.add(phoneNumber=f"+1415556{number:04}", firstName="Mallory")
    (first, *_) = users.ids
    other_client.act_after("GET", "/users/", lambda: users.remove(first))


@pytest.mark.spectrum_emulator(on_answer=OTHER_CLIENT)
def test_user_who_moves_between_pages_is_found(spectrum: Emulator, make_stack: Any, other_client: OtherClient) -> None:
    """The 501st user, who moves to page one while page two is read, is found, and creating that user is refused."""
    _delete_between_pages(spectrum, other_client)
    stack = make_stack(lambda: spectrum_sdk.User("last", phone_number="+14155560500", first_name="Ann") and None)
    run = stack.up(fails=True)
    assert "last: error: A user with this phone_number is there already" in "\n".join(run.messages)
    assert spectrum.project.users.rows[-1]["firstName"] == "Mallory"
