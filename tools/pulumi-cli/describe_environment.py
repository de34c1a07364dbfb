"""Prints, as JSON, what is installed for the interpreter that runs this: the language host asks a program's own."""

import importlib.metadata
import importlib.util
import json
import platform
import re
import sys
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any


def main() -> None:
    """Print the interpreter's path, its version, and every installed package."""
    packages = [describe(distribution) for distribution in importlib.metadata.distributions()]
    print(json.dumps({"executable": sys.executable, "version": platform.python_version(), "packages": packages}))


def describe(distribution: Distribution) -> dict[str, Any]:
    """One package: its name, its version, the names it requires, and its `pulumi-plugin.json` if it has one."""
    name = distribution.metadata["Name"]
    requirements = [line for line in distribution.requires or () if "extra ==" not in line]
    plugin_file = locate_module(distribution, name.replace("-", "_")) / "pulumi-plugin.json"
    return {
        "name": name,
        "version": distribution.version,
        "requires": [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requirements],
        "plugin": json.loads(plugin_file.read_text()) if plugin_file.is_file() else None,
    }


def locate_module(distribution: Distribution, module: str) -> Path:
    """The folder of a package's module of the same name, wherever an editable installation keeps it."""
    if distribution.read_text("direct_url.json"):
        specification = importlib.util.find_spec(module)
        if specification and specification.submodule_search_locations:
            return Path(specification.submodule_search_locations[0])
    return Path(str(distribution.locate_file(module)))


if __name__ == "__main__":
    main()
