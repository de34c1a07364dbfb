"""The API's contract, read from openapi.yaml: its paths and their operations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from pulumi_spectrum.emulator.switches import Generation

METHODS = ("get", "put", "post", "patch", "delete")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Endpoint:
    """One operation of the contract.

    Args:
        operation_id: Its operationId.
        public: Whether it needs no credentials.
        generation: The first generation that has it.
    """

    operation_id: str
    public: bool
    generation: Generation


@dataclass(frozen=True)
class PathItem:
    """One path of the contract, in both spellings of its trailing slash."""

    path: str
    pattern: re.Pattern[str]
    endpoints: dict[str, Endpoint]

    def allow(self, generation: Generation) -> str:
        """Return the value of the Allow header in a generation."""
        return ", ".join(method for method, endpoint in self.endpoints.items() if endpoint.generation <= generation)


@cache
def load_document() -> dict[str, Any]:
    """Return the content of openapi.yaml. The result is shared: do not change it."""
    text = files("pulumi_spectrum.emulator").joinpath("openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, written in C where there is one
    return document


@cache
def document_of(generation: Generation) -> dict[str, Any]:
    """Return the contract of a generation, without the parts whose ``x-since`` is a later one."""
    document: dict[str, Any] = _without_newer(load_document(), generation)
    operations = [operation for item in document["paths"].values() for operation in _operations(item).values()]
    there = {operation["operationId"] for operation in operations}
    for operation in operations:
        for answer in operation["responses"].values():
            links = answer.get("links", {})
            for name in [name for name, link in links.items() if link["operationId"] not in there]:
                del links[name]
    document["paths"] = {path: item for path, item in document["paths"].items() if _operations(item)}
    return document


@cache
def uuid_parameters() -> frozenset[str]:
    """Return the names of the path parameters that are declared as UUIDs."""
    parameters = load_document()["components"]["parameters"]
    return frozenset(name for name, parameter in parameters.items() if parameter["schema"].get("format") == "uuid")


@cache
def load_paths() -> tuple[PathItem, ...]:
    """Return every path of the contract. Paths with fixed names come before those with parameters."""
    spellings: dict[str, dict[str, Endpoint]] = {}
    for path, item in load_document()["paths"].items():
        for method, operation in _operations(item).items():
            endpoint = Endpoint(
                operation["operationId"], operation.get("security") == [], operation.get("x-since", "2026-05")
            )
            for spelling in (path, *operation.get("x-other-spellings", ())):
                spellings.setdefault(spelling.rstrip("/"), {})[method.upper()] = endpoint
    in_order = sorted(spellings, key=lambda path: path.replace("{", "~"))
    return tuple(PathItem(path, _pattern(path), spellings[path]) for path in in_order)


def find_path(path: str) -> tuple[PathItem, dict[str, str]] | None:
    """Return the contract's item for the path of a request, and the parameters in the path; None when it has none."""
    for item in load_paths():
        if match := item.pattern.fullmatch(path):
            return item, match.groupdict()
    return None


def _operations(item: dict[str, Any]) -> dict[str, Any]:
    return {method: item[method] for method in METHODS if method in item}


def _pattern(path: str) -> re.Pattern[str]:
    named = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    return re.compile(named + "/?")


def _without_newer(node: Any, generation: Generation) -> Any:
    if isinstance(node, list):
        return [_without_newer(item, generation) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_newer(item, generation)
        for name, item in node.items()
        if not (isinstance(item, dict) and item.get("x-since", generation) > generation)
    }
