"""Without an engine: fast, and each argument is checked as a preview would check it."""

import pulumi
import pytest
from infrastructure import TEAM, declare

import pulumi_spectrum
from pulumi_spectrum.testing import Emulator, SpectrumMocks


def test_everybody_is_served_by_the_team_line(spectrum: Emulator, spectrum_mocks: SpectrumMocks) -> None:
    """Each member of the team is a dedicated user of the one line."""

    @pulumi.runtime.test
    def program() -> None:
        declare()

    program()
    (line,) = spectrum.project.lines.rows
    assert {user["phoneNumber"] for user in spectrum.project.users} == set(TEAM.values())
    assert {user["assignedPhoneNumber"] for user in spectrum.project.users} == {line["phoneNumber"]}


def test_a_wrong_phone_number_is_refused(spectrum_mocks: SpectrumMocks) -> None:
    """A number with spaces fails the test, as it would fail the preview."""

    @pulumi.runtime.test
    def program() -> None:
        pulumi_spectrum.User("bob", phone_number="+1 415 555 0103")

    with pytest.raises(Exception, match=r"phone_number must be an E\.164 phone number"):
        program()
