"""WhatsApp templates, each of an account, which Meta reviews."""

from typing import Any

from sample import ImportCase, Place, Sample, in_table

from pulumi_spectrum.client import WhatsAppTemplateRow
from pulumi_spectrum.emulator.handles import ProjectHandle

ACCOUNT = "5b1f3c1e-0000-4000-8000-000000000001"


def _body(text: str) -> list[dict[str, Any]]:
    return [{"type": "BODY", "text": text}]


SHIPPED = {
    "account_id": ACCOUNT,
    "name": "order_shipped",
    "language": "en_US",
    "category": "UTILITY",
    "components": _body("On its way."),
}


def _prepare_account(project: ProjectHandle) -> None:
    project.whatsapp_accounts.add(id=ACCOUNT, wabaId="1234")


def _approve(project: ProjectHandle) -> None:
    for template_id in project.whatsapp_templates.ids:
        project.whatsapp_templates.change(template_id, status="APPROVED")


def _make(project: ProjectHandle) -> str:
    _prepare_account(project)
    fields = {name: value for name, value in SHIPPED.items() if name != "account_id"}
    return f"{ACCOUNT}/{project.whatsapp_templates.add(accountId=ACCOUNT, status='APPROVED', **fields)['id']}"


_ROWS = in_table(
    "whatsapp_templates",
    [{"category": "MARKETING"}, {"components": _body("By hand")}, {"status": "PAUSED"}, {"qualityScore": "RED"}],
    lambda arguments: {
        "accountId": ACCOUNT,
        "category": "UTILITY",
        "components": _body("Theirs"),
        "status": "APPROVED",
        **{name: arguments[name] for name in ("name", "language") if name in arguments},
    },
)


def _row_id(object_id: str) -> str:
    return object_id.rpartition("/")[2]


SAMPLE = Sample(
    arguments={
        "accountId": ACCOUNT,
        "name": "order_shipped",
        "language": "en_US",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hi {{1}}", "example": {"body_text": [["Ada"]]}}],
        "parameterFormat": "POSITIONAL",
        "messageSendTtlSeconds": 600,
        "allowCategoryChange": True,
    },
    changed={
        "name": "order_sent",
        "language": "de",
        "category": "MARKETING",
        "components": [{"type": "BODY", "text": "Hello {{1}}", "example": {"body_text": [["Ada"]]}}],
        "messageSendTtlSeconds": 900,
        "allowCategoryChange": False,
    },
    barest=WhatsAppTemplateRow(
        id="id-1", name="order_shipped", language="en_US", category="UTILITY", components=[{"type": "BODY"}]
    ),
    prepare=_prepare_account,
    settle=_approve,
    fresh=lambda number: {
        "accountId": ACCOUNT,
        "name": f"hello_{number}",
        "language": "en_US",
        "category": "UTILITY",
        "components": _body("Hi"),
        "allowCategoryChange": False,
    },
    values={
        "accountId": (ACCOUNT,),
        "name": ("order_shipped", "hello"),
        "language": ("en_US", "de"),
        "category": ("UTILITY", "MARKETING"),
        "components": (_body("Hi"), _body("Hello"), [*_body("Hi"), {"type": "FOOTER", "text": "Bye"}]),
        "parameterFormat": ("POSITIONAL", "NAMED"),
        "messageSendTtlSeconds": (600, 900),
        "allowCategoryChange": (False, True),
    },
    place=Place(
        ids=lambda project: {f"{ACCOUNT}/{row_id}" for row_id in _ROWS.ids(project)},
        row=lambda project, object_id: _ROWS.row(project, _row_id(object_id)),
        secrets=lambda _project, _id: {},
        change=lambda project, object_id, number: _ROWS.change(project, _row_id(object_id), number),
        remove=lambda project, object_id: _ROWS.remove(project, _row_id(object_id)),
        add=lambda project, arguments: f"{ACCOUNT}/{_ROWS.add(project, arguments) if _ROWS.add else ''}",
    ),
    imported=ImportCase(make=_make, arguments=SHIPPED, other={**SHIPPED, "category": "MARKETING"}, differs="category"),
)
