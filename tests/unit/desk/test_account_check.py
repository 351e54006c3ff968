"""Each way in which a key does not open an account has its own sentence; what it may do is told."""

import asyncio
import base64
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pitdesk.desk.account_check import AccountFacts, CheckFailed, CheckTrouble, check_account
from pitdesk.kalshi.account_calls import TRADING_SCOPES, AccountCalls, NewApiKey
from pitdesk.kalshi.environment import Environment
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.kalshi.pacing import Pacer
from pitdesk.kalshi.secret_key import SecretKey
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Timing, Transport
from tests.unit.kalshi.ground import PATIENT, RawServer, http_reply, reply_with

KEY_ID = "0b5b7a3e-8a9e-4a57-9a3e-2f0a52a4d1c1"
QUICK = Timing(connect=3.0, read=0.5, command=3.0, query=3.0)
"""For what only a deadline ends."""


@dataclass
class Exchange:
    """An exchange with keys: it checks signatures as the real one does (FACTS §2.1)."""

    name: str
    keys: dict[str, Ed25519PublicKey] = field(default_factory=dict)
    listing: dict[str, Any] = field(default_factory=dict)
    balance: tuple[str, dict[str, Any]] = ("200 OK", {"balance": 1})
    clock_off_s: float = 0.0
    window_ms: int = 15_000
    deleted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = RawServer()
        self.server.answer = self._answer

    @property
    def environment(self) -> Environment:
        return replace(self.server.environment, name=self.name)

    def _answer(self, connection: socket.socket) -> None:
        head = self.server.asked.partition(b"\r\n\r\n")[0].decode()
        method, target, _ = head.split("\r\n")[0].split(" ")
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        path = target.partition("?")[0]
        status, body = self._said(method, path, headers)
        date = formatdate(time.time() + self.clock_off_s, usegmt=True)
        connection.sendall(http_reply(status, json.dumps(body).encode(), f"Date: {date}"))

    def _said(self, method: str, path: str, headers: dict[str, str]) -> tuple[str, Any]:
        if path.endswith("/exchange/status"):
            return "200 OK", {"exchange_active": True, "trading_active": True}
        stamp = headers["KALSHI-ACCESS-TIMESTAMP"]
        if abs(int(stamp) / 1000 - time.time() - self.clock_off_s) * 1000 > self.window_ms:
            return "401 Unauthorized", {
                "error": {"code": "header_timestamp_expired", "message": "header timestamp expired"}
            }
        public = self.keys.get(headers["KALSHI-ACCESS-KEY"])
        if public is None:
            return self._unauthorized("NOT_FOUND")
        try:
            signature = base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"])
            public.verify(signature, f"{stamp}{method}{path}".encode())
        except InvalidSignature:
            return self._unauthorized("INCORRECT_API_KEY_SIGNATURE")
        return self._served(method, path)

    def _served(self, method: str, path: str) -> tuple[str, Any]:
        if path.endswith("/api_keys"):
            return (
                ("200 OK", self.listing)
                if self.listing
                else ("404 Not Found", {"error": {"code": "not_found"}})
            )
        if path.endswith("/api_keys/generate"):
            from cryptography.hazmat.primitives import serialization

            pem = Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            return "201 Created", {"api_key_id": "new-id", "private_key": pem.decode(), "key_type": "ed25519"}
        if method == "DELETE":
            self.deleted.append(path.rpartition("/")[2])
            return "204 No Content", {}
        return self.balance

    @staticmethod
    def _unauthorized(details: str) -> tuple[str, Any]:
        code = "authentication_error"
        return "401 Unauthorized", {"error": {"code": code, "message": code, "details": details}}


@pytest.fixture
def make() -> Iterator[Callable[..., Exchange]]:
    made: list[Exchange] = []

    def new(name: str, **settings: Any) -> Exchange:
        made.append(Exchange(name, **settings))
        return made[-1]

    yield new
    for exchange in made:
        exchange.server.close()


@pytest.fixture(scope="module")
def private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def listing(*scopes: str, subaccount: int | None = None, until_s: int | None = None) -> dict[str, Any]:
    key = {"api_key_id": KEY_ID, "name": "desk", "scopes": list(scopes), "subaccount": subaccount}
    return {"api_keys": [key], "api_key_region_expiration_ts": until_s}


def check(
    private_key: Ed25519PrivateKey,
    exchange: Exchange | Environment,
    *others: Exchange,
    proxy: str = "",
    timing: Timing = PATIENT,
) -> AccountFacts | CheckFailed:
    environment = exchange.environment if isinstance(exchange, Exchange) else exchange
    known = (environment, *(other.environment for other in others))
    return asyncio.run(
        check_account(environment, KEY_ID, SecretKey(private_key), proxy=proxy, timing=timing, others=known)
    )


