"""A model of Pulumi's engine: what it asks a provider, in which order, and what it then writes into the state.

It is read off the engine's own code of 3.259 (`pkg/resource/deploy`): `step_generator.go` for the order of check, diff
and steps, `step.go` for what each step does to the state, `deployment_executor.go` for refreshes and deletions. A test
compares its order with calls that the real engine made. It makes one call at a time: first the checks and diffs of all
resources that need no other one, then their steps, then the same for those that do.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from host_process import UNKNOWN, Failure, plain
from kind_samples import KINDS
from pulumi.runtime.proto import provider_pb2
from stack_records import Declared, Entry, Program, Properties, Provider, Reference, Run, Step

from pulumi_spectrum.providers import IGNORED, IMPORT, PREVIEW
from pulumi_spectrum.providers.bookkeeping import PROVIDER

PROJECT, STACK = "app", "dev"


class Engine:
    """The engine, with the state of one stack.

    Args:
        start_provider: Starts the provider's process, as each command does.
        stack: The stack's name.

    Attributes:
        state: The resources.
        serial: Whether a failure keeps the steps from being taken that have not begun, as where the engine runs one at
            a time. Otherwise the steps of one wave are under way together, and all of them come to their end.
    """

    def __init__(self, start_provider: Callable[[], Provider], stack: str = STACK) -> None:
        self._start_provider = start_provider
        self.stack = stack
        self.state: list[Entry] = []
        self.serial = False

    def readable_state(self) -> str:
        """Return what the state holds that the engine does not encrypt."""
        return json.dumps(
            [
                {name: each for name, each in properties.items() if name not in KINDS[entry.kind].secret_outputs}
                for entry in self.state
                for properties in (entry.inputs, entry.outputs)
            ]
        )

    def up(self, program: Program, *, refresh: bool = False, replaced: Iterable[str] = ()) -> Run:
        """Do what `pulumi up --skip-preview` does, with `--refresh` and `--target-replace` where that is asked for."""
        return self._within(_Update(self, "up", program, set(replaced)), refresh=refresh)

    def preview(self, program: Program, *, refresh: bool = False, checks: bool = False) -> Run:
        """Do what `pulumi preview` does. With `checks` the program asks for a look into the project."""
        kept = copy.deepcopy(self.state)
        try:
            return self._within(_Update(self, "preview", program, set(), checks=checks), refresh=refresh)
        finally:
            self.state = kept

    def refresh(self, *, preview_only: bool = False) -> Run:
        """Do what `pulumi refresh` does."""
        kept = copy.deepcopy(self.state)
        run = self._within(_Update(self, "refresh", None, set()), refresh=True)
        if preview_only:
            self.state = kept
        return run

    def destroy(self) -> Run:
        """Do what `pulumi destroy` does."""
        return self._within(_Update(self, "destroy", (), set()), refresh=False)

    def _within(self, update: _Update, *, refresh: bool) -> Run:
        update.provider = self._start_provider()
        try:
            if refresh:
                update.refresh()
            if update.program is not None and not update.run.failed:
                update.execute(update.program)
        finally:
            update.provider.close()
        return update.run


class _Update:
    """One command under way."""

    provider: Provider

    def __init__(
        self, engine: Engine, command: str, program: Program | None, replaced: set[str], *, checks: bool = False
    ) -> None:
        self.engine = engine
        self.program = program
        self.run = Run(command)
        self._replaced = replaced
        self._dry = command == "preview"
        self._checks = checks
        self._seen: set[int] = set()
        self._unknown: set[str] = set()

    def refresh(self) -> None:
        """Read every resource, and then have its old inputs compared with what was read."""
        for entry in list(self.engine.state):
            if entry.replaced_first:
                continue
            with self._failing():
                found, outputs, inputs = self.provider.read(entry.urn, entry.id, entry.outputs, entry.inputs)
                if not found:
                    self.engine.state.remove(entry)
                    self.run.drifted.append(entry.name)
                    continue
                was = entry.inputs
                entry.id, entry.outputs, entry.unfinished = found, outputs, False
                entry.inputs = entry.inputs if inputs is None else inputs
                if self._changed(self.provider.diff(entry.urn, found, outputs, was), entry.inputs, was, entry.ignored):
                    self.run.drifted.append(entry.name)

    def execute(self, program: Program) -> None:
        """Run a program: its resources in waves, and at the end the deletions."""
        waiting = list(program)
        done: set[str] = set()
        while waiting and not self.run.failed:
            wave = [each for each in waiting if each.needs <= done]
            assert wave, "the program refers to a resource that it does not have"
            chains = []
            for declared in wave:
                with self._failing():
                    chains.append(self._plan(declared))
                if self.run.failed:
                    break
            if not (self.run.failed and self.engine.serial):
                self._take(chains)
            done |= {each.name for each in wave}
            waiting = [each for each in waiting if each.name not in done]
        if not self.run.failed:
            self._delete_the_rest()

    def _take(self, chains: Iterable[Sequence[Step]]) -> None:
        for chain in chains:
            if self.run.failed and self.engine.serial:
                return
            with self._failing():
                for step in chain:
                    step()

    def _delete_the_rest(self) -> None:
        rest = [each for each in self.engine.state if each.delete or id(each) not in self._seen]
        while rest and not self.run.failed:
            needed = {urn for each in rest for urn in each.needs}
            free = [each for each in rest if each.urn not in needed or each.delete]
            self._take([[partial(self._delete, each)] for each in free])
            rest = [each for each in rest if each not in free]

    def _delete(self, entry: Entry) -> None:
        if not entry.replaced_first:
            self.run.steps.append(("delete-replaced" if entry.delete else "delete", entry.name))
            if not self._dry:
                self.provider.delete(entry.urn, entry.id, entry.outputs)
        if not self._dry:
            self.engine.state.remove(entry)

    def _plan(self, declared: Declared) -> list[Step]:
        """Check a resource and have it compared, and return the steps to take."""
        urn = urn_of(declared.kind, declared.name, self.engine.stack)
        goal = self._goal(declared)
        old = self._old(declared)
        if old is None:
            inputs = self._check(urn, None, goal)
            return [lambda: self._create(declared, urn, inputs, None)]
        self._seen.add(id(old))
        if declared.name in self._replaced:
            # Such a resource is neither compared, nor checked a second time.
            inputs = self._check(urn, None, goal)
            return self._replace(declared, urn, old, inputs, delete_first=bool(declared.delete_first))
        inputs = self._check(urn, old.inputs, _ignoring(goal, old.inputs, declared.ignored))
        diff = self.provider.diff(urn, old.id, old.outputs, inputs)
        is_changed = self._changed(diff, old.inputs, inputs, declared.ignored)
        if old.replaced_first or (is_changed and diff.replaces):
            inputs = self._check(urn, None, goal)
            delete_first = diff.deleteBeforeReplace if declared.delete_first is None else declared.delete_first
            return self._replace(declared, urn, old, inputs, delete_first=delete_first)
        if is_changed or old.unfinished:
            return [lambda: self._change(declared, urn, old, inputs)]
        return [lambda: self._keep(declared, urn, old, inputs)]

    def _replace(
        self, declared: Declared, urn: str, old: Entry, inputs: Properties, *, delete_first: bool
    ) -> list[Step]:
        create = partial(self._create, declared, urn, inputs, old, late=not delete_first)
        return [partial(self._delete_to_replace, old), create] if delete_first and not old.replaced_first else [create]

    def _delete_to_replace(self, old: Entry) -> None:
        self.run.steps.append(("delete-replaced", old.name))
        if not self._dry:
            self.provider.delete(old.urn, old.id, old.outputs)
            old.replaced_first = True

    def _create(
        self, declared: Declared, urn: str, inputs: Properties, old: Entry | None, *, late: bool = False
    ) -> None:
        self.run.steps.append(("create" if old is None else "create-replacement", declared.name))
        if self._dry:
            self._unknown.add(declared.name)
            return
        entry = Entry(urn, declared.kind, "", inputs, {}, self._needs(declared), ignored=declared.ignored)
        failure = None
        try:
            entry.id, entry.outputs = self.provider.create(urn, inputs)
        except Failure as error:
            if error.partially_done is None:
                raise
            failure = error
            entry.id, entry.outputs, entry.unfinished = _recorded(error.partially_done)
        if old is not None and late:
            old.delete = True
        elif old is not None:
            self.engine.state.remove(old)
        self._seen.add(id(entry))
        self.engine.state.append(entry)
        if failure is not None:
            raise failure

    def _change(self, declared: Declared, urn: str, old: Entry, inputs: Properties) -> None:
        self.run.steps.append(("update", declared.name))
        if self._dry:
            self._unknown.add(declared.name)
            return
        failure = None
        try:
            outputs, unfinished = self.provider.update(urn, old.id, old.outputs, inputs), False
        except Failure as error:
            if error.partially_done is None:
                raise
            failure = error
            _, outputs, unfinished = _recorded(error.partially_done)
        old.outputs, old.unfinished = outputs, unfinished
        self._keep(declared, urn, old, inputs)
        if failure is not None:
            raise failure

    def _keep(self, declared: Declared, urn: str, old: Entry, inputs: Properties) -> None:
        old.urn, old.inputs, old.needs, old.ignored = urn, inputs, self._needs(declared), declared.ignored

    def _check(self, urn: str, olds: Properties | None, goal: Properties) -> Properties:
        inputs, sentences = self.provider.check(urn, olds, goal)
        if sentences:
            raise Failure(" ".join(sentences), None)
        return inputs

    def _changed(self, diff: Any, olds: Properties, news: Properties, ignored: Iterable[str]) -> bool:
        """Return whether there is a change. Where the provider does not say, the inputs decide."""
        if diff.changes != provider_pb2.DiffResponse.DIFF_UNKNOWN:
            return bool(diff.changes == provider_pb2.DiffResponse.DIFF_SOME)
        return _shown(olds) != _shown(_ignoring(news, olds, ignored))

    def _goal(self, declared: Declared) -> Properties:
        """Return the inputs of a resource as its class sends them."""
        kind = KINDS[declared.kind]
        arguments = {name: self._value(value) for name, value in declared.arguments.items()}
        hidden = {
            PROVIDER: kind.reference(),
            IMPORT: declared.imported,
            IGNORED: list(declared.ignored) or None if declared.imported else None,
            PREVIEW: f"organization/{PROJECT}/{self.engine.stack}" if self._dry and self._checks else None,
        }
        goal = {**kind.defaults(), **arguments, **hidden}
        return {name: value for name, value in goal.items() if value is not None}

    def _value(self, value: Any) -> Any:
        if not isinstance(value, Reference):
            return value
        if value.name in self._unknown:
            return UNKNOWN
        [entry] = [each for each in self.engine.state if each.name == value.name and not each.delete]
        return entry.outputs.get(value.output)

    def _needs(self, declared: Declared) -> frozenset[str]:
        assert self.program is not None
        kinds = {each.name: each.kind for each in self.program}
        return frozenset(urn_of(kinds[name], name, self.engine.stack) for name in declared.needs)

    def _old(self, declared: Declared) -> Entry | None:
        for name in (declared.name, *declared.aliases):
            for entry in self.engine.state:
                if (
                    entry.urn == urn_of(declared.kind, name, self.engine.stack)
                    and not entry.delete
                    and id(entry) not in self._seen
                ):
                    return entry
        return None

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Record the failure of what is done in the block."""
        try:
            yield
        except Failure as failure:
            self.run.failures.append(failure.message)


def urn_of(kind: str, name: str, stack: str = STACK) -> str:
    """Return a resource's URN."""
    return f"urn:pulumi:{stack}::{PROJECT}::{KINDS[kind].type_token}::{name}"


def _recorded(partially_done: provider_pb2.ErrorResourceInitFailed) -> tuple[str, Properties, bool]:
    return partially_done.id, plain(partially_done.properties), True


def _ignoring(inputs: Properties, olds: Properties, ignored: Iterable[str]) -> Properties:
    """Return inputs with the old values of those that are ignored."""
    kept = {name: olds.get(name) for name in ignored}
    return {name: value for name, value in {**inputs, **kept}.items() if value is not None}


def _shown(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if not name.startswith("__")}
