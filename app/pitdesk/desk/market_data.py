"""Quotes, books, trades, candles and the state of markets, for as long as somebody looks at them."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pitdesk.desk.frames import Frame
from pitdesk.desk.lifecycle import after_news
from pitdesk.desk.tape import Tape
from pitdesk.events import Listeners
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.markets import Book, Candle, Event, Market, MarketStatus, PublicTrade, Quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.clock import Clock
    from pitdesk.kalshi.rest import Rest
    from pitdesk.kalshi.stream import LifecycleNews, Stream
    from pitdesk.notices import Notices
    from pitdesk.tasks import TaskOwner

_NO_QUOTE = Quote()
_MOST_ASKED = 50
_NEWS_COUNT_S = 15.0  # no answer is longer on its way


@dataclass(frozen=True, slots=True)
class BookView:
    """A watched book: ``fresh`` is False when the stream is stale or the book was lost, and nothing may be
    picked from it then. ``age_s``: seconds since the stream last proved it."""

    book: Book | None
    fresh: bool
    age_s: float


class MarketData:
    """What the exchange shows of its markets. One for each session; prices are of Yes."""

    def __init__(self, rest: Rest, stream: Stream, notices: Notices, owner: TaskOwner, clock: Clock) -> None:
        self.quotes_changed: Listeners[frozenset[str]] = Listeners()
        self.book_changed: Listeners[str] = Listeners()
        self.market_changed: Listeners[str] = Listeners()
        self.unlisted: Listeners[str] = Listeners()
        """Told the ticker when the stream speaks of a new market that no listing held."""
        self._rest = rest
        self._stream = stream
        self._owner = owner
        self._clock = clock
        self._tape = Tape(rest, notices, clock)
        self.trades_changed = self._tape.trades_changed
        self._markets: dict[str, Market] = {}
        self._series: dict[str, str] = {}
        self._quotes: dict[str, Quote] = {}
        self._books: dict[str, Book] = {}
        self._lost_since: dict[str, float] = {}
        self._viewers: Counter[str] = Counter()
        self._asked: set[str] = set()
        self._turns: list[tuple[int, str]] = []
        self._streamed: set[str] = set()
        self._news: dict[str, list[tuple[float, LifecycleNews]]] = {}
        self._moved_quotes: set[str] = set()
        self._moved_books: set[str] = set()
        self._moved_markets: set[str] = set()
        self._frame = Frame(self._flush)
        self._ends = (
            stream.quote_said.connect(self._on_quote),
            stream.book_said.connect(self._on_book),
            stream.book_lost.connect(self._on_book_lost),
            stream.trade_said.connect(self._tape.take),
            stream.lifecycle_said.connect(self._on_life),
        )

    def learn(self, events: Iterable[Event]) -> None:
        """Take in a listing: markets, their state and, where the stream said none since, their quotes."""
        for event in events:
            for market in event.markets:
                self._series[market.ticker] = event.series_ticker
                self._hold(market)

    def market(self, ticker: str) -> Market | None:
        """The market as it is now: status, grid and close time follow the stream. None when not listed."""
        return self._markets.get(ticker)

    def quote(self, ticker: str) -> Quote:
        """The touch, the last trade and the volume; an empty quote for a market not known."""
        return self._quotes.get(ticker, _NO_QUOTE)

    def watch(self, ticker: str) -> Callable[[], None]:
        """Follow the book and trades of ``ticker`` until the function returned is called. Viewers count."""
        self._viewers[ticker] += 1
        if self._viewers[ticker] == 1:
            self._tape.follow(ticker)
            self._stream.watch_books(frozenset(self._viewers))
            if not self._owner.is_closing:
                self._owner.spawn(f"read trades of {ticker}", self._tape.read(ticker))
        released = False

        def release() -> None:
            nonlocal released
            if not released:
                released = True
                self._release(ticker)

        return release

    def book(self, ticker: str) -> BookView:
        """The book of a watched market."""
        book, lost_since = self._books.get(ticker), self._lost_since.get(ticker)
        state = self._stream.state
        age = state.age_s if lost_since is None else max(state.age_s, self._clock.monotonic() - lost_since)
        return BookView(book, book is not None and lost_since is None and state.phase == "live", age)

    def trades(self, ticker: str) -> deque[PublicTrade]:
        """Public trades of a watched market, newest first, the last 500; do not change it."""
        return self._tape.trades(ticker)

    async def candles(self, ticker: str, period_minutes: int, hours: int) -> tuple[Candle, ...]:
        """History by periods of 1, 60 or 1440 minutes, oldest first, extended live from trades while watched.

        Asking again within a minute costs nothing. Empty when the market is not known or the exchange did not
        answer, which a notice then says.
        """
        series = self._series.get(ticker)
        if series is None:
            return ()
        return await self._tape.candles(series, ticker, period_minutes, hours)

    def ask_about(self, tickers: Iterable[str]) -> None:
        """Read markets that no listing told of, such as closed ones that are still held."""
        wanted = [ticker for ticker in tickers if ticker not in self._markets and ticker not in self._asked]
        if wanted and not self._owner.is_closing:
            self._asked.update(wanted[:_MOST_ASKED])
            self._owner.spawn("read markets held", self._read_markets(tuple(wanted[:_MOST_ASKED])))

    def turn(self, now_ms: int) -> None:
        """Open and close the markets whose time has come: the exchange does not announce it (FACTS §14)."""
        while self._turns and self._turns[0][0] <= now_ms:
            _, ticker = heapq.heappop(self._turns)
            held = self._markets[ticker]
            if held.close_ms <= now_ms and held.status in _BEFORE_CLOSE:
                self._put(replace(held, status=MarketStatus.CLOSED))
            elif held.status is MarketStatus.INITIALIZED and held.open_ms <= now_ms < held.close_ms:
                self._put(replace(held, status=MarketStatus.ACTIVE))

    def gap(self) -> None:
        """The stream was lost: what it said is old. Books are stale until told again."""
        now = self._clock.monotonic()
        self._streamed.clear()
        self._tape.forget_histories()
        for ticker in self._books:
            self._lost_since.setdefault(ticker, now)
            self._moved_books.add(ticker)
        self._frame.request()

    async def catch_up(self) -> None:
        """After a gap: read the trades that were missed in the markets looked at."""
        for ticker in tuple(self._viewers):
            await self._tape.read(ticker)

    def close(self) -> None:
        """Stop following everything."""
        self._frame.close()
        self._tape.close()
        for end in self._ends:
            end()

    def _release(self, ticker: str) -> None:
        self._viewers[ticker] -= 1
        if self._viewers[ticker] > 0:
            return
        del self._viewers[ticker]
        self._tape.forget(ticker)
        self._books.pop(ticker, None)
        self._lost_since.pop(ticker, None)
        self._stream.watch_books(frozenset(self._viewers))

    async def _read_markets(self, tickers: tuple[str, ...]) -> None:
        for ticker in tickers:
            outcome = await self._rest.market(ticker)
            if isinstance(outcome, Accepted):
                self._hold(outcome.value)
            else:
                self._asked.discard(ticker)

    def _hold(self, market: Market) -> None:
        ticker = market.ticker
        if ticker not in self._streamed and market.quote != self._quotes.get(ticker):
            self._quotes[ticker] = market.quote
            self._moved_quotes.add(ticker)
            self._frame.request()
        for news in self._late_news(ticker):
            market = after_news(market, news)
        self._put(market)

    def _late_news(self, ticker: str) -> list[LifecycleNews]:
        """What the stream told of a market so lately that an answer may have been given before."""
        since = self._clock.monotonic() - _NEWS_COUNT_S
        return [news for at, news in self._news.get(ticker, ()) if at > since]

    def _put(self, market: Market) -> None:
        held = self._markets.get(market.ticker)
        self._markets[market.ticker] = market
        if held is None or (held.open_ms, held.close_ms) != (market.open_ms, market.close_ms):
            heapq.heappush(self._turns, (market.open_ms, market.ticker))
            heapq.heappush(self._turns, (market.close_ms, market.ticker))
        if held is None or _state(held) != _state(market):
            self._moved_markets.add(market.ticker)
            self._frame.request()

    def _on_quote(self, said: tuple[str, Quote]) -> None:
        ticker, quote = said
        self._streamed.add(ticker)
        if self._quotes.get(ticker) != quote:
            self._quotes[ticker] = quote
            self._moved_quotes.add(ticker)
            self._frame.request()

    def _on_book(self, book: Book) -> None:
        if book.ticker not in self._viewers:
            return
        self._books[book.ticker] = book
        self._lost_since.pop(book.ticker, None)
        self._moved_books.add(book.ticker)
        self._frame.request()

    def _on_life(self, news: LifecycleNews) -> None:
        now = self._clock.monotonic()
        told = self._news.get(news.ticker, [])
        self._news[news.ticker] = [*(one for one in told if one[0] > now - _NEWS_COUNT_S), (now, news)]
        held = self._markets.get(news.ticker)
        if held is not None:
            self._put(after_news(held, news))
        elif news.event in ("created", "activated"):
            self.unlisted.emit(news.ticker)

    def _on_book_lost(self, ticker: str) -> None:
        last_proved = self._clock.monotonic() - self._stream.state.age_s
        self._lost_since.setdefault(ticker, last_proved)
        self._moved_books.add(ticker)
        self._frame.request()

    def _flush(self) -> None:
        quotes, self._moved_quotes = frozenset(self._moved_quotes), set()
        books, self._moved_books = self._moved_books, set()
        markets, self._moved_markets = self._moved_markets, set()
        if quotes:
            self.quotes_changed.emit(quotes)
        for ticker in books:
            self.book_changed.emit(ticker)
        for ticker in markets:
            self.market_changed.emit(ticker)


_BEFORE_CLOSE = (MarketStatus.INITIALIZED, MarketStatus.ACTIVE, MarketStatus.INACTIVE)


def _state(market: Market) -> tuple[object, ...]:
    """What a viewer of the market itself, not of its prices, would notice."""
    return (market.status, market.price_ranges, market.open_ms, market.close_ms, market.result, market.title)
