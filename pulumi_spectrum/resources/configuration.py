"""The stack's configuration, as a program sees it: keys that are like a setting, and are none."""

from __future__ import annotations

from weakref import WeakSet

import pulumi
from pulumi.runtime import get_root_resource
from pulumi.runtime.config import CONFIG

from pulumi_spectrum.spelling.setting_names import find_misspelt

_warned: WeakSet[pulumi.Resource] = WeakSet()
"""The stacks of the programs that were warned. A process may run several programs."""


def warn_of_misspelt_settings() -> None:
    """Show a warning for each misspelt key of the stack's configuration, once in a run of a program."""
    root = get_root_resource()
    if root is None or root in _warned:
        return
    _warned.add(root)
    for sentence in find_misspelt(CONFIG.get()):
        pulumi.log.warn(sentence)
