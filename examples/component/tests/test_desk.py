"""What a desk declares, without an engine: Pulumi's mocks, answered by the emulator."""

import pulumi
import pytest
from desk import Desk

from pulumi_spectrum.testing import Emulator, SpectrumMocks


def test_everybody_is_on_the_line_of_their_desk(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """A desk has one line and one webhook, and its people are dedicated users of that line."""

    @pulumi.runtime.test
    def program() -> pulumi.Output[None]:
        desk = Desk("support", hostname="support.example.com", team={"ada": "+14155550101"})
        return desk.phone_number.apply(numbers.append)

    numbers: list[str | None] = []
    program()
    (line,), (hook,), (user,) = spectrum.project.lines, spectrum.project.webhooks, spectrum.project.users
    assert hook["webhookUrl"] == "https://support.example.com/spectrum"
    assert [user["assignedPhoneNumber"], *numbers] == [line["phoneNumber"]] * 2


def test_a_wrong_address_is_refused(spectrum_mocks: SpectrumMocks) -> None:
    """An address that Spectrum would refuse fails the test, with the argument's name."""

    @pulumi.runtime.test
    def program() -> None:
        Desk("support", hostname="support.example.com", team={}, alerts_to="nobody")

    with pytest.raises(Exception, match="failure_notification_email must be an e-mail address"):
        program()
