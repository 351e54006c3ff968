"""A request is made ready while the intent behind it is written down; none of it leaves before it may."""

import asyncio
import re
import socket
import threading
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Timing, Transport
from tests.unit.kalshi.ground import RawServer, StillClock, http_reply
from tests.unit.kalshi.test_transport import CREATED, ORDERS, create, talk

BODY = b'{"ticker":"T"}'
NOT_LONG_S, LONG_S = 0.05, 60.0


class ByteServer(RawServer):
    """Notes every byte the moment it comes, and answers what ends like the order."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = b""
        self.accepted, self.came = threading.Event(), threading.Event()
        self.on_accept = self._listen

    def _listen(self, connection: socket.socket) -> None:
        self.accepted.set()
        while data := connection.recv(65_536):
            self.bytes += data
            self.came.set()
            if self.bytes.endswith(BODY):
                self.bytes = self.bytes[: -len(BODY)] + b"|"
                connection.sendall(http_reply("201 Created", CREATED))


@pytest.fixture
def server():
    """It notes every byte."""
    server = ByteServer()
    yield server
    server.close()


def signer_by(clock: StillClock) -> Signer:
    return Signer("a-key-id", Ed25519PrivateKey.generate(), clock)


async def held(transport: Transport, before: Callable[[], str]) -> Reply | Fault:
    return await transport.command("POST", ORDERS, None, BODY, before=before)


@pytest.mark.parametrize("warm", [False, True])
def test_not_a_byte_leaves_before_it_may(server: ByteServer, signer: Signer, warm: bool) -> None:
    seen: list[tuple[int, bool]] = []

    def before() -> str:
        assert server.accepted.wait(LONG_S)
        seen.append((server.connections, server.came.wait(NOT_LONG_S)))
        return ""

    async def act(transport: Transport) -> Reply | Fault:
        if warm:
            assert isinstance(await held(transport, lambda: ""), Reply)
            server.came.clear()
        return await held(transport, before)

    said = talk(server.environment, act, signer=signer)
    assert isinstance(said, Reply)
    assert said.status == 201
    assert seen == [(1, False)], "asked once, with its connection standing and nothing sent on it"
    assert server.bytes.count(b"|") == (2 if warm else 1)


def test_what_may_not_leave_is_never_sent_and_says_why(server: ByteServer, signer: Signer) -> None:
    async def act(transport: Transport) -> tuple[Reply | Fault, Reply | Fault]:
        held_back = await held(transport, lambda: "The disk is full.")
        assert not server.came.wait(NOT_LONG_S)
        return held_back, await create(transport)

    held_back, next_one = talk(server.environment, act, signer=signer)
    assert held_back == Fault(sent=False, detail="The disk is full.", sentence="The disk is full.")
    assert isinstance(next_one, Reply)
    assert server.bytes.count(b"|") == 1


def test_a_request_given_up_while_it_is_held_back_does_not_leave_later(server: ByteServer) -> None:
    may, asked = threading.Event(), threading.Event()

    def before() -> str:
        asked.set()
        may.wait(LONG_S)
        return ""

    async def act(transport: Transport) -> Reply | Fault:
        said = await held(transport, before)
        may.set()
        assert isinstance(await create(transport), Reply), "the next has a connection of its own"
        return said

    said = talk(server.environment, act, timing=Timing(command=3.0, read=5.0))
    assert asked.is_set()
    assert isinstance(said, Fault)
    assert not said.sent
    assert server.bytes.count(b"|") == 1


@pytest.mark.parametrize("seconds, signed_again", [(0.5, False), (3.0, True)])
def test_a_signature_does_not_grow_old_while_it_waits(
    server: ByteServer, still_clock: StillClock, seconds: float, signed_again: bool
) -> None:
    waits = [seconds, 0.0]

    def before() -> str:
        still_clock.wall += round(waits.pop(0) * 1000)
        return ""

    async def act(transport: Transport) -> Reply | Fault:
        return await held(transport, before)

    said = talk(server.environment, act, signer=signer_by(still_clock), clock=still_clock)
    assert isinstance(said, Reply)
    (sent,) = re.findall(rb"KALSHI-ACCESS-TIMESTAMP: (\d+)", server.bytes)
    assert int(sent) == still_clock.wall - (0 if signed_again else round(seconds * 1000))
    assert server.bytes.count(b"|") == 1


def test_an_order_that_waits_is_cut_off_from_nothing_else(server: ByteServer) -> None:
    """While one waits for the disk, another command goes out."""
    may = threading.Event()

    def before() -> str:
        return "" if may.wait(LONG_S) else "It never came."

    async def act(transport: Transport) -> tuple[Reply | Fault, Reply | Fault]:
        waiting = asyncio.ensure_future(held(transport, before))
        other = await create(transport)
        may.set()
        return other, await waiting

    assert all(isinstance(said, Reply) for said in talk(server.environment, act))
