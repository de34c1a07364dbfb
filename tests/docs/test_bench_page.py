"""The figures that pages show are those of `bench/results.json`."""

import json
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

import pulumi_spectrum as spectrum_sdk

ROOT = Path(__file__).parents[2]


@pytest.fixture
def results() -> dict[str, Any]:
    return json.loads((ROOT / "bench/results.json").read_text())


@pytest.fixture
def rows(results: dict[str, Any]) -> list[dict[str, Any]]:
    return results["rows"]


@pytest.fixture
def generate(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(ROOT))
    from bench.page import generate

    yield generate
    for name in [name for name in sys.modules if name == "bench" or name.startswith("bench.")]:
        del sys.modules[name]


def measured(rows: list[dict[str, Any]], contender: str, operation: str, users: int = 200) -> dict[str, Any]:
    [row] = [
        row
        for row in rows
        if (row["contender"], row["operation"], row["users"], row["limited"]) == (contender, operation, users, True)
    ]
    return row


def test_figures_are_those_of_the_results(generate: Any, results: Any) -> None:
    """Each figure of the page equals the one written from the results; `python -m bench.page` writes it."""
    page = (ROOT / "bench/README.md").read_text(encoding="utf-8")
    assert "| 200 users | pulumi-spectrum |" in page
    assert page == generate(page, results)


def test_plot_is_that_of_the_results(generate: Any, rows: Any, tmp_path: Path) -> None:
    """The plot equals the one drawn from the results; `python -m bench` draws it."""
    from bench.plot import draw

    draw(rows, tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").read_text() == (ROOT / "bench/plot.svg").read_text()


def test_shape_is_the_measure(generate: Any) -> None:
    """A time above its aim says so, one within it is shown alone, and what was not measured is left empty."""
    seconds = {("preview", 5): (2.0, 2.0), ("refresh", 5): (2.4, 2.0), ("up, no change", 200): (2.0, None)}
    rows = [
        {"contender": contender, "users": users, "limited": False, "operation": operation, "seconds": each}
        | {"requests": 0, "refused": 0, "missing": 0, "failed": False}
        for (operation, users), pair in seconds.items()
        for contender, each in zip(("pulumi-spectrum", "shape"), pair, strict=True)
        if each is not None
    ]
    assert generate("<!-- beside the shape -->\n<!-- end -->\n", {"rows": rows}).splitlines()[3:6] == [
        "| preview | 1.05 | 1.00 |  |  |",
        "| up, no change | 1.05 |  |  |  |",
        "| refresh | 1.15 | **missed**: 1.20 |  |  |",
    ]


def test_shape_has_the_properties_of_a_user() -> None:
    """The contender *shape* has as many properties in the state as a user of this package, under the same names."""
    shape = runpy.run_path(str(ROOT / "bench/programs/shape/shaped.py"))
    names = {"phone_number", "first_name", *shape["GIVEN"], *shape["MADE_BY_THE_SERVICE"]}
    assert names - {"__shape"} == set(spectrum_sdk.User._properties)


def test_readme_shows_measured_figures(rows: Any) -> None:
    """The README's seconds and refused requests are those of the results."""
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    refresh = re.search(r"a refresh ([\d.]+) s and one request", text)
    assert refresh[1] == f"{measured(rows, 'pulumi-spectrum', 'refresh')['seconds']:.1f}"
    assert measured(rows, "pulumi-spectrum", "refresh")["requests"] == 1
    rival = re.search(r"with retries takes (\d+) s and (\d+) s, with (\d+) and (\d+) requests refused", text)
    up, again = measured(rows, "retrying", "up"), measured(rows, "retrying", "refresh")
    expected = [up["seconds"], again["seconds"], up["refused"], again["refused"]]
    assert [float(shown) for shown in rival.groups()] == pytest.approx(expected, abs=0.6)
