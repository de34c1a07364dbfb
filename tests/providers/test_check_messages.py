"""The sentence for each argument that is wrong, kind by kind."""

from typing import Any

import pytest

from pulumi_spectrum.providers import load

URL = "https://app.example.com/spectrum"
PHONE = "+14155550123"


def check(kind: str, **news: Any) -> list[str]:
    return [failure.reason for failure in load(kind).check({}, news).failures]


def webhook(**news: Any) -> list[str]:
    return check("webhook", **{"webhookUrl": URL, **news})


def user(**news: Any) -> list[str]:
    return check("user", **{"phoneNumber": PHONE, "type": "shared", **news})


NOT_PUBLIC = (
    "webhook_url must be reachable from the internet: a loopback, private or link-local address never gets an event."
)


FORM = "webhook_url must be a URL such as https://app.example.com/spectrum."
CREDENTIALS = "webhook_url must not hold credentials: check the signature of each event instead."
HOST = (
    "webhook_url must name a host that can exist: labels of 1 to 63 letters, digits and hyphens, and at most 253 "
    "characters in all."
)
NAME = (
    "webhook_url must name a host on the internet: a name without a dot, and one that ends in .alt, .home.arpa, "
    ".internal, .invalid, .local, .onion, never gets an event."
)
NUMBERS = (
    "webhook_url must spell an IPv4 address as four decimal numbers, such as 192.0.2.1: programs read other forms as "
    "different addresses."
)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        (17.0, "webhook_url must be text."),
        ("", "webhook_url must be a URL such as https://app.example.com/spectrum."),
        ("app.example.com/spectrum", "webhook_url must be a URL such as https://app.example.com/spectrum."),
        ("https://", "webhook_url must be a URL such as https://app.example.com/spectrum."),
        ("https://app.example.com:port/", "webhook_url must be a URL such as https://app.example.com/spectrum."),
        ("https://[::1", "webhook_url must be a URL such as https://app.example.com/spectrum."),
        ("https://app.example.com/a b", "webhook_url must be a URL such as https://app.example.com/spectrum."),
        ("https://app.example.com/\n", "webhook_url must be a URL such as https://app.example.com/spectrum."),
        ("http://app.example.com/", "webhook_url must be https, because events are never delivered in clear text."),
        ("ftp://app.example.com/", "webhook_url must be https, because events are never delivered in clear text."),
        (
            "https://user:s3cr3t@app.example.com/",
            "webhook_url must not hold credentials: check the signature of each event instead.",
        ),
        (
            "https://s3cr3t@app.example.com/",
            "webhook_url must not hold credentials: check the signature of each event instead.",
        ),
        ("https://app.example.com/#a", "webhook_url must not hold a fragment (#…), which is never sent to a server."),
        ("https://app.example.com/#", "webhook_url must not hold a fragment (#…), which is never sent to a server."),
        ("https://localhost/", NOT_PUBLIC),
        ("https://LOCALHOST/", NOT_PUBLIC),
        ("https://localhost./", NOT_PUBLIC),
        ("https://app.localhost:8443/", NOT_PUBLIC),
        ("https://127.0.0.1/", NOT_PUBLIC),
        ("https://127.1.2.3/", NOT_PUBLIC),
        ("https://0.0.0.0/", NOT_PUBLIC),
        ("https://10.1.2.3/", NOT_PUBLIC),
        ("https://172.16.0.1/", NOT_PUBLIC),
        ("https://192.168.1.1/", NOT_PUBLIC),
        ("https://169.254.169.254/", NOT_PUBLIC),
        ("https://[::1]/", NOT_PUBLIC),
        ("https://[fe80::1]/", NOT_PUBLIC),
        ("https://[fc00::1]/", NOT_PUBLIC),
        ("https://[::ffff:127.0.0.1]/", NOT_PUBLIC),
        ("https://127.1/", NOT_PUBLIC),
        ("https://2130706433/", NOT_PUBLIC),
        ("https://0x7f.0.0.1/", NOT_PUBLIC),
        ("https://0177.0.0.1/", NOT_PUBLIC),
        ("https://\uff11\uff12\uff17.0.0.1/", NOT_PUBLIC),
        ("https://%31%32%37.0.0.1/", NOT_PUBLIC),
        ("https://127\u30020\u30020\u30021/", NOT_PUBLIC),
        ("https://0/", NOT_PUBLIC),
        ("https://100.64.0.1/", NOT_PUBLIC),
        ("https://224.0.0.1/", NOT_PUBLIC),
        ("https://239.255.255.250/", NOT_PUBLIC),
        ("https://240.0.0.1/", NOT_PUBLIC),
        ("https://255.255.255.255/", NOT_PUBLIC),
        ("https://[::]/", NOT_PUBLIC),
        ("https://[ff02::1]/", NOT_PUBLIC),
        ("https://[ff0e::1]/", NOT_PUBLIC),
        ("https://[fec0::1]/", NOT_PUBLIC),
        ("https://[::7f00:1]/", NOT_PUBLIC),
        ("https://[4000::1]/", NOT_PUBLIC),
        ("https://[2001:db8::1]/", NOT_PUBLIC),
        ("https://[::ffff:10.0.0.1]/", NOT_PUBLIC),
        ("https://[64:ff9b::a00:1]/", NOT_PUBLIC),
        ("https://[64:ff9b:1::5db8:d822]/", NOT_PUBLIC),
        ("https://[2002:a00:1::1]/", NOT_PUBLIC),
        ("https://1572395042/", NUMBERS),
        ("https://0x5d.184.216.34/", NUMBERS),
        ("https://\uff19\uff13.184.216.34/", NUMBERS),
        ("https://app.example.com:0/", "webhook_url must not have port 0, to which nothing can connect."),
        ("https://app.example.com:65536/", FORM),
        ("https://[fe80::1%25eth0]/", FORM),
        ("https://[fe80::1%eth0]/", FORM),
        ("https://256.1.1.1/", FORM),
        ("https://a|b.example.com/", FORM),
        ("https://a%00b.example.com/", FORM),
        ("https://a%2fb.example.com/", FORM),
        ("https://app.example.com/\x00", FORM),
        ("https://app.example.com/\x1b[0m", FORM),
        ("https://app.example.com/\x7f", FORM),
        ("https://app.example.com/\x85", FORM),
        ("https://app.\texample.com/", FORM),
        ("https:app.example.com/a", FORM),
        ("https:/app.example.com/a", FORM),
        ("https:///app.example.com/a", FORM),
        ("https:\\\\app.example.com/a", FORM),
        ("https://app.example.com\\a", FORM),
        ("https:///s3cr3t@app.example.com/", CREDENTIALS),
        ("https:\\\\user:s3cr3t@app.example.com/", CREDENTIALS),
        ("https:s3cr3t@app.example.com/", CREDENTIALS),
        ("https://@app.example.com/", CREDENTIALS),
        ("https:\\\\app.example.com/#a", "webhook_url must not hold a fragment (#…), which is never sent to a server."),
        ("https://app..example.com/", HOST),
        ("https://.example.com/", HOST),
        ("https://app.example.com../", HOST),
        (f"https://{'a' * 64}.example.com/", HOST),
        ("https://" + "\u00fc" * 60 + ".example.com/", HOST),
        (f"https://{'a.' * 122}example.com/", HOST),
        ("https://*.example.com/", HOST),
        ("https://app,example.com/", HOST),
        ("https://intranet/", NAME),
        ("https://intranet./", NAME),
        ("https://printer.local/", NAME),
        ("https://app.INTERNAL./", NAME),
        ("https://nas.home.arpa/", NAME),
        ("https://app.invalid/", NAME),
        ("https://abcdefgh.onion/", NAME),
        ("https://localhost.alt/", NAME),
    ],
)
def test_a_webhook_url_that_gets_no_event(url: Any, problem: str) -> None:
    """A URL to which nothing can ever be delivered is refused before it is registered."""
    assert webhook(webhookUrl=url) == [problem]