def test_a_good_key_says_what_it_may(make: Any, private_key: Ed25519PrivateKey) -> None:
    exchange = make("Live", keys={KEY_ID: private_key.public_key()}, listing=listing("read", "write::trade"))
    said = check(private_key, exchange)
    assert isinstance(said, AccountFacts)
    assert (said.key_name, said.scopes) == ("desk", ("read", "write::trade"))
    assert (said.may_trade, said.may_transfer, said.subaccount, said.advice) == (True, False, None, ())


@pytest.mark.parametrize(
    "scopes,subaccount,until_in_s,says",
    [
        (("read", "write"), None, None, "move money"),
        (("read", "write::trade", "write::transfer"), None, None, "move money"),
        (("read",), None, None, "may only read"),
        (("write::trade",), None, None, "stay empty"),
        (("read", "write::trade"), 7, None, "subaccount 7"),
        (("read", "write::trade"), None, -5, "ended on"),
        (("read", "write::trade"), None, 3 * 86_400, "ends on"),
        ((), None, None, "did not say"),
    ],
)
def test_what_is_to_be_known_of_a_key_is_said(
    make: Any, private_key: Ed25519PrivateKey, scopes: Any, subaccount: Any, until_in_s: Any, says: str
) -> None:
    until = None if until_in_s is None else int(time.time()) + until_in_s
    listed = listing(*scopes, subaccount=subaccount, until_s=until)
    said = check(private_key, make("Live", keys={KEY_ID: private_key.public_key()}, listing=listed))
    assert isinstance(said, AccountFacts)
    assert any(says in sentence for sentence in said.advice), said.advice


def test_an_exchange_that_lists_no_keys_still_lets_one_in(make: Any, private_key: Ed25519PrivateKey) -> None:
    said = check(private_key, make("Demo", keys={KEY_ID: private_key.public_key()}))
    assert isinstance(said, AccountFacts)
    assert said.scopes == ()


def test_a_key_that_may_not_read_the_balance_is_known_by_the_list(
    make: Any, private_key: Ed25519PrivateKey
) -> None:
    refusal = ("403 Forbidden", {"error": {"code": "forbidden", "message": "missing scope"}})
    keys = {KEY_ID: private_key.public_key()}
    said = check(private_key, make("Demo", keys=keys, balance=refusal, listing=listing("write::trade")))
    assert isinstance(said, AccountFacts)
    said = check(private_key, make("Demo", keys=keys, balance=refusal))
    assert isinstance(said, CheckFailed)
    assert said.trouble is CheckTrouble.NOT_ALLOWED
    assert "missing scope" in said.detail


def failed(said: AccountFacts | CheckFailed, trouble: CheckTrouble) -> CheckFailed:
    assert isinstance(said, CheckFailed), said
    assert said.trouble is trouble, said
    assert said.sentence.endswith(".")
    assert said.advice.endswith(".")
    return said


def test_an_unknown_key_id(make: Any, private_key: Ed25519PrivateKey) -> None:
    said = check(private_key, make("Live"), make("Demo"))
    assert "does not know this key ID" in failed(said, CheckTrouble.UNKNOWN_KEY_ID).sentence


def test_a_demo_key_on_live_is_named_and_the_key_never_signs_for_demo(
    make: Any, private_key: Ed25519PrivateKey
) -> None:
    live, demo = make("Live"), make("Demo", keys={KEY_ID: private_key.public_key()})
    said = failed(check(private_key, live, demo), CheckTrouble.OTHER_ENVIRONMENT)
    assert said.sentence == "This is a Demo key, and Live was chosen."
    signed = [request for request in demo.server.requests if b"/api_keys" in request]
    assert len(signed) == 1
    head = signed[0].decode()
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    message = f"{headers['KALSHI-ACCESS-TIMESTAMP']}GET/trade-api/v2/api_keys".encode()
    with pytest.raises(InvalidSignature):
        private_key.public_key().verify(base64.b64decode(headers["KALSHI-ACCESS-SIGNATURE"]), message)


def test_a_private_key_of_another_key_id(make: Any, private_key: Ed25519PrivateKey) -> None:
    exchange = make("Live", keys={KEY_ID: Ed25519PrivateKey.generate().public_key()})
    assert "does not belong" in failed(check(private_key, exchange), CheckTrouble.WRONG_KEY).sentence


