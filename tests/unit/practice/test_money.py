"""Cash by subaccount and exchange index: what orders may draw on, and how it moves (FACTS §10, §11)."""

from __future__ import annotations

import pytest

from pitdesk.practice.accounts import Account
from pitdesk.practice.engine import Rules
from pitdesk.practice.facts import Transferred
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Dollars
from tests.unit.practice.floor import CENT
from tests.unit.practice.floor_whole import COIN, WholeFloor

STRICT = Rules(cash_moves=False)
UUID = "6f1d2c1e-3f55-4f0e-8a55-0c7b8a3d9e21"


def dollars(account: Account, subaccount: int, shard: int) -> str:
    return Dollars(account.purses.at(subaccount, shard).available).to_wire(2)


def test_by_the_strict_rule_an_order_draws_on_its_own_index_only() -> None:
    floor = WholeFloor(rules=STRICT)
    with pytest.raises(ExchangeRefusal, match="insufficient_balance"):
        floor.send(floor.ann, "bid", "10", "0.40", ticker=COIN)
    floor.exchange.cashier.transfer(floor.ann, (0, 0), (0, 2), Dollars.of(5).units, "")
    assert (dollars(floor.ann, 0, 0), dollars(floor.ann, 0, 2)) == ("9995.00", "0.00")
    floor.clock.now_ms += 1_000
    floor.exchange.tick(floor.clock.now_ms)
    floor.send(floor.ann, "bid", "10", "0.40", ticker=COIN)
    assert dollars(floor.ann, 0, 2) == "1.00"
    with pytest.raises(ExchangeRefusal, match="insufficient_balance"):
        floor.send(floor.ann, "bid", "10", "0.40", ticker=COIN)


def test_a_newcomer_trades_everywhere_without_moving_cash_by_hand() -> None:
    floor = WholeFloor()
    floor.send(floor.ann, "bid", "10", "0.40", ticker=COIN)
    assert floor.exchange.read.balance(floor.ann).cash == Dollars.of(9_996)
    moved = [fact.transfer for fact in floor.of(Transferred) if fact.transfer.done]
    assert [(one.from_shard, one.to_shard, one.amount) for one in moved] == [(0, 2, Dollars.of(4))]
    with pytest.raises(ExchangeRefusal, match="insufficient_balance"):
        floor.send(floor.ann, "bid", "25000", "0.40", ticker=COIN)
    assert len([fact for fact in floor.of(Transferred) if fact.transfer.done]) == 1


def test_a_refused_order_moves_no_cash() -> None:
    floor = WholeFloor()
    floor.send(floor.bob, "ask", "1", "0.50", ticker=COIN)
    before = len(floor.of(Transferred))
    for terms in ({"post_only": True}, {"time_in_force": "fill_or_kill"}):
        with pytest.raises(ExchangeRefusal):
            floor.send(floor.ann, "bid", "10", "0.50", ticker=COIN, **terms)
    assert len(floor.of(Transferred)) == before
    assert dollars(floor.ann, 0, 2) == "0.00"


def test_a_dearer_amendment_fetches_what_it_misses() -> None:
    floor = WholeFloor()
    order = floor.send(floor.ann, "bid", "10", "0.40", ticker=COIN)
    from pitdesk.kalshi.wire.orders import AmendOrderRequest

    request = AmendOrderRequest(ticker=COIN, side="bid", price="0.60", count="10")
    floor.exchange.amend(floor.ann, order.order_id, request)
    assert floor.ann.purses.at(0, 2).reserved == Dollars.of(6).units
    assert floor.ann.purses.at(0, 2).available == 0


def test_subaccounts_have_cash_orders_and_positions_of_their_own() -> None:
    floor = WholeFloor()
    cashier, read = floor.exchange.cashier, floor.exchange.read
    assert cashier.open_subaccount(floor.ann) == 1
    with pytest.raises(ExchangeRefusal, match="insufficient_balance"):
        floor.send(floor.ann, "bid", "10", "0.40", subaccount=1)
    cashier.transfer(floor.ann, (0, 0), (1, 0), Dollars.of(100).units, UUID)
    order = floor.send(floor.ann, "bid", "10", "0.40", subaccount=1)
    floor.send(floor.bob, "ask", "10", "0.40")
    floor.send(floor.ann, "ask", "3", "0.45")
    assert [str(row.count) for row in read.positions(floor.ann, 1)] == ["10"]
    assert read.positions(floor.ann, 0) == []
    assert read.balance(floor.ann, 1).cash == Dollars.of(96)
    assert [row.order_id for row in read.orders(floor.ann, subaccount=1).items] == [order.order_id]
    assert len(read.orders(floor.ann).items) == 2
    assert len(read.fills(floor.ann, subaccount=0).items) == 0
    with pytest.raises(ExchangeRefusal, match="not_found"):
        floor.exchange.cancel(floor.ann, read.orders(floor.ann, subaccount=0).items[0].order_id, subaccount=1)
    assert floor.exchange.cancel_all(floor.ann, 1) == 0
    assert floor.exchange.cancel_all(floor.ann, 0) == 1


