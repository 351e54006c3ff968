"""Faults on demand: each is met by a plain client, and the exchange's own log says what really happened."""

import http.client
import itertools
import json
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from pitdesk.practice.scenarios import gallery
from tests.practice_fixture import Answer, PracticeExchange, running_exchange

ORDERS = "/portfolio/events/orders"
NUMBERS = itertools.count(1)
TORN = (ConnectionError, http.client.HTTPException)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    folder = tmp_path_factory.mktemp("faults") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited") as exchange:
        yield exchange


@pytest.fixture
def exchange(running: PracticeExchange) -> Iterator[PracticeExchange]:
    yield running
    running.control("DELETE", "/faults")


def body_of(exchange: PracticeExchange, **changes: Any) -> dict[str, Any]:
    return {
        "ticker": markets(exchange)[0],
        "client_order_id": f"fault-{next(NUMBERS)}",
        "side": "bid",
        "count": "1.00",
        "price": "0.0100",
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "maker",
        **changes,
    }


def markets(exchange: PracticeExchange) -> list[str]:
    listed = exchange.call("GET", "/markets?status=open&limit=20").json["markets"]
    return [market["ticker"] for market in listed]


def create(exchange: PracticeExchange, body: dict[str, Any]) -> Answer | None:
    """The answer, or None where the connection was torn."""
    try:
        return exchange.call("POST", ORDERS, body)
    except TORN:
        return None


def orders_of(exchange: PracticeExchange) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = exchange.control("GET", "/log").json["orders"]
    return orders


def accepted(exchange: PracticeExchange, client_order_id: str) -> bool:
    return client_order_id in {order["client_order_id"] for order in orders_of(exchange)}


