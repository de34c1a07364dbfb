"""The program that declares what was found, as a person would write and format it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category, east_asian_width

from pulumi_spectrum.cli.names import config_key_for, variable_for
from pulumi_spectrum.kinds import Kind
from pulumi_spectrum.spelling.property_names import to_snake

LINE_LENGTH = 88
"""Characters in a line: the width that formatters of Python use by default."""


@dataclass(frozen=True)
class Declaration:
    """One resource of the program.

    Args:
        kind: Its kind.
        name: Its name, in the program and in the state.
        arguments: Its arguments in the state's spelling, without those that a program need not say.
        references: Those of them that are another declaration's output: that one's name, and the output.
        import_id: The id for its resource option `import_`, or None for none.
    """

    kind: Kind
    name: str
    arguments: Mapping[str, Any]
    references: Mapping[str, tuple[str, str]]
    import_id: str | None = None

    @property
    def config_keys(self) -> dict[str, str]:
        """The secrets among the arguments, each with the configuration key from which the program takes it."""
        return {
            name: config_key_for(self.name, name)
            for name in self.kind.arguments()
            if name in self.kind.secret_outputs & self.arguments.keys() - self.references.keys()
        }


def write_program(
    declarations: Sequence[Declaration],
    *,
    title: str = "",
    imports: Sequence[str] = (),
    module: str = "spectrum",
    provider: str | None = None,
) -> str:
    """Return Python source text that declares resources.

    Args:
        declarations: The resources, each after those that it refers to.
        title: The docstring; empty for lines that are added to a program.
        imports: The import statements to begin with.
        module: What `pulumi_spectrum` is called in the program.
        provider: The variable of the explicit provider that the resources are given, if any.
    """
    lines = [_docstring(title), ""] if title else []
    lines += [*imports, ""] if imports else []
    last = None
    for declaration in declarations:
        if last is not None and declaration.kind.key != last:
            lines.append("")
        last = declaration.kind.key
        lines += _declare(declaration, module, provider)
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class ExistingProgram:
    """What a program has that the lines added to it must fit in with.

    Args:
        module: What it calls `pulumi_spectrum`, or will call it.
        imports: The import statement of `pulumi_spectrum`, where it has none.
        imports_pulumi: Whether it imports `pulumi`.
        variables: The names that it uses, those of imports that may be added included.
        providers: The variables of its explicit providers, by their names.
        taken_over: What its options `import_` name as text: for each the resource's class, the id, and the variable of
            the explicit provider or None.
    """

    module: str = "spectrum"
    imports: tuple[str, ...] = ("import pulumi_spectrum as spectrum",)
    imports_pulumi: bool = False
    variables: frozenset[str] = frozenset()
    providers: Mapping[str, str] = field(default_factory=dict)
    taken_over: frozenset[tuple[str, str, str | None]] = frozenset()

    def takes_over(self, kinds: Sequence[Kind], provider: str | None) -> set[tuple[str, str]]:
        """Return the kind's key and the id of each object that the program takes over for a provider.

        Args:
            kinds: All kinds there are.
            provider: The name of the explicit provider, or None for the default one.
        """
        variable = None if provider is None else self.providers.get(provider)
        keys = {kind.declared_by.__name__: kind.key for kind in kinds}
        return {(keys[name], object_id) for name, object_id, by in self.taken_over if name in keys and by == variable}

    def imports_for(self, declarations: Sequence[Declaration], provider: str | None) -> list[str]:
        """Return the import statements that it lacks for these declarations. The arguments are `write_program`'s."""
        uses_pulumi = provider is not None or any(each.config_keys or each.import_id for each in declarations)
        return [*(["import pulumi"] if uses_pulumi and not self.imports_pulumi else []), *self.imports]


