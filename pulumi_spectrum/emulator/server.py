"""An ASGI application in a thread of its own, on a port of 127.0.0.1."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import uvicorn
from starlette.types import ASGIApp

T = TypeVar("T")


class Server(uvicorn.Server):
    """Uvicorn in a thread. Other threads can run functions on it, and it stops at once.

    Args:
        app: The application.
        port: The port to listen on; 0 takes a free one.
        on_stop: Called on the loop when the server stops.
    """

    def __init__(self, app: ASGIApp, port: int, on_stop: Callable[[], None]) -> None:
        # Uvicorn binds the socket itself: on one made here asyncio may leave Nagle's algorithm on, 44 ms a response.
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            lifespan="off",
            http="h11",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=75,
        )
        super().__init__(config)
        self._on_stop = on_stop
        self._ready: Future[tuple[asyncio.AbstractEventLoop, int]] = Future()
        self._thread = threading.Thread(target=self._serve_in_thread, name="spectrum-emulator", daemon=True)

    def start(self) -> int:
        """Start the thread. Return the port when it listens."""
        self._thread.start()
        self._loop, port = self._ready.result()
        return port

    def stop(self) -> None:
        """Stop serving and wait for the end of the thread."""
        self._loop.call_soon_threadsafe(self._exit.set)
        self._thread.join()

    def run_on_loop(self, function: Callable[[], T]) -> T:
        """Run ``function`` on the loop and return its result."""
        if threading.current_thread() is self._thread:
            return function()
        result: Future[T] = Future()

        def call() -> None:
            try:
                result.set_result(function())
            except BaseException as error:  # noqa: BLE001 - whatever it is belongs to the caller
                result.set_exception(error)

        self._loop.call_soon_threadsafe(call)
        return result.result()

    async def main_loop(self) -> None:
        """Serve until :meth:`stop` is called."""
        self._exit = asyncio.Event()
        self._ready.set_result((asyncio.get_running_loop(), self.servers[0].sockets[0].getsockname()[1]))
        await self._exit.wait()
        self._on_stop()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, let the requests under way end, and close every connection.

        Uvicorn's own shutdown always sleeps for 0.1 s, which every test with an emulator would wait for.
        """
        del sockets
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.001)
        for server in self.servers:
            await server.wait_closed()

    def _serve_in_thread(self) -> None:
        try:
            asyncio.run(self.serve())
        except SystemExit as refusal:  # uvicorn's way to say that it could not bind
            self._ready.set_exception(refusal.__context__ or OSError("The emulator could not start."))
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits for the start
            if not self._ready.done():
                self._ready.set_exception(error)
