"""Users."""

from sample import ImportCase, Sample, in_table

from pulumi_spectrum.client import UserRow
from pulumi_spectrum.emulator.handles import ProjectHandle


def _prepare_lines(project: ProjectHandle) -> None:
    for number in ("+14155550199", "+14155550198"):
        project.lines.add(phoneNumber=number)


def _make(project: ProjectHandle) -> str:
    return str(project.users.add(phoneNumber="+14155550123", firstName="Ada", email="Ada@example.com")["id"])


SAMPLE = Sample(
    arguments={
        "phoneNumber": "+14155550123",
        "type": "dedicated",
        "assignedPhoneNumber": "+14155550199",
        "firstName": "Alice",
        "lastName": "A",
        "email": "alice@example.com",
        "onConflict": "adopt",
    },
    changed={
        "phoneNumber": "+14155550124",
        "assignedPhoneNumber": "+14155550198",
        "firstName": "Eve",
        "lastName": "E",
        "email": "eve@example.com",
        "onConflict": "fail",
    },
    prepare=_prepare_lines,
    fresh=lambda number: {"phoneNumber": f"+1415{number:07}", "type": "shared", "onConflict": "fail"},
    barest=UserRow(id="id-1", type="shared", phone_number="+14155550123"),
    values={
        "phoneNumber": tuple(f"+1415555012{digit}" for digit in range(4)),
        "type": ("shared", "dedicated"),
        "assignedPhoneNumber": (),
        "firstName": ("Alice", "Bob"),
        "lastName": ("A", "B"),
        "email": ("alice@example.com", "Alice@Example.com", "bob@example.com"),
        "onConflict": ("fail", "adopt"),
    },
    place=in_table(
        "users",
        [{"firstName": "By hand"}, {"email": "by@hand.example"}, {"lastName": None}],
        lambda arguments: {"type": "shared", "phoneNumber": arguments["phoneNumber"], "firstName": "Theirs"},
    ),
    imported=ImportCase(
        make=_make,
        arguments={"phone_number": "+14155550123", "first_name": "Ada", "email": "ada@example.com"},
        other={"phone_number": "+14155550123", "first_name": "Eve", "email": "eve@example.com"},
        differs="email and first_name",
    ),
)
