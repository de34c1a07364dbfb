"""Secrets that the API never returns, given to `pulumi-spectrum adopt` as options or variables."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from pulumi_spectrum.emulator import Emulator


def test_secrets_from_files_and_variables(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """Secrets from a file or a variable are written to the import file, and neither printed nor put in the program."""
    made = fill()
    other = spectrum.project.webhooks.add(webhookUrl="https://app.example.com/out")
    ours, theirs = (spectrum.project.webhooks.secrets(each["id"]) for each in (made["hook"], other))
    (tmp_path / "secrets").write_text("\n".join(ours.values()))
    variable = {"SPECTRUM_SECRET_APP_EXAMPLE_COM_OUT": theirs["signingSecret"]}
    result = adopt("--secret", f"https://APP.example.com:443/in=@{tmp_path / 'secrets'}", **variable)
    assert result.exit_code == 0, result.output
    entries = imported()
    for name, secret in ours.items():
        assert json.loads(entries["app-example-com-in"]["outputs"][name]["plaintext"]) == secret
    assert (
        json.loads(entries["app-example-com-out"]["outputs"]["signingSecret"]["plaintext"]) == (theirs["signingSecret"])
    )
    shown = result.output + (tmp_path / "project" / "__main__.py").read_text()
    assert not [secret for secret in (*ours.values(), *theirs.values()) if secret in shown]
    assert "The signing secret of this webhook is not known here" not in result.stderr
    assert "it holds secrets in plain text" in result.stderr


def test_secret_file_in_utf_16(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """A secret file in UTF-16, as PowerShell writes it, is read; an undecodable one is refused without being shown."""
    fill()
    path = tmp_path / "secret"
    path.write_text("a" * 64 + "\r\n", encoding="utf-16")
    result = adopt("--secret", f"https://app.example.com/in=@{path}")
    assert result.exit_code == 0, result.output
    assert json.loads(imported()["app-example-com-in"]["outputs"]["signingSecret"]["plaintext"]) == "a" * 64
    path.write_bytes(b"hunter\xe9")
    refused = adopt("--force", "--secret", f"https://app.example.com/in=@{path}")
    assert (refused.exit_code, "is not UTF-8 text" in refused.stderr) == (1, True)
    assert "hunter" not in refused.output


def test_webhooks_without_secrets_cause_one_warning(
    adopt: Callable[..., Result], spectrum: Emulator, fill: Callable[[], dict[str, Any]]
) -> None:
    """Webhooks are taken over without their secrets, with one warning that names all of them."""
    fill()
    spectrum.project.webhooks.add(webhookUrl="https://app.example.com/out")
    result = adopt()
    assert "Warning: app-example-com-in, app-example-com-out: The signing secret of this webhook" in result.stderr


@pytest.mark.parametrize("text", ["hunter2", "ABCDEF" * 11], ids=["a password", "not hexadecimal"])
def test_invalid_secret_is_refused(
    adopt: Callable[..., Result], tmp_path: Path, text: str, fill: Callable[[], dict[str, Any]]
) -> None:
    """A file without a valid webhook secret is refused, and its content is not shown."""
    fill()
    (tmp_path / "secret").write_text(text)
    result = adopt("--secret", f"https://app.example.com/in=@{tmp_path / 'secret'}")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "secret holds something that is no secret of a webhook: signing_secret is 64 hexadecimal characters, "
        "standard_signing_secret is whsec_ and what follows it.\n"
    )
    assert text not in result.output


def test_secret_for_an_unknown_webhook(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A secret for a webhook that is not taken over is refused, and no file is written."""
    fill()
    (tmp_path / "secret").write_text("a" * 64)
    result = adopt("--secret", f"https://app.example.com/nowhere=@{tmp_path / 'secret'}")
    assert result.exit_code == 1
    assert "was given for https://app.example.com/nowhere, which is not taken over" in result.stderr
    assert not (tmp_path / "project").exists()


def test_secret_for_a_name_or_an_id(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    imported: Callable[[], dict[str, Any]],
) -> None:
    """A secret can be given for an object's id or for its resource name."""
    fill()
    other = spectrum.project.webhooks.add(webhookUrl="https://app.example.com/out")
    for number in (1, 2):
        (tmp_path / f"{number}").write_text(f"{number}" * 64)
    result = adopt("--secret", f"app-example-com-in=@{tmp_path / '1'}", "--secret", f"{other['id']}=@{tmp_path / '2'}")
    assert result.exit_code == 0, result.output
    for name, number in (("app-example-com-in", 1), ("app-example-com-out", 2)):
        assert json.loads(imported()[name]["outputs"]["signingSecret"]["plaintext"]) == f"{number}" * 64


def test_secret_for_an_ambiguous_label(adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path) -> None:
    """A secret for a label that several objects share is refused, with the ids to choose from."""
    ids = [
        spectrum.project.webhooks.add(webhookUrl=f"https://app.example.com/in?key={key}")["id"] for key in ("a", "b")
    ]
    (tmp_path / "secret").write_text("a" * 64)
    result = adopt("--secret", f"https://app.example.com/in?key=…=@{tmp_path / 'secret'}")
    assert result.exit_code == 1
    assert f"several objects are called so. Give the id of one: {', '.join(ids)}." in " ".join(result.stderr.split())


def test_secret_for_a_kind_without_secrets(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A secret for an object whose kind has no secrets is refused."""
    fill()
    (tmp_path / "secret").write_text("a" * 64)
    result = adopt("--secret", f"+14155550123=@{tmp_path / 'secret'}")
    assert (result.exit_code, "was given for +14155550123, which is not taken over" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("outputs", "pending", "said"),
    [
        (
            {},
            [{"type": "creating", "resource": {"urn": "urn:pulumi:dev::here::a:b:C::c", "type": "a:b:C"}}],
            "The stack has pending operations, which Pulumi would forget.",
        ),
        ({"signingSecret": "kept"}, [], 'The state has a signing_secret of "inbox" already, and keeps it.'),
    ],
)
def test_late_secret_is_refused(
    *,
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
    outputs: dict[str, str],
    pending: list[dict[str, Any]],
    said: str,
) -> None:
    """A secret is not put into a state with pending operations, nor in the place of another, which stays unseen."""
    hook = fill()["hook"]
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    (folder / "__main__.py").write_text("import pulumi_spectrum\n")
    (tmp_path / "secret").write_text("a" * 64)
    kind = "pulumi-python:dynamic/spectrum:Webhook"
    entry = {"urn": f"urn:pulumi:dev::here::{kind}::inbox", "type": kind, "id": hook["id"], "outputs": outputs}
    put_pulumi({"stack export": json.dumps({"deployment": {"resources": [entry], "pending_operations": pending}})})
    result = adopt("--into", "existing", "--only", hook["id"], "--secret", f"inbox=@{tmp_path / 'secret'}")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "kept" not in result.output
    assert "a" * 64 not in result.output
