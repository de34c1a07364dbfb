"""Slack apps: changes, secrets in clear and masked, drift, conflicts, failures, adoption."""

from typing import Any

import pulumi
import pytest
from creation_faults import faults_of_a_creation
from lifecycle_table import SentRequest, Step

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault, Switches

PATH = "/slack/"
CLIENT, OTHER_CLIENT, SIGNING, OTHER_SIGNING = ("0a1b2c3d" * 4, "c0ffee00" * 4, "5e6f7a8b" * 4, "badcab1e" * 4)
IDS = {"app_id": "A0EXAMPLE", "client_id": "1.2"}
SECRETS = {"client_secret": CLIENT, "signing_secret": SIGNING}
HELD = {"clientSecret": CLIENT, "signingSecret": SIGNING}
MASKS = ["****1234", "***", None, "", "abcd…", "REDACTED"]


@pytest.fixture
def arguments():
    """The arguments that the program gives the app; without any it declares none."""
    return {**IDS, **SECRETS}


@pytest.fixture
def app(spectrum):
    """The app in the project, where Slack is on."""
    spectrum.project.platforms.set("slack", enabled=True)
    return spectrum.project.slack


@pytest.fixture
def stack(make_stack, arguments):
    def program():
        if arguments:
            options = pulumi.ResourceOptions(**arguments.get("options", {}))
            given = {name: value for name, value in arguments.items() if name != "options"}
            app = spectrum_sdk.SlackApp("app", **given, opts=options)
            pulumi.export("installations", app.installation_count)
            pulumi.export("signingSecret", app.signing_secret)

    return make_stack(program)


@pytest.fixture
def shows(spectrum, app):
    """Has every later answer to a GET of the app show its secrets as given."""

    def show(**secrets):
        spectrum.faults.clear()
        body = {"succeed": True, "data": {**app.row, **secrets}}
        spectrum.faults.add(Fault(method="GET", path=f"*{PATH}", status=200, body=body, times=None))

    return show


def put(**fields: Any) -> SentRequest:
    return ("PUT", PATH, fields)


WIRE_IDS = {"appId": "A0EXAMPLE", "clientId": "1.2"}
OTHER_SECRETS = {**SECRETS, "client_secret": OTHER_CLIENT}
APP = [
    Step(IDS, ("create",), [put(**WIRE_IDS)], {**WIRE_IDS, "clientSecret": None}),
    Step(
        {**IDS, **SECRETS},
        ("update", "clientSecret", "signingSecret"),
        [put(**HELD)],
        HELD,
        {"installationCount": 0, "signingSecret": SIGNING},
    ),
    # Only what differs is sent.
    Step(
        {**IDS, **OTHER_SECRETS},
        ("update", "clientSecret"),
        [put(clientSecret=OTHER_CLIENT)],
        {**HELD, "clientSecret": OTHER_CLIENT},
    ),
    Step(
        {**IDS, **OTHER_SECRETS, "enabled_features": ["dms", "pins"]},
        ("update", "enabledFeatures"),
        [put(enabledFeatures=["dms", "pins"])],
        {"enabledFeatures": ["dms", "pins"]},
    ),
]
LESS_OF_THE_APP = [
    # What is taken out is not managed, and stays.
    Step(
        IDS,
        ("update", "clientSecret", "enabledFeatures", "signingSecret"),
        [],
        {**HELD, "clientSecret": OTHER_CLIENT},
    ),
    Step(
        {"enabled_features": ["files"]},
        ("update", "appId", "clientId", "enabledFeatures"),
        [put(enabledFeatures=["files"])],
        {**WIRE_IDS, "enabledFeatures": ["files"]},
    ),
    Step(None, ("delete",), [("DELETE", PATH, None)]),
]


def test_each_change_of_an_app(app, lifecycles):
    """Each change is previewed and sent as tabled, only what differs, and nothing is left to do."""
    apps = lifecycles(spectrum_sdk.SlackApp, lambda _id: app.row)
    apps.run({"app": APP})
    app.set(enabledFeatures=["pins", "dms"])
    apps.stack.assert_no_drift()
    apps.run({"app": LESS_OF_THE_APP})
    assert app.row is None


