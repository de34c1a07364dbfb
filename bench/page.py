"""Writes the tables of `README.md` from `results.json`: `python -m bench.page`; `make bench` does it at its end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONTENDERS = ("pulumi-spectrum", "retrying", "naive", "shape", "bare", "client")
OPERATIONS = ("up", "preview", "up, no change", "refresh", "drift check", "destroy")
NUMBERS = (5, 200, 1000)
"""The numbers of users that the page shows."""
AIMS = {"preview": 1.05, "up, no change": 1.05, "refresh": 1.15}
"""At most so many times what the shape takes."""
NOTHING_ASKED = ("shape", "bare")

Rows = list[dict[str, Any]]


def main() -> None:
    """Write the page anew."""
    rows = json.loads((HERE / "results.json").read_text())["rows"]
    page = HERE / "README.md"
    page.write_text(generate(page.read_text(encoding="utf-8"), rows), encoding="utf-8")


def generate(page: str, rows: Rows) -> str:
    """Return the page with the tables of these rows between its marks."""
    parts = {
        "at the limit": _tables(rows, limited=True),
        "without a limit": _tables(rows, limited=False),
        "beside the shape": _beside_the_shape(rows),
    }
    return re.sub(
        r"<!-- ([a-z ]+) -->\n.*?<!-- end -->",
        lambda marked: f"<!-- {marked[1]} -->\n{parts[marked[1]]}<!-- end -->",
        page,
        flags=re.DOTALL,
    )


def _tables(rows: Rows, *, limited: bool) -> str:
    """Return a table for each number of users."""
    tables = []
    for users in NUMBERS:
        of_number = [row for row in rows if row["users"] == users and row["limited"] is limited]
        contenders = [each for each in CONTENDERS if any(row["contender"] == each for row in of_number)]
        contenders = [each for each in contenders if limited or each != "client"]
        cells = {(row["operation"], row["contender"]): _cell(row) for row in of_number}
        if contenders:
            lines = [[cells.get((operation, each), "") for each in contenders] for operation in OPERATIONS]
            tables.append(_table(f"{users} users", contenders, zip(OPERATIONS, lines, strict=True)))
    return "\n".join(tables)


def _table(corner: str, headings: Iterable[str], lines: Iterable[tuple[str, Iterable[str]]]) -> str:
    headings = list(headings)
    head = [f"| {corner} | {' | '.join(headings)} |", f"| --- |{' ---: |' * len(headings)}"]
    return "\n".join([*head, *(f"| {name} | {' | '.join(cells)} |" for name, cells in lines)]) + "\n"


def _cell(row: dict[str, Any]) -> str:
    """Return seconds, at the limit the requests too, and what went wrong."""
    text = f"{row['seconds']:.1f}"
    if row["limited"] and row["contender"] not in NOTHING_ASKED and row["operation"] != "preview":
        if row["requests"]:
            text += f", {row['requests']}"
        if row["refused"]:
            text += f" ({row['refused']} refused)"
    if row["operation"] == "up" and row["missing"]:
        return f"{text}; {row['missing']} missing"
    return f"{text}; failed" if row["failed"] else text


def _beside_the_shape(rows: Rows) -> str:
    """Return what each operation takes in multiples of the shape's time, where both were measured."""
    seconds = {(row["operation"], row["users"], row["contender"]): row["seconds"] for row in rows if not row["limited"]}
    lines = []
    for operation, aim in AIMS.items():
        cells = [f"{aim:.2f}"]
        for users in NUMBERS:
            measured, shape = (seconds.get((operation, users, each)) for each in ("pulumi-spectrum", "shape"))
            cells.append(_ratio(measured, shape, aim))
        lines.append((operation, cells))
    return _table("", ("aim", *(f"{users} users" for users in NUMBERS)), lines)


def _ratio(measured: float | None, shape: float | None, aim: float) -> str:
    if measured is None or shape is None:
        return ""
    ratio = measured / shape
    return f"{ratio:.2f}" if ratio <= aim else f"**missed**: {ratio:.2f}"


if __name__ == "__main__":
    main()
