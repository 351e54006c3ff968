"""What came in: every request and what was answered, for whoever checks that nothing was sent twice."""

from __future__ import annotations

from collections import deque
from itertools import count
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from pitdesk.practice.floor import BASE_PATH

if TYPE_CHECKING:
    from pitdesk.clock import Clock

_KEPT = 20_000
_LONGEST_BODY = 16_384
_BODY = web.RequestKey("body", bytes)


class LoggedRequest(msgspec.Struct, frozen=True):
    """One request. ``status`` is what the exchange meant to answer, though a ``fault`` may have kept it; 0
    where the request was not processed (yet)."""

    number: int
    at_ms: int
    method: str
    path: str
    query: str
    status: int
    fault: str
    client_order_ids: tuple[str, ...] = ()


def remember_body(request: web.Request, body: bytes) -> None:
    """Let the log say which client order ids ``request`` named; a very long body is not kept."""
    if len(body) <= _LONGEST_BODY:
        request[_BODY] = body


class RequestLog:
    """The last 20,000 writes, and reads that met a fault; other reads are not kept."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._rows: deque[tuple[LoggedRequest, bytes]] = deque(maxlen=_KEPT)

    def note(self, request: web.Request, status: int, fault: str) -> None:
        """A request was answered, or not."""
        if request.method == "GET" and not fault:
            return
        path = request.path.removeprefix(BASE_PATH)
        row = LoggedRequest(
            next(self._numbers),
            self._clock.wall_ms(),
            request.method,
            path,
            request.query_string,
            status,
            fault,
        )
        self._rows.append((row, request.get(_BODY, b"")))

    def rows(self, after: int = 0) -> tuple[LoggedRequest, ...]:
        """Those numbered above ``after``, oldest first."""
        return tuple(
            msgspec.structs.replace(row, client_order_ids=ids_in(body))
            for row, body in self._rows
            if row.number > after
        )


def parts_of(body: bytes) -> list[dict[str, object]]:
    """The body's object and the orders of a batch; nothing where it cannot be read."""
    try:
        whole = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    if not isinstance(whole, dict):
        return []
    orders = whole.get("orders")
    items = orders if isinstance(orders, list) else []
    return [whole, *(item for item in items if isinstance(item, dict))]


def ids_in(body: bytes) -> tuple[str, ...]:
    """Every client order id that a request's body names."""
    found = (part.get("client_order_id") for part in parts_of(body))
    return tuple(one for one in found if isinstance(one, str))
