"""No resource leaves the state because of wrong credentials, a failed request, a short list or another project."""

from typing import Any

import pulumi

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault

IMPATIENT = "import pulumi_spectrum.client.transport as transport; transport.OPERATION_SECONDS = 1.0"
"""The provider gives up a request after a second of tries, instead of two minutes."""
NAMES = {"inbox", "chat", "line", "ann", "bob"}


def one_of_each() -> None:
    spectrum_sdk.Webhook("inbox", webhook_url="https://app.example.com/spectrum")
    spectrum_sdk.Platform("chat", platform="imessage", auto_scale=True)
    line = spectrum_sdk.Line("line", first_name="Acme", opts=pulumi.ResourceOptions(protect=False))
    spectrum_sdk.User("ann", phone_number="+14155550001", first_name="Ann")
    spectrum_sdk.User(
        "bob", type="dedicated", phone_number="+14155550002", assigned_phone_number=line.phone_number, first_name="Bob"
    )


def spectrum_state(stack: Any) -> dict[str, list[Any]]:
    """Return the Spectrum resources of the state, with a placeholder for each secret."""

    def comparable(value: Any) -> Any:
        return "a secret" if isinstance(value, dict) and "ciphertext" in value else value

    return {
        resource["urn"]: [
            resource["id"],
            resource["inputs"],
            {name: comparable(value) for name, value in resource["outputs"].items()},
        ]
        for resource in stack.export()["resources"]
        if "dynamic/spectrum" in resource["type"]
    }


def errors(run: Any) -> dict[str, str]:
    """Return the error of each resource; each has one."""
    found = [message.split(": error: ", 1) for message in run.messages if ": error: " in message]
    assert len(dict(found)) == len(found)
    return dict(found)


def held(spectrum: Any) -> list[Any]:
    project = spectrum.project
    return [project.webhooks.rows, project.platforms.rows, project.lines.rows, project.users.rows]


def test_revoked_secret_keeps_state(spectrum, make_stack):
    """With a revoked secret, a refresh prints one error for each of 50 resources, and the state keeps them all."""

    def program():
        for number in range(46):
            spectrum_sdk.User(f"user-{number}", phone_number=f"+1415555{number:04d}", first_name="Ann")
        for number in range(2):
            spectrum_sdk.Webhook(f"hook-{number}", webhook_url=f"https://app.example.com/{number}")
        spectrum_sdk.Platform("chat", platform="imessage")
        spectrum_sdk.Line("line", first_name="Acme")

    stack = make_stack(program)
    stack.up()
    before = spectrum_state(stack)
    assert len(before) == 50
    spectrum.project.secret = "another-secret"
    spectrum.requests.clear()
    run = stack.refresh(fails=True)
    found = errors(run)
    assert len(found) == 50
    for name, path in {"user-0": "/users/", "hook-1": "/webhooks/", "chat": "/platforms/", "line": "/lines/"}.items():
        assert found[name] == (
            f"GET {path} failed (HTTP 401): Invalid credentials. Check SPECTRUM_PROJECT_ID and "
            "SPECTRUM_PROJECT_SECRET in the environment. The state is as it was. Refresh and destroy use the "
            "configuration of the last `pulumi up`: if the secret was rotated since, add --run-program."
        )
    assert spectrum_state(stack) == before


FAULTS = {
    "401": Fault(status=401, times=None),
    "403": Fault(status=403, times=None),
    "404 of the project": Fault(status=404, times=None),
    "404 of a proxy": Fault(status=404, body="<html>no such page</html>", times=None),
    "200 of a proxy": Fault(status=200, body="<html>please log in</html>", times=None),
    "200 that is none": Fault(status=200, body={"succeed": False, "message": "no"}, times=None),
    "200 of another form": Fault(status=200, body={"succeed": True, "data": "none"}, times=None),
    "500": Fault(status=500, times=None),
    "garbage": Fault(status=200, body='{"succeed": tru', times=None),
    "no answer": Fault(drop="before", times=None),
    "time-out": Fault(delay=1.2, times=None),
}

