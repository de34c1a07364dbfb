"""Seeds and saved states."""

import errno
import json
import os
import socket
import stat
from pathlib import Path

import pytest
import requests
from full_disk import full_disk

from pulumi_spectrum.emulator import Emulator, SnapshotError

SEED = """
projects:
  - id: p-1
    name: Support bot
    plan: pro
    requestsPerSecond: 10
    profile: {firstName: Ada}
    platforms: {imessage: {enabled: true, autoScale: true}, voice: null}
    lines: [{phoneNumber: "+14155550100", firstName: Acme}]
    users:
      - {phoneNumber: "+14155550123", firstName: Alice}
      - {type: dedicated, phoneNumber: "+14155550124", assignedPhoneNumber: "+14155550100"}
    webhooks: [{webhookUrl: "https://app.example.com/spectrum", createdAt: 2026-01-02T03:04:05Z}]
    whatsappAccounts: [{wabaId: "1234"}]
  - name: Another
"""


def test_seed_is_loaded(tmp_path: Path) -> None:
    """Every part of a seed is in the emulator, and fields that it leaves out have the service's defaults."""
    (tmp_path / "seed.yaml").write_text(SEED)
    spectrum = Emulator(seed=tmp_path / "seed.yaml")
    project = spectrum.project
    assert (project.id, project.plan, project.row["name"], project.row["profile"]["firstName"]) == (
        "p-1",
        "pro",
        "Support bot",
        "Ada",
    )
    assert project.requests_per_second == 10
    assert project.platforms.rows == {
        "imessage": {"enabled": True, "autoScale": True},
        "whatsapp_business": {"enabled": False},
        "slack": {"enabled": False},
    }
    assert [(row["type"], row["firstName"]) for row in project.users] == [("shared", "Alice"), ("dedicated", None)]
    (webhook,) = project.webhooks
    assert webhook.items() >= {"createdAt": "2026-01-02T03:04:05.000Z", "enabled": True}.items()
    assert len(project.webhooks.secrets(webhook["id"])["signingSecret"]) == 64
    assert (len(project.lines), len(project.whatsapp_accounts)) == (1, 1)


def test_given_id_and_secret_replace_those_of_the_seed() -> None:
    """project_id and project_secret replace the id and the secret of the first project."""
    spectrum = Emulator(seed={"projects": [{"id": "p-1"}]}, project_id="mine", project_secret="my-secret", plan="free")
    assert (spectrum.project_id, spectrum.project_secret, spectrum.project.plan) == ("mine", "my-secret", "free")


@pytest.mark.parametrize(
    ("projects", "message"),
    [
        ("[]", "projects must hold at least 1"),
        ("{}", "projects must be an array"),
        ("[{nmae: x}]", "projects.0.nmae is not a known field"),
        ("[{plan: gold}]", "projects.0.plan must be free, pro or business"),
        ("[{users: [{}]}]", "projects.0.users.0.phoneNumber is required"),
        (
            "[{users: [{phoneNumber: +14155550123}]}]",
            "projects.0.users.0.phoneNumber must be a string (in YAML: in quotes)",
        ),
        ("[{}, {webhooks: [{webhookUrl: x, colour: blue}]}]", "projects.1.webhooks.0.colour is not a known field"),
        ("[{platforms: {voice: {autoScale: true}}}]", "projects.0.platforms: voice has no autoScale"),
        ("[{platforms: {fax: {enabled: true}}}]", "projects.0.platforms.fax.[key] must be"),
        ("[{lines: [{id: a}, {id: a}]}]", "projects.0.lines.1.id is the id of another row"),
        ("[{lines: [{createdAt: soon}]}]", "projects.0.lines.0.createdAt should be a valid datetime"),
        ("[{id: a}, {id: a}]", "projects.1.id is the id of another project"),
    ],
)
def test_error_of_a_seed_names_its_place(projects: str, message: str, tmp_path: Path) -> None:
    """The message names the file, the place in it and the problem."""
    path = tmp_path / "seed.yaml"
    path.write_text(f"projects: {projects}")
    with pytest.raises(SnapshotError) as refused:
        Emulator(seed=path)
    assert str(refused.value).startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("seed.yaml", "projects: [", "cannot be read: line 2, expected the node content"),
        ("seed.yaml", "a: 2026-13-45", "cannot be read: it holds a date or a number that does not exist"),
        ("seed.json", "[" * 100_000, "cannot be read: it is nested too deeply"),
        ("seed.json", "{,}", "cannot be read: line 1, expecting property name"),
        ("seed.yaml", "", ": The body must be an object"),
    ],
)
def test_error_of_an_unreadable_file_names_the_line(name: str, text: str, message: str, tmp_path: Path) -> None:
    """For a file that is neither YAML nor JSON the message names the file and the line."""
    path = tmp_path / name
    path.write_text(text + "\n" if name == "seed.yaml" else text)
    with pytest.raises(SnapshotError) as refused:
        Emulator(seed=path)
    assert message.strip(": ") in str(refused.value)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["seed.yaml", "seed.json"])
