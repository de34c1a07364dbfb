"""`pulumi-spectrum doctor` in real project folders: it finds the problems that make `pulumi up` fail, and no others."""

import json
import sysconfig
from collections.abc import Callable
from typing import Any

import pytest
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_spectrum.emulator import Emulator
from pulumi_spectrum.providers import ProviderReference

PROGRAM = """import pulumi_spectrum as spectrum

alice = spectrum.User("alice", phone_number="+14155550123")
"""
UP = ("pulumi", "up", "--yes", "--skip-preview", "--non-interactive")


@pytest.fixture
def folder(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> Any:
    """A project folder without a problem."""
    folder = make_project_folder(spectrum.environment)
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    (folder.path / "__main__.py").write_text(PROGRAM)
    folder.init()
    return folder


def problems(folder: Any) -> str:
    """Return the lines that the command prints as problems."""
    lines = folder.run("pulumi-spectrum", "doctor", status=1).stdout.splitlines()
    return "\n".join(line for line in lines if line.startswith("problem"))


def test_doctor_finds_no_problem(folder: Any, spectrum: Emulator) -> None:
    """Without a problem, doctor prints a line for each check, names the project, and sends two requests."""
    folder.run(*UP)
    spectrum.requests.clear()
    lines = folder.run("pulumi-spectrum", "doctor").stdout.splitlines()
    assert all(line.startswith("ok") for line in lines)
    assert [line.split()[1] for line in lines] == [
        "Pulumi",
        "Python",
        "Python",
        "Stack",
        "No",
        "The",
        "API",
        "Credentials",
        "State",
    ]
    assert f"({spectrum.project.id}), plan business; from SPECTRUM_PROJECT_ID and" in lines[-2]
    assert spectrum.requests.operations() == ["getProject", "getSubscription"]


def test_doctor_finds_relative_virtualenv(folder: Any) -> None:
    """Doctor reports a relative virtual environment beside `main`, which makes `pulumi up` fail."""
    folder.run("python3", "-m", "venv", "--without-pip", "venv")
    installed = sysconfig.get_path("purelib")
    (site_packages,) = folder.path.glob("venv/lib/python*/site-packages")
    (site_packages / "installed.pth").write_text(f"import site; site.addsitedir({installed!r})\n")
    (folder.path / "program").mkdir()
    (folder.path / "__main__.py").rename(folder.path / "program" / "__main__.py")
    (folder.path / "Pulumi.yaml").write_text(
        "name: here\nmain: program\nruntime:\n  name: python\n  options:\n    virtualenv: venv\n"
    )
    assert "Python of the providers: there is no virtual environment at" in problems(folder)
    assert "doesn't exist" in folder.run(*UP, status=1).stdout


@pytest.mark.parametrize("passphrase", ["wrong", None])
def test_doctor_finds_wrong_passphrase(folder: Any, spectrum: Emulator, passphrase: str | None) -> None:
    """A passphrase that is missing or wrong is one problem, though the credentials are in the environment."""
    folder.run("pulumi", "config", "set", "--secret", "spectrum:projectSecret", spectrum.project.secret)
    folder.environment.pop("PULUMI_CONFIG_PASSPHRASE", None)
    if passphrase is not None:
        folder.environment["PULUMI_CONFIG_PASSPHRASE"] = passphrase
    found = problems(folder)
    assert found.startswith("problem  The stack's secrets cannot be read: ")
    assert "passphrase" in found.partition(". Set PULUMI_CONFIG_PASSPHRASE (or ")[0]
    assert len(found.splitlines()) == 1


def test_doctor_finds_wrong_secret(folder: Any, spectrum: Emulator) -> None:
    """Doctor reports credentials that the service rejects."""
    given = spectrum.project.secret
    spectrum.project.secret = "another-one"
    found = problems(folder)
    assert "Invalid credentials" in found
    assert given not in found


def test_doctor_finds_missing_credentials(folder: Any) -> None:
    """Doctor reports missing credentials, and how to set them."""
    for name in ("SPECTRUM_PROJECT_ID", "SPECTRUM_PROJECT_SECRET"):
        del folder.environment[name]
    assert "pulumi config set --secret spectrum:projectSecret" in problems(folder)


def test_doctor_finds_resources_of_another_project(folder: Any, spectrum: Emulator) -> None:
    """Doctor reports resources in the state that belong to another project than the credentials."""
    folder.run(*UP)
    folder.environment.update(spectrum.add_project().environment)
    assert f"1 of the state's resources belong to project {spectrum.project.id}" in problems(folder)


@pytest.mark.parametrize("name", ["defaults", "default-eu", "default_eu"])
def test_doctor_lets_a_provider_have_its_project(folder: Any, spectrum: Emulator, name: str) -> None:
    """A program's provider may serve another project, also where its name begins as that of the engine's own does."""
    other = spectrum.add_project()
    (folder.path / "__main__.py").write_text(
        "import pulumi, pulumi_spectrum as spectrum\n"
        f"provider = spectrum.Provider({name!r}, project_id={other.id!r}, project_secret={other.secret!r})\n"
        'spectrum.User("bob", phone_number="+14155550124", opts=pulumi.ResourceOptions(provider=provider))\n'
    )
    folder.run(*UP)
    lines = folder.run("pulumi-spectrum", "doctor").stdout.splitlines()
    assert not [line for line in lines if line.startswith("problem")]
    report = json.loads(folder.run("pulumi-spectrum", "drift", "--format", "json").stdout)
    assert (report["compared"], report["notChecked"]) == (1, [])


def test_doctor_finds_state_of_a_newer_release(folder: Any) -> None:
    """Doctor reports a state that a newer release of the package wrote."""
    folder.run(*UP)
    state = folder.run("pulumi", "stack", "export").stdout
    (folder.path / "state.json").write_text(state.replace('"phoneNumber",', '"phoneNumber", "nickname",', 1))
    folder.run("pulumi", "stack", "import", "--file", "state.json")
    assert "A newer release of pulumi-spectrum wrote the state of alice." in problems(folder)


def test_refresh_refuses_kind_of_a_newer_release(folder: Any, spectrum: Emulator) -> None:
    """`pulumi refresh` of a kind that only a newer release has fails with one sentence, and the state is unchanged."""
    folder.run(*UP)
    references = [serialize_provider(ProviderReference(kind)) for kind in ("user", "carrier_pigeon")]
    state = folder.run("pulumi", "stack", "export").stdout.replace("spectrum:User", "spectrum:CarrierPigeon")
    (folder.path / "state.json").write_text(state.replace(*references))
    folder.run("pulumi", "stack", "import", "--file", "state.json")
    spectrum.requests.clear()

    refreshed = folder.run("pulumi", "refresh", "--yes", "--skip-preview", "--non-interactive", status=1).stdout
    assert "its state was written by a newer release of pulumi-spectrum. Nothing was changed." in refreshed
    assert spectrum.requests.operations() == []
    assert "dynamic/spectrum:CarrierPigeon" in folder.run("pulumi", "stack", "export").stdout
    assert "dynamic/spectrum:CarrierPigeon, which this release does not know. Upgrade" in problems(folder)


def test_doctor_warns_of_secret_in_plain_text(folder: Any, spectrum: Emulator) -> None:
    """A project secret in plain text is a warning and not a problem, since `pulumi up` works with it."""
    folder.run("pulumi", "config", "set", "--plaintext", "spectrum:projectSecret", spectrum.project.secret)
    output = folder.run("pulumi-spectrum", "doctor").stdout
    assert "warning  spectrum:projectSecret stands in the stack's configuration in plain text" in output
    assert spectrum.project.secret not in output


def test_doctor_without_a_stack(spectrum: Emulator, make_project_folder: Callable[..., Any]) -> None:
    """Without a stack doctor reports that one problem, and not one for each check that needs a stack."""
    folder = make_project_folder(spectrum.environment)
    assert "There is no Pulumi.yaml" in folder.run("pulumi-spectrum", "doctor", status=1).stderr
    (folder.path / "Pulumi.yaml").write_text("name: here\nruntime: python\n")
    assert problems(folder).count("no stack selected") == 1
