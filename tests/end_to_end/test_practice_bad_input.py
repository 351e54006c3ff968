"""Bytes that no client should send: an error in the exchange's shape or a closed connection, nothing else."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.practice_fixture import PracticeExchange, running_exchange

ORDERS = "/portfolio/events/orders"
PATH = "/trade-api/v2/portfolio/events/orders"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeExchange]:
    folder = tmp_path_factory.mktemp("bad") / "practice"
    with running_exchange(folder, "--quiet-market", "--unlimited") as exchange:
        yield exchange
        errors = (folder.parent / f"{folder.name}.errors").read_text()
        assert "Traceback" not in errors, errors


@pytest.fixture
def exchange(running: PracticeExchange) -> Iterator[PracticeExchange]:
    """Afterwards it must still serve, with every cent in its place."""
    before = running.call("GET", "/portfolio/balance").json["balance_dollars"]
    yield running
    assert running.call("GET", "/portfolio/balance").json["balance_dollars"] == before


def address(exchange: PracticeExchange) -> tuple[str, int]:
    parts = urlsplit(exchange.rest)
    return parts.hostname or "", parts.port or 0


def said_to(exchange: PracticeExchange, sent: bytes) -> bytes:
    """All that is answered to raw bytes until the connection ends."""
    with socket.create_connection(address(exchange), timeout=60) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        parts = []
        try:
            while part := line.recv(65_536):
                parts.append(part)
        except ConnectionError:
            pass
        return b"".join(parts)


def must_be_an_error(body: bytes) -> None:
    assert b"Traceback" not in body
    said = json.loads(body)
    assert isinstance(said, dict)
    assert {"error", "code", "msg"} & set(said)


BODIES: list[bytes] = [
    b"",
    b" ",
    b"null",
    b"[]",
    b"5",
    b'"text"',
    b"{",
    b"{}",
    b'{"ticker": NaN}',
    b'{"ticker": 1e999}',
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    b'{"a":' * 20_000,
    b"[" * 100_000,
    b'{"count": ' + b"9" * 5_000 + b"}",
    b'{"ticker": "\\ud800"}',
    b'{"orders": [null, 5, "x", [], {}]}',
    b'{"orders": {}}',
    b"x" * 1_100_000,
    b'{"ticker":"' + b"x" * 1_000_000 + b'"}',
]


@pytest.mark.parametrize("path", [ORDERS, f"{ORDERS}/batched", f"{ORDERS}/some-order/amend"])
@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_is_none_is_refused(exchange: PracticeExchange, path: str, body: bytes) -> None:
    try:
        answer = exchange.call("POST", path, raw=body)
    except ConnectionError:
        return  # a body far too large may be cut off while it is sent
    assert 400 <= answer.status < 500
    must_be_an_error(answer.body)


HUGE = ["-1", "-0.01", "0", "1e5", "99999999999999999999", "0.001", "NaN", "", " 1", "1,0", "٣"]


@pytest.mark.parametrize("value", [*HUGE, 1, -1, 10**30, 1.5, True, [], {}])
@pytest.mark.parametrize("field", ["count", "price"])
def test_a_number_that_is_none_is_refused(exchange: PracticeExchange, field: str, value: Any) -> None:
    ticker = exchange.call("GET", "/markets?status=open&limit=1").json["markets"][0]["ticker"]
    body = {
        "ticker": ticker,
        "client_order_id": "never",
        "side": "bid",
        "count": "1.00",
        "price": "0.0100",
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "maker",
        field: value,
    }
    answer = exchange.call("POST", ORDERS, body)
    assert answer.status == 400, answer.body
    must_be_an_error(answer.body)


@pytest.mark.parametrize("field", ["expiration_time", "subaccount", "exchange_index"])
@pytest.mark.parametrize("value", [-(2**70), 2**70, 2**63 - 1, -5, "1", 1.5, True])
def test_a_whole_number_that_is_none_is_refused(exchange: PracticeExchange, field: str, value: Any) -> None:
    ticker = exchange.call("GET", "/markets?status=open&limit=1").json["markets"][0]["ticker"]
    body = {
        "ticker": ticker,
        "side": "bid",
        "count": "1.00",
        "price": "0.0100",
        "time_in_force": "immediate_or_cancel",
        "self_trade_prevention_type": "maker",
        field: value,
    }
    answer = exchange.call("POST", ORDERS, body)
    assert 400 <= answer.status < 500, answer.body
    must_be_an_error(answer.body)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x00" * 1_000,
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"POST " + PATH.encode() + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"H%d: 1\r\n" % n for n in range(5_000)) + b"\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
        b"GET /trade-api/v2/%ff%fe%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=range(12),
)
def test_bytes_that_are_no_request_get_an_error_or_nothing(exchange: PracticeExchange, sent: bytes) -> None:
    said = said_to(exchange, sent)
    if said:
        head, _, body = said.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1."), said[:100]
        assert head[9:10] == b"4", head[:40]
        must_be_an_error(body)


def test_half_a_body_and_half_open_sockets_hold_nobody_up(exchange: PracticeExchange) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n"
    with ExitStack() as lines:
        for start in (b"", b"GET", head.encode(), head.encode() + b'{"ticker"'):
            for _ in range(20):
                line = lines.enter_context(socket.create_connection(address(exchange), timeout=60))
                line.sendall(start)
        assert exchange.call("GET", "/exchange/status").status == 200


@pytest.mark.skipif(os.name == "nt", reason="Windows lets a process have few sockets")
def test_ten_thousand_who_come_and_go_do_not_stop_it(exchange: PracticeExchange) -> None:
    for _ in range(100):
        with ExitStack() as lines:
            for _ in range(100):
                lines.enter_context(socket.create_connection(address(exchange), timeout=60))
    assert exchange.call("GET", "/exchange/status").status == 200


def test_a_method_that_is_none_and_a_path_that_is_none(exchange: PracticeExchange) -> None:
    for method, path in (
        ("BREW", ORDERS),
        ("PATCH", ORDERS),
        ("GET", "/nowhere"),
        ("POST", "/../../etc/passwd"),
    ):
        answer = exchange.call(method, path)
        assert answer.status in (400, 404, 405)
        must_be_an_error(answer.body)


def test_an_unknown_field_is_ignored(exchange: PracticeExchange) -> None:
    ticker = exchange.call("GET", "/markets?status=open&limit=1").json["markets"][0]["ticker"]
    body = {
        "ticker": ticker,
        "side": "bid",
        "count": "1.00",
        "price": "0.0100",
        "time_in_force": "immediate_or_cancel",
        "self_trade_prevention_type": "maker",
        "surprise": {"deep": [1, 2, 3]},
    }
    assert exchange.call("POST", ORDERS, body).status == 201


def test_a_connection_answers_on_after_an_error(exchange: PracticeExchange) -> None:
    host, port = address(exchange)
    connection = http.client.HTTPConnection(host, port, timeout=60)
    for body in (b"{", b"{}", b"null"):
        headers = exchange.headers("POST", PATH) | {"Content-Type": "application/json"}
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        assert answer.status == 400
        must_be_an_error(answer.read())
    connection.close()
