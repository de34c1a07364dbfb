"""Writes what this release records: `tests/golden/VERSION`, which the tests of all later releases read.

Run it with `make golden` when a release is made, and never again for that release. For each folder of `programs` there
is then one with the program, its state after a real `pulumi up` on an emulator, and what the emulator holds. Ids are
numbered in the order in which the state has them, and time stands still, so that two sets can be compared.
"""

from __future__ import annotations

import json
import pickle
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from pulumi.automation import ConfigValue
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.clock import SteppedClock
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers import ProviderReference
from pulumi_spectrum.testing import SpectrumStack
from pulumi_spectrum.version import __version__

HERE = Path(__file__).parent
PASSPHRASE = "golden"
URL = "http://127.0.0.1:8585"
"""Stands for the emulator's address in a state."""
PROTOCOLS = (4, 5)
"""The protocols that a Python release pickles with by default: 3.11 to 3.13 with 4, 3.14 with 5."""

AN_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"
IMPORTED = "5b1f3c1e-0000-4000-8000-000000000002"
"""The webhook that a program names in the option `import_`."""
SEED: dict[str, Any] = {
    "projects": [
        {
            "id": "5b1f3c1e-0000-4000-8000-000000000011",
            "secret": "golden-secret-of-the-first-project",
            "whatsappAccounts": [{"id": ACCOUNT, "wabaId": "1234"}],
        },
        {
            "id": "5b1f3c1e-0000-4000-8000-000000000012",
            "secret": "golden-secret-of-the-second-project",
        },
    ]
}


def main() -> None:
    """Write the set of this release."""
    folder = HERE / __version__
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    write(folder / "providers.json", {kind.key: pickled(kind.key) for kind in load_kinds()})
    for name, run in RUNS.items():
        shutil.copytree(HERE / "programs" / name, folder / name)
        with (
            tempfile.TemporaryDirectory() as backend,
            Emulator(seed=SEED, clock=SteppedClock(), requests_per_second=None) as emulator,
        ):
            stack = make_stack(Path(backend), folder / name, emulator)
            run(emulator, stack)
            exported = without_places(stack.export())
            written = with_fixed_ids(json.dumps([exported, emulator.snapshot()]).replace(emulator.url, URL))
        deployment, service = json.loads(written)
        write(folder / name / "state.json", {"version": 3, "deployment": deployment})
        write(folder / name / "service.json", service)
    assert_every_kind_is_there(folder)


def pickled(key: str) -> dict[str, str]:
    """Return the type of a kind, and the text that its provider is in a state, for each protocol."""
    texts = {}
    for protocol in PROTOCOLS:
        with mock.patch.object(pickle, "DEFAULT_PROTOCOL", protocol):
            texts[str(protocol)] = serialize_provider(ProviderReference(key))
    (type_token,) = [kind.type_token for kind in load_kinds() if kind.key == key]
    return {"type": type_token, **texts}


def make_stack(backend: Path, program: Path, emulator: Emulator) -> SpectrumStack:
    """Return a stack of a program, with its credentials in the configuration."""
    return SpectrumStack(
        backend,
        program,
        environment={"SPECTRUM_CLOUD_URL": emulator.url, "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE},
        config={
            "spectrum:projectId": emulator.project_id,
            "spectrum:projectSecret": ConfigValue(emulator.project_secret, secret=True),
            "spectrum:requestsPerSecond": "1000",
        },
    )


def make_whole(emulator: Emulator, stack: SpectrumStack) -> None:
    """Create everything, and read it again after Meta's review, as every stack has been that is in use."""
    emulator.project.webhooks.add(id=IMPORTED, webhookUrl="https://app.example.com/imported")
    stack.up()
    emulator.project.whatsapp_templates.change(emulator.project.whatsapp_templates.ids[0], status="APPROVED")
    stack.up(refresh=True)
    stack.assert_no_drift()


def make_partially_created(emulator: Emulator, stack: SpectrumStack) -> None:
    """Move a webhook whose former registration cannot be deleted, and create what cannot be finished."""
    stack.set_environment({"GOLDEN_RUN": "first"})
    stack.up()
    emulator.faults.add(Fault(method="DELETE", path="*/webhooks/*", status=422, times=None))
    emulator.faults.add(Fault(method="PATCH", status=422, times=None))
    stack.set_environment({"GOLDEN_RUN": "second"})
    stack.up(fails=True, continue_on_error=True)


RUNS: dict[str, Callable[[Emulator, SpectrumStack], None]] = {
    "whole": make_whole,
    "partially_created": make_partially_created,
}


def without_places(deployment: dict[str, Any]) -> dict[str, Any]:
    """Return a state without the places in files of this machine at which resources were declared."""
    resources = [
        {name: value for name, value in each.items() if name not in ("sourcePosition", "stackTrace")}
        for each in deployment["resources"]
    ]
    return {**deployment, "resources": resources}


def with_fixed_ids(text: str) -> str:
    """Return the text with its ids numbered in the order in which they come, those chosen here as they are."""
    kept = {IMPORTED, *AN_ID.findall(json.dumps(SEED))}
    found = [each for each in dict.fromkeys(AN_ID.findall(text)) if each not in kept]
    numbered = {each: f"00000000-0000-4000-8000-{number:012}" for number, each in enumerate(found, 1)}
    return AN_ID.sub(lambda match: numbered.get(match[0], match[0]), text)


def write(path: Path, document: object) -> None:
    """Write a document as JSON."""
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def assert_every_kind_is_there(folder: Path) -> None:
    """End with a message if the state of all kinds lacks one."""
    state = json.loads((folder / "whole" / "state.json").read_text(encoding="utf-8"))
    there = {each["type"] for each in state["deployment"]["resources"]}
    missing = {kind.noun for kind in load_kinds() if kind.type_token not in there}
    if missing:
        sys.exit(f"programs/whole declares no {', no '.join(sorted(missing))}.")


if __name__ == "__main__":
    main()
