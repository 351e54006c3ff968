"""What becomes of a request, told by exact bytes on real sockets: sent, whole, in time, or not."""

import asyncio
import gzip
import socket
import struct
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from email.utils import formatdate
from typing import TypeVar

import pytest

from pitdesk.clock import Clock
from pitdesk.kalshi.environment import Environment, practice
from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Timing, Transport
from tests.unit.kalshi.ground import PATIENT, Answer, RawServer, StillClock, http_reply, reply_with

T = TypeVar("T")
QUICK = Timing(connect=3.0, read=0.6, command=3.0, query=3.0)
"""For what only a deadline ends."""
ORDERS = "/portfolio/events/orders"
CREATED = b'{"order_id":"o1","client_order_id":"c1","fill_count":"0.00","remaining_count":"1.00","ts_ms":1}'


def talk(
    environment: Environment,
    act: Callable[[Transport], Awaitable[T]],
    *,
    signer: Signer | None = None,
    timing: Timing = PATIENT,
    clock: Clock | None = None,
) -> T:
    """Run ``act`` with a transport of its own, closed after it."""

    async def run() -> T:
        transport = Transport(environment, signer, timing=timing, clock=clock)
        try:
            return await act(transport)
        finally:
            await transport.close()

    return asyncio.run(run())


async def create(transport: Transport) -> Reply | Fault:
    return await transport.command("POST", ORDERS, None, b'{"ticker":"T"}')


def test_a_whole_answer(raw_server: RawServer, signer: Signer) -> None:
    raw_server.answer = reply_with(http_reply("201 Created", CREATED, "Date: Sat, 21 Nov 2026 00:00:00 GMT"))
    said = talk(raw_server.environment, create, signer=signer)
    assert isinstance(said, Reply)
    assert (said.status, said.body, said.server_ms) == (201, CREATED, 1_795_219_200_000)
    (request,) = raw_server.requests
    head = request.partition(b"\r\n\r\n")[0].decode().lower()
    assert head.startswith("post /trade-api/v2/portfolio/events/orders http/1.1")
    assert "kalshi-access-signature: " in head
    assert "content-type: application/json" in head
    assert request.endswith(b'{"ticker":"T"}')


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def drip(connection: socket.socket) -> None:
    for byte in http_reply("201 Created", CREATED):
        connection.sendall(bytes([byte]))
        time.sleep(0.03)


def drip_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nX: ")
    while True:
        connection.sendall(b"y")
        time.sleep(0.03)


def hang(connection: socket.socket) -> None:
    connection.recv(1)


