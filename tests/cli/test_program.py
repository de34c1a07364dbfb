"""The program that `adopt` writes."""

import ast

import pytest
from kind_samples import KINDS

from pulumi_spectrum.cli.program import Declaration, declares_nothing, read_program, write_program


def declare(kind: str, name: str, **arguments: object) -> Declaration:
    return Declaration(KINDS[kind], name, arguments, {})


def test_written_program() -> None:
    """Arguments are written in the order of the class, and a line's number as a reference to the line's variable."""
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


def test_title_is_the_docstring() -> None:
    """The title becomes a docstring with exactly its text, quotes and invisible characters included."""
    title = 'What "project" \'a"""\\ \u202e holds'
    source = write_program([], title=title)
    assert ast.literal_eval(source) == title
    assert source.replace("\n", "").isprintable()


def test_explicit_provider() -> None:
    """Resources of an explicit provider are declared with the program's variable for that provider."""
    written = write_program([declare("platform", "slack", platform="slack")], module="s", provider="prod")
    assert written == (
        'slack = s.Platform(\n    "slack",\n    platform="slack",\n    opts=pulumi.ResourceOptions(provider=prod),\n)\n'
    )


@pytest.mark.parametrize(
    ("source", "module", "imports"),
    [
        ("import pulumi\nimport pulumi_spectrum as spectrum\n", "spectrum", []),
        ("import pulumi_spectrum\n", "pulumi_spectrum", ["import pulumi"]),
        ("from pulumi_spectrum import User\n", "spectrum", ["import pulumi", "import pulumi_spectrum as spectrum"]),
    ],
)
def test_imports_of_an_existing_program(source: str, module: str, imports: list[str]) -> None:
    """Added declarations use the existing program's imports, and missing imports are added."""
    program = read_program(source)
    assert (program.module, program.imports_for([], "prod")) == (module, imports)
    assert program.imports_for([declare("line", "acme")], None) == [each for each in imports if each != "import pulumi"]


def test_variables_and_providers_of_an_existing_program() -> None:
    """Reading a program finds its variables, and the variable of each explicit provider."""
    program = read_program('p = spectrum.Provider("prod", project_id="x")\nalice = 1\n')
    assert {"p", "alice"} <= program.variables
    assert program.providers == {"prod": "p"}


def test_objects_that_an_existing_program_takes_over() -> None:
    """Reading a program finds the ids that its options `import_` name, for each kind and provider apart."""
    program = read_program(
        'p = s.Provider("prod")\n'
        's.User("a", opts=pulumi.ResourceOptions(import_="1"))\n'
        'User("b", opts=ResourceOptions(parent=x, import_="2"))\n'
        's.Platform("c", platform="imessage", opts=pulumi.ResourceOptions(import_="imessage", provider=p))\n'
        's.Line("d", opts=pulumi.ResourceOptions(import_=config.get("line")))\n'
        'aws.Bucket("e", opts=pulumi.ResourceOptions(import_="3"))\n'
        's.Line("f", opts=options)\n',
    )
    kinds = list(KINDS.values())
    assert program.takes_over(kinds, None) == {("user", "1"), ("user", "2")}
    assert program.takes_over(kinds, "prod") == {("platform", "imessage")}


def test_nested_values() -> None:
    """Lists and dictionaries inside an argument are written on one line where they fit, else an element to a line."""
    example = {"body_text": [["Ada", 'the "first"'], []], "empty": {}, "count": 2, "wide": "文" * 32}
    parts = [{"type": "BODY", "text": "Hello {{1}},\nit's me"}, {"type": "BUTTONS", "example": example}]
    assert write_program([declare("webhook", "inbox", eventTypes=parts)]) == (
        "inbox = spectrum.Webhook(\n"
        '    "inbox",\n'
        "    event_types=[\n"
        '        {"type": "BODY", "text": "Hello {{1}},\\nit\'s me"},\n'
        "        {\n"
        '            "type": "BUTTONS",\n'
        '            "example": {\n'
        '                "body_text": [["Ada", \'the "first"\'], []],\n'
        '                "empty": {},\n'
        '                "count": 2,\n'
        '                "wide": "' + "文" * 32 + '",\n'
        "            },\n"
        "        },\n"
        "    ],\n"
        ")\n"
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", True),
        ('"""A Python Pulumi program"""\n\nimport pulumi\nfrom pulumi_spectrum import User\n', True),
        ("import pulumi\n# The on-call phone is declared elsewhere.\n", False),
        ('import pulumi\npulumi.export("a", 1)\n', False),
        ("this is not Python", False),
        ("\0", False),
    ],
)
def test_program_without_declarations(source: str, expected: bool) -> None:
    """A program of a docstring and imports declares nothing; any other statement, and any comment, is kept."""
    assert declares_nothing(source) is expected
