"""The faults that meet requests: around everything (a lost or spoiled answer) and inside (a late delivery).

:meth:`TroubleDoor.outer` stands before the door, so that "accepted" means durable; :meth:`TroubleDoor.inner`
stands behind it, so that what is delivered late was signed in time.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from pitdesk.practice import faults
from pitdesk.practice.floor import BASE_PATH
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.request_log import RequestLog, ids_in, parts_of, remember_body
from pitdesk.practice.trouble import ArmedFault, Kind, RequestTraits, Troubles

if TYPE_CHECKING:
    from pitdesk.tasks import TaskOwner

_LOG = logging.getLogger(__name__)
_LONGEST_HANG_S = 3_600.0
_LOOK_EVERY_S = 0.1
_FAULT = web.RequestKey("fault", ArmedFault)
_MEANT = web.RequestKey("meant", int)
_HTML = (
    b"<!doctype html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class TroubleDoor:
    """Two middlewares, and the log of what came through them."""

    def __init__(self, troubles: Troubles, log: RequestLog, owner: TaskOwner) -> None:
        self._troubles = troubles
        self._log = log
        self._owner = owner

    @web.middleware
    async def outer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Before the door."""
        if not request.path.startswith(BASE_PATH):
            return await handler(request)
        fault = None
        if self._troubles.any_for_requests():
            fault = self._troubles.for_request(await _traits(request))
        if fault is None:
            response = await handler(request)
        else:
            _LOG.info("%s meets %s %s.", fault.kind.value, request.method, request.path)
            response = await self._suffer(request, handler, fault)
        meant = response.status if fault is None else request.get(_MEANT, 0)
        self._log.note(request, meant, fault.kind.value if fault is not None else "")
        return response

    @web.middleware
    async def inner(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Behind the door."""
        fault = request.get(_FAULT)
        if fault is None or fault.kind is not Kind.LATE_DELIVERY:
            return await handler(request)
        await request.read()
        self._owner.spawn("late delivery", self._deliver(request, handler, fault.asked.seconds or 0.0))
        reset(request)
        return web.Response(status=500)

    async def _deliver(self, request: web.Request, handler: Handler, seconds: float) -> None:
        await asyncio.sleep(seconds)
        try:
            response = await handler(request)
            self._log.note(request, response.status, "delivered late")
        except (ExchangeRefusal, faults.Fault) as refusal:
            self._log.note(request, refusal.http_status, "delivered late")

    async def _suffer(self, request: web.Request, handler: Handler, fault: ArmedFault) -> web.StreamResponse:
        match fault.kind:
            case Kind.REFUSE_THEN_RESET:
                await request.read()
                return _gone(request)
            case Kind.TOO_MANY_REQUESTS:
                return _response(faults.too_many_requests())
            case Kind.HTML_PAGE:
                return _page(fault.asked.status or 502)
            case Kind.LATE_DELIVERY:
                request[_FAULT] = fault
                return await handler(request)
        response = await handler(request)
        request[_MEANT] = response.status
        return await self._spoil(request, response, fault)

    async def _spoil(
        self, request: web.Request, response: web.StreamResponse, fault: ArmedFault
    ) -> web.StreamResponse:
        """What becomes of the answer to a request that was accepted."""
        asked = fault.asked
        match fault.kind:
            case Kind.ACCEPT_THEN_RESET:
                return _gone(request)
            case Kind.ACCEPT_THEN_500:
                return _response(faults.inside(), asked.status)
            case Kind.ACCEPT_THEN_HTML:
                return _page(asked.status or 502)
            case Kind.ACCEPT_THEN_HANG:
                await _wait_or_gone(request, _LONGEST_HANG_S if asked.seconds is None else asked.seconds)
                return _gone(request)
            case Kind.SLOW_ANSWER:
                await _wait_or_gone(request, asked.seconds or 0.0)
            case Kind.TRUNCATED_ANSWER:
                _send_part(request, response, asked.where, self._troubles.seconds_of(Kind.CLOCK_SHIFT))
            case Kind.WRONG_ECHO:
                return _echoing(response, asked.value)
        return response


async def _traits(request: web.Request) -> RequestTraits:
    """What can be matched, read leniently: what cannot be read matches nothing."""
    tickers: set[str] = set(request.query.getall("market_ticker", []) + request.query.getall("ticker", []))
    ids: set[str] = set()
    if request.body_exists:
        try:
            body = await request.read()
        except web.HTTPException:
            body = b""
        remember_body(request, body)
        ids.update(ids_in(body))
        for part in parts_of(body):
            said = (part.get("ticker"), part.get("market_ticker"))
            tickers.update(ticker for ticker in said if isinstance(ticker, str))
    return RequestTraits(request.method, request.path.removeprefix(BASE_PATH), tickers, ids)


def reset(request: web.Request) -> None:
    """Break the connection so that the other side reads a reset, not an end."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _gone(request: web.Request) -> web.Response:
    reset(request)
    return web.Response(status=500)


async def _wait_or_gone(request: web.Request, seconds: float) -> None:
    """Wait, but no longer than somebody waits for the answer."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0 and request.transport is not None:  # noqa: ASYNC110
        await asyncio.sleep(min(left, _LOOK_EVERY_S))


def _send_part(request: web.Request, response: web.StreamResponse, where: str, shift_s: float) -> None:
    """Write the beginning of the answer and end the connection in good order."""
    transport = request.transport
    if transport is None or not isinstance(response, web.Response):
        return
    body = response.body if isinstance(response.body, bytes) else b""
    start = f"HTTP/1.1 {response.status} {response.reason}\r\n".encode()
    date = formatdate(time.time() + shift_s, usegmt=True)
    head = f"Date: {date}\r\nContent-Type: {response.content_type}\r\nContent-Length: {len(body)}\r\n"
    parts = {
        "status_line": start[:10],
        "headers": start + head.encode()[: len(head) // 2],
        "body": start + head.encode() + b"\r\n" + body[: len(body) // 2],
    }
    transport.write(parts[where])
    transport.close()


def _echoing(response: web.StreamResponse, value: str) -> web.StreamResponse:
    """The answer with another's client order id; an answer without one gets it all the same."""
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    try:
        body = msgspec.json.decode(response.body)
    except msgspec.DecodeError:
        return response
    if isinstance(body, dict):
        inside = body.get("order")
        (inside if isinstance(inside, dict) else body)["client_order_id"] = value
        response.body = msgspec.json.encode(body)
    return response


def _response(fault: faults.Fault, status: int | None = None) -> web.Response:
    return web.Response(body=fault.body, status=status or fault.http_status, content_type=faults.JSON_TYPE)


def _page(status: int) -> web.Response:
    return web.Response(body=_HTML, status=status, content_type="text/html")
