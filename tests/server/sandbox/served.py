"""Serves an ASGI application on a port of the system's choice, in this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn


@contextmanager
def served(app: Any, listener: socket.socket | None = None) -> Iterator[str]:
    """The address of the running application. `listener`: a bound socket to use."""
    own = listener or socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    started = threading.Event()
    server.startup = _announcing(server.startup, started)  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [own]})
    thread.start()
    try:
        assert started.wait(60)
        yield f"http://127.0.0.1:{own.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        own.close()


def _announcing(startup: Any, started: threading.Event) -> Any:
    async def announce(sockets: Any = None) -> None:
        await startup(sockets=sockets)
        started.set()

    return announce
