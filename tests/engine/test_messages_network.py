"""Error messages about a service that cannot be reached: the exact text that the CLI prints, with what to do."""

import socket
from collections.abc import Callable
from typing import Any

from inline_snapshot import snapshot

from pulumi_spectrum import Webhook
from pulumi_spectrum.emulator import Fault


def _declare(**arguments: Any) -> Callable[[], None]:
    def program() -> None:
        Webhook("inbox", webhook_url="https://inbox.example.com/hook", **arguments)

    return program


def test_message_for_rate_limit(spectrum, make_stack, diagnostics):
    """When the rate limit stays used up, the error says what else may be using it."""
    inbox = make_stack(_declare())
    inbox.up()
    spectrum.faults.add(Fault(status=429, headers={"Retry-After": "600"}, times=None))
    assert diagnostics(inbox.refresh(fails=True)) == snapshot("""\
Webhook (inbox):
error: GET /webhooks/ failed (HTTP 429): the API refused the request once because of its rate limit (Injected
fault), and asks to wait another 600 seconds. Something else uses this project. Lower
spectrum:requestsPerSecond in both, or run one at a time.
""")


def test_messages_for_network_failures(spectrum, make_stack, tls_port, diagnostics):
    """Each network failure names its cause, the host, and the setting that may fix it."""
    inbox = make_stack(_declare())
    inbox.up()
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        unreachable = f"http://127.0.0.1:{closed.getsockname()[1]}"
    messages = {}
    for name, url in {"unreachable": unreachable, "certificate": f"https://localhost:{tls_port}"}.items():
        inbox.set_environment({"SPECTRUM_CLOUD_URL": url})
        messages[name] = diagnostics(inbox.refresh(fails=True))
    inbox.set_environment(spectrum.environment)
    spectrum.faults.add(Fault(status=403, body="<html>Blocked by your administrator</html>"))
    messages["proxy's page"] = diagnostics(inbox.refresh(fails=True))

    inbox.configure("spectrum:timeoutSeconds", "0.5")
    inbox.program = _declare(secret_rotation="1")
    inbox.up()
    spectrum.faults.add(Fault(delay=0.8, delay_when="after", path="*/rotate"), Fault(drop="before", path="*/rotate"))
    inbox.program = _declare(secret_rotation="2")
    messages["time-out"] = diagnostics(inbox.up(fails=True))
    messages["dropped"] = diagnostics(inbox.up(fails=True))
    assert messages == snapshot(
        {
            "unreachable": """\
Webhook (inbox):
error: GET /webhooks/ failed: nothing answers at {host} on this machine. Is the emulator running? Start it
with: pulumi-spectrum emulator --port {port}; or check SPECTRUM_CLOUD_URL in the environment.
""",
            "certificate": """\
Webhook (inbox):
error: GET /webhooks/ failed: the TLS connection to {host} could not be made, because its certificate is not
trusted here. Set REQUESTS_CA_BUNDLE if your network has a certificate authority of its own. Check
SPECTRUM_CLOUD_URL in the environment, which is https://{host}.
""",
            "proxy's page": """\
Webhook (inbox):
error: GET /webhooks/ failed (HTTP 403): the answer is not from the Spectrum API (text/html); a proxy or
another server may stand in between. Check the proxy settings. Check SPECTRUM_CLOUD_URL in the environment,
which is http://{host}.
""",
            "time-out": """\
Webhook (inbox):
error: POST /webhooks/{id}/secret/rotate failed: {host} did not answer within 0.5 seconds. The limit is
spectrum:timeoutSeconds. The secret may have been rotated all the same. Run `pulumi up` again: it rotates once
more, and the state then holds the secret in force. The one that it holds now is valid for the overlap only.
""",
            "dropped": """\
Webhook (inbox):
error: POST /webhooks/{id}/secret/rotate failed: the connection to {host} was closed before the answer came.
The secret may have been rotated all the same. Run `pulumi up` again: it rotates once more, and the state then
holds the secret in force. The one that it holds now is valid for the overlap only.
""",
        }
    )
