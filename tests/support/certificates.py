"""Certificates that tests make for themselves, so that no private key lies in the repository."""

import subprocess
from pathlib import Path

REQUEST = """
[req]
distinguished_name = subject
x509_extensions = extensions
prompt = no
[subject]
CN = localhost
[extensions]
subjectAltName = DNS:localhost, DNS:spectrum.example.com, IP:127.0.0.1
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
"""


class OpensslFailed(Exception):
    """The `openssl` command is missing, or made no certificate."""


def make_self_signed_certificate(folder: Path) -> Path:
    """Make a file with a key and a self-signed certificate of loopback and a host name, which no system trusts.

    Raises:
        OpensslFailed: The certificate was not made; the message says what to do.
    """
    request, path = folder / "certificate.cnf", folder / "certificate.pem"
    request.write_text(REQUEST)
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = ["openssl", "req", "-x509", "-config", str(request), *kind, "-keyout", str(path), "-out", "-"]
    try:
        run = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise OpensslFailed("The tests of TLS make a certificate with `openssl`: install it, on PATH.") from error
    if run.returncode:
        raise OpensslFailed(f"`openssl` made no certificate: {run.stderr.decode(errors='replace')}")
    with path.open("ab") as file:
        file.write(run.stdout)
    return path