@pytest.mark.parametrize(
    "url",
    [
        "https://app.example.com",
        "https://app.example.com:8443/a/b?c=d&e",
        "HTTPS://App.Example.com/",
        "https://93.184.216.34/hook",
        "https://[2606:2800:220:1::1]/hook",
        "https://bücher.example/hook",
        "https://app.localhost.example.com/",
        "https://app.example.com./",
        "https://app.test/",
        "https://local.example.com/",
        "https://mylocal.example/",
        "https://my_app.example.com/",
        f"https://{'a' * 63}.example.com/",
        "https://app.example.com/@user?redirect=https://u:p@x/\\",
        "https://[::ffff:93.184.216.34]/hook",
        "https://[64:ff9b::5db8:d822]/hook",
        "https://[2002:5db8:d822::1]/hook",
    ],
)
def test_a_webhook_url_on_the_internet(url: str) -> None:
    """Any https address on the internet is accepted, to the letter."""
    assert webhook(webhookUrl=url) == []


@pytest.mark.parametrize(
    ("argument", "value", "problem"),
    [
        ("enabled", "true", "enabled must be true or false."),
        ("enabled", 1.0, "enabled must be true or false."),
        ("eventTypes", "message.received", "event_types must be a list."),
        ("eventTypes", [], "event_types must not be empty."),
        ("eventTypes", [1.0], "event_types[0] must be 'message.received'."),
        ("eventTypes", ["message.sent"], "event_types[0] must be 'message.received'."),
        ("failureNotificationEmail", 1.0, "failure_notification_email must be text."),
        ("failureNotificationEmail", "ops", "failure_notification_email must be an e-mail address, or empty for none."),
        ("schemaVersion", "v2", "schema_version must be 'normalized-events.v1' or 'raw-inbound.v1'."),
        ("onConflict", "adopt", "on_conflict must be 'fail' or 'replace'."),
        ("secretRotation", "", "secret_rotation must not be empty."),
        ("secretRotation", 1.0, "secret_rotation must be text."),
    ],
)
def test_a_webhook_setting_that_is_wrong(argument: str, value: Any, problem: str) -> None:
    """Each setting of a webhook says what it must be."""
    assert webhook(**{argument: value}) == [problem]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (-1.0, "rotation_overlap_seconds must be at least 0."),
        (604801.0, "rotation_overlap_seconds must be at most 604800."),
        (1.5, "rotation_overlap_seconds must be a whole number."),
        ("60", "rotation_overlap_seconds must be a whole number."),
        (True, "rotation_overlap_seconds must be a whole number."),
    ],
)
def test_an_overlap_that_is_wrong(value: Any, problem: str) -> None:
    """An overlap is a whole number of seconds of up to a week."""
    assert webhook(secretRotation="1", rotationOverlapSeconds=value) == [problem]