DESTROYED = {"401", "403", "404 of the project", "404 of a proxy", "200 of a proxy", "500", "no answer"}
"""The failures that a destroy meets too."""


def test_failed_request_keeps_state(spectrum, make_stack, run_in_provider_process):
    """Any failed request of a refresh or a destroy is an error, and no resource leaves the state or the service."""
    environment = {**spectrum.environment, **run_in_provider_process(IMPATIENT)}
    stack = make_stack(one_of_each, environment=environment, config={"spectrum:timeoutSeconds": "1"})
    stack.up()
    before, there = spectrum_state(stack), held(spectrum)
    for failure, fault in FAULTS.items():
        spectrum.faults.add(fault)
        assert errors(stack.refresh(fails=True)).keys() == NAMES, failure
        assert spectrum_state(stack) == before, failure
        if failure in DESTROYED:
            assert errors(stack.destroy(fails=True, continue_on_error=True)), failure
            assert spectrum_state(stack) == before, failure
        assert held(spectrum) == there, failure
        spectrum.faults.clear()
    assert stack.preview(refresh=True).changes == []


def test_another_project_keeps_state(spectrum, make_stack):
    """With another project configured, every command names both projects, sends nothing, and keeps the state."""
    names = ["ann", "anna"]

    def program():
        spectrum_sdk.Webhook("inbox", webhook_url="https://app.example.com/spectrum")
        spectrum_sdk.Platform("chat", platform="imessage")
        spectrum_sdk.Line("line", opts=pulumi.ResourceOptions(protect=False))
        spectrum_sdk.User("user", phone_number="+14155550001", first_name=names[0])

    stack = make_stack(program)
    stack.up()
    before, there = spectrum_state(stack), held(spectrum)
    other = spectrum.add_project()
    stack.set_environment(other.environment)
    spectrum.requests.clear()
    names.reverse()
    kinds = {"inbox": "webhook", "chat": "platform", "line": "line", "user": "user"}
    for run in (
        stack.preview(fails=True),
        stack.up(fails=True, continue_on_error=True),
        stack.refresh(fails=True),
        stack.destroy(fails=True, continue_on_error=True),
    ):
        found = errors(run)
        assert found
        for name in found:
            assert found[name].startswith(
                f"This {kinds[name]} belongs to project {spectrum.project_id}, but the credentials are of project "
                f"{other.id}. Nothing was sent for it, and it stays in the state."
            )
        if run.command in ("refresh", "destroy"):
            assert found.keys() == kinds.keys()
        assert len(spectrum.requests) == 0
        assert spectrum_state(stack) == before
    assert held(spectrum) == there
    stack.set_environment(spectrum.environment)
    names.reverse()
    assert stack.preview(refresh=True).changes == []


EMPTY = {"*/webhooks/": [], "*/lines/": {"lines": []}, "*/users/": {"users": [], "total": 0}}


def test_row_missing_from_one_list_is_not_gone(spectrum, make_stack, shown):
    """A row missing from one list is looked up in a second list; a resource is gone only if both lack its row."""
    stack = make_stack(one_of_each)
    stack.up()
    before = spectrum_state(stack)

    def hiccup(times: int) -> None:
        for path, data in EMPTY.items():
            body = {"succeed": True, "data": data}
            spectrum.faults.add(Fault(method="GET", path=path, status=200, body=body, times=times))
        spectrum.requests.clear()

    hiccup(1)
    assert stack.refresh().changes == []
    assert spectrum_state(stack) == before
    operations = spectrum.requests.operations()
    assert [operations.count(each) for each in ("listWebhooks", "listLines", "listUsers")] == [2, 2, 2]

    hiccup(2)
    assert shown(stack.refresh(preview_only=True)) == dict.fromkeys(("inbox", "line", "ann", "bob"), ("delete",))
    assert [spectrum.requests.operations().count(each) for each in ("listWebhooks", "listLines", "listUsers")] == [
        2
    ] * 3
    assert stack.preview(refresh=True).changes == []
