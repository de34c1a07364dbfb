"""Lines."""

from sample import ImportCase, Sample, in_table

from pulumi_spectrum.client import LineRow

SAMPLE = Sample(
    arguments={"platform": "imessage", "firstName": "Acme", "lastName": "B"},
    changed={"firstName": "Desk", "lastName": ""},
    fresh=lambda _number: {"platform": "imessage"},
    barest=LineRow(id="id-1", platform="imessage"),
    values={"platform": ("imessage",), "firstName": ("Acme", "Zeta", ""), "lastName": ("B", "")},
    place=in_table("lines", [{"firstName": "By hand"}, {"lastName": None}, {"status": "unavailable"}], lambda _: {}),
    imported=ImportCase(
        make=lambda project: str(project.lines.add(firstName="Acme")["id"]),
        arguments={"first_name": "Acme"},
        other={"first_name": "Acme", "last_name": "Support"},
        differs="last_name",
    ),
)
