"""The connections that Pulumi's SDK opens to the engine while a test's stack runs."""

import socket
from collections.abc import Iterator
from concurrent import futures

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from pulumi.runtime.settings import Settings

from pulumi_spectrum.testing.sdk_state import own_connections, sdk_state_restored


class Engine(engine_pb2_grpc.EngineServicer):
    def Log(self, _request, _context):  # noqa: N802  # the name in the protocol
        return empty_pb2.Empty()


@pytest.fixture
def address() -> Iterator[str]:
    """An address at which nothing listens yet, and at which nothing else will."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def log(engine):
    engine.Log(engine_pb2.LogRequest(message="hello"))


def test_a_program_reaches_an_engine_on_the_port_of_one_that_has_gone(address):
    """The failed connection of an earlier program is not taken for that of a program whose engine has its port."""
    with sdk_state_restored(), own_connections():
        earlier = Settings("app", "test", engine=address, monitor=None).engine
        with pytest.raises(grpc.RpcError, match="Connection refused"):
            log(earlier)

        server = grpc.server(futures.ThreadPoolExecutor(1))
        engine_pb2_grpc.add_EngineServicer_to_server(Engine(), server)
        server.add_insecure_port(address)
        server.start()
        try:
            log(Settings("app", "test", engine=address, monitor=None).engine)
        finally:
            server.stop(None).wait()


def test_the_options_of_the_sdk_are_restored():
    """After a run the SDK connects as it did before."""
    before = list(_GRPC_CHANNEL_OPTIONS)
    with own_connections():
        assert before != _GRPC_CHANNEL_OPTIONS
    assert before == _GRPC_CHANNEL_OPTIONS
