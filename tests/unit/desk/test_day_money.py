"""Spent and lost since midnight in New York: from fills and settlements alone, the same after a restart."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.clock import Clock
from pitdesk.desk.day_money import DayMoney, Holding
from pitdesk.desk.exchange_hours import exchange_day, exchange_day_start_ms
from pitdesk.desk.positions import after_fill
from pitdesk.markets import Position, Settlement
from pitdesk.orders import BookSide, Fill
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price

BID, ASK = BookSide.BID, BookSide.ASK
MIDNIGHT = datetime(2026, 11, 21, 5, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 17, tzinfo=UTC)


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


class SetClock(Clock):
    at = NOON

    def wall_ms(self) -> int:
        return ms(self.at)


class Ground:
    """An account whose fills come in as they happen; :meth:`again` begins anew with what the exchange has."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.positions: dict[str, Position] = {}
        self.fills: list[Fill] = []
        self.settlements: list[Settlement] = []
        self.money = DayMoney(self.clock, self.holding)

    def holding(self, ticker: str) -> Holding:
        held = self.positions.get(ticker)
        return Holding() if held is None else Holding(held.count, held.exposure)

    def trade(
        self,
        side: BookSide,
        cents: int,
        contracts: int,
        *,
        at: datetime = NOON,
        fee: int = 0,
        ticker: str = "A",
    ) -> None:
        number = len(self.fills)
        self.take(
            Fill(
                f"t{number:04}", "o", ticker, side, Price.from_cents(cents), Count.of(contracts),
                Dollars.from_cents(fee), True, ms(at) + number,
            )
        )  # fmt: skip

    def take(self, fill: Fill) -> None:
        self.fills.append(fill)
        self.positions[fill.ticker], _ = after_fill(self.positions.get(fill.ticker), fill)
        self.money.take(fill)
        self.money.moved(fill.ticker)

    def settle(self, ticker: str, revenue: int, at: datetime = NOON) -> None:
        held = self.positions.pop(ticker)
        paid = Settlement(ticker, held.count, held.exposure, Dollars.of(revenue), ms(at))
        self.settlements.append(paid)
        self.money.settled([paid])

    def again(self, *, since: datetime | None = None, shuffled: int = 0) -> DayMoney:
        """After a restart: the fills since ``since`` alone are known, in whatever order they come."""
        money = DayMoney(self.clock, self.holding)
        known = [fill for fill in self.fills if since is None or fill.created_ms >= ms(since)]
        random.Random(shuffled).shuffle(known)
        for fill in known:
            money.take(fill)
        money.settled(self.settlements)
        return money

    def told(self, money: DayMoney | None = None) -> tuple[str, str]:
        money = money or self.money
        return str(money.spent), str(money.loss)


def test_what_opens_is_spent_with_its_fee_and_what_closes_is_not() -> None:
    ground = Ground()
    ground.trade(BID, 40, 100, fee=168)
    ground.trade(ASK, 50, 60, fee=105)
    assert ground.told() == ("$42.73", "$1.68")
    ground.trade(ASK, 50, 90)
    assert ground.told()[0] == "$67.73", "fifty of them open No at 50¢"
    assert ground.told(ground.again(since=MIDNIGHT)) == ground.told()


def test_a_loss_that_was_reached_stays_though_it_is_made_good() -> None:
    ground = Ground()
    ground.trade(BID, 60, 100)
    ground.trade(ASK, 30, 100)
    assert ground.told()[1] == "$30.00"
    ground.trade(BID, 20, 100)
    ground.trade(ASK, 90, 100)
    assert ground.told()[1] == "$30.00"
    assert ground.told(ground.again(since=MIDNIGHT, shuffled=3))[1] == "$30.00"


def test_a_market_that_ends_against_a_position_is_a_loss() -> None:
    ground = Ground()
    ground.trade(BID, 60, 100, at=MIDNIGHT - timedelta(hours=9))
    assert ground.told() == ("$0.00", "$0.00")
    ground.settle("A", 0)
    assert ground.told() == ("$0.00", "$60.00")
    assert ground.told(ground.again(since=MIDNIGHT)) == ("$0.00", "$60.00")
    other = Ground()
    other.trade(BID, 60, 100)
    other.settle("A", 100)
    assert other.told(other.again(since=MIDNIGHT)) == ("$60.00", "$0.00")


def test_yesterdays_end_of_a_market_is_yesterdays() -> None:
    ground = Ground()
    ground.trade(BID, 60, 100, at=MIDNIGHT - timedelta(hours=9))
    ground.settle("A", 0, MIDNIGHT - timedelta(milliseconds=1))
    assert ground.told() == ("$0.00", "$0.00")


