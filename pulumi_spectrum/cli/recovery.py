"""What became of each pending operation, as far as it can be proven by the state and the service.

A creation that was under way when its run was killed may have made an object, which no state knows then. It is found by
its identity or, where the API gives objects of its kind none, as the one object that is new and in none of the stacks.

When it was made is compared with the time at which the state was last written. The run was alive then and the creation
had begun, so the object was made at most as long before or after as one creation takes. An object from outside of that
time is never taken, so clocks that differ by more than it only have more decided by a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pulumi_spectrum.cli.live_project import LiveProject
from pulumi_spectrum.cli.pending_operations import PendingOperation, PendingStack
from pulumi_spectrum.cli.state_file import StateResource
from pulumi_spectrum.kinds import LONGEST_CREATION, Kind, Live

SUSPECT = timedelta(days=1)
"""How long before the state was written an object without an identity may have been made to be shown to a person: it
may be of an operation that later runs have carried along, each of which wrote the state anew."""


class Outcome(StrEnum):
    """What became of an operation."""

    MADE = "made"
    NOTHING = "nothing"
    IN_STATE = "in state"
    UNDECIDED = "undecided"
    LEFT_TO_PULUMI = "left to pulumi"


@dataclass(frozen=True)
class Judgement:
    """What became of one pending operation, as far as that is known.

    Args:
        stack: The stack.
        operation: The operation.
        outcome: What became of it.
        words: The same in words, for a report.
        live: The object that it made.
        project: The project that the object is in.
        candidates: The objects of which it may have made one; of an undecided operation only.
    """

    stack: PendingStack
    operation: PendingOperation
    outcome: Outcome
    words: str
    live: Live | None = None
    project: LiveProject | None = None
    candidates: tuple[Live, ...] = ()

    @property
    def is_made_anew(self) -> bool:
        """Whether the object that it made is of no use, because a secret of it is lost."""
        return self.outcome is Outcome.MADE and self.operation.kind.recovery.needs_secrets


Holder = Callable[[Kind, Live], StateResource | None]


def plan_recovery(
    stacks: Sequence[PendingStack], project_of: Callable[[PendingStack, PendingOperation], LiveProject | None]
) -> list[Judgement]:
    """Return what became of each pending operation, in the order of the stacks and their states.

    Args:
        stacks: The stacks. An object that one of them holds is taken by none of the operations.
        project_of: Returns the project of an operation, or None where its credentials are not known.
    """
    judgements: list[Judgement] = []
    unidentified: dict[tuple[str, str], list[Judgement]] = {}
    for stack in stacks:
        for operation in stack.operations:
            judgement = _judge_without_service(stack, operation)
            if judgement is None:
                judgement = _open(stack, operation, project_of(stack, operation))
                if judgement.project is not None and not judgement.words:
                    if operation.kind.recovery.identity(operation.inputs) is None:
                        unidentified.setdefault((judgement.project.id, operation.kind.key), []).append(judgement)
                    else:
                        judgement = _judge_identified(
                            judgement, judgement.project, _holder_in(stacks, judgement.project.id)
                        )
            judgements.append(judgement)
    judged = {
        id(before.operation): after for group in unidentified.values() for before, after in _judge_group(group, stacks)
    }
    return _without_shared_objects([judged.get(id(each.operation), each) for each in judgements])


def decide(judgements: Sequence[Judgement], decisions: Mapping[str, str | None]) -> tuple[list[Judgement], list[str]]:
    """Return the judgements with what a person has decided, and the decisions that fit none of them.

    Args:
        judgements: What is known without them.
        decisions: By the name or the URN of a resource, the id of the object that its creation has made, or None.
    """
    fitting: set[str] = set()
    decided = []
    for each in judgements:
        named = {each.operation.resource.name, each.operation.resource.urn} & decisions.keys()
        chosen = {name: decisions[name] for name in named if each.outcome is Outcome.UNDECIDED}
        after = each
        for name, object_id in chosen.items():
            live = next((live for live in each.candidates if live.id == object_id), None)
            if object_id is None:
                after = replace(each, outcome=Outcome.NOTHING, words="nothing, as decided", candidates=())
            elif live is not None and each.operation.made_since is None:
                after = replace(each, outcome=Outcome.MADE, words=f"made {live.id}, as decided", live=live)
            if after is not each:
                fitting.add(name)
        decided.append(after)
    return _without_shared_objects(decided), sorted(decisions.keys() - fitting)


def _judge_without_service(stack: PendingStack, operation: PendingOperation) -> Judgement | None:
    """Return what needs no request to be known, or None."""
    if not operation.is_creation:
        words = "the state has it; `pulumi refresh` or the next `pulumi up` settles it"
        return Judgement(stack, operation, Outcome.LEFT_TO_PULUMI, words)
    recovery = operation.kind.recovery
    if recovery.only_reads(operation.resource.inputs):
        return Judgement(stack, operation, Outcome.NOTHING, "nothing: it only imports")
    if recovery.may_repeat(operation.inputs):
        return Judgement(stack, operation, Outcome.NOTHING, "done or not: the next `pulumi up` does the same again")
    return None


def _open(stack: PendingStack, operation: PendingOperation, project: LiveProject | None) -> Judgement:
    """Return a creation as undecided, with the reason in words if the service cannot be asked about it."""
    if project is None:
        words = (
            f"the credentials of project {operation.project_id} are not in the stack's configuration. Set "
            "SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET to those of that project"
        )
    elif not operation.kind.is_listed:
        words = f"the API does not list {operation.kind.plural}"
    elif operation.kind.problems_of(operation.inputs):
        words = "this release cannot read its arguments. Upgrade pulumi-spectrum"
    else:
        words = ""
    return Judgement(stack, operation, Outcome.UNDECIDED, words, project=project)


def _judge_identified(undecided: Judgement, project: LiveProject, holder: Holder) -> Judgement:
    """Return what became of a creation by the object that has its identity now."""
    operation = undecided.operation
    kind, recovery = operation.kind, operation.kind.recovery
    identity = recovery.identity(operation.inputs)
    same = [live for live in project.read_all(kind) if recovery.identity(live.properties) == identity]
    free = [live for live in same if holder(kind, live) is None]
    if not same:
        return replace(undecided, outcome=Outcome.NOTHING, words="nothing")
    if not free:
        return replace(undecided, outcome=Outcome.IN_STATE, words=_held(same[0], holder(kind, same[0])))
    undecided = replace(undecided, candidates=tuple(free))
    if len(free) > 1:
        return replace(undecided, words=f"several {kind.plural} have its identity: {_listed(kind, free)}")
    return _judge_found(undecided, free[0])


def _judge_found(undecided: Judgement, live: Live) -> Judgement:
    """Return whether a creation has made the only object that has its identity, and that no stack holds."""
    operation, written_at = undecided.operation, undecided.stack.written_at
    recovery, listed = operation.kind.recovery, _listed(operation.kind, [live])
    made_at = recovery.made_at(live)
    if made_at is None or written_at is None:
        return replace(undecided, words=f"when {listed} was made is not known")
    if abs(made_at - written_at) > LONGEST_CREATION:
        words = f"nothing: {listed} was not made by that run"
        return replace(undecided, outcome=Outcome.NOTHING, words=words, candidates=())
    if operation.made_since is not None:
        return replace(undecided, words=f"{listed}, beside {operation.made_since} in the state")
    if not recovery.needs_secrets and recovery.agreement(operation.inputs, live) is None:
        return replace(undecided, words=f"{listed}, which differs from what was to be made")
    return replace(undecided, outcome=Outcome.MADE, words=f"made {listed}", live=live, candidates=())


def _judge_group(group: Sequence[Judgement], stacks: Sequence[PendingStack]) -> list[tuple[Judgement, Judgement]]:
    """Return each undecided creation of one kind without identities in one project, and what became of it.

    What is new and in none of the stacks is theirs if it is no more than what was to be made, and if each of it was
    made at the right time with no value that none of them gives. Else a person has to say what is whose.
    """
    project, kind = group[0].project, group[0].operation.kind
    if project is None:
        return []
    recovery, holder = kind.recovery, _holder_in(stacks, project.id)
    written = [each.stack.written_at for each in group if each.stack.written_at is not None]
    new = [
        live
        for live in project.read_all(kind)
        if holder(kind, live) is None and not _is_older(recovery.made_at(live), written)
    ]
    settled = {id(each): _nothing_new(each) for each in group}
    still_open = [each for each in group if each.operation.made_since is None]
    for live in sorted(new, key=lambda live: -_best_agreement(still_open, live)):
        fitting = [each for each in still_open if _may_be_of(each, live)]
        if not fitting:
            words = f"one of these, or none: {_listed(kind, new)}"
            return [(each, replace(each, words=words, candidates=tuple(new))) for each in group]
        taker = max(fitting, key=lambda each: recovery.agreement(each.operation.inputs, live) or 0)
        still_open.remove(taker)
        settled[id(taker)] = replace(taker, outcome=Outcome.MADE, words=f"made {_listed(kind, [live])}", live=live)
    return [(each, settled[id(each)]) for each in group]


def _without_shared_objects(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return the judgements, of which those are undecided that have the same object: two stacks were to make it."""
    keys = [
        (each.project.id, each.operation.kind.key, each.live.id) if each.project and each.live else None
        for each in judgements
    ]
    return [
        replace(
            each,
            outcome=Outcome.UNDECIDED,
            words=f"{each.words}, or another of these operations did",
            live=None,
            candidates=(each.live,),
        )
        if each.live is not None and keys.count(key) > 1
        else each
        for each, key in zip(judgements, keys, strict=True)
    ]