def test_reduce_only_looks_at_its_own_subaccount() -> None:
    floor = WholeFloor()
    floor.exchange.cashier.open_subaccount(floor.ann)
    floor.send(floor.bob, "ask", "5", "0.40")
    floor.send(floor.ann, "bid", "5", "0.40")
    floor.send(floor.bob, "bid", "5", "0.40")
    terms = {"time_in_force": "immediate_or_cancel", "reduce_only": True}
    assert floor.send(floor.ann, "ask", "5", "0.40", subaccount=1, **terms).fill_count == "0.00"
    assert floor.send(floor.ann, "ask", "9", "0.40", **terms).fill_count == "5.00"


def test_subaccounts_of_one_member_do_not_trade_with_each_other() -> None:
    floor = WholeFloor()
    floor.exchange.cashier.open_subaccount(floor.ann)
    floor.exchange.cashier.transfer(floor.ann, (0, 0), (1, 0), Dollars.of(100).units, "")
    floor.send(floor.ann, "ask", "5", "0.40")
    answer = floor.send(floor.ann, "bid", "5", "0.40", subaccount=1)
    assert (answer.fill_count, answer.remaining_count) == ("0.00", "0.00")


@pytest.mark.parametrize(
    "source, target, amount, client_id, code",
    [
        ((0, 0), (1, 0), 1, UUID, "transfer_already_exists"),
        ((0, 0), (7, 0), 1, "", "invalid_parameters"),
        ((0, 0), (0, 0), 1, "", "invalid_parameters"),
        ((0, 0), (1, 0), 0, "", "invalid_parameters"),
        ((0, 0), (0, 2), 10_000, "", "insufficient_balance"),
    ],
)
def test_a_transfer_that_cannot_be(
    source: tuple[int, int], target: tuple[int, int], amount: int, client_id: str, code: str
) -> None:
    floor = WholeFloor()
    floor.exchange.cashier.open_subaccount(floor.ann)
    floor.exchange.cashier.transfer(floor.ann, (0, 0), (1, 0), Dollars.of(1).units, UUID)
    start, cash = floor.total(), dollars(floor.ann, 0, 0)
    with pytest.raises(ExchangeRefusal, match=code):
        floor.exchange.cashier.transfer(floor.ann, source, target, Dollars.of(amount).units, client_id)
    assert (floor.total(), dollars(floor.ann, 0, 0)) == (start, cash)


def test_what_resting_orders_hold_back_cannot_be_moved() -> None:
    floor = WholeFloor()
    floor.send(floor.ann, "bid", "10000", "0.90", ticker=CENT)
    with pytest.raises(ExchangeRefusal, match="insufficient_balance"):
        floor.exchange.cashier.transfer(floor.ann, (0, 0), (0, 2), Dollars.of(1_001).units, "")
    floor.exchange.cashier.transfer(floor.ann, (0, 0), (0, 2), Dollars.of(1_000).units, "")


def test_there_are_sixty_three_numbered_subaccounts() -> None:
    floor = WholeFloor()
    numbers = [floor.exchange.cashier.open_subaccount(floor.ann) for _ in range(63)]
    assert numbers == list(range(1, 64))
    with pytest.raises(ExchangeRefusal, match="at most 63"):
        floor.exchange.cashier.open_subaccount(floor.ann)


def test_a_reset_gives_up_what_is_under_way_and_loses_nobodys_cent() -> None:
    floor = WholeFloor()
    start = floor.total()
    floor.exchange.cashier.transfer(floor.ann, (0, 0), (0, 2), Dollars.of(7).units, "")
    floor.exchange.reset_account(floor.ann)
    assert floor.total() == start + Dollars.of(10_000)
    floor.clock.now_ms += 1_000
    floor.exchange.tick(floor.clock.now_ms)
    assert dollars(floor.ann, 0, 2) == "0.00"
    assert floor.ann.transfers == []
