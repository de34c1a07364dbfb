"""The calls that the engine makes of a language host, answered for Python."""
# ruff: noqa: N802, ARG002 - the protocol names the calls, and gives each of them a request and a context
# mypy: allow-untyped-calls

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import grpc
from programs import Programs
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

HERE = Path(__file__).resolve().parent
LARGEST_MESSAGE_BYTES = 400 * 1024 * 1024  # the engine's own limit
SHOWN_TO_USER = 32  # the exit code of a program that has reported its own error

WITHOUT_PLUGIN = {"pulumi-policy", "pulumi-esc-sdk"}
"""Pulumi's own packages that have no plugin, and do not say so in a `pulumi-plugin.json`."""

PHASES = {"a": "alpha", "b": "beta", "rc": "rc"}
"""How a Python version and a semantic version spell what comes before a release."""

OFFICIAL_CLI = "the official Pulumi CLI (https://www.pulumi.com/docs/iac/download-install/)"


class Interpreter(NamedTuple):
    """A program's Python: its path, and the environment in which it runs."""

    path: str
    environment: dict[str, str]


def serve(programs: Programs, engine: str, tracing: str) -> tuple[grpc.Server, int]:
    """Start a language host for the engine at that address; return the server and its port on loopback."""
    options = [
        ("grpc.max_receive_message_length", LARGEST_MESSAGE_BYTES),
        ("grpc.max_send_message_length", LARGEST_MESSAGE_BYTES),
        ("grpc.so_reuseport", 0),
    ]
    server = grpc.server(ThreadPoolExecutor(), options=options)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageRuntime(programs, engine, tracing), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


