"""A resource that a program renames with an alias, while something else happens to it in the same run."""

from typing import Any

import pulumi
import pytest
from kind_samples import KINDS, SAMPLES

from pulumi_spectrum.client import ClientSettings, SpectrumClient
from pulumi_spectrum.spelling.property_names import to_snake

IDENTIFYING = {
    key: [name for name, each in kind.facts().items() if each.identifies and name in SAMPLES[key].changed]
    for key, kind in KINDS.items()
}
"""By the key of a kind, the arguments that tell its objects apart, and of which the samples have another value."""
REPLACED = [key for key, names in IDENTIFYING.items() if names]


@pytest.mark.parametrize("refresh", [False, True])
def test_what_is_renamed_and_replaced_leaves_nothing_behind(refresh, spectrum, make_stack):
    """A resource that gets another name, with an alias, and another identity in one run leaves no object behind."""
    given = {key: SAMPLES[key].fresh(1) for key in REPLACED}
    aliases: dict[str, list[pulumi.Alias]] = {f"old-{key}": [] for key in REPLACED}

    def program() -> None:
        for name, (key, arguments) in zip(aliases, given.items(), strict=True):
            declared: Any = KINDS[key].declared_by
            options = pulumi.ResourceOptions(aliases=aliases[name])
            declared(name, **{to_snake(each): value for each, value in arguments.items()}, opts=options)

    for key in REPLACED:
        SAMPLES[key].prepare(spectrum.project)
    stack = make_stack(program)
    stack.up()
    aliases = {f"new-{key}": [pulumi.Alias(name=f"old-{key}")] for key in REPLACED}
    for key in REPLACED:
        given[key] |= {name: SAMPLES[key].changed[name] for name in IDENTIFYING[key]}
    stack.up(refresh=refresh)

    settings = ClientSettings(spectrum.project_id, spectrum.project_secret, spectrum.url)
    with SpectrumClient(settings) as client:
        held = {key: [live.id for live in KINDS[key].read_all(client)] for key in REPLACED}
    assert held == {key: [stack.resource(f"new-{key}")["id"]] for key in REPLACED}
    stack.assert_no_drift()
