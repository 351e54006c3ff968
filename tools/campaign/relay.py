"""The wire between desk and exchange: passes all on, counts what was sent, spoils what it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import struct
from collections import Counter, deque
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from pitdesk.tasks import TaskOwner

_BASE = "/trade-api/v2"
_CREATES = (f"{_BASE}/portfolio/events/orders", f"{_BASE}/portfolio/events/orders/batched")
_GONE_S = 0.25
_MOVED = (307, 301, 308, 302, 303)
_HUGE = 3 * 1024 * 1024
_GARBAGE = (
    b'{"order_id":NaN}',
    b"[" * 100_000,
    b'{"order_id":"a","order_id":"b"}',
    b'{"order_id":' + b"9" * 5000 + b"}",
    b'\xef\xbb\xbf{"order_id":"\\ud800"}',
    b"",
)


@dataclass(slots=True)
class _Armed:
    kind: str
    match: dict[str, str]

    def meets(self, method: str, path: str) -> bool:
        return method == self.match.get("method", method) and fnmatchcase(
            path.removeprefix(_BASE), self.match.get("path", "*")
        )


@dataclass(slots=True)
class _Line:
    """One connection of the desk: what is armed for the answer it waits for."""

    spoil: str = ""
    gathered: bytearray = field(default_factory=bytearray)


class Relay:
    """Serves on one port for as long as it lives. ``sent`` counts creates by client order id, ``changes`` by
    order id; ``met`` counts its own faults by kind."""

    def __init__(self, host: str, port: int, seed: int, owner: TaskOwner) -> None:
        self._upstream = (host, port)
        self._chance = random.Random(seed)
        self._owner = owner
        self._armed: deque[_Armed] = deque()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_answer = b""
        self._redirects = 0
        self.port = 0
        self.sent: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.met: Counter[str] = Counter()

    async def start(self) -> None:
        """Listen, on the same port as before where there was one."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End every connection."""
        self._stop()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def arm(self, kind: str, match: dict[str, str]) -> None:
        """The next request that fits meets ``kind``; ``unreachable`` is at once, for a while."""
        if kind != "unreachable":
            self._armed.append(_Armed(kind, match))
            return
        self.met[kind] += 1
        if self._server is None:
            return
        self._stop()
        self._owner.spawn("the network comes back", self._come_back())

    def clear(self) -> None:
        """Take every fault out of force."""
        self._armed.clear()

    async def well(self) -> None:
        """Return once it listens again."""
        while self._server is None:  # noqa: ASYNC110 (a quarter of a second at most)
            await asyncio.sleep(0.02)

    def _stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in tuple(self._writers):
            _reset(writer)

    async def _come_back(self) -> None:
        await asyncio.sleep(_GONE_S)
        await self.start()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        line = _Line()
        try:
            up_reader, up_writer = await asyncio.open_connection(*self._upstream)
        except OSError:
            _reset(writer)
            self._writers.discard(writer)
            return
        both = [
            asyncio.ensure_future(self._up(reader, writer, up_writer, line)),
            asyncio.ensure_future(self._down(up_reader, writer, line)),
        ]
        self._tasks.update(both)
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        self._tasks.difference_update(both)
        self._writers.discard(writer)
        writer.close()
        up_writer.close()

    async def _up(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        up_writer: asyncio.StreamWriter,
        line: _Line,
    ) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _length(head)
                body = await reader.readexactly(length) if length else b""
                method, target, _ = head.split(b" ", 2)
                path = target.decode().partition("?")[0]
                self._count(method.decode(), path, body)
                line.spoil, line.gathered = self._fault_for(method.decode(), path), bytearray()
                if line.spoil == "stale_answer":
                    writer.write(self._last_answer)
                    continue
                up_writer.write(head + body)
                await up_writer.drain()

    def _fault_for(self, method: str, path: str) -> str:
        for armed in self._armed:
            if armed.meets(method, path):
                if armed.kind == "stale_answer" and not self._last_answer:
                    return ""
                self._armed.remove(armed)
                self.met[armed.kind] += 1
                return armed.kind
        return ""

    def _count(self, method: str, path: str, body: bytes) -> None:
        if method != "POST":
            return
        if path in _CREATES:
            with contextlib.suppress(ValueError):
                said = json.loads(body)
                self.sent.update(one["client_order_id"] for one in said.get("orders", [said]))
        elif path.endswith(("/amend", "/decrease")):
            self.changes[path.split("/")[-2]] += 1

    async def _down(self, up_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: _Line) -> None:
        try:
            while data := await up_reader.read(65_536):
                if line.spoil:
                    line.gathered += data
                    if _is_whole(line.gathered):
                        await self._spoil(line, writer)
                        return
                else:
                    if data.startswith(b"HTTP/1.1 201") and _is_whole(data):
                        self._last_answer = data
                    writer.write(data)
                    await writer.drain()
        except ConnectionError:
            _reset(writer)

    async def _spoil(self, line: _Line, writer: asyncio.StreamWriter) -> None:
        """The exchange has done it; this is what the desk hears. The connection ends with it."""
        head, _, body = bytes(line.gathered).partition(b"\r\n\r\n")
        match line.spoil:
            case "redirect":
                status = _MOVED[self._redirects % len(_MOVED)]
                self._redirects += 1
                place = f"http://127.0.0.1:{self.port}{_CREATES[0]}"
                answer = _moved_to(status, place)
            case "huge":
                answer = _answer(201, body[:-1] + b" " * _HUGE + body[-1:])
            case "garbage":
                answer = _answer(201, self._chance.choice(_GARBAGE))
            case "two_lengths":
                answer = head + b"\r\nContent-Length: 3\r\n\r\n" + body
            case "shuffled" | "left_out":
                answer = _answer(201, self._moved(body, line.spoil))
            case "cut_after":
                answer = (head + b"\r\n\r\n" + body)[: self._chance.randint(1, len(head) + len(body))]
            case _:
                answer = head + b"\r\n\r\n" + body
        with contextlib.suppress(ConnectionError):
            if line.spoil == "slow_drip":
                for start in range(0, len(answer), 16):
                    writer.write(answer[start : start + 16])
                    await asyncio.sleep(0.15)
            writer.write(answer if line.spoil != "slow_drip" else b"")
            await writer.drain()

    def _moved(self, body: bytes, how: str) -> bytes:
        """A batch's answer with its items in another order, or with some of them missing."""
        try:
            items = json.loads(body)["orders"]
        except (ValueError, KeyError, TypeError):
            return body
        if how == "shuffled":
            items = items[1:] + items[:1]
        elif items:
            del items[self._chance.randrange(len(items))]
        return json.dumps({"orders": items}).encode()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _is_whole(gathered: bytes | bytearray) -> bool:
    head, end, body = bytes(gathered).partition(b"\r\n\r\n")
    return bool(end) and len(body) >= _length(head)


def _answer(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} Created\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body


def _moved_to(status: int, place: str) -> bytes:
    """Says that the connection ends, or who follows would race its end and might go uncounted."""
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {place}\r\nContent-Length: 0\r\n"
    return head.encode() + b"Connection: close\r\n\r\n"


def _reset(writer: asyncio.StreamWriter) -> None:
    """So that the other side reads a reset, not an end."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
