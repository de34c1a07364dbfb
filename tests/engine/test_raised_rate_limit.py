"""A project whose rate limit is higher than the usual one."""

import pytest

import pulumi_spectrum as spectrum_sdk


@pytest.mark.spectrum_emulator(requests_per_second=10)
def test_ten_requests_per_second(spectrum, make_stack):
    """With `spectrum:requestsPerSecond` at ten, six to ten requests are sent in a second, and none is rejected."""

    def program():
        for number in range(30):
            spectrum_sdk.User(f"user-{number}", phone_number=f"+1415555{number:04}")

    stack = make_stack(program, config={"spectrum:requestsPerSecond": "10"})
    stack.up()
    assert len(spectrum.project.users) == 30
    assert 429 not in {request.status for request in spectrum.requests}
    assert 5 < spectrum.requests.peak_in_one_second() <= 10
