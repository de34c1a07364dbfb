"""A provider that does nothing."""

from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider


class NothingProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        return CreateResult(props["phone_number"], props)

    def diff(self, id_, olds, news):
        return DiffResult(changes=False)


class Nothing(Resource):
    def __init__(self, name, phone_number, first_name):
        super().__init__(NothingProvider(), name, {"phone_number": phone_number, "first_name": first_name})
