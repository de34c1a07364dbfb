"""How a failure reaches the person who typed a command: one sentence, and the exit status 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from pulumi_spectrum.kinds import FAILURES, explain_failure
from pulumi_spectrum.text_files import UnreadableText


@contextmanager
def told_in_one_sentence() -> Iterator[None]:
    """Turn what can go wrong between here and the service into a message without a traceback.

    Raises:
        click.ClickException: For every failure that is not a bug.
    """
    try:
        yield
    except FAILURES as error:
        raise click.ClickException(explain_failure(error)) from None
    except UnreadableText as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror or error}.") from None
