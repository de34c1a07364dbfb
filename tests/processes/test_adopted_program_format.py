"""The program that `adopt` writes, as a formatter sees it."""

import ast
import subprocess
import sys
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_spectrum.cli.program import Declaration, write_program
from pulumi_spectrum.kinds import load_kinds

IDS = st.none() | st.uuids().map(str) | st.text(st.characters(codec="ascii"), min_size=1, max_size=130)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
WORDS = st.text("abc\"'文 {}\n", max_size=40)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 99) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
"""Values as they stand inside a nested argument."""


def formatted(source: str, width: str) -> str:
    """Return a program as a formatter would write it."""
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", width, "-"],
        input=source,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, IDS), min_size=1, max_size=20), st.sampled_from([None, "prod"]))
def test_any_text_survives(objects: list[tuple[str, str, str | None]], provider: str | None) -> None:
    """Any name and id is written exactly into the program, and a formatter leaves the program unchanged."""
    user = next(kind for kind in load_kinds() if kind.key == "user")
    source = write_program(
        [
            Declaration(
                user,
                f"user-{index}",
                {"phoneNumber": f"+1415555{index:04}", "firstName": first, "lastName": last},
                {},
                object_id,
            )
            for index, (first, last, object_id) in enumerate(objects)
        ],
        title="Users.",
        imports=["import pulumi_spectrum as spectrum"],
        provider=provider,
    )
    assert source.replace("\n", "").isprintable()
    statements = [each for each in ast.parse(source).body if isinstance(each, ast.Assign)]
    calls = [node for each in statements for node in ast.walk(each) if isinstance(node, ast.Call)]
    given = [{each.arg: ast.unparse(each.value) for each in call.keywords} for call in calls]
    written = [(each["first_name"], each["last_name"]) for each in given if "first_name" in each]
    assert written == [(repr(first), repr(last)) for first, last, _ in objects]
    ids = [each["import_"] for each in given if "import_" in each]
    assert ids == [repr(object_id) for _, _, object_id in objects if object_id is not None]
    for width in ("88", "120"):
        assert formatted(source, width) == source


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(VALUES, max_size=4), min_size=1, max_size=20))
def test_nested_values_survive(values: list[Any]) -> None:
    """Any nested value is written exactly into the program, and a formatter leaves the program unchanged."""
    webhook = next(kind for kind in load_kinds() if kind.key == "webhook")
    source = write_program(
        [Declaration(webhook, f"w-{index}", {"eventTypes": each}, {}) for index, each in enumerate(values)]
    )
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    assert [ast.literal_eval(each.keywords[0].value) for each in calls] == values
    for width in ("88", "120"):
        assert formatted(source, width) == source
