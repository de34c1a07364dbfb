"""The tree of errors: what caused each, and whether the request may have been carried out."""

import importlib
import inspect
import pkgutil
import re
from functools import partial

import pytest

from pulumi_spectrum import client
from pulumi_spectrum.client import errors
from pulumi_spectrum.client.errors import (
    AlreadyExists,
    AnswerLost,
    NetworkFailed,
    OutcomeUnknown,
    SettingsRefused,
    SpectrumError,
    Unreachable,
)

KINDS = [kind for _, kind in inspect.getmembers(client, inspect.isclass) if issubclass(kind, SpectrumError)]


def drawn_tree() -> dict[str, str]:
    """Return the base of each error in the drawing at the top of errors.py, or an empty text for a root."""
    tree, above = {}, {}
    for drawn in re.finditer(r"^    ([│├└─ ]*)(\w+)(?:  |$)", errors.__doc__ or "", re.MULTILINE):
        depth = len(drawn[1])
        above[depth] = drawn[2]
        tree[drawn[2]] = above[depth - 4] if depth else ""
    return tree


def raised_by_client() -> dict[str, str]:
    """Return the base of each public exception that a module of the client defines, or an empty text for a root."""
    names = [each.name for each in pkgutil.iter_modules(client.__path__, "pulumi_spectrum.client.")]
    found = [
        kind
        for module in map(importlib.import_module, names)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, SpectrumError | SettingsRefused) and kind.__module__ == module.__name__
    ]
    own = {kind.__name__ for kind in found}
    return {kind.__name__: base if (base := kind.__bases__[0].__name__) in own else "" for kind in found}


def test_error_tree_is_drawn() -> None:
    """Every exception of the client is in the drawing at the top of errors.py, below its base class."""
    assert drawn_tree() == raised_by_client()


def test_every_error_is_exported() -> None:
    """Every exception in the drawing can be imported from `pulumi_spectrum.client`."""
    assert drawn_tree().keys() <= set(client.__all__)


def test_errors_that_may_have_been_carried_out() -> None:
    """Only a failing service and a lost response leave open whether the request was carried out."""
    assert {kind.__name__ for kind in KINDS if kind.maybe_done} == {"ServiceFailed", "AnswerLost", "OutcomeUnknown"}


def test_unknown_outcome_may_have_been_carried_out() -> None:
    """The error of an allocation with an unknown outcome says that the request may have been carried out."""
    unknown = OutcomeUnknown(AnswerLost("the connection was closed", method="POST", path="/lines/"), [])

    assert unknown.maybe_done


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not OutcomeUnknown])
def test_error_has_the_request(kind: type[SpectrumError]) -> None:
    """Every error has the status, code, message, method and path, and its text is one sentence of them."""
    error = (partial(kind, existing=None) if kind is AlreadyExists else kind)(
        "No such thing.", method="GET", path="/webhooks/", status=404, code="404"
    )

    assert (error.status, error.code, error.method, error.path) == (404, "404", "GET", "/webhooks/")
    assert error.message == "No such thing."
    assert str(error) == "GET /webhooks/ failed (HTTP 404): No such thing."


def test_network_error_has_no_status() -> None:
    """An error of the network says what happened instead of a status."""
    error = AnswerLost("the connection was closed", method="POST", path="/lines/")

    assert (error.status, error.code) == (None, None)
    assert str(error) == "POST /lines/ failed: the connection was closed."


@pytest.mark.parametrize("kind", [Unreachable, AnswerLost])
def test_network_error_may_be_temporary(kind: type[NetworkFailed]) -> None:
    """An error of a host that is down is temporary; one of a certificate that is not trusted is not."""
    assert kind("down").passing
    assert not kind("not trusted", passing=False).passing
