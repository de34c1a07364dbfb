"""Values that the service has not taken are a change of the next previews, though the program stays as it is."""

from typing import Any

import pulumi

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Emulator

ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"


def test_what_was_not_taken_is_set_by_a_later_up(spectrum: Emulator, make_stack: Any, shown: Any) -> None:
    """A name that the service kept, and a time to live that waits for a review, are tried again by each `pulumi up`."""
    project = spectrum.project
    project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234")
    line = project.lines.add()["phoneNumber"]
    names, ignored = ["Alice"], ["phone_number"]

    def program() -> None:
        spectrum_sdk.WhatsAppTemplate(
            "hello",
            account_id=ACCOUNT,
            name="hello",
            language="de",
            category="UTILITY",
            components=[{"type": "BODY", "text": "Hallo"}],
            message_send_ttl_seconds=600,
        )
        spectrum_sdk.User(
            "alice",
            type="dedicated",
            phone_number="+14155550123",
            assigned_phone_number=line,
            first_name=names[0],
            opts=pulumi.ResourceOptions(ignore_changes=ignored),
        )

    stack = make_stack(program)
    stack.up()
    spectrum.switch(dedicated_user_names="keep")
    names[0] = "Eve"
    assert "did not take first_name" in "\n".join(stack.up().messages)
    preview = stack.preview()
    assert shown(preview).keys() == {"hello", "alice"}
    assert "alice: warning: This user does not have first_name as given" in "\n".join(preview.messages)

    ignored[0] = "first_name"
    assert shown(stack.preview()).keys() == {"hello"}

    ignored[0] = "phone_number"
    spectrum.switch(dedicated_user_names="update")
    project.whatsapp_templates.change(project.whatsapp_templates.ids[0], status="APPROVED")
    assert shown(stack.up()) == shown(preview)
    assert project.users.rows[0]["firstName"] == "Eve"
    assert spectrum.requests.matching("PATCH")[-1].body == {"messageSendTtlSeconds": 600}
    stack.assert_no_drift()
