"""The page of the fault matrix, from `fault-matrix.json`, which the tests of the matrix write."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]
PAGE = FOLDER / "fault-matrix.md"
RESULTS = FOLDER / "fault-matrix.json"

FAULTS = {
    "no connection": ("conn", "No connection is made."),
    "dropped": ("drop", "The connection is closed, and the request was not carried out."),
    "dropped, done": ("drop+", "The connection is closed, and the request was carried out."),
    "timeout": ("time", "There is no answer within the time limit, and the request was not carried out."),
    "timeout, done": ("time+", "There is no answer within the time limit, and the request was carried out."),
    "slow": ("slow", "The answer takes 8 seconds."),
    "500": ("500", "A 500, and the request was not carried out."),
    "502, done": ("502+", "A 502 with a page of a proxy, and the request was carried out."),
    "503": ("503", "A 503, and the request was not carried out."),
    "429": ("429", "A 429 without `Retry-After`."),
    "429, Retry-After": ("429r", "A 429 that asks to wait for 7 seconds."),
    "redirect": ("302", "A redirect to another address."),
    "not JSON": (
        "text",
        "A success whose body is not JSON. The request was carried out, as in all that follow.",
    ),
    "empty": ("empty", "A success with an empty body."),
    "truncated": ("cut", "A success with half of its body."),
    "other types": ("types", "A success whose texts are numbers, and whose other values are texts."),
    "fewer fields": ("fewer", "A success whose objects have none of their fields."),
    "more fields": ("more", "A success whose objects have fields that the API does not have today."),
}
"""The head of each fault's column, and what the fault is."""
TRIES = {
    "first": "1st",
    "second, after a 429": "2nd",
    "second, after a lost answer": "2nd*",
    "every": "each",
    "first, and 503 from then on": "down",
}
MARKS = {"d": "✓", "e": "up"}

TEXT = """# The fault matrix

Each request that a resource makes, struck by each fault. A cell says what the run ended in:

| cell | meaning |
| --- | --- |
| ✓ | Done: the object is as the program wants it, and the next preview is what it is without the fault. |
| up | One error, then `pulumi up`. |

An error is one message of whole sentences, without a traceback and without a secret. What was made by then is in the
state with its id, and a failed refresh leaves the state as it was.

After each cell one more `pulumi up` without faults has ended as wanted: the service holds each object once and nothing
else, objects of others are as they were, each secret in the state is the one in force, and the preview is empty, before
a refresh and after it.

The column "try" says which try of the request is struck: the first one; the second one, after a 429 (2nd) or after an
answer that was lost although the request was carried out (2nd*); or each one. With "down" the first one is struck, and
the service is down from then on, so that nothing can be found out: the message says so where the request may have been
carried out. A number behind a path counts requests that are alike, and `*` in a path stands for an id.

{summary}

## How it is made, and how to repeat it
`tests/hard/test_fault_matrix.py` drives the providers in the engine's order of calls against the emulator, in a time
that is not real. The operations are made of the sample arguments of each kind, and the requests are those that the
emulator records without faults, so a new argument is in the table without a word. A usual run of the tests tries one
fault for each request and try, and fails where a cell ends otherwise than here.

```text
FAULT_MATRIX=all pytest tests/hard/test_fault_matrix.py      # every cell, about five minutes
FAULT_MATRIX=write pytest tests/hard/test_fault_matrix.py    # writes docs/fault-matrix.json
make docs-generated                                          # writes this page
```

## The faults
{legend}

{kinds}
"""


def files() -> dict[Path, str]:
    """Return the page by its file."""
    return {PAGE: generate(json.loads(RESULTS.read_text(encoding="utf-8")))}


def generate(results: dict[str, Any]) -> str:
    """Return the page of these results."""
    counts = {kind: _count(operations) for kind, operations in results["kinds"].items()}
    total = sum(counts.values(), Counter())
    summary = [
        f"| {kind} | {len(results['kinds'][kind])} | {count.total()} | {count['d']} | {count['e']} |"
        for kind, count in counts.items()
    ]
    operations = sum(map(len, results["kinds"].values()))
    faults = [FAULTS[each] for each in results["faults"]]
    return TEXT.format(
        summary="\n".join(
            [
                "| kind | operations | cells | done | one error, then up |",
                "| --- | ---: | ---: | ---: | ---: |",
                *summary,
                f"| together | {operations} | {total.total()} | {total['d']} | {total['e']} |",
            ]
        ),
        legend="\n".join(["| column | fault |", "| --- | --- |", *(f"| {head} | {text} |" for head, text in faults)]),
        kinds="\n\n".join(
            _section(kind, each, [head for head, _ in faults]) for kind, each in results["kinds"].items()
        ),
    )


def _count(operations: dict[str, Any]) -> Counter[str]:
    return Counter("".join(row for rows in operations.values() for tries in rows.values() for row in tries.values()))


def _section(kind: str, operations: dict[str, Any], heads: list[str]) -> str:
    tables = [f"### {kind}: {name}\n{_table(rows, heads)}" for name, rows in operations.items()]
    return "\n\n".join([f"## {kind[0].upper()}{kind[1:]}", *tables])


def _table(rows: dict[str, dict[str, str]], heads: list[str]) -> str:
    """Return the table of an operation. Tries of a request that end alike share a line."""
    if not rows:
        return "Makes no request."
    lines = [f"| request | try | {' | '.join(heads)} |", f"| --- | --- |{' --- |' * len(heads)}"]
    for request, tries in rows.items():
        for letters, alike in groupby(tries, key=tries.__getitem__):
            names = ", ".join(TRIES[each] for each in alike)
            lines.append(f"| `{request}` | {names} | {' | '.join(MARKS[letter] for letter in letters)} |")
    return "\n".join(lines)
