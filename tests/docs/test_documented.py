"""Arguments, outputs, configuration, environment variables, commands and functions are documented."""

import inspect
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import pulumi_spectrum
from pulumi_spectrum import cli, settings
from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.resources import previews
from pulumi_spectrum.resources.base import SpectrumResource
from pulumi_spectrum.spelling.property_names import to_camel
from pulumi_spectrum.spelling.setting_names import SETTING_NAMES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PUBLIC = [getattr(pulumi_spectrum, name) for name in pulumi_spectrum.__all__]
RESOURCES = [thing for thing in PUBLIC if isinstance(thing, type) and issubclass(thing, SpectrumResource)]
CLASSES = [*RESOURCES, pulumi_spectrum.Provider]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_argument_is_documented(cls: type) -> None:
    """Each argument of a resource is in its documentation, with its meaning."""
    text = inspect.getdoc(cls.__init__)
    missing = [
        name for name in inspect.signature(cls).parameters if not re.search(rf"^    {name}: \S", text, re.MULTILINE)
    ]
    assert missing == []


@pytest.mark.parametrize("cls", RESOURCES, ids=lambda cls: cls.__name__)
def test_effect_of_each_change_is_documented(cls: type) -> None:
    """Each argument's text says whether changing it updates in place or replaces, or when it is used."""
    entries = re.split(r"\n    (?=\w+: )", inspect.getdoc(cls.__init__).split("Args:", 1)[1].split("\n\n")[0])
    effect = re.compile(r"in place|replaces|rotates|Used at|What to do when|The name in|Pulumi's resource options")
    assert [entry for entry in entries if entry.strip() and not effect.search(re.sub(r"\s+", " ", entry))] == []


@pytest.mark.parametrize("cls", RESOURCES, ids=lambda cls: cls.__name__)
def test_every_output_is_documented(cls: Any) -> None:
    """Each output of a resource has its own text."""
    assert [name for name in cls._properties if not inspect.getdoc(getattr(cls, name))] == []


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_class_is_in_the_reference(cls: type) -> None:
    """Each public class is on a page of the reference."""
    shown = f"autoclass:: pulumi_spectrum.{cls.__name__}\n"
    assert [page.name for page in (DOCS / "reference/resources").glob("*.md") if shown in page.read_text()] != []


def test_every_setting_is_documented() -> None:
    """Each configuration key and environment variable is in the configuration reference."""
    text = (DOCS / "reference/configuration.md").read_text()
    of_a_client = {to_camel(each.name) for each in fields(ClientSettings)} - {"sources"}
    assert of_a_client | {"log", previews.SETTING} == set(SETTING_NAMES)
    assert [key for key in SETTING_NAMES if f"`spectrum:{key}`" not in text] == []
    assert [name for name in settings.ENVIRONMENT.values() if f"`{name}`" not in text] == []


def test_every_command_is_documented() -> None:
    """Each command has a block with its help in the reference."""
    page = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\$ pulumi-spectrum (\w+) --help$", page, re.MULTILINE)) == list(cli.COMMANDS)


def test_every_public_name_is_documented() -> None:
    """Each public name of the package is a documented class or function."""
    functions = (DOCS / "reference/functions.md").read_text()
    for name in pulumi_spectrum.__all__:
        thing = getattr(pulumi_spectrum, name)
        assert inspect.getdoc(thing), name
        if inspect.isfunction(thing):
            assert thing.__module__ in functions, name


def test_every_relative_link_has_a_file() -> None:
    """Each relative link in the README and the site points to an existing file."""
    folders = [DOCS, ROOT / "bench", ROOT / "examples"]
    pages = [ROOT / "README.md", *(page for folder in folders for page in folder.rglob("*.md"))]
    targets = [
        (page, target) for page in pages for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    ]
    assert [f"{page}: {target}" for page, target in targets if not (page.parent / target).exists()] == []


def test_every_make_target_exists() -> None:
    """Each `make` target that a page names is in the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = [ROOT / "README.md", *DOCS.rglob("*.md"), ROOT / "bench/README.md"]
    named = {
        word for page in pages for word in re.findall(r"(?:^|`)make ([a-z][a-z-]+)\b", page.read_text(), re.MULTILINE)
    }
    assert named - targets == set()
