"""Draws the time of `up` and `refresh` against the number of users, beside the floors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "pulumi-spectrum"
from matplotlib import pyplot as plt  # noqa: E402  # the backend has to be chosen first

LOOK = {
    "pulumi-spectrum": ("pulumi-spectrum", "#0b6e4f", "-", "o"),
    "retrying": ("hand-written, with retries", "#c8553d", "-", "s"),
    "naive": ("hand-written, naive", "#8d99ae", "-", "x"),
    "bare": ("floor: the engine alone", "#2b2d42", ":", ""),
    "client": ("floor: the paced client alone", "#2b2d42", "--", ""),
}


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Write the plot of the runs under the API's limit."""
    figure, axes = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
    for axis, operation in zip(axes, ("up", "refresh"), strict=True):
        for contender, (label, colour, line, marker) in LOOK.items():
            points = sorted(
                (row["users"], row["seconds"], row["missing"])
                for row in rows
                if row["limited"] and row["contender"] == contender and row["operation"] == operation
            )
            if not points:
                continue
            users, seconds, _ = zip(*points, strict=True)
            axis.plot(users, seconds, line, color=colour, marker=marker or None, label=label)
            for x, y, lost in points:
                if lost:
                    axis.annotate(f"{lost} missing", (x, y), textcoords="offset points", xytext=(4, -12), fontsize=8)
        axis.set(title=f"pulumi {operation}", xlabel="users", xscale="log", yscale="log")
        numbers = sorted({row["users"] for row in rows})
        axis.set_xticks(numbers, labels=[str(number) for number in numbers])
        axis.grid(visible=True, which="both", alpha=0.2)
    axes[0].set_ylabel("seconds, at 5 requests/s")
    if axes[0].lines:
        axes[0].legend(fontsize=8)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
