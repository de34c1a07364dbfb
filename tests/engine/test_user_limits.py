"""Users at the plan's limit: existing users can be changed, and one more is refused with the service's message."""

import pulumi_spectrum as spectrum_sdk


def test_user_limit_of_the_plan(spectrum, make_stack, sent):
    """At the limit a name changes in place; one more user is refused with the service's message, for every status."""
    spectrum.project.plan = "free"
    for number in range(8):
        spectrum.project.users.add(phoneNumber=f"+1415555{number:04d}")
    names = {"+14155550101": "Ann", "+14155550102": "Bob"}

    def program():
        for phone, name in names.items():
            spectrum_sdk.User(phone[-3:], phone_number=phone, first_name=name)

    stack = make_stack(program)
    stack.up()
    assert len(spectrum.project.users) == 10

    names["+14155550101"] = "Anna"
    spectrum.requests.clear()
    assert [(change.name, change.operation) for change in stack.up().changes] == [("101", "update")]
    assert sent() == [("POST", "/users/", {"type": "shared", "phoneNumber": "+14155550101", "firstName": "Anna"})]
    before = spectrum.project.users.rows

    names["+14155550103"] = "Cy"
    for status in (402, 409, 422):
        spectrum.switch(shared_user_limit_status=status)
        run = stack.up(fails=True)
        (message,) = [each for each in run.messages if "update failed" not in each]
        refusal = f"103: error: POST /users/ failed (HTTP {status}): Maximum number of shared users (10) reached."
        assert message.startswith(refusal)
        assert "there already" not in run.output
    assert spectrum.project.users.rows == before

    del names["+14155550103"]
    assert stack.preview(refresh=True).changes == []
