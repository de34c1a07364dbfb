"""The changes and messages of one command of the Pulumi CLI, read from the engine's events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pulumi.automation import OpType, events

from pulumi_spectrum.spelling.urns import resource_name, resource_type

UNCHANGED = (OpType.SAME, OpType.READ, OpType.REFRESH)


@dataclass(frozen=True)
class Change:
    """One change that a run made, or would make, to a resource.

    Args:
        urn: The resource's URN.
        operation: The operation as the engine names it, such as `create`, `update`, `replace`, `delete`.
        properties: The properties shown as changed, in the state's spelling, sorted.
    """

    urn: str
    operation: str
    properties: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return resource_name(self.urn)

    @property
    def type(self) -> str:
        """The resource's type token, as it stands in the state."""
        return resource_type(self.urn)


@dataclass
class Run:
    """What one command of the CLI did.

    Args:
        command: The command, such as `up`.
        output: All text that it printed.
        changes: What it did or would do to the resources of the stack, in the order of the steps: resources of every
            kind, explicit providers and components too. What stays the same is left out, and so are the stack itself
            and default providers, which the CLI does not count either.
        messages: Errors and warnings, each with the resource's name before it where it has one.
        failed: Whether the command failed.
    """

    command: str
    output: str = ""
    changes: list[Change] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    failed: bool = False

    @property
    def spectrum_changes(self) -> list[Change]:
        """The changes to Spectrum resources, without those to providers, components and resources of other packages."""
        return [change for change in self.changes if change.type.startswith("pulumi-python:dynamic/spectrum:")]

    @property
    def summary(self) -> dict[str, tuple[str, ...]]:
        """The last operation on each changed resource, followed by the properties that it changed.

        The key is the resource's name. Where several changed resources have one name, each has its type and name as the
        key, such as `aws:s3/bucket:Bucket::assets`.
        """
        shared = Counter(resource_name(urn) for urn in {change.urn for change in self.changes})
        return {
            change.name if shared[change.name] == 1 else change.urn.split("::", 2)[2]: (
                change.operation,
                *change.properties,
            )
            for change in self.changes
        }


class RunFailed(AssertionError):
    """A command of the CLI did not end as expected. The message holds all that the command printed."""

    def __init__(self, run: Run, expected: str) -> None:
        super().__init__(f"`pulumi {run.command}` was expected to {expected}.\n{run.output}")
        self.run = run


def record(run: Run, event: events.EngineEvent) -> None:
    """Add the change or message of an event of the engine to the run."""
    diagnostic = event.diagnostic_event
    step = event.res_outputs_event or event.resource_pre_event
    if step is not None:
        metadata = step.metadata
        # A component is not an object that an operation can fail on, and its end is only seen if it registers outputs.
        counts = step is event.resource_pre_event if _is_component(metadata) else step is event.res_outputs_event
        if counts and metadata.op not in UNCHANGED and not _is_internal(metadata.urn):
            properties = tuple(sorted(metadata.diffs or ()))
            run.changes.append(Change(metadata.urn, metadata.op.value, properties))
    elif diagnostic is not None and diagnostic.severity in ("error", "warning"):
        owner = f"{resource_name(diagnostic.urn)}: " if diagnostic.urn else ""
        run.messages.append(f"{owner}{diagnostic.severity}: {diagnostic.message.strip()}")


def _is_component(metadata: events.StepEventMetadata) -> bool:
    state = metadata.new or metadata.old
    return state is not None and not state.custom


def _is_internal(urn: str) -> bool:
    of_type = resource_type(urn)
    is_default = of_type.startswith("pulumi:providers:") and resource_name(urn).startswith("default")
    return is_default or of_type == "pulumi:pulumi:Stack"
