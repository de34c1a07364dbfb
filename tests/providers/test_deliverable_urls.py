"""Which webhook URLs are refused in `check`, and with which sentence."""

from typing import Any

import pytest

from pulumi_spectrum.providers import load


def problems_of(url: Any) -> list[str]:
    return [failure.reason for failure in load("webhook").check({}, {"webhookUrl": url}).failures]


NOT_PUBLIC = (
    "webhook_url must be reachable from the internet: a loopback, private or link-local address never gets an event."
)
FORM = "webhook_url must be a URL such as https://app.example.com/spectrum."
FRAGMENT = "webhook_url must not hold a fragment (#…), which is never sent to a server."
HTTPS = "webhook_url must be https, because events are never delivered in clear text."
CREDENTIALS = "webhook_url must not hold credentials: check the signature of each event instead."
INVALID_HOST = (
    "webhook_url must name a host that can exist: labels of 1 to 63 letters, digits and hyphens, and at most 253 "
    "characters in all."
)
NOT_ON_THE_INTERNET = (
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
        ("", FORM),
        ("app.example.com/spectrum", FORM),
        ("https://", FORM),
        ("https://app.example.com:port/", FORM),
        ("https://[::1", FORM),
        ("https://app.example.com/a b", FORM),
        ("https://app.example.com/\n", FORM),
        ("http://app.example.com/", HTTPS),
        ("ftp://app.example.com/", HTTPS),
        (
            "https://user:s3cr3t@app.example.com/",
            CREDENTIALS,
        ),
        (
            "https://s3cr3t@app.example.com/",
            CREDENTIALS,
        ),
        ("https://app.example.com/#a", FRAGMENT),
        ("https://app.example.com/#", FRAGMENT),
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
        ("https:\\\\app.example.com/#a", FRAGMENT),
        ("https://app..example.com/", INVALID_HOST),
        ("https://.example.com/", INVALID_HOST),
        ("https://app.example.com../", INVALID_HOST),
        (f"https://{'a' * 64}.example.com/", INVALID_HOST),
        ("https://" + "\u00fc" * 60 + ".example.com/", INVALID_HOST),
        (f"https://{'a.' * 122}example.com/", INVALID_HOST),
        ("https://*.example.com/", INVALID_HOST),
        ("https://app,example.com/", INVALID_HOST),
        ("https://intranet/", NOT_ON_THE_INTERNET),
        ("https://intranet./", NOT_ON_THE_INTERNET),
        ("https://printer.local/", NOT_ON_THE_INTERNET),
        ("https://app.INTERNAL./", NOT_ON_THE_INTERNET),
        ("https://nas.home.arpa/", NOT_ON_THE_INTERNET),
        ("https://app.invalid/", NOT_ON_THE_INTERNET),
        ("https://abcdefgh.onion/", NOT_ON_THE_INTERNET),
        ("https://localhost.alt/", NOT_ON_THE_INTERNET),
    ],
)
def test_undeliverable_webhook_url_is_refused(url: Any, problem: str) -> None:
    """A URL that no event can be delivered to is refused in `check`, with the reason."""
    assert problems_of(url) == [problem]


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
def test_webhook_url_on_the_internet_is_accepted(url: str) -> None:
    """An https URL of a host on the internet is accepted as it is spelled."""
    assert problems_of(url) == []
