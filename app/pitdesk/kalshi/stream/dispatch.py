"""From a frame of the stream to the listener it concerns, with books put together on the way."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from pitdesk.events import Listeners
from pitdesk.kalshi.stream import news
from pitdesk.kalshi.stream.books import BookError, BookKeeper
from pitdesk.kalshi.stream.subscriptions import BOOKS, TERMINAL, Subscriptions
from pitdesk.kalshi.wire import stream as wire
from pitdesk.kalshi.wire.base import WireError, decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.clock import Clock
    from pitdesk.markets import Book, Position, PublicTrade, Quote
    from pitdesk.orders import Fill, Order

_LOG = logging.getLogger(__name__)
_ASK_BOOKS_AGAIN_S = 3.0

Message = TypeVar("Message")


class Dispatch:
    """Reads messages and tells the listeners. Counts what it could not read in ``skipped``."""

    def __init__(self, subscriptions: Subscriptions, clock: Clock) -> None:
        self.order_said: Listeners[Order] = Listeners()
        self.fill_said: Listeners[Fill] = Listeners()
        self.holding_said: Listeners[news.FillNews] = Listeners()
        self.position_said: Listeners[Position] = Listeners()
        self.quote_said: Listeners[tuple[str, Quote]] = Listeners()
        self.book_said: Listeners[Book] = Listeners()
        self.book_lost: Listeners[str] = Listeners()
        self.trade_said: Listeners[PublicTrade] = Listeners()
        self.lifecycle_said: Listeners[news.LifecycleNews] = Listeners()
        self.missed: Listeners[str] = Listeners()
        """Told a numbered channel when its numbers show that something on it was lost; books are made up for
        here."""
        self.skipped: Counter[str] = Counter()
        self._subscriptions = subscriptions
        self._clock = clock
        self._books = BookKeeper()
        self._lost: dict[str, float] = {}
        self._must_announce = True
        self._readers: dict[str, Callable[[wire.Envelope], None]] = {
            "ticker": self._on_ticker,
            "orderbook_delta": self._on_delta,
            "orderbook_snapshot": self._on_snapshot,
            "trade": self._on_trade,
            "user_order": self._on_order,
            "fill": self._on_fill,
            "market_position": self._on_position,
            "market_lifecycle_v2": self._on_lifecycle,
            "subscribed": self._on_subscribed,
            "ok": self._on_ok,
            "unsubscribed": self._on_ok,
            "error": self._on_error,
            "event_lifecycle": _ignore,
            "event_fee_update": _ignore,
        }

    def take(self, frame: bytes) -> None:
        """Read one frame. Never raises: a frame that cannot be read is counted, logged and skipped."""
        kind = "unreadable"
        try:
            envelope = decode(frame, wire.Envelope)
            kind = envelope.type
            self._check_sequence(envelope)
            reader = self._readers.get(kind)
            if reader is None:
                self._skip("unknown", kind[:40])
            else:
                reader(envelope)
        except (WireError, ValueError) as error:
            self._skip(kind, str(error))
        except Exception:  # noqa: BLE001 (one message never ends the stream)
            self.skipped[kind[:40]] += 1
            _LOG.exception("A stream message of type %r failed and was skipped.", kind[:40])

    def _skip(self, kind: str, why: str) -> None:
        """Tell of the first of each kind, then of every thousandth: a flood must not become another."""
        kind = kind[:40]
        self.skipped[kind] += 1
        if self.skipped[kind] % 1000 == 1:
            _LOG.warning("Stream message skipped (%s, number %d): %s", kind, self.skipped[kind], why)

    def _check_sequence(self, envelope: wire.Envelope) -> None:
        channel = self._subscriptions.gap(envelope.sid, envelope.seq)
        if channel is None:
            return
        if channel == BOOKS:
            self._lose_books(self._books.drop_all())
            self._ask_books(self._subscriptions.watched)
        self.missed.emit(channel)

    def _lose_books(self, tickers: Iterable[str]) -> None:
        for ticker in tickers:
            self.book_lost.emit(ticker)

    def _ask_books(self, tickers: Iterable[str]) -> None:
        asked = frozenset(tickers)
        command = self._subscriptions.snapshot_command(asked)
        if command is not None:
            self._lost.update(dict.fromkeys(asked, self._clock.monotonic()))
            self._send(command)

    def _ask_lost_books(self) -> None:
        """Ask again for books that did not come."""
        limit = self._clock.monotonic() - _ASK_BOOKS_AGAIN_S
        watched = self._subscriptions.watched
        self._lost = {ticker: at for ticker, at in self._lost.items() if ticker in watched}
        overdue = [ticker for ticker, at in self._lost.items() if at < limit]
        if overdue:
            self._ask_books(overdue)

    def _on_ticker(self, envelope: wire.Envelope) -> None:
        self.quote_said.emit(news.parse_ticker(_read(envelope, wire.TickerMessage)))

    def _on_snapshot(self, envelope: wire.Envelope) -> None:
        said = _read(envelope, wire.BookSnapshotMessage)
        ticker = said.market_ticker
        if ticker not in self._subscriptions.watched:
            return
        self._books.replace(said)
        self._lost.pop(ticker, None)
        self._tell_book(ticker)

    def _on_delta(self, envelope: wire.Envelope) -> None:
        said = _read(envelope, wire.BookDeltaMessage)
        try:
            if self._books.change(said):
                self._tell_book(said.market_ticker)
        except BookError as error:
            self._skip("orderbook_delta", str(error))
            self._lose_books([said.market_ticker])
            self._ask_books([said.market_ticker])

    def _tell_book(self, ticker: str) -> None:
        book = self._books.book(ticker)
        if book is not None:
            self.book_said.emit(book)

    def _on_trade(self, envelope: wire.Envelope) -> None:
        self.trade_said.emit(news.parse_trade(_read(envelope, wire.TradeMessage), self._clock.wall_ms()))

    def _on_order(self, envelope: wire.Envelope) -> None:
        self.order_said.emit(news.parse_order(_read(envelope, wire.UserOrderMessage)))

    def _on_fill(self, envelope: wire.Envelope) -> None:
        said = news.parse_fill(_read(envelope, wire.FillMessage), self._clock.wall_ms())
        self.fill_said.emit(said.fill)
        self.holding_said.emit(said)

    def _on_position(self, envelope: wire.Envelope) -> None:
        self.position_said.emit(news.parse_position(_read(envelope, wire.MarketPositionMessage)))

    def _on_lifecycle(self, envelope: wire.Envelope) -> None:
        self.lifecycle_said.emit(news.parse_lifecycle(_read(envelope, wire.MarketLifecycleMessage)))

    def _on_subscribed(self, envelope: wire.Envelope) -> None:
        said = _read(envelope, wire.SubscribedMessage)
        self._subscriptions.subscribed(envelope.id, said.channel, said.sid)

    def _on_ok(self, envelope: wire.Envelope) -> None:
        self._subscriptions.answered(envelope.id)

    def _on_error(self, envelope: wire.Envelope) -> None:
        said = _read(envelope, wire.StreamErrorMessage)
        _LOG.warning("The stream reports error %d: %s", said.code, said.msg[:200])
        ended = self._subscriptions.failed(envelope.id, envelope.sid, said.code)
        if ended == BOOKS:
            self._lose_books(self._books.drop_all())
        if ended is not None:
            self._interrupted(ended)
        elif said.code in TERMINAL and envelope.id is None and envelope.sid is None:
            self._give_up(f"it reports error {said.code} without saying of what")

    def _send(self, command: wire.Command) -> None:
        raise NotImplementedError

    def _interrupted(self, channel: str) -> None:
        raise NotImplementedError

    def _give_up(self, why: str) -> None:
        raise NotImplementedError


def _ignore(envelope: wire.Envelope) -> None:
    """A message of a channel that we follow which tells the desk nothing."""


def _read(envelope: wire.Envelope, kind: type[Message]) -> Message:
    return decode(envelope.msg, kind)
