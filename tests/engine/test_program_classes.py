"""Resource classes in programs: subclasses, and arguments from configuration that is not set."""

import pulumi

import pulumi_spectrum as spectrum_sdk

PHONE = "+14155550123"


class SupportLine(spectrum_sdk.Line):
    """A line with the names that the support team uses."""

    team: str

    def __init__(self, name, team, opts=None):
        self.team = team
        super().__init__(name, first_name="Acme", last_name=team, opts=opts)


class NightLine(SupportLine):
    """A subclass of a subclass."""


def test_subclass_of_line_causes_no_change(spectrum, make_stack, sent):
    """Declaring a line through a subclass, at any depth, changes nothing, and no second line is allocated."""
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


def test_duplicate_users_with_default_type_are_refused(make_stack, spectrum):
    """Two users of one phone whose type is left out have the same default type, and are refused as duplicates."""

    def program():
        config = pulumi.Config()
        for name in ("one", "two"):
            spectrum_sdk.User(name, phone_number=PHONE, type=config.get("type"), on_conflict=config.get("onConflict"))

    (message,) = make_stack(program).preview(fails=True).messages
    assert "one" in message
    assert "two" in message
    assert "are the same user: both have the same phone_number." in message
    assert len(spectrum.requests) == 0


def test_platform_enabled_is_managed_at_its_default(make_stack, spectrum):
    """With `enabled` left out, a platform turned off outside Pulumi is drift, and the next `up` turns it on."""

    def program():
        later = pulumi.Output.from_input(None)
        spectrum_sdk.Platform("imessage", platform="imessage", enabled=pulumi.Config().get_bool("imessage"))
        spectrum_sdk.Platform("voice", platform="voice", enabled=later)

    stack = make_stack(program)
    stack.up()
    stack.assert_no_drift()
    for platform in ("imessage", "voice"):
        spectrum.project.platforms.set(platform, enabled=False)
    drifted = dict.fromkeys(("imessage", "voice"), ("update", "enabled"))
    assert stack.refresh(preview_only=True).summary == drifted
    assert stack.up(refresh=True).summary == drifted
    assert [spectrum.project.platforms[platform]["enabled"] for platform in ("imessage", "voice")] == [True, True]
    stack.assert_no_drift()
