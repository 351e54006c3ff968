"""One socket: its subscriptions, its commands, and its queue of frames to send (FACTS §15)."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from pitdesk.kalshi.wire.stream import NOTHING, Envelope, StreamErrorMessage
from pitdesk.practice.trouble import Kind, Troubles

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.clock import Clock
    from pitdesk.kalshi.wire.base import Wire

_LOG = logging.getLogger(__name__)
PING_EVERY_S = 10.0
SILENT_FOR_S = 35.0
MOST_QUEUED_FRAMES = 20_000
SEND_WITHIN_S = 20.0
_ACKNOWLEDGEMENTS = frozenset({"subscribed", "unsubscribed", "ok", "error"})
_ENCODER = msgspec.json.Encoder(decimal_format="number")
# Losses on these can be seen: their messages are numbered (FACTS §15).
SEQUENCED = frozenset({"orderbook_delta", "trade", "market_lifecycle_v2", "order_group_updates"})


@dataclass(slots=True)
class Subscription:
    """One channel of one socket. ``tickers`` None follows every market."""

    sid: int
    channel: str
    tickers: set[str] | None
    use_yes_price: bool = False
    skip_ticker_ack: bool = False
    seq: int = field(default=0)

    def next_seq(self) -> int:
        """The number of the next message; the first is 1."""
        self.seq += 1
        return self.seq

    def follows(self, ticker: str) -> bool:
        """Whether a message of ``ticker`` goes to it."""
        return self.tickers is None or ticker in self.tickers


class Durable(Protocol):
    """What may not be told before it is on disk."""

    @property
    def is_settled(self) -> bool:
        """Whether everything said is on disk."""

    async def settled(self) -> None:
        """Wait until it is."""


class StreamSession:
    """What one socket follows, and the frames that wait for it."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        abort: Callable[[], object],
        user_id: str,
        clock: Clock,
        durable: Durable,
        troubles: Troubles | None = None,
    ) -> None:
        self.user_id = user_id
        # The only one whose private messages are told, for a key that is restricted to it.
        self.subaccount: int | None = None
        self.subscriptions: dict[str, Subscription] = {}
        self._socket = socket
        self._abort = abort
        self._clock = clock
        self._durable = durable
        self._troubles = troubles if troubles is not None else Troubles(clock)
        self._frames: deque[bytes] = deque()
        self._woken = asyncio.Event()
        self._heard = clock.monotonic()
        self._sids = 0

    def new_subscription(self, channel: str, tickers: set[str] | None) -> Subscription:
        """Follow ``channel``."""
        self._sids += 1
        subscription = Subscription(self._sids, channel, tickers)
        self.subscriptions[channel] = subscription
        return subscription

    def by_sid(self, sid: int) -> Subscription | None:
        """The subscription of that number."""
        return next((found for found in self.subscriptions.values() if found.sid == sid), None)

    def say(
        self,
        kind: str,
        msg: msgspec.Raw | Wire | list[dict[str, object]] | None,
        subscription: Subscription | None = None,
        *,
        command_id: int | None = None,
        numbered: bool | None = None,
        ticker: str = "",
    ) -> None:
        """Queue one frame. ``numbered`` None numbers what the subscription's channel numbers; ``ticker`` is
        the market it is of, for faults that name one."""
        sid = seq = None
        if subscription is not None:
            sid = subscription.sid
            if subscription.channel in SEQUENCED if numbered is None else numbered:
                seq = subscription.next_seq()
        fate = None
        if subscription is not None and kind not in _ACKNOWLEDGEMENTS:
            fate = self._troubles.for_message(subscription.channel, ticker, numbered=seq is not None)
        if fate in (Kind.LOST_MESSAGE, Kind.SEQUENCE_GAP):
            return
        if msg is None:
            raw = NOTHING
        else:
            raw = msg if isinstance(msg, msgspec.Raw) else msgspec.Raw(_ENCODER.encode(msg))
        envelope = Envelope(
            type=kind, id=command_id or None, sid=sid, seq=seq, msg=raw, sending_ts_ms=self._clock.wall_ms()
        )
        frame = _ENCODER.encode(envelope) + b"\n"
        self._frames.extend((frame, frame) if fate is Kind.REPEATED_MESSAGE else (frame,))
        if len(self._frames) > MOST_QUEUED_FRAMES:
            self._overflow()
        self._woken.set()

    def say_error(
        self,
        code: int,
        text: str,
        command_id: int | None = None,
        subscription: Subscription | None = None,
        tickers: tuple[str, ...] = (),
    ) -> None:
        """Queue an error (asyncapi errorResponsePayload)."""
        body = StreamErrorMessage(code=code, msg=text, market_tickers=tickers or None)
        self.say("error", body, subscription, command_id=command_id)

    def _overflow(self) -> None:
        """The reader is too slow: what it missed cannot be made up, so its subscriptions end (error 25)."""
        ended = list(self.subscriptions.values())
        self.subscriptions.clear()
        self._frames.clear()
        for subscription in ended:
            self.say_error(25, "Subscription buffer overflow", subscription=subscription)

    async def run_writer(self) -> None:
        """Send what is queued until the socket closes. A reader that takes nothing is cut off."""
        while not self._socket.closed:
            await self._woken.wait()
            self._woken.clear()
            await self._troubles.calm()
            try:
                if not self._durable.is_settled:
                    await self._durable.settled()
                await self._send_queued()
            except OSError:  # the reader does not read, or the account could not be written
                self.cut_off()
                return

    async def _send_queued(self) -> None:
        while self._frames:
            async with asyncio.timeout(SEND_WITHIN_S):
                await self._socket.send_frame(self._frames.popleft(), WSMsgType.TEXT)

    async def run_heartbeat(self) -> None:
        """Ping every ten seconds; end a socket that has said nothing, not even pong, for long."""
        while not self._socket.closed:
            await asyncio.sleep(PING_EVERY_S)
            if self._clock.monotonic() - self._heard > SILENT_FOR_S:
                self.cut_off()
                return
            if self.is_stalled:
                continue
            try:
                await self._socket.ping(b"heartbeat")
            except ConnectionError:
                return

    @property
    def is_stalled(self) -> bool:
        """Whether nothing may be sent now, not even a pong: a fault on demand."""
        return self._troubles.is_stalled()

    def heard(self) -> None:
        """The other side is alive."""
        self._heard = self._clock.monotonic()

    def cut_off(self) -> None:
        """Break the connection without a word: the other side does not read, or must not be told."""
        _LOG.info("A stream was cut off.")
        self._abort()

    async def close(self) -> None:
        """End the socket in good order."""
        await self._socket.close(code=WSCloseCode.GOING_AWAY)
