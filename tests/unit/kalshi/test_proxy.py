"""A proxy comes from the settings alone, carries what it must, and never sees a signature meant for https."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve

from pitdesk.kalshi.environment import practice
from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.stream import door
from pitdesk.kalshi.transport import Timing, Transport
from tests.unit.kalshi.ground import PATIENT, RawServer, http_reply, read_request, reply_with
from tests.unit.kalshi.test_secured import certificate, context_of, no_memory_of_trust, server, trusted

__all__ = ["certificate", "no_memory_of_trust", "server", "trusted"]

ORDERS = "/portfolio/events/orders"


class Proxy:
    """Passes on what CONNECT asks for. ``heads`` is what it could read itself."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.raw = RawServer()
        self.raw.on_accept = self._serve

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.raw.port}"

    def _serve(self, connection: socket.socket) -> None:
        head = read_request(connection)
        if head is None:
            return
        self.heads.append(head)
        target = head.split(b" ")[1].decode()
        if not head.startswith(b"CONNECT"):
            connection.sendall(http_reply("200 OK", b"{}"))
            return
        port = int(target.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as onward:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_copy, args=(onward, connection), daemon=True)
            back.start()
            _copy(connection, onward)
            back.join(60)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(65_536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    made = Proxy()
    yield made
    made.raw.close()


def create(server: RawServer, signer: Signer, proxy: str, timing: Timing = PATIENT) -> Reply | Fault:
    async def run() -> Reply | Fault:
        transport = Transport(server.environment, signer, timing=timing, proxy=proxy)
        try:
            return await transport.command("POST", ORDERS, None, b"{}")
        finally:
            await transport.close()

    return asyncio.run(run())


@pytest.mark.usefixtures("trusted")
def test_a_request_through_the_proxy_is_sealed_from_it(
    server: RawServer, signer: Signer, proxy: Proxy
) -> None:
    said = create(server, signer, proxy.address)
    assert isinstance(said, Reply), said
    assert b"kalshi-access-signature" in server.requests[0].lower()
    (head,) = proxy.heads
    assert head.startswith(b"CONNECT localhost:")
    assert b"kalshi" not in head.lower()


def test_a_proxy_that_reads_along_gets_nothing(
    server: RawServer, signer: Signer, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    """It answers with a certificate of its own, which only the machine's environment vouches for."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(certificate))
    said = create(server, signer, proxy.address)
    assert isinstance(said, Fault)
    assert (said.sent, said.why) == (False, "certificate")
    assert "standing between you and the exchange" in said.sentence
    assert server.requests == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_host_is_told(server: RawServer, signer: Signer) -> None:
    environment = practice(f"https://127.0.0.1:{server.port}/trade-api/v2", "ws://unused")

    async def run() -> Reply | Fault:
        transport = Transport(environment, signer, timing=PATIENT)
        try:
            return await transport.command("POST", ORDERS, None, b"{}")
        finally:
            await transport.close()

    said = asyncio.run(run())
    assert isinstance(said, Fault)
    assert (said.sent, said.why) == (False, "certificate")
    assert "for another host" in said.sentence
    assert server.requests == []


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"HTTP/1.1 502 Bad Gateway\r\n\r\n"]
)
def test_a_proxy_that_refuses(server: RawServer, signer: Signer, proxy: Proxy, answer: bytes) -> None:
    def refuse(connection: socket.socket) -> None:
        read_request(connection)
        reply_with(answer, then_close=True)(connection)

    proxy.raw.on_accept = refuse
    said = create(server, signer, proxy.address)
    assert isinstance(said, Fault)
    assert (said.sent, said.why) == (False, "proxy")
    assert "proxy of the settings" in said.sentence
    assert server.connections == 0


def test_a_proxy_that_says_nothing_sent_nothing(server: RawServer, signer: Signer, proxy: Proxy) -> None:
    proxy.raw.on_accept = lambda connection: threading.Event().wait(3) and None
    said = create(server, signer, proxy.address, Timing(connect=30.0, read=30.0, command=1.0))
    assert isinstance(said, Fault)
    assert not said.sent
    assert server.connections == 0


@pytest.mark.usefixtures("trusted")
def test_the_machine_s_proxies_are_not_asked(
    server: RawServer, signer: Signer, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.address)
    assert isinstance(create(server, signer, ""), Reply)
    assert proxy.heads == []


@pytest.mark.usefixtures("trusted", "no_memory_of_trust")
def test_no_connection_s_keys_are_written_down(
    server: RawServer, certificate: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Even where SSLKEYLOGFILE was set after the start, which took it away."""
    keys = tmp_path / "keys.log"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    monkeypatch.setattr("certifi.where", lambda: str(certificate))
    assert isinstance(create(server, signer, ""), Reply)
    asyncio.run(streamed(certificate, signer, ""))
    assert not keys.exists()


async def streamed(certificate: Path, signer: Signer, proxy: str) -> None:
    async def hold(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with serve(hold, "localhost", 0, ssl=context_of(certificate)) as listening:
        port = listening.sockets[0].getsockname()[1]
        environment = practice("http://unused", f"wss://localhost:{port}/trade-api/ws/v2")
        connection = await door.open_stream(environment, signer, 30.0, proxy)
        await connection.close()


@pytest.mark.usefixtures("no_memory_of_trust")
def test_the_stream_takes_the_same_way(
    certificate: Path,
    signer: Signer,
    proxy: Proxy,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(door.DoorError, match="standing between you and the exchange"):
        asyncio.run(streamed(certificate, signer, proxy.address))
    assert not [record for record in caplog.records if record.name == "asyncio"], "nothing failed unseen"
    door.trusted.cache_clear()
    monkeypatch.setattr("certifi.where", lambda: str(certificate))
    asyncio.run(streamed(certificate, signer, proxy.address))
    assert len(proxy.heads) == 2
    assert all(head.startswith(b"CONNECT localhost:") for head in proxy.heads)
    assert not any(b"kalshi" in head.lower() for head in proxy.heads)