def test_secrets_that_are_not_managed_are_encrypted(app, stack, arguments):
    """A secret that the program never managed, or does no more, is encrypted from its first reading on."""
    del arguments["signing_secret"]
    stack.up()
    app.set(signingSecret=SIGNING)
    stack.refresh(diff=True)
    assert "ciphertext" in stack.resource("app")["outputs"]["signingSecret"]
    del arguments["client_secret"]
    app.set(clientSecret=OTHER_CLIENT)
    stack.up(refresh=True, diff=True)
    stack.refresh(diff=True)
    entry = stack.resource("app")
    assert entry["inputs"].keys().isdisjoint(HELD)
    assert all("ciphertext" in entry["outputs"][name] for name in HELD)
    stack.assert_no_drift()


def test_masked_secrets_are_no_drift(spectrum, stack, sent, shows):
    """A service that masks secrets, in whatever form, causes no drift, and the state keeps what was set."""
    stack.up()
    spectrum.requests.clear()
    for mask in MASKS:
        shows(clientSecret=mask, signingSecret=mask)
        assert stack.refresh(diff=True).summary == {}
        assert stack.preview(refresh=True, diff=True).changes == []
        assert stack.outputs()["signingSecret"] == SIGNING
    assert sent() == []


def test_masking_service_takes_changes(spectrum, app, stack, arguments, sent):
    """Where every answer masks the secrets, a creation and a change of a secret leave nothing to do."""
    spectrum.switches = Switches(slack_secrets="masked")
    stack.up()
    stack.assert_no_drift()
    arguments["signing_secret"] = OTHER_SIGNING
    spectrum.requests.clear()
    assert stack.up().summary == {"app": ("update", "signingSecret")}
    assert sent() == [("PUT", PATH, {"signingSecret": OTHER_SIGNING})]
    assert app.secrets() == {**HELD, "signingSecret": OTHER_SIGNING}
    stack.assert_no_drift()


def test_another_secret_in_clear_is_drift(app, stack, arguments):
    """Another secret shows as drift of that property, without its value, and the next `up` sets it back."""
    stack.up()
    app.set(clientSecret=OTHER_CLIENT, installations={})
    assert stack.refresh(preview_only=True, diff=True).summary == {"app": ("update", "clientSecret")}
    run = stack.preview(refresh=True, diff=True)
    assert run.summary == {"app": ("update", "clientSecret")}
    stack.refresh(diff=True)
    stack.up(diff=True)
    assert app.secrets() == HELD
    stack.assert_no_drift()


def test_ids_and_features_drift(app, stack, arguments):
    """A changed id and another set of features show as drift and are repaired; what is not managed may change."""
    del arguments["client_id"]
    arguments["enabled_features"] = ["dms"]
    stack.up()
    app.set(appId="A0OTHER", clientId="9.9", enabledFeatures=["dms", "files"])
    assert stack.up(refresh=True, diff=True).summary == {"app": ("update", "appId", "enabledFeatures")}
    assert (app.row["appId"], app.row["clientId"], app.row["enabledFeatures"]) == ("A0EXAMPLE", "9.9", ["dms"])
    stack.assert_no_drift()


def test_app_that_was_removed_is_set_again(app, stack):
    """An app that is null is gone, and the next `up` sets it with its secrets; a deletion of nothing succeeds."""
    stack.up()
    app.clear()
    assert stack.preview(refresh=True).summary == {"app": ("create",)}
    stack.up(refresh=True)
    assert app.secrets() == HELD
    stack.assert_no_drift()
    app.clear()
    stack.destroy()


def test_deletion_says_what_goes_with_the_app(app, stack):
    """The deletion of an app that teams have installed says so."""
    stack.up()
    now = app.row["createdAt"]
    row = {"teamId": "T1", "teamName": "Acme", "appId": "A0EXAMPLE", "botToken": "xoxb-1-of-acme", "botUserId": "U1"}
    app.set(installations={"T1": {**row, "installedAt": now, "updatedAt": now}})
    stack.refresh()
    assert stack.resource("app")["outputs"]["installationCount"] == 1
    assert "The Slack app had 1 installation, which most likely went with it" in stack.destroy().output


