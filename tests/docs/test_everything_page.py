"""The project that has everything, whose page and pictures are made from a real run, has every kind of resource."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from part_fixtures import open_client

from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.kinds import Kind, load_kinds

GENERATE = Path(__file__).parents[2] / "docs/generate"


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module that makes the project."""
    monkeypatch.syspath_prepend(str(GENERATE))
    yield import_module("everything")
    for name in ("everything", "recording"):
        del sys.modules[name]


@pytest.mark.parametrize("kind", load_kinds(), ids=lambda kind: kind.key)
def test_an_object_of_each_kind_is_made_and_changed(
    kind: Kind, everything: Any, project: ProjectHandle, live_settings: ClientSettings
) -> None:
    """The project has an object of each kind, of which a property is then changed by hand."""

    def held() -> dict[str, dict[str, Any]]:
        with open_client(live_settings) as client:
            return {live.id: live.properties for live in kind.read_all(client)}

    everything.fill(project)
    before = held()
    everything.change(project)
    after = held()
    assert [each for each in before.keys() & after.keys() if before[each] != after[each]] != []
