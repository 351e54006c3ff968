"""Quotes, books, trades, candles and the state of markets, for as long as somebody looks at them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pitdesk.events import Listeners
from pitdesk.markets import Book, Candle, Market, PublicTrade, Quote


@dataclass(frozen=True, slots=True)
class BookView:
    """A watched book: ``fresh`` is False when the stream is stale or the book was lost, and nothing may be
    picked from it then. ``age_s``: seconds since the stream last proved it."""

    book: Book | None
    fresh: bool
    age_s: float


class MarketData:
    """What the exchange shows of its markets. One for each session; prices are of Yes."""

    quotes_changed: Listeners[frozenset[str]]
    book_changed: Listeners[str]
    trades_changed: Listeners[str]
    market_changed: Listeners[str]

    def learn(self, markets: Iterable[Market]) -> None:
        """Take in markets as a listing told them, with their quotes."""
        raise NotImplementedError

    def market(self, ticker: str) -> Market | None:
        """The market as it is now: status, grid and close time follow the stream. None when not listed."""
        raise NotImplementedError

    def quote(self, ticker: str) -> Quote:
        """The touch, the last trade and the volume; an empty quote for a market not known."""
        raise NotImplementedError

    def watch(self, ticker: str) -> Callable[[], None]:
        """Follow the book and trades of ``ticker`` until the function returned is called. Viewers are counted."""
        raise NotImplementedError

    def book(self, ticker: str) -> BookView:
        """The book of a watched market."""
        raise NotImplementedError

    def trades(self, ticker: str) -> deque[PublicTrade]:
        """Public trades of a watched market, newest first; do not change it."""
        raise NotImplementedError

    async def candles(self, ticker: str, period_minutes: int, hours: int) -> tuple[Candle, ...]:
        """History by periods of 1, 60 or 1440 minutes, oldest first, extended live from trades while watched.

        An empty tuple when the exchange did not answer, which the notices then say.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Stop following everything."""
        raise NotImplementedError
