"""The Spectrum resources in a stack's state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from pulumi_spectrum.client.json_texts import is_deeper_than
from pulumi_spectrum.kinds import Kind, project_of
from pulumi_spectrum.spelling.urns import resource_name

MAX_DEPTH = 128
"""How deep a state may be nested. The engine itself reads and writes less deep ones."""
SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key by which the engine marks a value that is more than it looks."""
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # the mark of a secret, not one
SPECTRUM_TYPE_PREFIX = "pulumi-python:dynamic/spectrum:"


@dataclass(frozen=True)
class StateResource:
    """One Spectrum resource as the state holds it.

    Args:
        urn: The resource's URN.
        kind: Its kind.
        id: The object's id.
        inputs: Its inputs, secrets in plain text where they were decrypted.
        outputs: Its outputs, in the same way.
        is_leaving: Whether it waits for its deletion or replacement, so that no refresh looks at it.
        ignored: The properties that its `ignore_changes` names.
        secret: The properties that the state encrypts.
        encrypted: Those of them that are not decrypted.
    """

    urn: str
    kind: Kind
    id: str
    inputs: Mapping[str, Any] = field(repr=False)
    outputs: Mapping[str, Any] = field(repr=False)
    is_leaving: bool
    ignored: frozenset[str]
    secret: frozenset[str]
    encrypted: frozenset[str]

    @property
    def name(self) -> str:
        """The name in the program."""
        return resource_name(self.urn)

    @property
    def stack(self) -> str:
        """The stack that it is in."""
        return self.urn.split("::")[0].removeprefix("urn:pulumi:")

    @property
    def project_id(self) -> str | None:
        """The Spectrum project that it belongs to."""
        return project_of(self.outputs)


def wrap_secret(value: Any) -> dict[str, str]:
    """Return a value in the form in which the engine reads a secret from a file and encrypts it."""
    return {SIGNATURE: SECRET, "plaintext": json.dumps(value)}


def list_resources(state: Mapping[str, Any], source: str) -> list[Mapping[str, Any]]:
    """Return all resources of a state, as they stand in it.

    Args:
        state: What `pulumi stack export` writes.
        source: Where it was read, for the message.

    Raises:
        click.ClickException: It is something else.
    """
    if not _is_state(state):
        raise click.ClickException(f"{source} is not a state as `pulumi stack export` writes it.")
    return list(state["deployment"].get("resources") or ())


def _is_state(state: Mapping[str, Any]) -> bool:
    """Return whether a document has the form of a state, as far as it is read here."""
    deployment = state.get("deployment")
    if not isinstance(deployment, Mapping) or is_deeper_than(MAX_DEPTH, state):
        return False
    resources, pending = (deployment.get(name) or [] for name in ("resources", "pending_operations"))
    return (
        isinstance(deployment.get("manifest") or {}, Mapping)
        and isinstance(resources, list)
        and isinstance(pending, list)
        and all(map(_is_resource, resources))
        and all(isinstance(each, Mapping) and _is_resource(each.get("resource")) and "type" in each for each in pending)
    )


def _is_resource(entry: Any) -> bool:
    if not isinstance(entry, Mapping):
        return False
    ignored = entry.get("ignoreChanges") or []
    return (
        all(isinstance(entry.get(name), str) for name in ("urn", "type"))
        and entry["urn"].count("::") >= 3  # noqa: PLR2004  # stack, project, type and name
        and isinstance(entry.get("id") or "", str)
        and all(isinstance(entry.get(name) or {}, Mapping) for name in ("inputs", "outputs"))
        and isinstance(ignored, list)
        and all(isinstance(each, str) for each in ignored)
    )


def find_spectrum_resources(
    resources: Sequence[Mapping[str, Any]], kinds: Sequence[Kind]
) -> tuple[list[StateResource], list[str]]:
    """Return the Spectrum resources, and the types among them that this release does not know."""
    by_type = {kind.type_token: kind for kind in kinds}
    known, unknown = [], set()
    for resource in resources:
        kind = by_type.get(resource["type"])
        if kind is not None:
            known.append(_read_resource(resource, kind))
        elif resource["type"].startswith(SPECTRUM_TYPE_PREFIX):
            unknown.add(str(resource["type"]))
    return known, sorted(unknown)


def _read_resource(resource: Mapping[str, Any], kind: Kind) -> StateResource:
    given = {"inputs": resource.get("inputs") or {}, "outputs": resource.get("outputs") or {}}
    marked = {name for side in given.values() for name, value in side.items() if _holds(value, SIGNATURE)}
    return StateResource(
        urn=resource["urn"],
        kind=kind,
        id=str(resource.get("id", "")),
        inputs=unwrap_secrets(given["inputs"]),
        outputs=unwrap_secrets(given["outputs"]),
        is_leaving=bool(resource.get("delete") or resource.get("pendingReplacement")),
        ignored=frozenset(resource.get("ignoreChanges") or ()),
        secret=frozenset(marked) | kind.secret_outputs,
        encrypted=frozenset(name for side in given.values() for name, value in side.items() if holds_ciphertext(value)),
    )


def _read_plaintext(text: Any) -> Any:
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise click.ClickException(
            "The state holds a secret that cannot be read, since its text is not JSON."
        ) from None
    if is_deeper_than(MAX_DEPTH, value):
        raise click.ClickException("The state holds a secret that cannot be read, since it is nested too deeply.")
    return value


def holds_ciphertext(value: Any) -> bool:
    """Return whether a value of the state, or a value in it, is encrypted."""
    return _holds(value, "ciphertext")


def unwrap_secrets(value: Any) -> Any:
    """Return a value of the state with each secret in it as it is in plain text, where it is not encrypted."""
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET and "plaintext" in value:
            return unwrap_secrets(_read_plaintext(value["plaintext"]))
        return {name: unwrap_secrets(each) for name, each in value.items()}
    return [unwrap_secrets(each) for each in value] if isinstance(value, list) else value


def _holds(value: Any, key: str) -> bool:
    if isinstance(value, Mapping):
        return key in value or any(_holds(each, key) for each in value.values())
    return isinstance(value, list) and any(_holds(each, key) for each in value)
