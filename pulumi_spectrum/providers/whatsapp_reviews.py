"""What Meta takes of a change of a WhatsApp template, by where its review stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pulumi_spectrum.spelling.property_names import to_snake

CHANGEABLE = frozenset({"category", "components", "messageSendTtlSeconds"})
"""The arguments that a change sends."""
ACCEPTED: Mapping[str, frozenset[str]] = {
    "APPROVED": CHANGEABLE,
    "REJECTED": CHANGEABLE,
    "PAUSED": frozenset({"components"}),
    "PENDING": frozenset(),
    "IN_APPEAL": frozenset(),
    "DISABLED": frozenset(),
}
"""The arguments that Meta lets be changed in each status. In any other status Meta is asked."""
_STANDING = {
    "PAUSED": "paused by Meta",
    "PENDING": "under review",
    "IN_APPEAL": "under review after an appeal",
    "DISABLED": "disabled by Meta",
}
NEW_NAME = "Give it another name, which makes a new template before this one is deleted"


def not_accepted(status: str | None, names: Iterable[str]) -> frozenset[str]:
    """Return those of the arguments that Meta does not let be changed in a status."""
    return frozenset(names) - ACCEPTED.get(status or "", CHANGEABLE)


def is_final(status: str | None) -> bool:
    """Return whether a template stays in this status until a person does something about it at Meta."""
    return status == "DISABLED"


def doubt_in_words(status: str, names: frozenset[str]) -> str:
    """Return the warning of a preview that the change may be refused."""
    return (
        f"When this WhatsApp template was last read it was {_STANDING[status]} ({status}), and Meta takes no change of "
        f"{_in_words(names)} then. `pulumi up` reads its status again before it sends anything; `pulumi refresh` shows "
        "it now."
    )


def refusal_in_words(status: str, names: frozenset[str]) -> str:
    """Return why a change was not sent, and what to do."""
    standing = f"This WhatsApp template is {_STANDING[status]} ({status}), and Meta takes no change of"
    if is_final(status):
        return (
            f"{standing} it any more, so nothing was sent. {NEW_NAME}; or have it enabled again at Meta, and run "
            "`pulumi refresh`."
        )
    return (
        f"{standing} {_in_words(names)} then, so nothing was sent. Run `pulumi up` again once its status is another, "
        "which `pulumi refresh` shows."
    )


def waits_in_words(status: str, names: frozenset[str]) -> str:
    """Return the warning that an argument could not be set yet."""
    return (
        f"{_in_words(names)} is not set yet: this WhatsApp template is {_STANDING[status]} ({status}), and Meta takes "
        "no change of it then. The next previews show it as a change, and `pulumi up` makes it once the status is "
        "another."
    )


def _in_words(names: Iterable[str]) -> str:
    return " and ".join(map(to_snake, sorted(names)))
