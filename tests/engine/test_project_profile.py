"""Project profiles: changes, copies to lines, drift and its repair, refusals, the end in the state, adoption."""

import pytest
from lifecycle_table import Step

import pulumi_spectrum as spectrum_sdk
from pulumi_spectrum.emulator import Fault, Switches

PATCH, SYNC = "PATCH", "POST"


@pytest.fixture
def arguments():
    """The arguments that the program gives the profile; without any it declares none."""
    return {"first_name": "Acme", "last_name": "Support"}


@pytest.fixture
def stack(make_stack, arguments):
    def program():
        if arguments:
            spectrum_sdk.ProjectProfile("profile", **arguments)

    return make_stack(program)


PROFILE = [
    Step(
        {"first_name": "Acme"},
        ("create",),
        [(PATCH, "/profile", {"firstName": "Acme"})],
        holds={"firstName": "Acme", "lastName": ""},
    ),
    Step(
        {"first_name": "Acme", "last_name": "Support"},
        ("update", "lastName"),
        [(PATCH, "/profile", {"lastName": "Support"})],
        holds={"firstName": "Acme", "lastName": "Support"},
        outputs={"imessageSynced": False},
    ),
    Step(
        {"first_name": "Acme", "last_name": "Support", "sync": True},
        ("update", "sync"),
        [(SYNC, "/profile/sync", None)],
        holds={"firstName": "Acme", "lastName": "Support"},
        outputs={"imessageSynced": True},
    ),
    Step(
        {"first_name": "Acme ", "last_name": "Desk", "sync": True},
        ("update", "firstName", "lastName"),
        [(PATCH, "/profile", {"lastName": "Desk"}), (SYNC, "/profile/sync", None)],
        holds={"firstName": "Acme", "lastName": "Desk"},
    ),
    Step(
        {"last_name": "Desk"},
        ("update", "firstName", "sync"),
        [],
        holds={"firstName": "Acme", "lastName": "Desk"},
    ),
    Step({"last_name": "Desk", "sync": False}, (), [], holds={"firstName": "Acme", "lastName": "Desk"}),
]


def test_each_change_of_a_profile(spectrum, lifecycles):
    """Each change is previewed and sent as tabled, a copy to the lines included, and nothing is left to do."""
    spectrum.project.lines.add()
    profiles = lifecycles(spectrum_sdk.ProjectProfile, lambda _id: spectrum.project.profile.row)
    profiles.run({"profile": PROFILE})
    assert spectrum.project.lines.rows[0]["profile"]["lastName"] == "Desk"


def test_drift_of_a_profile_is_shown_and_repaired(spectrum, stack, arguments):
    """A name changed behind the program's back is the one drift that shows; one that is not managed is none."""
    del arguments["last_name"]
    stack.up()
    spectrum.project.change(firstName="Other", lastName="Unmanaged")
    assert stack.refresh(preview_only=True).summary == {"profile": ("update", "firstName")}
    assert stack.up(refresh=True).summary == {"profile": ("update", "firstName")}
    assert spectrum.project.profile.row["firstName"] == "Acme"
    assert stack.resource("profile")["outputs"]["lastName"] == "Unmanaged"
    stack.assert_no_drift()


def test_deleted_profile_is_only_forgotten(spectrum, stack, arguments, sent):
    """The API cannot delete a profile: a deletion sends nothing, says so, and the profile stays."""
    stack.up()
    arguments.clear()
    spectrum.requests.clear()
    run = stack.up()
    assert run.summary == {"profile": ("delete",)}
    assert "The API cannot delete this project profile. It stays in the project as it is" in run.output
    assert sent() == []
    assert spectrum.project.profile.row["lastName"] == "Support"
    stack.assert_no_drift()


def test_copy_that_fails_is_made_up_for(spectrum, stack, arguments, sent):
    """If the copy to the lines fails, the names are recorded, and the next `up` makes the copy alone."""
    arguments["sync"] = True
    spectrum.faults.add(Fault(method="POST", path="*/profile/sync", status=422))
    stack.up(fails=True)
    assert stack.resource("profile")["outputs"]["firstName"] == "Acme"
    spectrum.requests.clear()
    assert stack.up().summary == {"profile": ("update",)}
    assert sent() == [(SYNC, "/profile/sync", None)]
    stack.assert_no_drift()


def test_second_profile_is_refused_at_preview(make_stack, spectrum):
    """A project has one profile: a second resource is refused before anything is sent, and so is one without names."""

    def program():
        for name in ("one", "two"):
            spectrum_sdk.ProjectProfile(name, first_name=name)

    (message,) = make_stack(program).preview(fails=True).messages
    assert "are the same project profile, of which a project has only one." in message
    (message,) = make_stack(lambda: spectrum_sdk.ProjectProfile("none", sync=True)).preview(fails=True).messages
    assert "first_name or last_name is required" in message
    assert len(spectrum.requests) == 0


@pytest.mark.parametrize("unset", ["null", "nulls"])
def test_profile_that_was_never_set(spectrum, make_stack, unset):
    """A profile that was never set does not exist: a look-up says so, and a managed one is wanted again."""
    spectrum.switches = Switches(unset_profile=unset)
    stack = make_stack(lambda: spectrum_sdk.ProjectProfile.get("profile", spectrum.project.id))
    assert "There is no project profile with the id" in stack.preview(fails=True).output

    stack = make_stack(lambda: spectrum_sdk.ProjectProfile("profile", first_name="Acme"))
    stack.up()
    spectrum.project.profile.clear()
    assert stack.preview(refresh=True).summary == {"profile": ("create",)}
    stack.up(refresh=True)
    stack.assert_no_drift()


def test_profile_is_adopted(spectrum, make_project_folder):
    """`adopt` writes the profile and the file that imports it; after the import the preview is empty."""
    spectrum.project.change(firstName="Acme", lastName="Support")
    folder = make_project_folder({**spectrum.environment})
    folder.run("pulumi-spectrum", "adopt", "--area", "project-profiles")
    assert 'spectrum.ProjectProfile(\n    "acme-support"' in (folder.path / "__main__.py").read_text()
    folder.init()
    folder.import_adopted()
    folder.run("pulumi", "preview", "--expect-no-changes", "--refresh", "--non-interactive")
