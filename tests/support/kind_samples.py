"""Every kind of resource with its sample: the one table that tests of what is true of all kinds are run over.

A new kind needs one module in `samples`. `tests/test_kind_samples.py` says when it leaves out an argument.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from sample import Sample

from pulumi_spectrum.kinds import Kind, load_kinds
from pulumi_spectrum.spelling.property_names import to_camel

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in load_kinds()}
"""Every kind of this release, by its key."""
SAMPLES: Mapping[str, Sample] = {key: import_module(f"samples.{key.replace('-', '_')}").SAMPLE for key in KINDS}
"""By the key of the kind."""


def required_arguments(kind: Kind) -> set[str]:
    """Return the arguments that a program cannot leave out."""
    ending = " is required."
    return {to_camel(problem.removesuffix(ending)) for problem in kind.problems_of({}) if problem.endswith(ending)}
