"""The pages name every setting, public name, command and option that there is, and none that there is not."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import pulumi_spectrum
from pulumi_spectrum import cli, client, settings, testing
from pulumi_spectrum.resources import previews
from pulumi_spectrum.spelling.setting_names import SETTING_NAMES

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *(each for each in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in each.parts),
    *sorted((ROOT / "examples").rglob("README.md")),
]
REFERENCE = {name: (ROOT / f"docs/reference/{name}.md").read_text(encoding="utf-8") for name in ("client", "testing")}
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "pulumi_spectrum").rglob("*.py"))
PROGRAMS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "examples").rglob("*.py"))


def _settings_of_the_code() -> dict[str, tuple[str | None, str]]:
    """Return the environment variable and the default of each configuration key, as the code has them."""
    found: dict[str, tuple[str | None, str]] = {key: (settings.ENVIRONMENT.get(key), "none") for key in SETTING_NAMES}
    defaults = {
        "baseUrl": f"`{client.DEFAULT_BASE_URL}`",
        "requestsPerSecond": f"{client.DEFAULT_REQUESTS_PER_SECOND:g}, the API's rate limit",
        "timeoutSeconds": f"{client.DEFAULT_TIMEOUT_SECONDS:g}",
    }
    found |= {key: (found[key][0], default) for key, default in defaults.items()}
    return {**found, "log": (settings.LOG_VARIABLE, "nothing"), previews.SETTING: (None, "`false`")}


def test_table_of_settings_equals_the_code() -> None:
    """The configuration page has one row for each key, with its environment variable and its default."""
    page = (ROOT / "docs/reference/configuration.md").read_text(encoding="utf-8")
    rows = [row.strip("| \n").split(" | ") for row in page.splitlines() if row.startswith("| `spectrum:")]
    shown = {
        re.findall(r"`spectrum:(\w+)`", key)[0]: (
            None if variable == "none" else variable.strip("`"),
            meaning.partition("Default: ")[2] or "none",
        )
        for key, variable, meaning in rows
    }
    assert shown == _settings_of_the_code()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_names_only_settings_that_exist(page: Path) -> None:
    """A page names no configuration key and no environment variable that the code does not read."""
    text = page.read_text(encoding="utf-8")
    keys = set(re.findall(r"\bspectrum:([a-z]\w+)", text)) - _settings_of_the_code().keys()
    assert keys == set()
    variables = set(re.findall(r"\bSPECTRUM_[A-Z]+(?:_[A-Z]+)*\b", text))
    assert {name for name in variables if name not in SOURCE + PROGRAMS} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_names_only_public_names_that_exist(page: Path) -> None:
    """What a page calls `spectrum.Name`, or a name of one of the package's modules, is there."""
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w./:-])spectrum\.([A-Za-z_]\w*)", text)) - {"photon"}
    ours = {name for name in named if re.match(r"[A-Z]|get_", name)}
    assert {name for name in ours if name not in pulumi_spectrum.__all__} == set()
    for module, name in re.findall(r"`pulumi_spectrum\.(testing|client)\.(\w+)`", text):
        assert hasattr(import_module(f"pulumi_spectrum.{module}"), name), f"{module}.{name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_names_only_commands_and_options_that_exist(page: Path) -> None:
    """What stands behind `pulumi-spectrum` is one of its commands, and its options are options of that command."""
    text = re.sub(r"\\\n\s*", " ", page.read_text(encoding="utf-8"))
    # Ends where a shell's command or a code span ends.
    for name, rest in re.findall(r"pulumi-spectrum ([a-z]+)\b([^`\n|;&#]*)", text):
        if name not in cli.COMMANDS:
            assert not rest.startswith(" --"), f"{name} is no command"  # Else it is a sentence about the package.
            continue
        options = {option for each in cli.main.get_command(None, name).params for option in each.opts}
        given = set(re.findall(r"(?<=\s)--[a-z][a-z-]+", rest))
        assert given - options - {"--help"} == set(), f"pulumi-spectrum {name}"


@pytest.mark.parametrize("module", [client, testing], ids=lambda module: module.__name__)
def test_public_names_of_a_module_are_in_the_reference(module: ModuleType) -> None:
    """Each public name of the client and of the testing package is shown on its page of the reference."""
    page = REFERENCE[module.__name__.rpartition(".")[2]]
    whole = set(re.findall(r"automodule:: ([\w.]+)", page))
    single = set(re.findall(r"auto(?:class|function|data):: ([\w.]+)", page))
    missing = [
        name
        for name in module.__all__
        if f"{module.__name__}.{name}" not in single
        and module.__name__ not in whole
        and f"{getattr(getattr(module, name), '__module__', '')}.{name}" not in single
        and getattr(getattr(module, name), "__module__", "") not in whole
    ]
    assert missing == []


@pytest.mark.parametrize("name", ["architecture.md", "images/house.svg", "images/way.svg"])
def test_architecture_names_only_modules_that_exist(name: str) -> None:
    """Each module and folder that the page and its diagrams name is in the package, or in the repository."""
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w./*-])[a-z_][\w/]*(?:\.py|/(?=[ `<]))", text))
    assert named
    assert {
        each for each in named if not any((ROOT / base / each).exists() for base in ("", "pulumi_spectrum"))
    } == set()
