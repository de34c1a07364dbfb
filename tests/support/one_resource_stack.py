"""A stack of one resource in this process: the engine's calls for it, in the engine's order, and the state between.

Each run has a provider and a client of its own, as each run of the CLI has processes of its own, and no time is real.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine_calls import PartiallyCreated, calls_for
from fake_time import FakeTime
from google.protobuf import json_format, struct_pb2
from part_fixtures import configuration

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import PROVIDER, visible
from pulumi_spectrum.providers.declarations import Declarations
from pulumi_spectrum.providers.duplicates import Duplicates
from pulumi_spectrum.providers.ownership import Ownership
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.registry import find_registration
from pulumi_spectrum.secret_outputs import secrets_of

NOWHERE = Path("/nowhere")
"""A folder that cannot be used: what is declared on this machine is shared with no other stack of the tests."""


@dataclass(frozen=True)
class Recorded:
    """What the state holds of an object.

    Args:
        id: Its id.
        inputs: Its inputs.
        outputs: Its outputs, the hidden ones included.
        is_unfinished: Whether its creation or its last update has failed in part, so that the next `up` updates it.
    """

    id: str
    inputs: Mapping[str, Any]
    outputs: dict[str, Any] = field(repr=False)
    is_unfinished: bool = False


class OneResourceStack:
    """A state of one resource, and what the CLI's commands make of it.

    Args:
        kind: The key of the resource's kind.
        settings: The project.
        journal: The journal of this machine's creations.
        time: The time in which everything happens.
        name: The name of the stack.

    Attributes:
        recorded: What the state holds; None where it holds nothing.
        replaced: What the state holds of objects that were replaced, and are still to be deleted.
    """

    def __init__(
        self, kind: str, settings: ClientSettings, journal: CreationJournal, time: FakeTime, *, name: str = "dev"
    ) -> None:
        self.recorded: Recorded | None = None
        self.replaced: list[Recorded] = []
        self._kind = kind
        self._settings = settings
        self._journal = journal
        self._time = time
        self._urn = f"urn:pulumi:{name}::app::pulumi-python:dynamic/spectrum:Thing::{kind}"

    @property
    def id(self) -> str | None:
        """The object's id; None where the state holds none."""
        return self.recorded.id if self.recorded else None

    @property
    def state(self) -> dict[str, Any]:
        """The resource's outputs in the state."""
        return self.recorded.outputs if self.recorded else {}

    def up(self, wanted: Mapping[str, Any] | None) -> str | None:
        """Run `pulumi up` of a program with these arguments, or without the resource.

        Returns:
            The message that the CLI shows for the failure, or None where there is none.
        """
        try:
            with self._provider() as provider:
                if wanted is not None:
                    self._register(provider, wanted)
                elif self.recorded is not None:
                    self.replaced.append(self.recorded)
                    self.recorded = None
                while self.replaced:
                    # A deletion that fails leaves the object in the state, and so does one that was never begun.
                    provider.delete(self.replaced[0].id, _handed_over(self.replaced[0].outputs))
                    del self.replaced[0]
        except PartiallyCreated as failed:
            return failed.message
        except host.CleanFailure as failed:
            return str(failed)
        return None

    def refresh(self) -> str | None:
        """Run `pulumi refresh`, and return as `up` does."""
        assert self.recorded is not None
        try:
            with self._provider() as provider:
                read = provider.read(self.recorded.id, _handed_over(self.recorded.outputs))
        except host.CleanFailure as failed:
            return str(failed)
        self.recorded = Recorded(read.id, read.inputs, read.outs) if read.id else None
        return None

    def is_changed_by(self, wanted: Mapping[str, Any]) -> bool:
        """Return whether `pulumi preview` of a program with these arguments shows a change."""
        if self.recorded is None or self.replaced:
            return True
        with self._provider() as provider:
            return self._changes(provider, self._checked(provider, wanted)) is not None

    def _register(self, provider: Any, wanted: Mapping[str, Any]) -> None:
        """Create, update or replace the object, or leave it as it is, as the engine does."""
        inputs = self._checked(provider, wanted)
        old = self.recorded
        if old is None:
            self._create(provider, inputs)
            return
        changes = self._changes(provider, inputs)
        if changes is None:
            self.recorded = replace(old, inputs=inputs)
        elif not changes.replaces:
            self._update(provider, old, inputs)
        elif changes.delete_before_replace:
            provider.delete(old.id, _handed_over(old.outputs))
            self.recorded = None
            self._create(provider, inputs)
        else:
            try:
                self._create(provider, inputs)
            finally:
                if self.recorded is not old:
                    self.replaced.append(old)

    def _checked(self, provider: Any, wanted: Mapping[str, Any]) -> dict[str, Any]:
        olds = {} if self.recorded is None else {**self.recorded.inputs, PROVIDER: "p"}
        checked = provider.check(_handed_over(olds), _handed_over({**wanted, PROVIDER: "p"}))
        assert [failure.reason for failure in checked.failures] == []
        return visible(checked.inputs)

    def _changes(self, provider: Any, inputs: Mapping[str, Any]) -> Any:
        """Return the diff of the object with new inputs, or None where the engine then leaves it as it is."""
        assert self.recorded is not None
        news = _handed_over({**inputs, PROVIDER: "p"})
        olds = json_format.ParseDict(_handed_over({**self.recorded.inputs, PROVIDER: "p"}), struct_pb2.Struct())
        diff = provider.diff(self.recorded.id, _handed_over(self.recorded.outputs), news, old_inputs=olds)
        is_same = diff.changes is False
        if diff.changes is None:
            # Where the provider does not say whether anything changes, the engine compares the inputs.
            is_same = _handed_over(visible(self.recorded.inputs)) == _handed_over(inputs)
        return None if is_same and not self.recorded.is_unfinished else diff

    def _create(self, provider: Any, inputs: Mapping[str, Any]) -> None:
        try:
            made = provider.create(_handed_over({**inputs, PROVIDER: "p"}))
        except PartiallyCreated as failed:
            self.recorded = Recorded(failed.id, inputs, failed.outputs, is_unfinished=True)
            raise
        self.recorded = Recorded(made.id, inputs, made.outs)

    def _update(self, provider: Any, old: Recorded, inputs: Mapping[str, Any]) -> None:
        try:
            news = _handed_over({**inputs, PROVIDER: "p"})
            updated = provider.update(old.id, _handed_over(old.outputs), news)
        except PartiallyCreated as failed:
            self.recorded = Recorded(failed.id, inputs, failed.outputs, is_unfinished=True)
            raise
        self.recorded = Recorded(old.id, inputs, updated.outs)

    @contextmanager
    def _provider(self) -> Iterator[Any]:
        """Yield the calls of a provider that knows nothing yet, and lives in the stack's time."""
        time = self._time
        ownership = Ownership(time.clock, lambda _condition, seconds: time.wait(threading.Event(), seconds or 0))
        limiter = time.limiter(self._settings.requests_per_second)
        with SpectrumClient(self._settings, sleep=time.sleep, clock=time.clock, limiter=limiter) as client:
            provider = make_provider(self._kind, self._settings, self._journal, client, ownership)
            yield calls_for(self._urn, provider)


def make_provider(
    kind: str, settings: ClientSettings, journal: CreationJournal, client: SpectrumClient, ownership: Ownership
) -> SpectrumProvider:
    """Return a provider of a kind that shares nothing with this process, or with others of this machine."""
    registration = find_registration(kind)
    assert registration is not None
    rules = registration.load_rules()
    provider = SpectrumProvider(
        rules,
        secrets_of(registration.load_class()),
        ownership,
        journal,
        project=ProjectAccess(open_client=lambda _settings: client),
        duplicates=Duplicates(rules, lambda: Declarations(lambda: NOWHERE)),
    )
    config = {
        "spectrum:projectId": settings.project_id,
        "spectrum:projectSecret": settings.project_secret,
        "spectrum:baseUrl": settings.base_url,
    }
    provider.configure(configuration(**config))
    return provider


def _handed_over(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return properties as the engine hands them over: each number is a float, and what is None is left out."""
    return {name: _as_float(value) for name, value in values.items() if value is not None}


def _as_float(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_float(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_float(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
