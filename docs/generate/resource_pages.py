"""The tables of arguments and outputs on the page of each resource, made from the facts that stand at the properties.

The rest of a page is written by hand. The tables stand between `<!-- arguments -->` or `<!-- outputs -->` and
`<!-- end -->`.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path
from typing import Any

from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.spelling.property_names import to_camel, to_snake

PAGES = Path(__file__).parents[1] / "reference" / "resources"


def files() -> dict[Path, str]:
    """Return each kind's page by its file."""
    pages = {kind: PAGES / f"{kind.word}.md" for kind in load_kinds()}
    return {path: generate(kind, path.read_text(encoding="utf-8")) for kind, path in pages.items()}


def generate(kind: Kind, page: str) -> str:
    """Return the page of a kind with today's tables."""
    for name, table in (("arguments", arguments_of(kind)), ("outputs", outputs_of(kind))):
        block = rf"(<!-- {name} -->\n).*?(?=<!-- end -->)"
        page, replaced = re.subn(block, lambda start, table=table: start[1] + table, page, flags=re.DOTALL)
        if replaced != 1:
            raise SystemExit(f"The page of {kind.declared_by.__name__} needs one block <!-- {name} -->.")
    return page


def arguments_of(kind: Kind) -> str:
    """Return the table of a kind's arguments in the order in which a program writes them, and what each means."""
    given = inspect.signature(kind.declared_by).parameters
    texts = _texts_of_arguments(kind.declared_by)
    rows = [
        f"| `{to_snake(name)}` | {_in_words(given[to_snake(name)].annotation)} | {_default_of(kind, name)} "
        f"| {_effect_of(kind, name)} |"
        for name in kind.arguments()
    ]
    meanings = [f"`{to_snake(name)}`\n: {texts[to_snake(name)]}\n" for name in kind.arguments()]
    return "\n".join(["| argument | type | default | a change |", "| --- | --- | --- | --- |", *rows, "", *meanings])


def outputs_of(kind: Kind) -> str:
    """Return the table of a kind's outputs. Those that are no arguments come first."""
    names = kind.declared_by._properties  # noqa: SLF001  # the class has no public list of them
    arguments = {to_snake(name) for name in kind.arguments()}
    rows = []
    for name in sorted(names, key=lambda name: name in arguments):
        getter = inspect.getattr_static(kind.declared_by, name).fget
        text = " ".join((inspect.getdoc(getter) or "").split())
        secret = "**Secret.** " if to_camel(name) in kind.secret_outputs else ""
        rows.append(f"| `{name}` | {_in_words(inspect.signature(getter).return_annotation)} | {secret}{text} |")
    return "\n".join(["| output | type | what it is |", "| --- | --- | --- |", *rows, ""])


def _texts_of_arguments(declared_by: type) -> dict[str, str]:
    """Return what the class says of each argument, by its name."""
    text = inspect.getdoc(declared_by.__init__) or ""
    entries = re.split(r"\n    (?=\w+: )", text.partition("Args:")[2].split("\n\n")[0])
    pairs = (entry.strip().split(": ", 1) for entry in entries if entry.strip())
    return {name: " ".join(words.split()) for name, words in pairs}


def _in_words(annotation: str) -> str:
    """Return a type as the table shows it: what a program can give or gets, whether or not it is known yet."""
    return _words(ast.parse(annotation, mode="eval").body)


def _words(node: Any) -> str:
    if isinstance(node, ast.BinOp):
        return _words(node.left)  # The text of a property says when it is None.
    if not isinstance(node, ast.Subscript):
        return f"`{ast.unparse(node)}`"
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    wrapper = ast.unparse(node.value).rpartition(".")[2]
    if wrapper == "Literal":
        return ", ".join(f'`"{part.value}"`' for part in parts)
    if wrapper in ("Sequence", "list"):
        return f"list of {_words(parts[0])}"
    if wrapper in ("Mapping", "dict"):
        return "dictionary"
    return _words(parts[0])


def _default_of(kind: Kind, name: str) -> str:
    """Return what an argument is that a program leaves out."""
    if kind.is_required(name):
        return "required"
    default = kind.defaults().get(name)
    if default is None:
        return "not managed"
    return f"`{json.dumps(default)}`" if isinstance(default, str) else f"`{default!r}`"


def _effect_of(kind: Kind, name: str) -> str:
    """Return what a change of an argument does, and what else is true of it."""
    facts = kind.facts()[name]
    words = [kind.effect_of_change(name)]
    if name in kind.secret_outputs:
        words.append("**secret**")
    if facts.write_only:
        words.append("never returned by the API")
    if facts.refers_to is not None:
        key, output = facts.refers_to
        (other,) = [each for each in load_kinds() if each.key == key]
        words.append(f"usually `{other.declared_by.__name__}.{to_snake(output)}`")
    return "; ".join(words)