def test_app_of_others_is_refused_or_adopted(*, spectrum, app, stack, arguments, sent):
    """An app that somebody has set keeps its secrets, unless the program says so."""
    app.set(appId="A0THEIRS", clientSecret=OTHER_CLIENT, signingSecret=OTHER_SIGNING)
    run = stack.up(fails=True)
    assert f"This project has a Slack app already (id {spectrum.project.id})" in run.output
    assert 'set on_conflict="adopt" to take it over' in " ".join(run.output.split())
    assert sent() == []
    del arguments["signing_secret"]
    arguments["on_conflict"] = "adopt"
    stack.up()
    assert sent() == [("PUT", PATH, {"appId": "A0EXAMPLE", "clientId": "1.2", "clientSecret": CLIENT})]
    assert app.secrets() == {"clientSecret": CLIENT, "signingSecret": OTHER_SIGNING}
    stack.assert_no_drift()


@pytest.mark.parametrize("secrets", ["shown", "masked"])
def test_app_is_imported_as_it_is(*, spectrum, app, stack, arguments, sent, secrets):
    """`import_` changes nothing; a secret that differs is refused where the API shows it, and is not printed."""
    app.set(appId="A0EXAMPLE", clientId="1.2", **HELD)
    spectrum.switches = Switches(slack_secrets=secrets)
    arguments["options"] = {"import_": spectrum.project.id}
    if secrets == "shown":
        arguments["client_secret"] = OTHER_CLIENT
        assert "it differs from the program in client_secret." in stack.up(fails=True, diff=True).output
        arguments["client_secret"] = CLIENT
    stack.up()
    assert sent() == []
    stack.assert_no_drift()


@pytest.mark.parametrize("status", [403, 409, 422])
def test_platform_that_is_off_is_named(spectrum, stack, status):
    """Where the API refuses an app while Slack is off, the message says which resource turns it on."""
    spectrum.switches = Switches(slack_disabled_status=status)
    message = stack.up(fails=True).messages[0]
    assert f"(HTTP {status}): Platform slack is disabled." in message
    assert 'Turn it on with a Platform resource, platform="slack"' in message


def test_platform_that_is_turned_off_is_no_deletion(spectrum, app, stack):
    """Where the API does not even show the app while Slack is off, a refresh fails and the state keeps the app."""
    stack.up()
    spectrum.project.platforms.set("slack", enabled=False)
    body = {"succeed": False, "message": "disabled platform"}
    spectrum.faults.add(Fault(method="GET", path=f"*{PATH}", status=403, body=body, times=None))
    assert 'The platform "slack" is off in this project' in stack.refresh(fails=True).output
    assert stack.resource("app")["id"] == spectrum.project.id


@pytest.mark.parametrize("fault", faults_of_a_creation(f"*{PATH}", "PUT"))
def test_creation_survives_a_failure(spectrum, app, stack, sent, fault):
    """Whatever happens once to a request of the creation, one app is set, recorded and as the program says."""
    spectrum.faults.add(fault)
    stack.up()
    assert {body["appId"] for _, _, body in sent()} == {"A0EXAMPLE"}
    assert app.secrets() == HELD
    stack.assert_no_drift()


def test_creation_without_any_answer_is_taken_up_by_the_next_run(spectrum, app, stack):
    """An app that was set though no answer said so, and could not be read, is the resource's in the next run."""
    spectrum.faults.add(
        Fault(method="PUT", path=f"*{PATH}", drop="after", times=None),
        Fault(method="GET", path=f"*{PATH}", status=400, skip=1, times=None),
    )
    stack.up(fails=True)
    spectrum.faults.clear()
    assert "cut off after it had created this Slack app" in " ".join(stack.up().output.split())
    assert app.secrets() == HELD
    stack.assert_no_drift()


