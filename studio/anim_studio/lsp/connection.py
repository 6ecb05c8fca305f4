"""The wire to a client: standard input and output, or a socket."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

from anim_studio.cli.exits import Exit, Stop
from anim_studio.lsp.framing import Messages, Read

if TYPE_CHECKING:
    from anim_studio.lsp.server import FilmServer

#: seconds that threads are given to end, before the process ends without them
_GRACE = 2.0


class _Writer:
    """Sends whole messages; what cannot be sent any more ends the server."""

    def __init__(self, send: Callable[[bytes], None], gone: Callable[[], None]) -> None:
        self._send = send
        self._gone = gone
        self._lock = Lock()

    def write(self, data: bytes) -> None:
        """Sends one message."""
        try:
            with self._lock:
                self._send(data)
        except OSError:
            self._gone()

    def close(self) -> None:
        """Nothing is kept to be sent."""


def over_stdio(server: FilmServer) -> int:
    """Speaks on standard input and output until the client goes; the exit code.

    Whatever else is printed meanwhile, by us or a library, goes to standard error.
    """
    sys.stdout.flush()
    out = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(out, os.O_BINARY)

    def send(data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(out, rest) :]

    return _run(server, lambda most: os.read(0, most), send)


def over_tcp(server: FilmServer, host: str, port: int, tell: Callable[[str], None]) -> int:
    """Waits for one client on a socket and speaks with it until it goes; the exit code. `tell` is told where
    it can be reached.
    """
    try:
        listening = socket.create_server((host, port), family=_family(host))
    except (OSError, OverflowError) as error:
        # the number of a name that nobody knows is none of the system's; Python says behind it what it tried
        reason = (getattr(error, "strerror", None) or str(error)).partition(" (")[0].lower()
        raise Stop(
            Exit.USAGE,
            f"`{host}:{port}` cannot be listened on: {reason}",
            "`--tcp 0` takes any port that is free",
        ) from None
    with listening:
        tell(f"listening on {host}:{listening.getsockname()[1]}")
        client, _ = listening.accept()
    with client:
        # small messages are not held back to be sent together
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _run(server, client.recv, client.sendall)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _run(server: FilmServer, read: Read, send: Callable[[bytes], None]) -> int:
    try:
        return asyncio.run(_serve(server, read, send))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    finally:
        server.close()


async def _serve(server: FilmServer, read: Read, send: Callable[[bytes], None]) -> int:
    loop = asyncio.get_running_loop()
    writer = _Writer(send, lambda: server.soon(server.finish, Exit.DONE))
    server.protocol.set_writer(writer)
    finished = asyncio.ensure_future(server.finished(loop))
    with suppress(NotImplementedError, RuntimeError, ValueError):
        loop.add_signal_handler(signal.SIGTERM, server.finish, Exit.TERMINATED)
    # the first step, in which the server takes the loop
    await asyncio.sleep(0)
    Thread(target=_read, args=(server, read), name="reading", daemon=True).start()
    return await finished


def _read(server: FilmServer, read: Read) -> None:
    """Hands on one message after the other; their end is the client's."""
    messages = Messages(read)
    with suppress(OSError):
        while (body := messages.next()) is not None:
            server.soon(server.protocol.take, body)
    server.soon(server.wind_up, Exit.DONE)


def leave(code: int) -> None:
    """Ends the process with that code, soon, even while a thread of it is still at work."""
    Thread(target=_leave, args=(code,), name="leaving", daemon=True).start()


def _leave(code: int) -> None:
    import time

    time.sleep(_GRACE)
    os._exit(code)
