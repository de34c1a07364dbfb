"""The program that `adopt` writes, as a formatter sees it."""

import ast
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_spectrum.cli.program import Declaration, write_program
from pulumi_spectrum.kinds import load_kinds

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20))
def test_any_text_survives(names: list[tuple[str, str]]) -> None:
    """Any name is written exactly into the program, and a formatter leaves the program unchanged."""
    user = next(kind for kind in load_kinds() if kind.key == "user")
    source = write_program(
        [
            Declaration(
                user,
                f"user-{index}",
                {"phoneNumber": f"+1415555{index:04}", "firstName": first, "lastName": last},
                {},
            )
            for index, (first, last) in enumerate(names)
        ],
        title="Users.",
        imports=["import pulumi_spectrum as spectrum"],
    )
    assert source.replace("\n", "").isprintable()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    told = [{each.arg: ast.literal_eval(each.value) for each in call.keywords} for call in calls]
    assert [(each["first_name"], each["last_name"]) for each in told] == names
    for width in ("88", "120"):
        formatted = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", width, "-"],
            input=source,
            capture_output=True,
            text=True,
            check=True,
        )
        assert formatted.stdout == source
