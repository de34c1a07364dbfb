"""Webhooks whose creation or change failed half-way: what was reached is recorded, and the next `up` finishes it."""

from typing import Any

import pulumi
import pytest

from pulumi_spectrum import Webhook
from pulumi_spectrum.emulator import Fault, Switches

RAW, NORMALIZED = "raw-inbound.v1", "normalized-events.v1"


def _declare(webhooks: dict[str, dict[str, Any]]):
    def program() -> None:
        for name, arguments in webhooks.items():
            hook = Webhook(name, webhook_url=f"https://{name}.example.com/hook", **arguments)
            pulumi.export(f"{name}-signing", hook.signing_secret)
            pulumi.export(f"{name}-standard", hook.standard_signing_secret)

    return program


def _ids(emulator) -> dict[str, str]:
    return {row["webhookUrl"].split("//")[1].split(".")[0]: row["id"] for row in emulator.project.webhooks}


def _sent(emulator) -> list[tuple[str, Any]]:
    return [(request.method, request.body) for request in emulator.requests if request.method != "GET"]


def _assert_secrets(stack, emulator) -> None:
    held = {}
    for name, row_id in _ids(emulator).items():
        secrets = emulator.project.webhooks.secrets(row_id)
        held[f"{name}-signing"] = secrets["signingSecret"]
        held[f"{name}-standard"] = secrets["standardSigningSecret"]
    assert stack.outputs() == held


def test_partially_created_webhook_is_recorded(spectrum, make_stack):
    """A webhook that was registered but could not be disabled is recorded with its id and its secrets."""
    spectrum.faults.add(Fault(method="PATCH", path="*/webhooks/*", status=422))
    stack = make_stack(_declare({"inbox": {"enabled": False}}))
    run = stack.up(fails=True)
    (only,) = spectrum.project.webhooks.ids
    assert f"The webhook exists (id {only}) and is recorded in the state. Run `pulumi up` to finish" in run.output
    recorded = stack.resource("inbox")
    assert (recorded["id"], recorded["outputs"]["enabled"]) == (only, True)
    assert "ciphertext" in recorded["outputs"]["signingSecret"]
    assert "ciphertext" in recorded["outputs"]["standardSigningSecret"]

    # The engine has recorded the wanted inputs, so it shows no changed property.
    assert stack.preview().summary == {"inbox": ("update",)}
    spectrum.requests.clear()
    stack.up()
    assert _sent(spectrum) == [("PATCH", {"enabled": False})]
    _assert_secrets(stack, spectrum)
    stack.assert_no_drift()


def test_partially_updated_webhook_is_recorded(spectrum, make_stack):
    """What a change's first request reached is recorded, and the next `up` sends only the rest."""
    stack = make_stack(
        _declare(
            {
                "schema": {"schema_version": NORMALIZED},
                "refused": {"secret_rotation": "1"},
                "lost": {"secret_rotation": "1"},
                "at-once": {"schema_version": NORMALIZED},
            }
        )
    )
    stack.up()
    ids = _ids(spectrum)
    spectrum.faults.add(
        Fault(method="PATCH", path=f"*/webhooks/{ids['schema']}", status=422, skip=1),
        Fault(method="POST", path=f"*/webhooks/{ids['refused']}/secret/rotate", status=422),
        Fault(method="POST", path=f"*/webhooks/{ids['lost']}/secret/rotate", drop="after"),
        Fault(method="PATCH", path=f"*/webhooks/{ids['at-once']}", status=422),
    )
    stack.program = _declare(
        {
            "schema": {"schema_version": RAW, "enabled": False},
            "refused": {"secret_rotation": "2", "enabled": False},
            "lost": {"secret_rotation": "2"},
            "at-once": {"schema_version": RAW},
        }
    )
    run = stack.up(fails=True, continue_on_error=True)
    reached = {
        name: "to finish setting it up" in run.output.partition(f"id {row_id}")[2] for name, row_id in ids.items()
    }
    assert reached == {"schema": True, "refused": True, "lost": False, "at-once": False}
    assert (stack.resource("schema")["outputs"]["schemaVersion"], stack.resource("schema")["outputs"]["enabled"]) == (
        RAW,
        True,
    )
    assert stack.resource("refused")["outputs"]["secretRotation"] == "1"
    assert stack.resource("at-once")["outputs"]["schemaVersion"] == NORMALIZED

    # The engine has kept the former inputs, so it shows the changes that were made along with the rest.
    assert stack.preview().summary == {
        "schema": ("update", "enabled", "schemaVersion"),
        "refused": ("update", "enabled", "secretRotation"),
        "lost": ("update", "secretRotation"),
        "at-once": ("update", "schemaVersion"),
    }
    spectrum.requests.clear()
    stack.up()
    assert sorted(
        (request.path.partition("/webhooks/")[2], str(request.body)) for request in spectrum.requests
    ) == sorted(
        [
            (ids["schema"], "{'enabled': False}"),
            (f"{ids['refused']}/secret/rotate", "{}"),
            (f"{ids['lost']}/secret/rotate", "{}"),
            (ids["at-once"], f"{{'schemaVersion': '{RAW}'}}"),
        ]
    )
    _assert_secrets(stack, spectrum)
    stack.assert_no_drift()


@pytest.mark.spectrum_emulator(switches=Switches(normalized_webhooks_locked=True))
def test_older_schema_is_upgraded_first(spectrum, make_stack):
    """If the service refuses changes of an older schema, the error says to upgrade; the upgrade is then sent first."""
    stack = make_stack(_declare({"inbox": {}}))
    stack.up()
    stack.program = _declare({"inbox": {"enabled": False}})
    run = stack.up(fails=True)
    assert f'set schema_version="{RAW}", which upgrades it in place first' in run.messages[0]
    spectrum.requests.clear()
    stack.program = _declare({"inbox": {"enabled": False, "schema_version": RAW}})
    assert stack.up().summary == {"inbox": ("update", "enabled", "schemaVersion")}
    assert _sent(spectrum) == [("PATCH", {"schemaVersion": RAW}), ("PATCH", {"enabled": False})]
    stack.assert_no_drift()
