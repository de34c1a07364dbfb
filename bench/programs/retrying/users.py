"""The real rival: the naive provider with a session, and urllib3's retries on 429 and 5xx for every method."""

import os

import requests
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

URL = f"{os.environ['SPECTRUM_CLOUD_URL']}/projects/{os.environ['SPECTRUM_PROJECT_ID']}/users"
SESSION = requests.Session()
SESSION.auth = (os.environ["SPECTRUM_PROJECT_ID"], os.environ["SPECTRUM_PROJECT_SECRET"])
RETRY = Retry(total=20, backoff_factor=0.3, backoff_max=5, status_forcelist=(429, 502, 503, 504), allowed_methods=None)
SESSION.mount("http://", HTTPAdapter(max_retries=RETRY))


class UserProvider(ResourceProvider):
    serialize_as_secret_always = False

    def create(self, props):
        body = {"type": "shared", "phoneNumber": props["phone_number"], "firstName": props["first_name"]}
        response = SESSION.post(URL, json=body, timeout=30)
        response.raise_for_status()
        return CreateResult(response.json()["data"]["id"], props)

    def diff(self, id_, olds, news):
        changed = [key for key in ("phone_number", "first_name") if olds.get(key) != news.get(key)]
        return DiffResult(changes=bool(changed), replaces=[key for key in changed if key == "phone_number"])

    def read(self, id_, props):
        response = SESSION.get(f"{URL}/{id_}", timeout=30)
        if response.status_code == 404:
            return ReadResult("", {})
        response.raise_for_status()
        return ReadResult(id_, {**props, "first_name": response.json()["data"]["firstName"]})

    def update(self, id_, olds, news):
        return UpdateResult({**news, "id": self.create(news).id})

    def delete(self, id_, props):
        SESSION.delete(f"{URL}/{id_}", timeout=30).raise_for_status()


class User(Resource):
    def __init__(self, name, phone_number, first_name):
        super().__init__(UserProvider(), name, {"phone_number": phone_number, "first_name": first_name})
