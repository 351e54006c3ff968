"""A market's life beside the clock: pauses, prices, fees, the decision and the payout (FACTS §13, §14)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pitdesk.markets import FeeSchedule, MarketStatus
from pitdesk.practice.engine import Rules
from pitdesk.practice.facts import EventFeesChanged, MarketChanged, PaidOut, StateChanged
from pitdesk.practice.listings import Grid
from pitdesk.practice.pauses import maintenance_windows
from pitdesk.practice.records import ExchangeState
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Dollars, Price
from tests.unit.practice.floor import CENT
from tests.unit.practice.floor_whole import COIN, COINS, OTHER_COIN, WholeFloor


@pytest.fixture
def floor() -> WholeFloor:
    return WholeFloor()


def reason(floor: WholeFloor, order_id: str) -> tuple[str, str | None]:
    order = floor.exchange.read.order(floor.ann, order_id)
    return order.status.value, order.last_update_reason


def test_a_paused_market_takes_nothing_keeps_its_orders_and_loses_them_when_it_resumes(
    floor: WholeFloor,
) -> None:
    order = floor.send(floor.ann, "bid", "5", "0.40")
    gone = floor.send(floor.ann, "bid", "5", "0.39")
    floor.exchange.deactivate_market(CENT)
    assert floor.exchange.read.market(CENT).status is MarketStatus.INACTIVE
    with pytest.raises(ExchangeRefusal, match="market_inactive"):
        floor.send(floor.ann, "bid", "1", "0.41")
    floor.exchange.cancel(floor.ann, gone.order_id)
    assert reason(floor, order.order_id) == ("resting", None)
    floor.exchange.activate_market(CENT)
    assert reason(floor, order.order_id) == ("canceled", "HaltCancel")
    assert [fact.event_type for fact in floor.of(MarketChanged)] == ["deactivated", "activated"]
    assert floor.ann.reserved == 0


def test_a_finer_grid_keeps_resting_orders_and_is_told(floor: WholeFloor) -> None:
    order = floor.send(floor.ann, "bid", "5", "0.40")
    with pytest.raises(ExchangeRefusal, match="invalid_price"):
        floor.send(floor.ann, "bid", "5", "0.405")
    floor.exchange.change_grid(CENT, Grid.TENTH_CENT)
    floor.send(floor.ann, "bid", "5", "0.405")
    assert reason(floor, order.order_id)[0] == "resting"
    told = floor.of(MarketChanged)[-1]
    assert (told.event_type, told.listed.grid) == ("price_level_structure_updated", Grid.TENTH_CENT)
    assert floor.exchange.read.market(CENT).listed.grid is Grid.TENTH_CENT
    floor.exchange.change_grid(CENT, Grid.CENT)
    assert floor.touch()[0] == "40¢ x 5"


def test_every_grid_has_whole_cents_and_its_own_steps() -> None:
    for grid in Grid:
        prices = set(grid.ranges.prices())
        assert {Price(cent * 100) for cent in range(1, 100)} <= prices, grid
        assert all(Price(10_000) - price in prices for price in prices), grid
    assert Price(1) in set(Grid.COMBO.ranges.prices())
    assert Price(4_985) not in set(Grid.COMBO.ranges.prices())


def test_each_index_pauses_alone(floor: WholeFloor) -> None:
    here = floor.send(floor.ann, "bid", "1", "0.40", cancel_order_on_pause=True)
    there = floor.send(floor.ann, "bid", "1", "0.40", ticker=COIN, cancel_order_on_pause=True)
    stays = floor.send(floor.ann, "bid", "1", "0.39", ticker=COIN)
    floor.exchange.set_state(ExchangeState(True, False), [2])
    assert reason(floor, here.order_id)[0] == "resting"
    assert reason(floor, there.order_id) == ("canceled", "HaltCancel")
    floor.send(floor.ann, "bid", "1", "0.41")
    with pytest.raises(ExchangeRefusal, match="trading_is_paused"):
        floor.send(floor.ann, "bid", "1", "0.41", ticker=COIN)
    floor.exchange.cancel(floor.ann, stays.order_id)
    floor.exchange.set_state(ExchangeState(False, False), [0])
    with pytest.raises(ExchangeRefusal, match="exchange_is_paused"):
        floor.exchange.cancel(floor.ann, here.order_id)
    with pytest.raises(ExchangeRefusal, match="exchange_is_paused"):
        floor.exchange.cancel_all(floor.ann)
    assert [(fact.exchange_index, fact.state.exchange_active) for fact in floor.of(StateChanged)] == [
        (2, True),
        (0, False),
    ]


def test_the_thursday_pause_comes_and_goes() -> None:
    floor = WholeFloor(rules=Rules(maintenance=True))
    start_ms, end_ms = maintenance_windows(floor.clock.now_ms, 1)[0]
    assert (end_ms - start_ms) == 2 * 3_600_000
    floor.exchange.tick(start_ms - 1)
    assert floor.exchange.state.trading_active
    floor.exchange.tick(start_ms)
    assert (floor.exchange.state.trading_active, floor.exchange.state.resume_ms) == (False, end_ms)
    floor.exchange.tick(end_ms)
    assert floor.exchange.state.trading_active
    assert floor.exchange.state.exchange_active


def test_settling_pays_a_dollar_and_writes_a_settlement(floor: WholeFloor) -> None:
    start = floor.total()
    floor.send(floor.ann, "bid", "10", "0.40", ticker=COIN)
    floor.send(floor.bob, "ask", "10", "0.40", ticker=COIN)
    floor.exchange.settle_market(COIN, "yes")
    (won,) = floor.ann.settlements
    (lost,) = floor.bob.settlements
    assert (won.result, str(won.yes_count), won.yes_cost, won.revenue) == (
        "yes", "10", Dollars.of(4), Dollars.of(10),
    )  # fmt: skip
    assert (str(lost.no_count), lost.no_cost, lost.revenue) == ("10", Dollars.of(6), Dollars.of(0))
    assert (won.exchange_index, won.event_ticker, won.value) == (2, COINS, Dollars.of(1))
    assert floor.total() == start
    assert floor.exchange.read.positions(floor.ann) == []
    assert len(floor.exchange.read.positions(floor.ann, settled=True)) == 1
    assert len(floor.of(PaidOut)) == 2
    floor.exchange.settle_market(COIN, "yes")
    assert len(floor.of(PaidOut)) == 2


def test_only_one_of_exclusive_outcomes_pays(floor: WholeFloor) -> None:
    floor.exchange.settle_market(COIN, "yes")
    with pytest.raises(ValueError, match="Only one outcome"):
        floor.exchange.settle_market(OTHER_COIN, "yes")
    floor.exchange.settle_market(OTHER_COIN, "no")


def test_a_scalar_pays_both_sides_their_part(floor: WholeFloor) -> None:
    start = floor.total()
    floor.send(floor.ann, "bid", "3.01", "0.40")
    floor.send(floor.bob, "ask", "3.01", "0.40")
    with pytest.raises(ValueError, match="scalar"):
        floor.exchange.settle_market(CENT, "scalar")
    floor.exchange.settle_market(CENT, "scalar", Price(3_333))
    (row,) = floor.ann.settlements
    assert row.revenue == Dollars.from_wire("1.0032")
    assert floor.total() == start


def test_determined_is_told_before_it_is_paid(floor: WholeFloor) -> None:
    floor.send(floor.ann, "bid", "1", "0.40")
    floor.send(floor.bob, "ask", "1", "0.40")
    floor.exchange.determine_market(CENT, "no")
    assert floor.exchange.read.market(CENT).status is MarketStatus.DETERMINED
    assert floor.ann.settlements == []
    assert [(fact.event_type, fact.value) for fact in floor.of(MarketChanged)] == [
        ("close_date_updated", None),
        ("determined", Price(0)),
    ]


def test_an_override_changes_what_fills_cost_from_then_on(floor: WholeFloor) -> None:
    free = FeeSchedule("quadratic", Fraction(0))
    floor.exchange.fees.plan(COINS, free, floor.clock.now_ms + 5_000)
    floor.send(floor.bob, "ask", "9", "0.50", ticker=COIN)
    paid = floor.send(floor.ann, "bid", "1", "0.50", ticker=COIN)
    floor.clock.now_ms += 5_000
    floor.exchange.tick(floor.clock.now_ms)
    saved = floor.send(floor.ann, "bid", "1", "0.50", ticker=COIN)
    floor.exchange.fees.plan(COINS, None, floor.clock.now_ms)
    again = floor.send(floor.ann, "bid", "1", "0.50", ticker=COIN)
    assert (paid.average_fee_paid, saved.average_fee_paid, again.average_fee_paid) == (
        "0.0175", "0.0000", "0.0175",
    )  # fmt: skip
    assert [fact.override for fact in floor.of(EventFeesChanged)] == [free, None]


def test_through_a_broker_cash_moves_in_whole_cents() -> None:
    floor = WholeFloor(rules=Rules(brokered=True))
    start = floor.total()
    floor.send(floor.bob, "ask", "100", "0.33")
    for _ in range(20):
        floor.send(floor.ann, "bid", "1.37", "0.33")
        assert floor.ann.cash % 10_000 == 0
    order = floor.send(floor.ann, "bid", "30", "0.20")
    for _ in range(20):
        floor.send(floor.bob, "ask", "1.11", "0.20")
    assert floor.ann.cash % 10_000 == 0
    assert floor.total() == start
    assert floor.exchange.read.order(floor.ann, order.order_id).fee_overpaid < Dollars.of(1)


def test_ids_may_be_checked_against_open_orders_only() -> None:
    floor = WholeFloor(rules=Rules(ids_are_spent=False))
    first = floor.send(floor.ann, "bid", "1", "0.40", client_order_id="a")
    with pytest.raises(ExchangeRefusal, match="order_already_exists"):
        floor.send(floor.ann, "bid", "1", "0.40", client_order_id="a")
    floor.exchange.cancel(floor.ann, first.order_id)
    second = floor.send(floor.ann, "bid", "1", "0.40", client_order_id="a")
    floor.amend(floor.ann, second.order_id, "bid", "1", "0.40", updated_client_order_id="b")
    floor.send(floor.ann, "bid", "1", "0.40", client_order_id="a")


def test_a_fill_or_kill_order_that_meets_its_owner_keeps_what_it_took(floor: WholeFloor) -> None:
    floor.send(floor.bob, "ask", "2", "0.50")
    floor.send(floor.ann, "ask", "5", "0.51")
    answer = floor.send(floor.ann, "bid", "5", "0.55", time_in_force="fill_or_kill")
    assert (answer.fill_count, answer.remaining_count) == ("2.00", "0.00")
    assert reason(floor, answer.order_id) == ("canceled", "SelfTradeCancel")
