"""Which threads load modules while Pulumi's mocks are in use."""

import subprocess
import sys

PROGRAM = """
import asyncio, os, sys, threading

loaded_by = {}

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("pulumi_spectrum"):
            loaded_by.setdefault(threading.current_thread().name, []).append(name)

sys.meta_path.insert(0, Watch())

import pulumi
from pulumi_spectrum.testing import Emulator, SpectrumMocks

asyncio.set_event_loop(None)  # as Python 3.14 begins

with Emulator(requests_per_second=None) as service:
    os.environ.update(service.environment)
    import pulumi_spectrum as spectrum

    @pulumi.runtime.test
    def program():
        spectrum.Webhook("hook", webhook_url="https://hooks.example.com/")
        spectrum.Platform("imessage", platform="imessage")
        line = spectrum.Line("line")
        spectrum.User("ada", type="dedicated", phone_number="+14155550101", assigned_phone_number=line.phone_number)
        return spectrum.get_users_output()

    with SpectrumMocks(service):
        program()
    print(len(service.project.users))
print({thread: names for thread, names in loaded_by.items() if thread != "MainThread"})
"""


def test_mocks_are_ready_when_they_are_made() -> None:
    """Mocks set the event loop that Pulumi needs, and import no module later in another thread: pytest rewrites
    modules as they load, and two threads that do so at once can crash CPython's parser.
    """
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == ["1", "{}"]