@pytest.mark.parametrize("before_ms, spent", [(0, "$40.00"), (1, "$0.00")])
def test_the_day_begins_at_midnight_in_new_york(before_ms: int, spent: str) -> None:
    ground = Ground()
    ground.trade(BID, 40, 100, at=MIDNIGHT - timedelta(milliseconds=before_ms))
    assert ground.told()[0] == spent


def test_a_new_day_begins_with_nothing() -> None:
    ground = Ground()
    ground.trade(BID, 60, 100)
    ground.trade(ASK, 30, 50)
    assert ground.told() == ("$60.00", "$15.00")
    ground.clock.at = NOON + timedelta(days=1)
    assert ground.told() == ("$0.00", "$0.00")
    ground.trade(ASK, 10, 50, at=NOON + timedelta(days=1))
    assert ground.told() == ("$0.00", "$25.00")


def test_what_was_held_at_midnight_is_worked_out_from_what_is_held_now() -> None:
    ground = Ground()
    ground.trade(BID, 70, 100, at=MIDNIGHT - timedelta(days=3))
    ground.trade(ASK, 50, 40)
    ground.trade(BID, 20, 10)
    assert ground.told(ground.again(since=MIDNIGHT)) == ground.told() == ("$2.00", "$8.00")


def test_a_position_sold_out_today_is_known_by_its_older_fills_or_taken_at_its_dearest() -> None:
    ground = Ground()
    ground.trade(BID, 70, 100, at=MIDNIGHT - timedelta(days=3))
    ground.trade(ASK, 50, 100)
    assert ground.told() == ("$0.00", "$20.00")
    assert ground.told(ground.again()) == ("$0.00", "$20.00")
    assert ground.told(ground.again(since=MIDNIGHT)) == ("$0.00", "$50.00"), "never less than it was"


def test_another_subaccounts_fills_count_as_if_it_had_held_nothing() -> None:
    ground = Ground()
    ground.trade(BID, 40, 100, at=MIDNIGHT - timedelta(days=1))
    ground.money.take(
        Fill("s", "o", "A", ASK, Price.from_cents(60), Count.of(100), DOLLARS_ZERO, True, ms(NOON), 5)
    )
    assert ground.told() == ("$40.00", "$0.00")


FILLS = st.lists(
    st.tuples(st.sampled_from([BID, ASK]), st.integers(1, 99), st.integers(1, 5), st.integers(0, 20)),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(FILLS, FILLS, st.integers(0, 5))
def test_after_a_restart_it_is_the_same_or_stricter(
    before: list[tuple[BookSide, int, int, int]], today: list[tuple[BookSide, int, int, int]], order: int
) -> None:
    ground = Ground()
    for side, cents, contracts, fee in before:
        ground.trade(side, cents, contracts, fee=fee, at=MIDNIGHT - timedelta(hours=2))
    for side, cents, contracts, fee in today:
        ground.trade(side, cents, contracts, fee=fee)
    spent, loss = by_hand(ground)
    whole, part = ground.again(shuffled=order), ground.again(since=MIDNIGHT, shuffled=order)
    slack = Dollars(len(today) * 10)
    for money in (ground.money, whole, part):
        assert money.spent == spent
        assert money.loss >= loss - slack
    if not before:
        assert part.loss == whole.loss == loss


def by_hand(ground: Ground) -> tuple[Dollars, Dollars]:
    """From the first fill to the last, with the true cost of everything."""
    held = Position("A", COUNT_ZERO, DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO)
    spent, realized, lowest = 0, 0, 0
    for fill in ground.fills:
        after, _ = after_fill(held, fill)
        if fill.created_ms >= ms(MIDNIGHT):
            change = after.realized - held.realized
            spent += opening_cost(held, fill) + fill.fee.units
            realized += (change - fill.fee).units
            lowest = min(lowest, realized)
        held = after
    return Dollars(spent), Dollars(-lowest)


def opening_cost(held: Position, fill: Fill) -> int:
    against = -held.count.units if fill.book_side is BID else held.count.units
    leg = fill.yes_price.units if fill.book_side is BID else 10_000 - fill.yes_price.units
    return leg * (fill.count.units - min(max(against, 0), fill.count.units))


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_start_of_the_day_on_every_hour_of_a_year(year: int) -> None:
    at = datetime(year, 1, 1, tzinfo=UTC)
    while at.year == year:
        start = exchange_day_start_ms(ms(at))
        assert start <= ms(at) < start + 25 * 3_600_000
        assert exchange_day(start) == exchange_day(ms(at))
        assert exchange_day(start - 1) < exchange_day(ms(at))
        at += timedelta(hours=1)
