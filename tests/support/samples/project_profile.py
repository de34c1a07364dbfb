"""The profile of a project, which is always there and never deleted."""

from sample import ImportCase, Sample, once_in_a_project, set_by_hand

from pulumi_spectrum.client import ProjectProfileRow, ProjectRow

SAMPLE = Sample(
    arguments={"firstName": "Acme", "lastName": "Support", "sync": True},
    changed={"firstName": "Ajax", "lastName": "Desk", "sync": False},
    fresh=lambda number: {"firstName": f"Acme {number}", "sync": False},
    barest=ProjectRow(name="Acme", slug="acme", profile=ProjectProfileRow(first_name="Acme", last_name="")),
    values={"firstName": ("Acme", "Zeta", ""), "lastName": ("Support", ""), "sync": (False,)},
    place=once_in_a_project("profile", [{"firstName": "By hand"}, {"lastName": ""}], {"firstName": "Theirs"}),
    imported=ImportCase(
        make=set_by_hand("profile", firstName="Acme", lastName="Bot"),
        arguments={"first_name": "Acme", "sync": True},
        other={"first_name": "Acme", "last_name": "Support"},
        differs="last_name",
    ),
)
