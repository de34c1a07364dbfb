"""SIP inbound targets: changes, the password that cannot be read, drift, conflicts, failures, adoption."""

import json

import pulumi
import pytest
from creation_faults import faults_of_a_creation
from lifecycle_table import SentRequest, Step

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault, Switches

PATH = "/voice/sip-inbound/"
URI, SIPS = "sip:bot@example.com", "sips:bot@sip.example.com"
PASSWORD = "Pa55-of-the-b0t"
OTHER = "An0ther-pa55"


@pytest.fixture
def arguments():
    """The arguments that the program gives the target; without any it declares none."""
    return {"sip_uri": URI, "username": "bot", "password": PASSWORD}


@pytest.fixture
def target(spectrum):
    """The target in the project, where voice is on."""
    spectrum.project.platforms.set("voice", enabled=True)
    return spectrum.project.sip_inbound


@pytest.fixture
def stack(make_stack, arguments):
    def program():
        if arguments:
            options = pulumi.ResourceOptions(**arguments.pop("options", {}))
            spectrum_sdk.VoiceSipInbound("calls", **arguments, opts=options)

    return make_stack(program)


def patch(**fields: str | None) -> SentRequest:
    return ("PATCH", PATH, fields)


def held(uri: str, username: str | None = None, password: str | None = None) -> dict[str, str | None]:
    return {"sipUri": uri, "username": username, "password": password}


PAIR = {"username": "bot", "password": PASSWORD}
OTHER_PAIR = {"username": "bot", "password": OTHER}
TARGET = [
    Step({"sip_uri": URI}, ("create",), [patch(sipUri=URI)], held(URI), {"password": None, "hasPassword": False}),
    Step(
        {"sip_uri": URI, **PAIR},
        ("update", "password", "username"),
        [patch(**PAIR)],
        held(URI, "bot", PASSWORD),
        {"password": PASSWORD, "hasPassword": True},
    ),
    # Username and password are sent together.
    Step({"sip_uri": URI, **OTHER_PAIR}, ("update", "password"), [patch(**OTHER_PAIR)], held(URI, "bot", OTHER)),
    Step({"sip_uri": SIPS, **OTHER_PAIR}, ("update", "sipUri"), [patch(sipUri=SIPS)], held(SIPS, "bot", OTHER)),
    # What is taken out is not managed, and stays.
    Step(
        {"sip_uri": SIPS},
        ("update", "password", "username"),
        [],
        held(SIPS, "bot", OTHER),
        {"password": None, "hasPassword": True},
    ),
    Step(
        {"sip_uri": SIPS, "username": "", "password": ""},
        ("update", "password", "username"),
        [patch(username=None, password=None)],
        held(SIPS),
    ),
    Step(None, ("delete",), [("DELETE", PATH, None)]),
]


def test_each_change_of_a_target(target, lifecycles):
    """Each change is previewed and sent as tabled, username and password together, and nothing is left to do."""
    lifecycles(spectrum_sdk.VoiceSipInbound, lambda _id: {**target.row, **target.secrets()}).run({"calls": TARGET})
    assert target.row is None


def test_drift_is_shown_and_repaired(spectrum, target, stack, arguments, sent):
    """An address, and a pair that was taken away, show as drift; a password that was changed by hand cannot."""
    stack.up()
    target.set(password=OTHER)
    assert stack.refresh(preview_only=True, diff=True).summary == {}
    target.set(sipUri="sip:other@example.com")
    assert stack.refresh(preview_only=True, diff=True).summary == {"calls": ("update", "sipUri")}
    target.set(username=None, password=None)
    shown = {"calls": ("update", "password", "sipUri", "username")}
    assert stack.refresh(preview_only=True, diff=True).summary == shown
    spectrum.requests.clear()
    assert stack.up(refresh=True, diff=True).summary == shown
    assert sent() == [("PATCH", PATH, {"sipUri": URI, "username": "bot", "password": PASSWORD})]
    assert target.secrets() == {"password": PASSWORD}
    stack.assert_no_drift()


