"""A provider that does nothing, for a resource with the properties of a user."""

from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider

MADE_BY_THE_SERVICE = {
    "assigned_phone_number": "+14155559999",
    "created_at": "2026-11-28T10:00:00.000Z",
    "redirect_url": "https://spectrum.photon.codes/users/0b6f4e0e-6c0c-4d0e-9a47-5f5b9a7c1f11/redirect",
    "project_id": "4c1d9f3e-2f63-4a86-9d3c-0c1f6a0d7b22",
    "last_name": None,
    "email": None,
    "__shape": {
        "format": 1,
        "managed": ["firstName", "onConflict", "phoneNumber", "type"],
        "creation": "0123456789abcdef" * 2,
    },
}


class ShapeProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        return CreateResult(props["phone_number"], {**props, **MADE_BY_THE_SERVICE})

    def diff(self, id_, olds, news):
        return DiffResult(changes=False)


GIVEN = {"type": "shared", "on_conflict": "fail"}


class Shaped(Resource):
    def __init__(self, name, phone_number, first_name):
        inputs = {"phone_number": phone_number, "first_name": first_name, **GIVEN}
        outputs = {name: None for name in MADE_BY_THE_SERVICE if not name.startswith("__")}
        super().__init__(ShapeProvider(), name, {**outputs, **inputs})
