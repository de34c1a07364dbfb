"""What a preview reads of a project: each part once, at most five requests, and nothing after a failure."""

from collections.abc import Callable
from typing import Any

import pytest

from pulumi_spectrum.client import ClientSettings, CredentialsRefused, SpectrumClient
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.project_seen import MAX_REQUESTS, NotSeen, SeenInPreview
from pulumi_spectrum.registry import REGISTRY

Operations = Callable[[], list[str]]


@pytest.fixture
def seen(live_settings: ClientSettings, logged: Any) -> SeenInPreview:
    del logged
    return SeenInPreview(SpectrumClient(live_settings, repeats=False))


def test_each_part_is_requested_once(seen: SeenInPreview, project: ProjectHandle, operations: Operations) -> None:
    """A list, and the plan, are requested when they are first asked for, and never again."""
    row = project.users.add(phoneNumber="+14155550123")
    for _ in range(3):
        assert [live.id for live in seen.objects("user").objects] == [row["id"]]
        assert seen.plan() == "business"
    assert operations() == ["listUsers", "getSubscription"]


def test_no_more_than_five_requests(seen: SeenInPreview, logged: Any, emulator: Emulator) -> None:
    """Where everything was asked for, the last part is not requested, and one warning says so."""
    emulator.requests.clear()
    assert seen.plan() == "business"
    kinds = [each.key for each in REGISTRY]
    for kind in kinds[: MAX_REQUESTS - 1]:
        assert seen.objects(kind).complete
    for kind in kinds[MAX_REQUESTS - 1 :]:
        with pytest.raises(NotSeen):
            seen.objects(kind)
    assert len(emulator.requests) == MAX_REQUESTS
    assert [text for text, _ in logged if text.startswith("This preview has sent 5 requests")] != []


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429}, {"status": 404}, {"drop": "before"}], ids=str)
def test_nothing_is_asked_after_a_failure(
    fault: dict[str, Any], seen: SeenInPreview, logged: Any, emulator: Emulator
) -> None:
    """A list that cannot be read is requested once, and warned of once; nothing else is requested then."""
    emulator.requests.clear()
    emulator.faults.add(Fault(path="*", times=None, **fault))
    for kind in ("user", "webhook", "user"):
        with pytest.raises(NotSeen):
            seen.objects(kind)
    with pytest.raises(NotSeen):
        seen.plan()
    assert len(emulator.requests) == 1
    [(text, is_warning)] = logged
    assert is_warning
    assert text.startswith("This preview could not check the program against the project")


def test_plan_that_the_api_does_not_return(seen: SeenInPreview, logged: Any, emulator: Emulator) -> None:
    """On a deployment without subscriptions the plan is not known, and lists are read all the same."""
    emulator.faults.add(Fault(path="*/billing/subscription", status=404))
    assert seen.plan() == ""
    assert seen.objects("user").objects == []
    assert logged == []


def test_refused_credentials_are_refused_again(seen: SeenInPreview, project: ProjectHandle, emulator: Emulator) -> None:
    """Credentials that are not accepted are sent once, and every later question fails as the first one did."""
    project.secret = "another-secret-of-this-project"
    emulator.requests.clear()
    for kind in ("user", "webhook"):
        with pytest.raises(CredentialsRefused):
            seen.objects(kind)
    assert len(emulator.requests) == 1


def test_large_project_is_read_in_part(
    seen: SeenInPreview, project: ProjectHandle, logged: Any, operations: Operations
) -> None:
    """Of more users than one request returns, the first are known, and a warning says that these are not all."""
    for number in range(501):
        project.users.add(phoneNumber=f"+1415555{number:04d}")
    listed = seen.objects("user")
    assert (len(listed.objects), listed.complete) == (500, False)
    assert operations() == ["listUsers"]
    assert [text for text, _ in logged] == [
        "The project has more users than a preview reads, so those that it has not read are not compared."
    ]


def test_resources_are_counted_once(seen: SeenInPreview, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resource that is checked twice counts once."""
    counts = []
    for urn in ("urn:a", "urn:b", "urn:a"):
        monkeypatch.setattr(host, "running_urn", lambda urn=urn: urn)
        counts.append(seen.count("shared users"))
    assert counts == [1, 2, 2]
