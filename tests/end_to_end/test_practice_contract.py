"""Every route of the practice exchange, over its real socket, held against the exchange's own interface."""

import base64
import email.utils
import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_core.exceptions import OpenAPIError

from tests.exchange_specs import RestSpec
from tests.practice_fixture import Answer, PracticeExchange, running_exchange

pytestmark = pytest.mark.api
ORDERS = "/portfolio/events/orders"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    """One quiet exchange without rate limits for the whole file; every test uses orders of its own."""
    folder = tmp_path_factory.mktemp("exchange") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited") as running:
        yield running


@pytest.fixture(scope="module")
def market(exchange: PracticeExchange) -> dict[str, Any]:
    """A market on whole cents, quoted on both sides, with room below its bid."""
    listed = exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
    return next(
        market
        for market in listed
        if market["price_level_structure"] == "linear_cent"
        and float(market["yes_bid_dollars"]) > 0.1
        and float(market["yes_ask_dollars"]) < 0.9
    )


def order(market: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A bid far below the market, which rests; a change to None leaves the field out."""
    body = {
        "ticker": market["ticker"],
        "client_order_id": f"contract-{next(NUMBERS)}",
        "side": "bid",
        "count": "2.00",
        "price": "0.0100",
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "taker_at_cross",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


class Checked:
    """An exchange whose every answer is checked before it is looked at."""

    def __init__(self, exchange: PracticeExchange, spec: RestSpec) -> None:
        self._exchange = exchange
        self._spec = spec

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        answer = self._exchange.call(method, path, body, **more)
        self._spec.check_answer(method, path, answer)
        return answer

    def create(self, market: dict[str, Any], **changes: Any) -> Answer:
        body = order(market, **changes)
        self._spec.check_body("POST", ORDERS, json.dumps(body).encode())
        return self.call("POST", ORDERS, body)

    def place(self, market: dict[str, Any], **changes: Any) -> str:
        """The id of a new resting order."""
        answer = self.create(market, **changes)
        assert answer.status == 201, answer.body
        return str(answer.json["order_id"])


@pytest.fixture
def checked(exchange: PracticeExchange, rest_spec: RestSpec) -> Checked:
    """Calls that are validated."""
    return Checked(exchange, rest_spec)


def test_the_check_itself_can_fail(exchange: PracticeExchange, rest_spec: RestSpec) -> None:
    answer = exchange.call("GET", "/exchange/status")
    broken = Answer(200, answer.headers, answer.body.replace(b"trading_active", b"trading_passive"))
    with pytest.raises(OpenAPIError):
        rest_spec.check_answer("GET", "/exchange/status", broken)


@pytest.mark.parametrize(
    "path",
    [
        "/exchange/status",
        "/exchange/schedule",
        "/exchange/user_data_timestamp",
        "/account/endpoint_costs",
        "/search/tags_by_categories",
        "/series",
        "/events",
        "/events?with_nested_markets=true&status=open&limit=200",
        "/markets",
        "/markets?status=open&mve_filter=exclude&limit=1000",
        "/markets/trades",
        "/markets/trades?limit=1000",
    ],
)
def test_public_data_needs_no_signature_and_is_as_documented(checked: Checked, path: str) -> None:
    answer = checked.call("GET", path, headers={})
    assert answer.status == 200
    assert answer.headers.get_content_type() == "application/json"


@pytest.mark.parametrize(
    "path",
    [
        "/account/limits",
        "/portfolio/balance",
        "/portfolio/positions",
        "/portfolio/fills",
        "/portfolio/settlements",
        "/portfolio/orders",
        "/portfolio/orders?status=resting&limit=1000",
        "/portfolio/orders/queue_positions",
    ],
)
def test_private_data_is_as_documented_and_needs_a_signature(checked: Checked, path: str) -> None:
    assert checked.call("GET", path).status == 200
    refused = checked.call("GET", path, headers={})
    assert refused.status == 401
    assert refused.json["error"]["code"] == "key_is_missing_from_headers"


def test_every_level_of_the_catalogue_can_be_read_alone(checked: Checked, market: dict[str, Any]) -> None:
    ticker, event_ticker = market["ticker"], market["event_ticker"]
    event = checked.call("GET", f"/events/{event_ticker}").json
    assert ticker in {found["ticker"] for found in event["markets"]}
    nested = checked.call("GET", f"/events/{event_ticker}?with_nested_markets=true").json
    assert ticker in {found["ticker"] for found in nested["event"]["markets"]}
    series = event["event"]["series_ticker"]
    assert checked.call("GET", f"/series/{series}").json["series"]["ticker"] == series
    assert checked.call("GET", f"/markets/{ticker}").json["market"]["ticker"] == ticker
    book = checked.call("GET", f"/markets/{ticker}/orderbook").json["orderbook_fp"]
    assert book["yes_dollars"][-1][0] == market["yes_bid_dollars"]
    assert book["no_dollars"][-1][0] == market["no_bid_dollars"]
    assert [price for price, _ in book["yes_dollars"]] == sorted(price for price, _ in book["yes_dollars"])
    one = checked.call("GET", f"/markets/{ticker}/orderbook?depth=1").json["orderbook_fp"]
    assert one == {"yes_dollars": book["yes_dollars"][-1:], "no_dollars": book["no_dollars"][-1:]}
    many = checked.call("GET", f"/markets/orderbooks?tickers={ticker}&tickers=NONE").json["orderbooks"]
    assert many == [{"ticker": ticker, "orderbook_fp": book}]


def test_candles_exist_from_the_first_second(checked: Checked, market: dict[str, Any]) -> None:
    event = checked.call("GET", f"/events/{market['event_ticker']}").json["event"]
    now = int(time.time())
    window = f"start_ts={now - 86_400}&end_ts={now}&period_interval=60"
    path = f"/series/{event['series_ticker']}/markets/{market['ticker']}/candlesticks?{window}"
    candles = checked.call("GET", path).json["candlesticks"]
    assert len(candles) > 10
    ends = [candle["end_period_ts"] for candle in candles]
    assert ends == sorted(ends)
    many = checked.call("GET", f"/markets/candlesticks?market_tickers={market['ticker']}&{window}").json
    assert len(many["markets"][0]["candlesticks"]) == len(candles)


@pytest.mark.parametrize("path", ["/events?limit=2", "/markets?limit=7", "/markets/trades?limit=3&ticker="])
def test_pages_follow_one_another_without_repeating(
    checked: Checked, market: dict[str, Any], path: str
) -> None:
    if path.endswith("ticker="):
        path += market["ticker"]
    name = path.partition("?")[0].rpartition("/")[2]
    key = {"events": "event_ticker", "markets": "ticker", "trades": "trade_id"}[name]
    first = checked.call("GET", path).json
    second = checked.call("GET", f"{path}&cursor={first['cursor']}").json
    assert first["cursor"]
    ids = [item[key] for item in first[name] + second[name]]
    assert len(ids) == len(set(ids)) == 2 * len(first[name])
    again = checked.call("GET", f"{path}&cursor=garbage").json
    assert [item[key] for item in again[name]] == [item[key] for item in first[name]]


def test_the_tape_goes_back_before_the_start_and_ends_where_it_is_told(
    checked: Checked, market: dict[str, Any]
) -> None:
    since = int(time.time()) - 7_200
    path = f"/markets/trades?ticker={market['ticker']}&limit=50&min_ts={since}"
    found, cursor = [], ""
    while True:
        page = checked.call("GET", f"{path}&cursor={cursor}").json
        found += page["trades"]
        cursor = page["cursor"]
        if not cursor:
            break
    times = [trade["created_time"] for trade in found]
    assert len(found) > 50
    assert times == sorted(times, reverse=True)
    assert min(times) >= time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(since))
    assert len({trade["trade_id"] for trade in found}) == len(found)


def test_filters_leave_what_they_name(checked: Checked, market: dict[str, Any]) -> None:
    ticker, event = market["ticker"], market["event_ticker"]
    of_event = checked.call("GET", f"/markets?event_ticker={event}").json["markets"]
    assert {found["event_ticker"] for found in of_event} == {event}
    named = checked.call("GET", f"/markets?tickers={ticker},NONE").json["markets"]
    assert [found["ticker"] for found in named] == [ticker]
    assert checked.call("GET", "/markets?status=settled").json["markets"] == []
    assert checked.call("GET", "/markets?mve_filter=only").json["markets"] == []
    late = checked.call("GET", f"/markets?min_close_ts={int(time.time()) + 10**9}").json["markets"]
    assert late == []


@pytest.mark.parametrize(
    "path",
    [
        "/markets?limit=1001",
        "/markets?limit=-1",
        "/markets?limit=ten",
        "/markets?status=asleep",
        "/events?limit=201",
        "/events?limit=0",
        "/portfolio/orders?limit=1001",
        "/portfolio/fills?limit=0",
        "/portfolio/positions?settlement_status=maybe",
        "/markets/orderbooks",
        "/markets/candlesticks?market_tickers=A&start_ts=1&end_ts=2",
        "/markets/candlesticks?market_tickers=A&start_ts=1&end_ts=2&period_interval=7",
    ],
)
def test_a_query_that_is_not_valid_is_the_bare_error(exchange: PracticeExchange, path: str) -> None:
    answer = exchange.call("GET", path)
    assert (answer.status, list(answer.json)) == (400, ["msg"])


@pytest.mark.parametrize(
    "path",
    ["/series/NONE", "/events/NONE", "/markets/NONE", "/markets/NONE/orderbook", "/portfolio/orders/none"],
)
def test_what_is_not_there_is_404_in_the_nested_shape(exchange: PracticeExchange, path: str) -> None:
    answer = exchange.call("GET", path)
    assert answer.status == 404
    assert answer.json["error"]["code"] == "not_found"


def test_what_is_not_served_is_404_in_the_nested_shape(
    exchange: PracticeExchange, rest_spec: RestSpec
) -> None:
    for path in rest_spec.paths:
        if path.startswith(("/communications", "/live_data", "/fcm", "/milestones", "/structured_targets")):
            answer = exchange.call("GET", path.replace("{", "").replace("}", ""))
            assert (answer.status, answer.json["error"]["code"]) == (404, "not_found"), path


def test_an_order_rests_is_read_amended_decreased_and_canceled(
    checked: Checked, market: dict[str, Any]
) -> None:
    made = checked.create(market, count="5", client_order_id="life-1")
    assert made.status == 201
    assert made.json | {"order_id": "", "ts_ms": 0} == {
        "order_id": "",
        "client_order_id": "life-1",
        "fill_count": "0.00",
        "remaining_count": "5.00",
        "ts_ms": 0,
    }
    order_id = made.json["order_id"]
    read = checked.call("GET", f"/portfolio/orders/{order_id}").json["order"]
    assert (read["status"], read["book_side"], read["outcome_side"]) == ("resting", "bid", "yes")
    assert (read["yes_price_dollars"], read["no_price_dollars"]) == ("0.0100", "0.9900")
    ahead = checked.call("GET", f"/portfolio/orders/{order_id}/queue_position").json["queue_position_fp"]
    places = checked.call("GET", f"/portfolio/orders/queue_positions?market_tickers={market['ticker']}").json
    assert {"order_id": order_id, "market_ticker": market["ticker"], "queue_position_fp": ahead} in places[
        "queue_positions"
    ]
    change = {"ticker": market["ticker"], "side": "bid", "price": "0.0200", "count": "4"}
    assert checked.call("POST", f"{ORDERS}/{order_id}/amend", change).status == 200
    less = checked.call("POST", f"{ORDERS}/{order_id}/decrease", {"reduce_to": "1"})
    assert less.json["remaining_count"] == "1.00"
    gone = checked.call("DELETE", f"{ORDERS}/{order_id}?market_ticker={market['ticker']}")
    assert gone.json["reduced_by"] == "1.00"
    last = checked.call("GET", f"/portfolio/orders/{order_id}").json["order"]
    assert (last["status"], last["remaining_count_fp"]) == ("canceled", "0.00")
    again = checked.call("DELETE", f"{ORDERS}/{order_id}?market_ticker={market['ticker']}")
    assert (again.status, again.json["error"]["code"]) == (404, "not_found")


def test_an_expiry_beyond_the_calendar_is_told_as_its_end(checked: Checked, market: dict[str, Any]) -> None:
    order_id = checked.place(market, expiration_time=2**62)
    read = checked.call("GET", f"/portfolio/orders/{order_id}").json["order"]
    assert read["expiration_time"] == "9999-12-31T23:59:59Z"


def test_taking_makes_a_fill_a_position_and_a_charge(checked: Checked, market: dict[str, Any]) -> None:
    before = checked.call("GET", "/portfolio/balance").json
    ask = checked.call("GET", f"/markets/{market['ticker']}").json["market"]["yes_ask_dollars"]
    made = checked.create(market, count="1", price=ask, time_in_force="immediate_or_cancel").json
    assert (made["fill_count"], made["remaining_count"], made["average_fill_price"]) == ("1.00", "0.00", ask)
    fills = checked.call("GET", f"/portfolio/fills?order_id={made['order_id']}").json["fills"]
    assert [(fill["count_fp"], fill["yes_price_dollars"], fill["is_taker"]) for fill in fills] == [
        ("1.00", ask, True)
    ]
    held = checked.call("GET", f"/portfolio/positions?ticker={market['ticker']}").json
    assert held["market_positions"][0]["position_fp"] == "1.00"
    assert held["event_positions"][0]["event_ticker"] == market["event_ticker"]
    after = checked.call("GET", "/portfolio/balance").json
    spent = float(before["balance_dollars"]) - float(after["balance_dollars"])
    assert spent == pytest.approx(float(ask) + float(fills[0]["fee_cost"]), abs=1e-9)
    assert after["balance"] == int(round(float(after["balance_dollars"]) * 10_000) // 100)
    tape = checked.call("GET", f"/markets/trades?ticker={market['ticker']}&limit=1").json["trades"]
    assert (tape[0]["yes_price_dollars"], tape[0]["taker_book_side"]) == (ask, "bid")


@pytest.mark.parametrize(
    "changes,status,code,details",
    [
        ({"price": "0.5150"}, 400, "invalid_price", None),
        ({"price": "1.0000"}, 400, "invalid_price", None),
        ({"price": "0.9900", "post_only": True}, 400, "invalid_order", "post only cross"),
        ({"price": "0.0100", "count": "2000000"}, 400, "insufficient_balance", None),
        ({"client_order_id": "a.b"}, 400, "invalid_parameters", None),
        ({"side": "yes"}, 400, None, None),
        ({"time_in_force": "GTC"}, 400, None, None),
        ({"self_trade_prevention_type": "both"}, 400, None, None),
        ({"count": "0"}, 400, None, None),
        ({"count": "-1"}, 400, None, None),
        ({"count": "1.005"}, 400, None, None),
        ({"count": "1e3"}, 400, None, None),
        ({"price": "0,42"}, 400, None, None),
        ({"price": "-0.01"}, 400, None, None),
        ({"expiration_time": 1}, 400, None, None),
        ({"expiration_time": -(2**63)}, 400, None, None),
        ({"time_in_force": "immediate_or_cancel", "expiration_time": 4_000_000_000}, 400, None, None),
        ({"reduce_only": True}, 400, None, None),
        ({"ticker": "NONE"}, 404, None, None),
        ({"ticker": None}, 400, "invalid_parameters", "ticker is required"),
        (
            {"time_in_force": "fill_or_kill", "price": "0.0100"},
            409,
            "fill_or_kill_insufficient_resting_volume",
            None,
        ),
    ],
)
def test_a_create_that_is_refused_says_why(
    exchange: PracticeExchange,
    rest_spec: RestSpec,
    market: dict[str, Any],
    changes: dict[str, Any],
    status: int,
    code: str | None,
    details: str | None,
) -> None:
    answer = exchange.call("POST", ORDERS, order(market, **changes))
    assert answer.status == status, answer.body
    if status != 404:  # which the interface does not mention for this call
        rest_spec.check_answer("POST", ORDERS, answer)
    error = answer.json["error"]
    assert set(error) <= {"code", "message", "details"}
    assert code in (None, error["code"])
    assert details in (None, error.get("details"))


def test_a_client_order_id_is_spent_for_ever(checked: Checked, market: dict[str, Any]) -> None:
    order_id = checked.place(market, client_order_id="once")
    assert checked.call("DELETE", f"{ORDERS}/{order_id}").status == 200
    again = checked.create(market, client_order_id="once")
    assert (again.status, again.json["error"]["code"]) == (409, "order_already_exists")


@pytest.mark.parametrize(
    "raw,content_type,code,details",
    [
        (b"", "application/json", "bad_request", "EOF"),
        (b"{", "application/json", "bad_request", None),
        (b"\xff\xfe", "application/json", "bad_request", None),
        (b"[" * 5_000, "application/json", "bad_request", None),
        (b'{"count": NaN}', "application/json", "bad_request", None),
        (b"[]", "application/json", "bad_request", None),
        (b"{}", "text/plain", "invalid_content_type", None),
        (b'{"ticker":"' + b"x" * 2_000_000 + b'"}', "application/json", "bad_request", None),
        (
            b'{"count": 7}',
            "application/json",
            "bad_request",
            "json: cannot unmarshal number into Go struct field CreateOrderV2Request.count of type string",
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_the_flat_error(
    exchange: PracticeExchange,
    rest_spec: RestSpec,
    raw: bytes,
    content_type: str,
    code: str,
    details: str | None,
) -> None:
    path = "/trade-api/v2/portfolio/events/orders"
    headers = exchange.headers("POST", path) | {"Content-Type": content_type}
    answer = exchange.call("POST", ORDERS, raw=raw, headers=headers)
    assert (answer.status, answer.json["code"]) == (400, code)
    assert details in (None, answer.json["details"])
    rest_spec.check_answer("POST", ORDERS, answer)


def test_orders_are_listed_newest_first_by_filter_and_page(checked: Checked, market: dict[str, Any]) -> None:
    made = [checked.place(market, price="0.0300") for _ in range(5)]
    checked.call("DELETE", f"{ORDERS}/{made[0]}")
    listed, path = [], f"/portfolio/orders?ticker={market['ticker']}&status=resting&limit=2"
    page = checked.call("GET", path).json
    while page["cursor"]:
        assert len(page["orders"]) == 2
        listed += [found["order_id"] for found in page["orders"]]
        page = checked.call("GET", f"{path}&cursor={page['cursor']}").json
    listed += [found["order_id"] for found in page["orders"]]
    assert [order_id for order_id in listed if order_id in made] == made[:0:-1]
    of_event = checked.call("GET", f"/portfolio/orders?event_ticker={market['event_ticker']}").json["orders"]
    assert set(made) <= {found["order_id"] for found in of_event}
    for empty in ("status=pending", "ticker=NONE", "subaccount=3", "exchange_index=63"):
        assert checked.call("GET", f"/portfolio/orders?{empty}").json["orders"] == []


def test_cancel_all_leaves_nothing_resting(checked: Checked, market: dict[str, Any]) -> None:
    checked.place(market)
    answer = checked.call("DELETE", ORDERS)
    assert (answer.status, answer.body) == (204, b"")
    assert checked.call("GET", "/portfolio/orders?status=resting").json["orders"] == []


def test_a_batch_answers_each_item_by_itself(checked: Checked, market: dict[str, Any]) -> None:
    items = [order(market, price="0.0400"), order(market, price="0.0444"), order(market, price="0.0300")]
    made = checked.call("POST", f"{ORDERS}/batched", {"orders": items})
    assert made.status == 201
    good, bad, other = made.json["orders"]
    assert (good["remaining_count"], other["remaining_count"]) == ("2.00", "2.00")
    assert bad["error"]["code"] == "invalid_price"
    cancels = [{"order_id": good["order_id"], "market_ticker": market["ticker"]}, {"order_id": "none"}]
    gone = checked.call("DELETE", f"{ORDERS}/batched", {"orders": cancels})
    first, second = gone.json["orders"]
    assert first["reduced_by"] == "2.00"
    assert (second["reduced_by"], second["error"]["code"]) == ("0.00", "not_found")


@pytest.mark.parametrize(
    "method,path",
    [
        ("POST", "/portfolio/orders"),
        ("POST", "/portfolio/orders/batched"),
        ("DELETE", "/portfolio/orders/abc"),
        ("POST", "/portfolio/orders/abc/amend"),
        ("POST", "/portfolio/orders/abc/decrease"),
    ],
)
def test_the_calls_of_2025_are_gone(exchange: PracticeExchange, method: str, path: str) -> None:
    answer = exchange.call(method, path, {})
    assert (answer.status, answer.json["error"]["code"]) == (410, "deprecated_v1_order_endpoint")


def test_the_query_is_no_part_of_what_is_signed(exchange: PracticeExchange) -> None:
    path = "/portfolio/orders?limit=5"
    right = exchange.headers("GET", "/trade-api/v2/portfolio/orders")
    wrong = exchange.headers("GET", f"/trade-api/v2{path}")
    assert exchange.call("GET", path, headers=right).status == 200
    refused = exchange.call("GET", path, headers=wrong)
    assert refused.json["error"]["details"] == "INCORRECT_API_KEY_SIGNATURE"


@pytest.mark.parametrize(
    "late_ms,status", [(0, 200), (10_000, 200), (-10_000, 200), (30_000, 401), (-60_000, 401)]
)
def test_the_clock_must_be_about_right(exchange: PracticeExchange, late_ms: int, status: int) -> None:
    headers = exchange.headers("GET", "/trade-api/v2/portfolio/balance", late_ms=late_ms)
    answer = exchange.call("GET", "/portfolio/balance", headers=headers)
    assert answer.status == status
    if status == 401:
        assert answer.json == {
            "error": {"code": "header_timestamp_expired", "message": "header timestamp expired"}
        }


def test_every_answer_tells_the_exchanges_time(exchange: PracticeExchange) -> None:
    told = email.utils.parsedate_to_datetime(exchange.call("GET", "/exchange/status").headers["Date"])
    assert abs(told.timestamp() - time.time()) < 5


def test_an_empty_bucket_refuses_without_a_header_that_says_when(practice_exchange: PracticeExchange) -> None:
    listed = practice_exchange.call("GET", "/markets?limit=1", headers={}).json["markets"]
    answers = [practice_exchange.call("POST", ORDERS, order(listed[0])) for _ in range(40)]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert {answer.status for answer in answers} == {201, 429}
    for answer in refused:
        assert answer.json == {"error": "too many requests"}
        assert "Retry-After" not in answer.headers
        assert not [name for name in answer.headers if name.lower().startswith("x-ratelimit")]
    limits = practice_exchange.call("GET", "/account/limits").json
    assert (limits["usage_tier"], limits["write"]) == ("basic", {"refill_rate": 100, "bucket_capacity": 100})


def test_the_balance_has_a_bucket_of_its_own_without_burst(practice_exchange: PracticeExchange) -> None:
    answers = [practice_exchange.call("GET", "/portfolio/balance").status for _ in range(4)]
    assert answers[0] == 200
    assert 429 in answers
    assert practice_exchange.call("GET", "/portfolio/fills").status == 200


def test_a_batch_fits_the_bucket_or_nothing_of_it_is_done(practice_exchange: PracticeExchange) -> None:
    listed = practice_exchange.call("GET", "/markets?limit=1", headers={}).json["markets"][0]
    batch = {"orders": [order(listed, price="0.0100") for _ in range(11)]}
    refused = practice_exchange.call("POST", f"{ORDERS}/batched", batch)
    assert (refused.status, refused.json) == (429, {"error": "too many requests"})
    assert practice_exchange.call("GET", "/portfolio/orders").json["orders"] == []
    fits = practice_exchange.call("POST", f"{ORDERS}/batched", {"orders": batch["orders"][:10]})
    assert fits.status == 201
    assert len(practice_exchange.call("GET", "/portfolio/orders").json["orders"]) == 10


@pytest.mark.parametrize(
    "path", ["/markets/trades", "/markets", "/events", "/portfolio/orders", "/portfolio/fills"]
)
@pytest.mark.parametrize("place", ["-1", "-999999999999", "999999999999999"])
def test_a_made_up_cursor_does_no_harm(checked: Checked, path: str, place: str) -> None:
    cursor = base64.urlsafe_b64encode(f"pd1:{place}".encode()).decode()
    for more in ("", "&ticker=NONE"):
        assert checked.call("GET", f"{path}?cursor={cursor}{more}").status == 200