@pytest.mark.parametrize("value", [0.0, 604800.0, 60])
def test_an_overlap_that_is_right(value: float) -> None:
    """Whole numbers come as floats from the engine, and both ends belong to the range."""
    assert webhook(secretRotation="1", rotationOverlapSeconds=value) == []


def test_an_overlap_needs_a_rotation() -> None:
    """An overlap alone would do nothing, and is refused with the reason."""
    assert webhook(rotationOverlapSeconds=60.0) == [
        "rotation_overlap_seconds needs secret_rotation: it says how long a rotated secret stays valid."
    ]


def test_an_empty_email_means_nobody() -> None:
    """Nobody is told of failures where the address is empty."""
    assert webhook(failureNotificationEmail="") == []


def test_a_webhook_needs_its_url() -> None:
    """The one argument that a webhook cannot do without is named."""
    assert check("webhook") == ["webhook_url is required."]


@pytest.mark.parametrize(
    ("news", "problem"),
    [
        ({}, "platform is required."),
        ({"platform": "telegram"}, "platform must be 'imessage', 'whatsapp_business', 'voice' or 'slack'."),
        ({"platform": 1.0}, "platform must be 'imessage', 'whatsapp_business', 'voice' or 'slack'."),
        ({"platform": "slack", "enabled": "no"}, "enabled must be true or false."),
        ({"platform": "imessage", "autoScale": "on"}, "auto_scale must be true or false."),
        ({"platform": "voice", "imessageEnabled": 0.0}, "imessage_enabled must be true or false."),
        ({"platform": "voice", "autoScale": True}, 'auto_scale is a setting of platform "imessage" only.'),
        ({"platform": "slack", "autoScale": False}, 'auto_scale is a setting of platform "imessage" only.'),
        ({"platform": "imessage", "imessageEnabled": True}, 'imessage_enabled is a setting of platform "voice" only.'),
    ],
)
def test_a_platform_that_is_wrong(news: dict[str, Any], problem: str) -> None:
    """A platform is one of four, and each setting belongs to one of them."""
    assert check("platform", **news) == [problem]


