"""Write each resource's table of arguments into docs/reference/resources.md: `make docs-generated`.

The tables are made from the facts that stand at the arguments. The rest of the page is written by hand.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.spelling.property_names import to_snake

PAGE = Path(__file__).parent / "reference" / "resources.md"


def table_of(kind: Kind) -> str:
    """Return the table of a kind's arguments, in the order in which a program writes them."""
    rows = [f"| `{to_snake(name)}` | {default_of(kind, name)} | {effect_of(kind, name)} |" for name in kind.arguments()]
    return "\n".join(["| argument | default | a change |", "| --- | --- | --- |", *rows])


def default_of(kind: Kind, name: str) -> str:
    """Return what an argument is that a program leaves out."""
    if kind.is_required(name):
        return "required"
    default = kind.defaults().get(name)
    return "not managed" if default is None else f"`{json.dumps(default)}`"


def effect_of(kind: Kind, name: str) -> str:
    """Return what a change of an argument does, and what else is true of it."""
    facts = kind.facts()[name]
    words = [kind.effect_of_change(name)]
    if name in kind.secret_outputs:
        words.append("secret")
    if facts.write_only:
        words.append("never returned by the API")
    if facts.refers_to is not None:
        key, output = facts.refers_to
        (other,) = [each for each in load_kinds() if each.key == key]
        words.append(f"usually `{other.declared_by.__name__}.{to_snake(output)}`")
    return "; ".join(words)


def generate(page: str) -> str:
    """Return the page with the tables of today's facts, each below the heading of its resource."""
    for kind in load_kinds():
        heading = f"## {kind.declared_by.__name__}\n"
        if heading not in page:
            raise SystemExit(f"{PAGE.name} has no heading {heading.strip()!r}. Add it.")
        page = re.sub(rf"(?<={heading})(?:\|.*\n)*", lambda _, kind=kind: f"{table_of(kind)}\n", page, count=1)
    return page


if __name__ == "__main__":
    PAGE.write_text(generate(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
