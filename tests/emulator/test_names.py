"""The names of the emulator's classes."""

import ast
from collections import Counter
from pathlib import Path

import pulumi_spectrum

PACKAGE = Path(pulumi_spectrum.__file__).parent


def list_classes(folder: Path) -> list[str]:
    """Return the names of all classes that the modules below a folder define."""
    return [
        node.name
        for path in folder.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    ]


def test_no_class_of_the_emulator_has_the_name_of_another() -> None:
    """A class of the emulator is found by its name: no other class of the package has it."""
    everywhere = Counter(list_classes(PACKAGE))
    assert [name for name in list_classes(PACKAGE / "emulator") if everywhere[name] > 1] == []
