"""The WebSocket's address: opens a session, reads its commands, and ends its tasks with it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from pitdesk.practice.stream_session import StreamSession

if TYPE_CHECKING:
    from pitdesk.practice.durability import Durability
    from pitdesk.practice.floor import Floor
    from pitdesk.practice.stream_hub import StreamHub
    from pitdesk.practice.trouble import Troubles

STREAM_PATH = "/trade-api/ws/v2"
_LARGEST_COMMAND = 4 * 1024 * 1024
_CLOSE_WITHIN_S = 1.0


class StreamEndpoint:
    """Serves the one socket address."""

    def __init__(self, floor: Floor, hub: StreamHub, durability: Durability, troubles: Troubles) -> None:
        self._floor = floor
        self._hub = hub
        self._durability = durability
        self._troubles = troubles

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [web.get(STREAM_PATH, self._serve)]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        # Pings and pongs are handled here, so that a socket that has gone silent is noticed.
        socket = web.WebSocketResponse(
            autoping=False, compress=False, max_msg_size=_LARGEST_COMMAND, timeout=_CLOSE_WITHIN_S
        )
        await socket.prepare(request)
        transport = request.transport
        if transport is None:
            return socket
        user_id = self._floor.account_of(request).user_id
        session = StreamSession(
            socket, transport.abort, user_id, self._floor.clock, self._durability, self._troubles
        )
        session.subaccount = self._floor.subaccount_of(request, None)
        self._hub.enter(session)
        try:
            async with asyncio.TaskGroup() as tasks:
                workers = [
                    tasks.create_task(session.run_writer(), name="stream writer"),
                    tasks.create_task(session.run_heartbeat(), name="stream heartbeat"),
                ]
                await self._read(socket, session)
                for worker in workers:
                    worker.cancel()
        finally:
            self._hub.leave(session)
        return socket

    async def _read(self, socket: web.WebSocketResponse, session: StreamSession) -> None:
        """Obey commands until the other side goes."""
        async for message in socket:
            session.heard()
            if message.type is WSMsgType.PING and not session.is_stalled:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                self._hub.commands.obey(session, message.data)
            elif message.type is WSMsgType.BINARY:
                session.say_error(1, "Unable to process message")
