"""The README's first program, run as it is printed."""

import re
from collections.abc import Callable
from pathlib import Path

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.testing import SpectrumStack

README = Path(__file__).parents[2] / "README.md"


def test_readme_program_runs(spectrum: Emulator, make_stack: Callable[..., SpectrumStack]) -> None:
    """The README's program creates what its comments say, and the next preview is empty."""
    code = re.search(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[1]
    stack = make_stack(lambda: exec(code, {}))  # noqa: S102  # the README's own text
    stack.up()
    stack.assert_no_drift()
    assert stack.outputs()["signingSecret"] in spectrum.given_secrets
    assert spectrum.project.users.rows[-1]["assignedPhoneNumber"] == spectrum.project.lines.rows[0]["phoneNumber"]
    assert "protect" in stack.destroy(fails=True).output
