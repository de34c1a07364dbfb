"""`pulumi-spectrum adopt --as options`, which puts the option `import_` into the program in place of an import file."""

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from pulumi_spectrum.emulator import Emulator

PROJECT = "name: here\nruntime: python\n"


def options_in(source: str) -> dict[str, dict[str | None, Any]]:
    """Return the resource options of each resource in a program's text, by the resource's name."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return {
        ast.literal_eval(call.args[0]): {each.arg: each.value for each in keyword.value.keywords}
        for call in calls
        for keyword in call.keywords
        if keyword.arg == "opts" and isinstance(keyword.value, ast.Call)
    }


def test_program_has_the_option_and_no_import_file_is_written(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """Each resource is given its own id, and refers to others as ever. What comes next is `preview` and `up`."""
    made = fill()
    result = adopt("--as", "options")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "project"
    assert sorted(path.name for path in folder.iterdir()) == ["Pulumi.yaml", "__main__.py"]
    source = (folder / "__main__.py").read_text()
    assert "import pulumi\nimport pulumi_spectrum as spectrum\n" in source
    assert "assigned_phone_number=acme_support.phone_number" in source
    ids = {name: ast.literal_eval(each["import_"]) for name, each in options_in(source).items()}
    assert ids == {
        "acme-support": made["line"]["id"],
        "imessage": "imessage",
        "alice": made["alice"]["id"],
        "bob": made["bob"]["id"],
        "app-example-com-in": made["hook"]["id"],
    }
    assert {request.method for request in spectrum.requests} == {"GET"}
    assert "pulumi import" not in result.stderr
    assert "  pulumi preview\n  pulumi up\n" in result.stderr
    assert "After `pulumi up` the options import_ may be taken out." in result.stderr


def test_old_cli_is_no_matter(
    adopt: Callable[..., Result],
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """No version of the CLI is asked for, since the option works with any."""
    fill()
    put_pulumi({"version": "v3.200.0"})
    assert "3.254" not in adopt("--as", "options").stderr


def test_dry_run_prints_the_options(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A dry run prints the program with its options, and writes nothing."""
    fill()
    result = adopt("--as", "options", "--dry-run", "--only", "imessage")
    assert 'opts=pulumi.ResourceOptions(import_="imessage")' in result.stdout
    assert not (tmp_path / "project").exists()


def test_import_file_of_an_earlier_run_is_left_alone(
    adopt: Callable[..., Result], tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A file that this form does not write neither stands in the way nor is written over by --force."""
    fill()
    path = tmp_path / "project" / "spectrum-import.json"
    path.parent.mkdir()
    path.write_text("mine")
    assert adopt("--as", "options").exit_code == 0
    assert adopt("--as", "options", "--force").exit_code == 0
    assert path.read_text() == "mine"


def test_existing_program_is_given_the_import_that_it_lacks(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """The lines for an existing program import pulumi where it does not, and no resource takes that name."""
    fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text("import pulumi_spectrum as s\n")
    put_pulumi({"stack export": json.dumps({"deployment": {"resources": []}})})
    result = adopt("--as", "options", "--into", "existing", "--area", "platforms")
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "import pulumi\n\n"
        'imessage = s.Platform(\n    "imessage",\n    platform="imessage",\n    auto_scale=True,\n'
        '    opts=pulumi.ResourceOptions(import_="imessage"),\n)\n'
    )
    assert [path.name for path in folder.iterdir() if path.name == "spectrum-import.json"] == []


def test_second_adopt_leaves_out_what_the_program_takes_over(
    adopt: Callable[..., Result],
    spectrum: Emulator,
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """Before any `up`, a second adopt prints only what is new since the program was written."""
    fill()
    adopt("--as", "options")
    spectrum.project.users.add(phoneNumber="+14155550199", firstName="Carol")
    put_pulumi({"stack export": json.dumps({"deployment": {"resources": []}})})
    result = adopt("--as", "options", "--into", "existing")
    assert result.exit_code == 0, result.output
    assert list(options_in(result.stdout)) == ["carol"]


def test_no_resource_is_called_pulumi(adopt: Callable[..., Result], spectrum: Emulator) -> None:
    """A user of that name gets another variable, since the options need the module."""
    spectrum.project.users.add(phoneNumber="+14155550123", firstName="Pulumi")
    assert "pulumi_0123 = spectrum.User(" in adopt("--as", "options", "--dry-run").stdout


def test_provider_that_only_the_program_has(
    adopt: Callable[..., Result],
    tmp_path: Path,
    fill: Callable[[], dict[str, Any]],
    put_pulumi: Callable[[dict[str, str]], None],
) -> None:
    """An explicit provider need not be in the state, because `pulumi up` makes it; one of neither is refused."""
    made = fill()
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(PROJECT)
    (folder / "__main__.py").write_text('import pulumi\nimport pulumi_spectrum as s\np = s.Provider("prod")\n')
    put_pulumi({"stack export": json.dumps({"deployment": {"resources": []}})})
    result = adopt("--as", "options", "--into", "existing", "--provider", "prod", "--only", "+14155550123")
    assert result.exit_code == 0, result.output
    assert (
        f'    opts=pulumi.ResourceOptions(\n        provider=p,\n        import_="{made["alice"]["id"]}",\n    ),\n'
        in (result.stdout)
    )
    missing = adopt("--as", "options", "--into", "existing", "--provider", "other")
    assert missing.exit_code == 1
    assert 'no spectrum.Provider named "other"' in missing.stderr


def test_secret_is_refused(
    adopt: Callable[..., Result], spectrum: Emulator, tmp_path: Path, fill: Callable[[], dict[str, Any]]
) -> None:
    """A given secret is refused with what to do, and nothing is written: the option could not carry it."""
    made = fill()
    secret = spectrum.project.webhooks.secrets(made["hook"]["id"])["signingSecret"]
    assert secret is not None
    (tmp_path / "secret").write_text(secret)
    sentence = "A secret was given for app-example-com-in, and the option import_ carries none into the state."
    for arguments, environment in (
        (("--secret", f"https://app.example.com/in=@{tmp_path / 'secret'}"), {}),
        ((), {"SPECTRUM_SECRET_APP_EXAMPLE_COM_IN": secret}),
    ):
        result = adopt("--as", "options", *arguments, **environment)
        assert result.exit_code == 1
        assert sentence in " ".join(result.stderr.split())
        assert secret not in result.output
    assert not (tmp_path / "project").exists()
