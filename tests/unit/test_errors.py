"""The tree of errors: who is to blame, and whether the request may have been carried out."""

import inspect

import pytest

from pulumi_spectrum.client import errors
from pulumi_spectrum.client.errors import AnswerLost, NetworkFailed, SpectrumError, Unreachable
from pulumi_spectrum.client.lines import LineOutcomeUnknown

TREE = {
    "SpectrumError": "Exception",
    "RequestRefused": "SpectrumError",
    "NotFound": "RequestRefused",
    "Conflict": "RequestRefused",
    "PlanRefused": "RequestRefused",
    "CredentialsRefused": "SpectrumError",
    "RateLimited": "SpectrumError",
    "ServiceFailed": "SpectrumError",
    "NetworkFailed": "SpectrumError",
    "Unreachable": "NetworkFailed",
    "AnswerLost": "NetworkFailed",
}
KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, SpectrumError)]


def test_the_tree_is_as_drawn() -> None:
    """Each error hangs where the drawing at the top of its file says, and is in that drawing."""
    assert {kind.__name__: kind.__bases__[0].__name__ for kind in KINDS} == TREE
    assert all(name in (errors.__doc__ or "") for name in TREE)


def test_what_may_have_been_done() -> None:
    """Only a failing service and a lost answer leave it open whether the request was carried out."""
    assert {kind.__name__ for kind in KINDS if kind.maybe_done} == {"ServiceFailed", "AnswerLost"}


def test_an_unknown_outcome_may_have_been_done() -> None:
    """An allocation whose outcome nobody can tell does not say of itself that nothing was done."""
    unknown = LineOutcomeUnknown(AnswerLost("the connection was closed", method="POST", path="/lines/"), [])

    assert unknown.maybe_done


@pytest.mark.parametrize("kind", KINDS)
def test_each_carries_its_request(kind: type[SpectrumError]) -> None:
    """Every error carries status, code, message, method and path, and says them in one sentence."""
    error = kind("No such thing.", method="GET", path="/webhooks/", status=404, code="404")

    assert (error.status, error.code, error.method, error.path) == (404, "404", "GET", "/webhooks/")
    assert error.message == "No such thing."
    assert str(error) == "GET /webhooks/ failed (HTTP 404): No such thing."


def test_without_an_answer_there_is_no_status() -> None:
    """An error of the network says what happened instead of a status."""
    error = AnswerLost("the connection was closed", method="POST", path="/lines/")

    assert (error.status, error.code) == (None, None)
    assert str(error) == "POST /lines/ failed: the connection was closed."


@pytest.mark.parametrize("kind", [Unreachable, AnswerLost])
def test_a_failure_of_the_network_says_whether_it_may_pass(kind: type[NetworkFailed]) -> None:
    """A host that is down may come back; a certificate that is not trusted stays so."""
    assert kind("down").passing
    assert not kind("not trusted", passing=False).passing
