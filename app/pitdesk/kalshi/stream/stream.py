"""The stream's life: connect, subscribe, listen, notice silence, and begin again.

Everything runs on the loop that :meth:`Stream.start` is called on. A message that cannot be read is counted
and skipped. What was lost with a connection is not known here: ``connected`` asks the desk to reconcile.
"""

from __future__ import annotations

import asyncio
import logging
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from pitdesk.clock import Clock
from pitdesk.events import Listeners
from pitdesk.kalshi.stream.dispatch import Dispatch
from pitdesk.kalshi.stream.subscriptions import Subscriptions
from pitdesk.kalshi.wire.base import encode

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.signer import Signer
    from pitdesk.kalshi.stream.door import ClientConnection
    from pitdesk.kalshi.wire.stream import Command
    from pitdesk.tasks import TaskOwner

_LOG = logging.getLogger(__name__)
_BREATH_S = 0.008

Phase = Literal["connecting", "live", "stale", "down"]


@dataclass(frozen=True, slots=True)
class StreamTiming:
    """Seconds: our pings, silence that makes it stale, silence that ends it, waits between attempts, the
    longest wait for an answer to a command and for a handshake, and how often all this is looked at."""

    ping: float = 10.0
    stale: float = 15.0
    give_up: float = 25.0
    first_wait: float = 0.5
    longest_wait: float = 30.0
    answer: float = 8.0
    open: float = 10.0
    tick: float = 1.0


@dataclass(frozen=True, slots=True)
class StreamState:
    """``age_s``: seconds since the exchange was last heard. ``reason``: why it is down, in a sentence."""

    phase: Phase
    age_s: float
    reason: str = ""


