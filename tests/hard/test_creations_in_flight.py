"""Forty creations of one provider at once, many of whose answers are lost: nothing is lost and nothing is doubled."""

from __future__ import annotations

import itertools
import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engine_calls import PartiallyCreated, RecordingEngine, call_for
from kind_samples import KINDS, SAMPLES
from one_resource_stack import make_provider

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.creation_journal import CreationJournal
from pulumi_spectrum.emulator import Emulator, Fault
from pulumi_spectrum.emulator.handles import ProjectHandle
from pulumi_spectrum.providers import host
from pulumi_spectrum.providers.base import SpectrumProvider
from pulumi_spectrum.providers.ownership import Ownership

IN_FLIGHT = 40
LOST: list[dict[str, Any]] = [{"drop": "after"}, {"drop": "before"}, {"status": 502, "after": True}, {"truncate": True}]
"""What happens to an answer, or to a request."""

Outputs = dict[str, Any]


def fresh_ownership() -> Ownership:
    """Return what a new process knows of objects. Each of its waits is over at once, since each reading takes long."""
    return Ownership(clock=partial(next, itertools.count(step=1.0)), wait=lambda _condition, _seconds: None)


@pytest.mark.parametrize("key", ["user", "webhook", "line", "whatsapp-template"])
def test_lost_answers_of_many_creations(
    *,
    key: str,
    emulator: Emulator,
    project: ProjectHandle,
    live_settings: ClientSettings,
    in_threads: Any,
    engine: RecordingEngine,
    tmp_path: Path,
) -> None:
    """Each resource ends with an object of its own, at the latest after one more run, and the service has no other."""
    sample, dice = SAMPLES[key], random.Random(key)  # noqa: S311
    sample.prepare(project)
    areas = {"user": project.users, "webhook": project.webhooks, "line": project.lines}
    area = areas.get(key, project.whatsapp_templates)
    theirs = set(area.ids)
    for _ in range(IN_FLIGHT):
        fault = dice.choice(LOST)
        emulator.faults.add(Fault(method="POST", path=f"/projects/{project.id}/*", skip=dice.randint(0, 60), **fault))
    held: dict[str, tuple[str, Outputs]] = {}

    def create(provider: SpectrumProvider, urn: str, inputs: dict[str, Any]) -> None:
        try:
            made = call_for(urn, provider.create, {**inputs, "__provider": "p"})
            held[urn] = made.id, made.outs or {}
        except PartiallyCreated as failed:
            held[urn] = failed.id, failed.outputs
        except host.CleanFailure:
            return

    wanted = {f"urn:pulumi:dev::app::Thing::{number}": sample.fresh(number) for number in range(IN_FLIGHT)}
    journal = CreationJournal(lambda: tmp_path)
    for run in range(2):
        with SpectrumClient(live_settings, sleep=lambda _seconds: None) as client:
            provider = make_provider(key, live_settings, journal, client, fresh_ownership())
            for urn, (object_id, outputs) in held.items():
                call_for(urn, provider.diff, object_id, outputs, {**wanted[urn], "__provider": "p"})
            in_threads(*[partial(create, provider, urn, wanted[urn]) for urn in wanted.keys() - held.keys()])
        emulator.faults.clear()
        assert run == 0 or held.keys() == wanted.keys()

    ids = [object_id.rpartition("/")[2] for object_id, _ in held.values()]
    assert sorted(ids) == sorted(set(area.ids) - theirs)
    for object_id, outputs in held.values():
        in_force = area.secrets(object_id.rpartition("/")[2])
        assert {name: outputs.get(name) for name in KINDS[key].secret_outputs} == in_force
