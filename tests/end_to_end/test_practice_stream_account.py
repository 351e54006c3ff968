"""What the stream tells of groups, subaccounts, prices and fees; every frame held against its interface."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_practice_account import KeyHolder, markets_on
from tests.end_to_end.test_practice_stream import Frame, Stream, opened, place
from tests.exchange_specs import StreamSpec
from tests.practice_fixture import PracticeExchange, running_exchange

pytestmark = pytest.mark.api
GROUPS = "/portfolio/order_groups"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    """One quiet exchange at Advanced, without rate limits."""
    folder = tmp_path_factory.mktemp("exchange") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited", "--tier", "advanced") as running:
        yield running


@pytest.fixture(scope="module")
def market(exchange: PracticeExchange) -> Frame:
    return markets_on(exchange, 0)[0]


@pytest.fixture
def stream(exchange: PracticeExchange, stream_spec: StreamSpec) -> Iterator[Stream]:
    with opened(exchange, stream_spec) as found:
        yield found


def steps(stream: Stream, count: int) -> list[Frame]:
    return [stream.of_type("order_group_updates") for _ in range(count)]


def test_a_groups_steps_are_numbered_and_told(
    exchange: PracticeExchange, stream: Stream, market: Frame
) -> None:
    stream.subscribe("order_group_updates")
    made = exchange.call("POST", f"{GROUPS}/create", {"contracts_limit": 3}).json["order_group_id"]
    place(exchange, market, order_group_id=made)
    ask = market["yes_ask_dollars"]
    place(exchange, market, order_group_id=made, price=ask, count="3")
    for step in ("reset", "limit"):
        exchange.call("PUT", f"{GROUPS}/{made}/{step}", {"contracts_limit": 9} if step == "limit" else {})
    exchange.call("DELETE", f"{GROUPS}/{made}")
    frames = steps(stream, 5)
    assert [frame["msg"]["event_type"] for frame in frames] == [
        "created",
        "triggered",
        "reset",
        "limit_updated",
        "deleted",
    ]
    assert [frame["seq"] for frame in frames] == list(range(frames[0]["seq"], frames[0]["seq"] + 5))
    limits = [frame["msg"].get("contracts_limit_fp") for frame in frames]
    assert limits == ["3.00", None, None, "9.00", None]


def test_prices_fees_and_the_decision_are_told(exchange: PracticeExchange, stream: Stream) -> None:
    market = markets_on(exchange, 0)[-1]
    ticker, event = market["ticker"], market["event_ticker"]
    stream.subscribe("market_lifecycle_v2")
    told: list[dict[str, Any]] = []
    for body in (
        {"market": ticker, "step": "deactivate"},
        {"market": ticker, "step": "activate"},
        {"market": ticker, "step": "prices", "structure": "deci_cent"},
        {"event": event, "step": "fees", "fee_type": "quadratic", "multiplier": 2},
        {"event": event, "step": "fees"},
        {"market": ticker, "step": "settle", "result": "no"},
    ):
        assert exchange.control("POST", "/markets", body).status == 200, body
    while not told or told[-1]["msg"].get("event_type") != "settled":
        told.append(stream.next())
    assert [frame["msg"].get("event_type", frame["type"]) for frame in told] == [
        "deactivated",
        "activated",
        "price_level_structure_updated",
        "event_fee_update",
        "event_fee_update",
        "close_date_updated",
        "determined",
        "settled",
    ]
    assert told[2]["msg"]["price_ranges"] == [{"start": "0.0000", "end": "1.0000", "step": "0.0010"}]
    assert told[3]["msg"]["fee_multiplier_override"] == 2
    assert told[4]["msg"]["fee_type_override"] is None
    assert (told[6]["msg"]["result"], told[6]["msg"]["settlement_value"]) == ("no", "0.0000")


def test_a_key_locked_to_a_subaccount_hears_only_of_it(
    exchange: PracticeExchange, stream_spec: StreamSpec, stream: Stream, market: Frame, tmp_path: Path
) -> None:
    number = exchange.call("POST", "/portfolio/subaccounts", {}).json["subaccount_number"]
    body = {"client_transfer_id": str(uuid.uuid4()), "from_subaccount": 0, "to_subaccount": number}
    exchange.call("POST", "/portfolio/subaccounts/transfer", {**body, "amount_cents": 500})
    terms = {"name": "locked", "key_type": "ed25519", "subaccount": number}
    holder = KeyHolder(exchange, exchange.call("POST", "/api_keys/generate", terms).json, tmp_path)
    stream.subscribe("user_orders")
    with opened(holder, stream_spec) as locked:
        locked.subscribe("user_orders", "orderbook_delta", market_tickers=[market["ticker"]])
        place(exchange, market, client_order_id="other")
        place(exchange, market, client_order_id="own", subaccount=number)
        own = locked.of_type("user_order")["msg"]
        assert (own["client_order_id"], own["subaccount_number"]) == ("own", number)
    heard = [stream.of_type("user_order")["msg"]["client_order_id"] for _ in range(2)]
    assert heard == ["other", "own"]


def test_an_index_pauses_alone_and_the_status_says_so(exchange: PracticeExchange) -> None:
    coin = markets_on(exchange, 2)[0]
    assert exchange.control("POST", "/markets", {"exchange_index": 2, "step": "pause"}).status == 200
    refused = exchange.call("POST", "/portfolio/events/orders", {
        "ticker": coin["ticker"], "side": "bid", "count": "1", "price": "0.01",
        "time_in_force": "good_till_canceled", "self_trade_prevention_type": "maker",
    })  # fmt: skip
    assert (refused.status, refused.json["error"]["code"]) == (409, "trading_is_paused")
    status = exchange.call("GET", "/exchange/status").json
    trading = {row["exchange_index"]: row["trading_active"] for row in status["exchange_index_statuses"]}
    assert (status["trading_active"], trading[0], trading[2]) == (True, True, False)
    exchange.control("POST", "/markets", {"step": "resume"})
    assert all(
        row["trading_active"]
        for row in exchange.call("GET", "/exchange/status").json["exchange_index_statuses"]
    )
