"""Secrets that were kept, for objects that are taken over: the API does not return them again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from pulumi_spectrum.cli.names import variable_for
from pulumi_spectrum.kinds import Kind, Live
from pulumi_spectrum.text_files import read_text

ENVIRONMENT_PREFIX = "SPECTRUM_SECRET_"


@dataclass(frozen=True)
class GivenSecrets:
    """The secrets of one object, as a file or an environment variable holds them.

    Args:
        of: The object's label, id, or name in the program.
        text: The secrets, with space between them, or one on each line with its name before it.
        source: Where they were read, as the beginning of a sentence.
    """

    of: str
    text: str = field(repr=False)
    source: str

    def are_for(self, kind: Kind, name: str, live: Live) -> bool:
        """Return whether the secrets are for an object. One of a kind without secrets has none."""
        return bool(kind.secret_outputs) and (self.of == name or kind.is_called(live, self.of))


def read_secret_files(options: Sequence[str]) -> list[GivenSecrets]:
    """Return what the files of `OBJECT=@FILE` options hold.

    Raises:
        click.UsageError: An option has another form. Its text is not shown, since it may be a secret.
        UnreadableText: A file is not text.
    """
    found = []
    for option in options:
        of, at, path = option.rpartition("=@")
        if not at or not of or not path:
            raise click.UsageError(
                "--secret takes OBJECT=@FILE: the secret is read from a file, because the arguments of a command can "
                "be seen by others on this machine."
            )
        found.append(GivenSecrets(of, read_text(Path(path)), f"The file {path}"))
    return found


def secrets_for(kind: Kind, name: str, live: Live, files: Sequence[GivenSecrets]) -> dict[str, str]:
    """Return the secrets that were given for an object, by the output that holds each.

    Args:
        kind: The object's kind.
        name: Its name in the program.
        live: The object.
        files: What `read_secret_files` has found.

    Raises:
        click.ClickException: Something that was given for it is no secret of its kind.
    """
    variable = f"{ENVIRONMENT_PREFIX}{variable_for(name).upper()}"
    from_environment = GivenSecrets(name, os.environ.get(variable, ""), f"The environment variable {variable}")
    return {
        output: secret
        for given in (from_environment, *files)
        if given.are_for(kind, name, live)
        for output, secret in sort_out(kind, given).items()
    }


def sort_out(kind: Kind, given: GivenSecrets) -> dict[str, str]:
    """Return each secret by the output that it belongs to, recognised by its name or its form.

    Raises:
        click.ClickException: One of them is no secret of the kind.
    """
    found = kind.find_secrets(given.text)
    if found is None:
        raise click.ClickException(
            f"{given.source} holds something that is no secret of a {kind.noun}: {kind.secrets_in_words()}."
        )
    return found
