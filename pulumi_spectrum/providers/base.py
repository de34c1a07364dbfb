"""What all resources have in common, between the engine's requests and one kind's rules."""

from __future__ import annotations

import asyncio
import threading
import traceback
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from google.protobuf import struct_pb2
from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.runtime import rpc

from pulumi_spectrum.client import SpectrumClient, SpectrumError, client_for
from pulumi_spectrum.client.redaction import hide, hiding, values_to_hide
from pulumi_spectrum.client.waiting import waiting_told_to
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.confidential import confidential_texts, raise_bug
from pulumi_spectrum.providers.declarations import object_key, shared_declarations
from pulumi_spectrum.providers.inputs import check_inputs
from pulumi_spectrum.providers.lifecycle import AlreadyThere, Lifecycle, Live
from pulumi_spectrum.providers.ownership import Intent, Ownership, Standing, Verdict
from pulumi_spectrum.providers.refusals import (
    Refusal,
    already_there,
    declared_elsewhere,
    declared_twice,
    explain,
    half_made,
    no_such_object,
    not_taken,
    report_bug,
    wrong_project,
)
from pulumi_spectrum.providers.state import (
    CREATION,
    LEFT,
    MANAGED,
    PROJECT_ID,
    PROVIDER,
    changed_inputs,
    complete_outputs,
    is_unknown,
    means_same,
    merge_outputs,
    outputs_after_read,
    visible,
)
from pulumi_spectrum.settings import Settings, SettingsError, read_settings

T = TypeVar("T")


