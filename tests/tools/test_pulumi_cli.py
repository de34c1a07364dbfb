"""Installing the Pulumi CLI on a machine that does not have it."""

import importlib.util
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

HANG_GUARD_SECONDS = 60
INSTALL = Path(__file__).parents[2] / "tools" / "pulumi-cli" / "install.py"


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The installer, with an empty PATH and with caches in the test's own folder."""
    specification = importlib.util.spec_from_file_location("install", INSTALL)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    monkeypatch.setattr(module, "REPOSITORY", tmp_path / "repository")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return module


def put_on_path(folder: Path, *names: str, says: str = "") -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        script = folder / name
        script.write_text(f"#!/bin/sh\necho '{says}'\n")
        script.chmod(0o755)


@pytest.mark.parametrize("version", ["v3.254.0", "v3.300.1-alpha.1+dirty", "4.0.0"])
def test_pulumi_on_path(install: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], version: str) -> None:
    """A complete, new enough CLI on PATH is used, and only its folder is printed."""
    put_on_path(tmp_path / "bin", *install.NEEDED, says=version)
    assert install.main() == 0
    assert capsys.readouterr() == (f"{tmp_path / 'bin'}\n", "")


@pytest.mark.parametrize("version", ["v3.253.9", "v2.300.0", "nonsense"])
def test_pulumi_on_path_is_old(install: ModuleType, tmp_path: Path, version: str) -> None:
    """A CLI that cannot import dynamic resources, or that prints no version, is not used."""
    put_on_path(tmp_path / "bin", *install.NEEDED, says=version)
    with pytest.raises(install.UnavailableError, match="too old"):
        install.find_on_path()


@pytest.mark.parametrize("missing", ["pulumi-language-python", "pulumi-resource-pulumi-python"])
def test_pulumi_on_path_is_incomplete(install: ModuleType, tmp_path: Path, missing: str) -> None:
    """A CLI without the parts that run Python programs or dynamic resources is not used."""
    put_on_path(tmp_path / "bin", *(name for name in install.NEEDED if name != missing), says="v3.259.0")
    with pytest.raises(install.UnavailableError, match=missing):
        install.find_on_path()


def test_every_way_to_install_fails(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """If every way fails, each reason is printed, then what to install, and standard output stays empty."""

    def refuse(version: str, _folder: Path) -> None:
        raise install.UnavailableError(f"No way to fetch {version}.")

    monkeypatch.setattr(install, "fetch", refuse)
    assert install.main() == 1
    output, errors = capsys.readouterr()
    assert output == ""
    assert "`pulumi` is not on PATH." in errors
    assert "`go` is not on PATH" in errors
    assert f"No way to fetch {install.pinned_version()}." in errors
    assert "Install Pulumi 3.254 or newer" in errors


def test_build_fills_one_folder(install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A build puts the CLI, the language host and their helpers in one folder, and is not repeated."""
    put_on_path(tmp_path / "bin", "go")
    sdk = tmp_path / "sdk"
    for path in install.FROM_THE_SDK:
        (sdk / path).parent.mkdir(parents=True, exist_ok=True)
        (sdk / path).touch()
    calls = []

    def run_go(_pins: Path, *arguments: str) -> str:
        calls.append(arguments)
        if arguments[0] == "list":
            return f"{sdk}\n"
        put_on_path(Path(arguments[arguments.index("-o") + 1]).parent, "pulumi")
        return ""

    monkeypatch.setattr(install, "run_go", run_go)
    folder = install.build_from_the_go_module()
    assert {path.name for path in folder.iterdir() if os.access(path, os.X_OK)} >= {
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
    }
    assert folder.parent == tmp_path / "cache" / "pulumi-spectrum"
    assert install.build_from_the_go_module() == folder
    assert [call[0] for call in calls] == ["build", "list"]
    assert all("-mod=readonly" in call for call in calls)


def test_version_of_another_folder(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the name of a folder that pins another version, that version is installed, whatever is on PATH."""
    put_on_path(tmp_path / "bin", *install.NEEDED, says="v3.259.0")
    monkeypatch.setattr(install, "fetch", lambda version, folder: (folder / version).touch())
    assert install.main("newest") == 0
    folder = Path(capsys.readouterr().out.strip())
    (fetched,) = folder.parent.iterdir()
    assert fetched.name == install.pinned_version(INSTALL.parent / "newest") != install.pinned_version()


def test_failed_build_leaves_no_cli(install: ModuleType, tmp_path: Path) -> None:
    """A build that fails prints the last output of `go`, and leaves no folder that looks like a CLI."""
    put_on_path(tmp_path / "bin", "go")
    (tmp_path / "bin" / "go").write_text("#!/bin/sh\necho 'no space left on device' >&2\nexit 1\n")
    with pytest.raises(install.UnavailableError, match="no space left on device"):
        install.build_from_the_go_module()
    assert [path for path in (tmp_path / "cache" / "pulumi-spectrum").iterdir() if path.is_dir()] == []


def test_concurrent_builds(install: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two concurrent installations one builds, and the other prints that it waits, and waits for the first."""
    begun, waiting = threading.Event(), threading.Event()
    fills, folders = [], []
    monkeypatch.setattr(install, "say", lambda line: "waiting for it" in line and waiting.set())

    def fill(folder: Path) -> None:
        fills.append(folder)
        begun.set()
        assert waiting.wait(HANG_GUARD_SECONDS)

    first = threading.Thread(target=lambda: folders.append(install.provide("one", fill)))
    first.start()
    assert begun.wait(HANG_GUARD_SECONDS)
    folders.append(install.provide("one", fill))
    first.join()
    assert len(fills) == 1
    assert folders[0] == folders[1]


def test_unwritable_cache(install: ModuleType, tmp_path: Path) -> None:
    """Where the user's cache cannot be written to, the CLI is kept in the repository's build folder."""
    (tmp_path / "cache").touch()
    folder = install.provide("one", lambda folder: (folder / "pulumi").touch())
    assert folder == tmp_path / "repository" / "build" / "pulumi-cli" / "one"
    assert (folder / "pulumi").exists()


def test_removed_cache(install: ModuleType, tmp_path: Path) -> None:
    """A cache that was removed is filled again."""
    fills = []
    for _ in range(2):
        install.provide("one", fills.append).rmdir()
    assert len(fills) == 2


def test_termination_ends_the_build(tmp_path: Path) -> None:
    """A terminated installation ends `go` and its compilers, and leaves no partial folder."""
    put_on_path(tmp_path / "bin", "go")
    held = tmp_path / "held"
    os.mkfifo(held)
    (tmp_path / "bin" / "go").write_text(f"#!/bin/sh\nexec 3> {held}\n/bin/sleep 600 &\necho up >&3\nwait\n")
    environment = {"PATH": str(tmp_path / "bin"), "XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    with (
        subprocess.Popen(
            [sys.executable, INSTALL], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process,
        held.open() as pipe,
    ):
        assert pipe.readline() == "up\n"
        process.terminate()
        output, errors = process.communicate(timeout=HANG_GUARD_SECONDS)
        # Readable, and at its end: no process holds the other end. A killed process may take a moment to let go of it.
        assert select.select([pipe], [], [], HANG_GUARD_SECONDS)[0]
        assert os.read(pipe.fileno(), 1) == b""
    assert (output, process.returncode) == ("", 1)
    assert errors.endswith("The installation of the Pulumi CLI was ended.\n")
    assert [path for path in (tmp_path / "cache" / "pulumi-spectrum").iterdir() if path.is_dir()] == []
