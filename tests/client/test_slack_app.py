"""The Slack app: what is a secret in its row, and what only stands in the place of one."""

import pytest

from pulumi_spectrum.client.slack_app import SlackAppRow


@pytest.mark.parametrize(
    "mask",
    [
        "****1234",
        "***",
        "*",
        "\u2022\u2022\u2022\u2022",
        "abcd\u2026",
        "abcd...wxyz",
        "[hidden]",
        "<secret>",
        "xxxxxxxx",
        "REDACTED",
        None,
    ],
)
def test_mask_is_no_secret(mask: str | None) -> None:
    """What a service shows in the place of a secret is read as no secret."""
    row = SlackAppRow.model_validate({"clientSecret": mask, "signingSecret": mask})
    assert (row.client_secret, row.signing_secret) == (None, None)


@pytest.mark.parametrize("secret", ["0a1b2c3d" * 4, "example-client-secret", "s3cr3t", "x0xb"])
def test_secret_in_clear_is_read_and_not_shown(secret: str) -> None:
    """Anything that can be a secret is read as one, and does not stand in the row's text."""
    row = SlackAppRow.model_validate({"clientSecret": secret})
    assert row.client_secret == secret
    assert secret not in repr(row)
