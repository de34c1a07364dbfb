"""States that earlier releases have written, in the hands of this one: `tests/golden`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from typing import Any

import pytest
from golden_states import GOLDEN, STATES, read_golden

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.clock import SteppedClock

URL_IN_STATES = "http://127.0.0.1:8585"
NO_CHANGES = ("--expect-no-changes", "--diff", "--non-interactive")
DESTROY = ("pulumi", "destroy", "--yes", "--skip-preview", "--non-interactive")


class ImportedState:
    """A stack with the state of an earlier release, and the service as it was then.

    Args:
        folder: An empty project folder.
        emulator: The service.
        state: The folder of the state, as `STATES` has it.
    """

    def __init__(self, folder: Any, emulator: Emulator, state: str) -> None:
        self.folder = folder
        self.emulator = emulator
        shutil.copytree(GOLDEN / state, folder.path, dirs_exist_ok=True)
        exported = folder.path / "state.json"
        exported.write_text(exported.read_text().replace(URL_IN_STATES, emulator.url))
        folder.init("test", projectId=emulator.project_id)
        folder.run("pulumi", "config", "set", "--secret", "spectrum:projectSecret", emulator.project_secret)
        folder.run("pulumi", "stack", "import", "--file", "state.json")

    def secrets(self) -> dict[str, Any]:
        """Return the one-time secrets in the state, by the id of the object."""
        state = json.loads(self.folder.run("pulumi", "stack", "export", "--show-secrets").stdout)
        return {
            each["id"]: json.loads(each["outputs"]["signingSecret"]["plaintext"])
            for each in state["deployment"]["resources"]
            if each["type"].endswith("spectrum:Webhook") and "signingSecret" in each["outputs"]
        }

    def secrets_in_force(self) -> dict[str, Any]:
        """Return the same as the service has them."""
        webhooks = [project.webhooks for project in self.emulator.projects.values()]
        return {each: area.secrets(each)["signingSecret"] for area in webhooks for each in area.ids}

    def assert_no_changes(self) -> None:
        """Fail unless a preview, a refresh and a preview after a refresh show nothing, and sent nothing."""
        self.emulator.requests.clear()
        self.folder.run("pulumi", "preview", *NO_CHANGES)
        self.folder.run("pulumi", "refresh", "--yes", "--skip-preview", *NO_CHANGES)
        self.folder.run("pulumi", "preview", "--refresh", *NO_CHANGES)
        assert [each for each in self.emulator.requests if each.method != "GET"] == []

    def destroy(self) -> None:
        """Destroy the stack, with what is protected, and fail unless nothing is left in the state and the service."""
        self.folder.run("pulumi", "state", "unprotect", "--all", "--yes", "--non-interactive")
        self.folder.run(*DESTROY)
        assert "resources" not in json.loads(self.folder.run("pulumi", "stack", "export").stdout)["deployment"]
        for project in self.emulator.projects.values():
            areas = (project.webhooks, project.users, project.lines, project.whatsapp_templates)
            assert [len(area) for area in areas] == [0, 0, 0, 0]
            assert (project.slack.row, project.sip_inbound.row) == (None, None)
            assert not any(platform["enabled"] for platform in project.platforms.rows.values())


@pytest.fixture
def import_state(make_project_folder: Callable[..., Any]) -> Any:
    """Return a function that makes an `ImportedState`, and end its emulator."""
    emulators: list[Emulator] = []

    def make(state: str) -> ImportedState:
        service = read_golden(state, "service.json")
        emulator = Emulator(seed=service, clock=SteppedClock(), requests_per_second=None).start()
        emulators.append(emulator)
        environment = {"SPECTRUM_CLOUD_URL": emulator.url, "PULUMI_CONFIG_PASSPHRASE": "golden"}
        return ImportedState(make_project_folder(environment), emulator, state)

    yield make
    for emulator in emulators:
        emulator.stop()


@pytest.mark.parametrize("state", [each for each in STATES if each.endswith("/whole")])
def test_state_of_an_earlier_release(import_state: Callable[[str], ImportedState], state: str) -> None:
    """A state of all kinds that an earlier release has written shows no change, and is destroyed."""
    imported = import_state(state)
    imported.assert_no_changes()
    # A webhook that was imported has no secret; each other one has the secret that is in force.
    known = imported.secrets()
    assert known
    assert known.items() <= imported.secrets_in_force().items()
    imported.destroy()


@pytest.mark.parametrize("state", [each for each in STATES if each.endswith("/partially_created")])
def test_partially_created_state_of_an_earlier_release(
    import_state: Callable[[str], ImportedState], state: str
) -> None:
    """What an earlier release could not finish is finished by `up`, without a new object, and is destroyed."""
    imported = import_state(state)
    before = imported.secrets()
    imported.folder.run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")
    imported.assert_no_changes()
    assert imported.secrets() == imported.secrets_in_force()
    assert imported.secrets().items() < before.items(), "the webhook that was replaced is gone, and no other"
    imported.destroy()
