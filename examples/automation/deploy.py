"""Deploys the program in this folder from Python: `python deploy.py STACK [--yes]`, and `--drift` to look alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pulumi import automation
from pulumi.automation.events import EngineEvent

DONE = {
    automation.OpType.CREATE: "created",
    automation.OpType.UPDATE: "changed",
    automation.OpType.REPLACE: "replaced",
    automation.OpType.DELETE: "deleted",
    automation.OpType.IMPORT: "imported",
}
DRIFTED = (automation.OpType.UPDATE, automation.OpType.DELETE)
CLEAN, FAILED, DRIFT = 0, 1, 2


def main() -> int:
    """Return the exit code: 0 when all is as the program says, 1 when a command failed, 2 when drift was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stack")
    parser.add_argument("--yes", action="store_true", help="do not ask before anything is changed")
    parser.add_argument("--drift", action="store_true", help="compare with the service, and change nothing")
    arguments = parser.parse_args()
    stack = automation.create_or_select_stack(arguments.stack, work_dir=str(Path(__file__).parent))
    try:
        return report_drift(stack) if arguments.drift else deploy(stack, ask=not arguments.yes)
    except automation.CommandError as error:
        # The engine has written what is wrong on its diagnostics: the whole of them is the message.
        print(error, file=sys.stderr)
        return FAILED


def deploy(stack: automation.Stack, *, ask: bool) -> int:
    """Show what will change, ask, and do it with one line for each resource that is done."""
    planned = stack.preview(on_event=print_diagnostics).change_summary
    # The summary's keys are plain text, whatever their type says.
    changes = {automation.OpType(operation).value: count for operation, count in planned.items() if operation != "same"}
    if not changes:
        print("Nothing to do.")
        return CLEAN
    print(", ".join(f"{count} to {operation}" for operation, count in changes.items()))
    if ask and input("Go on? [y/N] ").strip().lower() != "y":
        return CLEAN
    result = stack.up(on_event=print_progress)
    for name, output in result.outputs.items():
        print(f"{name} = {'[secret]' if output.secret else output.value}")
    return CLEAN


def report_drift(stack: automation.Stack) -> int:
    """Compare the state with the service. Nothing is changed, not even in the state."""
    drifted: list[str] = []

    def note(event: EngineEvent) -> None:
        print_diagnostics(event)
        if (step := event.res_outputs_event) and step.metadata.op in DRIFTED:
            properties = ", ".join(step.metadata.diffs or []) or "deleted"
            drifted.append(f"{step.metadata.urn.split('::')[-1]}: {properties}")

    stack.preview_refresh(on_event=note)
    print("\n".join(drifted) or "No drift.")
    return DRIFT if drifted else CLEAN


def print_progress(event: EngineEvent) -> None:
    """Print each resource that is done, and what the provider says."""
    print_diagnostics(event)
    if (step := event.res_outputs_event) and (word := DONE.get(step.metadata.op)):
        print(f"{step.metadata.urn.split('::')[-1]} {word}")


def print_diagnostics(event: EngineEvent) -> None:
    """Print the provider's warnings and notes. Errors stand in the exception at the end."""
    if (said := event.diagnostic_event) and said.severity in ("warning", "info"):
        print(f"{said.severity}: {said.message.strip()}")


if __name__ == "__main__":
    sys.exit(main())
