"""Makes sure of a Pulumi CLI for this repository and prints the folder that holds it.

Used as it is when `pulumi` on PATH is new enough and can run Python programs. Otherwise the CLI is built, once per
machine, from the Go module pinned in go.mod and go.sum, or, where there is no Go, fetched by Pulumi's own installer.
The folder is the only thing written to standard output; progress and errors go to standard error.

With the name of a folder here that pins another version, such as `newest`, it is that version whatever is on PATH.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent

OLDEST = (3, 254)
"""The first CLI whose `pulumi import --file` takes dynamic resources."""

STAND_IN = {
    "language_host.py": "pulumi-language-python",
    "language_runtime.py": "language_runtime.py",
    "programs.py": "programs.py",
    "describe_environment.py": "describe_environment.py",
}
"""The stand-in language host: each file here, and its name beside the CLI."""

FROM_THE_SDK = ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python")
"""What runs Python programs and dynamic providers, as paths in the folder of the Go module sdk/v3."""

NEEDED = ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python")
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)
SIGN_OF_LIFE_SECONDS = 15


class UnavailableError(Exception):
    """One way to a CLI is not open on this machine; the message says why."""


def main(name: str = "") -> int:
    """Print the folder of a usable CLI, installing one first if need be; 1 when there is no way to one.

    Args:
        name: The folder here that pins the version wanted; empty for this folder, and then a CLI on PATH will do too.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The installation of the Pulumi CLI was ended."))
    reasons = []
    pins = HERE / name
    ways: list[Callable[[], Path]] = [
        *(() if name else (find_on_path,)),
        partial(build_from_the_go_module, pins),
        partial(fetch_with_the_official_installer, pins),
    ]
    for find in ways:
        try:
            folder = find()
        except UnavailableError as reason:
            reasons.append(f"  - {reason}")
        else:
            print(folder)
            return 0
    oldest = ".".join(map(str, OLDEST))
    say(
        "There is no usable Pulumi CLI on this machine, and none could be installed:",
        *reasons,
        f"Install Pulumi {oldest} or newer (https://www.pulumi.com/docs/iac/download-install/) or Go"
        " (https://go.dev/doc/install) so that `pulumi` or `go` is on PATH, and try again.",
    )
    return 1


def find_on_path() -> Path:
    """The folder of `pulumi` on PATH, if that is new enough and everything it needs for Python is there too."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise UnavailableError("`pulumi` is not on PATH.")
    folder = Path(pulumi).absolute().parent
    version = ask_version(pulumi)
    if version < OLDEST:
        raise UnavailableError(f"{pulumi} is version {'.'.join(map(str, version)) or 'unknown'}, which is too old.")
    search = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    for name in NEEDED:
        if shutil.which(name, path=search) is None:
            raise UnavailableError(f"{pulumi} has no {name} beside it or on PATH, so it cannot run Python programs.")
    return folder


def ask_version(pulumi: str) -> tuple[int, ...]:
    """The version that this CLI says it has; empty when it does not say."""
    try:
        answer = subprocess.run(
            [pulumi, "version"],
            env=os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", answer.stdout.strip())
    return tuple(map(int, found.groups())) if found else ()


def pinned_version(pins: Path = HERE) -> str:
    """The version of the CLI that go.mod in this folder pins, with its `v`."""
    found = re.search(r"github\.com/pulumi/pulumi/pkg/v3 (v\S+)", (pins / "go.mod").read_text())
    if found is None:
        raise UnavailableError(f"{pins / 'go.mod'} does not pin github.com/pulumi/pulumi/pkg/v3.")
    return found[1]


def build_from_the_go_module(pins: Path = HERE) -> Path:
    """The CLI built from the Go module pinned in this folder, with the stand-in language host beside it."""
    if shutil.which("go") is None:
        raise UnavailableError("`go` is not on PATH, so the CLI cannot be built.")
    version = pinned_version(pins)
    inputs = hashlib.sha256()
    for path in (HERE / "install.py", pins / "go.mod", pins / "go.sum", *(HERE / name for name in STAND_IN)):
        inputs.update(path.read_bytes())
    return provide(f"pulumi-{version}-{inputs.hexdigest()[:16]}", lambda folder: build(version, pins, folder))


def build(version: str, pins: Path, folder: Path) -> None:
    """Fill the folder: the CLI, its language host, and what that starts."""
    say(f"Building the Pulumi CLI {version} with Go: this takes about 3 minutes on 2 cores, once.")
    stamp = f"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version}"
    run_go(
        pins,
        *("build", "-v", "-mod=readonly", "-tags", "grpcnotrace,osusergo", "-ldflags", stamp),
        *("-o", str(folder / "pulumi"), "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"),
    )
    sdk = Path(run_go(pins, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3").strip())
    copies = {sdk / path: folder / Path(path).name for path in FROM_THE_SDK}
    copies |= {HERE / source: folder / name for source, name in STAND_IN.items()}
    for source, copy in copies.items():
        shutil.copyfile(source, copy)
        copy.chmod(0o755)


def run_go(pins: Path, *arguments: str) -> str:
    """What `go` prints for these arguments in this folder, with a sign of life from time to time."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as log:
        started = time.monotonic()
        # A go.work in a folder above would replace the pinned versions. The group of its own makes the compilers
        # that `go` has started end with it.
        environment = os.environ | {"GOWORK": "off"}
        # A signal that arrives before the process is known waits until it is, since the process would be left running.
        signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
        try:
            process = subprocess.Popen(
                ["go", *arguments], cwd=pins, env=environment, stdout=output, stderr=log, process_group=0
            )
            try:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTIONS)
                while (code := wait_a_while(process)) is None:
                    log.seek(0)
                    seconds = time.monotonic() - started
                    say(f"  still at it after {seconds:.0f} s ({sum(1 for _ in log)} packages so far)")
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                raise
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTIONS)
        output.seek(0)
        log.seek(0)
        if code != 0:
            last_lines = "".join(log.readlines()[-10:]).rstrip()
            raise UnavailableError(f"`go {arguments[0]}` failed with exit code {code}, and said last:\n{last_lines}")
        return output.read()


