"""`python -m pulumi_spectrum` is `pulumi-spectrum`, where the environment's commands are not on PATH."""

from __future__ import annotations

from pulumi_spectrum.cli import main

main(prog_name="pulumi-spectrum")
