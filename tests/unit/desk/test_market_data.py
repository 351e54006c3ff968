"""What viewers are told of quotes, books, trades and the life of markets, and when a book may be trusted."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.market_data import MarketData
from pitdesk.kalshi import environment
from pitdesk.kalshi.outcomes import Accepted, NotSent
from pitdesk.kalshi.stream import LifecycleNews, Stream
from pitdesk.markets import (
    Book,
    Candle,
    Event,
    Market,
    MarketStatus,
    PublicTrade,
    Quote,
)
from pitdesk.notices import Notices
from pitdesk.orders import BookSide
from pitdesk.quantities import Count, Price, PriceRange, PriceRanges
from pitdesk.tasks import TaskOwner

NO_QUOTE = Quote()
OPEN_MS, CLOSE_MS = 1_000_000, 2_000_000
TENTHS = PriceRanges((PriceRange(Price(0), Price(10_000), Price(10)),))


def market(ticker: str, status: MarketStatus = MarketStatus.ACTIVE, quote: Quote = NO_QUOTE) -> Market:
    return Market(ticker, "E", "", "Yes", "No", status, PriceRanges.of_cents(), OPEN_MS, CLOSE_MS, quote)


def listing(*markets: Market) -> tuple[Event, ...]:
    return (Event("E", "S", "Title", "", "Other", True, markets),)


def quote(cents: int) -> Quote:
    return Quote(bid=Price.from_cents(cents), ask=Price.from_cents(cents + 2))


def book(ticker: str, cents: int = 40) -> Book:
    return Book(ticker, {Price.from_cents(cents): Count.of(5)}, {Price.from_cents(cents + 2): Count.of(5)})


def trade(number: int, at_ms: int, ticker: str = "A", cents: int = 40) -> PublicTrade:
    return PublicTrade(f"t{number}", ticker, Price.from_cents(cents), Count.of(1), BookSide.BID, at_ms)


@dataclass
class Answers:
    """What the exchange answers to the reads of market data."""

    trades_now: Sequence[PublicTrade] = ()
    candles_now: Sequence[Candle] = ()
    asked: list[str] = field(default_factory=list)
    broken: bool = False

    async def trades(self, ticker: str, limit: int) -> object:
        self.asked.append(f"trades {ticker}")
        return Accepted(tuple(self.trades_now))

    async def candles(self, series: str, ticker: str, start_s: int, end_s: int, period: int) -> object:
        self.asked.append(f"candles {series} {ticker} {end_s - start_s} {period}")
        return NotSent("No connection.") if self.broken else Accepted(tuple(self.candles_now))

    async def market(self, ticker: str) -> object:
        self.asked.append(f"market {ticker}")
        return Accepted(market(ticker, MarketStatus.CLOSED))


class SetClock(Clock):
    def __init__(self) -> None:
        self.now_s = 10_000.0

    def wall_ms(self) -> int:
        return int(self.now_s * 1000)

    def monotonic(self) -> float:
        return self.now_s


class Ground:
    def __init__(self) -> None:
        self.answers, self.clock, self.notices = Answers(), SetClock(), Notices()
        self.failed: list[BaseException] = []
        self.owner = TaskOwner(lambda _, error: self.failed.append(error))
        self.stream = Stream(environment.DEMO, None, self.owner, clock=self.clock)  # type: ignore[arg-type]
        self.data = MarketData(self.answers, self.stream, self.notices, self.owner, self.clock)  # type: ignore[arg-type]
        self.quotes: list[frozenset[str]] = []
        self.books: list[str] = []
        self.markets: list[str] = []
        self.trades: list[str] = []
        self.data.quotes_changed.connect(self.quotes.append)
        self.data.book_changed.connect(self.books.append)
        self.data.market_changed.connect(self.markets.append)
        self.data.trades_changed.connect(self.trades.append)

    def live(self) -> None:
        self.stream._enter("live", "")


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.fixture
def on_ground() -> Callable[[Callable[[Ground], Awaitable[None]]], None]:
    def run(scene: Callable[[Ground], Awaitable[None]]) -> None:
        async def whole() -> None:
            ground = Ground()
            await scene(ground)
            ground.data.close()
            assert await ground.owner.close() == []
            assert ground.failed == []

        asyncio.run(whole())

    return run


Run = Any


def test_many_quotes_of_one_frame_are_told_once(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.learn(listing(market("A"), market("B")))
        await until(lambda: ground.markets)
        ground.quotes.clear()
        for cents in range(10, 60):
            ground.stream.quote_said.emit(("A", quote(cents)))
        ground.stream.quote_said.emit(("B", quote(5)))
        await until(lambda: ground.quotes)
        assert ground.quotes == [frozenset({"A", "B"})]
        assert ground.data.quote("A").bid == Price.from_cents(59)

    on_ground(scene)


def test_a_listing_read_later_does_not_undo_the_streams_quote(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.stream.quote_said.emit(("A", quote(50)))
        ground.data.learn(listing(market("A", quote=quote(40)), market("B", quote=quote(41))))
        assert ground.data.quote("A").bid == Price.from_cents(50)
        assert ground.data.quote("B").bid == Price.from_cents(41)
        ground.data.gap()
        ground.data.learn(listing(market("A", quote=quote(60))))
        assert ground.data.quote("A").bid == Price.from_cents(60)

    on_ground(scene)


def test_a_book_is_followed_while_anybody_looks(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.live()
        first, second = ground.data.watch("A"), ground.data.watch("A")
        ground.stream.book_said.emit(book("A"))
        ground.stream.book_said.emit(book("Z"))
        assert ground.data.book("A").fresh
        assert ground.data.book("Z").book is None
        first()
        first()
        assert ground.stream._subscriptions.watched == frozenset({"A"})
        second()
        assert ground.stream._subscriptions.watched == frozenset()
        assert ground.data.book("A").book is None

    on_ground(scene)


def test_a_lost_book_is_shown_but_not_fresh_until_it_is_told_again(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.live()
        ground.data.watch("A")
        ground.stream.book_said.emit(book("A", 40))
        ground.stream.book_lost.emit("A")
        ground.clock.now_s += 7
        view = ground.data.book("A")
        assert view.book == book("A", 40)
        assert not view.fresh
        assert view.age_s == pytest.approx(7)
        ground.stream.book_said.emit(book("A", 45))
        assert ground.data.book("A").fresh

    on_ground(scene)


def test_a_book_lost_after_a_silence_is_as_old_as_the_silence_whoever_connects_meanwhile(
    on_ground: Run,
) -> None:
    """The line is given up after the silence: neither that nor the next line makes the book younger."""

    async def scene(ground: Ground) -> None:
        ground.live()
        ground.data.watch("A")
        ground.stream._heard()
        ground.stream.book_said.emit(book("A", 40))
        ground.clock.now_s += 25
        ground.stream.book_lost.emit("A")
        assert ground.data.book("A").age_s == pytest.approx(25)
        ground.stream._heard()
        ground.clock.now_s += 4
        assert ground.data.book("A").age_s == pytest.approx(29)

    on_ground(scene)


@pytest.mark.parametrize("phase", ["stale", "down", "connecting"])
def test_no_book_is_fresh_while_the_stream_is_not_live(on_ground: Run, phase: Any) -> None:
    async def scene(ground: Ground) -> None:
        ground.live()
        ground.data.watch("A")
        ground.stream.book_said.emit(book("A"))
        ground.stream._enter(phase, "")
        assert not ground.data.book("A").fresh

    on_ground(scene)


def test_trades_come_newest_first_and_each_once(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.answers.trades_now = (trade(2, 200), trade(1, 100))
        ground.data.watch("A")
        ground.stream.trade_said.emit(trade(3, 300))
        await until(lambda: len(ground.data.trades("A")) == 3)
        ground.stream.trade_said.emit(trade(3, 300))
        ground.stream.trade_said.emit(trade(9, 999, "B"))
        assert [one.trade_id for one in ground.data.trades("A")] == ["t3", "t2", "t1"]
        assert not ground.data.trades("B")
        await until(lambda: ground.trades)

    on_ground(scene)


def test_only_the_last_trades_are_kept(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.watch("A")
        for number in range(700):
            ground.stream.trade_said.emit(trade(number, number))
        ground.stream.trade_said.emit(trade(9_999, 0))
        kept = [one.created_ms for one in ground.data.trades("A")]
        assert kept == list(range(699, 199, -1))

    on_ground(scene)


def test_candles_are_read_once_a_minute_and_grow_with_trades(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.learn(listing(market("A")))
        ground.data.watch("A")
        end_s = int(ground.clock.now_s) // 60 * 60 + 60
        price = Price.from_cents(40)
        ground.answers.candles_now = (Candle(end_s, price, price, price, price, None, None, Count.of(3)),)
        first = await ground.data.candles("A", 1, 2)
        ground.stream.trade_said.emit(trade(1, ground.clock.wall_ms() + 1, cents=44))
        grown = await ground.data.candles("A", 1, 2)
        assert first[-1].close == price
        assert grown[-1].close == Price.from_cents(44)
        assert grown[-1].volume == Count.of(4)
        ground.clock.now_s += 61
        await ground.data.candles("A", 1, 2)
        assert [asked for asked in ground.answers.asked if asked.startswith("candles")] == [
            "candles S A 7200 1"
        ] * 2

    on_ground(scene)


def test_missing_history_is_said_and_what_was_read_stays(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.learn(listing(market("A")))
        ground.answers.broken = True
        assert await ground.data.candles("A", 60, 24) == ()
        assert [notice.key for notice in ground.notices.current()] == ["candles"]
        ground.answers.broken = False
        await ground.data.candles("A", 60, 24)
        assert ground.notices.current() == ()

    on_ground(scene)


@pytest.mark.parametrize(
    "before, news, after",
    [
        ("active", LifecycleNews("A", "deactivated", is_deactivated=True), "inactive"),
        ("inactive", LifecycleNews("A", "activated", is_deactivated=False), "active"),
        ("initialized", LifecycleNews("A", "activated"), "active"),
        ("active", LifecycleNews("A", "determined", result="yes"), "determined"),
        ("determined", LifecycleNews("A", "settled"), "finalized"),
        ("determined", LifecycleNews("A", "activated", is_deactivated=False), "determined"),
        ("closed", LifecycleNews("A", "something_new"), "closed"),
    ],
)
def test_the_life_of_a_market_follows_the_stream(
    on_ground: Run, before: str, news: LifecycleNews, after: str
) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.learn(listing(market("A", MarketStatus(before))))
        ground.stream.lifecycle_said.emit(news)
        held = ground.data.market("A")
        assert held is not None
        assert held.status.value == after
        await until(lambda: ground.markets)

    on_ground(scene)


def test_a_listing_read_before_the_streams_news_does_not_undo_them(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.learn(listing(market("A"), market("B")))
        ground.stream.lifecycle_said.emit(LifecycleNews("A", "deactivated", is_deactivated=True))
        ground.data.learn(listing(market("A"), market("B", MarketStatus.INACTIVE)))
        told = [ground.data.market(ticker) for ticker in ("A", "B")]
        assert [one.status for one in told if one] == [MarketStatus.INACTIVE, MarketStatus.INACTIVE]
        ground.clock.now_s += 60.0
        ground.data.learn(listing(market("A")))
        again = ground.data.market("A")
        assert again is not None
        assert again.status is MarketStatus.ACTIVE, "it was taken up again and the word of that was lost"

    on_ground(scene)


def test_a_new_grid_and_a_new_close_time_are_taken_over(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.learn(listing(market("A")))
        await until(lambda: ground.markets)
        ground.markets.clear()
        ground.stream.lifecycle_said.emit(
            LifecycleNews("A", "price_level_structure_updated", price_ranges=TENTHS)
        )
        ground.stream.lifecycle_said.emit(LifecycleNews("A", "close_date_updated", close_ms=5_000_000))
        await until(lambda: ground.markets)
        held = ground.data.market("A")
        assert held is not None
        assert (held.price_ranges, held.close_ms, ground.markets) == (TENTHS, 5_000_000, ["A"])

    on_ground(scene)


def test_markets_open_and_close_by_the_clock(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.learn(listing(market("A", MarketStatus.INITIALIZED), market("B")))

        def statuses() -> list[str]:
            markets = (ground.data.market(ticker) for ticker in "AB")
            return [market.status.value for market in markets if market is not None]

        ground.data.turn(OPEN_MS - 1)
        assert statuses() == ["initialized", "active"]
        ground.data.turn(OPEN_MS)
        assert statuses() == ["active", "active"]
        ground.stream.lifecycle_said.emit(LifecycleNews("B", "close_date_updated", close_ms=CLOSE_MS * 2))
        ground.data.turn(CLOSE_MS)
        assert statuses() == ["closed", "active"]
        ground.data.turn(CLOSE_MS * 2)
        assert statuses() == ["closed", "closed"]

    on_ground(scene)


def test_a_new_market_of_the_stream_asks_for_a_new_listing(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        heard: list[str] = []
        ground.data.unlisted.connect(heard.append)
        ground.stream.lifecycle_said.emit(LifecycleNews("NEW", "created"))
        ground.stream.lifecycle_said.emit(LifecycleNews("OLD", "settled"))
        assert heard == ["NEW"]

    on_ground(scene)


def test_a_market_held_but_not_listed_is_read_once(on_ground: Run) -> None:
    async def scene(ground: Ground) -> None:
        ground.data.ask_about(["GONE"])
        ground.data.ask_about(["GONE"])
        await until(lambda: ground.data.market("GONE") is not None)
        assert ground.answers.asked == ["market GONE"]

    on_ground(scene)
