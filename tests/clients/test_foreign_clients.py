"""The emulator, as read by clients that other projects wrote."""

from typing import Any

from pulumi_spectrum.emulator import Emulator

PHONE = "+15551234567"
URL = "https://app.example.com/spectrum"


def credentials(spectrum: Emulator) -> dict[str, str]:
    """The arguments of eve's functions."""
    return {"projectId": spectrum.project_id, "projectSecret": spectrum.project_secret}


# The vendor's SDK


def test_sdk_starts_with_the_project(spectrum: Emulator, core: Any) -> None:
    """The vendor's SDK reads the project when it starts, and takes its configuration from it."""
    config = core.start(spectrum.project_id, spectrum.project_secret)
    assert config == spectrum.project.row
    assert spectrum.requests.operations()[0] == "getProject"


def test_sdk_reads_the_project_id(spectrum: Emulator, core: Any) -> None:
    """The project has the id that the SDK's types declare, if the row carries one."""
    spectrum.switch(project_row_has_id=True)
    assert core.getProject(spectrum.project_id, spectrum.project_secret)["id"] == spectrum.project_id


def test_sdk_turns_a_platform_on(spectrum: Emulator, core: Any) -> None:
    """The response to turning a platform on or off is the map of all platforms, keyed by their names."""
    platforms = core.togglePlatform(spectrum.project_id, spectrum.project_secret, "imessage", True)
    assert {name: platform["enabled"] for name, platform in platforms.items()} == {
        "imessage": True,
        "whatsapp_business": False,
        "voice": False,
        "slack": False,
    }
    assert spectrum.project.platforms["imessage"]["enabled"]
    (request,) = spectrum.requests
    assert (request.operation_id, request.body) == ("togglePlatform", {"platform": "imessage", "enabled": True})


def test_sdk_requests_without_credentials(spectrum: Emulator, core: Any) -> None:
    """The SDK sends three of its requests without credentials, and raises each 401 as its own error."""
    names = ("getPlatforms", "getSubscription", "getImessageInfo")
    errors = [core.fail(name, spectrum.project_id) for name in names]
    assert {(error.kind, error.status, error.code) for error in errors} == {("SpectrumCloudError", 401, "401")}
    assert spectrum.requests.operations() == ["listPlatforms", "getSubscription", "getImessageInfo"]


def test_sdk_with_wrong_secret(spectrum: Emulator, core: Any) -> None:
    """The SDK raises its own error for a wrong secret, with the service's code and message."""
    error = core.fail("getProject", spectrum.project_id, "wrong")
    assert (error.kind, error.status, error.code, error.message) == (
        "SpectrumCloudError",
        401,
        "401",
        "Invalid credentials",
    )


def test_sdk_with_unknown_platform(spectrum: Emulator, core: Any) -> None:
    """The SDK raises its own error for a platform that the service does not know, with the service's sentence."""
    error = core.fail("togglePlatform", spectrum.project_id, spectrum.project_secret, "fax", True)
    assert (error.kind, error.status, error.code) == ("SpectrumCloudError", 422, "422")
    assert "platform" in error.message


def test_client_connects_to_no_other_machine(spectrum: Emulator, start_client: Any) -> None:
    """A client whose base URL is another machine fails before it connects."""
    elsewhere = start_client("core.mjs", SPECTRUM_CLOUD_URL="http://spectrum.invalid")
    error = elsewhere.fail("getProject", spectrum.project_id, spectrum.project_secret)
    assert error.message == "fetch failed: spectrum.invalid is not this machine"
    assert len(spectrum.requests) == 0


# An agent framework that sets up a project


def test_eve_creates_a_shared_user(spectrum: Emulator, eve: Any) -> None:
    """In a project without lines, eve creates a user and uses the number that the service assigned."""
    project = eve.usePhotonProject({**credentials(spectrum), "phoneNumber": PHONE})
    (user,) = spectrum.project.users
    assert user["phoneNumber"] == PHONE
    assert project["assignedPhoneNumber"] == user["assignedPhoneNumber"]
    assert spectrum.requests.operations() == ["routeLine", "createUser"]


