"""Each request that a resource makes is struck by each fault, at its first try, its second one, or every one.

Whatever happens, a run is done or fails with one message, and one more run without faults ends as wanted. What each
cell ends in stands in `docs/fault-matrix.json`, from which the site's page is made. A usual run tries one fault for
each request and try; `FAULT_MATRIX=all` tries all of them, and `FAULT_MATRIX=write` writes the file, in one process.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from engine_calls import serve_engine
from fake_time import FakeTime
from fault_matrix import FAULTS, FaultMatrix, Struck, Try
from faulty_network import FaultyNetwork
from kind_samples import KINDS
from matrix_operations import Operation, operations_of

from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.emulator import Emulator

MODE = os.environ.get("FAULT_MATRIX", "some")
FILE = Path(__file__).parents[2] / "docs" / "fault-matrix.json"
TABLE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
OPERATIONS = list(chain.from_iterable(map(operations_of, KINDS)))

Row = dict[str, str]
"""For each try, one letter for each fault."""


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultMatrix]:
    """The matrix, on an emulator of its own, with an engine that takes warnings, in a time that is not real."""
    folder = tmp_path_factory.mktemp("journal")
    network = FaultyNetwork(FakeTime(tick=0.001))
    with (
        pytest.MonkeyPatch.context() as patch,
        serve_engine() as (_, address),
        Emulator(requests_per_second=None) as emulator,
        network.in_place(),
    ):
        patch.setattr(sys, "argv", ["host", address])
        yield FaultMatrix(emulator, CreationJournal(lambda: folder), network)


@pytest.fixture(scope="module")
def written() -> Iterator[dict[str, dict[str, dict[str, Row]]]]:
    """The table that is written when all is done, by kind, operation and request. What was not run stays in it."""
    table: dict[str, dict[str, dict[str, Row]]] = {}
    for each in OPERATIONS:
        noun = KINDS[each.kind].noun
        table.setdefault(noun, {})[each.name] = TABLE.get("kinds", {}).get(noun, {}).get(each.name, {})
    yield table
    if MODE == "write":
        content = {"faults": list(FAULTS), "kinds": table}
        FILE.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def faults_to_try(number: int, tries: Try) -> list[str]:
    """Return the faults that strike a try of a request: all, or another one for each request and try."""
    names = list(FAULTS)
    return names if MODE in ("all", "write") else [names[(number + 5 * list(Try).index(tries)) % len(names)]]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.kind}: {each.name}")
def test_fault_ends_in_success_or_one_error(
    operation: Operation, matrix: FaultMatrix, written: dict[str, dict[str, dict[str, Row]]]
) -> None:
    """The run is done, or fails with one message and the state right; one more run without faults ends as wanted."""
    requests = matrix.requests_of(operation)
    problems, found = [], {}
    for number, request in enumerate(requests, OPERATIONS.index(operation)):
        for tries in Try:
            for fault in faults_to_try(number, tries):
                cell = matrix.run(operation, request, fault, tries)
                found[request, tries, fault] = cell.outcome.value
                problems += [f"{request}, {fault}, {tries} try: {problem}" for problem in cell.problems]
    assert problems == []
    if MODE == "write":
        rows = {
            str(request): {tries.value: "".join(found[request, tries, fault] for fault in FAULTS) for tries in Try}
            for request in requests
        }
        written[KINDS[operation.kind].noun][operation.name] = rows
        return
    rows = TABLE["kinds"][KINDS[operation.kind].noun][operation.name]
    assert rows.keys() == set(map(str, requests)), f"another request is made by now. {REWRITE}"
    expected = {key: outcome_in(rows, *key) for key in found}
    assert found == expected, f"a fault ends otherwise by now. {REWRITE}"


REWRITE = "Run FAULT_MATRIX=write pytest tests/hard/test_fault_matrix.py, and make docs-generated."


def outcome_in(rows: dict[str, Row], request: Struck, tries: Try, fault: str) -> str:
    """Return what a cell ends in by the table."""
    return rows[str(request)][tries][list(FAULTS).index(fault)]


@pytest.mark.skipif(MODE == "write", reason="the table is being written")
def test_table_has_these_faults_and_operations() -> None:
    """The table that the site shows is of today's faults, kinds and operations."""
    assert TABLE["faults"] == list(FAULTS), REWRITE
    operations = {(kind, name) for kind, each in TABLE["kinds"].items() for name in each}
    assert operations == {(KINDS[each.kind].noun, each.name) for each in OPERATIONS}, REWRITE
