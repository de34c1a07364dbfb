"""What programs do with the resource classes: subclasses of them."""

import pulumi

import pulumi_spectrum as spectrum_sdk


class SupportLine(spectrum_sdk.Line):
    """A line with the names that the support team uses."""

    team: str

    def __init__(self, name, team, opts=None):
        self.team = team
        super().__init__(name, first_name="Acme", last_name=team, opts=opts)


class NightLine(SupportLine):
    """A subclass of a subclass."""


def test_a_subclass_takes_the_place_of_its_parent(spectrum, make_stack, sent):
    """A program that declares a line through a subclass, at any depth, changes nothing: no second line is billed."""
    cls = None

    def program():
        opts = pulumi.ResourceOptions(protect=False)
        if cls is None:
            line = spectrum_sdk.Line("l", first_name="Acme", last_name="Support", opts=opts)
        else:
            line = cls("l", "Support", opts)
            read = cls.get("read", ids[0])
            pulumi.export("read", pulumi.Output.all(read.phone_number, read.first_name, read.status))
        pulumi.export("number", line.phone_number)

    stack = make_stack(program)
    stack.up()
    ids, before = [row["id"] for row in spectrum.project.lines.rows], stack.resource("l")
    spectrum.requests.clear()
    for subclass in (SupportLine, NightLine):
        cls = subclass
        assert stack.preview().changes == []
        assert stack.up().changes == []
        stack.assert_no_drift()
        after = stack.resource("l")
        assert [after[key] for key in ("urn", "id", "type", "outputs")] == [
            before[key] for key in ("urn", "id", "type", "outputs")
        ]
        number = before["outputs"]["phoneNumber"]
        assert stack.outputs() == {"number": number, "read": [number, "Acme", before["outputs"]["status"]]}
    assert sent() == []

    stack.destroy()
    assert spectrum.project.lines.rows == []
