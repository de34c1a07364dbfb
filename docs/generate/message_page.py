"""The page of all messages: every sentence in the package's code that a person can meet, found by reading the code.

A message is a text of several words, outside of docstrings and of texts of help. What is filled in stands as `…`.
"""

from __future__ import annotations

import ast
import fnmatch
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulumi_spectrum"
PAGE = ROOT / "docs/reference/messages.md"
FEWEST_WORDS = 4
SQL = re.compile(r"(SELECT|INSERT|DELETE FROM|UPDATE \w+ SET|CREATE TABLE|PRAGMA) ")
HELP = {"help", "metavar", "pattern", "epilog"}
"""Arguments of functions whose texts are no messages."""


class Part(NamedTuple):
    """Messages that belong together on the page.

    Args:
        title: The heading.
        modules: Patterns of the modules that hold them, below the package. The first part that matches has a module.
        about: When they come, and what helps.
    """

    title: str
    modules: tuple[str, ...]
    about: str


PARTS = (
    Part(
        "Settings and credentials",
        (
            "settings.py",
            "messages/settings.py",
            "spelling/setting_names.py",
            "client/client_settings.py",
            "client/base_urls.py",
            "client/session.py",
            "resources/previews.py",
        ),
        "They come before anything is sent; those without a subject follow the name of a setting. "
        "[Configuration](configuration.md) has each setting, and "
        "`pulumi-spectrum doctor` checks them.",
    ),
    Part(
        "The rate limit",
        ("client/rate_limiter.py", "client/retries.py", "client/slots.py", "client/transport.py"),
        "The client waits for its turn by itself, and only gives up after two minutes. If others use the project too, "
        "lower `spectrum:requestsPerSecond`.",
    ),
    Part(
        "Requests that fail",
        ("messages/failures.py", "client/*.py"),
        "Each begins with the request, its status and the service's own words, such as `POST /users/ failed (HTTP "
        "422): …`, and what follows says what to do. A text that the request carried is never repeated.",
    ),
    Part(
        "Arguments",
        (
            "providers/inputs.py",
            "providers/input_checks.py",
            "providers/deliverable_urls.py",
            "providers/plain_values.py",
        ),
        "Each follows the name of an argument, as in “webhook_url must be https”, and fails the preview. No value is "
        "shown, since it may be a secret.",
    ),
    Part(
        "Objects that are there already, or twice",
        ("messages/conflicts.py",),
        "A creation never takes something by accident. [What is there already](../behaviour.md#what-is-there-already) "
        "has the rules.",
    ),
    Part(
        "Imports",
        ("messages/imports.py",),
        "[Take over what exists](../guides/adopt.md) says when to use which way.",
    ),
    Part(
        "Runs that were cut off",
        ("messages/interruptions.py",),
        "[After a run that was killed](../behaviour.md#after-a-run-that-was-killed) says how the next one goes on.",
    ),
    Part(
        "The state of one resource",
        ("messages/operations.py", "providers/lifecycle.py", "providers/confidential.py"),
        "The object was created in part, belongs to another project, or is not there. The state stays as it was.",
    ),
    Part(
        "Previews that look into the project",
        ("messages/previews.py", "providers/plans.py"),
        "They come with `spectrum:checkInPreview` only; see [In a preview](../behaviour.md#in-a-preview).",
    ),
    Part("Line", ("providers/line.py",), "See [Line](resources/line.md)."),
    Part(
        "Platform", ("providers/platform.py", "providers/needed_platform.py"), "See [Platform](resources/platform.md)."
    ),
    Part("Project profile", ("providers/project_profile.py",), "See [ProjectProfile](resources/project-profile.md)."),
    Part(
        "SIP inbound target",
        ("providers/voice_sip_inbound.py",),
        "See [VoiceSipInbound](resources/sip-inbound-target.md).",
    ),
    Part("Slack app", ("providers/slack_app.py",), "See [SlackApp](resources/slack-app.md)."),
    Part("User", ("providers/user.py",), "See [User](resources/user.md)."),
    Part("Webhook", ("providers/webhook.py",), "See [Webhook](resources/webhook.md)."),
    Part("WhatsApp template", ("providers/whatsapp_*.py",), "See [WhatsAppTemplate](resources/whatsapp-template.md)."),
    Part("Look-ups", ("messages/lookups.py", "functions.py", "lookup_runs.py"), "See [Look-ups](functions.md)."),
    Part(
        "Classes of a program",
        ("__init__.py", "resources/*.py"),
        "They are about how the program is written, and come before the engine is asked.",
    ),
    Part(
        "Adopt",
        ("cli/ad*.py", "cli/given_secrets.py", "cli/stack_contents.py"),
        "See [Take over what exists](../guides/adopt.md).",
    ),
    Part(
        "Drift", ("cli/drift*.py", "cli/comparison.py", "cli/ignore_file.py"), "See [Find drift](../guides/drift.md)."
    ),
    Part("Doctor", ("cli/doctor.py", "cli/checks.py", "cli/python_environments.py"), "See [Commands](commands.md)."),
    Part(
        "Recover",
        ("cli/recover*.py", "cli/settling.py", "providers/recovery.py"),
        "See [After a killed run](../guides/recover.md).",
    ),
    Part("Emulator", ("cli/emulator.py",), "See [The emulator](emulator.md)."),
    Part("Any command", ("cli/*.py", "text_files.py"), "They are about files and tools that several commands use."),
    Part(
        "Tests of a program",
        ("testing/*.py", "pytest_plugin.py"),
        "See [Test without credentials](../guides/testing.md).",
    ),
)

