"""An own pair of eyes on the practice exchange: signed GETs that share no code with the client.

The tour and the benches confirm with it what the window claims.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

_SECONDS = 5
_REFILL_S = 0.2


@dataclass(frozen=True, slots=True)
class Probe:
    """Looks at the exchange at ``rest_url`` with the key of ``key_id``."""

    rest_url: str
    key_id: str
    key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey

    @classmethod
    def with_key_file(cls, rest_url: str, key_id: str, key_file: Path) -> Probe:
        """A probe that signs with the key in ``key_file``."""
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey):
            raise TypeError(f"{type(key).__name__} is no key of this exchange")
        return cls(rest_url, key_id, key)

    def headers(self, method: str, path: str) -> dict[str, str]:
        """The three headers that sign ``method`` and ``path`` now."""
        stamp = str(time.time_ns() // 1_000_000)
        message = f"{stamp}{method}{path}".encode()
        if isinstance(self.key, rsa.RSAPrivateKey):
            pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
            signature = self.key.sign(message, pss, hashes.SHA256())
        else:
            signature = self.key.sign(message)
        return {
            "KALSHI-ACCESS-KEY": self.key_id,
            "KALSHI-ACCESS-TIMESTAMP": stamp,
            "KALSHI-ACCESS-SIGNATURE": base64.b64encode(signature).decode(),
        }

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """The JSON answer to a signed GET of ``path``; raises on any other status.

        Waits where the window has just spent the same bucket: they share one account.
        """
        url = f"{self.rest_url}{path}"
        deadline = time.monotonic() + _SECONDS
        while True:
            headers = self.headers("GET", urlsplit(url).path)
            answer = requests.get(url, params=query, headers=headers, timeout=_SECONDS)
            if answer.status_code != requests.codes.too_many_requests or time.monotonic() > deadline:
                break
            time.sleep(_REFILL_S)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body

    def orders(self, status: str | None = None) -> list[dict[str, Any]]:
        """The account's orders, of one status or of all."""
        query: dict[str, str | int] = {"limit": 1000}
        if status is not None:
            query["status"] = status
        return list(self.get("/portfolio/orders", **query)["orders"])

    def order(self, order_id: str) -> dict[str, Any]:
        """One order."""
        return dict(self.get(f"/portfolio/orders/{order_id}")["order"])

    def fills(self) -> list[dict[str, Any]]:
        """The account's fills, newest first."""
        return list(self.get("/portfolio/fills", limit=1000)["fills"])

    def position(self, ticker: str) -> str:
        """Contracts held in one market as the exchange writes them, ``"0.00"`` when none."""
        for held in self.get("/portfolio/positions", ticker=ticker)["market_positions"]:
            if held["ticker"] == ticker:
                return str(held["position_fp"])
        return "0.00"
