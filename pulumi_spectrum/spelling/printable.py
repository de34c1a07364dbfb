"""Text of other people, made safe to show: in a message, a table, a report or a log."""

from __future__ import annotations


def on_one_line(text: str) -> str:
    """Return text with a space for each character that moves the cursor, colours, hides or reorders what is shown.

    Those are control characters and line breaks, direction overrides, and characters without a width.
    """
    return "".join(each if each.isprintable() else " " for each in text)
