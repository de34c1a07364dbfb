"""Everybody of team.yaml as a user: on the line that the file names, or shared."""

import pulumi
from roster import read_roster

import pulumi_spectrum as spectrum

roster = read_roster("team.yaml")

lines = {
    line.key: spectrum.Line(line.key, first_name=line.first_name, last_name=line.last_name) for line in roster.lines
}

for person in roster.people:
    line = lines[person.line] if person.line else None
    spectrum.User(
        person.key,
        type="dedicated" if line else "shared",
        phone_number=person.phone_number,
        assigned_phone_number=line.phone_number if line else None,
        first_name=person.first_name,
        last_name=person.last_name,
        # Under its old names, Pulumi finds the resource in the state and renames it. Without them it would delete the
        # user and create another one.
        opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name) for name in person.formerly]),
    )

pulumi.export("numbers", {key: line.phone_number for key, line in lines.items()})
