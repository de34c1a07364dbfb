"""N resources of a provider that does nothing: what the engine, the host and the program cost by themselves."""

import os

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


for number in range(int(os.environ["BENCH_USERS"])):
    Nothing(f"user-{number}", f"+1415{5000000 + number}", f"User {number}")
