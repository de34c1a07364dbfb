"""The API's contract, read from openapi.yaml: which operations there are, and where they live."""

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
        operation_id: Its name.
        public: Whether it asks for no credentials.
        generation: The generation that brought it.
    """

    operation_id: str
    public: bool
    generation: Generation


@dataclass(frozen=True)
class Place:
    """One path of the contract, in both spellings of its trailing slash."""

    path: str
    pattern: re.Pattern[str]
    endpoints: dict[str, Endpoint]

    def allow(self, generation: Generation) -> str:
        """Return the value of an Allow header in a generation."""
        return ", ".join(method for method, endpoint in self.endpoints.items() if endpoint.generation <= generation)


@cache
def load_document() -> dict[str, Any]:
    """Return the contract as it stands in the file. Not to be changed."""
    text = files("pulumi_spectrum.emulator").joinpath("openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, written in C where there is one
    return document


@cache
def document_of(generation: Generation) -> dict[str, Any]:
    """Return the contract as it was in a generation: what is marked ``x-since`` a later one is left out."""
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
def load_places() -> tuple[Place, ...]:
    """Return every path of the contract, fixed names before parameters."""
    spellings: dict[str, dict[str, Endpoint]] = {}
    for path, item in load_document()["paths"].items():
        for method, operation in _operations(item).items():
            endpoint = Endpoint(
                operation["operationId"], operation.get("security") == [], operation.get("x-since", "2026-05")
            )
            for spelling in (path, *operation.get("x-other-spellings", ())):
                spellings.setdefault(spelling.rstrip("/"), {})[method.upper()] = endpoint
    in_order = sorted(spellings, key=lambda path: path.replace("{", "~"))
    return tuple(Place(path, _pattern(path), spellings[path]) for path in in_order)


def find_place(path: str) -> tuple[Place, dict[str, str]] | None:
    """Return the place that a request's path names, with its parameters."""
    for place in load_places():
        if match := place.pattern.fullmatch(path):
            return place, match.groupdict()
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