class LanguageRuntime(language_pb2_grpc.LanguageRuntimeServicer):
    """A language host that runs programs and knows their packages. Generating code is left to the official one.

    Args:
        programs: Where the programs that run are kept, for the process to end when it has to.
        engine: The engine's address, passed on to the programs.
        tracing: The tracing endpoint, passed on to the programs; may be empty.
    """

    def __init__(self, programs: Programs, engine: str, tracing: str) -> None:
        self._programs = programs
        self._engine = engine
        self._tracing = tracing

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """Take the engine's address from an engine that does not pass it on the command line."""
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: object, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Answer with the version of the SDK whose protocol is spoken here."""
        return plugin_pb2.PluginInfo(version=version("pulumi"))

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """List the plugins that the installed packages need."""
        packages = describe(find_interpreter(request.info, context))["packages"]
        required = [dependency for package in packages if (dependency := find_plugin(package))]
        return language_pb2.GetRequiredPackagesResponse(packages=required)

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        """Run the program until it ends, or until the engine loses interest in it."""
        if request.attach_debugger:
            return language_pb2.RunResponse(error=f"debugging a program takes {OFFICIAL_CLI}.")
        python, environment = find_interpreter(request.info, context)
        if request.config:
            environment["PULUMI_CONFIG"] = json.dumps(dict(request.config))
        environment["PULUMI_CONFIG_SECRET_KEYS"] = json.dumps(list(request.configSecretKeys))
        executor = str(HERE / "pulumi-language-python-exec")
        try:
            program = self._programs.start([python, "-u", executor, *self._arguments(request)], environment)
        except OSError as failure:
            error = f"problem executing program (could not run language executor): {failure}"
            return language_pb2.RunResponse(error=error)
        if not context.add_callback(program.end):
            program.end()
        code = program.wait()
        if program.was_ended or code == SHOWN_TO_USER:
            return language_pb2.RunResponse(bail=True)
        if code != 0:
            return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {code}")
        return language_pb2.RunResponse()

    def _arguments(self, request: language_pb2.RunRequest) -> Iterator[str]:
        options = {
            "monitor": request.monitor_address,
            "engine": self._engine,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "dry_run": "true" if request.dryRun else "false",
            "parallel": str(request.parallel),
            "tracing": self._tracing,
            "organization": request.organization,
        }
        for name, value in options.items():
            if value:
                yield from (f"--{name}", value)
        yield request.info.entry_point
        yield from request.args

    def Cancel(self, request: object, context: grpc.ServicerContext) -> object:
        """End the programs that run: the user has interrupted the engine."""
        self._programs.end_all()
        return request  # which is empty, as the answer has to be

    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        """Name the interpreter that runs the program."""
        environment = describe(find_interpreter(request.info, context))
        return language_pb2.AboutResponse(executable=environment["executable"], version=environment["version"])

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        """List the installed packages: all, or those alone that no other one requires."""
        packages = describe(find_interpreter(request.info, context))["packages"]
        if not request.transitiveDependencies:
            required = {normalize(name) for package in packages for name in package["requires"]}
            packages = [package for package in packages if normalize(package["name"]) not in required]
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=package["name"], version=package["version"]) for package in packages
            ]
        )

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Make the project's virtual environment and install its requirements.txt."""
        folder = Path(request.info.program_directory)
        virtualenv = find_virtualenv(request.info, context)
        python = find_python(context)
        commands = []
        if virtualenv is not None:
            commands.append([python, "-m", "venv", str(virtualenv)])
            python = str(virtualenv / "bin" / "python")
        if (folder / "requirements.txt").exists():
            commands.append([python, "-m", "pip", "install", "--requirement", "requirements.txt"])
        for command in commands:
            program = self._programs.start(command, os.environ, folder, subprocess.PIPE)
            if not context.add_callback(program.end):
                program.end()
            for line in program.output or ():
                yield language_pb2.InstallDependenciesResponse(stdout=line)
            if program.wait() != 0:
                refuse(context, f"`{' '.join(command)}` failed in {folder}.")

    def Template(
        self, request: language_pb2.TemplateRequest, context: grpc.ServicerContext
    ) -> language_pb2.TemplateResponse:
        """Leave a project that `pulumi new` has made as it is."""
        return language_pb2.TemplateResponse()

    def RuntimeOptionsPrompts(
        self, request: language_pb2.RuntimeOptionsRequest, context: grpc.ServicerContext
    ) -> language_pb2.RuntimeOptionsResponse:
        """Ask no further questions in `pulumi new`."""
        return language_pb2.RuntimeOptionsResponse()

    def GetRequiredPlugins(self, request: object, context: grpc.ServicerContext) -> NoReturn:
        """Refuse: the engine asks this only of language hosts that do not know GetRequiredPackages."""
        refuse(context, "Ask GetRequiredPackages instead.", grpc.StatusCode.UNIMPLEMENTED)

    def GenerateProgram(self, request: object, context: grpc.ServicerContext) -> NoReturn:
        """Refuse: the generator of Python code is part of the official language host."""
        reason = (
            f"Writing Python code takes {OFFICIAL_CLI}."
            " What was to be imported is in the stack; --generate-code=false does without the code."
        )
        refuse(context, reason, grpc.StatusCode.UNIMPLEMENTED)

    def GeneratePackage(self, request: object, context: grpc.ServicerContext) -> NoReturn:
        """Refuse: plugins, their packages and their SDKs are the business of the official language host."""
        refuse(context, f"Plugins and packages in Python take {OFFICIAL_CLI}.", grpc.StatusCode.UNIMPLEMENTED)

    GenerateProject = GenerateProgram
    Link = Pack = RunPlugin = GeneratePackage


def find_interpreter(info: language_pb2.ProgramInfo, context: grpc.ServicerContext) -> Interpreter:
    """The Python that a project runs with: that of its virtual environment, or of the activated one."""
    virtualenv = find_virtualenv(info, context)
    environment = os.environ.copy()
    if virtualenv is None:
        return Interpreter(find_python(context), environment)
    python = virtualenv / "bin" / "python"
    if not python.exists():
        reason = f"There is no virtual environment in {virtualenv}, where Pulumi.yaml has it: run `pulumi install`."
        refuse(context, reason)
    environment.pop("PYTHONHOME", None)
    environment["VIRTUAL_ENV"] = str(virtualenv)
    environment["PATH"] = os.pathsep.join((str(python.parent), environment.get("PATH", "")))
    return Interpreter(str(python), environment)


