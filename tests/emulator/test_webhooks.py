"""Webhooks."""

from collections.abc import Iterator
from typing import Any

import pytest

from pulumi_spectrum.emulator import Emulator, ProjectHandle

URL = "https://app.example.com/spectrum"


def register(client: Any, url: str = URL, **fields: Any) -> Any:
    """Register a webhook and return the row with its secrets."""
    return client.post("/webhooks/", {"webhookUrl": url, **fields})


def test_list_is_a_bare_array_oldest_first(client: Any) -> None:
    """The list is an array without a wrapper, in the order of creation."""
    ids = [register(client, f"{URL}/{number}")["id"] for number in range(3)]
    listed = client.get("/webhooks/")
    assert isinstance(listed, list)
    assert [row["id"] for row in listed] == ids


def test_secrets_are_in_the_response_to_the_registration_only(client: Any, project: ProjectHandle) -> None:
    """The response to the registration holds both secrets, and the list neither."""
    row = register(client)
    assert len(bytes.fromhex(row["signingSecret"])) == 32
    assert row["standardSigningSecret"].startswith("whsec_")
    (listed,) = client.get("/webhooks/")
    assert listed == {name: value for name, value in row.items() if "Secret" not in name}
    assert project.webhooks.secrets(row["id"]) == {
        name: row[name] for name in ("signingSecret", "standardSigningSecret")
    }


def test_new_row_is_active_with_the_defaults(client: Any) -> None:
    """Fields that a registration leaves out get the service's defaults."""
    row = register(client)
    assert (
        row.items()
        >= {
            "webhookUrl": URL,
            "schemaVersion": "normalized-events.v1",
            "eventTypes": ["message.received"],
            "enabled": True,
            "status": "active",
            "failureNotificationEmail": None,
            "disabledAt": None,
            "disabledReason": None,
        }.items()
    )


def test_default_schema_version_is_a_switch(client: Any, spectrum: Emulator) -> None:
    """A registration without schemaVersion gets that of the switch."""
    spectrum.switch(default_schema_version="raw-inbound.v1")
    assert register(client)["schemaVersion"] == "raw-inbound.v1"


def test_same_active_url_is_a_conflict(client: Any) -> None:
    """An active URL is a conflict. After its deletion it can be registered with a new id and a new secret."""
    first = register(client)
    assert client.ask("POST", "/webhooks/", {"webhookUrl": URL}).refusal == (409, "Webhook URL already registered")
    assert client.delete(f"/webhooks/{first['id']}") == {"id": first["id"]}
    second = register(client)
    assert {first["id"], first["signingSecret"]}.isdisjoint({second["id"], second["signingSecret"]})


def test_urls_are_compared_as_text(client: Any) -> None:
    """A URL that differs by a slash is another URL."""
    register(client, "https://app.example.com")
    register(client, "https://app.example.com/")


def test_two_projects_can_register_one_url(client: Any, spectrum: Emulator) -> None:
    """Only URLs of the same project conflict."""
    register(client)
    spectrum.add_project().webhooks.add(webhookUrl=URL)


@pytest.mark.parametrize(
    "url", ["", "spectrum", "ftp://app.example.com", "https://", "https://app example.com", "https://[::1", "http:/x"]
)
def test_invalid_url_is_refused(url: str, client: Any) -> None:
    """The syntax is checked at registration."""
    assert client.ask("POST", "/webhooks/", {"webhookUrl": url}).refusal == (422, "webhookUrl must be a valid URL")


@pytest.mark.parametrize("url", ["http://app.example.com", "https://localhost/x", "https://10.0.0.1", "https://host"])
def test_unreachable_url_is_accepted_by_default(url: str, client: Any, spectrum: Emulator) -> None:
    """Plain http and private hosts are accepted, as on older servers, and refused with the switch."""
    row = register(client, url)
    client.delete(f"/webhooks/{row['id']}")
    spectrum.switch(unreachable_webhook_urls="reject")
    assert client.ask("POST", "/webhooks/", {"webhookUrl": url}).status == 422
    register(client)


def test_deleted_row_is_a_404(client: Any, project: ProjectHandle) -> None:
    """A deleted row is not listed, and every further request for it is a 404."""
    row = register(client)
    client.delete(f"/webhooks/{row['id']}")
    assert client.get("/webhooks/") == []
    for method, body in (("DELETE", None), ("PATCH", {"enabled": False})):
        assert client.ask(method, f"/webhooks/{row['id']}", body).refusal == (404, "Webhook not found")
    assert client.ask("POST", f"/webhooks/{row['id']}/secret/rotate").status == 404
    assert [deleted["id"] for deleted in project.webhooks.deleted] == [row["id"]]


