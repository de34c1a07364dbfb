"""What objects are called in programs and reports."""

import random

import pytest
from kind_samples import KINDS

from pulumi_spectrum.cli.names import name_objects, variable_for
from pulumi_spectrum.kinds import Kind, Live


def user(number: int, **properties: str) -> tuple[Kind, Live]:
    return KINDS["user"], Live(f"0000{number}-user", {"phoneNumber": f"+1415555{number:04}", **properties})


def test_kinds_are_ordered_by_their_references() -> None:
    """A kind comes after the kinds that it refers to, so that a program declares a line before its users."""
    keys = list(KINDS)
    pairs = [(keys.index(other), keys.index(key)) for key in keys for other, _ in KINDS[key].references().values()]
    assert pairs
    assert all(earlier < later for earlier, later in pairs)


@pytest.mark.parametrize(
    ("kind", "properties", "expected"),
    [
        ("user", {"firstName": "Zoë", "lastName": "O'Neil", "phoneNumber": "+14155550123"}, "zoe-o-neil"),
        ("user", {"email": "Ann.Lee@example.com", "phoneNumber": "+14155550123"}, "ann-lee"),
        ("user", {"firstName": "李雷", "phoneNumber": "+14155550123"}, "user-0123"),
        ("line", {"phoneNumber": "+16285550001", "platform": "imessage"}, "line-0001"),
        ("platform", {"platform": "whatsapp_business"}, "whatsapp-business"),
        ("webhook", {"webhookUrl": "https://www.example.com/spectrum/in?x=1"}, "example-com-spectrum-in"),
        ("user", {"firstName": "Lambda", "phoneNumber": "+14155550123"}, "lambda-0123"),
        ("user", {"firstName": "3CPO", "phoneNumber": "+14155550123"}, "user-3cpo"),
        ("webhook", {}, "webhook"),
    ],
)
def test_resource_name_from_properties(kind: str, properties: dict[str, str], expected: str) -> None:
    """A resource name is made from names, an email address, a URL or a number, and is never a Python keyword."""
    assert name_objects([(KINDS[kind], Live("an-id", properties))]) == [expected]


def test_names_are_unique_in_any_order() -> None:
    """Objects with the same name get distinct resource names that do not depend on their order."""
    objects = [
        *(user(number, firstName="Alice") for number in (1, 2)),
        user(3, firstName="Bob"),
        (KINDS["user"], Live("one-line", {"phoneNumber": "+14155550009", "firstName": "Eve"})),
        (KINDS["user"], Live("other-line", {"phoneNumber": "+14155550009", "firstName": "Eve"})),
        (KINDS["line"], Live("l", {"phoneNumber": "+16285550001", "firstName": "Bob"})),
    ]
    expected = dict(zip((live.id for _, live in objects), name_objects(objects), strict=True))
    assert expected["00001-user"] == "alice-0001"
    assert len({variable_for(name) for name in expected.values()}) == len(objects)
    for seed in range(5):
        random.Random(seed).shuffle(objects)  # noqa: S311
        assert dict(zip((live.id for _, live in objects), name_objects(objects), strict=True)) == expected


def test_names_in_use_are_not_reused() -> None:
    """A resource name or a variable that the program already uses is not used again."""
    assert name_objects([user(1, firstName="Ann", lastName="Lee")], taken=["ann_lee"]) == ["ann-lee-0001"]
