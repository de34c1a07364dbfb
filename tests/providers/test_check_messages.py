"""The sentence with which each kind refuses a wrong argument. Webhook URLs have a file of their own."""

from typing import Any

import pytest
from pulumi.output import Unknown

from pulumi_spectrum.providers import load

URL = "https://app.example.com/spectrum"
PHONE = "+14155550123"


def check(kind: str, **news: Any) -> list[str]:
    return [failure.reason for failure in load(kind).check({}, news).failures]


def webhook(**news: Any) -> list[str]:
    return check("webhook", **{"webhookUrl": URL, **news})


def user(**news: Any) -> list[str]:
    return check("user", **{"phoneNumber": PHONE, "type": "shared", **news})


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
def test_wrong_webhook_argument_is_refused(argument: str, value: Any, problem: str) -> None:
    """A wrong argument of a webhook is refused with a sentence that says what it must be."""
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
def test_wrong_rotation_overlap_is_refused(value: Any, problem: str) -> None:
    """A rotation overlap that is not a whole number of seconds from 0 to a week is refused."""
    assert webhook(secretRotation="1", rotationOverlapSeconds=value) == [problem]


@pytest.mark.parametrize("value", [0.0, 604800.0, 60])
def test_rotation_overlap_is_accepted(value: float) -> None:
    """Whole numbers are accepted as the floats that the engine sends, including both ends of the range."""
    assert webhook(secretRotation="1", rotationOverlapSeconds=value) == []


def test_rotation_overlap_without_rotation_is_refused() -> None:
    """A rotation overlap without `secret_rotation` has no effect, and is refused with that reason."""
    assert webhook(rotationOverlapSeconds=60.0) == [
        "rotation_overlap_seconds needs secret_rotation: it says how long a rotated secret stays valid."
    ]


def test_empty_failure_notification_email_is_accepted() -> None:
    """An empty address is accepted: it turns the notifications off."""
    assert webhook(failureNotificationEmail="") == []


def test_missing_webhook_url_is_refused() -> None:
    """A webhook without a URL is refused with a sentence that names the argument."""
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
def test_wrong_platform_argument_is_refused(news: dict[str, Any], problem: str) -> None:
    """An unknown platform is refused, and so is a setting that belongs to another platform."""
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
def test_wrong_line_argument_is_refused(news: dict[str, Any], problem: str) -> None:
    """A line of another platform is refused, and so are a chosen phone number and names that are not text."""
    assert check("line", **news) == [problem]


@pytest.mark.parametrize(
    ("kind", "news", "suggestion"),
    [
        ("platform", {"platform": "imesage"}, "imessage"),
        ("platform", {"platform": "WhatsApp Business"}, "whatsapp_business"),
        ("webhook", {"webhookUrl": URL, "onConflict": "replcae"}, "replace"),
        ("webhook", {"webhookUrl": URL, "schemaVersion": "raw-inbound"}, "raw-inbound.v1"),
        ("webhook", {"webhookUrl": URL, "webhokUrl": URL}, "webhook_url"),
        ("slack-app", {"enabledFeatures": ["reaction"]}, "reactions"),
    ],
)
def test_mistyped_choice_or_argument_is_guessed(kind: str, news: dict[str, Any], suggestion: str) -> None:
    """The refusal of a word says which choice, or which argument, is spelled most like it."""
    [problem] = check(kind, **news)
    assert problem.endswith(f". Did you mean '{suggestion}'?")


def test_empty_line_names_are_accepted() -> None:
    """Empty names are accepted: they clear the names."""
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
def test_phone_number_that_is_not_e164_is_refused(value: str) -> None:
    """A phone number that is not in E.164 form, plain digits after a plus, is refused."""
    assert user(phoneNumber=value) == [f"phone_number {NOT_E164}"]
    assert user(type="dedicated", assignedPhoneNumber=value) == [f"assigned_phone_number {NOT_E164}"]


@pytest.mark.parametrize("value", ["+1234567", "+123456789012345"])
def test_shortest_and_longest_phone_numbers_are_accepted(value: str) -> None:
    """Phone numbers of seven and of fifteen digits are accepted."""
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
def test_wrong_user_argument_is_refused(news: dict[str, Any], problem: str) -> None:
    """A wrong argument of a user, or one that does not go with the others, is refused with what it must be."""
    assert user(**news) == [problem]


