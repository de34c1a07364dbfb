"""The objects that programs import with the option `import_`, one of each kind."""

from collections.abc import Mapping

from kind_samples import SAMPLES
from sample import ImportCase

IMPORT_CASES: Mapping[str, ImportCase] = {key: each.imported for key, each in SAMPLES.items() if each.imported}
"""By the key of the kind."""
