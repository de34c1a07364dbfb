"""Checks a resource before anything is sent: its arguments, what else means its object, and what it imports."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult

from pulumi_spectrum.providers import IGNORED, IMPORT, PREVIEW, host
from pulumi_spectrum.providers.bookkeeping import visible
from pulumi_spectrum.providers.creations import Creations
from pulumi_spectrum.providers.duplicates import Duplicates
from pulumi_spectrum.providers.imports import Imports, import_id
from pulumi_spectrum.providers.lifecycle import Lifecycle
from pulumi_spectrum.providers.ownership import Ownership
from pulumi_spectrum.providers.plain_values import are_the_same, find_unsendable
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.providers.state import is_unknown, known_and_unknown
from pulumi_spectrum.spelling.printable import on_one_line


class Checks:
    """Checks the resources of one kind.

    Args:
        lifecycle: The kind's rules.
        project: The project that the provider serves.
        ownership: What this process knows of who holds which object.
        duplicates: Which resources mean which objects.
        imports: What the option `import_` means for them.
        creations: What runs that were cut off have created.
    """

    def __init__(
        self,
        lifecycle: Lifecycle[Any],
        *,
        project: ProjectAccess,
        ownership: Ownership,
        duplicates: Duplicates,
        imports: Imports,
        creations: Creations,
    ) -> None:
        self._lifecycle = lifecycle
        self._project = project
        self._ownership = ownership
        self._duplicates = duplicates
        self._imports = imports
        self._creations = creations

    def check(self, olds: Mapping[str, Any], news: Mapping[str, Any]) -> CheckResult:
        """Return the inputs of the running resource, and a failure for each that is wrong.

        Args:
            olds: Its inputs in the state, if the engine hands any over.
            news: Its inputs in the program, the hidden ones included.
        """
        urn = host.running_urn()
        inputs = {name: value for name, value in visible(news).items() if value is not None}
        known, unknown = known_and_unknown(inputs)
        # What the state holds was checked before it came there.
        is_in_state = bool(olds) and are_the_same(visible(olds), inputs)
        sentences = [] if is_in_state else self._lifecycle.problems_of(known, unknown) or find_unsendable(known)
        sentences = sentences or self._duplicates.find(
            known, import_id(news) or None, self._project.settings_if_known()
        )
        sentences = sentences or self._imports.check(urn, olds, news)
        if not sentences and not olds and PREVIEW in news:
            sentences = self._check_in_preview(news, known, unknown)
        if not sentences:
            inputs = self._imports.settle_inputs(urn, olds, news, inputs)
        # A failure that names its property makes the engine print the property's value, which may be a secret.
        return CheckResult(inputs, [CheckFailure("", on_one_line(sentence)) for sentence in sentences])

    def _check_in_preview(
        self, news: Mapping[str, Any], known: Mapping[str, Any], unknown: frozenset[str]
    ) -> list[str]:
        # Imported here, since it loads the client: other previews send nothing.
        from pulumi_spectrum.providers.preview_checks import Planned, find_refused  # noqa: PLC0415

        if is_unknown(news.get(IMPORT)):
            return []
        imported = self._imports.wanted(host.running_urn(), news)
        if imported is not None:
            known = {name: value for name, value in known.items() if name not in (news.get(IGNORED) or ())}
        settings = self._project.settings()
        has_made = partial(self._creations.has_made, settings, known)
        planned = Planned(known, unknown, imported, str(news[PREVIEW]), has_made)
        return find_refused(self._lifecycle, self._ownership, settings, planned)
