"""The doorstep: what happens to a connection before a request of it is understood.

What cannot be read is answered in the exchange's own shape; who says nothing, or too slowly, is cut off; and
there is an end to how many are let in at once.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import web

from pitdesk.practice import faults

_LOG = logging.getLogger(__name__)
HEAD_WITHIN_S = 20.0
BODY_WITHIN_S = 20.0
MOST_CONNECTIONS = 2_000
LONGEST_LINE = 64 * 1024


class Doorstep:
    """Counts the open connections of one server. ``most`` and ``head_within_s`` are its patience."""

    def __init__(self, most: int = MOST_CONNECTIONS, head_within_s: float = HEAD_WITHIN_S) -> None:
        self.most = most
        self.head_within_s = head_within_s
        self.open = 0

    async def listen(self, runner: web.BaseRunner, host: str, port: int) -> None:
        """Serve; raises OSError where the port is not to be had."""
        await _Site(runner, self, host, port).start()


class _Site(web.BaseSite):
    """Where connections come in."""

    def __init__(self, runner: web.BaseRunner, doorstep: Doorstep, host: str, port: int) -> None:
        super().__init__(runner, backlog=512)
        self._doorstep = doorstep
        self._host, self._port = host, port

    @property
    def name(self) -> str:
        """Its address."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Begin to listen."""
        await super().start()
        loop = asyncio.get_running_loop()
        server = self._runner.server
        assert server is not None  # noqa: S101 (the runner was set up)

        def connection() -> Connection:
            return Connection(
                server,
                self._doorstep,
                loop=loop,
                access_log=None,
                max_line_size=LONGEST_LINE,
                max_field_size=LONGEST_LINE,
            )

        self._server = await loop.create_server(connection, self._host, self._port, backlog=self._backlog)


class Connection(web.RequestHandler):
    """One connection."""

    def __init__(self, server: web.Server, doorstep: Doorstep, **words: Any) -> None:
        super().__init__(server, **words)
        self._doorstep = doorstep
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody came: there may be too many, and the first request must not take for ever."""
        super().connection_made(transport)
        self._doorstep.open += 1
        loop = asyncio.get_running_loop()
        if self._doorstep.open > self._doorstep.most:
            loop.call_soon(self._cut_off)
        self._patience = loop.call_later(self._doorstep.head_within_s, self._cut_off)

    def connection_lost(self, exc: BaseException | None) -> None:
        """They went."""
        self._doorstep.open -= 1
        self.understood()
        super().connection_lost(exc)

    def understood(self) -> None:
        """A request's head came whole."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _cut_off(self) -> None:
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is answered to bytes that are no request; why is in the log, never on the wire."""
        if status >= 500:
            _LOG.error("A request failed.", exc_info=exc)
            fault = faults.inside()
        else:
            _LOG.info("A request could not be read: %s", message)
            fault = faults.nested(status, "bad_request", "bad request", "malformed HTTP request")
        response = web.Response(body=fault.body, status=fault.http_status, content_type=faults.JSON_TYPE)
        response.force_close()
        return response


@web.middleware
async def whole_requests(request: web.Request, handler: Any) -> web.StreamResponse:
    """Outermost: goes on only with a request that came whole, in time, and not too large."""
    if isinstance(request.protocol, Connection):
        request.protocol.understood()
    if request.body_exists:
        try:
            async with asyncio.timeout(BODY_WITHIN_S):
                await request.read()
        except web.HTTPRequestEntityTooLarge:
            return _refused(faults.flat(400, "bad_request", "http: request body too large"))
        except (TimeoutError, ConnectionError, web.HTTPException, web.PayloadAccessError, ValueError):
            return _refused(faults.flat(400, "bad_request", "the body could not be read"))
    answer: web.StreamResponse = await handler(request)
    return answer


def _refused(fault: faults.Fault) -> web.Response:
    response = web.Response(body=fault.body, status=fault.http_status, content_type=faults.JSON_TYPE)
    response.force_close()
    return response