def test_eve_uses_a_dedicated_line(spectrum: Emulator, eve: Any) -> None:
    """In a project with a line, eve uses that line's number and creates no user."""
    assert eve.findDedicatedPhotonLine(credentials(spectrum)) is None
    line = spectrum.project.lines.add()
    assert eve.findDedicatedPhotonLine(credentials(spectrum)) == line["phoneNumber"]
    assert eve.usePhotonProject(credentials(spectrum))["assignedPhoneNumber"] == line["phoneNumber"]
    assert len(spectrum.project.users) == 0


def test_eve_shows_the_services_message(spectrum: Emulator, eve: Any) -> None:
    """Eve's error about a wrong secret ends with the service's own message."""
    error = eve.fail("findDedicatedPhotonLine", {**credentials(spectrum), "projectSecret": "wrong"})
    assert error.message == "Photon dedicated line lookup failed: Invalid credentials"


# Any client of the OpenAPI document


def test_list_of_webhooks_is_an_array(spectrum: Emulator, openapi: Any) -> None:
    """The list of webhooks is a plain array in the envelope, without secrets."""
    assert openapi.listWebhooks() == {"succeed": True, "data": []}
    row = openapi.createWebhook({}, {"webhookUrl": URL})["data"]
    secrets = {name: row.pop(name) for name in ("signingSecret", "standardSigningSecret")}
    assert set(secrets.values()) <= spectrum.given_secrets
    assert openapi.listWebhooks() == {"succeed": True, "data": [row]}


def test_second_registration_of_a_url(spectrum: Emulator, openapi: Any) -> None:
    """Registering the same URL again is a 409 in the error envelope, and leaves one webhook."""
    openapi.createWebhook({}, {"webhookUrl": URL})
    error = openapi.fail("createWebhook", {}, {"webhookUrl": URL})
    assert (error.kind, error.status) == ("AxiosError", 409)
    message = error.body["message"]
    assert message
    assert error.body == {"succeed": False, "data": None, "code": "409", "message": message}
    assert len(spectrum.project.webhooks) == 1


def test_delete_of_a_webhook(spectrum: Emulator, openapi: Any) -> None:
    """Deleting a webhook returns its id alone, and deleting it again is a 404 in the error envelope."""
    webhook_id = spectrum.project.webhooks.add(webhookUrl=URL)["id"]
    assert openapi.deleteWebhook({"webhookId": webhook_id}) == {"succeed": True, "data": {"id": webhook_id}}
    error = openapi.fail("deleteWebhook", {"webhookId": webhook_id})
    assert error.status == 404
    assert error.body.keys() == {"succeed", "data", "code", "message"}


def test_rotated_secret_signs_standard_webhooks(spectrum: Emulator, openapi: Any, start_client: Any) -> None:
    """A library for Standard Webhooks can sign with the first and with the rotated secret."""
    webhook = openapi.createWebhook({}, {"webhookUrl": URL})["data"]
    rotated = openapi.rotateWebhookSecret({"webhookId": webhook["id"]}, {"overlapSeconds": 60})["data"]
    assert rotated.keys() == {"id", "standardSigningSecret", "previousValidUntil"}
    library = start_client("standard-webhooks.mjs")
    signatures = {library.sign(row["standardSigningSecret"], "event", "{}") for row in (webhook, rotated)}
    assert len(signatures) == 2
    assert all(signature.startswith("v1,") for signature in signatures)


def test_list_of_users_has_a_total(spectrum: Emulator, openapi: Any) -> None:
    """The list of users is an object of the users, oldest first, and of their total, also when it is one page."""
    first, second = (spectrum.project.users.add(phoneNumber=f"+1555123456{digit}") for digit in range(2))
    assert openapi.listUsers() == {"succeed": True, "data": {"users": [first, second], "total": 2}}
    assert openapi.listUsers({"limit": 1, "offset": 1})["data"] == {"users": [second], "total": 2}
    assert openapi.listUsers({"search": first["phoneNumber"]})["data"] == {"users": [first], "total": 1}


