#!/usr/bin/env python3
"""A stand-in for `pulumi-language-python`, which a CLI built from source lacks: runs Python programs for the engine.

The engine starts it with its own address as the last argument, reads a port from its standard output, and calls
`pulumirpc.LanguageRuntime` there. It ends when the engine interrupts it or is gone, and all that it started with it.
"""

import argparse
import importlib.util
import os
import signal
import sys
from types import ModuleType

from programs import Programs

MISSING = """\
{executable} has no pulumi package. Pulumi runs Python programs with the `python3` that comes first on PATH:
activate the virtual environment in which you ran `pip install pulumi`, and try again."""


def main() -> None:
    """Serve until the engine has gone."""
    programs = Programs()

    def leave(*_: object) -> None:
        programs.end_all()
        os._exit(0)  # the threads of the gRPC server would hold up an orderly exit, and there is nothing to save

    # First of all, since the engine may interrupt at any time, and a traceback would land in the user's output.
    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)

    arguments = argparse.ArgumentParser(allow_abbrev=False)
    arguments.add_argument("--tracing", default="")
    arguments.add_argument("engine", nargs="?", default="")
    options, _ = arguments.parse_known_args()

    if importlib.util.find_spec("pulumi") is None or importlib.util.find_spec("grpc") is None:
        sys.exit(MISSING.format(executable=sys.executable))
    skip_the_sdk()
    from language_runtime import serve  # noqa: PLC0415 - not before the two steps above

    _server, port = serve(programs, options.engine, options.tracing)  # it serves for as long as it is referred to
    print(port, flush=True)
    # The engine holds the other end of our standard input, and never writes to it: this returns when it is gone.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    leave()


def skip_the_sdk() -> None:
    """Make the protocol's modules importable without the SDK around them, whose import takes three times as long.

    The engine starts a language host twice for every `pulumi up`.
    """
    specification = importlib.util.find_spec("pulumi")
    if specification is not None and specification.submodule_search_locations:
        folder = specification.submodule_search_locations[0]
        for name, path in (("pulumi", folder), ("pulumi.runtime", os.path.join(folder, "runtime"))):  # noqa: PTH118
            package = ModuleType(name)
            package.__path__ = [path]
            sys.modules[name] = package


if __name__ == "__main__":
    main()
