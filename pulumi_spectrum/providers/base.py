"""What all resources have in common, between the engine's requests and one kind's rules."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from pulumi_spectrum.client.abandonment import abandoned_when
from pulumi_spectrum.client.wait_reports import report_waits_to
from pulumi_spectrum.creation_journal import CreationJournal, shared_journal
from pulumi_spectrum.messages.operations import (
    no_such_object,
    not_an_id,
    not_taken,
    only_forgotten,
    still_to_be_set,
)
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.bookkeeping import (
    PROJECT_ID,
    Bookkeeping,
    is_only_looked_up,
    new_creation,
    own_bookkeeping,
    visible,
)
from pulumi_spectrum.providers.checks import Checks
from pulumi_spectrum.providers.confidential import confidential_texts
from pulumi_spectrum.providers.creations import Creations
from pulumi_spectrum.providers.duplicates import Duplicates
from pulumi_spectrum.providers.failures import failures_explained
from pulumi_spectrum.providers.imports import Imports, import_id, refuse_another_id
from pulumi_spectrum.providers.lifecycle import (
    Adoptable,
    Deletable,
    Guarded,
    Lifecycle,
    Live,
    Method,
    Noticing,
    Readable,
    Updatable,
)
from pulumi_spectrum.providers.made_anew import without_secrets_of_another
from pulumi_spectrum.providers.ownership import Intent, Ownership
from pulumi_spectrum.providers.plain_values import are_the_same, refuse_deep_values
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.providers.properties import replacement_for
from pulumi_spectrum.providers.state import (
    changed_inputs,
    complete_outputs,
    different_inputs,
    merge_outputs,
    outputs_after_read,
)
from pulumi_spectrum.providers.steps import Steps
from pulumi_spectrum.providers.unsettled import unsettled_inputs

if TYPE_CHECKING:
    from pulumi_spectrum.client.spectrum_client import SpectrumClient

T = TypeVar("T")


class SpectrumProvider(ResourceProvider):
    """Answers the engine for one kind of resource.

    Args:
        lifecycle: The kind's own rules.
        secret_outputs: The names of the outputs that are secrets.
        ownership: What this process knows of who holds which object of the kind.
        journal: Where creations are entered before they are sent; by default the one of this machine.
        project: Reads the settings, and returns the client.
        duplicates: Finds other resources that declare the same object.
    """

    serialize_as_secret_always = False

    def __init__(
        self,
        lifecycle: Lifecycle[Any],
        secret_outputs: Collection[str] = (),
        ownership: Ownership | None = None,
        journal: CreationJournal | None = None,
        *,
        project: ProjectAccess | None = None,
        duplicates: Duplicates | None = None,
    ) -> None:
        super().__init__()
        self._lifecycle = lifecycle
        self._secret_outputs = secret_outputs
        self._project = project or ProjectAccess()
        self._ownership = ownership or Ownership()
        self._journal = journal or shared_journal()
        self._creations = Creations(lifecycle, self._ownership, self._journal)
        self._imports = Imports(lifecycle, self._ownership)
        self._steps = Steps(lifecycle, self._project, self._ownership)
        self._checks = Checks(
            lifecycle,
            project=self._project,
            ownership=self._ownership,
            duplicates=duplicates or Duplicates(lifecycle),
            imports=self._imports,
            creations=self._creations,
        )

    def configure(self, req: ConfigureRequest) -> None:
        """Remember where settings are found. They are read when a request needs them: a preview needs none."""
        self._project.configure(req.config.get)

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Return a failure for each input that is wrong, before any request is sent."""
        return self._answer(Method.CHECK, lambda: self._checks.check(_olds, news), _olds, news)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare the inputs with what the API last returned."""
        return self._answer(Method.DIFF, lambda: self._diff(_id, _olds, _news), _olds, _news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create the object."""
        return self._answer(Method.CREATE, lambda: self._create(props), props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Return the object as the API holds it."""
        return self._answer(Method.READ, lambda: self._read(id_, props), props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the object in place."""
        return self._answer(Method.UPDATE, lambda: self._update(_id, _olds, _news), _olds, _news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Remove the object."""
        self._answer(Method.DELETE, lambda: self._delete(_id, _props), _props)

    def _diff(self, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
        settings, urn = self._project.settings_if_known(), host.running_urn()
        bookkeeping = own_bookkeeping(self._lifecycle.noun, olds, settings.project_id if settings else None)
        refuse_another_id(self._lifecycle.noun, resource_id, bookkeeping, news)
        self._imports.note_in_state(urn)
        inputs = visible(news)
        changed = changed_inputs(self._lifecycle.inputs, olds, inputs)
        replacement = replacement_for(self._lifecycle.inputs, olds, inputs, changed)
        if not replacement.causes:
            self._imports.refuse_imported_by_another(urn, resource_id)
        self._ownership.note(
            resource_id, urn, bookkeeping.creation, Intent.LEAVES if replacement.causes else Intent.KEEPS
        )
        self._journal.settle(urn, resource_id)
        if bookkeeping.left:
            self._ownership.note_free(bookkeeping.left, urn)
        if not changed and bookkeeping.managed == set(inputs):
            return DiffResult(changes=False)
        guard = self._lifecycle
        if isinstance(guard, Guarded) and (doubt := guard.doubt(visible(olds), changed, replacement.causes)):
            host.log(doubt, warning=True)
        unsettled = unsettled_inputs(changed - replacement.causes, inputs)
        if unsettled:
            host.log(still_to_be_set(self._lifecycle.noun, unsettled), warning=True)
        # With None the engine compares the inputs itself: it shows exactly those, and applies `ignore_changes`.
        # A replacement that the program forces keeps the identity, so a creation would meet the old object.
        old_first = replacement.delete_first if replacement.causes else isinstance(self._lifecycle, Adoptable)
        changes = True if unsettled else None
        return DiffResult(changes, replaces=sorted(replacement.causes), delete_before_replace=old_first)

    def _create(self, props: dict[str, Any]) -> CreateResult:
        inputs, urn = visible(props), host.running_urn()
        spectrum, wanted = self._project.client(), self._lifecycle.parse(inputs)
        left = self._ids_left_by(urn, spectrum)
        bookkeeping = Bookkeeping(frozenset(inputs), creation=new_creation(), imported=import_id(props), left=left)
        imported = self._imports.wanted(urn, props)
        if imported is not None:
            method = Method.READ
            made = self._imports.find(urn, spectrum, imported, inputs)
            self._journal.settle(urn, imported)
            self._ownership.note(made.id, urn, bookkeeping.creation, Intent.KEEPS)
        else:
            method = Method.CREATE
            made = self._creations.make(
                spectrum,
                self._project.settings(),
                wanted,
                inputs,
                lambda steps: self._steps.follow(steps, Method.CREATE, {}, props, bookkeeping),
            )
            self._warn_of_not_taken(made, inputs, inputs)
        outputs = merge_outputs(self._lifecycle.inputs, {}, made.properties, inputs)
        self._notice(method, outputs)
        return CreateResult(made.id, complete_outputs(outputs, spectrum.project_id, bookkeeping))

    def _ids_left_by(self, urn: str, spectrum: SpectrumClient) -> tuple[str, ...]:
        """Return the objects that a resource leaves in this run, and those that it left before and that still exist."""
        now, before = self._ownership.left_by(urn)
        return (*now, *self._still_there(spectrum, before - now))

    def _still_there(self, spectrum: SpectrumClient, ids: Iterable[str]) -> tuple[str, ...]:
        reader = self._lifecycle
        return tuple(
            each for each in ids if not isinstance(reader, Readable) or reader.read(spectrum, each) is not None
        )

    def _read(self, resource_id: str, props: Mapping[str, Any]) -> ReadResult:
        spectrum = self._project.client()
        is_first_look_up = PROJECT_ID not in props
        bookkeeping = own_bookkeeping(self._lifecycle.noun, props, spectrum.project_id)
        if self._lifecycle.split_id(resource_id) is None:
            raise not_an_id(self._lifecycle.noun, self._lifecycle.id_parts)
        live, urn = self._find(spectrum, resource_id, props), host.running_urn()
        if live is None:
            self._ownership.note_gone(resource_id, urn, bookkeeping.creation)
            if is_first_look_up:
                # The engine takes "gone" for an answer to a refresh only, and would show a look-up as found.
                raise no_such_object(self._lifecycle.noun, resource_id, spectrum.project_id)
            return ReadResult("", {})
        known = without_secrets_of_another(self._lifecycle, self._secret_outputs, props, live)
        outputs = outputs_after_read(self._lifecycle.inputs, known, live.properties, bookkeeping.managed)
        if is_only_looked_up(props):
            # A look-up by `get`: the program manages nothing of it, so no advice on how to manage it is shown.
            return ReadResult(live.id, {**outputs, PROJECT_ID: spectrum.project_id})
        self._notice(Method.READ, outputs)
        self._ownership.note(live.id, urn, bookkeeping.creation, Intent.UNKNOWN)
        self._journal.settle(urn, live.id)
        if bookkeeping.left:
            bookkeeping = replace(bookkeeping, left=self._still_there(spectrum, bookkeeping.left))
        inputs = {name: outputs[name] for name in sorted(bookkeeping.managed) if name in outputs}
        # The engine keeps the state's inputs where none are returned. To return them takes as long as all the rest.
        stay = are_the_same(inputs, {name: props.get(name) for name in inputs}) and host.are_recorded_inputs(inputs)
        returned = None if stay else inputs
        return ReadResult(live.id, complete_outputs(outputs, spectrum.project_id, bookkeeping), returned)

    def _find(self, spectrum: SpectrumClient, resource_id: str, olds: Mapping[str, Any]) -> Live | None:
        if isinstance(self._lifecycle, Readable):
            return self._lifecycle.read(spectrum, resource_id)
        return Live(resource_id, visible(olds))

    def _update(self, resource_id: str, olds: Mapping[str, Any], news: dict[str, Any]) -> UpdateResult:
        spectrum = self._project.client()
        bookkeeping = own_bookkeeping(self._lifecycle.noun, olds, spectrum.project_id)
        inputs = visible(news)
        changed = changed_inputs(self._lifecycle.inputs, olds, inputs)
        changed |= self._find_outdated(spectrum, resource_id, olds, inputs.keys() - bookkeeping.managed, inputs)
        bookkeeping = replace(bookkeeping, managed=frozenset(inputs))
        current, wanted = Live(resource_id, visible(olds)), self._lifecycle.parse(inputs)
        reached = Live(resource_id)
        if isinstance(self._lifecycle, Updatable):
            steps = self._lifecycle.update(spectrum, current, wanted, changed)
            reached = self._steps.follow(steps, Method.UPDATE, olds, news, bookkeeping)
        self._warn_of_not_taken(reached, inputs, changed)
        outputs = merge_outputs(self._lifecycle.inputs, olds, reached.properties, inputs)
        return UpdateResult(complete_outputs(outputs, spectrum.project_id, bookkeeping))

    def _warn_of_not_taken(self, reached: Live, inputs: Mapping[str, Any], sent: Iterable[str]) -> None:
        """Warn of each property for which the API returned another value than it was sent."""
        names = different_inputs(self._lifecycle.inputs, reached.properties, inputs, sent)
        if names:
            host.log(not_taken(self._lifecycle.noun, names), warning=True)

    def _find_outdated(
        self,
        spectrum: SpectrumClient,
        resource_id: str,
        olds: Mapping[str, Any],
        unmanaged: Collection[str],
        inputs: Mapping[str, Any],
    ) -> frozenset[str]:
        """Return the inputs that were not managed until now, and that the API holds otherwise meanwhile."""
        live = self._find(spectrum, resource_id, olds) if unmanaged else None
        return different_inputs(self._lifecycle.inputs, live.properties if live else {}, inputs, unmanaged)

    def _delete(self, resource_id: str, props: Mapping[str, Any]) -> None:
        spectrum = self._project.client()
        bookkeeping = own_bookkeeping(self._lifecycle.noun, props, spectrum.project_id)
        # The engine deletes what was replaced at the end of this run or, where that failed, of the next. By then the
        # object may be another resource's, or the same resource's that was forced to create first.
        self._journal.settle(host.running_urn(), resource_id)
        with self._ownership.deletion(resource_id, host.running_urn(), bookkeeping.creation) as may_delete:
            if not may_delete:
                self._imports.warn_of_old_owner(host.running_urn(), resource_id)
                return
            self._imports.note_in_state(host.running_urn())
            if isinstance(self._lifecycle, Deletable):
                self._lifecycle.delete(spectrum, resource_id)
            else:
                host.log(only_forgotten(self._lifecycle.noun), warning=True)
            self._notice(Method.DELETE, visible(props))

    def _notice(self, method: Method, properties: Mapping[str, Any]) -> None:
        """Show the warning that the kind gives for a method, if there is one."""
        if isinstance(self._lifecycle, Noticing) and (warning := self._lifecycle.notice(method, properties)):
            host.log(warning, warning=True)

    def _answer(self, method: Method, act: Callable[[], T], *properties: Mapping[str, Any]) -> T:
        """Do what the engine asks. No text of the properties that it handed over is shown."""
        texts = confidential_texts(self._lifecycle.inputs, self._secret_outputs, *properties)
        with (
            failures_explained(method, self._lifecycle.noun, texts),
            report_waits_to(lambda reason, seconds: host.log(f"waiting for {reason}, about {seconds:.0f} s")),
            self._project.requests_shown(),
            abandoned_when(host.engine_has_ended),
        ):
            refuse_deep_values(self._lifecycle.noun, *properties)
            return act()
