"""A webhook, and the Kubernetes Secret from which its receiver reads the signing secret."""

from pathlib import Path

import pulumi
from manifest import SecretManifest

import pulumi_spectrum as spectrum

config = pulumi.Config()

inbox = spectrum.Webhook(
    "inbox",
    webhook_url="https://app.example.com/spectrum",
    secret_rotation=config.get("rotation"),
)

# With a cluster this would be pulumi_kubernetes.core.v1.Secret; the manifest for `kubectl apply -f` needs none.
SecretManifest(
    "inbox-secret",
    path=str(Path(config.get("folder") or ".").resolve() / "spectrum-inbox.yaml"),
    secret_name="spectrum-inbox",
    data={"SIGNING_SECRET": inbox.signing_secret, "STANDARD_SIGNING_SECRET": inbox.standard_signing_secret},
)