def test_create_user_with_the_same_phone(spectrum: Emulator, openapi: Any) -> None:
    """Creating a user with an existing phone returns the existing id with the fields of the request."""
    user = openapi.createUser({}, {"type": "shared", "phoneNumber": PHONE, "firstName": "Ada"})["data"]
    again = openapi.createUser({}, {"type": "shared", "phoneNumber": PHONE, "lastName": "Lovelace"})["data"]
    assert again == {**user, "lastName": "Lovelace"}
    assert openapi.deleteUser({"userId": user["id"]})["data"] == {"userId": user["id"]}
    assert len(spectrum.project.users) == 0


def test_list_of_lines_is_an_object(spectrum: Emulator, openapi: Any) -> None:
    """The list of lines is an object with the lines; allocating and releasing a line return its billing."""
    created = openapi.createLine({}, {"platform": "imessage"})["data"]
    assert created.keys() == {"line", "billing"}
    assert openapi.listLines({"platform": "imessage"}) == {"succeed": True, "data": {"lines": [created["line"]]}}
    assert openapi.deleteLine({"lineId": created["line"]["id"]})["data"].keys() == {"billing"}
    assert len(spectrum.project.lines) == 0


def test_platforms_are_keyed_by_name(spectrum: Emulator, openapi: Any) -> None:
    """The platforms are an object keyed by their names, and turning one on or off returns the whole object."""
    platforms = openapi.togglePlatform({}, {"platform": "voice", "enabled": True})["data"]
    assert platforms == spectrum.project.platforms.rows
    assert platforms["voice"] == {"enabled": True, "imessage_enabled": False}
    assert openapi.listPlatforms() == {"succeed": True, "data": platforms}


def test_profile_that_was_never_set_is_null(spectrum: Emulator, openapi: Any) -> None:
    """A profile is null until its first change, and has text fields from then on."""
    assert openapi.getProjectProfile() == {"succeed": True, "data": None}
    profile = openapi.updateProjectProfile({}, {"firstName": "Ada"})["data"]
    assert profile == {"projectId": spectrum.project_id, "firstName": "Ada", "lastName": "", "avatarUrl": None}
    assert openapi.getProjectProfile()["data"] == profile


def test_list_of_slack_installations(spectrum: Emulator, openapi: Any) -> None:
    """The list of installations is an object, and installing without an app is a conflict."""
    body = {"teamName": "Acme", "appId": "A1", "botToken": "xoxb", "botUserId": "U1", "grantedScopes": ["chat"]}
    assert openapi.listSlackInstallations()["data"] == {"installations": []}
    assert openapi.fail("putSlackInstallation", {"teamId": "T1"}, body).status == 409
    openapi.putSlackConfig({}, {"appId": "A1", "clientSecret": "hush"})
    row = openapi.putSlackInstallation({"teamId": "T1"}, body)["data"]
    assert openapi.listSlackInstallations()["data"] == {"installations": [row]}


def test_whatsapp_template_pages(spectrum: Emulator, openapi: Any) -> None:
    """A page of templates is an object with the templates and the cursors of the pages before and after."""
    account = {"accountId": spectrum.project.whatsapp_accounts.add(wabaId="1234")["accountId"]}
    body = {"name": "hello", "category": "UTILITY", "components": [{"type": "BODY", "text": "Hi"}]}
    made = [openapi.createWhatsAppTemplate(account, {**body, "language": each})["data"]["id"] for each in ("en", "de")]
    first = openapi.listWhatsAppTemplates({**account, "limit": 1})["data"]
    second = openapi.listWhatsAppTemplates({**account, "limit": 1, "after": first["paging"]["nextCursor"]})["data"]
    assert [row["id"] for page in (first, second) for row in page["templates"]] == made
    assert (first["paging"]["prevCursor"], second["paging"]["nextCursor"]) == (None, None)
    deleted = openapi.deleteWhatsAppTemplate({**account, "templateId": made[0], "name": "hello"})["data"]
    assert deleted == {"templateId": made[0], "success": True}
