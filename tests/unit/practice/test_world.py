"""The living market: what is listed, that it lives, that its past and present agree, and that it repeats."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pytest

from pitdesk.markets import MarketStatus
from pitdesk.orders import BookSide, OrderStatus
from pitdesk.practice.catalogue import build_catalogue
from pitdesk.practice.exchange import Exchange
from pitdesk.practice.facts import Fact, QuoteChanged, Traded
from pitdesk.practice.ladder import Mood
from pitdesk.practice.listings import Grid, ListedEvent, Liveliness
from pitdesk.practice.records import ExchangeState, NewOrder
from pitdesk.practice.world import World
from pitdesk.quantities import Count, Price
from tests.unit.practice.floor import NOW_MS, HandClock

FED = "KXFEDDECISION-26DEC-C25"


@dataclass
class Running:
    """A built world and all it said since."""

    seed: int = 1
    speed: float = 1.0
    start_ms: int = NOW_MS

    def __post_init__(self) -> None:
        self.clock = HandClock()
        self.clock.now_ms = self.start_ms
        self.exchange = Exchange(self.clock, build_catalogue(self.start_ms))
        self.world = World(self.exchange, self.seed, self.speed)
        self.world.build()
        self.said: list[Fact] = []
        self.exchange.facts.connect(self.said.append)

    def run(self, seconds: float, step_ms: int = 250) -> None:
        for _ in range(int(seconds * 1000 / step_ms)):
            self.clock.now_ms += step_ms
            self.exchange.tick(self.clock.now_ms)
            self.world.step(self.clock.now_ms)

    def tape(self) -> list[tuple[str, int, int, int]]:
        trades = [fact.trade for fact in self.said if isinstance(fact, Traded)]
        return [(t.ticker, t.yes_price.units, t.count.units, t.created_ms) for t in trades]

    def middle(self, ticker: str) -> float:
        quote = self.exchange.read.quote(ticker)
        assert quote.bid is not None
        assert quote.ask is not None
        return (quote.bid.units + quote.ask.units) / 200

    def total(self) -> int:
        engine = self.exchange.engine
        cash = sum(account.cash for account in engine.accounts.values())
        interest = sum(venue.open_interest for venue in engine.venues.values())
        return cash + engine.fees_collected + interest * 10_000


def exclusive(running: Running) -> list[ListedEvent]:
    return [event for event in running.exchange.catalogue.events if event.mutually_exclusive]


@pytest.fixture
def running() -> Running:
    return Running()


@pytest.mark.parametrize("days", [0, 1, 40, 110, 200, 300, 364])
@pytest.mark.parametrize("hour", [0, 6, 12, 17, 22, 23])
def test_every_day_lists_enough_of_everything(days: int, hour: int) -> None:
    now_ms = NOW_MS + days * 86_400_000 + hour * 3_600_000
    catalogue = build_catalogue(now_ms)
    assert len(catalogue.markets) >= 40
    assert len(catalogue.markets) == sum(len(event.markets) for event in catalogue.events)
    assert len(catalogue.events_by_ticker) == len(catalogue.events) >= 12
    assert len({event.series.category for event in catalogue.events}) >= 6
    grids = {market.grid for market in catalogue.markets.values()}
    assert grids >= {Grid.CENT, Grid.TENTH_CENT, Grid.BANDED}
    shards = {event.series.category: event.exchange_index for event in catalogue.events}
    assert (shards["Economics"], shards["Crypto"]) == (0, 2)
    assert {market.liveliness for market in catalogue.markets.values()} == set(Liveliness)
    assert len({event.fees.fee_type for event in catalogue.events}) >= 2
    for market in catalogue.markets.values():
        assert market.open_ms <= now_ms < market.close_ms - 3 * 3_600_000
        assert market.ticker.startswith(f"{market.event_ticker}-")
        assert market.event_ticker.startswith(f"{market.series_ticker}-")


def test_every_book_is_quoted_and_exclusive_outcomes_share_a_dollar(running: Running) -> None:
    for market in running.exchange.catalogue.markets.values():
        book = running.exchange.read.book(market.ticker)
        assert book.bids or book.asks
        if book.bids and book.asks:
            assert max(book.bids) < min(book.asks)
    for event in exclusive(running):
        assert 92 <= sum(running.middle(market.ticker) for market in event.markets) <= 108


def test_thresholds_fall(running: Running) -> None:
    for event in running.exchange.catalogue.events:
        if not event.mutually_exclusive:
            middles = [running.middle(market.ticker) for market in event.markets]
            assert all(one >= other for one, other in pairwise(middles))


def test_a_dense_ladder_has_many_levels_of_some_hundreds(running: Running) -> None:
    book = running.exchange.read.book(FED)
    for side in (book.bids, book.asks):
        assert len(side) >= 10
        assert all(Count.of(100) <= count <= Count.of(5_000) for count in side.values())


def test_the_same_seed_and_steps_give_the_same_tape() -> None:
    first, again, other = Running(seed=5), Running(seed=5), Running(seed=6)
    for one in (first, again, other):
        one.run(40)
    assert len(first.tape()) > 50
    assert first.tape() == again.tape()
    assert first.tape() != other.tape()


def test_prices_move_all_over_the_finder(running: Running) -> None:
    running.run(60)
    moved = {fact.quote.ticker for fact in running.said if isinstance(fact, QuoteChanged)}
    assert len(moved) > len(running.exchange.catalogue.markets) * 0.8
    assert len(running.said) < 60 * 200


def test_no_money_and_no_orders_pile_up(running: Running) -> None:
    total = running.total()
    running.run(600, step_ms=500)
    assert running.total() == total
    live = sum(len(account.live) for account in running.exchange.engine.accounts.values())
    assert live < 62 * 34
    for market in running.exchange.catalogue.markets.values():
        quote = running.exchange.read.quote(market.ticker)
        assert quote.bid is None or quote.ask is None or quote.bid < quote.ask


def test_who_waits_at_the_touch_is_traded_with_within_about_a_minute() -> None:
    filled = waited = 0
    for seed in range(3):
        running = Running(seed=seed)
        you = running.exchange.open_account("you")
        orders = []
        for ticker in list(running.exchange.catalogue.markets)[:12]:
            quote = running.exchange.read.quote(ticker)
            assert quote.bid is not None
            order = NewOrder(ticker, BookSide.BID, quote.bid, Count.of(20))
            orders.append(running.exchange.place(you, order).order_id)
        running.run(75)
        waited += len(orders)
        filled += sum(bool(running.exchange.read.order(you, one).fill_count) for one in orders)
    assert filled >= waited * 0.6


def test_an_order_far_from_the_touch_rests(running: Running) -> None:
    you = running.exchange.open_account("you")
    placed = running.exchange.place(you, NewOrder(FED, BookSide.BID, Price(1_000), Count.of(20)))
    running.run(120)
    assert running.exchange.read.order(you, placed.order_id).status is OrderStatus.RESTING


def test_a_price_mostly_stays_and_moves_by_small_steps(running: Running) -> None:
    middles = []
    for _ in range(180):
        running.run(1)
        middles.append(running.middle(FED))
    assert all(abs(one - other) <= 1.5 for one, other in pairwise(middles))
    assert max(middles) - min(middles) <= 5
    assert len(set(middles)) > 1


def test_news_moves_the_event_and_those_who_read_it_first_take_what_was_left_standing(
    running: Running,
) -> None:
    running.run(5)
    before = running.middle(FED)
    running.said.clear()
    running.world.news(FED, 0.7)
    running.run(0.75)
    taken = [fact.trade for fact in running.said if isinstance(fact, Traded) and fact.trade.ticker == FED]
    assert sum(trade.count.units for trade in taken) > 100 * 100
    assert {trade.taker_side for trade in taken} == {BookSide.BID}
    running.run(30)
    assert running.middle(FED) > max(before + 10, 60)
    event = running.exchange.catalogue.event_of(FED)
    assert 92 <= sum(running.middle(market.ticker) for market in event.markets) <= 108


@pytest.mark.parametrize("worth", [0.0, 1.0, -1.0, 7.0])
def test_news_of_an_impossible_worth_is_refused(running: Running, worth: float) -> None:
    with pytest.raises(ValueError, match="cannot be worth"):
        running.world.news(FED, worth)


def test_a_thin_mood_quotes_less_and_wider() -> None:
    exchange = Exchange(HandClock(), build_catalogue(NOW_MS))
    World(exchange, 1, 1.0, Mood(depth=0.1, spread=6.0)).build()
    usual = Running().exchange
    thin, full = exchange.read.book(FED), usual.read.book(FED)
    assert sum(count.units for count in thin.bids.values()) < sum(c.units for c in full.bids.values()) / 5
    widths = [min(book.asks).units - max(book.bids).units for book in (thin, full)]
    assert widths[0] > widths[1]


def test_the_last_minutes_are_a_rush(running: Running) -> None:
    event = next(event for event in exclusive(running) if event.ticker.startswith("KXHIGHNY"))
    tickers = {market.ticker for market in event.markets}
    running.run(60)
    usual = sum(trade[0] in tickers for trade in running.tape())
    running.clock.now_ms = event.markets[0].close_ms - 120_000
    running.said.clear()
    running.run(60)
    assert sum(trade[0] in tickers for trade in running.tape()) > 2 * usual


def test_a_quiet_market_stands_still() -> None:
    quiet = Running(speed=0)
    quiet.run(30)
    assert quiet.said == []


def test_a_clock_that_is_set_back_does_not_stop_it(running: Running) -> None:
    running.run(10)
    running.clock.now_ms -= 3_600_000
    running.said.clear()
    running.run(10)
    assert running.tape()


def test_a_long_sleep_is_not_made_up_for(running: Running) -> None:
    running.run(5)
    running.clock.now_ms += 3_600_000
    running.said.clear()
    running.run(0.25)
    assert len(running.said) < 2_000


def test_a_faster_market_trades_more() -> None:
    slow, fast = Running(), Running(speed=4)
    slow.run(30)
    fast.run(30)
    assert len(fast.tape()) > 2 * len(slow.tape())


def test_a_trading_pause_stops_the_participants(running: Running) -> None:
    from pitdesk.practice.records import ExchangeState

    running.exchange.set_state(ExchangeState(trading_active=False))
    running.said.clear()
    running.run(10)
    assert running.said == []


@pytest.mark.parametrize("period, hours", [(1, 3), (60, 24 * 7), (1440, 24 * 30)])
def test_there_are_candles_from_the_first_second(running: Running, period: int, hours: int) -> None:
    now_s = NOW_MS // 1000
    candles = running.world.candles(FED, now_s - hours * 3600, now_s, period)
    assert len(candles) in (hours * 60 // period, hours * 60 // period + 1)
    for candle in candles:
        assert candle.end_s % (period * 60) == 0
        for bar in (candle.bid, candle.ask, candle.traded):
            if bar is not None:
                assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert candle.bid.close < candle.ask.close
    for one, other in pairwise(candles):
        assert other.end_s - one.end_s == period * 60
        assert other.bid.open == one.bid.close


def test_the_past_leads_to_the_present(running: Running) -> None:
    now_s = NOW_MS // 1000
    last = running.world.candles(FED, now_s - 120, now_s, 1)[-1]
    quote = running.exchange.read.quote(FED)
    assert quote.bid is not None
    assert abs(last.bid.close.units - quote.bid.units) <= 200
    running.run(150)
    now_s = running.clock.now_ms // 1000
    candles = running.world.candles(FED, now_s - 600, now_s + 60, 1)
    quote = running.exchange.read.quote(FED)
    assert candles[-1].bid.close == quote.bid
    assert candles[-1].ask.close == quote.ask
    traded = [fact.trade for fact in running.said if isinstance(fact, Traded) and fact.trade.ticker == FED]
    live = [candle for candle in candles if candle.end_s > NOW_MS // 1000 + 60]
    start_ms = (live[0].end_s - 60) * 1000
    assert sum(c.volume.units for c in live) == sum(t.count.units for t in traded if t.created_ms >= start_ms)


def test_hours_and_days_go_on_with_what_happens_now(running: Running) -> None:
    running.run(90)
    now_s = running.clock.now_ms // 1000
    quote = running.exchange.read.quote(FED)
    for period in (60, 1440):
        last = running.world.candles(FED, now_s - 86_400, now_s + period * 60, period)[-1]
        assert last.bid.close == quote.bid
        assert last.end_s >= now_s


def test_no_candle_is_older_than_its_market(running: Running) -> None:
    ticker = next(t for t in running.exchange.catalogue.markets if t.startswith("KXBTCD"))
    opened_s = running.exchange.catalogue.markets[ticker].open_ms // 1000
    candles = running.world.candles(ticker, 0, NOW_MS // 1000, 60)
    assert candles[0].end_s == opened_s // 3600 * 3600 + 3600


def test_the_past_is_the_same_after_a_restart() -> None:
    before, after = Running(), Running(start_ms=NOW_MS + 7_200_000)
    span = (NOW_MS // 1000 - 86_400, NOW_MS // 1000 - 3_600)
    one, other = (
        [(c.end_s, c.bid, c.ask, c.traded) for c in running.world.candles(FED, *span, 60)]
        for running in (before, after)
    )
    assert one == other


def test_the_tape_goes_on_backwards(running: Running) -> None:
    trades = running.world.trades_before(FED, 200)
    assert len(trades) == 200
    assert len({trade.trade_id for trade in trades}) == 200
    assert all(one.created_ms >= other.created_ms for one, other in pairwise(trades))
    assert trades[0].created_ms < NOW_MS
    ranges = running.exchange.catalogue.markets[FED].price_ranges
    assert all(ranges.holds(trade.yes_price) and trade.count > Count(0) for trade in trades)


def test_what_was_decided_otherwise_stands_when_its_event_closes(running: Running) -> None:
    event = next(event for event in exclusive(running) if event.ticker.startswith("KXHIGHNY"))
    decided = event.markets[-1].ticker
    running.exchange.settle_market(decided, "yes")
    running.clock.now_ms = event.markets[0].close_ms
    running.run(75, step_ms=1_000)
    results = [running.exchange.read.market(market.ticker).result for market in event.markets]
    assert results == ["no", "no", "no", "yes"]


def test_participants_leave_a_paused_index_alone(running: Running) -> None:
    running.exchange.set_state(ExchangeState(False, False), [2])
    running.said.clear()
    running.run(20)
    listed = running.exchange.catalogue.markets
    assert {listed[row[0]].exchange_index for row in running.tape()} <= {0, 3}
    assert running.tape()


def test_an_event_that_closed_is_settled_with_one_winner(running: Running) -> None:
    event = next(event for event in exclusive(running) if event.ticker.startswith("KXHIGHNY"))
    you = running.exchange.open_account("you")
    quote = running.exchange.read.quote(event.markets[0].ticker)
    assert quote.ask is not None
    running.exchange.place(you, NewOrder(event.markets[0].ticker, BookSide.BID, quote.ask, Count.of(10)))
    total = running.total()
    running.clock.now_ms = event.markets[0].close_ms
    running.run(2)
    assert running.exchange.read.market(event.markets[0].ticker).status is MarketStatus.CLOSED
    running.run(75, step_ms=1_000)
    results = [running.exchange.read.market(market.ticker).result for market in event.markets]
    assert sorted(results) == ["no", "no", "no", "yes"]
    assert running.total() == total
    assert you.holding(event.markets[0].ticker).position == 0


def test_a_restored_order_stands_behind_the_makers() -> None:
    clock = HandClock()
    exchange = Exchange(clock, build_catalogue(NOW_MS))
    probe = Running()
    bid = probe.exchange.read.quote(FED).bid
    assert bid is not None
    you = exchange.open_account("you")
    placed = exchange.place(you, NewOrder(FED, BookSide.BID, bid, Count.of(5)))
    World(exchange, 1).build()
    assert exchange.read.queue_position(you, placed.order_id) > Count.of(100)


def test_what_is_still_open_tomorrow_is_listed_tomorrow() -> None:
    """A position must not be settled only because the exchange was started again on another day."""
    day_ms = 86_400_000
    for days in range(0, 400, 3):
        now_ms = NOW_MS + days * day_ms + days % 24 * 3_600_000
        tomorrow = build_catalogue(now_ms + day_ms).events_by_ticker
        for event in build_catalogue(now_ms).events:
            if event.markets[0].close_ms > now_ms + 2 * day_ms:
                assert event.ticker in tomorrow
                assert tomorrow[event.ticker].markets[0].close_ms == event.markets[0].close_ms