SIP_ADDRESS = "sip_uri must be a SIP address, such as sip:bot@example.com."
BOTH = "a target has both or neither. Set both to empty to clear them."


@pytest.mark.parametrize(
    ("news", "problem"),
    [
        ({"sipUri": None}, "sip_uri is required."),
        ({"sipUri": 5060.0}, "sip_uri must be text."),
        ({"sipUri": ""}, SIP_ADDRESS),
        ({"sipUri": "bot@example.com"}, SIP_ADDRESS),
        ({"sipUri": "sip:"}, SIP_ADDRESS),
        ({"sipUri": "sip:bot @example.com"}, SIP_ADDRESS),
        ({"sipUri": "https://example.com"}, SIP_ADDRESS),
        (
            {"sipUri": "sip:bot:s3cr3t@example.com"},
            "sip_uri must not hold a password, which anybody could read: use the arguments username and password.",
        ),
        ({"username": "bot"}, f"password is required with username: {BOTH}"),
        ({"password": "s3cr3t"}, f"username is required with password: {BOTH}"),
        ({"password": ""}, f"username is required with password: {BOTH}"),
        (
            {"username": "", "password": "s3cr3t"},
            f"username must not be empty where password has a value: {BOTH}",
        ),
        (
            {"username": "bot", "password": ""},
            f"password must not be empty where username has a value: {BOTH}",
        ),
        ({"password": 17.0}, "password must be text."),
        ({"onConflict": "replace"}, "on_conflict must be 'fail' or 'adopt'."),
    ],
)
def test_a_sip_target_that_is_wrong(news: dict[str, Any], problem: str) -> None:
    """Each argument of a SIP target says what it must be, and what goes together."""
    assert check("voice-sip-inbound", **{"sipUri": "sip:bot@example.com", **news}) == [problem]


@pytest.mark.parametrize(
    "news",
    [
        {"sipUri": "sips:example.com:5061;transport=tls"},
        {"sipUri": "sip:+14155550123@example.com"},
        {"sipUri": "sip:bot@[2001:db8::1]:5060"},
        {"username": "", "password": ""},
        {"username": "bot", "password": " s3cr3t "},
        {"username": "bot", "password": Unknown()},
        {"username": Unknown(), "password": ""},
    ],
)
def test_a_sip_target_that_is_right(news: dict[str, Any]) -> None:
    """Any address that the API takes is accepted, and both or neither of username and password."""
    assert check("voice-sip-inbound", **{"sipUri": "sip:bot@example.com", **news}) == []


NOT_CLEARED = (
    "must not be empty, because the API cannot clear it. Leave it out to leave it as it is; to clear it, delete the "
    "resource and create it anew."
)
FEATURES = "'channel-history', 'read-tracking', 'dms', 'files', 'reactions' or 'pins'"


@pytest.mark.parametrize(
    ("news", "problem"),
    [
        *(
            ({name: ""}, f"{argument} {NOT_CLEARED}")
            for name, argument in {
                "appId": "app_id",
                "clientId": "client_id",
                "clientSecret": "client_secret",
                "signingSecret": "signing_secret",
            }.items()
        ),
        ({"enabledFeatures": []}, f"enabled_features {NOT_CLEARED}"),
        ({"enabledFeatures": ["dms", "telepathy"]}, f"enabled_features[1] must be {FEATURES}."),
        ({"enabledFeatures": "dms"}, "enabled_features must be a list."),
        ({"clientSecret": 17.0}, "client_secret must be text."),
        (
            {"appId": None},
            "app_id is required, or another argument of the app: an app without any declares nothing.",
        ),
        ({"onConflict": "replace"}, "on_conflict must be 'fail' or 'adopt'."),
    ],
)
def test_a_slack_app_that_is_wrong(news: dict[str, Any], problem: str) -> None:
    """Each argument of a Slack app says what it must be, and none can be cleared."""
    assert check("slack-app", **{"appId": "A0EXAMPLE", **news}) == [problem]


@pytest.mark.parametrize("news", [{"clientSecret": "s3cr3t"}, {"enabledFeatures": ["pins"]}, {"appId": Unknown()}])
def test_a_slack_app_that_is_right(news: dict[str, Any]) -> None:
    """Any one argument makes an app, also one that is not known yet."""
    assert check("slack-app", **news) == []