def wait_a_while(process: subprocess.Popen[bytes]) -> int | None:
    """The exit code, or None when the process runs on after the time between two signs of life."""
    try:
        return process.wait(timeout=SIGN_OF_LIFE_SECONDS)
    except subprocess.TimeoutExpired:
        return None


def fetch_with_the_official_installer(pins: Path = HERE) -> Path:
    """The official CLI of the version pinned in this folder, which has a language host of its own."""
    version = pinned_version(pins)
    return provide(f"pulumi-{version}-official", lambda folder: fetch(version, folder)) / "bin"


def fetch(version: str, folder: Path) -> None:
    """Fill the folder through the installer that Pulumi's Automation API brings along."""
    try:
        from pulumi.automation import PulumiCommand  # noqa: PLC0415 - may be missing, and is needed here alone
        from semver import VersionInfo  # noqa: PLC0415
    except ImportError as missing:
        raise UnavailableError(
            f"{sys.executable} has no pulumi package, which brings the official installer."
        ) from missing
    say(f"Fetching the Pulumi CLI {version} with the official installer.")
    try:
        PulumiCommand.install(root=str(folder), version=VersionInfo.parse(version.removeprefix("v")))
    except Exception as failure:
        raise UnavailableError(f"The official installer failed: {failure}") from failure


def provide(name: str, fill: Callable[[Path], None]) -> Path:
    """The folder of that name, filled on first use: in the user's cache, or in this repository if that is read-only."""
    user_cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - works without a home
    roots = (Path(user_cache) / "pulumi-spectrum", REPOSITORY / "build" / "pulumi-cli")
    for root in roots:
        if (root / name).is_dir():
            return root / name
    root = first_writable(roots)
    folder = root / name
    with only_one(root / f".{name}.lock"):
        if not folder.is_dir():
            # Filled elsewhere and moved in whole, so that a folder of that name is always complete.
            with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=root) as unfinished:
                filled = Path(unfinished) / name
                filled.mkdir()
                fill(filled)
                filled.rename(folder)
            say(f"The Pulumi CLI is ready in {folder}")
    return folder


def first_writable(folders: tuple[Path, ...]) -> Path:
    """The first of these folders that can be written to, made if need be."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    raise UnavailableError(f"Neither of {' and '.join(map(str, folders))} can be written to.")


@contextlib.contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Let one process at a time pass; the others wait."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is installing the Pulumi CLI already: waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def say(*lines: str) -> None:
    """Print progress on standard error."""
    print(*lines, sep="\n", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
