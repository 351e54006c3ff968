"""A small desk for the market panels: the real stores over an exchange that is a handful of records."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from pitdesk.clock import Clock
from pitdesk.desk.blotter import Blotter
from pitdesk.desk.finder import Finder
from pitdesk.desk.market_data import MarketData
from pitdesk.events import Listeners
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.kalshi.stream import StreamState
from pitdesk.markets import (
    Book,
    Candle,
    Event,
    FeeSchedule,
    Market,
    MarketStatus,
    PublicTrade,
    Quote,
    Series,
)
from pitdesk.notices import Notices
from pitdesk.orders import BookSide, Order, OrderStatus
from pitdesk.quantities import Count, Price, PriceRange, PriceRanges
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner

CENT = PriceRanges.of_cents()
TENTH = PriceRanges((PriceRange(Price(0), Price(10_000), Price(10)),))
BANDED = PriceRanges(
    (
        PriceRange(Price(0), Price(1_000), Price(10)),
        PriceRange(Price(1_000), Price(9_000), Price(100)),
        PriceRange(Price(9_000), Price(10_000), Price(10)),
    )
)
CUT, HOLD, WARM = "KXFED-26DEC-C25", "KXFED-26DEC-H0", "KXHIGHNY-26NOV21-T52"


def market(ticker: str, title: str, yes: str, grid: PriceRanges, bid: int, ask: int) -> Market:
    """A market of an event named like its ticker, quoted in units of $0.0001."""
    quote = Quote(Price(bid), Price(ask), Count.of(10), Count.of(10), Price(bid), Count.of(1_204_331))
    return Market(
        ticker=ticker,
        event_ticker=ticker.rpartition("-")[0],
        title=title,
        yes_sub_title=yes,
        no_sub_title="",
        status=MarketStatus.ACTIVE,
        price_ranges=grid,
        open_ms=0,
        close_ms=int(time.time() + 1_000_000) * 1_000,
        quote=quote,
        rules_primary="If it does <b>so</b>, the market resolves to Yes.",
    )


FED = Event(
    "KXFED-26DEC",
    "KXFED",
    "Fed decision in December 2026?",
    "Dec 2026",
    "Economics",
    True,
    (
        market(CUT, "Fed cuts 25 bp in December 2026?", "Cut 25 bp", CENT, 4_100, 4_300),
        market(HOLD, "Fed holds in December 2026?", "Hold", BANDED, 940, 1_100),
    ),
)
TEMP = Event(
    "KXHIGHNY-26NOV21",
    "KXHIGHNY",
    "NYC high temp",
    "Nov 21",
    "Climate",
    True,
    (market(WARM, "NYC high temp", "52° or above", TENTH, 320, 340),),
)


class Exchange:
    """What :class:`MarketData` and :class:`Finder` ask of the stream and of REST, answered from records."""

    def __init__(self) -> None:
        self.quote_said: Listeners[tuple[str, Quote]] = Listeners()
        self.book_said: Listeners[Book] = Listeners()
        self.book_lost: Listeners[str] = Listeners()
        self.trade_said: Listeners[PublicTrade] = Listeners()
        self.lifecycle_said: Listeners[object] = Listeners()
        self.state = StreamState("live", 0.0)
        self.watched: frozenset[str] = frozenset()
        self.events = (FED, TEMP)
        self.history: tuple[Candle, ...] = ()
        self.asked: list[tuple[str, int]] = []

    def watch_books(self, tickers: frozenset[str]) -> None:
        self.watched = tickers

    async def events_page(self, cursor: str = "") -> object:
        return Accepted((self.events, ""))

    async def series_list(self) -> object:
        fees = FeeSchedule("quadratic", Fraction(1))
        return Accepted(
            (Series("KXFED", "Fed", "Economics", fees), Series("KXHIGHNY", "Temp", "Climate", fees))
        )

    async def trades(self, ticker: str, limit: int) -> object:
        return Accepted(())

    async def candles(self, series: str, ticker: str, start_s: int, end_s: int, period: int) -> object:
        self.asked.append((ticker, period))
        return Accepted(self.history)


class MarketDesk:
    """The stores that the panels stand on, and the means to move them."""

    def __init__(self, folder: Path) -> None:
        self.exchange = Exchange()
        self.failures: list[str] = []
        self.owner = TaskOwner(lambda name, error: self.failures.append(f"{name}: {error}"))
        notices = Notices()
        settings = Settings(folder / "settings.json")
        self.finder = Finder(self.exchange, settings, notices, "Practice")  # type: ignore[arg-type]
        self.market_data = MarketData(
            self.exchange,  # type: ignore[arg-type]
            self.exchange,  # type: ignore[arg-type]
            notices,
            self.owner,
            Clock(),
        )
        self.blotter = Blotter()

    async def open(self) -> None:
        """List the markets."""
        await self.finder.load()
        self.market_data.learn(self.finder.events())

    async def close(self, *presenters: object) -> None:
        """Close the presenters, then the stores."""
        for presenter in presenters:
            presenter.close()  # type: ignore[attr-defined]
        self.market_data.close()
        self.blotter.close()
        await self.owner.close()
        assert self.failures == []

    def say_book(self, ticker: str, bids: dict[int, int], asks: dict[int, int]) -> None:
        """A whole book, price units to contracts, as the stream would tell it."""
        self.exchange.book_said.emit(book(ticker, bids, asks))

    def say_own(self, order_id: str, ticker: str, side: BookSide, units: int, count: int) -> None:
        """A resting order of the person's."""
        self.blotter.apply_order(
            Order(
                order_id=order_id,
                client_order_id="",
                ticker=ticker,
                book_side=side,
                yes_price=Price(units),
                initial_count=Count.of(count),
                fill_count=Count.of(0),
                remaining_count=Count.of(count),
                status=OrderStatus.RESTING,
                created_ms=1,
                updated_ms=1,
            )
        )


def book(ticker: str, bids: dict[int, int], asks: dict[int, int]) -> Book:
    """A book of price units to contracts."""
    return Book(
        ticker,
        {Price(units): Count.of(count) for units, count in bids.items()},
        {Price(units): Count.of(count) for units, count in asks.items()},
    )


async def until(condition: Callable[[], bool], seconds: float = 3.0) -> None:
    """Wait until ``condition`` holds; fails by name when it does not in time."""
    import asyncio

    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        await asyncio.sleep(0.01)
