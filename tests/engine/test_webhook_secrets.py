"""A webhook's secrets: returned once by the API, kept in the state as long as the webhook exists, and never shown."""

from typing import Any

import pulumi
from pulumi import automation

from pulumi_spectrum import Webhook
from pulumi_spectrum.emulator import Fault
from pulumi_spectrum.providers.bookkeeping import BOOKKEEPING

URL = "https://inbox.example.com/hook"


def _program(**arguments: Any):
    def program() -> None:
        hook = Webhook("inbox", webhook_url=URL, **arguments)
        pulumi.export("signing", hook.signing_secret)
        pulumi.export("standard", hook.standard_signing_secret)

    return program


def _import_state(stack, deployment: dict[str, Any]) -> None:
    stack._stack.import_stack(automation.Deployment(version=3, deployment=deployment))


def test_webhook_secrets_stay_in_the_state(spectrum, make_stack):
    """Updates, failed updates, refreshes, drift repair and an older state leave the recorded secrets unchanged."""
    stack = make_stack(_program())
    stack.up()
    (only,) = spectrum.project.webhooks.ids
    held = spectrum.project.webhooks.secrets(only)
    recorded = {"signing": held["signingSecret"], "standard": held["standardSigningSecret"]}
    seen = {"up": stack.outputs()}
    outputs = stack._stack.workspace.stack_outputs(stack._stack.name)
    assert {name: output.secret for name, output in outputs.items()} == dict.fromkeys(recorded, True)
    state = stack.resource("inbox")["outputs"]
    assert ["ciphertext" in state[name] for name in ("signingSecret", "standardSigningSecret")] == [True, True]

    stack.program = _program(enabled=False)
    stack.up()
    seen["update"] = stack.outputs()
    stack.program = _program(enabled=True)
    spectrum.faults.add(Fault(method="PATCH", path="*/webhooks/*", status=422))
    stack.up(fails=True)
    stack.up()
    seen["failed update"] = stack.outputs()
    spectrum.project.webhooks.change(only, enabled=False)
    stack.refresh()
    stack.up()
    seen["refresh and repair"] = stack.outputs()

    older = stack.export()
    for resource in older["resources"]:
        resource.get("outputs", {}).pop(BOOKKEEPING, None)
        resource.get("outputs", {}).pop("projectId", None)
    _import_state(stack, older)
    assert [run.changes for run in (stack.preview(), stack.refresh(), stack.preview())] == [[], [], []]
    stack.program = _program(enabled=False)
    assert stack.up().summary == {"inbox": ("update", "enabled")}
    seen["older state"] = stack.outputs()
    assert seen == dict.fromkeys(seen, recorded)
    assert spectrum.project.webhooks.secrets(only) == held
    stack.assert_no_drift()
    stack.destroy()
    assert spectrum.project.webhooks.rows == []


def test_secret_rotation(spectrum, make_stack):
    """Only a new `secret_rotation` rotates, and only the standard secret; the state then holds the new one."""
    stack = make_stack(_program())
    stack.up()
    (only,) = spectrum.project.webhooks.ids
    secrets = [spectrum.project.webhooks.secrets(only)]

    for arguments in (
        {"secret_rotation": "1"},
        {"secret_rotation": "1", "enabled": False, "rotation_overlap_seconds": 60},
        {},
        {"secret_rotation": "1"},
        {"secret_rotation": "2", "rotation_overlap_seconds": 0},
    ):
        stack.program = _program(**arguments)
        stack.up()
        secrets.append(spectrum.project.webhooks.secrets(only))
    assert [held == secrets[0] for held in secrets] == [True] * 5 + [False]
    assert secrets[-1]["signingSecret"] == secrets[0]["signingSecret"]
    (rotation,) = spectrum.requests.matching("POST", "*/secret/rotate")
    assert rotation.body == {"overlapSeconds": 0}
    assert stack.outputs() == {
        "signing": secrets[-1]["signingSecret"],
        "standard": secrets[-1]["standardSigningSecret"],
    }
    assert "ciphertext" in stack.resource("inbox")["outputs"]["standardSigningSecret"]
    assert stack.preview().changes == []


def test_webhook_get_has_no_secret(spectrum, make_stack):
    """A webhook from `Webhook.get` has no secret and gives no warning, and it is neither changed nor deleted."""
    existing = spectrum.project.webhooks.add(webhookUrl=URL, enabled=False)

    def program() -> None:
        hook = Webhook.get("existing", existing["id"])
        pulumi.export("url", hook.webhook_url)
        pulumi.export("enabled", hook.enabled)
        pulumi.export("secret", hook.signing_secret)

    stack = make_stack(program)
    run = stack.up()
    assert run.messages == []
    assert stack.outputs() == {"url": URL, "enabled": False}
    spectrum.project.webhooks.change(existing["id"], enabled=True)
    assert stack.up().changes == []
    assert stack.outputs()["enabled"] is True
    stack.destroy()
    assert [request.method for request in spectrum.requests if request.method != "GET"] == []
    assert spectrum.project.webhooks.ids == [existing["id"]]
