"""A webhook that is replaced on request, by --replace or a trigger, and not because its inputs changed."""

from typing import Any

import pulumi

from pulumi_spectrum import Webhook

URN = "urn:pulumi:test::test::pulumi-python:dynamic/spectrum:Webhook::"


def _sent(emulator: Any) -> list[str]:
    return [f"{request.method} {request.status}" for request in emulator.requests if request.method != "GET"]


def test_forced_replacement_that_deletes_first(spectrum, make_stack):
    """With `delete_before_replace`, --replace and triggers make a webhook with new secrets; a renamed one stays."""
    options: dict[str, dict[str, Any]] = {
        "forced": {"delete_before_replace": True},
        "triggered": {"delete_before_replace": True, "replacement_trigger": "1"},
        "on-changes": {"replace_on_changes": ["failure_notification_email"]},
        "old-name": {},
    }
    email = ["ops@example.com"]

    def program() -> None:
        for name, given in options.items():
            url = f"https://{name.replace('new', 'old')}.example.com/hook"
            hook = Webhook(
                name,
                webhook_url=url,
                failure_notification_email=email[0],
                opts=pulumi.ResourceOptions(**given),
            )
            pulumi.export(url, hook.signing_secret)

    stack = make_stack(program)
    stack.up()
    before = {row["webhookUrl"]: row["id"] for row in spectrum.project.webhooks}
    spectrum.requests.clear()

    options["triggered"]["replacement_trigger"] = "2"
    options["new-name"] = {**options.pop("old-name"), "aliases": [pulumi.Alias(name="old-name")]}
    email[0] = "night@example.com"
    run = stack.up(replace=[f"{URN}forced"])
    replaced = ["delete-replaced", "replace", "create-replacement"]
    assert {name: [change.operation for change in run.changes if change.name == name] for name in options} == {
        "forced": replaced,
        "triggered": replaced,
        "on-changes": replaced,
        "new-name": ["update"],
    }
    assert sorted(_sent(spectrum)) == sorted(["DELETE 200", "POST 200"] * 3 + ["PATCH 200"])

    after = {row["webhookUrl"]: row["id"] for row in spectrum.project.webhooks}
    assert [url for url in before if before[url] == after[url]] == ["https://old-name.example.com/hook"]
    held = {url: spectrum.project.webhooks.secrets(row_id)["signingSecret"] for url, row_id in after.items()}
    assert stack.outputs() == held
    stack.assert_no_drift()


def test_forced_replacement_that_creates_first(spectrum, make_stack):
    """If the engine creates first, the existing webhook stays and the conflict says how to replace it."""
    options: dict[str, dict[str, Any]] = {
        "forced": {},
        "triggered": {"replacement_trigger": "1"},
        "old-name": {},
        "taken-over": {},
    }

    def program() -> None:
        for name, given in options.items():
            Webhook(
                name,
                webhook_url=f"https://{name.replace('new', 'old')}.example.com/hook",
                on_conflict="replace" if name == "taken-over" else "fail",
                opts=pulumi.ResourceOptions(**given),
            )

    stack = make_stack(program)
    stack.up()
    before = {row["webhookUrl"]: row["id"] for row in spectrum.project.webhooks}
    spectrum.requests.clear()

    options["triggered"]["replacement_trigger"] = "2"
    run = stack.up(replace=[f"{URN}forced", f"{URN}taken-over"], continue_on_error=True, fails=True)
    messages = {message.partition(":")[0]: message for message in run.messages if "registered already" in message}
    options["triggered"]["replacement_trigger"] = "1"
    options["new-name"] = options.pop("old-name")
    renamed = stack.up(fails=True)
    messages |= {message.partition(":")[0]: message for message in renamed.messages if "registered already" in message}
    assert {name: _words_in(message, before) for name, message in messages.items()} == {
        "forced": {"https://forced.example.com/hook", "delete_before_replace=True", "alias"},
        "triggered": {"https://triggered.example.com/hook", "delete_before_replace=True", "alias"},
        "new-name": {"https://old-name.example.com/hook", "delete_before_replace=True", "alias"},
    }

    options["old-name"] = options.pop("new-name")
    stack.up()
    after = {row["webhookUrl"]: row["id"] for row in spectrum.project.webhooks}
    # Only the webhook with on_conflict="replace" was replaced, and the engine's late delete returned 404.
    assert [url for url in before if before[url] != after[url]] == ["https://taken-over.example.com/hook"]
    assert _sent(spectrum) == ["DELETE 200", "POST 200", "DELETE 404"]
    stack.assert_no_drift()


def _words_in(message: str, ids: dict[str, str]) -> set[str]:
    words = {**ids, **{word: word for word in ("delete_before_replace=True", "alias")}}
    return {name for name, word in words.items() if word in message}
