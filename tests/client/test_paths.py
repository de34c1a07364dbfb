"""Ids in paths: whatever an id holds, a request goes below its project, to the one segment that the id is."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from local_servers import serve_script

from pulumi_spectrum.client import ClientSettings, RequestRefused, SpectrumClient, SpectrumError
from pulumi_spectrum.client.lines import LineRow
from pulumi_spectrum.client.paths import segment
from pulumi_spectrum.client.whatsapp_rows import WhatsAppTemplateRow

TRICKS = [
    "../../other/users",
    "..%2f..%2fother",
    "%2e%2e",
    "a/b",
    "a?limit=1",
    "a#b",
    "a\r\nX-Injected: 1",
    "a b",
    "\\..\\",
    "//evil.example.com",
    "http://evil.example.com/",
    "@evil.example.com",
    "ü\u202e😀",
    ";x=1",
]

CALLS: dict[str, tuple[str, Callable[[SpectrumClient, str], object]]] = {
    "change a webhook": ("/webhooks/{}", lambda client, each: client.webhooks.change(each, enabled=True)),
    "rotate a secret": ("/webhooks/{}/secret/rotate", lambda client, each: client.webhooks.rotate_secret(each)),
    "delete a webhook": ("/webhooks/{}", lambda client, each: client.webhooks.delete(each)),
    "set a platform": ("/platforms/{}", lambda client, each: client.platforms.set(each, autoScale=True)),
    "name a line": (
        "/lines/{}/profile",
        lambda client, each: client.lines.change_profile(LineRow.model_construct(id=each), firstName="A"),
    ),
    "release a line": ("/lines/{}", lambda client, each: client.lines.release(each)),
    "delete a user": ("/users/{}/", lambda client, each: client.users.delete(each)),
    "list templates": (
        "/whatsapp-business/accounts/{}/templates/",
        lambda client, each: client.whatsapp.templates(each),
    ),
    "change a template": (
        "/whatsapp-business/accounts/a/templates/{}",
        lambda client, each: client.whatsapp.change_template("a", WhatsAppTemplateRow.model_construct(id=each)),
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_id_stays_one_segment(call: str) -> None:
    """An id with slashes, dots, question marks or line breaks is percent-encoded on the wire, in every area."""
    path, send = CALLS[call]
    refusal = b"HTTP/1.1 409 No\r\nContent-Length: 17\r\n\r\n" + b'{"succeed":false}'
    with serve_script(lambda peer: peer.send(refusal)) as (port, received):
        settings = ClientSettings("p-1", "s", f"http://127.0.0.1:{port}", requests_per_second=1000)
        with SpectrumClient(settings, repeats=False) as client:
            for trick in TRICKS:
                received.clear()
                with pytest.raises(SpectrumError):
                    send(client, trick)
                head = received[0].split(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
                target = head[0].split(" ")[1].partition("?")[0]
                before, _, after = f"/projects/p-1{path}".partition("{}")
                assert target.startswith(before)
                sent = target.removeprefix(before).removesuffix(after)
                assert "/" not in sent
                assert unquote(sent) == trick
                assert not any(line.startswith("X-Injected") for line in head)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("trick", ["", ".", "..", "\ud800"])
def test_id_that_no_segment_stands_for_is_refused(call: str, trick: str) -> None:
    """An id that is empty or of dots would be another path, so the call is refused and nothing is sent."""
    with (
        SpectrumClient(ClientSettings("p-1", "s", "http://127.0.0.1:9"), repeats=False) as client,
        pytest.raises(RequestRefused, match="nothing was sent") as caught,
    ):
        CALLS[call][1](client, trick)

    assert not caught.value.maybe_done


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text not in (".", "..")))
def test_any_id_is_one_segment(text: str) -> None:
    """A segment is printable ASCII without slash, question mark or hash, and stands for exactly its id."""
    encoded = segment(text)

    assert encoded.isascii()
    assert encoded.isprintable()
    assert not set(encoded) & set(" /?#\\")
    assert unquote(encoded) == text
