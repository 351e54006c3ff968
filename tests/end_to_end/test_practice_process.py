"""The practice exchange as a process: what it keeps, what it refuses to share, and how it ends."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import connect

from tests.practice_fixture import ROOT, PracticeExchange, running_exchange

ORDERS = "/portfolio/events/orders"


def some_market(exchange: PracticeExchange) -> dict[str, Any]:
    """A market on whole cents, quoted on both sides."""
    listed = exchange.call("GET", "/markets?status=open&limit=1000", headers={}).json["markets"]
    return next(
        market
        for market in listed
        if market["price_level_structure"] == "linear_cent"
        and float(market["yes_bid_dollars"]) > 0.1
        and float(market["yes_ask_dollars"]) < 0.9
    )


def place(exchange: PracticeExchange, market: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = {
        "ticker": market["ticker"],
        "side": "bid",
        "count": "2.00",
        "price": "0.0100",
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "taker_at_cross",
        **changes,
    }
    answer = exchange.call("POST", ORDERS, body)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def account(exchange: PracticeExchange) -> dict[str, Any]:
    """Everything the account's owner can read that does not depend on the market's mood."""
    return {
        "orders": exchange.call("GET", "/portfolio/orders?limit=1000").json["orders"],
        "fills": exchange.call("GET", "/portfolio/fills?limit=1000").json["fills"],
        "positions": exchange.call("GET", "/portfolio/positions?limit=1000").json["market_positions"],
        "cash": exchange.call("GET", "/portfolio/balance").json["balance_dollars"],
    }


def trade_a_little(exchange: PracticeExchange) -> dict[str, Any]:
    """One resting, one canceled, one filled; what the account then is."""
    market = some_market(exchange)
    place(exchange, market, client_order_id="rests")
    gone = place(exchange, market, client_order_id="goes", price="0.0200")
    exchange.call("DELETE", f"{ORDERS}/{gone['order_id']}?market_ticker={market['ticker']}")
    taken = place(exchange, market, client_order_id="takes", price=market["yes_ask_dollars"], count="1")
    assert taken["fill_count"] == "1.00"
    return account(exchange)


def test_a_restart_keeps_orders_fills_positions_and_cash(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited") as first:
        before = trade_a_little(first)
        key_id = first.key_id
        assert first.end() == 0
    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited") as second:
        assert second.key_id == key_id
        assert account(second) == before
        market = some_market(second)
        again = second.call(
            "POST",
            ORDERS,
            {
                "ticker": market["ticker"],
                "client_order_id": "goes",
                "side": "bid",
                "count": "1",
                "price": "0.0100",
                "time_in_force": "good_till_canceled",
                "self_trade_prevention_type": "maker",
            },
        )
        assert (again.status, again.json["error"]["code"]) == (409, "order_already_exists")


def test_an_acknowledged_order_survives_a_kill(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited") as first:
        market = some_market(first)
        made = [place(first, market, client_order_id=f"order-{number}") for number in range(20)]
        first.kill()
    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited") as second:
        listed = second.call("GET", "/portfolio/orders?status=resting&limit=1000").json["orders"]
        assert {order["order_id"] for order in listed} == {order["order_id"] for order in made}
        balance = second.call("GET", "/portfolio/balance").json["balance_dollars"]
        assert balance == "9999.6000"
        gone = second.call("DELETE", f"{ORDERS}/{made[0]['order_id']}?market_ticker={market['ticker']}")
        assert gone.json["reduced_by"] == "2.00"


def test_a_fresh_start_forgets_the_account_and_keeps_the_key(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited") as first:
        trade_a_little(first)
        key_id = first.key_id
    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited", "--fresh") as second:
        assert second.key_id == key_id
        assert account(second) == {"orders": [], "fills": [], "positions": [], "cash": "10000.0000"}


def test_an_rsa_key_signs_as_well(tmp_path: Path) -> None:
    with running_exchange(tmp_path / "state", "--quiet-market", "--rsa") as exchange:
        assert exchange.call("GET", "/portfolio/balance").status == 200


def refused_start(*options: str) -> tuple[int, str]:
    """The exit code and what was said of a start that is expected to fail."""
    done = subprocess.run(
        [sys.executable, "-m", "pitdesk.practice", "--json", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT / "app")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_two_exchanges_never_share_an_account(practice_exchange: PracticeExchange) -> None:
    code, said = refused_start("--state", str(practice_exchange.state))
    assert code == 2
    assert "Another practice exchange is using" in said
    assert practice_exchange.call("GET", "/exchange/status").status == 200


def test_a_port_in_use_is_told_plainly(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = refused_start("--state", str(tmp_path / "state"), "--port", str(port))
    assert code == 2
    assert said.startswith(f"Port {port} is in use")


@pytest.mark.parametrize(
    "options", [("--port", "70000"), ("--port", "x"), ("--speed", "fast"), ("--speed", "-1")]
)
def test_an_option_that_makes_no_sense_is_told_with_what_would(
    tmp_path: Path, options: tuple[str, str]
) -> None:
    code, said = refused_start("--state", str(tmp_path / "state"), *options)
    assert code == 2
    assert "give a number" in said


def test_a_damaged_account_file_is_told_plainly_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    file = folder / "practice.sqlite3"
    file.write_bytes(b"this is no database, whatever its name says" * 100)
    before = file.read_bytes()
    code, said = refused_start("--state", str(folder))
    assert code == 2
    assert str(file) in said
    assert file.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order_when_told(practice_exchange: PracticeExchange, number: int) -> None:
    practice_exchange.process.send_signal(number)
    assert practice_exchange.process.wait(60) == 0


def test_it_ends_when_its_parent_does(practice_exchange: PracticeExchange) -> None:
    assert practice_exchange.end() == 0


def test_it_ends_promptly_although_clients_are_connected(practice_exchange: PracticeExchange) -> None:
    parts = urlsplit(practice_exchange.rest)
    idle = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    idle.request("GET", f"{parts.path}/exchange/status")
    assert idle.getresponse().read()
    headers = practice_exchange.stream_headers()
    with connect(practice_exchange.ws, additional_headers=headers, proxy=None) as stream:
        stream.send('{"id":1,"cmd":"subscribe","params":{"channels":["ticker","user_orders"]}}')
        assert stream.recv(timeout=60)
        assert practice_exchange.end() == 0
    idle.close()


def test_a_plain_request_to_the_sockets_address_is_refused(practice_exchange: PracticeExchange) -> None:
    parts = urlsplit(practice_exchange.rest)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request("GET", "/trade-api/ws/v2", headers=practice_exchange.stream_headers())
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["error"]["code"]) == (400, "bad_request")
    connection.close()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux can limit another process's files"
)
def test_an_account_that_cannot_be_written_is_never_acknowledged(tmp_path: Path) -> None:
    import resource

    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited") as first:
        market = some_market(first)
        kept = place(first, market, client_order_id="kept")
        # Enough for what it says to standard error, less than the account's files hold already.
        resource.prlimit(first.pid, resource.RLIMIT_FSIZE, (8_192, 8_192))
        body = {
            "ticker": market["ticker"],
            "client_order_id": "lost",
            "side": "bid",
            "count": "1",
            "price": "0.0100",
            "time_in_force": "good_till_canceled",
            "self_trade_prevention_type": "maker",
        }
        answer = first.call("POST", ORDERS, body)
        assert (answer.status, answer.json["error"]["code"]) == (500, "internal_server_error")
        assert first.process.wait(60) == 1
        said = (tmp_path / "state.errors").read_text()
        assert "cannot be written" in said
        assert "Traceback" not in said
    with running_exchange(tmp_path / "state", "--quiet-market", "--unlimited") as second:
        orders = second.call("GET", "/portfolio/orders").json["orders"]
        assert [order["order_id"] for order in orders] == [kept["order_id"]]
