"""Code that serves all kinds of resource names none of them, and no property of one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest

import pulumi_spectrum
from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.providers.inputs import arguments_of
from pulumi_spectrum.spelling.property_names import to_camel, to_snake

PACKAGE = Path(pulumi_spectrum.__file__).parent
ROOMS = [
    "cli",
    "kinds.py",
    "kind_facts.py",
    "messages",
    "testing",
    "creation_journal.py",
    "secret_outputs.py",
    *(
        f"providers/{module}.py"
        for module in (
            "__init__",
            "base",
            "bookkeeping",
            "checks",
            "confidential",
            "conflicts",
            "creations",
            "declarations",
            "duplicates",
            "failures",
            "host",
            "imports",
            "input_checks",
            "lifecycle",
            "made_anew",
            "ownership",
            "plain_values",
            "preview_checks",
            "preview_obstacles",
            "project_access",
            "project_seen",
            "properties",
            "recovery",
            "references",
            "stack_state",
            "state",
            "steps",
            "unknown_kind",
            "unsettled",
        )
    ),
]
FILES = sorted(
    path for room in ROOMS for path in ([PACKAGE / room] if room.endswith(".py") else (PACKAGE / room).rglob("*.py"))
)

PLAIN_ENGLISH = {
    "line": "of text",
    "lines": "of text",
    "files": "that commands read and write",
    "shared": "by processes",
    "user": "of the machine, whose folders platformdirs knows",
    "status": "of a command, of an answer, of a terminal",
    "type": "of a resource in the state, and of a value in Python",
    "name": "of a resource, of a property, of anything",
    "language": "of a program",
    "components": "of a program, which hold resources",
    "adopt": "the command",
    "fail": "what a command does",
    "replace": "what is done to a text",
}
"""Words that are a kind's or a property's too, and what else they mean in this code."""


def literals(annotation: Any) -> Iterator[str]:
    """Yield the texts that an annotation allows, such as the platforms."""
    if get_origin(annotation) is Literal:
        yield from (each for each in get_args(annotation) if isinstance(each, str))
    for each in get_args(annotation):
        yield from literals(each)


def words_of(kind: Kind) -> set[str]:
    """Return what a kind and its properties are called, and the values of its enumerations."""
    arguments = arguments_of(kind._lifecycle.inputs)
    cls = kind.declared_by
    declared = {*getattr(cls, "__annotations__", {}), *getattr(cls, "_properties", ())} - {"project_id"}
    properties = {
        *(each.attribute for each in arguments.values()),
        *(name for name in declared if not name.startswith("_")),
    }
    return {
        *(word.lower() for word in (kind.key, kind.noun, kind.plural, kind.word, kind.area)),
        cls.__name__,
        *properties,
        *map(to_camel, properties),
        *(value for each in arguments.values() for value in literals(each.type)),
    }


FORBIDDEN = {word for kind in load_kinds() for word in words_of(kind)} - PLAIN_ENGLISH.keys()


def names_of_others(tree: ast.AST) -> set[str]:
    """Return the names that a module imports from other packages than this one."""
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not str(node.module).startswith("pulumi_spectrum")
        for alias in node.names
    }


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each identifier and each text of a module, with its line; of a text, what comes before `Examples:`."""
    foreign = names_of_others(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.alias(name=name) if name in foreign:
                pass
            case ast.Constant(value=str(text)):
                yield node.lineno, re.split(r"^\s*Examples:$", text, flags=re.MULTILINE)[0]
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)) | ast.alias(name=name):
                yield node.lineno, name


def named_in(source: str) -> list[str]:
    """Return the forbidden words of a module, each with its line."""
    found = set()
    for line, text in texts(ast.parse(source)):
        for word in re.findall(r"\w+", text):
            parts = to_snake(word).strip("_").split("_")
            runs = {"_".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
            found |= {(line, each) for each in {word, word.lower(), *runs} & FORBIDDEN}
        found |= {(line, each) for each in FORBIDDEN if not each.isidentifier() and each in text.lower()}
    return [f"line {line}: {word}" for line, word in sorted(found)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_generic_code_names_no_kind(path: Path) -> None:
    """No identifier and no text of generic code is the name of a kind, of its property, or of a property's value."""
    assert named_in(path.read_text()) == []


def test_each_allowed_word_is_used_by_a_kind() -> None:
    """Each word that is allowed as plain English is also the name of a kind, a property or a value."""
    assert PLAIN_ENGLISH.keys() <= {word for kind in load_kinds() for word in words_of(kind)}


def test_names_are_read_from_the_kinds() -> None:
    """The names that are searched for include the kinds, arguments and outputs in both spellings, and values."""
    assert {"webhook", "Webhook", "users", "phone_number", "webhookUrl", "signingSecret", "imessage"} <= FORBIDDEN


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("live.properties['webhookUrl']", ["line 1: webhookUrl", "line 1: webhook_url"]),
        ("def same(phone_number): ...", ["line 1: phone_number"]),
        ("find_users_by_name()", ["line 1: users"]),
        ("'Only users and lines.'", ["line 1: users"]),
        ("print(f'{count} Webhooks')", ["line 1: webhooks"]),
        ("'''Do it.\n\n    Examples:\n      adopt --area users\n    '''", []),
        ("for line in lines: print(line.status)", []),
    ],
)
def test_names_are_found_in_identifiers_and_texts(source: str, expected: list[str]) -> None:
    """Names are found in parts of identifiers and in texts, but not in examples or as plain English words."""
    found = named_in(source)
    assert [each for each in expected if each not in found] == []
    assert bool(found) is bool(expected)