WITHOUT_MESSAGES = (
    "emulator/*",
    "cli/__init__.py",
    "cli/program.py",
    "shared_files.py",
    "creation_journal.py",
    "client/machine_slots.py",
    "client/checked_requests.py",
    "providers/declarations.py",
    "providers/properties.py",
    "providers/references.py",
    "resources/webhook.py",
)
"""Modules whose texts are the emulated service's, a program's, a database's, or read by other code only."""


def files() -> dict[Path, str]:
    """Return the page by its file."""
    return {PAGE: generate()}


def generate() -> str:
    """Return the page with the messages of today's code."""
    found: dict[str, list[str]] = {part.title: [] for part in PARTS}
    for path in sorted(PACKAGE.rglob("*.py")):
        module = path.relative_to(PACKAGE).as_posix()
        if any(fnmatch.fnmatch(module, each) for each in WITHOUT_MESSAGES):
            continue
        if messages := messages_of(path):
            found[_part_of(module).title] += messages
    return INTRODUCTION + "".join(
        f"\n## {part.title}\n{part.about}\n\n" + "".join(f"- {_as_markdown(each)}\n" for each in found[part.title])
        for part in PARTS
    )


INTRODUCTION = """# Messages

Everything that this package says when something is wrong, or when it has done something that you should know. Search
for the words of yours: what differs each time, such as a name or an id, stands as `…` here. A message may consist of
several of these texts. It names the property or the resource, and ends with what to do; none holds a secret.

This page is made from the code. The Spectrum service's own words, which stand in the middle of a message about a
request, are not on it.
"""


def messages_of(path: Path) -> list[str]:
    """Return the messages in a module's code, each once, in order."""
    return list(dict.fromkeys(_find(ast.parse(path.read_text(encoding="utf-8")))))


def _part_of(module: str) -> Part:
    for part in PARTS:
        if any(fnmatch.fnmatch(module, each) for each in part.modules):
            return part
    raise SystemExit(f"pulumi_spectrum/{module} has messages. Add it to a part of docs/generate/message_page.py.")


def _find(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.keyword) and node.arg in HELP:
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # A docstring.
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"AssertionError", "re.compile"}:
        return
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _as_text(node)
        words = [word for word in text.split() if re.search(r"[A-Za-z]{2}", word)]
        if len(words) >= FEWEST_WORDS and "\n" not in text and not SQL.match(text) and not text.startswith("#"):
            yield text
    for child in ast.iter_child_nodes(node):
        if not isinstance(node, ast.JoinedStr) or isinstance(child, ast.FormattedValue):
            yield from _find(child)


def _as_text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value.strip() if isinstance(node.value, str) else ""
    parts = (each.value if isinstance(each, ast.Constant) else "…" for each in node.values)
    return "".join(map(str, parts)).strip()


def _as_markdown(message: str) -> str:
    """Return a message as it is shown: only backticks are marks of Markdown."""
    return re.sub(r"([*\[\]\\])", r"\\\1", html.escape(message, quote=False))
