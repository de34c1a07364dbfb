"""How a command ends when it fails: with one message and the exit status 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from pulumi_spectrum.messages.failures import FAILURES, explain
from pulumi_spectrum.text_files import UnreadableText


@contextmanager
def failures_without_traceback() -> Iterator[None]:
    """Turn each failure in this block that is not a bug into a message without a traceback.

    Raises:
        click.ClickException: A request failed, settings or a file cannot be used, or an operation was refused.
    """
    try:
        yield
    except FAILURES as error:
        raise click.ClickException(explain(error)) from None
    except UnreadableText as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from None
