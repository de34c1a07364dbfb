"""The program that `adopt` writes."""

import ast

import pytest
from kind_samples import KINDS

from pulumi_spectrum.cli.program import Declaration, read_program, write_program


def declare(kind: str, name: str, **arguments: object) -> Declaration:
    return Declaration(KINDS[kind], name, arguments, {})


def test_program() -> None:
    """Arguments are those a person would write, in the order of the class, and a line's number is a reference."""
    declarations = [
        declare("line", "acme-support", firstName="Acme"),
        Declaration(
            KINDS["user"],
            "bob",
            {"phoneNumber": "+14155550124", "type": "dedicated", "assignedPhoneNumber": "+16285550001"},
            {"assignedPhoneNumber": ("acme-support", "phoneNumber")},
        ),
        declare("webhook", "inbox", webhookUrl="https://app.example.com/in", enabled=False),
    ]
    assert write_program(declarations, title="Mine.", imports=["import pulumi_spectrum as spectrum"]) == (
        '"""Mine."""\n'
        "\n"
        "import pulumi_spectrum as spectrum\n"
        "\n"
        'acme_support = spectrum.Line("acme-support", first_name="Acme")\n'
        "\n"
        "bob = spectrum.User(\n"
        '    "bob",\n'
        '    phone_number="+14155550124",\n'
        '    type="dedicated",\n'
        "    assigned_phone_number=acme_support.phone_number,\n"
        ")\n"
        "\n"
        "inbox = spectrum.Webhook(\n"
        '    "inbox",\n'
        '    webhook_url="https://app.example.com/in",\n'
        "    enabled=False,\n"
        ")\n"
    )


def test_title() -> None:
    """A title is a docstring that says exactly the title, whatever is in it."""
    title = 'What "project" \'a"""\\ \u202e holds'
    source = write_program([], title=title)
    assert ast.literal_eval(source) == title
    assert source.replace("\n", "").isprintable()


def test_explicit_provider() -> None:
    """Resources of an explicit provider are given it, under the name that the program has for it."""
    written = write_program([declare("platform", "slack", platform="slack")], module="s", provider="prod")
    assert written == (
        'slack = s.Platform(\n    "slack",\n    platform="slack",\n    opts=pulumi.ResourceOptions(provider=prod),\n)\n'
    )


@pytest.mark.parametrize(
    ("source", "module", "imports"),
    [
        ("import pulumi\nimport pulumi_spectrum as spectrum\n", "spectrum", ()),
        ("import pulumi_spectrum\n", "pulumi_spectrum", ("import pulumi",)),
        ("from pulumi_spectrum import User\n", "spectrum", ("import pulumi", "import pulumi_spectrum as spectrum")),
    ],
)
def test_existing_program(source: str, module: str, imports: tuple[str, ...]) -> None:
    """Lines that are added use the program's own imports, and bring those that it lacks."""
    program = read_program(source, needs_options=True)
    assert (program.module, program.imports) == (module, imports)


def test_variables_and_providers_of_an_existing_program() -> None:
    """The variables of a program are known, and which of them holds which explicit provider."""
    program = read_program('p = spectrum.Provider("prod", project_id="x")\nalice = 1\n', needs_options=False)
    assert {"p", "alice"} <= program.variables
    assert program.providers == {"prod": "p"}
