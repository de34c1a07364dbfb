"""Lifecycles of resources on the real engine, written as a table.

A table has a list of steps for each resource. All resources take their first step in one `up`, then all their second
one, and so on; a resource whose steps are over stays as it is. A step says what the program then gives the resource,
what `preview` and `up` show, which requests are sent, and what the service and the state hold afterwards:

    profiles = lifecycles(spectrum_sdk.ProjectProfile, lambda _id: spectrum.project.profile.row)
    profiles.run({
        "profile": [
            Step({"first_name": "Acme"}, ("create",), [("PATCH", "/profile", {"firstName": "Acme"})]),
            Step({"first_name": "Desk"}, ("update", "firstName"), [("PATCH", "/profile", {"firstName": "Desk"})]),
            Step(None, ("delete",), []),
        ]
    })

Held for every step, without a word in the table: the preview sends nothing and shows what `up` does, an object keeps
its id unless it is replaced, whole numbers are sent as such, every secret is encrypted in the state, and after the step
the next preview and the next refresh are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pulumi
from kind_samples import KINDS

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.request_log import Request
from pulumi_spectrum.spelling.property_names import to_snake
from pulumi_spectrum.spelling.urns import resource_name
from pulumi_spectrum.testing import Change, Run, SpectrumStack

SentRequest = tuple[str, str, Any]
"""A request's method, path below the project, and body."""

REPLACEMENTS: Mapping[tuple[str, ...], str] = {
    ("create-replacement", "replace", "delete-replaced"): "create first",
    ("delete-replaced", "replace", "create-replacement"): "delete first",
}
KEEPS_ID = {(), ("update",)}
"""What a step shows first when the object stays the same one."""


@dataclass(frozen=True)
class Step:
    """One change of a resource in the program, and what follows from it.

    Args:
        arguments: What the program gives the resource; None removes the resource from the program.
        shows: What `preview` and `up` show: the operation, or the order of a replacement ("create first", "delete
            first"), and then the changed properties, sorted. Empty for no change.
        sends: The requests that change something, in order. In a path, `{id}` is the object's id before the step, or
            the id that it is created with, and `{new}` the id of its replacement. None: the row does not say.
        holds: Fields that the service then holds of the object.
        outputs: Outputs that the program then reads, secret ones in plain text; None where it reads none.
    """

    arguments: Mapping[str, Any] | None
    shows: tuple[str, ...] = ("create",)
    sends: Sequence[SentRequest] | None = None
    holds: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)


def one_change(
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None,
    shows: tuple[str, ...],
    sends: Sequence[SentRequest] | None,
    holds: Mapping[str, Any] | None = None,
) -> list[Step]:
    """Return the steps of a resource that is made with some arguments, and is then given others.

    Args:
        before: The arguments that it is made with.
        after: Those that it is then given. What follows from them is said as in `Step`.
    """
    return [Step(before), Step(after, shows, sends, holds or {})]


