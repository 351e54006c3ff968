"""The account's side of the practice exchange over its real socket: groups, money, keys, levels, archive.

Every answer is held against the exchange's own interface.
"""

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.end_to_end.test_practice_contract import Checked, order
from tests.exchange_specs import RestSpec
from tests.practice_fixture import Answer, PracticeExchange, running_exchange

pytestmark = pytest.mark.api
ORDERS = "/portfolio/events/orders"
GROUPS = "/portfolio/order_groups"
_PEM = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
INTRA = "/portfolio/intra_exchange_instance_transfer"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    """One quiet exchange by the strict rule of cash, at Premier, without rate limits."""
    folder = tmp_path_factory.mktemp("exchange") / "practice"
    options = ("--quiet-market", "--unlimited", "--strict-cash", "--tier", "premier")
    with running_exchange(folder, *options) as running:
        yield running


@pytest.fixture
def checked(exchange: PracticeExchange, rest_spec: RestSpec) -> Checked:
    """Calls that are validated."""
    return Checked(exchange, rest_spec)


def markets_on(exchange: PracticeExchange, shard: int) -> list[dict[str, Any]]:
    """Open markets on whole cents of one exchange index, quoted well inside."""
    listed = exchange.call("GET", "/markets?status=open&limit=1000").json["markets"]
    return [
        market
        for market in listed
        if market["exchange_index"] == shard
        and float(market["yes_bid_dollars"]) > 0.1
        and float(market["yes_ask_dollars"]) < 0.9
    ]


@pytest.fixture(scope="module")
def market(exchange: PracticeExchange) -> dict[str, Any]:
    """A market on the first index."""
    return markets_on(exchange, 0)[0]


@pytest.fixture(scope="module")
def coin(exchange: PracticeExchange) -> dict[str, Any]:
    """A market on the index of crypto."""
    return markets_on(exchange, 2)[0]


class KeyHolder(PracticeExchange):
    """The same exchange, signed by another key."""

    def __init__(self, exchange: PracticeExchange, made: dict[str, Any], folder: Path) -> None:
        file = folder / f"{made['api_key_id']}.pem"
        file.write_text(made["private_key"])
        line = {
            "rest": exchange.rest,
            "ws": exchange.ws,
            "key_id": made["api_key_id"],
            "control": exchange.control_url,
            "control_token": exchange.control_token,
        }
        super().__init__({**line, "private_key_file": str(file)}, exchange.process, exchange.state)
        file.unlink()
        self.made = made


def new_key(exchange: PracticeExchange, folder: Path, **terms: Any) -> KeyHolder:
    made = exchange.call("POST", "/api_keys/generate", {"name": "test", **terms})
    assert made.status == 201, made.body
    return KeyHolder(exchange, made.json, folder)


def refused(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json["error"]["code"]


def test_a_groups_whole_life(checked: Checked, market: dict[str, Any]) -> None:
    made = checked.call("POST", f"{GROUPS}/create", {"contracts_limit": 10})
    assert (made.status, made.json["subaccount"], made.json["exchange_index"]) == (201, 0, 0)
    group = made.json["order_group_id"]
    order_id = checked.place(market, order_group_id=group)
    one = checked.call("GET", f"{GROUPS}/{group}").json
    assert one == {
        "is_auto_cancel_enabled": True,
        "orders": [order_id],
        "contracts_limit_fp": "10.00",
        "exchange_index": 0,
    }
    listed = checked.call("GET", f"{GROUPS}?subaccount=0").json["order_groups"]
    assert group in {found["id"] for found in listed}
    assert checked.call("PUT", f"{GROUPS}/{group}/limit", {"contracts_limit_fp": "5.50"}).json == {}
    assert checked.call("PUT", f"{GROUPS}/{group}/trigger", {}).status == 200
    read = checked.call("GET", f"/portfolio/orders/{order_id}").json["order"]
    assert (read["status"], read["order_group_id"]) == ("canceled", group)
    blocked = checked.create(market, order_group_id=group)
    assert refused(blocked) == (400, "exceeded_order_group_risk_limit")
    assert checked.call("PUT", f"{GROUPS}/{group}/reset", {}).status == 200
    again = checked.place(market, order_group_id=group)
    assert checked.call("DELETE", f"{GROUPS}/{group}").json == {}
    assert checked.call("GET", f"/portfolio/orders/{again}").json["order"]["status"] == "canceled"
    assert refused(checked.call("GET", f"{GROUPS}/{group}")) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contracts_limit": 0},
        {"contracts_limit": 5, "contracts_limit_fp": "6"},
        {"contracts_limit": 5, "exchange_index": 9},
        {"contracts_limit": 5, "subaccount": 40},
    ],
)
def test_a_group_that_cannot_be(checked: Checked, body: dict[str, Any]) -> None:
    assert refused(checked.call("POST", f"{GROUPS}/create", body)) == (400, "invalid_parameters")


