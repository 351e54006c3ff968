"""The order calls of late 2025 as clients of that time make them: whole cents, two outcomes, batches."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.practice_fixture import Answer, PracticeExchange, running_exchange

ORDERS = "/portfolio/orders"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    folder = tmp_path_factory.mktemp("classic") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited", "--dialect", "both") as running:
        yield running


@pytest.fixture(scope="module")
def market(exchange: PracticeExchange) -> dict[str, Any]:
    listed = exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
    return next(
        market
        for market in listed
        if market["price_level_structure"] == "linear_cent"
        and 0.2 < float(market["yes_bid_dollars"]) < float(market["yes_ask_dollars"]) < 0.8
    )


def body(market: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fields = {
        "ticker": market["ticker"],
        "client_order_id": f"classic-{next(NUMBERS)}",
        "side": "yes",
        "action": "buy",
        "count": 2,
        "type": "limit",
        "yes_price": 3,
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def create(exchange: PracticeExchange, market: dict[str, Any], **changes: Any) -> Answer:
    return exchange.call("POST", ORDERS, body(market, **changes))


def made(exchange: PracticeExchange, market: dict[str, Any], **changes: Any) -> dict[str, Any]:
    answer = create(exchange, market, **changes)
    assert answer.status == 201, answer.body
    order: dict[str, Any] = answer.json["order"]
    return order


def test_the_order_object_has_whole_cents_and_counts(
    exchange: PracticeExchange, market: dict[str, Any]
) -> None:
    order = made(exchange, market)
    assert {
        "side": "yes",
        "action": "buy",
        "type": "limit",
        "status": "resting",
        "yes_price": 3,
        "no_price": 97,
        "yes_price_dollars": "0.0300",
        "no_price_dollars": "0.9700",
        "fill_count": 0,
        "remaining_count": 2,
        "initial_count": 2,
        "taker_fees": 0,
        "maker_fees": 0,
        "taker_fill_cost": 0,
        "maker_fill_cost": 0,
        "queue_position": 0,
    }.items() <= order.items()
    assert "book_side" not in order
    read = exchange.call("GET", f"{ORDERS}/{order['order_id']}").json["order"]
    assert order.items() <= read.items()
    assert (read["book_side"], read["outcome_side"]) == ("bid", "yes")


@pytest.mark.parametrize(
    "side, action, price, book_side, yes_cents",
    [
        ("yes", "buy", {"yes_price": 4}, "bid", 4),
        ("yes", "sell", {"yes_price": 96}, "ask", 96),
        ("no", "buy", {"yes_price": None, "no_price": 5}, "ask", 95),
        ("no", "sell", {"yes_price": None, "no_price": 95}, "bid", 5),
        ("no", "buy", {"yes_price": 94}, "ask", 94),
        ("yes", "buy", {"yes_price": None, "yes_price_dollars": "0.0600"}, "bid", 6),
        ("no", "buy", {"yes_price": None, "no_price_dollars": "0.0700"}, "ask", 93),
    ],
)
def test_an_order_is_told_in_the_outcome_it_was_asked_for(
    exchange: PracticeExchange,
    market: dict[str, Any],
    side: str,
    action: str,
    price: dict[str, Any],
    book_side: str,
    yes_cents: int,
) -> None:
    order = made(exchange, market, side=side, action=action, **price)
    assert (order["side"], order["action"]) == (side, action)
    assert (order["yes_price"], order["no_price"]) == (yes_cents, 100 - yes_cents)
    read = exchange.call("GET", f"{ORDERS}/{order['order_id']}").json["order"]
    assert (read["book_side"], read["side"], read["action"]) == (
        book_side,
        "yes",
        "buy" if book_side == "bid" else "sell",
    )


def test_a_market_order_takes_what_it_needs(exchange: PracticeExchange, market: dict[str, Any]) -> None:
    for side, action in (("yes", "buy"), ("yes", "sell"), ("no", "buy"), ("no", "sell")):
        order = made(exchange, market, side=side, action=action, type="market", yes_price=None, count=3)
        assert (order["fill_count"], order["remaining_count"], order["status"]) == (3, 0, "executed")
        assert order["taker_fill_cost"] > 0
        assert order["taker_fees_dollars"] != "0.0000"


def test_buy_max_cost_is_cents_and_fills_or_kills(exchange: PracticeExchange, market: dict[str, Any]) -> None:
    ask = round(float(market["yes_ask_dollars"]) * 100)
    more = {"yes_price": ask + 2, "count": 10}
    killed = create(exchange, market, buy_max_cost=ask * 5, client_order_id="too-dear", **more)
    assert (killed.status, killed.json["error"]["code"]) == (409, "fill_or_kill_insufficient_resting_volume")
    again = create(exchange, market, client_order_id="too-dear")
    assert again.json["error"]["code"] == "order_already_exists"
    order = made(exchange, market, buy_max_cost=(ask + 2) * 10, **more)
    assert (order["fill_count"], order["status"]) == (10, "executed")


def test_expiry_groups_of_flags_and_fractions_arrive(
    exchange: PracticeExchange, market: dict[str, Any]
) -> None:
    until = int(time.time()) + 600
    order = made(
        exchange,
        market,
        count=None,
        count_fp="1.50",
        expiration_ts=until,
        time_in_force="good_till_canceled",
        self_trade_prevention_type="maker",
        cancel_order_on_pause=True,
        post_only=True,
    )
    assert (order["initial_count"], order["initial_count_fp"]) == (1, "1.50")
    assert order["cancel_order_on_pause"] is True
    assert order["self_trade_prevention_type"] == "maker"
    assert order["expiration_time"].startswith(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(until)))


@pytest.mark.parametrize(
    "changes, status, code",
    [
        ({"side": "bid"}, 400, "invalid_parameters"),
        ({"action": "hold"}, 400, "invalid_parameters"),
        ({"type": "stop"}, 400, "invalid_parameters"),
        ({"no_price": 97}, 400, "invalid_parameters"),
        ({"yes_price": None}, 400, "invalid_parameters"),
        ({"yes_price": 0}, 400, "invalid_price"),
        ({"yes_price": 100}, 400, "invalid_price"),
        ({"yes_price": -5}, 400, "invalid_price"),
        ({"yes_price": None, "yes_price_dollars": "0.5150"}, 400, "invalid_price"),
        ({"count": 0}, 400, "invalid_order_size"),
        ({"count": -1}, 400, "invalid_order_size"),
        ({"count": 10**18}, 400, "invalid_order_size"),
        ({"count": None}, 400, "invalid_parameters"),
        ({"count_fp": "3.00"}, 400, "invalid_parameters"),
        ({"sell_position_floor": 5}, 400, "invalid_parameters"),
        ({"buy_max_cost": 100, "action": "sell", "yes_price": 97}, 400, "invalid_parameters"),
        ({"buy_max_cost": 100, "time_in_force": "good_till_canceled"}, 400, "invalid_parameters"),
        ({"buy_max_cost": 0}, 400, "invalid_parameters"),
        ({"time_in_force": "GTC"}, 400, "invalid_parameters"),
        ({"self_trade_prevention_type": "both"}, 400, "invalid_parameters"),
        ({"post_only": True, "yes_price": 99}, 400, "invalid_order"),
        ({"expiration_ts": 5}, 400, "invalid_order"),
        ({"ticker": "NONE"}, 404, "not_found"),
        ({"ticker": "NONE", "type": "market", "yes_price": None}, 404, "not_found"),
        ({"count": "2"}, 400, "bad_request"),
        ({"yes_price": "3"}, 400, "bad_request"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(
    exchange: PracticeExchange, market: dict[str, Any], changes: dict[str, Any], status: int, code: str
) -> None:
    answer = create(exchange, market, **changes)
    error = answer.json.get("error", answer.json)
    assert (answer.status, error["code"]) == (status, code), answer.body


def test_cancel_decrease_and_amend_tell_whole_orders(
    exchange: PracticeExchange, market: dict[str, Any]
) -> None:
    order = made(exchange, market, side="no", yes_price=None, no_price=5, count=10)
    path = f"{ORDERS}/{order['order_id']}"
    less = exchange.call("POST", f"{path}/decrease", {"reduce_by": 3})
    assert (less.status, less.json["order"]["remaining_count"]) == (200, 7)
    less = exchange.call("POST", f"{path}/decrease", {"reduce_to": 6})
    assert less.json["order"]["remaining_count"] == 6
    changed = exchange.call(
        "POST",
        f"{path}/amend",
        {"ticker": market["ticker"], "side": "no", "action": "buy", "no_price": 6, "count": 8},
    )
    assert changed.status == 200, changed.body
    assert (changed.json["old_order"]["no_price"], changed.json["order"]["no_price"]) == (5, 6)
    assert (changed.json["order"]["remaining_count"], changed.json["order"]["side"]) == (8, "no")
    other = exchange.call(
        "POST", f"{path}/amend", {"ticker": market["ticker"], "side": "yes", "action": "buy"}
    )
    assert other.json["error"]["code"] == "order_side_mismatch"
    gone = exchange.call("DELETE", path)
    assert (gone.status, gone.json["reduced_by"], gone.json["reduced_by_fp"]) == (200, 8, "8.00")
    assert (gone.json["order"]["status"], gone.json["order"]["remaining_count"]) == ("canceled", 0)
    assert exchange.call("DELETE", path).status == 404
    assert (
        exchange.call("POST", f"{path}/amend", {"ticker": "X", "side": "no", "action": "buy"}).status == 404
    )


def test_twenty_in_a_batch_and_no_more(exchange: PracticeExchange, market: dict[str, Any]) -> None:
    orders = [body(market) for _ in range(20)]
    orders[3]["yes_price"] = 0
    answer = exchange.call("POST", f"{ORDERS}/batched", {"orders": orders})
    assert answer.status == 201
    items = answer.json["orders"]
    assert [item["client_order_id"] for item in items] == [order["client_order_id"] for order in orders]
    assert items[3]["error"]["code"] == "invalid_price"
    ids = [item["order"]["order_id"] for item in items if "order" in item]
    assert len(ids) == 19
    for many in ([body(market) for _ in range(21)], [], None):
        assert exchange.call("POST", f"{ORDERS}/batched", {"orders": many}).status == 400
    gone = exchange.call("DELETE", f"{ORDERS}/batched", {"ids": [*ids[:10], "none"]})
    assert gone.status == 200
    assert [item["reduced_by"] for item in gone.json["orders"]] == [2] * 10 + [0]
    assert gone.json["orders"][-1]["error"]["code"] == "not_found"
    gone = exchange.call("DELETE", f"{ORDERS}/batched", {"orders": [{"order_id": one} for one in ids[10:]]})
    assert [item["reduced_by"] for item in gone.json["orders"]] == [2] * 9
    assert exchange.call("DELETE", f"{ORDERS}/batched", {"ids": [5]}).status == 400


def test_what_an_order_was_asked_for_outlives_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("restart") / "practice"
    words = ("--quiet-market", "--dialect", "classic")
    with running_exchange(folder, *words) as first:
        ticker = first.call("GET", "/markets?status=open&limit=1").json["markets"][0]["ticker"]
        order = made(first, {"ticker": ticker}, side="no", yes_price=None, no_price=2)
        first.kill()
    with running_exchange(folder, *words) as second:
        assert second.call("GET", ORDERS).json["orders"] == [order]
        assert second.call("POST", "/portfolio/events/orders", {}).status == 404