def find_virtualenv(info: language_pb2.ProgramInfo, context: grpc.ServicerContext) -> Path | None:
    """The virtual environment that the options in Pulumi.yaml name; None for whichever is activated."""
    options = dict(info.options)
    toolchain = options.pop("toolchain", "pip")
    virtualenv = options.pop("virtualenv", ".venv" if toolchain == "uv" else "")
    if options or toolchain not in {"pip", "uv"}:
        reason = f"Runtime options other than `virtualenv` and the toolchains pip and uv take {OFFICIAL_CLI}."
        refuse(context, reason)
    return Path(info.root_directory, virtualenv) if virtualenv else None


def find_python(context: grpc.ServicerContext) -> str:
    """The Python of the activated environment."""
    commands = [command] if (command := os.environ.get("PULUMI_PYTHON_CMD")) else ["python3", "python"]
    python = next(filter(None, map(shutil.which, commands)), None)
    if python is None:
        refuse(context, f"There is no {' or '.join(commands)} on PATH: install Python 3.11 or newer.")
    return python


def describe(interpreter: Interpreter) -> dict[str, Any]:
    """What describe_environment.py finds there."""
    command = [interpreter.path, str(HERE / "describe_environment.py")]
    answer = subprocess.run(command, env=interpreter.environment, stdout=subprocess.PIPE, check=True)
    description: dict[str, Any] = json.loads(answer.stdout)
    return description


def find_plugin(package: dict[str, Any]) -> plugin_pb2.PackageDependency | None:
    """The plugin that a package needs: that of its `pulumi-plugin.json`, or the one it is named after, or none."""
    plugin = package["plugin"]
    name = normalize(package["name"])
    if plugin is None:
        if not name.startswith("pulumi-") or name in WITHOUT_PLUGIN:
            return None
        plugin = {"resource": True}
    plugin_version = plugin.get("version") or to_semantic_version(package["version"])
    if not plugin.get("resource") or plugin_version is None:
        return None
    parameterization = plugin.get("parameterization")
    return plugin_pb2.PackageDependency(
        name=plugin.get("name") or name.removeprefix("pulumi-"),
        version="v" + plugin_version.removeprefix("v"),
        kind="resource",
        server=plugin.get("server", ""),
        parameterization=parameterization
        and plugin_pb2.PackageParameterization(
            name=parameterization["name"],
            version=parameterization["version"],
            value=base64.b64decode(parameterization["value"]),
        ),
    )


def to_semantic_version(python_version: str) -> str | None:
    """The version of the plugin that was released as this version of its Python package; None when that is unclear."""
    found = re.fullmatch(r"(\d+(?:\.\d+)*)(?:(a|b|rc)(\d+))?(?:\.(post\d+))?(?:\.(dev\d+))?", python_version)
    if found is None:
        return None
    numbers, phase, serial, post, development = found.groups()
    numbers += ".0" * (2 - numbers.count("."))
    prerelease = f"-{PHASES[phase]}.{serial}" if phase else ""
    build = "".join(filter(None, (post, development)))
    return numbers + prerelease + (f"+{build}" if build else "")


def normalize(name: str) -> str:
    """A package's name in the one spelling that names are compared in."""
    return re.sub(r"[-_.]+", "-", name).lower()


def refuse(
    context: grpc.ServicerContext, reason: str, code: grpc.StatusCode = grpc.StatusCode.FAILED_PRECONDITION
) -> NoReturn:
    """End a call with a sentence for the person at the CLI."""
    context.abort(code, reason)
    raise AssertionError  # abort does not return
