"""Order groups: what trips them, what they cancel, and what stays out until they are reset (FACTS §9)."""

from __future__ import annotations

import pytest

from pitdesk.practice.facts import GroupChanged
from pitdesk.practice.groups import OrderGroup
from pitdesk.practice.refusals import ExchangeRefusal
from tests.unit.practice.floor import CENT, TENTH
from tests.unit.practice.floor_whole import COIN, WholeFloor


@pytest.fixture
def floor() -> WholeFloor:
    return WholeFloor()


def group_of(floor: WholeFloor, contracts: int = 5, *, shard: int = 0, subaccount: int = 0) -> OrderGroup:
    return floor.exchange.groups.create(floor.ann, contracts * 100, subaccount, shard)


def status(floor: WholeFloor, order_id: str) -> str:
    return floor.exchange.read.order(floor.ann, order_id).status.value


def steps(floor: WholeFloor) -> list[str]:
    return [fact.event_type for fact in floor.of(GroupChanged)]


def test_reaching_the_limit_cancels_the_others_and_blocks_until_reset(floor: WholeFloor) -> None:
    group = group_of(floor)
    hit = floor.send(floor.ann, "bid", "4", "0.40", order_group_id=group.group_id)
    also = floor.send(floor.ann, "bid", "3", "0.39", order_group_id=group.group_id)
    other = floor.send(floor.ann, "ask", "2", "0.60", ticker=TENTH, order_group_id=group.group_id)
    alone = floor.send(floor.ann, "bid", "1", "0.38")
    floor.send(floor.bob, "ask", "4", "0.40")
    assert not group.triggered
    assert list(group.orders) == [also.order_id, other.order_id]
    floor.send(floor.bob, "ask", "1", "0.39")
    assert group.triggered
    states = [status(floor, answer.order_id) for answer in (hit, also, other, alone)]
    assert states == ["executed", "canceled", "canceled", "resting"]
    assert steps(floor) == ["created", "triggered"]
    with pytest.raises(ExchangeRefusal, match="exceeded_order_group_risk_limit"):
        floor.send(floor.ann, "bid", "1", "0.30", order_group_id=group.group_id)
    floor.exchange.groups.reset(group)
    floor.send(floor.ann, "bid", "1", "0.30", order_group_id=group.group_id)
    assert steps(floor)[-1] == "reset"


def test_a_taker_that_reaches_the_limit_stops_taking(floor: WholeFloor) -> None:
    group = group_of(floor, 3)
    for price in ("0.50", "0.51", "0.52"):
        floor.send(floor.bob, "ask", "2", price)
    answer = floor.send(floor.ann, "bid", "6", "0.55", order_group_id=group.group_id)
    assert (answer.fill_count, answer.remaining_count) == ("4.00", "0.00")
    assert status(floor, answer.order_id) == "canceled"
    assert floor.touch() == ("None x 0", "52¢ x 2")
    assert floor.ann.reserved == 0


def test_a_group_filled_by_its_last_contract_ends_executed(floor: WholeFloor) -> None:
    group = group_of(floor, 2)
    floor.send(floor.bob, "ask", "2", "0.50")
    answer = floor.send(floor.ann, "bid", "2", "0.50", order_group_id=group.group_id)
    assert status(floor, answer.order_id) == "executed"
    assert group.triggered


def test_only_the_last_fifteen_seconds_count(floor: WholeFloor) -> None:
    group = group_of(floor)
    floor.send(floor.ann, "bid", "9", "0.40", order_group_id=group.group_id)
    floor.send(floor.bob, "ask", "4", "0.40")
    floor.clock.now_ms += 15_000
    floor.send(floor.bob, "ask", "4", "0.40")
    assert not group.triggered
    floor.clock.now_ms += 14_999
    floor.send(floor.bob, "ask", "1", "0.40")
    assert group.triggered


def test_trigger_cancels_and_a_lower_limit_may_trigger(floor: WholeFloor) -> None:
    groups = floor.exchange.groups
    group = group_of(floor, 10)
    first = floor.send(floor.ann, "bid", "5", "0.40", order_group_id=group.group_id)
    floor.send(floor.bob, "ask", "3", "0.40")
    groups.set_limit(group, 400)
    assert not group.triggered
    groups.set_limit(group, 300)
    assert group.triggered
    assert status(floor, first.order_id) == "canceled"
    assert steps(floor) == ["created", "limit_updated", "limit_updated", "triggered"]
    groups.reset(group)
    second = floor.send(floor.ann, "bid", "5", "0.40", order_group_id=group.group_id)
    groups.trigger(group)
    assert status(floor, second.order_id) == "canceled"


def test_deleting_cancels_and_forgets(floor: WholeFloor) -> None:
    group = group_of(floor)
    order = floor.send(floor.ann, "bid", "1", "0.40", order_group_id=group.group_id)
    floor.exchange.groups.delete(floor.ann, group)
    assert status(floor, order.order_id) == "canceled"
    with pytest.raises(ExchangeRefusal, match="not_found"):
        floor.exchange.groups.find(floor.ann, group.group_id, 0, 0)
    with pytest.raises(ExchangeRefusal, match="order_group_not_found"):
        floor.send(floor.ann, "bid", "1", "0.40", order_group_id=group.group_id)


def test_a_group_belongs_to_one_index_and_subaccount(floor: WholeFloor) -> None:
    group = group_of(floor, shard=2)
    with pytest.raises(ExchangeRefusal, match="order_group_not_found"):
        floor.send(floor.ann, "bid", "1", "0.40", order_group_id=group.group_id)
    assert floor.send(floor.ann, "bid", "1", "0.40", ticker=COIN, order_group_id=group.group_id).order_id
    floor.exchange.cashier.open_subaccount(floor.ann)
    with pytest.raises(ExchangeRefusal, match="order_group_not_found"):
        floor.send(floor.ann, "bid", "1", "0.40", ticker=COIN, order_group_id=group.group_id, subaccount=1)
    for where in ((1, 2), (0, 0)):
        with pytest.raises(ExchangeRefusal, match="not_found"):
            floor.exchange.groups.find(floor.ann, group.group_id, *where)


@pytest.mark.parametrize("limit", [0, -100, 99, 100_000_001])
def test_a_limit_is_one_contract_to_a_million(floor: WholeFloor, limit: int) -> None:
    with pytest.raises(ExchangeRefusal, match="contracts_limit"):
        floor.exchange.groups.create(floor.ann, limit, 0, 0)


def test_an_amendment_that_takes_trips_its_group_too(floor: WholeFloor) -> None:
    group = group_of(floor, 2)
    floor.send(floor.bob, "ask", "5", "0.60")
    order = floor.send(floor.ann, "bid", "4", "0.40", order_group_id=group.group_id)
    beside = floor.send(floor.ann, "bid", "1", "0.41", order_group_id=group.group_id)
    floor.amend(floor.ann, order.order_id, "bid", "4", "0.60")
    assert group.triggered
    assert status(floor, order.order_id) == "executed"
    assert status(floor, beside.order_id) == "canceled"
    assert floor.touch(CENT) == ("None x 0", "60¢ x 1")