def test_seed_with_a_byte_order_mark_is_read(tmp_path: Path, name: str, encoding: str) -> None:
    """A seed is read in the encoding of its byte order mark."""
    (tmp_path / name).write_text('{"projects": [{"name": "Zoë"}]}', encoding=encoding)
    assert Emulator(seed=tmp_path / name).project.row["name"] == "Zoë"


def test_seed_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """For a seed that is not Unicode text the message names the file and the expected encoding."""
    path = tmp_path / "seed.yaml"
    path.write_bytes("projects: [{name: Zoë}]".encode("latin-1"))
    with pytest.raises(SnapshotError, match=r"seed\.yaml is not UTF-8 text\. Save it as UTF-8"):
        Emulator(seed=path)


class TestSave:
    """The saved state."""

    def test_saved_state_is_loaded_completely(self, tmp_path: Path) -> None:
        """A second emulator with the same file has the same projects, rows, secrets and deletions."""
        path = tmp_path / "state.json"
        seed = {"projects": [{"whatsappAccounts": [{"id": "a-1", "wabaId": "1"}]}]}
        with Emulator(save=path, seed=seed, requests_per_second=None) as first:
            project = first.project
            project.platforms.set("voice", enabled=True)
            project.platforms.forget("slack")
            session = requests.Session()
            session.auth = (project.id, project.secret)
            base = f"{first.url}/projects/{project.id}"
            line = session.post(f"{base}/lines/", json={"platform": "imessage"}).json()["data"]["line"]
            hook = session.post(f"{base}/webhooks/", json={"webhookUrl": "https://app.example.com"}).json()["data"]
            gone = project.users.add(phoneNumber="+14155550123")
            project.users.remove(gone["id"])
            session.patch(f"{base}/voice/sip-inbound/", json={"sipUri": "sip:a@b", "username": "u", "password": "p"})
            session.put(f"{base}/slack/", json={"appId": "A1"})
            team = {"teamName": "Acme", "appId": "A1", "botToken": "xoxb-1", "botUserId": "U1", "grantedScopes": []}
            session.put(f"{base}/slack/installations/T1", json=team)
            session.patch(f"{base}/profile", json={"firstName": "Ada"})
            upload = session.post(f"{base}/profile/avatar/upload", json={"contentType": "image/png"}).json()["data"]
            requests.put(upload["uploadUrl"], data=b"\x89PNG", headers={"Content-Type": "image/png"}, timeout=5)
            session.close()
            secrets = project.webhooks.secrets(hook["id"])
        with Emulator(save=path) as second:
            assert second.environment == {**first.environment, "SPECTRUM_CLOUD_URL": second.url}
            assert second.project.row == project.row
            assert second.project.lines.rows == [line]
            assert second.project.webhooks.secrets(hook["id"]) == secrets
            assert second.project.users.rows == []
            assert [row["id"] for row in second.project.users.deleted] == [gone["id"]]
            assert set(second.project.platforms.rows) == {"imessage", "whatsapp_business", "voice"}
            assert second.project.whatsapp_accounts.rows == project.whatsapp_accounts.rows
            session = requests.Session()
            session.auth = (project.id, project.secret)
            base = f"{second.url}/projects/{project.id}"
            assert session.get(f"{base}/voice/sip-inbound/").json()["data"]["hasPassword"] is True
            app = session.get(f"{base}/slack/").json()["data"]
            assert (app["appId"], app["installationCount"]) == ("A1", 1)
            assert "xoxb-1" in second.given_secrets
            assert second.project.profile.row == project.profile.row
            picture = session.get(upload["uploadUrl"].replace(first.url, second.url))
            assert picture.content == b"\x89PNG"
            session.close()
            assert project.lines.rows[0]["phoneNumber"] != second.project.lines.add()["phoneNumber"]

    def test_file_is_written_at_the_start_for_its_owner_only(self, tmp_path: Path) -> None:
        """A start writes the file, which only its owner may read."""
        path = tmp_path / "state.json"
        with Emulator(save=path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["state.json"]

    def test_nothing_is_written_before_the_start(self, tmp_path: Path) -> None:
        """A project that is added before the start is written by the start, once the port is the emulator's."""
        path = tmp_path / "state.json"
        with socket.create_server(("127.0.0.1", 0)) as taken:
            spectrum = Emulator(save=path, port=taken.getsockname()[1])
            spectrum.add_project("p-2")
            with pytest.raises(OSError, match="address already in use"):
                spectrum.start()
            assert not path.exists()
        with spectrum:
            assert "p-2" in [project["id"] for project in json.loads(path.read_text())["projects"]]

    def test_state_that_cannot_be_written_frees_the_port(self, tmp_path: Path) -> None:
        """A start that cannot save its state fails, and does not go on listening."""
        spectrum = Emulator(save=tmp_path / "nowhere" / "state.json")
        with pytest.raises(FileNotFoundError):
            spectrum.start()
        with socket.create_server(("127.0.0.1", int(spectrum.url.rpartition(":")[2]))):
            pass

    def test_change_is_saved_before_its_response_is_sent(self, tmp_path: Path) -> None:
        """When a client has the response, the file has the row."""
        path = tmp_path / "state.json"
        with Emulator(save=path) as spectrum:
            url = f"{spectrum.url}/projects/{spectrum.project_id}/users/"
            auth = (spectrum.project_id, spectrum.project_secret)
            body = {"type": "shared", "phoneNumber": "+14155550123"}
            row = requests.post(url, json=body, auth=auth, timeout=5).json()["data"]
            assert [user["id"] for user in json.loads(path.read_text())["projects"][0]["users"]] == [row["id"]]

    def test_saved_state_replaces_the_seed(self, tmp_path: Path) -> None:
        """The seed is loaded at the first start only."""
        path = tmp_path / "state.json"
        for _ in range(2):
            with Emulator(save=path, seed={"projects": [{"lines": [{}]}]}) as spectrum:
                spectrum.project.lines.add()
        assert len(spectrum.project.lines) == 3

    def test_saved_state_of_another_project_is_refused(self, tmp_path: Path) -> None:
        """Another project_id than the saved one is an error. Another secret replaces the saved one."""
        path = tmp_path / "state.json"
        with Emulator(save=path, project_id="p-1"):
            pass
        with pytest.raises(SnapshotError, match="holds project p-1, not p-2"):
            Emulator(save=path, project_id="p-2")
        assert Emulator(save=path, project_id="p-1", project_secret="new").project_secret == "new"

    def test_failed_write_keeps_the_former_state(self, tmp_path: Path) -> None:
        """The file is replaced completely or not at all."""
        path = tmp_path / "state.json"
        with Emulator(save=path) as spectrum:
            former = path.read_text()
            with full_disk(), pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
                spectrum.project.lines.add()
        assert path.read_text() == former
        assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