@pytest.mark.parametrize(
    ("news", "problem"),
    [
        ({"platform": "voice"}, "platform must be 'imessage'."),
        ({"platform": "imessage", "firstName": 1.0}, "first_name must be text."),
        ({"platform": "imessage", "lastName": ["x"]}, "last_name must be text."),
        ({"platform": "imessage", "phoneNumber": PHONE}, "phone_number is not an argument of this resource."),
    ],
)
def test_a_line_that_is_wrong(news: dict[str, Any], problem: str) -> None:
    """A line is for iMessage, its number is the service's choice, and its names are texts."""
    assert check("line", **news) == [problem]


def test_a_lines_names_may_be_empty() -> None:
    """An empty name clears it."""
    assert check("line", platform="imessage", firstName="", lastName="") == []


NOT_TAKEN = (
    "must be an e-mail address that the API takes: ASCII before the @, without a dot at its start or end or two in a "
    "row, and at least two letters after the last dot."
)
NOT_E164 = "must be an E.164 phone number, such as +14155550123, without spaces or dashes."


@pytest.mark.parametrize(
    "value",
    [
        "4155550123",
        "+1 415 555 0123",
        "+1-415-555-0123",
        "+0415550123",
        "+123456",
        "+1234567890123456",
        "",
        "+1415555012x",
        "+14155550123\n",
        "+1415555\u0661\u0662\u0663\u0664",
    ],
)
def test_a_phone_that_is_none(value: str) -> None:
    """A phone is written as the API wants it, in plain digits after a plus."""
    assert user(phoneNumber=value) == [f"phone_number {NOT_E164}"]
    assert user(type="dedicated", assignedPhoneNumber=value) == [f"assigned_phone_number {NOT_E164}"]


@pytest.mark.parametrize("value", ["+1234567", "+123456789012345"])
def test_a_phone_of_any_length_that_there_is(value: str) -> None:
    """Seven to fifteen digits are a phone."""
    assert user(phoneNumber=value) == []


@pytest.mark.parametrize(
    ("news", "problem"),
    [
        ({"phoneNumber": None}, "phone_number is required."),
        ({"phoneNumber": 14155550123.0}, "phone_number must be text."),
        ({"type": "private"}, "type must be 'shared' or 'dedicated'."),
        ({"firstName": ""}, "first_name must not be empty."),
        ({"lastName": ""}, "last_name must not be empty."),
        ({"firstName": 1.0}, "first_name must be text."),
        ({"email": "alice"}, "email must be an e-mail address."),
        ({"email": ""}, "email must be an e-mail address."),
        ({"email": "alice@example"}, "email must be an e-mail address."),
        ({"email": "alice@example..com"}, "email must be an e-mail address."),
        ({"email": "a b@example.com"}, "email must be an e-mail address."),
        ({"email": 1.0}, "email must be text."),
        ({"email": ".alice@example.com"}, f"email {NOT_TAKEN}"),
        ({"email": "alice.@example.com"}, f"email {NOT_TAKEN}"),
        ({"email": "al..ice@example.com"}, f"email {NOT_TAKEN}"),
        ({"email": "\u00e4lice@example.com"}, f"email {NOT_TAKEN}"),
        ({"email": "alice@example.c"}, f"email {NOT_TAKEN}"),
        ({"email": "alice@example.c0m"}, f"email {NOT_TAKEN}"),
        ({"onConflict": "replace"}, "on_conflict must be 'fail' or 'adopt'."),
        (
            {"type": "dedicated"},
            'assigned_phone_number is required for type "dedicated": give it the phone_number of a Line.',
        ),
        (
            {"assignedPhoneNumber": "+14155550199"},
            (
                'assigned_phone_number must be left out for type "shared": the service chooses the number. Set '
                'type="dedicated" to choose a line.'
            ),
        ),
    ],
)
def test_a_user_that_is_wrong(news: dict[str, Any], problem: str) -> None:
    """Each argument of a user says what it must be, and what goes together."""
    assert user(**news) == [problem]