def requests_of(exchange: PracticeExchange, client_order_id: str) -> list[dict[str, Any]]:
    log = exchange.control("GET", "/log").json
    return [row for row in log["requests"] if client_order_id in row["client_order_ids"]]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize(
    "fault, placed, seen",
    [
        ({"kind": "accept_then_reset"}, True, None),
        ({"kind": "accept_then_hang", "seconds": 0.05}, True, None),
        ({"kind": "accept_then_500"}, True, 500),
        ({"kind": "accept_then_500", "status": 503}, True, 503),
        ({"kind": "accept_then_html"}, True, 502),
        ({"kind": "slow_answer", "seconds": 0.05}, True, 201),
        ({"kind": "wrong_echo"}, True, 201),
        ({"kind": "truncated_answer", "where": "status_line"}, True, None),
        ({"kind": "truncated_answer", "where": "body"}, True, None),
        ({"kind": "refuse_then_reset"}, False, None),
        ({"kind": "html_page"}, False, 502),
        ({"kind": "html_page", "status": 200}, False, 200),
        ({"kind": "too_many_requests"}, False, 429),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else "",
)
def test_a_create_meets_a_fault_once(
    exchange: PracticeExchange, fault: dict[str, Any], placed: bool, seen: int | None
) -> None:
    number = exchange.arm(**fault)
    body = body_of(exchange)
    name = body["client_order_id"]
    answer = create(exchange, body)
    assert (None if answer is None else answer.status) == seen
    assert accepted(exchange, name) is placed
    (row,) = requests_of(exchange, name)
    assert (row["fault"], row["status"]) == (fault["kind"], 201 if placed else 0)
    told = exchange.control("GET", "/faults").json["faults"]
    assert next((one["left"], one["met"]) for one in told if one["id"] == number) == (0, 1)
    after = create(exchange, body_of(exchange))
    assert after is not None
    assert after.status == 201


def test_an_answer_cut_in_its_headers_looks_whole_and_has_no_body(exchange: PracticeExchange) -> None:
    exchange.arm("truncated_answer", where="headers")
    body = body_of(exchange)
    answer = create(exchange, body)
    assert answer is not None
    assert (answer.status, answer.body) == (201, b"")
    assert accepted(exchange, body["client_order_id"])


def test_a_wrong_echo_names_another_order(exchange: PracticeExchange) -> None:
    exchange.arm("wrong_echo", value="somebody-else")
    answer = create(exchange, body_of(exchange))
    assert answer is not None
    assert answer.json["client_order_id"] == "somebody-else"


def test_a_late_delivery_is_processed_after_the_connection_is_gone(exchange: PracticeExchange) -> None:
    exchange.arm("late_delivery", seconds=0.5)
    body, before = body_of(exchange), time.time()
    assert create(exchange, body) is None
    until(lambda: accepted(exchange, body["client_order_id"]))
    first, second = requests_of(exchange, body["client_order_id"])
    assert (first["status"], second["status"], second["fault"]) == (0, 201, "delivered late")
    made = next(order for order in orders_of(exchange) if order["client_order_id"] == body["client_order_id"])
    assert made["created_ms"] / 1_000 > before + 0.49, "by the exchange's own word"


def test_a_fault_meets_only_what_it_matches(exchange: PracticeExchange) -> None:
    one, other = markets(exchange)[:2]
    exchange.arm("html_page", match={"ticker": other}, times=2)
    exchange.arm("too_many_requests", match={"client_order_id": "chosen"})
    exchange.arm("accept_then_500", match={"method": "DELETE", "path": "/portfolio/events/orders*"})
    made = create(exchange, body_of(exchange, ticker=one))
    assert made is not None
    assert made.status == 201
    for _ in range(2):
        met = create(exchange, body_of(exchange, ticker=other))
        assert met is not None
        assert met.status == 502
    chosen = create(exchange, body_of(exchange, client_order_id="chosen"))
    assert chosen is not None
    assert chosen.status == 429
    order_id = made.json["order_id"]
    assert exchange.call("DELETE", f"{ORDERS}/{order_id}").status == 500
    assert exchange.call("GET", f"/portfolio/orders/{order_id}").json["order"]["status"] == "canceled"


def test_one_in_three_is_met(exchange: PracticeExchange) -> None:
    exchange.arm("too_many_requests", one_in=3, times=2)
    answers = [create(exchange, body_of(exchange)) for _ in range(9)]
    assert [answer.status for answer in answers if answer] == [201, 201, 429, 201, 201, 429, 201, 201, 201]


def made_by(exchange: PracticeExchange, **changes: Any) -> str:
    """The id of an order that was accepted."""
    made = create(exchange, body_of(exchange, **changes))
    assert made is not None
    order_id: str = made.json["order_id"]
    return order_id


def test_reads_lag_behind_what_was_done(exchange: PracticeExchange) -> None:
    known = made_by(exchange)
    exchange.arm("read_lag", seconds=3_600)
    new = made_by(exchange)
    listed = {row["order_id"] for row in exchange.call("GET", "/portfolio/orders").json["orders"]}
    assert (known in listed, new in listed) == (True, False)
    assert exchange.call("GET", f"/portfolio/orders/{new}").status == 404
    assert exchange.call("DELETE", f"{ORDERS}/{known}").status == 200
    assert exchange.call("GET", f"/portfolio/orders/{known}").json["order"]["status"] == "resting"
    exchange.control("DELETE", "/faults")
    assert exchange.call("GET", f"/portfolio/orders/{known}").json["order"]["status"] == "canceled"
    assert exchange.call("GET", f"/portfolio/orders/{new}").status == 200


def test_reads_catch_up_when_their_lag_has_passed(exchange: PracticeExchange) -> None:
    exchange.arm("read_lag", seconds=0.3)
    path = f"/portfolio/orders/{made_by(exchange)}"
    until(lambda: exchange.call("GET", path).status == 200)
    assert exchange.call("DELETE", path.replace("/portfolio/orders", ORDERS)).status == 200
    until(lambda: exchange.call("GET", path).json["order"]["status"] == "canceled")


def test_fills_and_positions_lag_with_the_orders(exchange: PracticeExchange) -> None:
    def fills() -> int:
        return len(exchange.call("GET", "/portfolio/fills").json["fills"])

    def positions() -> int:
        return len(exchange.call("GET", "/portfolio/positions").json["market_positions"])

    before = fills()
    assert positions() == 0
    number = exchange.arm("read_lag", seconds=3_600)
    for _ in range(2):
        bought = create(exchange, body_of(exchange, price="0.9900", time_in_force="immediate_or_cancel"))
        assert bought is not None
        assert bought.json["fill_count"] == "1.00"
        assert fills() == before
        assert positions() == 0
    exchange.arm("read_lag", seconds=0.3)
    exchange.control("DELETE", f"/faults/{number}")
    create(exchange, body_of(exchange, price="0.9900", time_in_force="immediate_or_cancel"))
    until(lambda: fills() == before + 3)
    assert positions() == 1


def test_a_shifted_clock_shows_in_the_date_and_in_the_window(exchange: PracticeExchange) -> None:
    number = exchange.arm("clock_shift", seconds=-60)
    before = time.time()
    answer = exchange.call("GET", "/exchange/status")
    said = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    assert before - 62 < said < time.time() - 59
    refused = exchange.call("GET", "/portfolio/balance")
    assert refused.json["error"]["code"] == "header_timestamp_expired"
    assert exchange.control("DELETE", f"/faults/{number}").json == {"cleared": 1}
    assert exchange.call("GET", "/portfolio/balance").status == 200


@pytest.mark.parametrize("kind", ["trading", "exchange"])
def test_a_pause_ends_by_itself_or_when_it_is_cleared(exchange: PracticeExchange, kind: str) -> None:
    made = create(exchange, body_of(exchange))
    assert made is not None
    exchange.arm(f"{kind}_pause")
    state = exchange.call("GET", "/exchange/status").json
    assert (state["exchange_active"], state["trading_active"]) == (kind == "trading", False)
    refused = create(exchange, body_of(exchange))
    assert refused is not None
    assert refused.json["error"]["code"] == f"{kind}_is_paused"
    canceled = exchange.call("DELETE", f"{ORDERS}/{made.json['order_id']}").status
    assert canceled == (200 if kind == "trading" else 409)
    exchange.control("DELETE", "/faults")
    assert exchange.call("GET", "/exchange/status").json["trading_active"]
    exchange.arm(f"{kind}_pause", seconds=3_600)
    assert "exchange_estimated_resume_time" in exchange.call("GET", "/exchange/status").json
    exchange.control("DELETE", "/faults")
    exchange.arm(f"{kind}_pause", seconds=0.2)
    until(lambda: exchange.call("GET", "/exchange/status").json["trading_active"])


def test_a_market_closes_early(exchange: PracticeExchange) -> None:
    ticker = markets(exchange)[-1]
    made = create(exchange, body_of(exchange, ticker=ticker))
    assert made is not None
    exchange.arm("close_market", match={"ticker": ticker})
    order = exchange.call("GET", f"/portfolio/orders/{made.json['order_id']}").json["order"]
    assert order["status"] == "canceled"
    refused = create(exchange, body_of(exchange, ticker=ticker))
    assert refused is not None
    assert refused.json["error"]["code"] == "market_inactive"


@contextmanager
def opened(exchange: PracticeExchange, **params: Any) -> Iterator[ClientConnection]:
    headers = exchange.stream_headers()
    with connect(exchange.ws, additional_headers=headers, proxy=None, ping_interval=None) as stream:
        stream.send(json.dumps({"id": 1, "cmd": "subscribe", "params": params}))
        assert json.loads(stream.recv(timeout=60))["type"] == "subscribed"
        yield stream


def next_of(stream: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(stream.recv(timeout=60))
        if frame["type"] == kind:
            return frame


def test_every_second_private_message_is_lost(exchange: PracticeExchange) -> None:
    with opened(exchange, channels=["user_orders"]) as stream:
        exchange.arm("lost_message", one_in=2)
        bodies = [body_of(exchange) for _ in range(4)]
        for body in bodies:
            create(exchange, body)
        heard = [next_of(stream, "user_order")["msg"]["client_order_id"] for _ in range(2)]
    assert heard == [bodies[0]["client_order_id"], bodies[2]["client_order_id"]]


def test_a_loss_meets_the_market_that_it_names(exchange: PracticeExchange) -> None:
    one, other = markets(exchange)[:2]
    with opened(exchange, channels=["user_orders"]) as stream:
        exchange.arm("lost_message", match={"ticker": one})
        bodies = [body_of(exchange, ticker=ticker) for ticker in (one, other, one, other)]
        for body in bodies:
            create(exchange, body)
        heard = [next_of(stream, "user_order")["msg"]["client_order_id"] for _ in range(2)]
    assert heard == [bodies[1]["client_order_id"], bodies[3]["client_order_id"]]


def test_a_gap_meets_the_market_that_it_names(exchange: PracticeExchange) -> None:
    one, other = markets(exchange)[:2]
    with opened(exchange, channels=["orderbook_delta"], market_tickers=[one, other]) as stream:
        last = max(next_of(stream, "orderbook_snapshot")["seq"] for _ in range(2))
        exchange.arm("sequence_gap", match={"ticker": other})
        for ticker in (one, other, one):
            create(exchange, body_of(exchange, ticker=ticker))
        deltas = [next_of(stream, "orderbook_delta") for _ in range(2)]
    assert [delta["msg"]["market_ticker"] for delta in deltas] == [one, one]
    assert [delta["seq"] - last for delta in deltas] == [1, 3]


def test_a_gap_shows_in_the_numbers_and_a_repeat_too(exchange: PracticeExchange) -> None:
    body = body_of(exchange)
    with opened(exchange, channels=["orderbook_delta"], market_ticker=body["ticker"]) as stream:
        last = next_of(stream, "orderbook_snapshot")["seq"]
        exchange.arm("sequence_gap")
        create(exchange, body)
        create(exchange, body_of(exchange))
        assert next_of(stream, "orderbook_delta")["seq"] == last + 2
        exchange.arm("repeated_message", match={"channel": "orderbook_delta"})
        create(exchange, body_of(exchange))
        assert [next_of(stream, "orderbook_delta")["seq"] for _ in range(2)] == [last + 3, last + 3]


def test_a_stalled_stream_says_nothing_not_even_pong_and_then_all(exchange: PracticeExchange) -> None:
    with opened(exchange, channels=["user_orders"]) as stream:
        exchange.arm("stall", seconds=3_600)
        body = body_of(exchange)
        create(exchange, body)
        pong = stream.ping()
        with pytest.raises(TimeoutError):
            stream.recv(timeout=0.4)
        assert not pong.is_set()
        exchange.control("DELETE", "/faults")
        assert next_of(stream, "user_order")["msg"]["client_order_id"] == body["client_order_id"]


def test_streams_are_dropped(exchange: PracticeExchange) -> None:
    with opened(exchange, channels=["user_orders"]) as stream:
        exchange.arm("drop_streams")
        with pytest.raises(ConnectionClosed):
            stream.recv(timeout=60)


@pytest.mark.parametrize(
    "fault, said",
    [
        ({"kind": "nonsense"}, "There is no fault 'nonsense'"),
        ({"kind": "accept_then_500", "match": {"tickr": "X"}}, "tickr"),
        ({"kind": "accept_then_500", "surprise": 1}, "surprise"),
        ({"kind": "accept_then_500", "times": 0}, "at least 1"),
        ({"kind": "accept_then_500", "status": 99}, "status"),
        ({"kind": "late_delivery"}, "needs seconds"),
        ({"kind": "slow_answer", "seconds": -1}, "0 to 86400"),
        ({"kind": "slow_answer", "seconds": "5"}, "seconds"),
        ({"kind": "truncated_answer", "where": "middle"}, "status_line, headers, body"),
        ({"kind": "close_market"}, "match.ticker"),
        ({"kind": "close_market", "match": {"ticker": "NONE"}}, "There is no market"),
        ({}, "kind"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_in_words(
    exchange: PracticeExchange, fault: dict[str, Any], said: str
) -> None:
    answer = exchange.control("POST", "/faults", fault)
    assert answer.status == 400
    assert said in answer.json["error"]["details"]
    assert exchange.control("GET", "/faults").json == {"faults": []}


@pytest.mark.parametrize("token", ["", "wrong", "é"])
@pytest.mark.parametrize(
    "call", [("POST", "/faults"), ("GET", "/faults"), ("DELETE", "/faults"), ("GET", "/log")]
)
def test_nobody_controls_it_without_the_token(
    exchange: PracticeExchange, call: tuple[str, str], token: str
) -> None:
    assert exchange.control(*call, token=token).status == 403


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")
def test_the_token_is_its_owners_alone_and_new_each_time(exchange: PracticeExchange) -> None:
    file = exchange.state / "control-token"
    assert file.read_text().strip() == exchange.control_token
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sys.platform == "win32" or file.stat().st_uid == os.getuid()


def test_news_moves_a_market(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("news") / "practice"
    with running_exchange(folder, "--unlimited") as exchange:
        ticker = markets(exchange)[0]
        assert exchange.control("POST", "/news", {"market": ticker, "worth": 0.9}).status == 204
        until(
            lambda: float(exchange.call("GET", f"/markets/{ticker}").json["market"]["yes_bid_dollars"]) > 0.8
        )
        assert exchange.control("POST", "/news", {"market": "NONE", "worth": 0.9}).status == 404
        for worth in (0, 1, "0.5", None, True):
            assert exchange.control("POST", "/news", {"market": ticker, "worth": worth}).status == 400


@pytest.mark.parametrize("name", sorted(gallery()))
def test_every_scenario_of_the_gallery_plays(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("scenario") / "practice"
    with running_exchange(folder, "--unlimited", "--scenario", name) as exchange:
        assert exchange.call("GET", "/portfolio/balance").status == 200
        assert create(exchange, body_of(exchange)) is not None


def test_a_scenario_of_ones_own_plays(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("scenario")
    file = folder / "mine.toml"
    file.write_text('title = "Mine"\n[[step]]\nat = 0.1\nfault = {kind = "trading_pause"}\n')
    with running_exchange(folder / "practice", "--quiet-market", "--scenario", str(file)) as exchange:
        until(lambda: not exchange.call("GET", "/exchange/status").json["trading_active"])
