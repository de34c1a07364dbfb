"""Whatever the engine or a state holds, a provider answers, or fails as the CLI shows it without a traceback."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fuzzing import PLANTED, changed, fails_cleanly, json_like, names
from hypothesis import given
from hypothesis import strategies as st
from kind_samples import SAMPLES
from part_fixtures import configuration
from pulumi.output import Unknown

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.client.json_texts import MAX_DEPTH, is_deeper_than
from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.providers import host, load
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.bookkeeping import visible
from pulumi_spectrum.providers.project_access import ProjectAccess
from pulumi_spectrum.providers.state import is_unknown
from pulumi_spectrum.registry import REGISTRY, Registration
from pulumi_spectrum.secret_outputs import secrets_of

UNKNOWN = st.builds(Unknown)
BOOKKEEPING = {"format": 1.0, "managed": ["firstName"], "creation": "c", "imported": "i", "left": ["l"]}
HIDDEN = {"__provider": "p", "__import": "id-1", "__ignored": ["firstName"]}


def registration_of(kind: str) -> Registration:
    (found,) = (each for each in REGISTRY if each.key == kind)
    return found


def state_of(kind: str) -> dict[str, Any]:
    secrets = dict.fromkeys(secrets_of(registration_of(kind).load_class()), PLANTED)
    return {**SAMPLES[kind].arguments, **secrets, "__spectrum": BOOKKEEPING, "createdAt": "x"}


def is_sendable(value: Any) -> bool:
    if isinstance(value, dict | list | tuple):
        return not is_deeper_than(MAX_DEPTH, value) and all(
            map(is_sendable, [*value, *value.values()] if isinstance(value, dict) else value)
        )
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, str) or value.isascii() or value.encode(errors="ignore").decode() == value


@pytest.mark.parametrize("kind", SAMPLES)
@given(data=st.data())
def test_any_inputs_are_checked(kind: str, data: st.DataObject) -> None:
    """A check answers for any inputs, shows no value, and lets nothing through that JSON has no form for."""
    honest = st.sampled_from([SAMPLES[kind].arguments, {**SAMPLES[kind].arguments, **HIDDEN}])
    news = data.draw(honest.flatmap(lambda each: changed(each, UNKNOWN)))
    if not isinstance(news, dict):
        return
    olds: Any = data.draw(st.one_of(st.just({}), changed(SAMPLES[kind].arguments)))
    with fails_cleanly(host.CleanFailure):
        result = load(kind).check(olds if isinstance(olds, dict) else {}, news)
        sentences = [failure.reason for failure in result.failures]
        assert PLANTED not in "".join(sentences)
        assert all(sentence.isprintable() for sentence in sentences)
        if not sentences:
            known = [value for value in visible(result.inputs).values() if not is_unknown(value)]
            assert all(map(is_sendable, known))


@pytest.mark.parametrize("kind", SAMPLES)
@given(data=st.data())
def test_any_old_state_is_compared(kind: str, data: st.DataObject) -> None:
    """A diff with any old state and inputs that were checked ends, or fails cleanly."""
    olds = data.draw(st.one_of(changed(state_of(kind)), st.dictionaries(names, json_like(), max_size=3)))
    news = data.draw(changed(SAMPLES[kind].arguments, UNKNOWN))
    with fails_cleanly(host.CleanFailure):
        result = load(kind).check({}, news if isinstance(news, dict) else {})
        if isinstance(olds, dict) and not result.failures:
            load(kind).diff(data.draw(names), olds, {**result.inputs, "__provider": "p"})


@pytest.fixture(scope="module")
def read(running_emulator: Emulator) -> Iterator[Callable[..., Any]]:
    """Reads an object of a project of the emulator with the provider of a kind, without repeating requests."""
    project = running_emulator.add_project()
    settings = ClientSettings(project.id, project.secret, running_emulator.url, requests_per_second=100_000)
    with SpectrumClient(settings, repeats=False, sleep=lambda _: None) as client:
        access = ProjectAccess(open_client=lambda _settings: client)

        def reading(kind: str, object_id: str, olds: dict[str, Any]) -> Any:
            registration = registration_of(kind)
            secrets = secrets_of(registration.load_class())
            provider = SpectrumProvider(registration.load_rules(), secrets, project=access)
            provider.configure(
                configuration(
                    **{
                        "spectrum:projectId": project.id,
                        "spectrum:projectSecret": project.secret,
                        "spectrum:baseUrl": running_emulator.url,
                    }
                )
            )
            return provider.read(object_id, olds)

        yield reading


@pytest.mark.parametrize("kind", SAMPLES)
@given(data=st.data())
def test_any_old_state_is_read(kind: str, data: st.DataObject, read: Any) -> None:
    """A read of any id with any old state ends, or fails cleanly."""
    olds = data.draw(st.one_of(changed(state_of(kind)), st.just({}), st.dictionaries(names, json_like(), max_size=3)))
    with fails_cleanly(host.CleanFailure):
        if isinstance(olds, dict):
            read(kind, data.draw(st.one_of(names, st.sampled_from(["voice", "a/b", "profile"]))), olds)