def test_unmanaged_credentials_are_no_drift(target, stack, arguments):
    """Credentials that the program leaves out may change by hand; the output shows the username."""
    del arguments["username"], arguments["password"]
    stack.up()
    target.set(username="somebody", password=OTHER)
    assert stack.up(refresh=True).summary == {}
    assert stack.resource("calls")["outputs"]["username"] == "somebody"
    stack.assert_no_drift()


def test_target_that_was_removed_is_set_again(target, stack):
    """A target that is null is gone, and the next `up` sets it with its password; a deletion of nothing succeeds."""
    stack.up()
    target.clear()
    assert stack.preview(refresh=True).summary == {"calls": ("create",)}
    stack.up(refresh=True)
    assert target.secrets() == {"password": PASSWORD}
    stack.assert_no_drift()
    target.clear()
    stack.destroy()


def test_target_of_others_is_refused_or_adopted(spectrum, target, stack, arguments, sent):
    """A target that somebody has set is not touched by a creation, unless the program says so."""
    target.set(sipUri="sip:theirs@example.com", username="them", password=OTHER)
    run = stack.up(fails=True)
    assert f"This project has a SIP inbound target already (id {spectrum.project.id})" in run.output
    assert 'set on_conflict="adopt" to take it over' in " ".join(run.output.split())
    assert sent() == []
    assert target.secrets() == {"password": OTHER}
    arguments["on_conflict"] = "adopt"
    del arguments["username"], arguments["password"]
    stack.up()
    assert sent() == [("PATCH", PATH, {"sipUri": URI})]
    assert (target.row["username"], target.secrets()) == ("them", {"password": OTHER})
    stack.assert_no_drift()


def test_target_is_imported_as_it_is(spectrum, target, stack, arguments, sent):
    """`import_` changes nothing and takes the program's word for the password; another username is refused."""
    target.set(sipUri=URI, username="them", password=PASSWORD)
    arguments["options"] = {"import_": spectrum.project.id}
    assert "it differs from the program in username" in stack.up(fails=True).output
    arguments.update(username="them", options={"import_": spectrum.project.id})
    stack.up()
    assert sent() == []
    stack.assert_no_drift()


def test_two_targets_are_refused_at_preview(spectrum, make_stack):
    """A project has one target, so a second resource is refused before anything is sent."""

    def program():
        for name in ("one", "two"):
            spectrum_sdk.VoiceSipInbound(name, sip_uri=URI)

    (message,) = make_stack(program).preview(fails=True).messages
    assert "are the same SIP inbound target, of which a project has only one." in message
    assert len(spectrum.requests) == 0


def test_second_resource_in_a_later_run_is_refused(target, make_stack):
    """A resource of the stack that keeps its target is named where another one is to be created under its eyes."""
    names = ["one"]

    def program():
        for name in names:
            spectrum_sdk.VoiceSipInbound(name, sip_uri=URI, on_conflict="fail")

    stack = make_stack(program)
    stack.up()
    names[:] = ["two"]
    assert "after a rename, give this resource an alias" in stack.up(fails=True).output
    assert target.row["sipUri"] == URI


@pytest.mark.parametrize("status", [403, 409, 422])
def test_platform_that_is_off_is_named(spectrum, stack, status):
    """Whatever the status of the refusal, the message says which resource turns the platform on."""
    spectrum.switches = Switches(voice_disabled_status=status)
    run = stack.up(fails=True)
    message = run.messages[0]
    assert f"(HTTP {status}): Platform voice is disabled." in message
    assert 'Turn it on with a Platform resource, platform="voice"' in message


def test_platform_of_the_same_program_comes_first(make_stack, spectrum):
    """With the platform in depends_on both are made in one run, and removed in the other order."""

    def program():
        voice = spectrum_sdk.Platform("voice", platform="voice")
        spectrum_sdk.VoiceSipInbound("calls", sip_uri=URI, opts=pulumi.ResourceOptions(depends_on=[voice]))

    stack = make_stack(program)
    stack.up()
    stack.assert_no_drift()
    stack.destroy()
    assert spectrum.project.sip_inbound.row is None


