"""The table of sample arguments, which tests of all kinds are run over, is complete and valid."""

from pkgutil import iter_modules
from typing import Any

import pytest
import samples
from kind_samples import KINDS, SAMPLES, required_arguments
from sample import Sample


def test_each_sample_is_of_a_kind() -> None:
    """Each module of samples is that of a kind in the registry; one that is missing fails as it is loaded."""
    assert {each.name for each in iter_modules(samples.__path__)} == {key.replace("-", "_") for key in KINDS}


@pytest.mark.parametrize(("key", "sample"), SAMPLES.items(), ids=SAMPLES)
def test_samples_have_every_argument(key: str, sample: Sample) -> None:
    """A kind's row has each argument of that kind, and nothing else."""
    assert sample.every_argument.keys() == set(KINDS[key].arguments())


@pytest.mark.parametrize(
    ("key", "inputs"),
    [
        (key, inputs)
        for key, sample in SAMPLES.items()
        for inputs in (sample.arguments, *sample.others, sample.fresh(1))
    ],
)
def test_samples_are_valid(key: str, inputs: dict[str, Any]) -> None:
    """The arguments of each row pass `check`, and none that is required is left out."""
    assert KINDS[key].problems_of(inputs) == []
    assert required_arguments(KINDS[key]) <= inputs.keys()


@pytest.mark.parametrize(("key", "sample"), SAMPLES.items(), ids=SAMPLES)
def test_samples_change_what_can_be_changed(key: str, sample: Sample) -> None:
    """The other values are other ones, go with the rest, and only a value of which there is no other has none."""
    assert KINDS[key].problems_of({**sample.arguments, **sample.changed}) == []
    assert [name for name, value in sample.changed.items() if sample.arguments[name] == value] == []
    assert {(key, name) for name in sample.arguments.keys() - sample.changed.keys()} <= WITHOUT_ANOTHER_VALUE


WITHOUT_ANOTHER_VALUE = {
    ("line", "platform"),
    ("platform", "platform"),
    ("user", "type"),
    ("webhook", "eventTypes"),
    ("whatsapp-template", "accountId"),
    ("whatsapp-template", "parameterFormat"),
}
"""Arguments that have one value, or whose other value does not go with the other arguments of the sample."""