class Lifecycles:
    """The resources of one class on one stack, which tables take from step to step.

    Args:
        resource: The class.
        row: Takes an id, and returns what the service holds of that object.
        make_stack: Makes the stack of a program.
        spectrum: The service.
        opts: The options of every resource.

    Attributes:
        stack: The stack.
        requests: All requests of the last `up`.
    """

    def __init__(
        self,
        resource: type[pulumi.Resource],
        row: Callable[[str], Mapping[str, Any]],
        *,
        make_stack: Callable[[Callable[[], None]], SpectrumStack],
        spectrum: Emulator,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        self.stack = make_stack(self._program)
        self.requests: list[Request] = []
        self._resource: Callable[..., pulumi.Resource] = resource
        self._row = row
        self._spectrum = spectrum
        self._options = opts
        self._declared: dict[str, Mapping[str, Any]] = {}
        self._read_outputs: dict[str, list[str]] = {}
        self._ids: dict[str, str] = {}
        (kind,) = (each for each in KINDS.values() if each.declared_by is resource)
        self._identifying = [to_snake(name) for name, each in kind.facts().items() if each.identifies]
        self._secrets = kind.secret_outputs

    def run(self, table: Mapping[str, Sequence[Step]], *, unattributed: Sequence[SentRequest] = ()) -> None:
        """Take each resource of the table through its steps. Another table may go on from there.

        A request belongs to the resource whose id, or all of whose identifying arguments, are in its path and body; to
        the only resource of a table belongs every request. `unattributed` are the requests that belong to none.
        """
        left_over: list[SentRequest] = []
        for number in range(max(map(len, table.values()))):
            left_over += self._take({name: steps[number] for name, steps in table.items() if number < len(steps)})
            self.stack.assert_no_drift()
        assert left_over == list(unattributed)

    def _take(self, steps: Mapping[str, Step]) -> list[SentRequest]:
        """Take one step of each resource, and return the requests that belong to none of them."""
        before, old_ids = self._declared, self._ids
        after = {**before, **{name: step.arguments for name, step in steps.items()}}
        self._declared = {name: arguments for name, arguments in after.items() if arguments is not None}
        self._read_outputs = {name: list(step.outputs) for name, step in steps.items()}
        self._run_program({name: step.shows for name, step in steps.items() if step.shows})
        outputs = self.stack.outputs() if any(self._read_outputs.values()) else {}

        state = {resource_name(each["urn"]): each for each in self.stack.export().get("resources", [])}
        self._ids = {name: state[name]["id"] for name in self._declared}
        assert not [name for name in self._declared if self._in_plain_text(state[name])], "a secret is not encrypted"
        objects = {
            name: _Object(
                ids=[ids[name] for ids in (old_ids, self._ids) if name in ids],
                identities=[
                    self._identity(declared[name]) for declared in (before, self._declared) if name in declared
                ],
            )
            for name in steps
        }
        moved = [name for name, step in steps.items() if step.shows[:1] in KEEPS_ID and len({*objects[name].ids}) > 1]
        assert not moved, "the object has another id, though it was not replaced"
        assert not [each for each in self.requests if _has_floats(each.body)], "a whole number is sent as a float"
        sent, left_over = _attribute(self.requests, objects)
        assert steps == {
            name: replace(
                step,
                sends=None if step.sends is None else sent[name],
                holds={key: self._row(objects[name].ids[-1])[key] for key in step.holds},
                outputs={key: outputs.get(f"{name}.{key}") for key in step.outputs},
            )
            for name, step in steps.items()
        }
        return left_over

    def _run_program(self, shows: Mapping[str, tuple[str, ...]]) -> None:
        """Preview the program and run it; both show this, and print no value of a secret (`diff` prints most)."""
        self._spectrum.requests.clear()
        assert shown(self.stack.preview(diff=True)) == shows
        assert self._spectrum.requests.operations() == []
        assert shown(self.stack.up(diff=True)) == shows
        self.requests = list(self._spectrum.requests)

    def _in_plain_text(self, entry: Mapping[str, Any]) -> list[str]:
        """Return the secrets that an entry of the state does not encrypt."""
        sides = [entry.get(side, {}) for side in ("inputs", "outputs")]
        return [name for side in sides for name in self._secrets & side.keys() if "ciphertext" not in side[name]]

    def _identity(self, arguments: Mapping[str, Any]) -> set[str]:
        """Return what the API knows an object of these arguments by."""
        return {str(arguments[name]).casefold() for name in self._identifying}

    def _program(self) -> None:
        for name, arguments in self._declared.items():
            resource = self._resource(name, **arguments, opts=self._options)
            for output in self._read_outputs.get(name, []):
                pulumi.export(f"{name}.{output}", getattr(resource, to_snake(output)))


def shown(run: Run) -> dict[str, tuple[str, ...]]:
    """Return, for each resource of a run, the operation or the order of its replacement, and the changed properties."""
    steps: dict[str, list[Change]] = {}
    for change in run.spectrum_changes:
        steps.setdefault(change.name, []).append(change)
    found = {}
    for name, changes in steps.items():
        operations = tuple(change.operation for change in changes)
        properties = sorted({each for change in changes for each in change.properties})
        found[name] = (REPLACEMENTS.get(operations, " ".join(operations)), *properties)
    return found


@dataclass(frozen=True)
class _Object:
    """How the requests for one resource are recognized: by its ids and identities before and after a step.

    Of an id of several parts, it is the last one, since the others may be shared.
    """

    ids: list[str]
    identities: list[set[str]]

    def owns(self, request: Request) -> bool:
        body = request.body if isinstance(request.body, dict) else {}
        words = {text.casefold() for text in (*request.path.split("/"), *body.values()) if isinstance(text, str)}
        return any(_last_part(each).casefold() in words for each in self.ids) or any(
            identity and identity <= words for identity in self.identities
        )

    def as_written(self, request: Request) -> SentRequest:
        """Return a request as a table writes it."""
        places = {_last_part(self.ids[-1]): "{new}", _last_part(self.ids[0]): "{id}"}
        parts = _below_project(request).split("/")
        return request.method, "/".join(places.get(part, part) for part in parts), request.body


def _attribute(
    requests: Sequence[Request], objects: Mapping[str, _Object]
) -> tuple[Mapping[str, list[SentRequest]], list[SentRequest]]:
    """Return the requests that change something: those for each object, and those for none of them."""
    sent: dict[str, list[SentRequest]] = {name: [] for name in objects}
    left_over = []
    for request in requests:
        if request.method == "GET":
            continue
        owners = [name for name, each in objects.items() if len(objects) == 1 or each.owns(request)]
        assert len(owners) <= 1, f"{request} belongs to several resources: {owners}"
        if owners:
            sent[owners[0]].append(objects[owners[0]].as_written(request))
        else:
            left_over.append((request.method, _below_project(request), request.body))
    return sent, left_over


def _has_floats(body: Any) -> bool:
    """Return whether a body has a float, which the API knows none of, and which equals its whole number in Python."""
    return isinstance(body, dict) and any(isinstance(value, float) for value in body.values())


def _below_project(request: Request) -> str:
    return request.path.removeprefix(f"/projects/{request.project_id}")


def _last_part(object_id: str) -> str:
    return object_id.rpartition("/")[2]