def _nothing_new(undecided: Judgement) -> Judgement:
    made_since = undecided.operation.made_since
    if made_since is not None:
        return replace(undecided, outcome=Outcome.IN_STATE, words=f"nothing beside {made_since}, made since")
    return replace(undecided, outcome=Outcome.NOTHING, words="nothing")


def _may_be_of(judgement: Judgement, live: Live) -> bool:
    made_at, written_at = judgement.operation.kind.recovery.made_at(live), judgement.stack.written_at
    if made_at is None or written_at is None or abs(made_at - written_at) > LONGEST_CREATION:
        return False
    return judgement.operation.kind.recovery.agreement(judgement.operation.inputs, live) is not None


def _best_agreement(judgements: Iterable[Judgement], live: Live) -> int:
    return max(
        (each.operation.kind.recovery.agreement(each.operation.inputs, live) or 0 for each in judgements), default=0
    )


def _is_older(made_at: datetime | None, written: Sequence[datetime]) -> bool:
    """Return whether an object is surely older than each of the operations."""
    return made_at is not None and bool(written) and made_at < min(written) - SUSPECT


def _holder_in(stacks: Sequence[PendingStack], project_id: str) -> Holder:
    """Return a function that finds the resource which holds an object of a project in any of the stacks."""
    holders = {
        (each.kind.key, each.id): each
        for stack in stacks
        for each in stack.known
        if each.project_id in (project_id, None)
    }
    return lambda kind, live: holders.get((kind.key, live.id))


def _held(live: Live, holder: StateResource | None) -> str:
    return f"{live.id} is in the state" if holder is None else f'{live.id} is "{holder.name}" of stack {holder.stack}'


def _listed(kind: Kind, objects: Iterable[Live]) -> str:
    return ", ".join(f"{live.id} ({kind.label(live)})" if kind.label(live) != live.id else live.id for live in objects)