class SpectrumProvider(ResourceProvider):
    """Answers the engine for one kind of resource.

    Args:
        lifecycle: The kind's own rules.
        ownership: What this process knows of who holds which object of the kind.
    """

    serialize_as_secret_always = False

    def __init__(self, lifecycle: Lifecycle[Any], ownership: Ownership | None = None) -> None:
        super().__init__()
        self._lifecycle = lifecycle
        self._config: Callable[[str], Any] = lambda _key: None
        self._known_settings: Settings | None = None
        self._declared: dict[tuple[str, ...], str] = {}
        self._ownership = ownership or Ownership()
        self._lock = threading.Lock()

    def configure(self, req: ConfigureRequest) -> None:
        """Remember where settings are found. They are read when a request needs them: a preview needs none."""
        self._config = req.config.get
        self._known_settings = None

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Refuse what can be seen to be wrong, before anything is sent."""
        return self._guard("check", lambda: self._check(news), _olds, news)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare the inputs with what the service last held."""
        return self._guard("diff", lambda: self._diff(_id, _olds, _news), _olds, _news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make the object."""
        return self._guard("create", lambda: self._create(props), props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Tell the engine what the service holds."""
        return self._guard("read", lambda: self._read(id_, props), props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Change the object in place."""
        return self._guard("update", lambda: self._update(_id, _olds, _news), _olds, _news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Remove the object."""
        self._guard("delete", lambda: self._delete(_id, _props), _props)

    def _check(self, news: Mapping[str, Any]) -> CheckResult:
        inputs = {name: value for name, value in visible(news).items() if value is not None}
        unknown = frozenset(name for name, value in inputs.items() if is_unknown(value))
        known = {name: value for name, value in inputs.items() if name not in unknown}
        sentences = check_inputs(self._lifecycle.inputs, known, unknown) or self._find_twin(known)
        # A failure that names its property makes the engine print the property's value, which may be a secret.
        return CheckResult(inputs, [CheckFailure("", sentence) for sentence in sentences])

    def _find_twin(self, known: Mapping[str, Any]) -> list[str]:
        """Return what to say when another resource of the running program means the same object."""
        identity, urn = self._lifecycle.identity(known), host.running_urn()
        if identity is None or not urn:
            return []
        with self._lock:
            first = self._declared.setdefault(identity, urn)
        if first == urn:
            return self._find_shared_twin(identity, urn)
        names = [each.rsplit("::", 1)[-1] for each in (first, urn)]
        return [declared_twice(self._lifecycle.kind, self._lifecycle.identified_by, *names)]

    def _find_shared_twin(self, identity: tuple[str, ...], urn: str) -> list[str]:
        """Return what to say when a resource of another provider or stack, on this machine, means the same object."""
        try:
            settings = self._settings()
        except SettingsError:
            return []
        key = object_key(settings.base_url, settings.project_id, self._lifecycle.kind, identity)
        first = shared_declarations().declare(key, urn, host.engine_address())
        return [] if first is None else [declared_elsewhere(self._lifecycle, first, urn)]

    def _diff(self, resource_id: str, olds: Mapping[str, Any], news: Mapping[str, Any]) -> DiffResult:
        self._refuse_other_project(olds, self._project_id_if_known())
        inputs = visible(news)
        changed = changed_inputs(self._lifecycle, olds, inputs)
        replacement = self._lifecycle.replacement(olds, inputs, changed)
        self._note_holder(resource_id, olds, Intent.LEAVES if replacement.causes else Intent.KEEPS)
        self._ownership.note_free(olds.get(LEFT, ()), host.running_urn())
        if not changed and set(olds.get(MANAGED, ())) == set(inputs):
            return DiffResult(changes=False)
        # Left open, the engine compares the inputs itself: it shows exactly those, and minds `ignore_changes`.
        return DiffResult(
            changes=None, replaces=sorted(replacement.causes), delete_before_replace=replacement.delete_first
        )

    def _create(self, props: dict[str, Any]) -> CreateResult:
        inputs, urn = visible(props), host.running_urn()
        spectrum, wanted = self._spectrum(), self._lifecycle.inputs.model_validate(inputs)
        olds = {CREATION: uuid.uuid4().hex, LEFT: self._ids_left_by(urn, spectrum)}
        with self._ownership.creation(urn):
            try:
                made = self._walk(self._lifecycle.create(spectrum, wanted), "create", olds, props)
            except AlreadyThere as there:
                object_id = self._settle(there, urn)
                with self._ownership.exclusive(object_id):
                    steps = self._lifecycle.take_over(spectrum, wanted, object_id)
                    made = self._walk(steps, "create", olds, props)
        self._warn_of_not_taken(made, inputs, inputs)
        outputs = merge_outputs(self._lifecycle, olds, made.properties, inputs)
        return CreateResult(made.id, self._complete(outputs, inputs, olds))

    def _ids_left_by(self, urn: str, spectrum: SpectrumClient) -> list[str]:
        """Return the objects that a resource leaves in this run, and those that it left before and that still exist."""
        now, before = self._ownership.left_by(urn)
        return sorted({*now, *self._still_there(spectrum, before - now)})

    def _still_there(self, spectrum: SpectrumClient, ids: Iterable[str]) -> list[str]:
        return [each for each in ids if self._lifecycle.read(spectrum, each) is not None]

    def _settle(self, there: AlreadyThere, urn: str) -> str:
        """Return the id of the object that a creation has met, once it may be taken over.

        Raises:
            Refusal: It may not.
        """
        if there.object_id is None:
            raise already_there(self._lifecycle, None, Verdict(Standing.UNKNOWN))
        if not there.may_be_taken:
            with host.one_more_thread():
                verdict = self._ownership.settle(there.object_id, urn)
            if verdict.standing is not Standing.FREE:
                raise already_there(self._lifecycle, there.object_id, verdict)
        return there.object_id

    def _read(self, resource_id: str, props: Mapping[str, Any]) -> ReadResult:
        spectrum = self._spectrum()
        self._refuse_other_project(props, spectrum.project_id)
        live = self._lifecycle.read(spectrum, resource_id)
        if live is None:
            self._ownership.note_gone(resource_id, host.running_urn(), props.get(CREATION))
            if PROJECT_ID not in props:
                # The engine takes "gone" for an answer to a refresh only, and would show a look-up as found.
                raise no_such_object(self._lifecycle.kind, resource_id, spectrum.project_id)
            return ReadResult("", {})
        managed = [str(name) for name in props.get(MANAGED, ())]
        outputs = outputs_after_read(self._lifecycle, props, live.properties)
        warning = self._lifecycle.warning(outputs)
        if warning:
            host.log(warning, warning=True)
        inputs = {name: outputs[name] for name in managed if name in outputs}
        if MANAGED not in props:
            # A look-up by `get`: the program manages nothing of it.
            return ReadResult(live.id, {**outputs, PROJECT_ID: spectrum.project_id})
        self._note_holder(live.id, props, Intent.UNKNOWN)
        hidden = {**props, LEFT: self._still_there(spectrum, props.get(LEFT, ()))}
        return ReadResult(live.id, self._complete(outputs, managed, hidden), inputs)

    def _update(self, resource_id: str, olds: Mapping[str, Any], news: dict[str, Any]) -> UpdateResult:
        spectrum = self._spectrum()
        self._refuse_other_project(olds, spectrum.project_id)
        inputs = visible(news)
        changed = changed_inputs(self._lifecycle, olds, inputs)
        changed |= self._find_outdated(spectrum, resource_id, olds, inputs)
        wanted = self._lifecycle.inputs.model_validate(inputs)
        steps = self._lifecycle.update(spectrum, Live(resource_id, visible(olds)), wanted, changed)
        reached = self._walk(steps, "update", olds, news)
        self._warn_of_not_taken(reached, inputs, changed)
        outputs = merge_outputs(self._lifecycle, olds, reached.properties, inputs)
        return UpdateResult(self._complete(outputs, inputs, olds))

    def _warn_of_not_taken(self, reached: Live, inputs: Mapping[str, Any], sent: Iterable[str]) -> None:
        """Say where the service has answered with another value than it was sent."""
        answered = reached.properties
        names = [
            name
            for name in sent
            if name in answered and not means_same(self._lifecycle, name, answered[name], inputs[name])
        ]
        if names:
            host.log(not_taken(self._lifecycle.kind, names), warning=True)

    def _find_outdated(
        self, spectrum: SpectrumClient, resource_id: str, olds: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> frozenset[str]:
        """Return the inputs that were not managed until now, and that the service holds otherwise meanwhile."""
        new = inputs.keys() - set(olds.get(MANAGED, ()))
        live = self._lifecycle.read(spectrum, resource_id) if new else None
        told = {} if live is None else live.properties
        return frozenset(
            name for name in new & told.keys() if not means_same(self._lifecycle, name, told[name], inputs[name])
        )

    def _delete(self, resource_id: str, props: Mapping[str, Any]) -> None:
        spectrum = self._spectrum()
        self._refuse_other_project(props, spectrum.project_id)
        # The engine deletes what was replaced at the end of this run or, where that failed, of the next. By then the
        # object may be another resource's, or the same resource's that was forced to create first.
        with self._ownership.deletion(resource_id, host.running_urn(), props.get(CREATION)) as may_delete:
            if may_delete:
                self._lifecycle.delete(spectrum, resource_id)

    def _walk(self, steps: Iterable[Live], operation: str, olds: Mapping[str, Any], props: Mapping[str, Any]) -> Live:
        """Take the steps of a creation or an update. If one fails, have what the others reached recorded."""
        reached = Live("")
        try:
            for step in steps:
                reached = Live(step.id, {**reached.properties, **step.properties})
                self._note_holder(reached.id, olds, Intent.KEEPS)
        except BaseException as error:
            if not reached.id:
                raise
            if isinstance(error, SpectrumError | Refusal):
                message = half_made(self._lifecycle.kind, reached.id, explain(error, operation))
            else:
                printed = hide(traceback.format_exc(), values_to_hide())
                message = f"{printed}{report_bug(operation, self._lifecycle.kind)}"
            inputs = visible(props)
            outputs = merge_outputs(self._lifecycle, olds, reached.properties, inputs, settled=False)
            recorded = {**self._complete(outputs, inputs, olds), PROVIDER: props[PROVIDER]}
            host.fail_half_made(message, reached.id, _as_struct(recorded))
        return reached

    def _complete(self, outputs: dict[str, Any], managed: Iterable[str], olds: Mapping[str, Any]) -> dict[str, Any]:
        hidden = {name: olds[name] for name in (CREATION, LEFT) if olds.get(name)}
        return {**complete_outputs(outputs, self._settings().project_id, managed), **hidden}

    def _note_holder(self, resource_id: str, properties: Mapping[str, Any], intent: Intent) -> None:
        self._ownership.note(resource_id, host.running_urn(), properties.get(CREATION), intent)

    def _settings(self) -> Settings:
        if self._known_settings is None:
            self._known_settings = read_settings(self._config)
        return self._known_settings

    def _spectrum(self) -> SpectrumClient:
        return client_for(self._settings())

    def _project_id_if_known(self) -> str | None:
        try:
            return self._settings().project_id
        except SettingsError:
            return None

    def _refuse_other_project(self, olds: Mapping[str, Any], configured: str | None) -> None:
        belongs_to = olds.get(PROJECT_ID)
        if belongs_to is not None and configured is not None and belongs_to != configured:
            raise wrong_project(self._lifecycle.kind, str(belongs_to), configured)

    def _guard(self, operation: str, act: Callable[[], T], *properties: Mapping[str, Any]) -> T:
        """Do what the engine asks, and let every failure reach the person in the form that helps, and without secrets.

        Args:
            operation: The engine's word for it.
            act: Does it.
            properties: What the engine handed over. None of its texts is shown.
        """
        texts = confidential_texts(self._lifecycle.inputs, *properties)
        try:
            with (
                hiding(texts),
                waiting_told_to(lambda reason, seconds: host.log(f"waiting for {reason}, about {seconds:.0f} s")),
            ):
                return act()
        except host.CleanFailure:
            raise
        except (SpectrumError, SettingsError, Refusal) as error:
            host.fail(explain(error, operation))
        except BaseException as error:  # noqa: BLE001
            raise_bug(error, report_bug(operation, self._lifecycle.kind), texts)


def _as_struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(rpc.serialize_properties(properties, {}))
    finally:
        loop.close()
