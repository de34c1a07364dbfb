"""N users with a dynamic provider as infrastructure repositories hold them today: one request a call, no retries."""

import os

import requests
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

URL = f"{os.environ['SPECTRUM_CLOUD_URL']}/projects/{os.environ['SPECTRUM_PROJECT_ID']}/users"
AUTH = (os.environ["SPECTRUM_PROJECT_ID"], os.environ["SPECTRUM_PROJECT_SECRET"])


class UserProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        body = {"type": "shared", "phoneNumber": props["phone_number"], "firstName": props["first_name"]}
        response = requests.post(URL, json=body, auth=AUTH, timeout=30)
        response.raise_for_status()
        return CreateResult(response.json()["data"]["id"], props)

    def diff(self, id_, olds, news):
        changed = [key for key in ("phone_number", "first_name") if olds.get(key) != news.get(key)]
        return DiffResult(changes=bool(changed), replaces=[key for key in changed if key == "phone_number"])

    def read(self, id_, props):
        response = requests.get(f"{URL}/{id_}", auth=AUTH, timeout=30)
        if response.status_code == 404:
            return ReadResult("", {})
        response.raise_for_status()
        return ReadResult(id_, {**props, "first_name": response.json()["data"]["firstName"]})

    def update(self, id_, olds, news):
        return UpdateResult({**news, "id": self.create(news).id})

    def delete(self, id_, props):
        requests.delete(f"{URL}/{id_}", auth=AUTH, timeout=30).raise_for_status()


class User(Resource):
    def __init__(self, name, phone_number, first_name):
        super().__init__(UserProvider(), name, {"phone_number": phone_number, "first_name": first_name})


for number in range(int(os.environ["BENCH_USERS"])):
    User(f"user-{number}", f"+1415{5000000 + number}", f"User {number}")
