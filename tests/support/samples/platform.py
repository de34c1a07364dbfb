"""Platforms, each with a switch that is always there."""

from sample import ImportCase, Place, Sample

from pulumi_spectrum.client import PlatformRow
from pulumi_spectrum.emulator.handles import ProjectHandle


def _turn_on(project: ProjectHandle) -> str:
    project.platforms.set("imessage", enabled=True, autoScale=True)
    return "imessage"


SAMPLE = Sample(
    arguments={"platform": "imessage", "enabled": False, "autoScale": True},
    changed={"enabled": True, "autoScale": False},
    fresh=lambda _number: {"platform": "voice", "enabled": True},
    others=({"platform": "voice", "enabled": True, "imessageEnabled": True},),
    barest=PlatformRow(platform="slack", enabled=False),
    values={
        "platform": ("imessage", "whatsapp_business"),
        "enabled": (True, False),
        "autoScale": (True, False),
        "imessageEnabled": (True,),
    },
    place=Place(
        ids=lambda project: {name for name, entry in project.platforms.rows.items() if entry["enabled"]},
        row=lambda project, name: project.platforms[name],
        secrets=lambda _project, _name: {},
        change=lambda project, name, number: project.platforms.set(name, enabled=bool(number % 2)),
        remove=lambda project, name: project.platforms.forget(name),
        add=None,
    ),
    imported=ImportCase(
        make=_turn_on,
        arguments={"platform": "imessage", "auto_scale": True},
        other={"platform": "imessage", "enabled": False},
        differs="enabled",
    ),
)
