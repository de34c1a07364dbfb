"""A Kubernetes Secret as a manifest file that only its owner can read."""

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult


class SecretManifestProvider(ResourceProvider):
    """Writes the file, and removes it."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Write the file."""
        write_manifest(props)
        return CreateResult(props["path"], props)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Write it anew when anything differs; another path is another file."""
        changed = [key for key in ("path", "secret_name", "data") if _olds.get(key) != _news.get(key)]
        return DiffResult(changes=bool(changed), replaces=[key for key in changed if key == "path"])

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Write the file."""
        write_manifest(_news)
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Remove the file."""
        Path(_props["path"]).unlink(missing_ok=True)


def write_manifest(props: Mapping[str, Any]) -> None:
    """Write a Secret with the given data, in JSON, which is YAML too, in a file that only its owner can read."""
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": props["secret_name"]},
        "type": "Opaque",
        "data": {key: base64.b64encode(value.encode()).decode() for key, value in props["data"].items() if value},
    }
    descriptor = os.open(props["path"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(secret, file, indent=2)


class SecretManifest(Resource):
    """A Kubernetes Secret as a manifest file.

    Args:
        resource_name: The name in this program.
        path: The file. A change replaces it.
        secret_name: The name of the Secret. Changed in place.
        data: Its keys and their values, in plain text; outputs stay secret on the way. Changed in place.
    """

    def __init__(
        self,
        resource_name: str,
        *,
        path: str,
        secret_name: str,
        data: Mapping[str, pulumi.Input[str | None]],
    ) -> None:
        super().__init__(
            SecretManifestProvider(),
            resource_name,
            {"path": path, "secret_name": secret_name, "data": pulumi.Output.secret(dict(data))},
        )
