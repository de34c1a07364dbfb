"""Arguments that a program gives as secrets are never printed, and are encrypted everywhere in the state."""

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from inline_snapshot import snapshot

from pulumi_spectrum import Line, User, Webhook
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.testing import SpectrumStack

URL = "https://hooks.example.com/in?token=T0k3n-of-the-hook"
PHONE = "+14155550199"
EMAIL = "z.smith@example.org"
NAME = "Zebulon"
SECRETS = (URL, "T0k3n-of-the-hook", PHONE, PHONE[2:], EMAIL, NAME)


class Program:
    """Declares a resource of each kind, with every argument secret that can be."""

    name = NAME

    def __call__(self) -> None:
        secret = pulumi.Output.secret
        Webhook("hook", webhook_url=secret(URL), failure_notification_email=secret(EMAIL), enabled=self.name != NAME)
        User("user", phone_number=secret(PHONE), first_name=secret(self.name), email=secret(EMAIL))
        Line("line", first_name=secret(self.name), opts=pulumi.ResourceOptions(protect=False))


def refuse(method: str, path: str, *repeated: str) -> Fault:
    """Return a fault that refuses a request and repeats arguments of the resource in its message."""
    body = {"succeed": False, "code": repeated[0], "message": f"{' of '.join(repeated)} is on a list"}
    return Fault(method=method, path=path, status=422, body=body)


@pytest.fixture
def stack(make_stack: Callable[..., SpectrumStack], tmp_path: Path) -> SpectrumStack:
    return make_stack(Program())


def test_secret_arguments_are_never_shown(
    spectrum: Emulator, stack: SpectrumStack, tmp_path: Path, diagnostics
) -> None:
    """No output and no file holds a secret argument in plain text, even if the API's responses repeat it."""
    hook, user = (URL, EMAIL.upper()), (PHONE, NAME.upper(), EMAIL)
    spectrum.faults.add(
        refuse("POST", "*/webhooks/", *hook), refuse("POST", "*/users/", *user), refuse("PATCH", "*/profile", NAME)
    )
    assert diagnostics(stack.up(fails=True, continue_on_error=True)) == snapshot("""\
Line (line):
error: 1 error occurred:
* PATCH /lines/{id}/profile failed (HTTP 422): [firstName] is on a list. The line exists (id {id}) and is
recorded in the state. Run `pulumi up` to finish setting it up.

User (user):
error: POST /users/ failed (HTTP 422): [phoneNumber] of [firstName] of [email] is on a list.

Webhook (hook):
error: POST /webhooks/ failed (HTTP 422): [webhookUrl] of [failureNotificationEmail] is on a list.
""")
    spectrum.faults.add(refuse("PATCH", "*/webhooks/*", *hook))
    stack.up(fails=True, continue_on_error=True)  # registered, recorded, and not disabled
    stack.up()
    assert stack.preview(refresh=True).changes == []

    stack.program.name = "Zebulon II"  # type: ignore[union-attr]
    spectrum.faults.add(
        refuse("PATCH", "*/webhooks/*", *hook), refuse("POST", "*/users/", *user), refuse("PATCH", "*/profile", NAME)
    )
    stack.up(fails=True, continue_on_error=True)
    spectrum.faults.add(
        refuse("DELETE", "*/webhooks/*", *hook), refuse("DELETE", "*/users/*", *user), refuse("DELETE", "*", NAME)
    )
    assert diagnostics(stack.destroy(fails=True, continue_on_error=True)) == snapshot("""\
Line (line):
error: DELETE /lines/{id} failed (HTTP 422): [firstName] is on a list.

User (user):
error: DELETE /users/{id}/ failed (HTTP 422): [phoneNumber] of [firstName] of [email] is on a list.

Webhook (hook):
error: DELETE /webhooks/{id} failed (HTTP 422): [webhookUrl] of [failureNotificationEmail] is on a list.
""")
    assert spectrum.faults.pending() == []

    written = [text for run in stack.runs for text in (run.output, *run.messages)]
    written += [file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()]
    assert [secret for secret in SECRETS if any(secret in text for text in written)] == []
