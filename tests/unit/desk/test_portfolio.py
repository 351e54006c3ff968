"""Cash, positions, fills and the day's gain, between and after the exchange's answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.blotter import Blotter
from pitdesk.desk.market_data import MarketData
from pitdesk.desk.portfolio import Portfolio
from pitdesk.desk.risk import RiskBook
from pitdesk.kalshi import environment
from pitdesk.kalshi.outcomes import Accepted, NotSent
from pitdesk.kalshi.records import Balance
from pitdesk.kalshi.stream import FillNews, LifecycleNews, Stream
from pitdesk.markets import Event, Market, MarketStatus, Position, Quote, Settlement
from pitdesk.notices import Notices
from pitdesk.orders import BookSide, Fill, Order, OrderStatus
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price, PriceRanges
from pitdesk.settings import Settings
from pitdesk.tasks import TaskOwner

TEN_THOUSAND = Dollars(10_000_000_000)


def position(ticker: str, contracts: int, cost: int, realized: int = 0, fees: int = 0) -> Position:
    money = Dollars.of(cost)
    return Position(ticker, Count.of(contracts), money, Dollars.of(realized), Dollars.of(fees), money)


def fill(trade_id: str, side: BookSide, cents: int, contracts: int, at_ms: int = 0, fee: int = 0) -> Fill:
    price, count = Price.from_cents(cents), Count.of(contracts)
    return Fill(trade_id, "o", "A", side, price, count, Dollars.from_cents(fee), True, at_ms)


def resting(contracts: int, cents: int) -> Order:
    count = Count.of(contracts)
    return Order(
        "o1", "c1", "A", BookSide.BID, Price.from_cents(cents), count, COUNT_ZERO, count, OrderStatus.RESTING
    )


@dataclass
class Account:
    """What the exchange answers about the account; ``meanwhile`` runs while an answer is on its way."""

    cash: Dollars = TEN_THOUSAND
    by_shard: dict[int, Dollars] | None = None
    positions_now: tuple[Position, ...] = ()
    fills_now: tuple[Fill, ...] = ()
    broken: bool = False
    meanwhile: Callable[[], object] | None = None
    asked_fills: Any = None
    settlements_now: tuple[Settlement, ...] = ()
    asked_settlements: int = 0

    async def settlements(self, *, min_ts_s: int) -> object:
        self.asked_settlements = min_ts_s
        return NotSent("No connection.") if self.broken else Accepted(self.settlements_now)

    async def balance(self) -> object:
        self._meanwhile()
        return (
            NotSent("No connection.") if self.broken else Accepted(Balance(self.cash, by_shard=self.by_shard))
        )

    async def positions(self) -> object:
        self._meanwhile()
        return NotSent("No connection.") if self.broken else Accepted(self.positions_now)

    async def fills(self, **how: object) -> object:
        self.asked_fills = how
        return NotSent("No connection.") if self.broken else Accepted(self.fills_now)

    def _meanwhile(self) -> None:
        what, self.meanwhile = self.meanwhile, None
        if what is not None:
            what()


class SetClock(Clock):
    def __init__(self, at: datetime) -> None:
        self.at = at
        self.later_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.later_s

    def wall_ms(self) -> int:
        return int(self.at.timestamp() * 1000)


class Ground:
    def __init__(self, settings: Settings, *, moves_cash: bool = False) -> None:
        self.account, self.settings = Account(), settings
        self.clock = SetClock(datetime(2026, 11, 21, 15, tzinfo=UTC))
        self.owner = TaskOwner(lambda *_: None)
        self.stream = Stream(environment.DEMO, None, self.owner)  # type: ignore[arg-type]
        self.data = MarketData(self.account, self.stream, Notices(), self.owner, self.clock)  # type: ignore[arg-type]
        self.blotter = Blotter()
        self.portfolio = Portfolio(
            self.account,  # type: ignore[arg-type]
            self.data,
            self.blotter,
            settings,
            environment.Environment("Practice", "", "", is_real=False, moves_cash=moves_cash),
            self.clock,
        )

    def quote(self, bid: int | None, ask: int | None, **changes: object) -> None:
        """The market A, listed and quoted."""
        quote = Quote(
            Price.from_cents(bid) if bid is not None else None,
            Price.from_cents(ask) if ask is not None else None,
        )
        market = Market(
            "A", "E", "", "Yes", "No", MarketStatus.ACTIVE, PriceRanges.of_cents(), 0, 10**14, quote
        )
        self.data.gap()
        market = replace(market, **changes)  # type: ignore[arg-type]
        self.data.learn((Event("E", "S", "T", "", "C", True, (market,)),))


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Callable[[Ground], Awaitable[None]]], None]:
    def run(scene: Callable[[Ground], Awaitable[None]]) -> None:
        async def whole() -> None:
            settings = Settings(tmp_path / "settings.json")
            ground = Ground(settings)
            await scene(ground)
            ground.portfolio.close()
            ground.data.close()
            ground.blotter.close()
            assert await ground.owner.close() == []
            settings.close()

        asyncio.run(whole())

    return run


Play = Any


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_nothing_is_claimed_before_the_first_answer(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        portfolio = ground.portfolio
        assert (portfolio.cash, portfolio.today) == (None, None)
        assert portfolio.positions_value == DOLLARS_ZERO
        ground.account.broken = True
        assert not await portfolio.refresh()
        assert not await portfolio.refresh_fills()
        assert portfolio.cash is None

    play(scene)


def test_positions_are_worth_the_bid_of_what_is_held(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.quote(41, 43)
        ground.account.positions_now = (position("A", 100, 40),)
        await ground.portfolio.refresh()
        assert ground.portfolio.positions_value == Dollars.of(41)
        ground.account.positions_now = (position("A", -100, 50),)
        await ground.portfolio.refresh()
        assert ground.portfolio.positions_value == Dollars.of(57)
        ground.quote(None, None)
        assert ground.portfolio.positions_value == DOLLARS_ZERO
        assert ground.portfolio.value_of("A") is None

    play(scene)


@pytest.mark.parametrize(
    "status, result, contracts, worth",
    [
        (MarketStatus.ACTIVE, "", 100, 0),
        (MarketStatus.INACTIVE, "", 100, 40),
        (MarketStatus.CLOSED, "", 100, 40),
        (MarketStatus.DETERMINED, "yes", 100, 100),
        (MarketStatus.DETERMINED, "no", 100, 0),
        (MarketStatus.DETERMINED, "no", -100, 100),
        (MarketStatus.DETERMINED, "scalar", 100, 40),
    ],
)
def test_a_position_in_a_market_that_trades_no_more_is_not_worthless_for_want_of_bids(
    play: Play, status: MarketStatus, result: str, contracts: int, worth: int
) -> None:
    async def scene(ground: Ground) -> None:
        ground.quote(None, None, status=status, result=result)
        ground.account.positions_now = (position("A", contracts, 40),)
        await ground.portfolio.refresh()
        assert ground.portfolio.positions_value == Dollars.of(worth)

    play(scene)


def test_a_market_past_its_time_is_closed_though_nothing_tells_so(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.quote(None, None, close_ms=ground.clock.wall_ms())
        ground.account.positions_now = (position("A", 100, 40),)
        await ground.portfolio.refresh()
        assert ground.portfolio.positions_value == Dollars.of(40)

    play(scene)


def test_cash_moves_at_once_with_a_fill_and_with_what_an_order_holds_back(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        await ground.portfolio.refresh()
        assert ground.portfolio.fill_said(fill("t1", BookSide.BID, 42, 100, fee=171))
        assert ground.portfolio.cash == Dollars.from_cents(1_000_000 - 4_371)
        assert ground.portfolio.position("A") == Count.of(100)
        ground.blotter.apply_order(resting(50, 40))
        assert ground.blotter.committed() == Dollars.of(20)
        assert ground.portfolio.cash == Dollars.from_cents(1_000_000 - 4_371 - 2_000)
        ground.account.cash = Dollars.of(9_000)
        await ground.portfolio.refresh()
        assert ground.portfolio.cash == Dollars.of(9_000)

    play(scene)


def test_an_order_that_closes_what_is_held_leaves_the_cash_alone_until_it_fills(play: Play) -> None:
    """Nothing is held back for it, so nothing comes back with its end either."""

    async def scene(ground: Ground) -> None:
        ground.account.positions_now = (position("A", 100, 64),)
        await ground.portfolio.refresh()
        asked = replace(resting(100, 70), book_side=BookSide.ASK)
        ground.blotter.apply_order(asked)
        assert (ground.portfolio.cash, ground.blotter.committed()) == (TEN_THOUSAND, DOLLARS_ZERO)
        await ground.portfolio.refresh()
        assert ground.portfolio.fill_said(fill("t1", BookSide.ASK, 70, 100))
        done = replace(
            asked, fill_count=Count.of(100), remaining_count=COUNT_ZERO, status=OrderStatus.EXECUTED
        )
        ground.blotter.apply_order(done)
        assert ground.portfolio.cash == Dollars.of(10_070)

    play(scene)


def test_a_fill_is_counted_once_whoever_tells_it(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        one, two = fill("t1", BookSide.BID, 42, 10, 1_000), fill("t2", BookSide.BID, 43, 10, 3_000)
        heard: list[None] = []
        ground.portfolio.fills_changed.connect(heard.append)
        assert ground.portfolio.fill_said(two)
        assert not ground.portfolio.fill_said(two)
        ground.account.fills_now = (two, one)
        await ground.portfolio.refresh_fills()
        assert ground.portfolio.fills == (two, one)
        assert ground.portfolio.position("A") == Count.of(10)
        await until(lambda: heard)
        assert len(heard) == 1

    play(scene)


def test_later_readings_ask_only_for_fills_since_the_last(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.account.fills_now = (fill("t1", BookSide.BID, 42, 1, 5_000_000),)
        await ground.portfolio.refresh_fills()
        assert "min_ts_s" not in ground.account.asked_fills
        await ground.portfolio.refresh_fills()
        assert ground.account.asked_fills == {"min_ts_s": 5_000 - 120}

    play(scene)


def test_a_fill_that_the_stream_lost_is_read_however_much_later_the_next_one_came(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.account.fills_now = (fill("t1", BookSide.BID, 42, 10, 1_000_000),)
        assert await ground.portfolio.refresh_fills()
        ground.account.broken = True
        ground.portfolio.fill_said(fill("t3", BookSide.BID, 42, 10, 9_000_000))  # t2 was lost before it
        assert not await ground.portfolio.refresh_fills()
        ground.account.broken = False
        assert await ground.portfolio.refresh_fills()
        asked = ground.account.asked_fills["min_ts_s"]
        assert isinstance(asked, int)
        assert asked <= 1_000, "all that came since the last answer is asked for, whatever was streamed"

    play(scene)


def test_a_fill_while_the_answer_was_on_its_way_is_not_undone(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        await ground.portfolio.refresh()
        ground.account.meanwhile = lambda: ground.portfolio.fill_said(fill("t1", BookSide.BID, 42, 10))
        await ground.portfolio.refresh()
        assert ground.portfolio.position("A") == Count.of(10)

    play(scene)


def test_a_fill_just_before_is_not_undone_by_an_answer_that_lags(play: Play) -> None:
    """A read was seen to lag by a third of a second (FACTS §7): no limit may forget the fill meanwhile."""

    async def scene(ground: Ground) -> None:
        await ground.portfolio.refresh()
        moved: list[str] = []
        ground.portfolio.position_moved.connect(moved.append)
        ground.portfolio.fill_said(fill("t1", BookSide.BID, 42, 10))
        await ground.portfolio.refresh()
        assert ground.portfolio.position("A") == Count.of(10)
        assert moved == ["A"]
        ground.clock.later_s = 5.0
        ground.account.positions_now = (position("A", 12, 5),)
        await ground.portfolio.refresh()
        assert ground.portfolio.position("A") == Count.of(12)
        assert moved == ["A", "A"]

    play(scene)


def test_each_fill_is_handed_on_once(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        kept: list[str] = []
        ground.portfolio.fill_kept.connect(lambda one: kept.append(one.trade_id))
        ground.portfolio.fill_said(fill("t1", BookSide.BID, 42, 10, 1_000))
        ground.account.fills_now = tuple(fill(each, BookSide.BID, 42, 10, 1_000) for each in ("t1", "t2"))
        assert await ground.portfolio.read_fills_since(0)
        assert ground.account.asked_fills == {"min_ts_s": 0}
        await ground.portfolio.refresh_fills()
        assert kept == ["t1", "t2"]
        ground.account.broken = True
        assert not await ground.portfolio.read_fills_since(0)

    play(scene)


def test_the_days_risks_are_known_once_fills_settlements_and_positions_were_read(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        account, blotter = ground.account, ground.blotter
        book = RiskBook(account, ground.portfolio, blotter, lambda _: "E", ground.clock)  # type: ignore[arg-type]
        midnight_ms = 1_795_237_200_000
        account.fills_now = (fill("t1", BookSide.BID, 40, 100, midnight_ms),)
        account.settlements_now = (Settlement("B", Count.of(10), Dollars.of(6), Dollars(0), midnight_ms + 1),)
        account.positions_now = (position("A", 100, 40),)
        account.broken = True
        assert not await book.refresh()
        account.broken = False
        assert await book.refresh()
        assert account.asked_settlements == midnight_ms // 1000
        assert book.loss is None, "the positions were not read"
        await ground.portfolio.refresh()
        assert (book.loss, book.so_far()[0]) == (Dollars.of(6), Dollars.of(40))
        assert book.exposure.market("A") == Dollars.of(40).units
        ground.portfolio.fill_said(fill("t2", BookSide.BID, 30, 10, midnight_ms + 5))
        assert book.exposure.market("A") == Dollars.of(43).units
        assert book.so_far()[0] == Dollars.of(43)
        book.close()

    play(scene)


def test_the_exchanges_own_count_after_a_fill_wins(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        said = fill("t1", BookSide.BID, 42, 10)
        ground.portfolio.fill_said(said)
        ground.portfolio.holding_said(FillNews(said, Count.of(35)))
        assert ground.portfolio.position("A") == Count.of(35)

    play(scene)


def test_what_another_subaccount_trades_moves_neither_cash_nor_positions(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        portfolio = ground.portfolio
        await portfolio.refresh()
        before = portfolio.cash
        theirs = replace(fill("t1", BookSide.BID, 42, 10), subaccount=3)
        portfolio.fill_said(theirs)
        portfolio.holding_said(FillNews(theirs, Count.of(10)))
        assert (portfolio.cash, portfolio.position("A")) == (before, COUNT_ZERO)
        assert [one.trade_id for one in portfolio.fills] == ["t1"]
        portfolio.fill_said(fill("t2", BookSide.BID, 42, 10))
        portfolio.holding_said(FillNews(theirs, Count.of(20)))
        assert portfolio.position("A") == Count.of(10)

    play(scene)


def test_a_flat_position_is_not_listed(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.account.positions_now = (position("A", 0, 0, realized=3), position("B", -1, 1))
        await ground.portfolio.refresh()
        assert list(ground.portfolio.positions) == ["B"]

    play(scene)


def test_today_is_the_gain_since_the_day_was_first_seen(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.quote(40, 42)
        ground.account.positions_now = (position("A", 100, 35, realized=2, fees=1),)
        await ground.portfolio.refresh()
        assert ground.portfolio.today == DOLLARS_ZERO
        ground.quote(45, 47)
        assert ground.portfolio.today == Dollars.of(5)
        ground.account.positions_now = (position("A", 0, 0, realized=14, fees=3),)
        await ground.portfolio.refresh()
        assert ground.portfolio.today == Dollars.of((14 - 3) - (2 - 1 + 40 - 35))
        ground.clock.at = datetime(2026, 11, 22, 6, tzinfo=UTC)
        assert ground.portfolio.today is None
        await ground.portfolio.refresh()
        assert ground.portfolio.today == DOLLARS_ZERO

    play(scene)


def test_a_market_settled_today_counts_with_its_result(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.quote(40, 42)
        ground.account.positions_now = (position("A", 100, 35, realized=2, fees=1),)
        await ground.portfolio.refresh()
        ground.stream.lifecycle_said.emit(LifecycleNews("A", "settled", result="yes"))
        ground.account.positions_now = ()
        await ground.portfolio.refresh()
        assert ground.portfolio.today == Dollars.of(60)
        ground.stream.lifecycle_said.emit(LifecycleNews("A", "settled", result="no"))
        assert ground.portfolio.today == Dollars.of(-40)
        assert ground.portfolio.positions_value == DOLLARS_ZERO

    play(scene)


def test_what_a_settled_market_brought_today_outlasts_a_new_start(play: Play) -> None:
    """The exchange lists neither the position nor the market any more."""

    async def scene(ground: Ground) -> None:
        ground.quote(40, 42)
        ground.account.positions_now = (position("A", 100, 35, realized=2, fees=1),)
        await ground.portfolio.refresh()
        ground.stream.lifecycle_said.emit(LifecycleNews("A", "settled", result="yes"))
        ground.account.positions_now = ()
        await ground.portfolio.refresh()
        heard: list[None] = []
        ground.portfolio.changed.connect(heard.append)
        await until(lambda: heard)
        again = Ground(ground.settings)
        await again.portfolio.refresh()
        assert again.portfolio.today == Dollars.of(60)
        again.clock.at = datetime(2026, 11, 22, 6, tzinfo=UTC)
        await again.portfolio.refresh()
        assert again.portfolio.today == DOLLARS_ZERO, "another day knows nothing of it"
        again.portfolio.close()

    play(scene)


def test_a_position_opened_today_counts_from_nothing(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.quote(40, 42)
        await ground.portfolio.refresh()
        ground.portfolio.fill_said(fill("t1", BookSide.BID, 42, 100, fee=100))
        assert ground.portfolio.today == Dollars.of(-3)

    play(scene)


def test_the_day_goes_on_when_the_program_is_started_again(tmp_path: Path) -> None:
    async def once(bid: int) -> Dollars | None:
        settings = Settings(tmp_path / "settings.json")
        ground = Ground(settings)
        ground.quote(bid, bid + 2)
        ground.account.positions_now = (position("A", 100, 35),)
        await ground.portfolio.refresh()
        today = ground.portfolio.today
        ground.portfolio.close()
        ground.data.close()
        settings.close()
        return today

    assert asyncio.run(once(40)) == DOLLARS_ZERO
    assert asyncio.run(once(46)) == Dollars.of(6)


def test_today_waits_for_the_markets_of_what_is_held(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        ground.account.positions_now = (position("A", 100, 35),)
        ground.data._asked.add("A")
        await ground.portfolio.refresh()
        assert ground.portfolio.today is None
        assert ground.portfolio.positions_value == Dollars.of(35)
        ground.quote(40, 42)
        await until(lambda: ground.portfolio.today is not None)
        assert ground.portfolio.today == DOLLARS_ZERO

    play(scene)


@pytest.mark.parametrize("moves_cash, free_there", [(False, DOLLARS_ZERO), (True, TEN_THOUSAND)])
def test_cash_is_free_where_it_lies_unless_the_exchange_brings_it(
    tmp_path: Path, moves_cash: bool, free_there: Dollars
) -> None:
    async def scene() -> None:
        settings = Settings(tmp_path / "settings.json")
        ground = Ground(settings, moves_cash=moves_cash)
        ground.account.by_shard = {0: TEN_THOUSAND, 2: DOLLARS_ZERO}
        assert await ground.portfolio.refresh()
        assert (ground.portfolio.cash_on(0), ground.portfolio.cash_on(2)) == (TEN_THOUSAND, free_there)
        ground.portfolio.close()
        ground.data.close()
        ground.blotter.close()
        assert await ground.owner.close() == []
        settings.close()

    asyncio.run(scene())


def test_the_practice_exchange_brings_cash_and_the_others_do_not() -> None:
    assert environment.practice("http://127.0.0.1:1/trade-api/v2", "ws://127.0.0.1:1/x").moves_cash
    assert not environment.DEMO.moves_cash
    assert not environment.LIVE.moves_cash


def test_what_was_spent_in_a_market_stays_spent_while_it_is_settled(play: Play) -> None:
    async def scene(ground: Ground) -> None:
        account = ground.account
        book = RiskBook(account, ground.portfolio, ground.blotter, lambda _: "E", ground.clock)  # type: ignore[arg-type]
        midnight_ms = 1_795_237_200_000
        account.fills_now = (fill("t1", BookSide.BID, 40, 100, midnight_ms),)
        account.positions_now = (position("A", 100, 40),)
        assert await book.refresh()
        await ground.portfolio.refresh()
        assert book.so_far() == (Dollars.of(40), Dollars(0))
        assert not book.awaits_results
        account.positions_now = ()
        ground.clock.later_s = 60.0
        await ground.portfolio.refresh()
        assert book.so_far() == (Dollars.of(40), Dollars(0)), "it was paid out; how, is not told yet"
        assert book.awaits_results
        account.settlements_now = (
            Settlement("A", Count.of(100), Dollars.of(40), Dollars(0), midnight_ms + 5),
        )
        assert await book.refresh()
        assert book.so_far() == (Dollars.of(40), Dollars.of(40))
        assert not book.awaits_results
        book.close()

    play(scene)
