"""A server that answers with exact bytes, and a clock that stands still."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

from pitdesk.clock import Clock
from pitdesk.kalshi.environment import Environment
from pitdesk.kalshi.transport import Timing

PATIENT = Timing(connect=30.0, read=30.0, command=60.0, query=60.0)
"""For what ends by itself: no deadline has a part in it, however slow the machine is."""
Answer = Callable[[socket.socket], None]


class RawServer:
    """Accepts connections on loopback, reads one request at a time, and lets ``answer`` reply.

    ``requests`` holds what was read, whole; ``connections`` counts the connections accepted.
    """

    def __init__(self, secured_by: ssl.SSLContext | None = None) -> None:
        self._secured_by = secured_by
        self.answer: Answer = reply_with(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        self.on_accept: Answer | None = None
        self.requests: list[bytes] = []
        self.connections = 0
        self._now = threading.local()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def environment(self) -> Environment:
        """As a client is told of it."""
        address = (
            f"localhost:{self.port}/trade-api" if self._secured_by else f"127.0.0.1:{self.port}/trade-api"
        )
        s = "s" if self._secured_by is not None else ""
        return Environment("Test", f"http{s}://{address}/v2", f"ws{s}://{address}/ws/v2", is_real=False)

    @property
    def asked(self) -> bytes:
        """Within an answer: the request that it answers; another connection may have brought one since."""
        request: bytes = self._now.request
        return request

    async def heard(self, requests: int) -> None:
        """Wait until it has read so many requests."""
        while len(self.requests) < requests:  # noqa: ASYNC110 (another thread counts them)
            await asyncio.sleep(0.005)

    def close(self) -> None:
        """Stop accepting and drop every connection."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # or the thread would accept one more
        self._listener.close()
        self._thread.join()
        for connection in self._open:
            connection.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        try:
            if self._secured_by is not None:
                secured = self._secured_by.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
                self._open[self._open.index(connection)] = connection = secured
                secured.do_handshake()
            if self.on_accept is not None:
                self.on_accept(connection)
                return
            while (request := read_request(connection)) is not None:
                self._now.request = request
                self.requests.append(request)
                self.answer(connection)
        except OSError:
            pass


def read_request(connection: socket.socket) -> bytes | None:
    """One request with its body; None where the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def reply_with(data: bytes, *, then_close: bool = False) -> Answer:
    """An answer of exactly ``data``; ``then_close`` ends the connection after it."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(data)
        if then_close:
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    return answer


def http_reply(status: str, body: bytes, *headers: str) -> bytes:
    """A whole answer with its length."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class StillClock(Clock):
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.seconds = 1_000.0
        self.wall = 1_795_000_000_000

    def wall_ms(self) -> int:
        """The wall clock."""
        return self.wall

    def monotonic(self) -> float:
        """The monotonic clock."""
        return self.seconds

    def advance(self, seconds: float) -> None:
        """Let time pass, on both."""
        self.seconds += seconds
        self.wall += round(seconds * 1000)