def test_disabling_sets_time_and_reason(client: Any) -> None:
    """A disabled row has disabledAt and the reason manual. Enabling clears both."""
    row = register(client)
    disabled = client.patch(f"/webhooks/{row['id']}", {"enabled": False})
    assert disabled.items() >= {"enabled": False, "status": "disabled", "disabledReason": "manual"}.items()
    assert disabled["disabledAt"] == disabled["updatedAt"]
    enabled = client.patch(f"/webhooks/{row['id']}", {"enabled": True})
    assert enabled.items() >= {"enabled": True, "status": "active", "disabledAt": None, "disabledReason": None}.items()


def test_null_clears_the_notification_address(client: Any) -> None:
    """Null clears failureNotificationEmail, the only field that can be null."""
    row = register(client, failureNotificationEmail="ops@example.com")
    assert row["failureNotificationEmail"] == "ops@example.com"
    assert (
        client.patch(f"/webhooks/{row['id']}", {"failureNotificationEmail": None})["failureNotificationEmail"] is None
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"webhookUrl": "https://other.example.com"}, 422),
        ({"enabled": "yes"}, 422),
        ({"enabled": None}, 422),
        ({"eventTypes": ["message.sent"]}, 422),
        ({"failureNotificationEmail": "nobody"}, 422),
        ({"schemaVersion": "normalized-events.v1"}, 422),
        ({"schemaVersion": "raw-inbound.v1", "enabled": False}, 409),
    ],
)
def test_invalid_change_is_refused(body: Any, status: int, client: Any) -> None:
    """An invalid body is refused and changes no field."""
    row = register(client)
    assert client.ask("PATCH", f"/webhooks/{row['id']}", body).refusal[0] == status
    (listed,) = client.get("/webhooks/")
    assert listed == {name: value for name, value in row.items() if "Secret" not in name}


def test_schema_version_is_upgraded_alone(client: Any) -> None:
    """An upgrade with other fields is a conflict, and a downgrade is a 422."""
    row = register(client)
    upgraded = client.patch(f"/webhooks/{row['id']}", {"schemaVersion": "raw-inbound.v1"})
    assert upgraded["schemaVersion"] == "raw-inbound.v1"
    downgrade = client.ask("PATCH", f"/webhooks/{row['id']}", {"schemaVersion": "normalized-events.v1"})
    assert downgrade.refusal == (422, "schemaVersion can only be upgraded to raw-inbound.v1")


@pytest.mark.parametrize("change", [{"enabled": False}, {"eventTypes": ["message.received"]}])
def test_normalized_row_is_locked_when_switched(change: Any, client: Any, spectrum: Emulator) -> None:
    """With the switch, enabled and eventTypes cannot change before the schema version is upgraded."""
    spectrum.switch(normalized_webhooks_locked=True)
    row = register(client)
    assert client.ask("PATCH", f"/webhooks/{row['id']}", change).refusal[0] == 409
    client.patch(f"/webhooks/{row['id']}", {"schemaVersion": "raw-inbound.v1"})
    client.patch(f"/webhooks/{row['id']}", change)


def test_rotation_changes_the_standard_secret_only(client: Any, project: ProjectHandle) -> None:
    """The response has the new standard secret and until when the former one is valid. The legacy secret stays."""
    row = register(client)
    rotated = client.post(f"/webhooks/{row['id']}/secret/rotate", {"overlapSeconds": 60})
    assert rotated == {
        "id": row["id"],
        "standardSigningSecret": rotated["standardSigningSecret"],
        "previousValidUntil": "2026-08-14T19:20:47.168Z",
    }
    assert project.webhooks.secrets(row["id"]) == {
        "signingSecret": row["signingSecret"],
        "standardSigningSecret": rotated["standardSigningSecret"],
    }
    assert rotated["standardSigningSecret"] != row["standardSigningSecret"]


@pytest.mark.parametrize(
    ("body", "valid_until"),
    [(None, "2026-08-15T19:19:47.168Z"), ({}, "2026-08-15T19:19:47.168Z"), ({"overlapSeconds": 0}, None)],
)
def test_overlap_of_a_rotation_is_a_day_by_default(body: Any, valid_until: str | None, client: Any) -> None:
    """Without a body the former secret stays valid for a day, and with an overlap of 0 for no time."""
    row = register(client)
    assert client.post(f"/webhooks/{row['id']}/secret/rotate", body)["previousValidUntil"] == valid_until


