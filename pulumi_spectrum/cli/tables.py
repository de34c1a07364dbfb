"""Tables for people: drawn on a terminal that is wide enough, and plain aligned text everywhere else."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pulumi_spectrum.spelling.printable import on_one_line

WIDEST = 10_000
"""Columns: what a table is measured in, to find out how many it needs."""


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], *, to_errors: bool = False) -> None:
    """Print rows under a title. No cell is broken into lines, so that an id can be copied on any terminal.

    Args:
        title: What the rows are.
        header: The columns' names.
        rows: The cells.
        to_errors: Whether it goes to standard error, because standard output belongs to something else.
    """
    title, rows = on_one_line(title), [[on_one_line(cell) for cell in row] for row in rows]
    stream = sys.stderr if to_errors else sys.stdout
    if stream.isatty():
        table = Table(title=title, title_justify="left", title_style="bold")
        for column in header:
            table.add_column(column, no_wrap=True)
        for row in rows:
            table.add_row(*map(Text, row))
        console = Console(file=stream)
        if console.measure(table, options=console.options.update(width=WIDEST)).maximum <= console.width:
            console.print(table)
            return
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    click.echo(title, err=to_errors)
    for row in (header, *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(f"  {'  '.join(cells)}".rstrip(), err=to_errors)
