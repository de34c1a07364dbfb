"""States of stacks whose run was killed, and a stand-in for the Pulumi CLI that keeps them in files."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pulumi_spectrum.cli.state_file import SIGNATURE
from pulumi_spectrum.providers.bookkeeping import BOOKKEEPING, PROVIDER

WRITTEN = datetime(2026, 11, 28, 12, tzinfo=UTC)
"""When the states were last written."""

PULUMI = """#!{python} -ISB
import json, pathlib, sys

folder = pathlib.Path({folder!r})
words = sys.argv[1:]
with open(folder / "calls", "a") as calls:
    calls.write(" ".join(words[:2]) + (" --show-secrets" if "--show-secrets" in words else "") + "\\n")
name = words[words.index("--stack") + 1] if "--stack" in words else "dev"
state, later = folder / (name + ".json"), folder / (name + ".later.json")
if words[:2] == ["stack", "export"]:
    text = state.read_text()
    print(text.replace('"ciphertext"', '"plaintext"') if "--show-secrets" in words else text)
    if later.exists():
        later.rename(state)
elif (folder / "locked").exists():
    sys.exit("error: could not import deployment: the stack is currently locked by 1 lock(s).\\n  file:///somewhere")
else:
    state.write_text(sys.stdin.read())
"""


def made(**after: float) -> datetime:
    """Return a time after the states were written."""
    return WRITTEN + timedelta(**after)


def hidden(value: Any) -> dict[str, Any]:
    """Return a secret as a state holds it encrypted, in the cipher of the stand-in."""
    return {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": json.dumps(value)}


class Stack:
    """A stack whose state the stand-in for the CLI keeps in a file.

    Args:
        folder: Where the states are.
        name: The stack's name. `dev` is the selected one.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / f"{name}.json"
        self._default = self._urn("pulumi:providers:pulumi-python", "default")
        self.write([{"urn": self._default, "type": "pulumi:providers:pulumi-python", "id": "p", "custom": True}], [])

    def write(self, resources: list[Any], operations: list[Any], written_at: datetime | None = WRITTEN) -> None:
        """Write the state."""
        manifest = {"time": written_at.isoformat()} if written_at else {}
        deployment = {"manifest": manifest, "resources": resources, "pending_operations": operations}
        self.path.write_text(json.dumps({"version": 3, "deployment": deployment}))

    @property
    def deployment(self) -> dict[str, Any]:
        """What the state holds."""
        deployment: dict[str, Any] = json.loads(self.path.read_text())["deployment"]
        return deployment

    @property
    def pending(self) -> list[str]:
        """The names of the resources with a pending operation."""
        return [each["resource"]["urn"].rsplit("::", 1)[-1] for each in self.deployment.get("pending_operations", [])]

    def resource(self, name: str) -> dict[str, Any]:
        """Return a resource's entry of the state."""
        return next(each for each in self.deployment["resources"] if each["urn"].endswith(f"::{name}"))

    def add_provider(self, name: str, project_id: Any, project_secret: str) -> str:
        """Add an explicit provider, whose secret is encrypted, and return the reference to it."""
        urn = self._urn("pulumi:providers:pulumi-python", name)
        inputs = {"spectrum:projectId": project_id, "spectrum:projectSecret": hidden(project_secret)}
        self._add("resources", {"urn": urn, "type": "pulumi:providers:pulumi-python", "id": "q", "inputs": inputs})
        return f"{urn}::q"

    def hold(self, cls: str, name: str, object_id: str, project_id: str, **options: Any) -> None:
        """Add a resource that holds an object."""
        outputs = {"projectId": project_id, BOOKKEEPING: {"format": 1, "managed": []}}
        self._add("resources", {**self._entry(cls, name, {}), "id": object_id, "outputs": outputs, **options})

    def leave(self, cls: str, name: str, inputs: dict[str, Any], does: str = "creating", **options: Any) -> None:
        """Add an operation that a killed run has left pending."""
        self._add("pending_operations", {"resource": {**self._entry(cls, name, inputs), **options}, "type": does})

    def _add(self, section: str, entry: dict[str, Any]) -> None:
        deployment = self.deployment
        deployment[section].append(entry)
        written_at = datetime.fromisoformat(deployment["manifest"]["time"])
        self.write(deployment["resources"], deployment["pending_operations"], written_at)

    def _entry(self, cls: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        of_type = f"pulumi-python:dynamic/spectrum:{cls}" if ":" not in cls else cls
        return {
            "urn": self._urn(of_type, name),
            "custom": True,
            "type": of_type,
            "inputs": {**inputs, PROVIDER: "a reference"},
            "parent": "urn:pulumi:parent",
            "provider": f"{self._default}::p",
        }

    def _urn(self, of_type: str, name: str) -> str:
        return f"urn:pulumi:{self.name}::here::{of_type}::{name}"
