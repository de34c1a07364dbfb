"""The components of WhatsApp templates: what Meta makes of them, and when two lists mean the same.

A component is a dictionary in Meta's own spelling, of which only the key `type` is known here. Meta may return it with
more keys than it was sent, with words in capitals, and with an address in the place of an uploaded file's handle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pulumi_spectrum.providers.plain_values import as_whole_number

WORDS = frozenset({"type", "format"})
"""The keys whose values Meta takes in any case."""
HANDLES = "header_handle"
"""The key of uploaded example files: a handle is sent, and an address is returned."""


def managed_components(live: Any, wanted: Any) -> Any:
    """Return live components with the keys that a program gives, in the program's order.

    Args:
        live: The components as the service returns them.
        wanted: The program's components.
    """
    if not (_is_list(live) and _is_list(wanted)):
        return live
    left = list(live)
    found = []
    for component in wanted:
        same_type = next((each for each in left if _type_of(each) == _type_of(component)), None)
        if same_type is not None:
            left.remove(same_type)
            found.append(_managed(same_type, component))
    # What is left was added by hand: it is shown as drift.
    return [*found, *left]


def same_components(one: Any, other: Any) -> bool:
    """Compare components without their order, the case of Meta's words, and keys that are None."""
    return bool(_ordered(_plain(one)) == _ordered(_plain(other)))


def components_to_send(components: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return components as they are sent: without what is None, and with whole numbers, which come as floats."""
    return [_sendable(component) for component in components]


def _managed(live: Any, wanted: Any, key: str = "") -> Any:
    if isinstance(live, Mapping) and isinstance(wanted, Mapping):
        return {name: _managed(live[name], wanted[name], name) for name in wanted if name in live}
    if key == HANDLES and _has_addresses(live) and not _has_addresses(wanted):
        return wanted
    if _is_list(live) and _is_list(wanted):
        pairs = [_managed(*pair) for pair in zip(live, wanted, strict=False)]
        return [*pairs, *live[len(pairs) :]]
    return live


def _has_addresses(handles: Any) -> bool:
    return _is_list(handles) and any(str(each).startswith("https://") for each in handles)


def _type_of(component: Any) -> str:
    return str(component.get("type")).upper() if isinstance(component, Mapping) else ""


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(each, name) for name, each in value.items() if each is not None}
    if _is_list(value):
        return [_plain(each) for each in value]
    return value.upper() if key in WORDS and isinstance(value, str) else value


def _ordered(components: Any) -> Any:
    return sorted(components, key=_type_of) if _is_list(components) else components


def _sendable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _sendable(each) for name, each in value.items() if each is not None}
    if _is_list(value):
        return [_sendable(each) for each in value]
    return as_whole_number(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)
