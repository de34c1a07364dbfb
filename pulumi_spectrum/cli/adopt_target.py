"""Where `adopt` writes: the project, its program, and the stack that the import goes into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from pulumi_spectrum.cli.credentials import find_settings, read_environment
from pulumi_spectrum.cli.file_writing import NewFile, refuse_existing, write_files
from pulumi_spectrum.cli.known_projects import settings_of
from pulumi_spectrum.cli.printing import say
from pulumi_spectrum.cli.program import ExistingProgram, declares_nothing, read_program
from pulumi_spectrum.cli.project_file import (
    PROGRAM,
    ProjectFile,
    find_project_file,
    read_project_file,
)
from pulumi_spectrum.cli.pulumi_cli import PulumiFailed
from pulumi_spectrum.cli.stack_contents import StackContents, read_stack
from pulumi_spectrum.client import ClientSettings
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.text_files import read_program as read_source

IMPORT_FILE = "spectrum-import.json"


@dataclass(frozen=True)
class Target:
    """Where the program and the import file go.

    Args:
        folder: The folder that was named, for the import file.
        project: The project that the program belongs to, or None where a new one is to be made in the folder.
        is_new: Whether a whole program is written, and not only lines for the one that is there.
        replaces: Whether the program and the import file may take the place of files that are there.
    """

    folder: Path
    project: ProjectFile | None
    is_new: bool
    replaces: bool

    @property
    def program_file(self) -> Path:
        """The program: where `main` of the project points, or in the folder of a new project."""
        return self.folder / PROGRAM if self.project is None else _shortened(self.project.program_file)

    @property
    def replaces_program(self) -> bool:
        """Whether the program may be written over: on request, or where it declares nothing, as a new project's."""
        path = self.program_file
        return self.replaces or (path.is_file() and declares_nothing(read_source(path)))

    def refuse_existing(self, *, with_import_file: bool) -> None:
        """Refuse to write over files that are there, before anything is read from the service.

        Args:
            with_import_file: Whether an import file is to be written.

        Raises:
            click.ClickException: One of them is there.
        """
        if with_import_file:
            way_on = "It is from an earlier run: remove it once it is imported."
            refuse_existing(self.folder / IMPORT_FILE, replaces=self.replaces, way_on=way_on)
        if self.is_new:
            way_on = "To add to a program, use --into existing."
            refuse_existing(self.program_file, replaces=self.replaces_program, way_on=way_on)

    def read_program(self) -> ExistingProgram:
        """Find out what the lines have to fit in with.

        Raises:
            UnreadableText: The program is not text.
            click.ClickException: There is no program, or it is not Python.
        """
        if self.is_new:
            return read_program("")
        path = self.program_file
        if not path.exists():
            raise click.ClickException(f"There is no {path} to add to. Leave --into away to have one written.")
        try:
            return read_program(read_source(path))
        except SyntaxError as error:
            raise click.ClickException(f"{path}, line {error.lineno}: {error.msg}. Mend it first.") from None

    def read_stack(self, stack: str | None, kinds: Sequence[Kind]) -> StackContents:
        """Return what the stack has. Where there may be no stack yet, say why none was read, and go on.

        Raises:
            PulumiFailed: The stack was named, or the program is there, and the stack cannot be read.
        """
        if find_project_file(self.folder) is None:
            return StackContents()
        try:
            return read_stack(_nearest_existing(self.folder), stack, kinds)
        except PulumiFailed as failure:
            if stack is not None or not self.is_new:
                raise
            say(f"No stack was read, so what one may have already is not left out. {failure.message}", err=True)
            return StackContents()

    def write(self, source: str, document: str | None, contents: StackContents) -> None:
        """Write the import file, if there is one, and the program and the project file where they are new.

        Args:
            source: The program.
            document: What the import file holds; None where the program itself takes the objects over.
            contents: What the stack has.

        Raises:
            click.ClickException: A file cannot be written, or the program that is there has to stay.
        """
        files = []
        if document is not None:
            files.append(NewFile(self.folder / IMPORT_FILE, document, replaces=self.replaces, is_private=True))
        if self.is_new:
            self._keep_declarations(contents)
            files.append(NewFile(self.program_file, source, replaces=self.replaces_program))
        if self.project is None:
            name = re.sub(r"[^A-Za-z0-9_.-]", "-", self.folder.resolve().name) or "spectrum"
            files.append(NewFile(self.folder / "Pulumi.yaml", f"name: {name}\nruntime: python\n"))
        write_files(files)
        for file in files:
            say(f"Wrote {file.path}", err=True)

    def _keep_declarations(self, contents: StackContents) -> None:
        """Refuse to put a program that declares only what is new in the place of the one that declares the rest.

        The next `pulumi up` would delete what the stack has, in the service too.
        """
        if self.project is not None and contents.declared and self.program_file.exists():
            raise click.ClickException(
                f"{self.program_file} is kept, because the stack has resources already ({contents.declared}) that a "
                "new program would not declare, and the next `pulumi up` would delete them. Use --into existing, which "
                "prints the lines to add."
            )


def find_target(folder: Path, *, is_new: bool, replaces: bool) -> Target:
    """Return where to write for a folder, by the project file that the Pulumi CLI would take.

    Raises:
        UnreadableText: The project file is not text.
        click.ClickException: There is no project to add to, or it is one of another language.
    """
    path = find_project_file(folder)
    if path is None and not is_new:
        raise click.ClickException(f"There is no Pulumi.yaml in {folder} or above it, and so no program to add to.")
    project = None if path is None else read_project_file(path)
    if is_new and project is not None and folder.resolve() not in (project.root, project.program_folder):
        project = None  # it is one above, with its program elsewhere
    if project is not None and project.runtime != "python":
        raise click.ClickException(
            f"{_shortened(project.path)}: the runtime is {project.runtime}, and what this command writes is Python. "
            "Name a folder for a Python project of its own."
        )
    return Target(folder, project, is_new, replaces)


def read_credentials(
    folder: Path, stack: str | None, config_file: Path | None, provider: str | None, contents: StackContents
) -> ClientSettings:
    """Return the credentials of the project to read: the stack's own, or that of an explicit provider.

    Raises:
        SettingsRefused: There are none, or they cannot be used.
        PulumiFailed: The stack's configuration cannot be read, or its state cannot be decrypted.
        click.ClickException: The provider is only in the program so far, and the environment has no credentials.
    """
    existing = _nearest_existing(folder)
    find_outside = partial(find_settings, existing, stack, config_file)
    if provider is None:
        return find_outside()[0]
    if provider in contents.providers:
        return settings_of(contents.providers[provider], find_outside, existing, stack)
    settings = read_environment()
    if settings is None:
        raise click.ClickException(
            f"The state does not have provider {provider} yet, and so not its credentials. Give them in "
            "SPECTRUM_PROJECT_ID and SPECTRUM_PROJECT_SECRET."
        )
    return settings


def _nearest_existing(folder: Path) -> Path:
    return next(each for each in (folder, *folder.resolve().parents) if each.is_dir())


def _shortened(path: Path) -> Path:
    """Return a path as seen from the current folder, where it is in it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