def test_a_clock_that_is_off_is_corrected_and_told(make: Any, private_key: Ed25519PrivateKey) -> None:
    keys = {KEY_ID: private_key.public_key()}
    said = check(private_key, make("Live", keys=keys, listing=listing(*TRADING_SCOPES), clock_off_s=300))
    assert isinstance(said, AccountFacts), "stamped with the exchange's own time"
    assert "clock" in said.advice[0]


def test_an_exchange_that_finds_the_time_wrong_all_the_same(
    make: Any, private_key: Ed25519PrivateKey
) -> None:
    exchange = make("Live", keys={KEY_ID: private_key.public_key()}, window_ms=-1)
    assert "clock" in failed(check(private_key, exchange), CheckTrouble.CLOCK).sentence


def at(address: str) -> Environment:
    return Environment("Live", f"{address}/trade-api/v2", "wss://unused.invalid/x", is_real=True)


@pytest.mark.parametrize(
    "address",
    ["http://no-such-host.invalid", "http://127.0.0.1:{closed_port}", "https://[::1]:1"],
    ids=["no such host", "closed port", "nobody at ::1"],
)
def test_nobody_there(private_key: Ed25519PrivateKey, address: str, closed_port: int) -> None:
    there = at(address.format(closed_port=closed_port))
    said = failed(check(private_key, there), CheckTrouble.NO_NETWORK)
    assert "could not be reached" in said.sentence
    assert said.detail == "", "the exchange said nothing"


def test_a_server_without_tls(make: Any, private_key: Ed25519PrivateKey) -> None:
    server = make("Live").server

    def plain(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.close()

    server.on_accept = plain
    said = failed(check(private_key, at(f"https://127.0.0.1:{server.port}")), CheckTrouble.CERTIFICATE)
    assert server.requests == []
    assert said.detail == "", "the exchange said nothing"
    assert said.advice == f"If a practice exchange runs there, write http://127.0.0.1:{server.port}."


def test_a_proxy_that_is_not_there(make: Any, private_key: Ed25519PrivateKey, closed_port: int) -> None:
    exchange = make("Live", keys={KEY_ID: private_key.public_key()})
    said = check(private_key, exchange, proxy=f"http://127.0.0.1:{closed_port}")
    failed(said, CheckTrouble.PROXY)
    assert exchange.server.connections == 0


@pytest.mark.parametrize(
    "page",
    [
        http_reply("200 OK", b"<html>Please sign in to the hotel's network</html>"),
        http_reply("302 Found", b"", "Location: http://hotel.example/"),
        http_reply("404 Not Found", b"<html>no such page</html>"),
    ],
)
def test_a_page_that_is_not_the_exchange(make: Any, private_key: Ed25519PrivateKey, page: bytes) -> None:
    exchange = make("Live")
    exchange.server.answer = reply_with(page)
    failed(check(private_key, exchange), CheckTrouble.NOT_THE_EXCHANGE)


@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
def test_an_exchange_that_is_busy(make: Any, private_key: Ed25519PrivateKey, status: str) -> None:
    exchange = make("Live", keys={KEY_ID: private_key.public_key()}, balance=(status, {"error": "busy"}))
    failed(check(private_key, exchange), CheckTrouble.NO_ANSWER)


def test_silence(make: Any, private_key: Ed25519PrivateKey) -> None:
    exchange = make("Live")
    exchange.server.answer = lambda connection: None
    failed(check(private_key, exchange, timing=QUICK), CheckTrouble.NO_ANSWER)


def test_a_new_key_is_made_and_the_old_one_revoked(make: Any, private_key: Ed25519PrivateKey) -> None:
    exchange = make("Live", keys={KEY_ID: private_key.public_key()})

    async def run() -> None:
        environment = exchange.environment
        transport = Transport(
            environment, Signer(KEY_ID, private_key, environment=environment), timing=PATIENT
        )
        calls = AccountCalls(transport, Pacer())
        made = await calls.generate_api_key("Pitdesk", 3)
        assert isinstance(made, Accepted)
        assert isinstance(made.value, NewApiKey)
        assert made.value.key.kind == "Ed25519"
        assert isinstance(await calls.delete_api_key(KEY_ID), Accepted)
        await transport.close()

    asyncio.run(run())
    asked = json.loads(exchange.server.requests[0].partition(b"\r\n\r\n")[2])
    assert asked == {
        "name": "Pitdesk", "key_type": "ed25519", "scopes": ["read", "write::trade"], "subaccount": 3
    }  # fmt: skip
    assert exchange.deleted == [KEY_ID]
