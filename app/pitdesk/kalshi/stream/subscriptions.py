"""What the stream shall follow, what the exchange has confirmed, and the commands that lead from one to the
other. Knows no socket: it is told what was said, and says what to send (FACTS §15).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pitdesk.kalshi.wire.stream import Command, CommandParams

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pitdesk.clock import Clock

BOOKS = "orderbook_delta"
TRADES = "trade"
LIFECYCLE = "market_lifecycle_v2"
_WATCHED = (BOOKS, TRADES)
TERMINAL = frozenset({7, 10, 25})
_AGAIN = frozenset({1, 18, 27})
_RETRY_S = 1.0
_LOG = logging.getLogger(__name__)


class Subscription:
    """One channel. ``wanted`` None follows every market; else exactly those, and nothing when empty."""

    def __init__(self, channel: str, wanted: frozenset[str] | None) -> None:
        self.channel = channel
        self.wanted = wanted
        self.held: frozenset[str] = frozenset()
        self.denied: frozenset[str] = frozenset()
        self.sid: int | None = None
        self.seq: int | None = None
        self.pending: Command | None = None
        self.asked_at = 0.0
        self.not_before = 0.0
        self.is_refused = False

    @property
    def is_settled(self) -> bool:
        """True when there is nothing left to say or to wait for."""
        return self.is_refused or (self.pending is None and self.next_params() is None)

    @property
    def leaving(self) -> frozenset[str]:
        """The markets that the pending command ends."""
        command = self.pending
        if command is None or command.params is None:
            return frozenset()
        if command.cmd == "unsubscribe":
            return self.held
        is_end = command.params.action == "delete_markets"
        return frozenset(command.params.market_tickers or ()) if is_end else frozenset()

    def reset(self) -> None:
        """The connection or the subscription is gone: whatever is wanted is to be asked for again."""
        self.held, self.denied = frozenset(), frozenset()
        self.sid = self.seq = self.pending = None
        self.is_refused = False

    def next_params(self) -> tuple[str, CommandParams] | None:
        """The command that leads on from here, None when it is as wanted."""
        if self.wanted is None:
            return None if self.sid is not None else ("subscribe", self._subscribe(None))
        wanted = self.wanted - self.denied
        if self.sid is None:
            return ("subscribe", self._subscribe(wanted)) if wanted else None
        if not wanted:
            return "unsubscribe", CommandParams(sids=(self.sid,))
        if wanted - self.held:
            return "update_subscription", self._update("add_markets", wanted - self.held)
        if self.held - wanted:
            return "update_subscription", self._update("delete_markets", self.held - wanted)
        return None

    def confirmed(self) -> None:
        """The exchange did what the pending command asked."""
        command, self.pending = self.pending, None
        if command is None or command.params is None:
            return
        tickers = frozenset(command.params.market_tickers or ())
        if command.cmd == "unsubscribe":
            self.reset()
        elif command.params.action == "delete_markets":
            self.held -= tickers
        else:
            self.held |= tickers

    def failed(self, code: int, now: float) -> None:
        """The exchange did not do what the pending command asked (asyncapi errorResponsePayload)."""
        command, self.pending = self.pending, None
        tickers = (
            frozenset(command.params.market_tickers or ()) if command and command.params else frozenset()
        )
        if code in _AGAIN:
            self.not_before = now + _RETRY_S
        elif tickers and self.wanted is not None:
            self.denied |= tickers
        else:
            self.is_refused = True

    def _subscribe(self, tickers: frozenset[str] | None) -> CommandParams:
        return CommandParams(
            channels=(self.channel,),
            market_tickers=tuple(sorted(tickers)) if tickers is not None else None,
            use_yes_price=True if self.channel == BOOKS else None,
        )

    def _update(self, action: str, tickers: frozenset[str]) -> CommandParams:
        return CommandParams(sid=self.sid, action=action, market_tickers=tuple(sorted(tickers)))


class Subscriptions:
    """All channels of one stream."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_channel = {channel: Subscription(channel, frozenset()) for channel in _WATCHED}
        self._last_id = 0

    def follow(self, channels: Iterable[str]) -> None:
        """Follow ``channels`` for every market, from now on."""
        for channel in channels:
            self._by_channel.setdefault(channel, Subscription(channel, None))

    def watch(self, tickers: frozenset[str]) -> None:
        """Follow books and trades of exactly ``tickers``."""
        for channel in _WATCHED:
            held = self._by_channel[channel]
            held.wanted, held.denied = tickers, held.denied & tickers

    @property
    def watched(self) -> frozenset[str]:
        """The markets whose books are wanted."""
        return self._by_channel[BOOKS].wanted or frozenset()

    @property
    def is_following(self) -> bool:
        """True once every channel that is followed for all markets is confirmed or refused."""
        return all(held.is_settled for held in self._by_channel.values() if held.wanted is None)

    def reset(self) -> None:
        """A new connection: nothing is confirmed, numbers start anew."""
        self._last_id = 0
        for held in self._by_channel.values():
            held.reset()
            held.not_before = 0.0

    def commands(self) -> Iterator[Command]:
        """What to send now: at most one command out for each channel."""
        now = self._clock.monotonic()
        for held in self._by_channel.values():
            if held.pending is not None or held.is_refused or held.not_before > now:
                continue
            step = held.next_params()
            if step is not None:
                held.pending, held.asked_at = self._command(*step), now
                yield held.pending

    def snapshot_command(self, tickers: Iterable[str]) -> Command | None:
        """Ask for whole books of those of ``tickers`` that are subscribed and stay so; None where none is."""
        books = self._by_channel[BOOKS]
        asked = tuple(sorted(books.held.intersection(tickers) - books.leaving))
        if books.sid is None or not asked:
            return None
        params = CommandParams(sid=books.sid, action="get_snapshot", market_tickers=asked)
        return self._command("update_subscription", params)

    def overdue(self, seconds: float) -> bool:
        """Whether a command has waited for its answer longer than ``seconds``."""
        limit = self._clock.monotonic() - seconds
        return any(held.pending is not None and held.asked_at < limit for held in self._by_channel.values())

    def subscribed(self, command_id: int | None, channel: str, sid: int) -> None:
        """The exchange confirmed a subscription."""
        held = self._by_channel.get(channel)
        if held is None:
            return
        held.sid, held.seq = sid, None
        if held.pending is not None and held.pending.id == command_id:
            held.confirmed()

    def answered(self, command_id: int | None) -> None:
        """The exchange said that it did what command ``command_id`` asked."""
        held = self._waiting(command_id)
        if held is not None:
            held.confirmed()

    def failed(self, command_id: int | None, sid: int | None, code: int) -> str | None:
        """The exchange reports a fault. The channel whose subscription ended by it, else None."""
        held = self._waiting(command_id) or self._of_sid(sid)
        if held is None:
            return None
        if code in TERMINAL:
            held.reset()
            held.not_before = self._clock.monotonic() + _RETRY_S
            return held.channel
        if held.pending is not None and held.pending.id == command_id:
            held.failed(code, self._clock.monotonic())
        return None

    def gap(self, sid: int | None, seq: int | None) -> str | None:
        """The channel whose numbers do not follow on with ``seq``, None when all is in order."""
        held = self._of_sid(sid)
        if held is None or seq is None:
            return None
        expected = held.seq + 1 if held.seq is not None else seq
        held.seq = seq
        if seq == expected:
            return None
        _LOG.warning("Channel %s said number %d where %d was next.", held.channel, seq, expected)
        return held.channel

    def _command(self, cmd: str, params: CommandParams) -> Command:
        self._last_id += 1
        return Command(id=self._last_id, cmd=cmd, params=params)

    def _waiting(self, command_id: int | None) -> Subscription | None:
        return next(
            (
                held
                for held in self._by_channel.values()
                if held.pending is not None and held.pending.id == command_id
            ),
            None,
        )

    def _of_sid(self, sid: int | None) -> Subscription | None:
        if sid is None:
            return None
        return next((held for held in self._by_channel.values() if held.sid == sid), None)
