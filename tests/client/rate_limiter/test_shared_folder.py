"""The folder of the file in which the processes of a machine share their rate limit."""

import os
import stat
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pulumi_spectrum.client.machine_slots import FILE
from pulumi_spectrum.client.shared_slots import ProjectLimiters


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def limiters(temporary: Path) -> ProjectLimiters:
    """The limiters of a process that has none yet."""
    return ProjectLimiters()


def folder_in(temporary: Path) -> Path:
    return temporary / f"pulumi-spectrum-{os.getuid()}"


def test_the_folder_is_private(temporary: Path, limiters: ProjectLimiters) -> None:
    """The file is in a folder that only its user can read, and does not name the project."""
    with limiters.limiter_for("https://spectrum.example", "acme-project", 5).slot():
        pass
    (file,) = temporary.glob("*/*.sqlite3")
    assert (file.parent, stat.S_IMODE(file.parent.stat().st_mode)) == (folder_in(temporary), 0o700)
    assert b"acme" not in file.read_bytes()


def link_elsewhere(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize(
    "put_there",
    [
        lambda folder: (folder.mkdir(), folder.chmod(0o770)),
        lambda folder: folder.write_text("not a folder"),
        link_elsewhere,
        lambda folder: (folder.mkdir(mode=0o700), os.chown(folder, 4711, 4711)),
    ],
    ids=["open to others", "no folder", "a link", "another user's"],
)
def test_a_folder_that_is_not_private(
    temporary: Path, limiters: ProjectLimiters, put_there: Callable[[Path], object]
) -> None:
    """A folder that another user may have made or may change is not used, and no request fails because of it."""
    try:
        put_there(folder_in(temporary))
    except PermissionError:
        pytest.skip("only root gives folders away")
    with limiters.limiter_for("https://spectrum.example", "acme-project", 5).slot():
        pass
    assert list(temporary.rglob(FILE)) == []


def test_a_system_without_private_folders(
    temporary: Path, limiters: ProjectLimiters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a system without user ids each process limits itself."""
    monkeypatch.delattr(os, "getuid")
    with limiters.limiter_for("https://spectrum.example", "acme-project", 5).slot():
        pass
    assert list(temporary.iterdir()) == []


def test_one_limiter_for_a_project(limiters: ProjectLimiters) -> None:
    """All threads of a process get the same limiter for the same project and rate, and another for any other."""
    start = threading.Barrier(8)
    found = []

    def ask() -> None:
        start.wait()
        found.append(limiters.limiter_for("https://spectrum.example", "acme-project", 3))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    others = [
        limiters.limiter_for("https://spectrum.example", "acme-project", 2),
        limiters.limiter_for("https://spectrum.example", "other-project", 3),
        limiters.limiter_for("https://other.example", "acme-project", 3),
    ]
    assert len({id(limiter) for limiter in found}) == 1
    assert len({id(limiter) for limiter in [found[0], *others]}) == 4


def test_a_rate_that_is_not_above_zero_is_refused(limiters: ProjectLimiters) -> None:
    """A rate that is no number above 0 is refused."""
    with pytest.raises(ValueError, match="above 0"):
        limiters.limiter_for("https://spectrum.example", "acme-project", 0)
