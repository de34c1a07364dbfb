"""The section about completion on the page of the commands, done as it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"
PRESS_TAB = """
. ~/.pulumi-spectrum.bash
complete -p pulumi-spectrum > /dev/null
COMP_WORDS=(pulumi-spectrum adopt --area we) COMP_CWORD=3
_pulumi_spectrum_completion pulumi-spectrum
echo "${COMPREPLY[@]}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_completion_is_set_up_as_the_page_says(tmp_path: Path) -> None:
    """The commands of the page write a script for each shell, and bash then completes the word of an option."""
    section = PAGE.read_text(encoding="utf-8").partition("## Completion in a shell\n")[2].partition("\n## ")[0]
    (commands,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "HOME": str(tmp_path), "PATH": path}
    (tmp_path / ".config/fish/completions").mkdir(parents=True)
    subprocess.run(["sh", "-ec", commands], env=environment, check=True)

    scripts = sorted(str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if file.is_file())
    assert scripts == [".config/fish/completions/pulumi-spectrum.fish", ".pulumi-spectrum.bash", ".pulumi-spectrum.zsh"]
    assert [name for name in scripts if "_PULUMI_SPECTRUM_COMPLETE" not in (tmp_path / name).read_text()] == []
    pressed = subprocess.run(
        ["bash", "--norc", "-ec", PRESS_TAB], env=environment, check=True, capture_output=True, text=True
    )
    assert pressed.stdout == "webhooks\n"
