"""The one program of all stacks on the real CLI: it declares what a file lists.

It loads nothing beside the package, as a program of a user does.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pulumi
from stack_records import Declared, Program, Reference

from pulumi_spectrum.registry import REGISTRY
from pulumi_spectrum.spelling.property_names import to_snake

FILE = "DECLARED_PROGRAM"
"""The environment variable that names the file."""


def write_program(program: Program, file: Path) -> None:
    """Write a program as this module reads it."""
    listed = [
        {
            **vars(each),
            "arguments": {
                name: {"taken_from": vars(value)} if isinstance(value, Reference) else {"value": value}
                for name, value in each.arguments.items()
            },
        }
        # What takes an output of another resource comes after that one, as a person writes it.
        for each in sorted(program, key=lambda each: bool(each.needs))
    ]
    file.write_text(json.dumps(listed))


def declare(program: Path) -> None:
    """Declare the resources of a program."""
    classes = {each.key: each for each in REGISTRY}
    made: dict[str, Any] = {}
    for fields in json.loads(program.read_text()):
        each = Declared(**fields)
        arguments = {
            to_snake(name): _output(made, **given["taken_from"]) if "taken_from" in given else given["value"]
            for name, given in each.arguments.items()
        }
        options = pulumi.ResourceOptions(
            aliases=[pulumi.Alias(name=name) for name in each.aliases],
            protect=False,
            import_=each.imported,
            ignore_changes=[to_snake(name) for name in each.ignored],
            delete_before_replace=each.delete_first,
        )
        made[each.name] = classes[each.kind].load_class()(each.name, **arguments, opts=options)


def _output(made: dict[str, Any], name: str, output: str) -> Any:
    return getattr(made[name], to_snake(output))


if __name__ == "__main__":
    declare(Path(os.environ[FILE]))
