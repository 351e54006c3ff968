"""A small streaming exchange on the test's own loop, and ears that wait for what a stream says."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve

from pitdesk.clock import Clock
from pitdesk.events import Listeners
from pitdesk.kalshi.environment import Environment
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.stream import Stream, StreamTiming
from pitdesk.tasks import TaskOwner

T = TypeVar("T")
QUICK = StreamTiming(first_wait=0.01, longest_wait=0.02, open=30.0, tick=0.005)
Command = dict[str, Any]


class FaultOfOurs(Exception):
    """What a test makes a part of the stream raise."""


class Ears(Generic[T]):
    """Hears everything a listener list says, and waits for what a test is after."""

    def __init__(self, listeners: Listeners[T]) -> None:
        self.heard: list[T] = []
        self._news: asyncio.Queue[T] = asyncio.Queue()
        listeners.connect(self._take)

    def _take(self, value: T) -> None:
        self.heard.append(value)
        self._news.put_nowait(value)

    async def next(self, fits: Callable[[T], bool] = lambda _: True) -> T:
        """The next value that fits, dropping others."""
        async with asyncio.timeout(60.0):
            while not fits(value := await self._news.get()):
                pass
        return value


@dataclass
class StreamingExchange:
    """Answers subscriptions as the exchange does, unless ``answer`` is replaced."""

    commands: list[Command] = field(default_factory=list)
    sockets: list[ServerConnection] = field(default_factory=list)
    sids: dict[str, int] = field(default_factory=dict)
    seqs: dict[int, int] = field(default_factory=dict)
    refuse_with: int | None = None
    answers: bool = True
    server: Server | None = None
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def environment(self) -> Environment:
        """As a client is told of it."""
        assert self.server is not None
        port = self.server.sockets[0].getsockname()[1]
        base = f"127.0.0.1:{port}/trade-api"
        return Environment("Test", f"http://{base}/v2", f"ws://{base}/ws/v2", is_real=False)

    def process_request(self, connection: ServerConnection, request: Any) -> Any:
        """Refuse the handshake where told to."""
        if self.refuse_with is not None:
            return connection.respond(self.refuse_with, "no\n")
        return None

    async def handle(self, socket: ServerConnection) -> None:
        """One connection."""
        self.sockets.append(socket)
        self.sids.clear()
        self.seqs.clear()
        async for frame in socket:
            command = json.loads(frame)
            self.commands.append(command)
            self._came.set()
            if self.answers:
                await self.answer(command)

    async def answer(self, command: Command) -> None:
        """Do what a command asks."""
        params = command["params"]
        if command["cmd"] == "subscribe":
            (channel,) = params["channels"]
            sid = self.sids.setdefault(channel, len(self.sids) + 1)
            self.seqs[sid] = 0
            await self.send(
                {"type": "subscribed", "id": command["id"], "msg": {"channel": channel, "sid": sid}}
            )
            if channel == "orderbook_delta":
                await self.snapshots(params["market_tickers"])
        elif params.get("action") == "get_snapshot":
            await self.snapshots(params["market_tickers"], command["id"])
        elif command["cmd"] == "update_subscription":
            tickers = params["market_tickers"]
            await self.numbered(params["sid"], "ok", {"market_tickers": tickers}, id=command["id"])
            if params["action"] == "add_markets" and self.sids.get("orderbook_delta") == params["sid"]:
                await self.snapshots(tickers)
        elif command["cmd"] == "unsubscribe":
            (sid,) = params["sids"]
            await self.numbered(sid, "unsubscribed", None, id=command["id"])
            self.sids = {channel: held for channel, held in self.sids.items() if held != sid}

    async def snapshots(self, tickers: list[str], command_id: int | None = None) -> None:
        """Whole books: 10 bid at 41¢, 20 asked at 43¢."""
        for ticker in tickers:
            message = {
                "market_ticker": ticker,
                "market_id": "m",
                "yes_dollars_fp": [["0.4100", "10.00"]],
                "no_dollars_fp": [["0.4300", "20.00"]],
            }
            extra = {"id": command_id} if command_id is not None else {}
            await self.numbered(self.sids["orderbook_delta"], "orderbook_snapshot", message, **extra)

    async def delta(self, ticker: str, price: str, change: str, side: str = "yes", **extra: Any) -> None:
        """One level changes."""
        message = {
            "market_ticker": ticker,
            "market_id": "m",
            "price_dollars": price,
            "delta_fp": change,
            "side": side,
        }
        await self.numbered(self.sids["orderbook_delta"], "orderbook_delta", message, **extra)

    async def numbered(self, sid: int, kind: str, message: Any, **extra: Any) -> None:
        """A message with the next number of its subscription."""
        self.seqs[sid] = self.seqs.get(sid, 0) + 1
        whole = {"type": kind, "sid": sid, "seq": self.seqs[sid], **extra}
        await self.send(whole if message is None else {**whole, "msg": message})

    async def send(self, message: Any) -> None:
        """One frame on the latest connection; text goes out as it is."""
        text = message if isinstance(message, str | bytes) else json.dumps(message) + "\n"
        await self.sockets[-1].send(text)

    async def asked(self, fits: Callable[[Command], bool]) -> Command:
        """Wait for a command."""
        async with asyncio.timeout(60.0):
            while True:
                found = next((command for command in self.commands if fits(command)), None)
                if found is not None:
                    return found
                self._came.clear()
                await self._came.wait()


@contextlib.asynccontextmanager
async def streaming(
    signer: Signer, timing: StreamTiming = QUICK, clock: Clock | None = None
) -> AsyncIterator[tuple[StreamingExchange, Stream]]:
    """An exchange and a stream to it, not started; both ended after, and no task may have failed but with a
    :class:`FaultOfOurs`."""
    exchange = StreamingExchange()
    failures: list[BaseException] = []
    owner = TaskOwner(lambda _, error: failures.append(error))
    async with serve(exchange.handle, "127.0.0.1", 0, process_request=exchange.process_request) as server:
        exchange.server = server
        stream = Stream(exchange.environment, signer, owner, timing=timing, clock=clock, chance=lambda: 0.5)
        try:
            yield exchange, stream
        finally:
            await stream.close()
            late = await owner.close()
            for socket in exchange.sockets:
                socket.transport.abort()
    assert late == []
    assert [error for error in failures if not isinstance(error, FaultOfOurs)] == []
