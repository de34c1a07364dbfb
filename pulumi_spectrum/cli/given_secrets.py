"""Signing secrets that somebody has kept, for webhooks that are taken over: the API never tells them again."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from pulumi_spectrum.cli.names import variable_for
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.providers.lifecycle import Live
from pulumi_spectrum.spelling.urls import as_parsed
from pulumi_spectrum.text_files import read_text

ENVIRONMENT_PREFIX = "SPECTRUM_SIGNING_SECRET_"

FORMS = {
    "signingSecret": re.compile(r"[0-9a-f]{64}"),
    "standardSigningSecret": re.compile(r"whsec_[A-Za-z0-9+/=_-]+"),
}
"""The outputs that hold a secret, and what each looks like."""


def read_secret_files(options: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the secrets that `KEY=@FILE` options name, by their key: a webhook's URL, name or id.

    Raises:
        click.UsageError: An option has another form. Its text is not shown, since it may be a secret.
        UnreadableText: A file is not text.
    """
    found: dict[str, dict[str, str]] = {}
    for option in options:
        key, at, path = option.rpartition("=@")
        if not at or not key or not path:
            raise click.UsageError(
                "--signing-secret takes URL=@FILE: the secret is read from a file, because the arguments of a command "
                "can be seen by others on this machine."
            )
        found.setdefault(as_parsed(key), {}).update(_sort_out(read_text(Path(path)), f"The file {path}"))
    return found


def secrets_for(
    kind: Kind, name: str, live: Live, identity: Sequence[str], files: Mapping[str, Mapping[str, str]]
) -> dict[str, str]:
    """Return the secrets that were given for an object, by the output that holds each.

    Args:
        kind: The object's kind. One without secret outputs is given none.
        name: Its name in the program.
        live: What the service tells of it.
        identity: What the service knows it by, such as a webhook's URL.
        files: What `read_secret_files` has found.
    """
    given: dict[str, str] = {}
    if kind.secret_outputs:
        variable = f"{ENVIRONMENT_PREFIX}{variable_for(name).upper()}"
        given |= _sort_out(os.environ.get(variable, ""), f"The environment variable {variable}")
        for key in (*identity, name, live.id):
            given |= files.get(key, {})
    return given


def _sort_out(text: str, source: str) -> dict[str, str]:
    """Tell which output each secret in a text belongs to, by its form."""
    found = {}
    for word in text.split():
        outputs = [output for output, form in FORMS.items() if form.fullmatch(word)]
        if not outputs:
            raise click.ClickException(
                f"{source} holds something that is no signing secret: one is 64 hexadecimal characters, the other "
                "begins with whsec_."
            )
        found[outputs[0]] = word
    return found
