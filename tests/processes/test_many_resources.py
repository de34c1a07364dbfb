"""Programs that declare many resources: what each costs, and what it leaves behind in the program's process."""

import subprocess
import sys

PROGRAM = """
import asyncio

import pulumi
from pulumi.dynamic import Resource, ResourceProvider

import pulumi_spectrum as spectrum


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return args.name, args.inputs

    def call(self, args):
        return {}


class HandWritten(ResourceProvider):
    def __init__(self):
        super().__init__()
        self.settings = {"colour": "green", "size": 3}


class Thing(Resource, name="Thing"):
    pass


asyncio.set_event_loop(asyncio.new_event_loop())
pulumi.runtime.set_mocks(Mocks())


@pulumi.runtime.test
def program():
    for number in range(1200):
        spectrum.User(f"user-{number}", phone_number=f"+1415{5000000 + number}")
    Thing(HandWritten(), "by-hand", {})


program()
print("declared")
"""


def test_any_number_of_resources_leaves_room_for_others() -> None:
    """A program declares more resources than the recursion limit has levels, and then a hand-written dynamic one."""
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert run.stdout == "declared\n", run.stderr[-2000:]
