"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

config_file_option = click.option(
    "--config-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The stack's configuration, where it is in another file than Pulumi.STACK.yaml.",
)
"""The option that `pulumi preview`, `up`, `import` and `config` have, and that their configuration is read with."""
