"""Writes the tables of `README.md` from `results.json`: `python -m bench.page`; `make bench` does it at its end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import product
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

Row = dict[str, Any]
Rows = list[Row]


def main() -> None:
    """Write the page anew."""
    results = json.loads((HERE / "results.json").read_text())
    page = HERE / "README.md"
    page.write_text(generate(page.read_text(encoding="utf-8"), results), encoding="utf-8")


def generate(page: str, results: Mapping[str, Any]) -> str:
    """Return the page with the figures of these results between its marks."""
    rows = results["rows"]
    parts = {
        "at the limit": partial(_tables, rows, limited=True),
        "without a limit": partial(_tables, rows, limited=False),
        "aims": partial(_aims, rows),
        "beside the shape": partial(_beside_the_shape, rows),
        "where the time goes": partial(_where_the_time_goes, rows),
        "imports": partial(_imports, results),
    }
    return re.sub(
        r"<!-- ([a-z ]+) -->\n.*?<!-- end -->",
        lambda marked: f"<!-- {marked[1]} -->\n{parts[marked[1]]()}<!-- end -->",
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


def _by_run(rows: Rows) -> dict[tuple[str, str, int, bool], Row]:
    """Return each row by its contender and operation, the number of users, and whether the limit was on."""
    return {(row["contender"], row["operation"], row["users"], row["limited"]): row for row in rows}


def _cell(row: Row) -> str:
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


def _aims(rows: Rows) -> str:
    """Return what was aimed at with 200 users, and with how many more it grows."""
    found = _by_run(rows)

    def per_user(operation: str, *, limited: bool) -> str:
        rows_of = (found["pulumi-spectrum", operation, users, limited] for users in NUMBERS[1:])
        seconds = [row["seconds"] / row["users"] for row in rows_of]
        return " and ".join(f"{each * 1000:.1f}" for each in seconds)

    def refreshed(users: int) -> tuple[int, float]:
        ours, bare = (found[each, "refresh", users, False] for each in ("pulumi-spectrum", "bare"))
        return ours["requests"], ours["seconds"] / bare["seconds"]

    up, floor, bare = (found[each, "up", 200, True] for each in ("pulumi-spectrum", "client", "bare"))
    (requests, ratio), (more_requests, more_ratio) = refreshed(200), refreshed(1000)
    most = 1.05 * floor["seconds"] + bare["seconds"]
    again = f"1000 users: {more_requests} requests, {more_ratio:.2f} times"
    growth = {
        "`up` at the limit": per_user("up", limited=True),
        "preview": per_user("preview", limited=False),
        "refresh": per_user("refresh", limited=False),
    }
    measured = {
        "200 users at the limit: none is missing, no request is refused": f"{up['missing']} and {up['refused']}",
        f"`up` of 200 in 1.05 times the client's {floor['seconds']:.1f} s, and the engine's {bare['seconds']:.1f} s: "
        f"{most:.1f} s": f"{up['seconds']:.1f} s",
        "refresh of 200 in at most 2 requests, and 1.5 times the bare engine's time": (
            f"{requests} request, {ratio:.2f} times ({again})"
        ),
        "the cost of a user is flat from 200 to 1000, in ms": ", ".join(
            f"{name} {each}" for name, each in growth.items()
        ),
    }
    lines = ((aim, [reached]) for aim, reached in measured.items())
    return _table("aim", ["measured"], lines).replace("---:", "---")


def _where_the_time_goes(rows: Rows) -> str:
    """Return the processor seconds of what changes nothing with 1000 users, by process."""
    found, lines = _by_run(rows), []
    for operation, contender in product(("preview", "refresh"), ("pulumi-spectrum", "shape", "bare")):
        row = found[contender, operation, 1000, False]
        program, host = row["program_cpu_seconds"], row["host_cpu_seconds"]
        seconds = (program, host, row["cpu_seconds"] - program - host, row["seconds"])
        lines.append((f"{operation}, {contender}", [f"{each:.1f}" for each in seconds]))
    return _table("", ("program", "host", "engine", "wall"), lines)


def _imports(results: Mapping[str, Any]) -> str:
    """Return what the import of this package costs a program."""
    imports = results["import_milliseconds"]
    return (
        f"`import pulumi_spectrum` with all resources adds {imports['pulumi_spectrum']:.1f} ms to the "
        f"{imports['pulumi']:.0f} ms of `import pulumi` (medians of 21 processes).\n"
    )


def _beside_the_shape(rows: Rows) -> str:
    """Return what each operation takes in multiples of the shape's time, where both were measured."""
    found = _by_run(rows)
    lines = []
    for operation, aim in AIMS.items():
        cells = [f"{aim:.2f}"]
        for users in NUMBERS:
            measured, shape = (found.get((each, operation, users, False)) for each in ("pulumi-spectrum", "shape"))
            cells.append(_ratio(measured, shape, aim))
        lines.append((operation, cells))
    return _table("", ("aim", *(f"{users} users" for users in NUMBERS)), lines)


def _ratio(measured: Row | None, shape: Row | None, aim: float) -> str:
    if measured is None or shape is None:
        return ""
    ratio = measured["seconds"] / shape["seconds"]
    return f"{ratio:.2f}" if ratio <= aim else f"**missed**: {ratio:.2f}"


if __name__ == "__main__":
    main()
