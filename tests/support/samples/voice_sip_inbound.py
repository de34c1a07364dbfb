"""SIP inbound targets, of which a project has one or none."""

from sample import ImportCase, Sample, once_in_a_project, set_by_hand

from pulumi_spectrum.client import SipInboundRow

SAMPLE = Sample(
    arguments={
        "sipUri": "sip:bot@example.com",
        "username": "bot",
        "password": "Pa55-of-the-b0t",
        "onConflict": "adopt",
    },
    changed={
        "sipUri": "sip:other@example.com",
        "username": "other",
        "password": "0ther-Pa55",
        "onConflict": "fail",
    },
    prepare=lambda project: project.platforms.set("voice", enabled=True),
    barest=SipInboundRow(sip_uri="sip:bot@example.com"),
    secrets=frozenset({"password"}),
    fresh=lambda number: {"sipUri": f"sip:bot-{number}@example.com", "onConflict": "fail"},
    values={
        "sipUri": ("sip:bot@example.com", "sip:other@example.com"),
        "username": ("bot", "other", ""),
        "password": ("Pa55-of-the-b0t", "An0ther-pa55", ""),
        "onConflict": ("fail", "adopt"),
    },
    place=once_in_a_project(
        "sip_inbound",
        [{"sipUri": "sip:by@hand.example"}, {"username": None, "password": None}],
        {"sipUri": "sip:theirs@example.com"},
    ),
    imported=ImportCase(
        make=set_by_hand("sip_inbound", sipUri="sip:bot@example.com"),
        arguments={"sip_uri": "sip:bot@example.com"},
        other={"sip_uri": "sip:other@example.com"},
        differs="sip_uri",
    ),
)
