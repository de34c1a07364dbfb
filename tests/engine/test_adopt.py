"""Adopting objects that were made by hand, with the real CLI: `pulumi-spectrum adopt`, import, preview."""

from collections.abc import Callable
from typing import Any

import pytest
from adoption import EMPTY_PREVIEW, EMPTY_REFRESH, SECOND_PROJECT, UP, content_of, fill_project, resources_of

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.kinds import load_kinds
from pulumi_spectrum.providers.bookkeeping import bookkeeping_of


@pytest.mark.parametrize("generation", ["2026-05", "2026-08"])
def test_adopted_project_has_no_changes(make_project_folder: Callable[..., Any], generation: str) -> None:
    """After adopt and import, previews are empty, lines are protected, and no request changed anything."""
    with Emulator(generation=generation, requests_per_second=None) as spectrum:
        hook = fill_project(spectrum.project)
        secrets = spectrum.project.webhooks.secrets(hook["id"])
        folder = make_project_folder(spectrum.environment)
        before = content_of(spectrum.project)
        (folder.path / "secret").write_text(secrets["signingSecret"])
        folder.run("pulumi-spectrum", "adopt", ".", "--secret", "https://app.example.com/spectrum=@secret")
        folder.init()
        spectrum.requests.clear()
        folder.import_adopted()
        folder.run(*EMPTY_PREVIEW)
        assert len(spectrum.requests) == 0
        folder.run(*EMPTY_REFRESH)
        folder.run(*UP, "--expect-no-changes")
        folder.run("pulumi-spectrum", "drift")
        assert {request.method for request in spectrum.requests} == {"GET"}
        assert content_of(spectrum.project) == before
        state = resources_of(folder)
        protected = {name for name, each in state.items() if each.get("protect")}
        assert protected == {"acme-support", "line-0002"}
        assert "ciphertext" in state["app-example-com-spectrum"]["outputs"]["signingSecret"]
        shown = folder.run("pulumi", "stack", "export", "--show-secrets").stdout
        assert secrets["signingSecret"] in shown


