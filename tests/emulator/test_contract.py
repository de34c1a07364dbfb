"""A fuzzer compares the emulator with the contract. It knows the contract only, and not the code."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from zlib import crc32

import hypothesis
import pytest
import schemathesis

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.emulator.contract import document_of, load_document, uuid_parameters
from pulumi_spectrum.emulator.dispatch import UUID
from pulumi_spectrum.emulator.operations import OPERATIONS

PROJECT = "7c1b7c1e-0f5e-4e0a-9b6d-2f2a4c8e1d11"
SECRET = "a-secret-for-the-fuzzer"
USER, LINE, ACCOUNT = (f"00000000-0000-4000-8000-00000000000{number}" for number in range(3))
KNOWN = {"webhookId": "webhook-1", "userId": USER, "lineId": LINE, "accountId": ACCOUNT, "templateId": "1"}
SEED = {
    "projects": [
        {
            "platforms": {"imessage": {"enabled": True}, "voice": {"enabled": True}},
            "webhooks": [{"id": "webhook-1", "webhookUrl": "https://app.example.com/spectrum"}],
            "users": [{"id": USER, "phoneNumber": "+14155550123"}],
            "lines": [{"id": LINE, "phoneNumber": "+14155550100"}],
            "whatsappAccounts": [{"id": ACCOUNT, "wabaId": "waba-1"}],
            "whatsappTemplates": [
                {
                    "id": "1",
                    "accountId": ACCOUNT,
                    "name": "hello",
                    "language": "en_US",
                    "category": "UTILITY",
                    "status": "APPROVED",
                }
            ],
        }
    ]
}
SETTINGS = hypothesis.settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)
UNDECIDABLE = (
    "updatePlatformMetadata",
    "createUser",
    "updateSipInbound",
    "listWhatsAppTemplates",
    "deleteWhatsAppTemplate",
)
"""Operations that respond with 422 to some bodies which fit the schema: the state decides."""

UNREAD = ("updatePlatformMetadata",)
"""Operations that accept some bodies which do not fit the schema: fields of another platform are dropped."""


def make_schema(generation: str, **checks: Any) -> Any:
    """Return the contract of a generation as a schema whose requests are about the fuzzer's project."""
    config = {
        "auth": {"basic": {"username": PROJECT, "password": SECRET}},
        "parameters": {"path.projectId": PROJECT},
        "checks": checks,
        "operations": [
            {"include-operation-id": name, "checks": {"positive_data_acceptance": {"enabled": False}}}
            for name in UNDECIDABLE
        ]
        + [
            {"include-operation-id": name, "checks": {"negative_data_rejection": {"enabled": False}}} for name in UNREAD
        ],
    }
    return schemathesis.openapi.from_dict(document_of(generation), config=schemathesis.Config.from_dict(config))


OLDER = make_schema("2026-05")
NEWER = make_schema("2026-08")


@pytest.fixture(scope="session")
def older() -> Iterator[Emulator]:
    with Emulator(
        generation="2026-05", requests_per_second=None, project_id=PROJECT, project_secret=SECRET, seed=SEED
    ) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def newer() -> Iterator[Emulator]:
    with Emulator(requests_per_second=None, project_id=PROJECT, project_secret=SECRET, seed=SEED) as emulator:
        yield emulator


def fuzz(case: schemathesis.Case, emulator: Emulator) -> None:
    """Send a case and check the response. Half of the cases get the id of an existing row; malformed ids are kept."""
    emulator.reset()
    for name, value in case.path_parameters.items():
        malformed = name in uuid_parameters() and not UUID.fullmatch(value)
        if name in KNOWN and not malformed and crc32(value.encode(errors="replace")) % 2:
            case.path_parameters[name] = KNOWN[name]
    case.call_and_validate(base_url=emulator.url)


@NEWER.parametrize()
@SETTINGS
def test_responses_of_the_newer_generation_fit_the_contract(case: schemathesis.Case, newer: Emulator) -> None:
    """Every response of the generation of August 2026 fits the contract, and none is a 5xx."""
    fuzz(case, newer)


@OLDER.parametrize()
@SETTINGS
def test_responses_of_the_older_generation_fit_the_contract(case: schemathesis.Case, older: Emulator) -> None:
    """Every response of the generation of May 2026 fits the contract, and none is a 5xx."""
    fuzz(case, older)


def test_created_rows_can_be_read_and_deleted_rows_not(newer: Emulator) -> None:
    """Chains of requests, each built from the response to another, find created rows and not deleted ones."""
    schema = make_schema("2026-08", ignored_auth={"enabled": False})
    followed = set()

    class Chain(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            newer.reset()

        def get_call_kwargs(self, _case: schemathesis.Case) -> dict[str, Any]:
            return {"base_url": newer.url}

        def teardown(self) -> None:
            followed.update(request.operation_id for request in newer.requests if request.status == 200)
            super().teardown()

    Chain.run(settings=hypothesis.settings(SETTINGS, max_examples=25, stateful_step_count=12))
    assert len(followed & {"rotateWebhookSecret", "deleteWebhook", "getUser", "deleteUser", "deleteLine"}) > 2


@cache
def list_operation_ids(generation: str | None = None) -> list[str]:
    """Return the operationIds of the contract, of one generation or of the file."""
    document = document_of(generation) if generation else load_document()
    return [
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    ]


def test_every_operation_of_the_contract_is_served() -> None:
    """The contract and the emulator name the same operations."""
    assert sorted(list_operation_ids()) == sorted([*OPERATIONS.private, *OPERATIONS.public])


def test_the_newer_generation_is_a_strict_superset() -> None:
    """Three webhook operations were added in August 2026, and none was removed."""
    newer, older = list_operation_ids("2026-08"), list_operation_ids("2026-05")
    assert set(newer) - set(older) == {"updateWebhook", "rotateWebhookSecret", "listEgressIps"}
    assert set(older) <= set(newer)


def test_the_older_contract_mentions_nothing_newer() -> None:
    """No operation, field or link of the older generation's document is a newer one."""
    text = json.dumps(document_of("2026-05"))
    newer = ("x-since", "updateWebhook", "rotateWebhookSecret", "standardSigningSecret", "disabledReason")
    assert [word for word in newer if f'"{word}"' in text] == []


def test_every_operation_has_a_mark_of_confidence() -> None:
    """Each operation carries a mark of confidence."""
    marks = {
        operation["operationId"]: operation.get("x-confidence")
        for item in load_document()["paths"].values()
        for operation in item.values()
        if isinstance(operation, dict)
    }
    assert set(marks.values()) == {"confirmed", "single-source", "inferred"}