def test_a_put_without_content_type_is_the_flat_error(checked: Checked, exchange: PracticeExchange) -> None:
    group = checked.call("POST", f"{GROUPS}/create", {"contracts_limit": 10}).json["order_group_id"]
    answer = exchange.call("PUT", f"{GROUPS}/{group}/reset")
    assert (answer.status, answer.json["code"]) == (400, "invalid_content_type")


def test_a_group_is_not_routed_to_its_index(checked: Checked) -> None:
    body = {"contracts_limit": 10, "exchange_index": 2}
    group = checked.call("POST", f"{GROUPS}/create", body).json["order_group_id"]
    assert refused(checked.call("PUT", f"{GROUPS}/{group}/reset", {})) == (404, "not_found")
    assert checked.call("PUT", f"{GROUPS}/{group}/reset?exchange_index=2", {}).status == 200


def until_done(checked: Checked, transfer_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = checked.call("GET", f"{INTRA}s/{transfer_id}").json["transfer"]
        if found["status"] == "complete":
            return dict(found)
    raise AssertionError("the transfer did not arrive")


def test_cash_counts_on_its_own_index_until_it_is_moved(checked: Checked, coin: dict[str, Any]) -> None:
    before = checked.call("GET", "/portfolio/balance").json
    assert {row["exchange_index"] for row in before["balance_breakdown"]} == {0, 2, 3}
    assert refused(checked.create(coin, count="100")) == (400, "insufficient_balance")
    terms = {"source": "event_contract", "destination": "event_contract", "amount": 250_000}
    client_id = str(uuid.uuid4())
    body = {**terms, "destination_exchange_shard": 2, "client_transfer_id": client_id}
    moved = checked.call("POST", INTRA, body)
    assert moved.status == 200
    assert checked.call("POST", INTRA, body).status == 409
    found = until_done(checked, moved.json["transfer_id"])
    assert (found["amount"], found["client_transfer_id"]) == ("25.0000", client_id)
    listed = checked.call("GET", f"{INTRA}s").json["transfers"]
    assert listed[0]["transfer_id"] == moved.json["transfer_id"]
    there = checked.call("GET", "/portfolio/balance?exchange_index=2").json
    assert there["balance_dollars"] == "25.0000"
    assert checked.call("GET", "/portfolio/balance").json["balance_dollars"] == before["balance_dollars"]
    order_id = checked.place(coin, count="100")
    lost = checked.call("DELETE", f"{ORDERS}/{order_id}")
    assert refused(lost) == (404, "not_found")
    assert checked.call("DELETE", f"{ORDERS}/{order_id}?exchange_index=2").status == 200


def test_subaccounts_hold_cash_and_orders_of_their_own(checked: Checked, market: dict[str, Any]) -> None:
    number = checked.call("POST", "/portfolio/subaccounts", {}).json["subaccount_number"]
    client_id = str(uuid.uuid4())
    body = {"client_transfer_id": client_id, "from_subaccount": 0, "to_subaccount": number}
    assert (
        checked.call("POST", "/portfolio/subaccounts/transfer", {**body, "amount_cents": 500}).status == 200
    )
    again = checked._exchange.call("POST", "/portfolio/subaccounts/transfer", {**body, "amount_cents": 500})
    assert again.status == 409
    rows = checked.call("GET", "/portfolio/subaccounts/balances").json["subaccount_balances"]
    mine = [row for row in rows if row["subaccount_number"] == number and row["exchange_index"] == 0]
    assert mine[0]["balance"] == "5.0000"
    listed = checked.call("GET", "/portfolio/subaccounts/transfers?limit=1").json["transfers"]
    assert (listed[0]["to_subaccount"], listed[0]["amount_cents"]) == (number, 500)
    order_id = checked.place(market, subaccount=number)
    own = checked.call("GET", f"/portfolio/orders?subaccount={number}").json["orders"]
    assert [(row["order_id"], row["subaccount_number"]) for row in own] == [(order_id, number)]
    primary = checked.call("GET", "/portfolio/orders?subaccount=0&limit=1000").json["orders"]
    assert order_id not in {row["order_id"] for row in primary}
    assert order_id in {row["order_id"] for row in checked.call("GET", "/portfolio/orders").json["orders"]}
    places = checked.call("GET", "/portfolio/orders/queue_positions").json["queue_positions"]
    assert order_id not in {row["order_id"] for row in places}
    assert refused(checked.call("DELETE", f"{ORDERS}/{order_id}")) == (404, "not_found")
    assert checked.call("DELETE", f"{ORDERS}?subaccount={number}").status == 204
    assert checked.call("GET", f"/portfolio/orders/{order_id}").json["order"]["status"] == "canceled"
    setting = {"subaccount_number": number, "enabled": False}
    assert checked.call("PUT", "/portfolio/subaccounts/netting", setting).status == 200
    kept = checked.call("GET", "/portfolio/subaccounts/netting").json["netting_configs"]
    assert {row["enabled"] for row in kept if row["subaccount_number"] == number} == {False}


def test_keys_are_made_listed_used_and_deleted(
    checked: Checked, exchange: PracticeExchange, tmp_path: Path
) -> None:
    for kind in ("rsa", "ed25519"):
        made = checked.call("POST", "/api_keys/generate", {"name": kind, "key_type": kind})
        assert (made.status, made.json["key_type"]) == (201, kind)
        holder = KeyHolder(exchange, made.json, tmp_path)
        assert holder.call("GET", "/portfolio/orders").status == 200
        listed = checked.call("GET", "/api_keys").json["api_keys"]
        assert {"api_key_id": holder.key_id, "name": kind, "scopes": ["read", "write"]} in listed
        assert checked.call("DELETE", f"/api_keys/{holder.key_id}").status == 204
        after = holder.call("GET", "/portfolio/orders")
        assert (after.status, after.json["error"]["details"]) == (401, "NOT_FOUND")
        assert refused(checked.call("DELETE", f"/api_keys/{holder.key_id}"))[0] == 404


def test_the_generated_key_is_rsa_in_pkcs1_unless_asked_otherwise(checked: Checked) -> None:
    made = checked.call("POST", "/api_keys/generate", {"name": "plain"}).json
    assert made["private_key"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    other = checked.call("POST", "/api_keys/generate", {"name": "new", "key_type": "ed25519"}).json
    assert other["private_key"].startswith("-----BEGIN PRIVATE KEY-----")


def test_a_public_key_can_be_brought(checked: Checked, exchange: PracticeExchange) -> None:
    pem = exchange._key.public_key().public_bytes(*_PEM)
    made = checked.call("POST", "/api_keys", {"name": "own", "public_key": pem.decode()})
    assert made.status == 201
    bad = exchange.call("POST", "/api_keys", {"name": "own", "public_key": "-----BEGIN PUBLIC KEY-----"})
    assert refused(bad) == (400, "invalid_parameters")


@pytest.mark.parametrize(
    "terms",
    [
        {"name": ""},
        {"scopes": ["write"]},
        {"scopes": ["everything"]},
        {"scopes": []},
        {"scopes": "read"},
        {"key_type": "dsa"},
        {"subaccount": 50},
    ],
)
def test_a_key_that_cannot_be(exchange: PracticeExchange, terms: dict[str, Any]) -> None:
    answer = exchange.call("POST", "/api_keys/generate", {"name": "test", "key_type": "ed25519", **terms})
    assert refused(answer) == (400, "invalid_parameters")


SCOPED = [
    ("read", "GET", "/portfolio/orders", None, 200),
    ("read", "GET", "/portfolio/balance", None, 200),
    ("read", "DELETE", ORDERS, None, 403),
    ("read", "POST", f"{GROUPS}/create", {"contracts_limit": 1}, 403),
    ("read::portfolio_balance", "GET", "/portfolio/balance", None, 200),
    ("read::portfolio_balance", "GET", "/portfolio/orders", None, 403),
    ("write::trade", "DELETE", ORDERS, None, 204),
    ("write::trade", "POST", f"{GROUPS}/create", {"contracts_limit": 1}, 201),
    ("write::trade", "POST", INTRA, {}, 403),
    ("write::trade", "POST", "/portfolio/subaccounts", {}, 403),
    ("write::trade", "GET", "/portfolio/orders", None, 403),
    ("write::transfer", "POST", INTRA, {}, 400),
    ("write::transfer", "DELETE", ORDERS, None, 403),
    ("write::transfer", "POST", "/api_keys/generate", {"name": "more"}, 403),
]


@pytest.mark.parametrize("scope,method,path,body,status", SCOPED)
def test_each_scope_opens_its_own_doors(
    exchange: PracticeExchange, tmp_path: Path, scope: str, method: str, path: str, body: Any, status: int
) -> None:
    holder = new_key(exchange, tmp_path, key_type="ed25519", scopes=[scope])
    answer = holder.call(method, path, body)
    assert answer.status == status, answer.body
    if status == 403:
        assert answer.json["error"]["code"] == "forbidden"


def test_a_key_locked_to_a_subaccount_sees_and_trades_only_there(
    checked: Checked, exchange: PracticeExchange, market: dict[str, Any], tmp_path: Path
) -> None:
    number = checked.call("POST", "/portfolio/subaccounts", {}).json["subaccount_number"]
    body = {"client_transfer_id": str(uuid.uuid4()), "from_subaccount": 0, "to_subaccount": number}
    checked.call("POST", "/portfolio/subaccounts/transfer", {**body, "amount_cents": 500})
    elsewhere = checked.place(market)
    holder = new_key(exchange, tmp_path, key_type="ed25519", subaccount=number)
    made = holder.call("POST", ORDERS, order(market))
    assert made.status == 201
    own = holder.call("GET", "/portfolio/orders").json["orders"]
    assert [row["subaccount_number"] for row in own] == [number]
    balance = holder.call("GET", "/portfolio/balance").json
    assert balance["balance_dollars"] == "4.9800"
    assert "balance_breakdown" not in balance
    locked = "this API key is restricted to a single sub-account and cannot access this endpoint"
    for method, path, sent in (
        ("POST", ORDERS, order(market, subaccount=0)),
        ("GET", "/portfolio/orders?subaccount=0", None),
        ("GET", "/portfolio/balance?subaccount=0", None),
        ("POST", "/portfolio/subaccounts", {}),
        ("POST", "/portfolio/subaccounts/transfer", {**body, "amount_cents": 1}),
        ("POST", "/api_keys/generate", {"name": "wider"}),
        ("POST", f"{ORDERS}/batched", {"orders": [order(market), order(market, subaccount=0)]}),
    ):
        answer = holder.call(method, path, sent)
        assert (answer.status, answer.json["error"]["details"]) == (403, locked), path
    assert holder.call("GET", f"/portfolio/orders/{elsewhere}").status == 404
    assert holder.call("DELETE", f"{ORDERS}/{elsewhere}").status == 404
    assert holder.call("DELETE", ORDERS).status == 204
    assert checked.call("GET", f"/portfolio/orders/{elsewhere}").json["order"]["status"] == "resting"


@pytest.mark.parametrize(
    "path",
    [
        "/historical/cutoff",
        "/historical/orders",
        "/historical/fills",
        "/historical/positions",
        "/historical/trades",
        "/historical/markets",
        "/series/fee_changes",
        "/events/fee_changes",
        "/account/api_usage_level/volume_progress",
        "/portfolio/settlements",
        "/portfolio/positions?settlement_status=all",
    ],
)
def test_lists_are_as_documented(checked: Checked, path: str) -> None:
    assert checked.call("GET", path).status == 200


def test_events_tell_candles_and_metadata(checked: Checked, market: dict[str, Any]) -> None:
    event = checked.call("GET", f"/events/{market['event_ticker']}").json["event"]
    now = int(time.time())
    window = f"start_ts={now - 7_200}&end_ts={now}&period_interval=60"
    path = f"/series/{event['series_ticker']}/events/{event['event_ticker']}/candlesticks?{window}"
    candles = checked.call("GET", path).json
    assert market["ticker"] in candles["market_tickers"]
    assert len(candles["market_candlesticks"]) == len(candles["market_tickers"])
    assert all(candles["market_candlesticks"])
    told = checked.call("GET", f"/events/{event['event_ticker']}/metadata").json
    assert {row["market_ticker"] for row in told["market_details"]} == set(candles["market_tickers"])


def test_each_index_has_its_own_status(checked: Checked) -> None:
    shards = checked.call("GET", "/exchange/status").json["exchange_index_statuses"]
    assert [shard["exchange_index"] for shard in shards] == [0, 2, 3]


def control(exchange: PracticeExchange, path: str, body: Any) -> Answer:
    return exchange.control("POST", path, body)


def test_a_market_is_paused_resumed_regridded_settled_and_paid(
    exchange: PracticeExchange, checked: Checked
) -> None:
    market = markets_on(exchange, 0)[-1]
    ticker, event = market["ticker"], market["event_ticker"]
    ask = market["yes_ask_dollars"]
    bought = checked.create(market, count="3", price=ask, time_in_force="immediate_or_cancel").json
    assert bought["fill_count"] == "3.00"
    assert control(exchange, "/markets", {"market": ticker, "step": "deactivate"}).status == 200
    assert refused(checked.create(market)) == (400, "market_inactive")
    assert [row["ticker"] for row in checked.call("GET", "/markets?status=paused").json["markets"]] == [
        ticker
    ]
    assert control(exchange, "/markets", {"market": ticker, "step": "activate"}).status == 200
    finer = {"market": ticker, "step": "prices", "structure": "center_centi_edge_centi_cent"}
    assert control(exchange, "/markets", finer).status == 200
    assert checked.create(market, price="0.0123").status == 201
    fees = {"event": event, "step": "fees", "fee_type": "quadratic", "multiplier": "0.5"}
    assert control(exchange, "/markets", fees).status == 200
    told = checked.call("GET", f"/events/{event}").json["event"]
    assert (told["fee_type_override"], told["fee_multiplier_override"]) == ("quadratic", 0.5)
    change = checked.call("GET", f"/events/fee_changes?event_ticker={event}").json["event_fee_changes"][0]
    assert (change["fee_type_override"], change["fee_multiplier_override"]) == ("quadratic", 0.5)
    settle = {"market": ticker, "step": "settle", "result": "yes"}
    assert control(exchange, "/markets", settle).status == 200
    row = checked.call("GET", f"/portfolio/settlements?ticker={ticker}").json["settlements"][0]
    assert (row["market_result"], row["yes_count_fp"], row["revenue"], row["value"]) == (
        "yes",
        "3.00",
        300,
        100,
    )
    settled = checked.call("GET", f"/portfolio/positions?settlement_status=settled&ticker={ticker}").json
    assert [held["position_fp"] for held in settled["market_positions"]] == ["0.00"]
    assert checked.call("GET", f"/portfolio/positions?ticker={ticker}").json["market_positions"] == []
    read = checked.call("GET", f"/markets/{ticker}").json["market"]
    assert (read["status"], read["result"], read["settlement_value_dollars"]) == (
        "finalized",
        "yes",
        "1.0000",
    )
    bad = control(exchange, "/markets", {"market": ticker, "step": "explode"})
    assert refused(bad) == (400, "invalid_parameters")


def test_control_needs_the_token(exchange: PracticeExchange) -> None:
    for path in ("/reset", "/markets"):
        assert exchange.control("POST", path, {}, token="no").status == 403
    assert exchange.call("GET", "/portfolio/orders").status == 200


def test_basic_members_have_no_subaccounts_and_become_advanced(tmp_path: Path, rest_spec: RestSpec) -> None:
    with running_exchange(tmp_path / "basic", "--quiet-market") as exchange:
        assert exchange.call("POST", "/portfolio/subaccounts", {}).status == 403
        assert exchange.call("POST", "/api_keys", {"name": "own", "public_key": ""}).status == 403
        early = exchange.call("POST", "/account/api_usage_level/upgrade", {})
        assert refused(early) == (403, "forbidden")
        market = markets_on(exchange, 0)[0]
        assert exchange.call("POST", ORDERS, order(market)).status == 201
        upgrade = "/account/api_usage_level/upgrade"
        assert exchange.call("POST", upgrade, {}).status == 201
        limits = exchange.call("GET", "/account/limits")
        rest_spec.check_answer("GET", "/account/limits", limits)
        assert limits.json["usage_tier"] == "advanced"
        assert limits.json["write"] == {"refill_rate": 300, "bucket_capacity": 600}
        assert limits.json["grants"][0]["level"] == "advanced"
        exchange.kill()
    with running_exchange(tmp_path / "basic", "--quiet-market") as exchange:
        assert exchange.call("GET", "/account/limits").json["usage_tier"] == "advanced"


def test_each_named_index_has_a_write_bucket_of_its_own(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "buckets", "--quiet-market") as exchange:
        coin = markets_on(exchange, 2)[0]
        bodies = [order(coin, client_order_id=f"b{n}", count="1") for n in range(40)]
        routed = [exchange.call("POST", ORDERS, body).status for body in bodies[:16]]
        assert 429 in routed
        named = exchange.call("POST", ORDERS, {**bodies[-1], "exchange_index": 2})
        assert named.status == 201


def test_everything_outlasts_a_power_cut(tmp_path: Path) -> None:
    def told(exchange: PracticeExchange) -> dict[str, Any]:
        paths = (
            GROUPS, "/portfolio/subaccounts/balances", "/portfolio/subaccounts/transfers", f"{INTRA}s",
            "/portfolio/settlements", "/api_keys", "/portfolio/subaccounts/netting",
            "/portfolio/positions?settlement_status=all", "/portfolio/fills", "/portfolio/orders",
        )  # fmt: skip
        found = {path: exchange.call("GET", path).json for path in paths}
        for row in found["/portfolio/subaccounts/balances"]["subaccount_balances"]:
            row.pop("updated_ts")
        return found

    options = ("--quiet-market", "--unlimited", "--tier", "advanced")
    with running_exchange(tmp_path / "cut", *options) as exchange:
        market, coin = markets_on(exchange, 0)[-1], markets_on(exchange, 2)[0]
        exchange.call("POST", "/portfolio/subaccounts", {})
        body = {"client_transfer_id": str(uuid.uuid4()), "from_subaccount": 0, "to_subaccount": 1}
        exchange.call("POST", "/portfolio/subaccounts/transfer", {**body, "amount_cents": 500})
        group = exchange.call("POST", f"{GROUPS}/create", {"contracts_limit": 10}).json["order_group_id"]
        exchange.call("POST", ORDERS, order(market, order_group_id=group))
        exchange.call("POST", ORDERS, order(coin, price=coin["yes_ask_dollars"]))
        exchange.call("POST", ORDERS, order(market, price=market["yes_ask_dollars"]))
        holder = new_key(exchange, tmp_path, key_type="ed25519", subaccount=1)
        assert (
            control(exchange, "/markets", {"market": coin["ticker"], "step": "settle", "result": "no"}).status
            == 200
        )
        before = told(exchange)
        assert before["/portfolio/settlements"]["settlements"]
        exchange.kill()
    with running_exchange(tmp_path / "cut", *options) as exchange:
        assert told(exchange) == before
        assert exchange.call("GET", f"/markets/{coin['ticker']}").json["market"]["status"] == "finalized"
        again = KeyHolder(exchange, holder.made, tmp_path)
        assert again.call("GET", "/portfolio/balance").json["balance_dollars"] == "5.0000"
        assert control(exchange, "/reset", {}).json == {"reset": 1}
        assert exchange.call("GET", "/portfolio/balance").json["balance_dollars"] == "10000.0000"
        assert exchange.call("GET", "/portfolio/settlements").json["settlements"] == []
        exchange.kill()
    with running_exchange(tmp_path / "cut", *options) as exchange:
        rows = exchange.call("GET", "/portfolio/subaccounts/balances").json["subaccount_balances"]
        assert {row["subaccount_number"] for row in rows} == {0}
        assert json.dumps(exchange.call("GET", "/portfolio/orders").json) == '{"orders": [], "cursor": ""}'