@pytest.mark.parametrize("seconds", [-1, 604_801, 1.5, "60", None])
def test_overlap_is_at_most_a_week(seconds: Any, client: Any) -> None:
    """An overlap outside 0 to 604800 whole seconds is refused."""
    row = register(client)
    assert client.ask("POST", f"/webhooks/{row['id']}/secret/rotate", {"overlapSeconds": seconds}).status == 422


def test_egress_addresses_are_wrapped(client: Any) -> None:
    """The addresses of deliveries are an object with addresses."""
    assert client.get("/webhooks/egress-ips") == {"addresses": ["203.0.113.10", "203.0.113.11"]}


def test_urls_are_normalised_when_switched(client: Any, spectrum: Emulator) -> None:
    """With the switch a URL is stored in a parser's form, and conflicts compare that form."""
    spectrum.switch(normalised_urls=True)
    assert register(client, "HTTPS://App.Example.com:443")["webhookUrl"] == "https://app.example.com/"
    assert client.ask("POST", "/webhooks/", {"webhookUrl": "https://app.example.com"}).status == 409
    written = register(client, "https://b\u00fccher.example/a/../\u00e9")["webhookUrl"]
    assert written == "https://xn--bcher-kva.example/%C3%A9"


def test_event_types_and_their_order_are_switches(client: Any, spectrum: Emulator) -> None:
    """With the switches there are more event types, and they are returned in another order than sent."""
    spectrum.switch(event_types=["message.received", "message.sent"], event_type_order="reversed")
    sent = ["message.received", "message.sent"]
    assert register(client, eventTypes=sent)["eventTypes"] == sent[::-1]


@pytest.fixture(scope="module")
def older() -> Iterator[Emulator]:
    """An emulator of the generation before August 2026."""
    with Emulator(generation="2026-05", requests_per_second=None) as emulator:
        yield emulator


class TestOlderGeneration:
    """The three operations of the generation before August 2026."""

    @pytest.fixture
    def client(self, older: Emulator) -> Iterator[Any]:
        """A client of a new project."""
        from types import SimpleNamespace

        import requests

        project = older.add_project()
        with requests.Session() as session:
            session.auth = (project.id, project.secret)
            base = f"{older.url}/projects/{project.id}"
            yield SimpleNamespace(ask=lambda method, path, json=None: session.request(method, base + path, json=json))

    def test_rows_have_the_four_older_fields(self, client: Any) -> None:
        """A row has no newer field, and the response to a registration one secret."""
        row = client.ask("POST", "/webhooks/", {"webhookUrl": URL}).json()["data"]
        assert set(row) == {"id", "webhookUrl", "createdAt", "updatedAt", "signingSecret"}
        (listed,) = client.ask("GET", "/webhooks/").json()["data"]
        assert set(listed) == {"id", "webhookUrl", "createdAt", "updatedAt"}

    def test_newer_fields_of_a_registration_are_unknown(self, client: Any, older: Emulator) -> None:
        """A field of August 2026 is dropped as any unknown field is, and refused with the switch."""
        body = {"webhookUrl": URL, "schemaVersion": "raw-inbound.v1"}
        assert "schemaVersion" not in client.ask("POST", "/webhooks/", body).json()["data"]
        older.switch(unknown_fields="reject")
        answer = client.ask("POST", "/webhooks/", body)
        older.switch(unknown_fields="ignore")
        assert (answer.status_code, answer.json()["message"]) == (422, "schemaVersion is not a known field")

    def test_newer_operations_are_not_found(self, client: Any) -> None:
        """PATCH, rotation and egress addresses are a 404, and the row is still listed."""
        row = client.ask("POST", "/webhooks/", {"webhookUrl": URL}).json()["data"]
        for method, path, body in (
            ("PATCH", f"/webhooks/{row['id']}", {"enabled": False}),
            ("POST", f"/webhooks/{row['id']}/secret/rotate", None),
            ("GET", "/webhooks/egress-ips", None),
        ):
            answer = client.ask(method, path, body)
            assert (answer.status_code, answer.json()["message"]) == (404, "Not found")
        assert [listed["id"] for listed in client.ask("GET", "/webhooks/").json()["data"]] == [row["id"]]


def test_error_of_an_invalid_row_holds_no_secret(spectrum: Emulator) -> None:
    """The error of a webhook without a URL names the field and holds none of the secrets."""
    with pytest.raises(ValueError, match="webhookUrl") as refused:
        spectrum.project.webhooks.add()
    assert "whsec_" not in str(refused.value)
    assert "input_value" not in str(refused.value)