def test_refused_change_shows_no_secret(spectrum, app, stack, arguments):
    """A change that the API refuses is shown without the secrets, even if the API repeats them, and is sent again."""
    stack.up()
    arguments["client_secret"] = OTHER_CLIENT
    body = {"succeed": False, "message": f"{OTHER_CLIENT} is not of the app, {CLIENT} was"}
    spectrum.faults.add(Fault(method="PUT", path=f"*{PATH}", status=422, body=body))
    run = stack.up(fails=True, diff=True)
    assert "[clientSecret] is not of the app, [clientSecret] was." in run.output
    assert stack.up().summary == {"app": ("update", "clientSecret")}
    stack.assert_no_drift()


def test_two_apps_are_refused_at_preview(spectrum, make_stack):
    """A project has one app, so a second resource is refused before anything is sent."""

    def program():
        for name in ("one", "two"):
            spectrum_sdk.SlackApp(name, **IDS)

    (message,) = make_stack(program).preview(fails=True).messages
    assert "are the same Slack app, of which a project has only one." in message
    assert len(spectrum.requests) == 0


def test_app_is_adopted_with_its_secrets(spectrum, app, make_project_folder):
    """Secrets that the API shows are read from the configuration by the program that `adopt` writes."""
    app.set(appId="A0EXAMPLE", clientId="1.2", enabledFeatures=["dms"], **HELD)
    folder = make_project_folder({**spectrum.environment})
    adopted = folder.run("pulumi-spectrum", "adopt", "--area", "platforms", "--area", "slack-apps")
    program = (folder.path / "__main__.py").read_text()
    assert (
        'slack_app = spectrum.SlackApp(\n    "slack-app",\n    app_id="A0EXAMPLE",\n    client_id="1.2",\n'
        '    client_secret=pulumi.Config().require_secret("slackAppClientSecret"),\n'
        '    signing_secret=pulumi.Config().require_secret("slackAppSigningSecret"),\n'
        '    enabled_features=["dms"],\n)\n'
    ) in program
    assert "it holds secrets in plain text" in adopted.stderr
    folder.init()
    for key, secret in (("slackAppClientSecret", CLIENT), ("slackAppSigningSecret", SIGNING)):
        assert f"pulumi config set --secret {key}" in adopted.stderr
        folder.run("pulumi", "config", "set", "--secret", key, secret)
    exported = import_into(folder)
    assert folder.run("pulumi-spectrum", "drift").stdout == "2 resources compared: no drift.\n"
    app.set(clientSecret=OTHER_CLIENT)
    drift = folder.run("pulumi-spectrum", "drift", "--stack", "dev", status=2).stdout
    assert '"[secret]"  "[secret]"' in drift
    shown = adopted.stdout + adopted.stderr + program + exported + drift
    assert not [each for each in (CLIENT, OTHER_CLIENT, SIGNING) if each in shown]


def test_app_is_adopted_without_its_secrets(spectrum, app, make_project_folder):
    """Secrets that the API masks are left out, unless they are given, with a warning."""
    app.set(appId="A0EXAMPLE", **HELD)
    spectrum.switches = Switches(slack_secrets="masked")
    folder = make_project_folder({**spectrum.environment})
    (folder.path / "secret").write_text(f"signing_secret={SIGNING}\n")
    adopted = folder.run("pulumi-spectrum", "adopt", "--area", "slack-apps", "--secret", "slack-app=@secret")
    assert "slack-app: The API does not return client_secret of this Slack app" in " ".join(adopted.stderr.split())
    program = (folder.path / "__main__.py").read_text()
    assert "signing_secret=" in program
    assert "client_secret=" not in program
    folder.init()
    folder.run("pulumi", "config", "set", "--secret", "slackAppSigningSecret", SIGNING)
    import_into(folder)
    assert app.secrets() == HELD


def import_into(folder):
    folder.import_adopted()
    folder.run("pulumi", "preview", "--expect-no-changes", "--refresh", "--diff", "--non-interactive")
    return folder.run("pulumi", "stack", "export").stdout