def test_state_after_import_equals_state_after_up(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """The state after an import has the same properties as the state after an `up` of the same program."""
    fill_project(spectrum.project)
    adopted = make_project_folder(spectrum.environment, "adopted")
    adopted.run("pulumi-spectrum", "adopt", ".")
    adopted.init()
    adopted.import_adopted()
    adopted.run(*UP)

    other = spectrum.add_project()
    made = make_project_folder({**other.environment}, "made")
    for name in ("__main__.py", "Pulumi.yaml"):
        (made.path / name).write_text((adopted.path / name).read_text())
    made.init()
    made.run(*UP)

    made_state, adopted_state = resources_of(made), resources_of(adopted)
    assert adopted_state.keys() == made_state.keys()
    for name, each in adopted_state.items():
        assert each["inputs"].keys() == made_state[name]["inputs"].keys()
        only_by_creation = {"signingSecret", "standardSigningSecret"}
        assert each["outputs"].keys() == made_state[name]["outputs"].keys() - only_by_creation
        assert each["outputs"]["__provider"] == made_state[name]["outputs"]["__provider"]
        recorded = [bookkeeping_of(outputs) for outputs in (each["outputs"], made_state[name]["outputs"])]
        adopted_facts, made_facts = [(bookkeeping.format, bookkeeping.managed) for bookkeeping in recorded]
        assert adopted_facts == made_facts


def test_adopt_300_objects_in_one_request_per_area(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """A project of 300 objects is adopted with one request for each area, and the next preview is empty."""
    fill_project(spectrum.project, namesakes=291)
    folder = make_project_folder(spectrum.environment)
    folder.run("pulumi-spectrum", "adopt", ".")
    assert len(spectrum.requests) == len(load_kinds())
    folder.init()
    folder.import_adopted()
    folder.run(*EMPTY_PREVIEW)
    assert len(resources_of(folder)) == 300


def test_adopt_again_adds_new_objects(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """A second adopt adds objects made since the first to the program, and the import adds them to the state."""
    spectrum.project.platforms.set("imessage", enabled=True)
    folder = make_project_folder(spectrum.environment)
    folder.run("pulumi-spectrum", "adopt", ".")
    folder.init()
    folder.import_adopted()
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="imessage")
    added = folder.run("pulumi-spectrum", "adopt", "--into", "existing", "--force")
    program = folder.path / "__main__.py"
    program.write_text(program.read_text() + added.stdout)
    folder.import_adopted()
    folder.run(*EMPTY_PREVIEW)
    assert set(resources_of(folder)) == {"imessage", "imessage-0123"}


def test_adopt_again_skips_imported_objects(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """A second adopt skips an object that was imported under another name, and adopts the new objects beside it."""
    spectrum.project.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    folder = make_project_folder(spectrum.environment)
    text = "# Mine.\nname: here\nruntime: python\nmain: app.py\ndescription: Ours\n"
    (folder.path / "Pulumi.yaml").write_text(text)
    folder.run("pulumi-spectrum", "adopt")
    for name in ("app.py", "spectrum-import.json"):
        path = folder.path / name
        path.write_text(path.read_text().replace('"alice"', '"renamed"'))
    folder.init()
    folder.import_adopted()
    folder.run(*EMPTY_PREVIEW)
    program = (folder.path / "app.py").read_text()
    assert "is left to take over" in folder.run("pulumi-spectrum", "adopt", "--force").stderr
    spectrum.project.users.add(phoneNumber="+14155550124", type="shared", firstName="Bob")
    kept = folder.run("pulumi-spectrum", "adopt", "--force", status=1)
    assert "app.py is kept, because the stack has resources already (1)" in kept.stderr
    assert (folder.path / "app.py").read_text() == program
    added = folder.run("pulumi-spectrum", "adopt", "--into", "existing", "--force")
    (folder.path / "app.py").write_text(program + added.stdout)
    folder.import_adopted()
    folder.run(*EMPTY_PREVIEW)
    assert set(resources_of(folder)) == {"renamed", "bob"}
    assert (folder.path / "Pulumi.yaml").read_text() == text


def test_adopt_with_explicit_provider(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Objects of an explicit provider's project are imported under it, with the credentials that the state has."""
    second = spectrum.add_project()
    second.platforms.set("slack", enabled=True)
    second.users.add(phoneNumber="+14155550123", type="shared", firstName="Alice")
    folder = make_project_folder({**spectrum.environment, "OTHER_ID": second.id, "OTHER_SECRET": second.secret})
    (folder.path / "Pulumi.yaml").write_text("name: second\nruntime: python\n")
    program = folder.path / "__main__.py"
    program.write_text(SECOND_PROJECT)
    folder.init()
    folder.run("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")
    added = folder.run("pulumi-spectrum", "adopt", "--into", "existing", "--provider", "second")
    program.write_text(program.read_text() + added.stdout)
    folder.import_adopted()
    folder.run(*EMPTY_PREVIEW)
    folder.run(*EMPTY_REFRESH)
    assert all("::second::" in each["provider"] for each in resources_of(folder).values())
    assert second.secret not in folder.run("pulumi", "stack", "export").stdout


def test_secret_that_turns_up_later(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """A webhook's secret gets into the state after its import too, once, encrypted, and without any other change."""
    project = spectrum.project
    hook = project.webhooks.add(webhookUrl="https://app.example.com/spectrum")
    secrets = project.webhooks.secrets(hook["id"])
    folder = make_project_folder(spectrum.environment)
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    (folder.path / "__main__.py").write_text('"""A Python Pulumi program"""\n\nimport pulumi\n')
    folder.init()
    folder.run("pulumi-spectrum", "adopt")
    folder.run("pulumi", "import", "--file", "spectrum-import.json", "--generate-code=false", "--yes")
    (folder.path / "spectrum-import.json").unlink()

    (folder.path / "secret").write_text(secrets["signingSecret"])
    late = ("pulumi-spectrum", "adopt", "--into", "existing", "--secret", "https://app.example.com/spectrum=@secret")
    project.users.add(phoneNumber="+14155550102")
    before = folder.run("pulumi", "stack", "export").stdout
    assert "would be put into the state" in folder.run(*late, "--only", hook["id"], "--dry-run").stderr
    assert folder.run("pulumi", "stack", "export").stdout == before
    run = folder.run(*late, "--only", hook["id"])
    assert 'The secrets of "app-example-com-spectrum" were put into the state.' in run.stderr
    assert not (folder.path / "spectrum-import.json").exists()
    assert secrets["signingSecret"] not in run.stdout + run.stderr + folder.run("pulumi", "stack", "export").stdout
    assert secrets["signingSecret"] in folder.run("pulumi", "stack", "export", "--show-secrets").stdout
    folder.run("pulumi", "preview", "--expect-no-changes", "--non-interactive")
    folder.run("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--non-interactive")

    (folder.path / "secret").write_text("0" * 64)
    refused = folder.run(*late, "--only", hook["id"], status=1)
    assert 'The state has a signing_secret of "app-example-com-spectrum" already, and keeps it.' in refused.stderr
    assert secrets["signingSecret"] in folder.run("pulumi", "stack", "export", "--show-secrets").stdout