@pytest.mark.parametrize("fault", faults_of_a_creation(f"*{PATH}", "PATCH"))
def test_creation_survives_a_failure(spectrum, target, stack, sent, fault):
    """Whatever happens once to a request of the creation, one target is set, recorded and as the program says."""
    spectrum.faults.add(fault)
    stack.up()
    assert {body["sipUri"] for _, _, body in sent()} == {URI}
    assert target.secrets() == {"password": PASSWORD}
    stack.assert_no_drift()


def test_creation_without_any_answer_is_taken_up_by_the_next_run(spectrum, target, stack):
    """A target that was set though no answer said so, and could not be read, is the resource's in the next run."""
    spectrum.faults.add(
        Fault(method="PATCH", path=f"*{PATH}", drop="after", times=None),
        Fault(method="GET", path=f"*{PATH}", status=400, skip=1, times=None),
    )
    stack.up(fails=True)
    spectrum.faults.clear()
    assert "cut off after it had created this SIP inbound target" in " ".join(stack.up().output.split())
    assert target.secrets() == {"password": PASSWORD}
    stack.assert_no_drift()


def test_refused_change_leaves_the_state_as_it_was(spectrum, target, stack, arguments):
    """A change that the API refuses is shown without the values, even if the API repeats them, and is sent again."""
    stack.up()
    arguments["password"] = OTHER
    body = {"succeed": False, "message": f"the password {OTHER} was used before, as was {PASSWORD}"}
    spectrum.faults.add(Fault(method="PATCH", path=f"*{PATH}", status=422, body=body))
    run = stack.up(fails=True)
    assert "the password [password] was used before, as was [password]." in run.output
    assert stack.up().summary == {"calls": ("update", "password")}
    assert target.secrets() == {"password": OTHER}
    stack.assert_no_drift()


def test_target_is_adopted_with_its_password(spectrum, target, make_project_folder):
    """With the password in a file, `adopt` writes a program that reads it from the configuration."""
    target.set(sipUri=URI, username="bot", password=PASSWORD)
    folder = make_project_folder({**spectrum.environment})
    (folder.path / "secret").write_text(PASSWORD)
    adopted = folder.run(
        *(
            "pulumi-spectrum",
            "adopt",
            "--area",
            "platforms",
            "--area",
            "sip-inbound-targets",
            "--secret",
            "sip-inbound=@secret",
        )
    )
    program = (folder.path / "__main__.py").read_text()
    assert 'password=pulumi.Config().require_secret("sipInboundPassword")' in program
    assert PASSWORD not in program + adopted.stdout + adopted.stderr
    assert "pulumi config set --secret sipInboundPassword" in adopted.stderr
    folder.init()
    folder.run("pulumi", "config", "set", "--secret", "sipInboundPassword", PASSWORD)
    import_into(folder)
    assert PASSWORD not in json.dumps(json.loads(folder.run("pulumi", "stack", "export").stdout))
    assert folder.run("pulumi-spectrum", "drift").stdout == "2 resources compared: no drift.\n"
    target.set(username=None, password=None)
    drift = folder.run("pulumi-spectrum", "drift", "--stack", "dev", status=2).stdout
    assert '"[secret]"' in drift
    assert PASSWORD not in drift


def test_target_is_adopted_without_its_password(spectrum, target, make_project_folder):
    """A password that is not known stays as it is, and so does the username that needs it, with a warning."""
    target.set(sipUri=URI, username="bot", password=PASSWORD)
    folder = make_project_folder({**spectrum.environment})
    adopted = folder.run("pulumi-spectrum", "adopt", "--area", "sip-inbound-targets")
    assert "sip-inbound: The API does not return password of this SIP inbound target" in adopted.stderr
    assert f'VoiceSipInbound("sip-inbound", sip_uri="{URI}")' in (folder.path / "__main__.py").read_text()
    folder.init()
    import_into(folder)
    assert target.secrets() == {"password": PASSWORD}


def import_into(folder):
    folder.import_adopted()
    folder.run("pulumi", "preview", "--expect-no-changes", "--refresh", "--diff", "--non-interactive")
