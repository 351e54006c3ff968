"""A load of signed creates over raw connections, light enough to leave the server the time it needs."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_BASE = "/trade-api/v2"


@dataclass(frozen=True)
class Target:
    """A server, and the key that it knows; a server that checks no key is given one all the same."""

    rest_url: str
    key_id: str
    key: ed25519.Ed25519PrivateKey

    @classmethod
    def of(cls, rest_url: str, key_id: str, key_file: Path) -> Target:
        """With the key in ``key_file``."""
        key = load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(key, ed25519.Ed25519PrivateKey)
        return cls(rest_url, key_id, key)

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """The bytes of one signed request; ``path`` is below the base path."""
        stamp = str(time.time_ns() // 1_000_000)
        bare = path.partition("?")[0]
        signature = base64.b64encode(self.key.sign(f"{stamp}{method}{_BASE}{bare}".encode())).decode()
        head = (
            f"{method} {_BASE}{path} HTTP/1.1\r\nHost: {urlsplit(self.rest_url).netloc}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"KALSHI-ACCESS-KEY: {self.key_id}\r\nKALSHI-ACCESS-TIMESTAMP: {stamp}\r\n"
            f"KALSHI-ACCESS-SIGNATURE: {signature}\r\n\r\n"
        )
        return head.encode() + body

    async def connect(self) -> Line:
        """One connection."""
        parts = urlsplit(self.rest_url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=16 * 1024 * 1024)
        return Line(reader, writer)


@dataclass(frozen=True)
class Line:
    """One open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send and read one answer: its status and body."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        start = head.lower().index(b"content-length:") + 15
        length = int(head[start : head.index(b"\r\n", start)])
        return status, await self.reader.readexactly(length)


_NUMBERS = itertools.count(1)


def new_order(ticker: str, price: str = "0.0100") -> dict[str, str]:
    """A create request that rests."""
    return {
        "ticker": ticker,
        "client_order_id": f"bench-{next(_NUMBERS)}",
        "side": "bid",
        "count": "1.00",
        "price": price,
        "time_in_force": "good_till_canceled",
        "self_trade_prevention_type": "taker_at_cross",
    }


async def creates_a_second(target: Target, tickers: list[str], lines: int, seconds: float) -> float:
    """How many creates a second are answered with 201 over ``lines`` connections. Raises on any other."""
    markets = itertools.cycle(tickers)
    done = 0
    opened = [await target.connect() for _ in range(lines)]
    until = time.perf_counter() + seconds

    async def run(line: Line) -> None:
        nonlocal done
        while time.perf_counter() < until:
            body = json.dumps(new_order(next(markets))).encode()
            status, said = await line.ask(target.request("POST", "/portfolio/events/orders", body))
            if status != 201:
                raise RuntimeError(f"{status}: {said[:200]!r}")
            done += 1

    start = time.perf_counter()
    await asyncio.gather(*map(run, opened))
    elapsed = time.perf_counter() - start
    for line in opened:
        line.writer.close()
    return done / elapsed
