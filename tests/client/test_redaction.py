"""Values of arguments are hidden in messages that the service repeats them in, and the rest stays readable."""

import html
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from pulumi_spectrum.client import RequestRefused
from pulumi_spectrum.client.redaction import hide, hiding, values_to_hide
from pulumi_spectrum.client.transport import Transport

ROOT = "https://spectrum.example.com/projects/project-1"
URL = 'https://hooks.example.com/in?token=T0k3n"& ümlaut-abcdef'
VALUES = {
    URL: "webhookUrl",
    "+14155550123": "phoneNumber",
    "ann.smith@example.org": "email",
    "Ann-Sophie  Müller": "firstName",
    "Bo": "lastName",
    "Li": "first",
    "al": "second",
}


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (f"{URL} is not valid", "[webhookUrl] is not valid"),
        (f"{URL.upper()} is not valid", "[webhookUrl] is not valid"),
        (f"{quote(URL)} is not valid", "[webhookUrl] is not valid"),
        (f"{quote(URL, safe='')}!", "[webhookUrl]!"),
        (f"{quote_plus(URL)}!", "[webhookUrl]!"),
        (f"{json.dumps(URL)} is not valid", '"[webhookUrl]" is not valid'),
        (f"{html.escape(URL)}.", "[webhookUrl]."),
        (f"{URL[:40]}… is too long", "[webhookUrl]… is too long"),
        ("token=T0k3n is expired", "[webhookUrl] is expired"),
        ("+14155550123 is on a list", "[phoneNumber] is on a list"),
        ("number 14155550123", "number [phoneNumber]"),
        ("%2B14155550123", "[phoneNumber]"),
        ("1 (415) 555-0123 is on a list", "[phoneNumber] is on a list"),
        ("555-0123 has no country", "[phoneNumber] has no country"),
        ("mailbox ann.smith is full", "mailbox [email] is full"),
        ("Ann.Smith@Example.org: unknown", "[email]: unknown"),
        ("ann-sophie müller exists", "[firstName] exists"),
        ("Ann-Sophie Mu\u0308ller exists", "[firstName] exists"),
        ("Bo is too short", "[lastName] is too short"),
        ("'Bo' is too short", "'[lastName]' is too short"),
        ('"al" is too short; al dente', '"[second]" is too short; al dente'),
        # Words that happen to hold a short value, and what has nothing to do with any value, stay as they are.
        ("Both numbers about limits are below all", "Both numbers about limits are below all"),
        ("the examples of other hooks are public", "the examples of other hooks are public"),
        ("Maximum number of shared users (10) reached", "Maximum number of shared users (10) reached"),
        ("firstName must not be empty", "firstName must not be empty"),
        ("", ""),
    ],
)
def test_values_in_a_message_are_hidden(message: str, shown: str) -> None:
    """A value is hidden in any case, encoding and spacing, and in part; the rest of the message stays."""
    assert hide(message, VALUES) == shown


@given(
    value=st.text(min_size=4, max_size=60).filter(str.strip),
    before=st.text(alphabet="xyz :'(", max_size=20),
    after=st.text(alphabet="xyz :')", max_size=20),
    encode=st.sampled_from([str, str.upper, quote, quote_plus, lambda text: json.dumps(text)[1:-1], html.escape]),
)
def test_value_of_any_characters_is_hidden(value: str, before: str, after: str, encode: Any) -> None:
    """A value of any characters is hidden where a message repeats it as a word of its own, in any encoding."""
    spelled = encode(value.encode(errors="replace").decode())
    shown = hide(f"{before} {spelled} {after}", {value.encode(errors="replace").decode(): "name"})

    assert "[name]" in shown
    assert spelled not in shown.replace("[name]", "") or not spelled.strip()


def test_words_of_the_api_stay_readable() -> None:
    """Words that the API defines are shown; every other text of a body, at any depth, is confidential."""
    body = {
        "type": "shared",
        "platform": "imessage",
        "eventTypes": ["message.received"],
        "firstName": "Ann",
        "enabled": True,
        "components": [{"type": "BODY", "text": "Hello"}],
        "lastName": None,
    }

    assert values_to_hide(body, {"search": "+1415", "limit": 500, "id": ["u-1"]}, None) == {
        "Ann": "firstName",
        "Hello": "text",
        "+1415": "search",
    }


@pytest.mark.parametrize("length", range(280, 320))
def test_long_message_is_cut_after_redaction(
    length: int, service: responses.RequestsMock, transport: Transport
) -> None:
    """The values in a long message are hidden before the message is cut, so that no part of one is left."""
    message = f"{'x' * length} {URL} {URL}"
    service.post(f"{ROOT}/webhooks/", status=422, json={"succeed": False, "message": message, "code": URL})

    with pytest.raises(RequestRefused) as caught:
        transport.request("POST", "/webhooks/", body={"webhookUrl": URL})

    assert "example" not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
    assert caught.value.code == "[webhookUrl]"


def test_query_is_hidden(service: responses.RequestsMock, transport: Transport) -> None:
    """The message of a refused search does not show the phone number that was searched for."""
    service.get(f"{ROOT}/users/", status=422, json={"succeed": False, "message": "+14155550123 is no number"})

    with pytest.raises(RequestRefused, match=r"\[search\] is no number"):
        transport.request("GET", "/users/", query={"search": "+14155550123"})


def test_values_of_a_resource_are_hidden_in_every_response(
    service: responses.RequestsMock, transport: Transport
) -> None:
    """A deletion sends no argument, and a resource's values are hidden in the message of its refusal all the same."""
    service.delete(f"{ROOT}/webhooks/w", status=409, json={"succeed": False, "message": f"{URL} is being moved"})

    with hiding({URL: "webhookUrl"}), pytest.raises(RequestRefused, match=r"\): \[webhookUrl\] is being moved"):
        transport.request("DELETE", "/webhooks/w")
    with pytest.raises(RequestRefused, match="hooks"):
        transport.request("DELETE", "/webhooks/w")