def read_program(source: str) -> ExistingProgram:
    """Find out what lines that are added to a program must fit in with.

    Args:
        source: The program's text.

    Raises:
        SyntaxError: It is not a Python program.
    """
    tree = ast.parse(source)
    imported = {
        alias.name: alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    providers = {
        node.value.args[0].value: node.targets[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func).endswith("Provider")
        and node.value.args
        and isinstance(node.value.args[0], ast.Constant)
        and isinstance(node.value.args[0].value, str)
    }
    return ExistingProgram(
        imported.get("pulumi_spectrum", "spectrum"),
        () if "pulumi_spectrum" in imported else ("import pulumi_spectrum as spectrum",),
        imported.get("pulumi") == "pulumi",
        frozenset({*names, *imported.values(), "pulumi", "spectrum"}),
        providers,
        frozenset(_taken_over(tree)),
    )


def declares_nothing(source: str) -> bool:
    """Return whether a program is only a docstring and imports, as the one of `pulumi new`, and has no comment to lose.

    Args:
        source: The program's text, which need not be Python.
    """
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    return "#" not in source and all(
        isinstance(each, ast.Import | ast.ImportFrom)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in statements
    )


def _taken_over(tree: ast.AST) -> Iterator[tuple[str, str, str | None]]:
    """Yield the class, the id and the provider of each resource with an option `import_` that is a text."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        opts = next((each.value for each in call.keywords if each.arg == "opts"), None)
        if isinstance(opts, ast.Call):
            options = {each.arg: each.value for each in opts.keywords}
            object_id, provider = options.get("import_"), options.get("provider")
            if isinstance(object_id, ast.Constant) and isinstance(object_id.value, str):
                name = ast.unparse(call.func).rpartition(".")[2]
                yield name, object_id.value, None if provider is None else ast.unparse(provider)


def _declare(declaration: Declaration, module: str, provider: str | None) -> list[str]:
    """Write one call, on one line where that is short enough."""
    arguments: list[tuple[str, Any]] = [("", declaration.name)]
    for name in declaration.kind.arguments():
        if name in declaration.references:
            other, output = declaration.references[name]
            arguments.append((f"{to_snake(name)}=", _Code(f"{variable_for(other)}.{to_snake(output)}")))
        elif name in declaration.config_keys:
            arguments.append((f"{to_snake(name)}=", _from_config(to_snake(name), declaration.config_keys[name])))
        elif name in declaration.arguments:
            arguments.append((f"{to_snake(name)}=", declaration.arguments[name]))
    options = {"provider": provider, "import_": declaration.import_id and _literal(declaration.import_id)}
    given = [f"{name}={value}" for name, value in options.items() if value is not None]
    opening = "opts=pulumi.ResourceOptions("
    option = [f"{opening}{', '.join(given)})"] if given else []
    call = f"{variable_for(declaration.name)} = {module}.{declaration.kind.declared_by.__name__}("
    line = f"{call}{', '.join([*(f'{before}{_literal(value)}' for before, value in arguments), *option])})"
    if _width(line) <= LINE_LENGTH and "\n" not in line:
        return [line]
    if any(_width(f"    {each},") > LINE_LENGTH for each in option):
        option = ["\n".join([opening, *(f"        {each}," for each in given), "    )"])]
    written = [each for before, value in arguments for each in _element(before, value, 4)]
    return [call, *written, *(f"    {each}," for each in option), ")"]


def _element(before: str, value: Any, indent: int) -> Iterator[str]:
    """Write one element of a call, a list or a dictionary, on one line where that is short enough."""
    space = " " * indent
    line = f"{space}{before}{_literal(value)},"
    if _width(line) <= LINE_LENGTH or not value or not isinstance(value, Mapping | list | tuple):
        yield line
        return
    opening, closing = "{}" if isinstance(value, Mapping) else "[]"
    yield f"{space}{before}{opening}"
    inner = _entries(value) if isinstance(value, Mapping) else (("", each) for each in value)
    for inner_before, each in inner:
        yield from _element(inner_before, each, indent + 4)
    yield f"{space}{closing},"


def _entries(value: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    return ((f"{_literal(key)}: ", each) for key, each in value.items())


def _width(line: str) -> int:
    """Return how many columns a line takes, as a formatter counts: two for a wide character, none for an accent."""
    return sum(0 if category(each) in ("Mn", "Me") else 2 if east_asian_width(each) in "WF" else 1 for each in line)


@dataclass(frozen=True)
class _Code:
    """An expression of the program, where any other text is a value."""

    text: str


def _from_config(argument: str, key: str) -> _Code:
    """Write the value of an argument that the program takes from its configuration, where secrets are encrypted."""
    written = f"pulumi.Config().require_secret({_literal(key)})"
    if _width(f"    {argument}={written},") <= LINE_LENGTH:
        return _Code(written)
    return _Code(f"pulumi.Config().require_secret(\n        {_literal(key)}\n    )")


def _docstring(text: str) -> str:
    """Write one line of text as a docstring: a project's id may hold any printable character, quotes too."""
    body = "".join('\\"' if each == '"' else each if each == "'" else repr(each)[1:-1] for each in text)
    return f'"""{body}"""'


def _literal(value: Any) -> str:
    """Write a value as a formatter would: in double quotes, unless that takes more escapes."""
    if isinstance(value, _Code):
        return value.text
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{before}{_literal(each)}' for before, each in _entries(value))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if not isinstance(value, str):
        return repr(value)
    quote = "'" if value.count('"') > value.count("'") else '"'
    body = (f"\\{each}" if each == quote else each if each in "'\"" else repr(each)[1:-1] for each in value)
    return f"{quote}{''.join(body)}{quote}"
