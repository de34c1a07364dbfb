"""Text files that people give to commands, read in the encoding that they are in."""

from __future__ import annotations

import codecs
import tokenize
from pathlib import Path

MARKS = (
    # UTF-32 first: its little-endian mark begins with the mark of UTF-16.
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (codecs.BOM_UTF8, "UTF-8-sig"),
)
"""Byte order marks, and the encoding that each stands for. PowerShell's `>` writes UTF-16 with one."""


class UnreadableText(Exception):
    """A file cannot be read as text. The message names the file and the encoding, and holds nothing of its content."""


def read_text(path: Path) -> str:
    """Return a file's text, decoded as its byte order mark says, and as UTF-8 where it has none.

    Raises:
        UnreadableText: It is in another encoding, or it cannot be read at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableText(f"{path} cannot be read: {error.strerror}.") from None
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "UTF-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # which is in no text, and in every second byte of UTF-16 without a mark
        raise UnreadableText(
            f"{path} is not {encoding.removesuffix('-sig')} text. Save it as UTF-8, or as UTF-16 with a byte "
            "order mark."
        )
    return text


def read_program(path: Path) -> str:
    """Return the text of a Python program, decoded as Python does it.

    Raises:
        UnreadableText: Python could not read it either.
    """
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except OSError as error:
        raise UnreadableText(f"{path} cannot be read: {error.strerror}.") from None
    except (SyntaxError, UnicodeDecodeError, LookupError):
        text = "\0"
    if "\0" in text:
        raise UnreadableText(
            f"{path} is not UTF-8 text, nor in an encoding that a `# coding:` line at its start names. Save it as "
            "UTF-8."
        )
    return text