BOMB = gzip.compress(b"\0" * (64 * 1024 * 1024))
HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
UNCERTAIN = {
    "reset after the request": reset,
    "closed after the request": lambda connection: connection.close(),
    "cut in the status line": reply_with(b"HTTP/1.1 2", then_close=True),
    "cut in the body": reply_with(HEAD + b"Content-Length: 500\r\n\r\n" + CREATED, then_close=True),
    "cut in a chunk": reply_with(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{", then_close=True),
    "not HTTP": reply_with(b"SSH-2.0-OpenSSH_9.2\r\n", then_close=True),
    "silence": hang,
    "a slow drip of body": drip,
    "a slow drip of headers": drip_headers,
    "a gzip bomb": reply_with(
        HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(BOMB)}\r\n\r\n".encode() + BOMB
    ),
    "gzip that is none": reply_with(http_reply("201 Created", CREATED, "Content-Encoding: gzip")),
    "a body too large": reply_with(http_reply("201 Created", b" " * (2 * 1024 * 1024 + 1))),
    "two lengths": reply_with(HEAD + b"Content-Length: 95\r\nContent-Length: 94\r\n\r\n" + CREATED),
    "a length that is none": reply_with(HEAD + b"Content-Length: many\r\n\r\n", then_close=True),
    "too many headers": reply_with(
        b"HTTP/1.1 201 Created\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(200)) + b"\r\n"
    ),
    "a header too long": reply_with(b"HTTP/1.1 201 Created\r\nX: " + b"y" * 200_000 + b"\r\n\r\n"),
}


@pytest.mark.parametrize("answer", UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_after_the_connection_anything_may_have_happened(raw_server: RawServer, answer) -> None:
    raw_server.answer = answer
    timing = QUICK if answer in (hang, drip, drip_headers) else PATIENT
    said = talk(raw_server.environment, create, timing=timing)
    assert isinstance(said, Fault), said
    assert said.sent
    assert said.detail
    assert len(raw_server.requests) == 1


def test_a_reset_before_anything_is_read_is_uncertain_too(raw_server: RawServer) -> None:
    def reset_unread(connection: socket.socket) -> None:
        connection.recv(1, socket.MSG_PEEK)
        reset(connection)

    raw_server.on_accept = reset_unread
    said = talk(raw_server.environment, create)
    assert isinstance(said, Fault)
    assert said.sent


def test_headers_cut_short_leave_no_order_to_read(raw_server: RawServer) -> None:
    raw_server.answer = reply_with(b"HTTP/1.1 201 Created\r\nContent-Le", then_close=True)
    said = talk(raw_server.environment, create)
    assert isinstance(said, Fault)
    assert said.sent


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_a_redirect_is_not_followed(raw_server: RawServer, signer: Signer, status: str) -> None:
    elsewhere = RawServer()
    raw_server.answer = reply_with(
        http_reply(status, b"{}", f"Location: http://127.0.0.1:{elsewhere.port}/trade-api/v2{ORDERS}")
    )
    said = talk(raw_server.environment, create, signer=signer)
    elsewhere.close()
    assert isinstance(said, Reply)
    assert said.status == int(status[:3])
    assert (elsewhere.connections, len(raw_server.requests)) == (0, 1)


def test_a_refused_connection_sent_nothing(closed_port: int) -> None:
    said = talk(practice(f"http://127.0.0.1:{closed_port}/trade-api/v2", "ws://x/y"), create)
    assert isinstance(said, Fault)
    assert not said.sent


def test_a_name_that_does_not_exist_sent_nothing() -> None:
    said = talk(practice("http://no-such-host.invalid/trade-api/v2", "ws://x/y"), create)
    assert isinstance(said, Fault)
    assert not said.sent


def test_a_failed_handshake_sent_nothing(raw_server: RawServer) -> None:
    def answer_in_plain(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.close()

    raw_server.on_accept = answer_in_plain
    said = talk(practice(f"https://127.0.0.1:{raw_server.port}/trade-api/v2", "ws://x/y"), create)
    assert isinstance(said, Fault)
    assert not said.sent


def test_a_handshake_that_hangs_sent_nothing(raw_server: RawServer) -> None:
    raw_server.on_accept = lambda connection: threading.Event().wait(3)
    there = practice(f"https://127.0.0.1:{raw_server.port}/trade-api/v2", "ws://x/y")
    said = talk(there, create, timing=QUICK)
    assert isinstance(said, Fault)
    assert not said.sent


def test_a_wait_for_a_worker_past_the_deadline_sent_nothing(raw_server: RawServer) -> None:
    """Four workers hang on four connections; the fifth command is given up, and never goes out later."""
    raw_server.answer = hang
    clock = SteppedClock()

    async def act(transport: Transport) -> list[Reply | Fault]:
        first = [asyncio.create_task(create(transport)) for _ in range(4)]
        await raw_server.heard(4)
        fifth = asyncio.create_task(transport.command("DELETE", ORDERS))
        await asyncio.sleep(0)
        clock.added += 60  # or a worker that the first four let go of might still find it in time
        said = [await fifth, *await asyncio.gather(*first)]
        await transport.close()
        return said

    said = talk(raw_server.environment, act, timing=Timing(read=30.0, command=3.0), clock=clock)
    assert [isinstance(each, Fault) and each.sent for each in said] == [False, True, True, True, True]
    assert len(raw_server.requests) == 4


def test_the_environment_variables_of_the_machine_do_not_matter(
    raw_server: RawServer, monkeypatch: pytest.MonkeyPatch, tmp_path, signer: Signer, closed_port: int
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{closed_port}")
    said = talk(raw_server.environment, create, signer=signer)
    assert isinstance(said, Reply)
    assert b"authorization" not in raw_server.requests[0].lower()


def test_no_cookie_comes_back(raw_server: RawServer) -> None:
    raw_server.answer = reply_with(http_reply("200 OK", b"{}", "Set-Cookie: track=me"))

    async def act(transport: Transport) -> None:
        await create(transport)
        await create(transport)

    talk(raw_server.environment, act)
    assert b"cookie" not in raw_server.requests[1].lower()


def test_one_connection_serves_one_command_after_another(raw_server: RawServer) -> None:
    async def act(transport: Transport) -> None:
        for _ in range(5):
            assert isinstance(await create(transport), Reply)

    talk(raw_server.environment, act)
    assert (raw_server.connections, len(raw_server.requests)) == (1, 5)


class SteppedClock(Clock):
    """The machine's clock, and as much more as a test adds."""

    def __init__(self) -> None:
        self.added = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.added


def test_a_write_does_not_trust_a_connection_that_was_idle(raw_server: RawServer) -> None:
    clock = SteppedClock()

    async def act(transport: Transport) -> None:
        await create(transport)
        clock.added += 21
        await create(transport)

    talk(raw_server.environment, act, clock=clock)
    assert (raw_server.connections, len(raw_server.requests)) == (2, 2)


def test_warming_makes_connections_that_commands_then_use(raw_server: RawServer) -> None:
    async def act(transport: Transport) -> None:
        await transport.warm()
        warmed = raw_server.connections
        await asyncio.gather(create(transport), transport.command("DELETE", ORDERS))
        assert (warmed, raw_server.connections) == (2, 2)
        await transport.warm()

    talk(raw_server.environment, act, clock=StillClock())
    posts = [request for request in raw_server.requests if not request.startswith(b"GET")]
    assert len(posts) == 2
    assert len(raw_server.requests) == 4


def test_warming_refreshes_what_was_idle(raw_server: RawServer) -> None:
    clock = SteppedClock()

    async def act(transport: Transport) -> None:
        await transport.warm()
        clock.added += 11
        await transport.warm()

    talk(raw_server.environment, act, clock=clock)
    assert (raw_server.connections, len(raw_server.requests)) == (2, 4)


def test_a_read_is_tried_once_more_where_its_connection_broke_at_once(raw_server: RawServer) -> None:
    answers = [reset, reply_with(http_reply("200 OK", b'{"a":1}'))]
    raw_server.answer = lambda connection: answers.pop(0)(connection)  # noqa: PLW0108 (the list is read anew each time)
    ask = lambda transport: transport.query("/exchange/status")  # noqa: E731
    said = talk(raw_server.environment, ask, clock=StillClock())
    assert isinstance(said, Reply)
    assert said.body == b'{"a":1}'


def test_a_large_list_may_be_larger(raw_server: RawServer) -> None:
    raw_server.answer = reply_with(http_reply("200 OK", b"[" + b" " * (3 * 1024 * 1024) + b"]"))

    async def act(transport: Transport) -> tuple[Reply | Fault, Reply | Fault]:
        return await transport.query("/events", large=True), await transport.query("/events")

    large, small = talk(raw_server.environment, act)
    assert isinstance(large, Reply)
    assert isinstance(small, Fault)


def test_a_path_is_signed_as_it_is_sent(raw_server: RawServer, still_clock) -> None:
    import base64

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    signer = Signer("key", key, still_clock)

    async def act(transport: Transport) -> Reply | Fault:
        return await transport.query("/markets/A%2fB%20C/orderbook", {"depth": "5", "x": "a b&c"})

    talk(raw_server.environment, act, signer=signer)
    head = raw_server.requests[0].decode()
    target = head.split(" ")[1]
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    stamp, signature = headers["KALSHI-ACCESS-TIMESTAMP"], headers["KALSHI-ACCESS-SIGNATURE"]
    signed = f"{stamp}GET{target.partition('?')[0]}"
    key.public_key().verify(base64.b64decode(signature), signed.encode())
    assert target.endswith("?depth=5&x=a+b%26c")


def dated(seconds_off: float) -> Answer:
    """Says what time it is there when it answers."""

    def answer(connection: socket.socket) -> None:
        date = formatdate(time.time() + seconds_off, usegmt=True)
        connection.sendall(http_reply("200 OK", b"{}", f"Date: {date}"))

    return answer


@pytest.mark.parametrize("off,word", [(45, "slow"), (-600, "fast")])
def test_no_order_is_sent_while_the_clock_is_off(
    raw_server: RawServer, signer: Signer, off: int, word: str
) -> None:
    raw_server.answer = dated(off)

    async def act(transport: Transport) -> tuple[Reply | Fault, Reply | Fault]:
        await transport.query("/exchange/status")
        assert word in (transport.clock_sentence() or "")
        return await create(transport), await transport.command("DELETE", ORDERS + "/o1")

    placed, canceled = talk(raw_server.environment, act, signer=signer)
    assert isinstance(placed, Fault)
    assert not placed.sent
    assert "clock" in placed.sentence
    assert word in placed.sentence
    assert isinstance(canceled, Reply), "a cancel lowers risk, and is stamped with the exchange's time"
    assert not any(request.startswith(b"POST") for request in raw_server.requests)
    stamp = next(
        int(line.split(b": ")[1])
        for line in raw_server.requests[-1].split(b"\r\n")
        if line.lower().startswith(b"kalshi-access-timestamp")
    )
    assert abs(stamp / 1000 - time.time() - off) < 5


def test_an_answer_that_a_cache_kept_teaches_nothing_of_the_clock(raw_server: RawServer) -> None:
    date = f"Date: {formatdate(time.time() - 45, usegmt=True)}"
    raw_server.answer = reply_with(http_reply("200 OK", b"{}", f"{date}\r\nAge: 45"))

    async def act(transport: Transport) -> int | None:
        await transport.query("/exchange/status")
        return transport.clock_offset_ms

    assert talk(raw_server.environment, act) is None


def test_a_small_difference_is_neither_told_nor_in_the_way(raw_server: RawServer, signer: Signer) -> None:
    raw_server.answer = dated(0.5)

    async def act(transport: Transport) -> Reply | Fault:
        await transport.query("/exchange/status")
        assert transport.clock_sentence() is None
        assert transport.clock_offset_ms is not None
        return await create(transport)

    assert isinstance(talk(raw_server.environment, act, signer=signer), Reply)


def test_closing_cuts_what_is_out_and_sends_no_more(raw_server: RawServer) -> None:
    raw_server.answer = hang

    async def act(transport: Transport) -> tuple[Reply | Fault, Reply | Fault]:
        out = asyncio.create_task(create(transport))
        await raw_server.heard(1)
        await transport.close()
        return await out, await create(transport)

    out, after = talk(raw_server.environment, act)
    assert isinstance(out, Fault)
    assert out.sent
    assert isinstance(after, Fault)
    assert not after.sent
    assert len(raw_server.requests) == 1


def test_a_caller_that_goes_away_does_not_stop_a_command(raw_server: RawServer) -> None:
    async def act(transport: Transport) -> None:
        caller = asyncio.create_task(create(transport))
        await asyncio.sleep(0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        await raw_server.heard(1)

    talk(raw_server.environment, act)
    assert len(raw_server.requests) == 1


def test_a_dead_worker_of_a_server_is_read_as_one_request(raw_server: RawServer) -> None:
    """The server closes a kept connection between two commands: the second goes out on a new one, once."""

    closed = threading.Event()

    def answer_then_close(connection: socket.socket) -> None:
        connection.sendall(http_reply("200 OK", b"{}"))
        connection.close()
        closed.set()

    raw_server.answer = answer_then_close

    async def act(transport: Transport) -> None:
        await create(transport)
        await asyncio.to_thread(closed.wait)
        assert isinstance(await create(transport), Reply)

    talk(raw_server.environment, act)
    assert len(raw_server.requests) == 2


def test_it_works_on_the_windows_own_loop(raw_server: RawServer, run_async) -> None:
    async def run() -> tuple[Reply | Fault, Reply | Fault]:
        transport = Transport(raw_server.environment, None, timing=replace(PATIENT, command=3.0))
        first = await create(transport)
        raw_server.answer = hang
        second = await create(transport)
        await transport.close()
        return first, second

    first, second = run_async(run())
    assert isinstance(first, Reply)
    assert isinstance(second, Fault)
    assert second.sent