class Stream(Dispatch):
    """One WebSocket of one account, for as long as the session lives."""

    def __init__(
        self,
        environment: Environment,
        signer: Signer,
        owner: TaskOwner,
        *,
        timing: StreamTiming | None = None,
        clock: Clock | None = None,
        chance: Callable[[], float] = random.random,
        proxy: str = "",
    ) -> None:
        clock = clock or Clock()
        super().__init__(Subscriptions(clock), clock)
        self.state_changed: Listeners[StreamState] = Listeners()
        self.connected: Listeners[None] = Listeners()
        self._environment = environment
        self._signer = signer
        self._owner = owner
        self._timing = timing or StreamTiming()
        self._chance = chance
        self._proxy = proxy
        self._phase: Phase = "connecting"
        self._reason = ""
        self._heard_at = clock.monotonic()
        self._pinged_at = clock.monotonic()
        self._hurry = asyncio.Event()
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_closing = False

    @property
    def state(self) -> StreamState:
        """As it is at this moment. ``state_changed`` tells of changes of phase only."""
        return StreamState(self._phase, self._clock.monotonic() - self._heard_at, self._reason)

    def start(self) -> None:
        """Begin connecting."""
        self._task = self._owner.spawn("stream", self._live())

    async def close(self) -> None:
        """End the connection and everything that belongs to it."""
        self._is_closing = True
        if self._socket is not None:
            await self._socket.close()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task}, timeout=3.0)

    def renew(self) -> None:
        """Give the connection up and connect at once: after a sleep of the machine nothing of it counts."""
        self._hurry.set()
        self._give_up("it may be from before a sleep")

    def follow(self, *channels: str) -> None:
        """Follow ``channels`` for every market: ``user_orders``, ``fill``, ``market_positions``, ``ticker``,
        ``market_lifecycle_v2``."""
        self._subscriptions.follow(channels)
        self._pump()

    def watch_books(self, tickers: frozenset[str]) -> None:
        """Follow the books and the public trades of exactly these markets."""
        before = self._subscriptions.watched
        self._books.drop(before - tickers)
        self._subscriptions.watch(tickers)
        # Left and looked at again before the exchange heard of it: it does not send the book by itself.
        self._ask_books(tickers - before)
        self._pump()

    async def _live(self) -> None:
        await _import_door(secure=self._environment.stream_url.startswith("wss:"))
        try:
            await self._connect_again_and_again()
        finally:
            # Were it ever to end by a fault of ours, nothing may go on looking live.
            if not (self._is_closing or self._owner.is_closing):
                self._enter("down", "The exchange's stream stopped working. Leave the account and come back.")

    async def _connect_again_and_again(self) -> None:
        from pitdesk.kalshi.stream.door import DoorError, open_stream

        attempts = 0
        while not self._owner.is_closing:
            try:
                socket = await open_stream(self._environment, self._signer, self._timing.open, self._proxy)
            except DoorError as error:
                _LOG.warning("%s (%s)", error, error.__cause__)
                self._enter("down", str(error))
            else:
                was_live = await self._serve(socket)
                if self._is_closing:
                    return
                attempts = 0 if was_live else attempts
                self._enter("down", "The exchange's stream was lost. Connecting again.")
            attempts += 1
            await self._pause(self._wait(attempts))

    async def _serve(self, socket: ClientConnection) -> bool:
        """Use one connection until it ends. Whether it ever came to be live."""
        self._socket = socket
        self._subscriptions.reset()
        self._must_announce = True
        self._heard_at = self._pinged_at = self._clock.monotonic()
        heart = self._owner.spawn("stream heart", self._beat(socket))
        # Without it nobody would notice silence: however it ends, the connection ends too.
        heart.add_done_callback(lambda _: socket.transport.abort())
        try:
            self._pump()
            await self._listen(socket)
        finally:
            self._socket = None
            heart.cancel()
            socket.transport.abort()
            self._lose_books(self._books.drop_all())
        return not self._must_announce

    async def _listen(self, socket: ClientConnection) -> None:
        from pitdesk.kalshi.stream.door import ConnectionClosed

        breathed = self._clock.monotonic()
        while True:
            try:
                frame = await socket.recv(decode=False)
            except ConnectionClosed as error:
                _LOG.info("The stream ended: %s", error)
                return
            self._heard()
            self.take(frame)
            self._pump()
            if self._heard_at - breathed > _BREATH_S:
                await asyncio.sleep(0)
                breathed = self._clock.monotonic()

    async def _beat(self, socket: ClientConnection) -> None:
        """Prove the connection with pings, and end it where nothing answers."""
        from pitdesk.kalshi.stream.door import ConnectionClosed

        while True:
            await asyncio.sleep(self._timing.tick)
            now = self._clock.monotonic()
            silent = now - self._heard_at
            if silent >= self._timing.give_up or self._subscriptions.overdue(self._timing.answer):
                self._give_up(f"it was silent for {silent:.0f} s or left a command without an answer")
                return
            if silent >= self._timing.stale and self._phase == "live":
                self._enter("stale", "The exchange's stream is silent.")
            self._ask_lost_books()
            self._pump()
            if now - self._pinged_at >= self._timing.ping:
                self._pinged_at = now
                try:
                    pong = await socket.ping()
                except ConnectionClosed:
                    return
                # websockets hands out a future and types it as merely awaitable
                cast("asyncio.Future[float]", pong).add_done_callback(self._on_pong)

    def _on_pong(self, pong: asyncio.Future[float]) -> None:
        if not pong.cancelled() and pong.exception() is None:
            self._heard()

    def _heard(self) -> None:
        self._heard_at = self._clock.monotonic()
        if self._phase == "stale" and not self._must_announce:
            self._enter("live", "")

    def _pump(self) -> None:
        """Send what the subscriptions need next, and announce when all that is followed is confirmed."""
        if self._socket is None:
            return
        for command in self._subscriptions.commands():
            self._send(command)
        if self._must_announce and self._subscriptions.is_following:
            self._must_announce = False
            self._enter("live", "")
            self.connected.emit(None)

    def _send(self, command: Command) -> None:
        socket = self._socket
        if socket is not None and not self._owner.is_closing:
            self._owner.spawn("stream command", _send(socket, encode(command)))

    def _interrupted(self, channel: str) -> None:
        """A subscription ended by the exchange's own word: what it would have said is lost."""
        self._must_announce = True
        self._enter("stale", f"The exchange ended the stream of {channel.replace('_', ' ')}. Asking again.")

    def _give_up(self, why: str) -> None:
        """End this connection; the next one begins everything anew."""
        _LOG.warning("The stream is given up: %s.", why)
        if self._socket is not None:
            self._socket.transport.abort()

    def _enter(self, phase: Phase, reason: str) -> None:
        if (phase, reason) != (self._phase, self._reason):
            self._phase, self._reason = phase, reason
            self.state_changed.emit(self.state)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        except TimeoutError:
            return
        finally:
            self._hurry.clear()

    def _wait(self, attempts: int) -> float:
        longest = min(self._timing.longest_wait, self._timing.first_wait * 2.0 ** min(attempts, 10))
        return self._timing.first_wait + self._chance() * (longest - self._timing.first_wait)


async def _import_door(*, secure: bool) -> None:
    """In a thread of its own: ``websockets`` takes its time to import, as do the authorities that a secure
    connection trusts, and the window shall not wait."""

    def work() -> None:
        from pitdesk.kalshi.stream.door import trusted

        if secure:
            trusted()

    with ThreadPoolExecutor(1, thread_name_prefix="pitdesk-stream") as executor:
        await asyncio.wrap_future(executor.submit(work))


async def _send(socket: ClientConnection, data: bytes) -> None:
    from pitdesk.kalshi.stream.door import ConnectionClosed

    try:
        await socket.send(data, text=True)
    except ConnectionClosed:
        _LOG.info("A command was not sent: the stream has ended.")
