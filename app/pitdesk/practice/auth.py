"""Who is asking: the three KALSHI-ACCESS headers, checked as the exchange checks them (FACTS §2).

Signed is ``timestamp + METHOD + path``: the path as sent from the root on, without the query. RSA keys sign
with PSS, SHA-256 and a salt of 32 bytes; Ed25519 keys sign the same text plainly.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, padding
from cryptography.hazmat.primitives.hashes import SHA256

from pitdesk.practice import refusals
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pitdesk.clock import Clock
    from pitdesk.practice.keys import PublicKey
    from pitdesk.practice.member_keys import KeyRecord

KEY_HEADER = "KALSHI-ACCESS-KEY"
TIMESTAMP_HEADER = "KALSHI-ACCESS-TIMESTAMP"
SIGNATURE_HEADER = "KALSHI-ACCESS-SIGNATURE"
# Measured: ten seconds either way pass, thirty do not (FACTS §2).
CLOCK_WINDOW_MS = 15_000
_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=32)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is."""

    key_id: str
    user_id: str
    key: KeyRecord | None = None

    @property
    def subaccount(self) -> int | None:
        """The one subaccount that the key is restricted to, or None."""
        return self.key.subaccount if self.key is not None else None


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key the exchange knows, and whose it is."""

    public: PublicKey
    user_id: str
    record: KeyRecord | None = None


class Doorkeeper:
    """Checks the signature of every request against the keys it knows, by key id."""

    def __init__(self, keys: Mapping[str, KnownKey], clock: Clock) -> None:
        self._keys = keys
        self._clock = clock

    def admit(self, headers: Mapping[str, str], method: str, path: str) -> Caller:
        """The caller who signed ``method`` and ``path`` just now. Raises a refusal with 401 (FACTS §2.1)."""
        key_id = _header(headers, KEY_HEADER, refusals.KEY_MISSING)
        signature = _header(headers, SIGNATURE_HEADER, refusals.SIGNATURE_MISSING)
        timestamp = _header(headers, TIMESTAMP_HEADER, refusals.TIMESTAMP_MISSING)
        if not self._is_now(timestamp):
            raise ExchangeRefusal(refusals.TIMESTAMP_EXPIRED)
        known = self._keys.get(key_id)
        if known is None:
            raise _failure("NOT_FOUND")
        if not _verifies(known.public, signature, f"{timestamp}{method.upper()}{path}".encode()):
            raise _failure("INCORRECT_API_KEY_SIGNATURE")
        return Caller(key_id, known.user_id, known.record)

    def _is_now(self, timestamp: str) -> bool:
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 15):
            return False
        return abs(int(timestamp) - self._clock.wall_ms()) <= CLOCK_WINDOW_MS


def _header(headers: Mapping[str, str], name: str, missing: refusals.Reason) -> str:
    value = headers.get(name)
    if not value:
        raise ExchangeRefusal(missing)
    return value


def _failure(details: str) -> ExchangeRefusal:
    return ExchangeRefusal(refusals.AUTHENTICATION_ERROR, details)


def _verifies(key: PublicKey, signature: str, text: bytes) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(raw, text)
        else:
            key.verify(raw, text, _PSS, SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True
