"""The guided tour: `pulumi up` of the quickstart against an emulated Spectrum, a change by hand, and its repair.

Started by `make demo`. It needs no credentials and no network, and it leaves nothing behind.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pulumi_spectrum.emulator import Emulator

PROJECT = Path(__file__).parent.parent
STACK = "spectrum-demo"


class Tour:
    """Runs the steps of the tour, and ends it loudly when one does not do what it says."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._step = 0

    def say(self, heading: str) -> None:
        """Print the heading of the next step."""
        self._step += 1
        print(f"\n\033[1m{self._step}. {heading}\033[0m" if sys.stdout.isatty() else f"\n{self._step}. {heading}")

    def pulumi(self, *arguments: str, quiet: bool = False, fails: bool = False) -> str:
        """Run the Pulumi CLI, show what it prints, and insist on how it ends."""
        if not quiet:
            print(f"   $ pulumi {' '.join(arguments)}", flush=True)
        command = ["pulumi", *arguments, "--non-interactive", "--stack", STACK]
        run = subprocess.run(  # noqa: S603  # the arguments are this file's own
            command, cwd=PROJECT, env=self._environment, capture_output=True, text=True, check=False
        )
        if not quiet:
            print("".join(f"   | {line}\n" for line in run.stdout.splitlines() if line.strip()), end="", flush=True)
        if (run.returncode != 0) is not fails:
            end = "succeeded" if fails else f"failed with {run.returncode}"
            sys.exit(f"\nThe tour stops here: `{' '.join(command)}` {end}.\n{run.stdout if quiet else ''}{run.stderr}")
        return run.stdout

    def insist(self, true: bool, claim: str) -> None:
        """End the tour unless a claim about what was just seen is true."""
        if not true:
            sys.exit(f"\nThe tour stops here: it is not true that {claim}.")
        print(f"   ✓ {claim}")


def main() -> None:
    """Take the tour."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="spectrum-demo-") as backend, Emulator() as spectrum:
        environment = {
            **os.environ,
            **spectrum.environment,
            "PULUMI_BACKEND_URL": Path(backend).as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        tour = Tour(environment)
        print(f"A Spectrum API answers at {spectrum.url}, emulated here, with its limit of 5 requests a second.")
        print("The stack's state is a temporary folder. Everything from here on is the real Pulumi CLI.")
        try:
            take(tour, spectrum)
        finally:
            (PROJECT / f"Pulumi.{STACK}.yaml").unlink(missing_ok=True)
    print(f"\nThat was all of it, in {time.monotonic() - started:.0f} seconds. Nothing is left running.")
    print("What to do next:")
    print("  - read examples/quickstart/__main__.py, which is the program that ran")
    print("  - keep an emulator open beside your own program: .venv/bin/pulumi-spectrum emulator")
    print("  - use it for real: pulumi config set spectrum:projectId ID")
    print("                     pulumi config set --secret spectrum:projectSecret")


def take(tour: Tour, spectrum: Emulator) -> None:
    """Take the steps, in the order that a person would."""
    project = spectrum.project
    tour.pulumi("stack", "init", quiet=True)

    tour.say("pulumi up: a webhook, a platform, a phone line and two users are created")
    tour.pulumi("up", "--yes", "--skip-preview")
    outputs = json.loads(tour.pulumi("stack", "output", "--json", quiet=True))
    number = project.lines.rows[0]["phoneNumber"]
    dedicated = [user for user in project.users.rows if user["type"] == "dedicated"]
    held = (len(project.webhooks), len(project.lines), len(project.users))
    tour.insist(held == (1, 1, 2), "the service holds one webhook, one line and two users")
    tour.insist(dedicated[0]["assignedPhoneNumber"] == number, f"bob is served by the new line, {number}")
    tour.insist(outputs["signingSecret"] == "[secret]", "the signing secret is a secret output")
    state = tour.pulumi("stack", "export", quiet=True)
    tour.insist(
        not any(secret in state for secret in spectrum.given_secrets), "no secret is in the state in plain text"
    )

    tour.say("pulumi preview: nothing is left to do")
    tour.pulumi("preview", "--expect-no-changes")

    tour.say("Somebody changes alice in the dashboard")
    alice = next(user for user in project.users.rows if user["phoneNumber"] == "+14155550123")
    project.users.change(alice["id"], firstName="Alicia")
    print('   her first name is now "Alicia"')

    tour.say("pulumi refresh --preview-only --expect-no-changes: a nightly job fails, and names what drifted")
    drift = tour.pulumi("refresh", "--preview-only", "--expect-no-changes", "--diff", fails=True)
    tour.insist('firstName: "Alice" => "Alicia"' in drift, "the drift is shown as exactly the property that drifted")
    tour.insist(drift.count(" => ") == 1, "nothing else is shown as drifted")

    tour.say("pulumi up --refresh: the drift is repaired")
    tour.pulumi("up", "--yes", "--skip-preview", "--refresh")
    tour.insist(project.users[alice["id"]]["firstName"] == "Alice", "her first name is Alice again")
    tour.pulumi("preview", "--expect-no-changes", quiet=True)
    tour.insist(True, "the next preview is empty")

    tour.say("pulumi destroy: everything goes")
    tour.pulumi("destroy", "--yes", "--skip-preview")
    tour.insist(
        not (len(project.webhooks) or len(project.lines) or len(project.users)), "the service holds nothing more"
    )
    tour.insist(not project.platforms["imessage"]["enabled"], "the platform is off")
    refused = [request for request in spectrum.requests if request.status == 429]  # noqa: PLR2004
    tour.insist(not refused, f"{len(spectrum.requests)} requests were made, and none was refused for its rate")


if __name__ == "__main__":
    main()
