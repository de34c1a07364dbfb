"""Which keys of a configuration were meant to be settings."""

import pytest

from pulumi_spectrum.spelling.setting_names import SETTING_NAMES, find_misspelt


@pytest.mark.parametrize(
    ("keys", "sentences"),
    [
        (["spectrum:projctId"], {"projctId": "projectId"}),
        (
            ["spectrum:project_secret", "spectrum:projectId", "spectrum:url"],
            {"project_secret": "projectSecret", "url": "baseUrl"},
        ),
        (["app:projctId", "spectrum:region"], {}),
        (["spectrum:projectId", "spectrum:projectIds"], {}),
        ([f"spectrum:{name}" for name in SETTING_NAMES], {}),
        ([], {}),
    ],
)
def test_misspelt_keys(keys: list[str], sentences: dict[str, str]) -> None:
    """A key that is like an unset setting gets a sentence; one that is like none may be a program's own."""
    assert find_misspelt(keys) == [
        f"spectrum:{key} is not a setting of pulumi-spectrum, and is not read. Did you mean spectrum:{name}?"
        for key, name in sentences.items()
    ]
