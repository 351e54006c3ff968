"""What the exchange was recorded to answer, one by one (FACTS §2.1 to §5): status, shape, code, details."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.practice_fixture import Answer, PracticeExchange, running_exchange

ORDERS = "/portfolio/events/orders"
BALANCE = "/portfolio/balance"
INTRA = "/portfolio/intra_exchange_instance_transfer"
NUMBERS = itertools.count(1)


class Desk:
    """The exchange, a market on whole cents with room inside its quote, and one on another exchange index."""

    def __init__(self, exchange: PracticeExchange) -> None:
        self.exchange = exchange
        listed = exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
        inside = [
            market
            for market in listed
            if market["price_level_structure"] == "linear_cent"
            and float(market["yes_bid_dollars"]) > 0.1
            and float(market["yes_ask_dollars"]) < 0.9
        ]
        self.market = next(
            market
            for market in inside
            if market["exchange_index"] == 0
            and float(market["yes_ask_dollars"]) - float(market["yes_bid_dollars"]) > 0.015
        )
        self.coin = next(market for market in inside if market["exchange_index"] == 2)
        self.ask = self.market["yes_ask_dollars"]

    def body(self, **changes: Any) -> dict[str, Any]:
        body = {
            "ticker": self.market["ticker"],
            "client_order_id": f"recorded-{next(NUMBERS)}",
            "side": "bid",
            "count": "2.00",
            "price": "0.0100",
            "time_in_force": "good_till_canceled",
            "self_trade_prevention_type": "taker_at_cross",
            **changes,
        }
        return {name: value for name, value in body.items() if value is not None}

    def send(self, **changes: Any) -> Answer:
        return self.exchange.call("POST", ORDERS, self.body(**changes))

    def rest(self, **changes: Any) -> str:
        """The id of a resting order."""
        answer = self.send(**changes)
        assert answer.status == 201, answer.body
        return str(answer.json["order_id"])

    def cancel(self, order_id: str, query: str = "") -> Answer:
        return self.exchange.call("DELETE", f"{ORDERS}/{order_id}{query}")

    def amend(self, order_id: str, **changes: Any) -> Answer:
        body = {"ticker": self.market["ticker"], "side": "bid", "price": "0.0100", "count": "2", **changes}
        return self.exchange.call("POST", f"{ORDERS}/{order_id}/amend", body)

    def signed(self, **changes: str) -> Answer:
        """Balance, with some headers changed or (empty) left out."""
        headers = {**self.exchange.headers("GET", f"/trade-api/v2{BALANCE}"), **changes}
        return self.exchange.call("GET", BALANCE, headers={k: v for k, v in headers.items() if v})

    def late(self, late_ms: int) -> Answer:
        path = f"/trade-api/v2{BALANCE}"
        return self.exchange.call("GET", BALANCE, headers=self.exchange.headers("GET", path, late_ms=late_ms))

    def paused(self, kind: str, call: Callable[[], Answer]) -> Answer:
        """The answer to ``call`` while a pause stands."""
        assert self.exchange.control("POST", "/faults", {"kind": kind}).status == 201
        try:
            return call()
        finally:
            self.exchange.control("DELETE", "/faults")

    def twice(self, prepare: Callable[[str], object]) -> Answer:
        """A second order by the client order id of one that ``prepare`` sent."""
        used = f"twice-{next(NUMBERS)}"
        prepare(used)
        return self.send(client_order_id=used)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("recorded") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited", "--strict-cash") as exchange:
        yield Desk(exchange)


@pytest.fixture
def basic(tmp_path: Path) -> Iterator[Desk]:
    """With the limits of the Basic tier."""
    with running_exchange(tmp_path / "practice", "--quiet-market") as exchange:
        yield Desk(exchange)


# FACTS §2.1: whole bodies.
AUTHENTICATION = [
    (
        lambda desk: desk.signed(**{"KALSHI-ACCESS-SIGNATURE": desk.exchange.sign(b"another text")}),
        {
            "code": "authentication_error",
            "message": "authentication_error",
            "details": "INCORRECT_API_KEY_SIGNATURE",
        },
    ),
    (
        lambda desk: desk.signed(**{"KALSHI-ACCESS-KEY": str(uuid.uuid4())}),
        {"code": "authentication_error", "message": "authentication_error", "details": "NOT_FOUND"},
    ),
    (
        lambda desk: desk.late(300_000),
        {"code": "header_timestamp_expired", "message": "header timestamp expired"},
    ),
    (
        lambda desk: desk.late(-300_000),
        {"code": "header_timestamp_expired", "message": "header timestamp expired"},
    ),
    (
        lambda desk: desk.late(30_000),
        {"code": "header_timestamp_expired", "message": "header timestamp expired"},
    ),
    (
        lambda desk: desk.signed(**{"KALSHI-ACCESS-SIGNATURE": ""}),
        {
            "code": "signature_is_missing_from_headers",
            "message": "signature is missing from headers",
        },
    ),
]


@pytest.mark.parametrize("call, error", AUTHENTICATION)
def test_who_cannot_prove_himself(desk: Desk, call: Callable[[Desk], Answer], error: dict[str, str]) -> None:
    answer = call(desk)
    assert (answer.status, answer.json) == (401, {"error": error})


@pytest.mark.parametrize("late_ms", [5_000, -5_000, 10_000, -10_000])
def test_a_clock_that_is_nearly_right_passes(desk: Desk, late_ms: int) -> None:
    assert desk.late(late_ms).status == 200


def _wrong_shard(desk: Desk) -> Answer:
    terms = {"source": "event_contract", "destination": "event_contract", "amount": 10_000}
    desk.exchange.call("POST", INTRA, {**terms, "destination_exchange_shard": 2})
    deadline = time.monotonic() + 10
    while desk.send(ticker=desk.coin["ticker"], count="0.01").status != 201:
        assert time.monotonic() < deadline, "the cash did not arrive"
    found = desk.exchange.call("GET", "/portfolio/orders?status=resting&exchange_index=2").json["orders"]
    return desk.cancel(found[0]["order_id"])


def _transfer_twice(desk: Desk) -> Answer:
    terms = {"source": "event_contract", "destination": "event_contract", "amount": 100}
    body = {**terms, "destination_exchange_shard": 3, "client_transfer_id": str(uuid.uuid4())}
    assert desk.exchange.call("POST", INTRA, body).status == 200
    return desk.exchange.call("POST", INTRA, body)


def _canceled_id(desk: Desk) -> Answer:
    return desk.twice(lambda used: desk.cancel(desk.rest(client_order_id=used)))


def _killed_id(desk: Desk) -> Answer:
    return desk.twice(lambda used: desk.send(client_order_id=used, time_in_force="fill_or_kill"))


def _again(desk: Desk) -> Answer:
    order_id = desk.rest()
    desk.cancel(order_id)
    return desk.cancel(order_id)


def _executed(desk: Desk) -> Answer:
    done = desk.send(price=desk.ask, count="1")
    return desk.cancel(done.json["order_id"])


def _amended(**changes: Any) -> Callable[[Desk], Answer]:
    return lambda desk: desk.amend(desk.rest(), **changes)


def _sent(**changes: Any) -> Callable[[Desk], Answer]:
    return lambda desk: desk.send(**changes)


# FACTS §3 and §4: call, status, code, details (None: not recorded).
NESTED = [
    ("off the grid", _sent(price="0.5150"), 400, "invalid_price", None),
    ("post only", _sent(price="0.9900", post_only=True), 400, "invalid_order", "post only cross"),
    ("no cash", _sent(price="0.0900", count="2000000"), 400, "insufficient_balance", None),
    ("no cash there", lambda desk: desk.send(ticker=desk.coin["ticker"], count="2000", price="0.0500"),
     400, "insufficient_balance", None),
    ("full stop in an id", _sent(client_order_id="a.b"), 400, "invalid_parameters", None),
    ("no contracts", _sent(count="0"), 400, "invalid_order_size", None),
    ("another id", _amended(client_order_id="another"), 400, "order_id_and_client_order_id_mismatch", None),
    ("another side", _amended(side="ask", price="0.99"), 400, "order_side_mismatch", None),
    ("another market", _amended(ticker="KXNONE"), 400, "order_ticker_mismatch", None),
    ("past expiry", _sent(expiration_time=1),
     400, "invalid_order", "Expiration timestamp must be in the future"),
    ("expiry of a taker", _sent(expiration_time=9_999_999_999, time_in_force="immediate_or_cancel"),
     400, "invalid_order", "Cannot specify both immediate_or_cancel and expiration_ts"),
    ("unknown order", lambda desk: desk.cancel(str(uuid.uuid4())), 404, "not_found", None),
    ("canceled order", _again, 404, "not_found", None),
    ("executed order", _executed, 404, "not_found", None),
    ("wrong index", _wrong_shard, 404, "not_found", None),
    ("id of a canceled order", _canceled_id, 409, "order_already_exists", None),
    ("id of a killed order", _killed_id, 409, "order_already_exists", None),
    ("fill or kill", _sent(time_in_force="fill_or_kill"),
     409, "fill_or_kill_insufficient_resting_volume", None),
    ("trading pause", lambda desk: desk.paused("trading_pause", desk.send), 409, "trading_is_paused", None),
    ("exchange pause", lambda desk: desk.paused("exchange_pause", desk.send),
     409, "exchange_is_paused", None),
    ("transfer id", _transfer_twice, 409, "transfer_already_exists", None),
    ("calls of 2025", lambda desk: desk.exchange.call("POST", "/portfolio/orders", {}),
     410, "deprecated_v1_order_endpoint", None),
]  # fmt: skip


@pytest.mark.parametrize(
    "call, status, code, details", [row[1:] for row in NESTED], ids=[row[0] for row in NESTED]
)
def test_refusals_in_the_nested_shape(
    desk: Desk, call: Callable[[Desk], Answer], status: int, code: str, details: str | None
) -> None:
    answer = call(desk)
    error = answer.json["error"]
    assert (answer.status, error["code"]) == (status, code)
    assert details in (None, error.get("details"))
    assert "service" not in error


def test_the_calls_of_2025_name_their_successor(desk: Desk) -> None:
    error = desk.exchange.call("DELETE", "/portfolio/orders/some-order").json["error"]
    assert error["message"] == "Please switch to the V2 endpoints"
    assert error["details"].startswith("https://")


def test_trading_pauses_let_cancels_through_and_exchange_pauses_do_not(desk: Desk) -> None:
    order_id = desk.rest()
    stuck = desk.paused("exchange_pause", lambda: desk.cancel(order_id))
    assert (stuck.status, stuck.json["error"]["code"]) == (409, "exchange_is_paused")
    assert desk.paused("trading_pause", lambda: desk.cancel(order_id)).status == 200


@pytest.mark.parametrize("field", ["count", "price"])
def test_a_number_where_a_string_is_due_is_the_flat_shape(desk: Desk, field: str) -> None:
    answer = desk.send(**{field: 1})
    said = f"json: cannot unmarshal number into Go struct field CreateOrderV2Request.{field} of type string"
    assert (answer.status, answer.json["code"], answer.json["details"]) == (400, "bad_request", said)


def test_a_body_without_content_type_is_the_flat_shape(desk: Desk) -> None:
    answer = desk.exchange.call("POST", ORDERS)
    assert (answer.status, answer.json["code"]) == (400, "invalid_content_type")


def test_a_bad_query_is_the_bare_shape(desk: Desk) -> None:
    answer = desk.exchange.call("GET", "/portfolio/orders?limit=1001")
    assert answer.status == 400
    assert answer.json["msg"].startswith("Parameter validation failed for ")


def test_an_empty_bucket_is_a_string_and_names_no_time(basic: Desk) -> None:
    answers = [basic.send() for _ in range(15)]
    full = next(answer for answer in answers if answer.status == 429)
    assert full.json == {"error": "too many requests"}
    names = {name.lower() for name in full.headers}
    assert not any(name == "retry-after" or name.startswith("x-ratelimit") for name in names)


def test_a_created_order_is_answered_thinly(desk: Desk) -> None:
    answer = desk.send()
    assert set(answer.json) == {"order_id", "client_order_id", "fill_count", "remaining_count", "ts_ms"}
    taken = desk.send(price="0.9900", count="1", time_in_force="immediate_or_cancel").json
    assert taken["average_fill_price"] == desk.ask
    assert float(taken["average_fee_paid"]) <= 0.0176


def test_what_a_taker_leaves_is_gone(desk: Desk) -> None:
    answer = desk.send(price=desk.ask, count="10000", time_in_force="immediate_or_cancel")
    assert answer.status == 201
    assert answer.json["remaining_count"] == "0.00"
    assert float(answer.json["fill_count"]) < 10_000


def test_a_taker_that_meets_its_owner_takes_nothing(desk: Desk) -> None:
    inside = f"{float(desk.market['yes_bid_dollars']) + 0.01:.4f}"
    mine = desk.rest(side="ask", price=inside, count="1")
    answer = desk.send(price=inside, count="5", time_in_force="immediate_or_cancel")
    assert (answer.status, answer.json["fill_count"], answer.json["remaining_count"]) == (201, "0.00", "0.00")
    assert desk.cancel(mine).status == 200


def test_a_batch_answers_201_with_flat_errors_inside(desk: Desk) -> None:
    bodies = [desk.body(), desk.body(price="0.5150"), desk.body(ticker="KXNONE")]
    answer = desk.exchange.call("POST", f"{ORDERS}/batched", {"orders": bodies})
    assert answer.status == 201
    good, bad, unknown = answer.json["orders"]
    assert "error" not in good
    assert good["client_order_id"] == bodies[0]["client_order_id"]
    assert bad["error"]["code"] == "invalid_price"
    assert unknown["error"]["code"] == "not_found"
    assert "order_id" not in bad


def test_a_batch_cancel_reduces_by_nothing_what_it_cannot_find(desk: Desk) -> None:
    order_id = desk.rest(count="3")
    orders = [{"order_id": order_id}, {"order_id": str(uuid.uuid4())}]
    answer = desk.exchange.call("DELETE", f"{ORDERS}/batched", {"orders": orders})
    assert answer.status == 200
    done, lost = answer.json["orders"]
    assert (done["reduced_by"], lost["reduced_by"], lost["error"]["code"]) == ("3.00", "0.00", "not_found")


def test_a_batch_must_fit_the_bucket_as_a_whole(basic: Desk) -> None:
    eleven = [basic.body() for _ in range(11)]
    refused = basic.exchange.call("POST", f"{ORDERS}/batched", {"orders": eleven})
    assert (refused.status, refused.json) == (429, {"error": "too many requests"})
    assert basic.exchange.call("GET", "/portfolio/orders").json["orders"] == []
    ids = [{"order_id": str(uuid.uuid4())} for _ in range(51)]
    assert basic.exchange.call("DELETE", f"{ORDERS}/batched", {"orders": ids}).status == 429
    assert basic.exchange.call("POST", f"{ORDERS}/batched", {"orders": eleven[:10]}).status == 201


def test_fifty_cancels_fit_the_basic_bucket(basic: Desk) -> None:
    ids = [{"order_id": str(uuid.uuid4())} for _ in range(50)]
    assert basic.exchange.call("DELETE", f"{ORDERS}/batched", {"orders": ids}).status == 200


def test_canceled_keeps_its_size_and_has_nothing_left(desk: Desk) -> None:
    order_id = desk.rest(count="7")
    assert set(desk.cancel(order_id).json) >= {"order_id", "reduced_by", "ts_ms"}
    read = desk.exchange.call("GET", f"/portfolio/orders/{order_id}").json["order"]
    assert (read["status"], read["initial_count_fp"], read["remaining_count_fp"]) == (
        "canceled",
        "7.00",
        "0.00",
    )


def test_a_no_order_reads_back_as_yes(desk: Desk) -> None:
    order_id = desk.rest(side="ask", price="0.9900")
    read = desk.exchange.call("GET", f"/portfolio/orders/{order_id}").json["order"]
    told = (read["side"], read["action"], read["yes_price_dollars"], read["book_side"], read["outcome_side"])
    assert told == ("yes", "sell", "0.9900", "ask", "no")


def test_unknown_status_words_and_cursors_are_no_errors(desk: Desk) -> None:
    desk.rest()
    assert desk.exchange.call("GET", "/portfolio/orders?status=asleep").json == {"orders": [], "cursor": ""}
    first = desk.exchange.call("GET", "/portfolio/orders?limit=1").json["orders"]
    assert desk.exchange.call("GET", "/portfolio/orders?limit=1&cursor=garbage").json["orders"] == first


def test_after_its_close_a_market_refuses_even_cancels(desk: Desk) -> None:
    listed = desk.exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
    ticker = next(
        market["ticker"]
        for market in reversed(listed)
        if market["exchange_index"] == 0 and market["event_ticker"] != desk.market["event_ticker"]
    )
    assert desk.exchange.control("POST", "/markets", {"market": ticker, "step": "close"}).status == 200
    answer = desk.send(ticker=ticker)
    assert (answer.status, answer.json["error"]["code"]) == (400, "market_inactive")
