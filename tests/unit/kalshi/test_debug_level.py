"""Whatever part of the process asks for every library's every word: the signature is told to no handler."""

import asyncio
import http.client
import logging
from collections.abc import Iterator

import pytest
import requests

from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Transport
from tests.unit.kalshi.ground import PATIENT, RawServer
from tests.unit.kalshi.stream_ground import Ears, streaming

SIGNATURE = "kalshi-access-signature: "


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What http.client prints. What is logged at DEBUG is in ``caplog``, whose handler redacts nothing."""
    printed: list[str] = []
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    monkeypatch.setattr(
        http.client, "print", lambda *words: printed.append(" ".join(map(str, words))), raising=False
    )
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="pitdesk"):
        yield printed


def signature_of(request: bytes) -> str:
    lines = request.decode().split("\r\n")
    return next(line[len(SIGNATURE) :] for line in lines if line.lower().startswith(SIGNATURE))


def test_a_request_that_fails_tells_no_signature(
    raw_server: RawServer, signer: Signer, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    raw_server.answer = lambda connection: connection.close()

    async def ask() -> None:
        transport = Transport(raw_server.environment, signer, timing=PATIENT)
        await transport.command("POST", "/portfolio/events/orders", None, b"{}")
        await transport.close()

    asyncio.run(ask())
    signature = signature_of(raw_server.requests[0])
    # The measure of it: the same library at the same level, on a connection that is not ours.
    with pytest.raises(requests.ConnectionError):
        requests.get(raw_server.environment.rest_url, headers={"X-Other": "told"}, timeout=60.0)
    assert any("X-Other: told" in line for line in told), "http.client tells what it sends"
    assert "Starting new HTTP connection" in caplog.text, "urllib3 is heard"
    assert signature not in "\n".join([*told, caplog.text])


def test_a_stream_s_handshake_tells_no_signature(
    signer: Signer, told: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def open_and_close() -> str:
        async with streaming(signer) as (exchange, stream):
            connected = Ears(stream.connected)
            stream.start()
            await connected.next()
            request = exchange.sockets[0].request
            assert request is not None
            return request.headers["KALSHI-ACCESS-SIGNATURE"]

    signature = asyncio.run(open_and_close())
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("pitdesk")]
    assert "> KALSHI-ACCESS-SIGNATURE: [removed]" in ours, "the library tells the headers at this level"
    assert not [line for line in ours if signature[:16] in line]
