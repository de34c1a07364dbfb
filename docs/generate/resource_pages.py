"""Write each resource's table of arguments into its page of the reference: `make docs-generated`.

The table is made from the facts that stand at the arguments. The rest of the page is written by hand.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.spelling.property_names import to_snake

PAGES = Path(__file__).parents[1] / "reference" / "resources"


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


def page_of(kind: Kind) -> Path:
    """Return the page of a kind."""
    return PAGES / f"{kind.word}.md"


def generate(kind: Kind, page: str) -> str:
    """Return the page of a kind with the table of today's facts, below its title."""
    return re.sub(r"^(# .+\n)(?:\|.*\n)*", lambda title: f"{title[1]}{table_of(kind)}\n", page, count=1)


def files() -> dict[Path, str]:
    """Return each kind's page by its file."""
    pages = {kind: page_of(kind) for kind in load_kinds()}
    return {path: generate(kind, path.read_text(encoding="utf-8")) for kind, path in pages.items()}
