"""The steps of a creation or an update, of which the engine records the last that succeeded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.bookkeeping import PROVIDER, Bookkeeping, visible
from pulumi_spectrum.providers.failures import fail_partially_done
from pulumi_spectrum.providers.lifecycle import Lifecycle, Live, Method
from pulumi_spectrum.providers.ownership import Intent, Ownership
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.providers.state import complete_outputs, merge_outputs


class Steps:
    """Runs what a kind's `create`, `adopt` and `update` yield.

    Args:
        lifecycle: The kind's own rules.
        project: The project that the object is of.
        ownership: What this process knows of who holds which object of the kind.
    """

    def __init__(self, lifecycle: Lifecycle[Any], project: ProjectAccess, ownership: Ownership) -> None:
        self._lifecycle = lifecycle
        self._project = project
        self._ownership = ownership

    def follow(
        self,
        steps: Iterable[Live],
        method: Method,
        olds: Mapping[str, Any],
        props: Mapping[str, Any],
        bookkeeping: Bookkeeping,
    ) -> Live:
        """Run the steps of a creation or an update. If one fails, have the engine record what the earlier ones did."""
        reached = Live("")
        try:
            for step in steps:
                reached = Live(step.id, {**reached.properties, **step.properties})
                if step.warning:
                    host.log(step.warning, warning=True)
                if step.hint:
                    host.inform(step.hint)
                self._ownership.note(reached.id, host.running_urn(), bookkeeping.creation, Intent.KEEPS)
        except BaseException as error:
            if not reached.id:
                raise
            outputs = merge_outputs(self._lifecycle.inputs, olds, reached.properties, visible(props), settled=False)
            recorded = complete_outputs(outputs, self._project.client().project_id, bookkeeping)
            recorded[PROVIDER] = props[PROVIDER]
            fail_partially_done(error, method, self._lifecycle.noun, reached.id, recorded)
        return reached
