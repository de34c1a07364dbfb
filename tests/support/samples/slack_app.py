"""Slack apps, of which a project has one or none."""

from sample import ImportCase, Sample, once_in_a_project, set_by_hand

from pulumi_spectrum.client import SlackAppRow

SAMPLE = Sample(
    arguments={
        "appId": "A0EXAMPLE",
        "clientId": "1.2",
        "clientSecret": "0a1b2c3d" * 4,
        "signingSecret": "5e6f7a8b" * 4,
        "enabledFeatures": ["dms", "pins"],
        "onConflict": "adopt",
    },
    changed={
        "appId": "A0OTHER",
        "clientId": "3.4",
        "clientSecret": "1b2c3d4e" * 4,
        "signingSecret": "6f7a8b9c" * 4,
        "enabledFeatures": ["files"],
        "onConflict": "fail",
    },
    prepare=lambda project: project.platforms.set("slack", enabled=True),
    barest=SlackAppRow(),
    secrets=frozenset({"clientSecret", "signingSecret"}),
    fresh=lambda number: {"appId": f"A0EXAMPLE{number}", "onConflict": "fail"},
    values={
        "appId": ("A0EXAMPLE", "A0OTHER"),
        "clientId": ("1.2", "3.4"),
        "clientSecret": ("0a1b2c3d" * 4, "9a8b7c6d" * 4),
        "signingSecret": ("5e6f7a8b" * 4, "1e2f3a4b" * 4),
        "enabledFeatures": (["dms", "pins"], ["pins", "dms"], ["files"]),
        "onConflict": ("fail", "adopt"),
    },
    place=once_in_a_project(
        "slack",
        [{"appId": "A0BYHAND"}, {"enabledFeatures": ["reactions"]}, {"clientSecret": "7c8d9e0f" * 4}],
        # With secrets, since null may be a mask: an app without them is not told from one that keeps them to itself.
        {"appId": "A0THEIRS", "clientSecret": "6b7c8d9e" * 4, "signingSecret": "5a6b7c8d" * 4},
    ),
    imported=ImportCase(
        make=set_by_hand("slack", appId="A0EXAMPLE"),
        arguments={"app_id": "A0EXAMPLE"},
        other={"app_id": "A0ANOTHER"},
        differs="app_id",
    ),
)
