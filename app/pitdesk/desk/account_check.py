"""Whether a key opens an account: asked of the exchange with a signed GET before the key is stored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.kalshi.environment import Environment
    from pitdesk.kalshi.secret_key import SecretKey


class CheckTrouble(Enum):
    """Why the check failed."""

    UNKNOWN_KEY_ID = "unknown key id"
    OTHER_ENVIRONMENT = "other environment"  # the key id is known, but to Demo instead of Live or the reverse
    WRONG_KEY = "wrong key"  # the key id is known, the private key does not belong to it
    CLOCK = "clock"
    NO_NETWORK = "no network"
    CERTIFICATE = "certificate"
    PROXY = "proxy"
    NO_ANSWER = "no answer"
    NOT_ALLOWED = "not allowed"
    NOT_THE_EXCHANGE = "not the exchange"


@dataclass(frozen=True, slots=True)
class CheckFailed:
    """``sentence``: what is wrong; ``advice``: what to do; ``detail``: the exchange's own words, plain."""

    trouble: CheckTrouble
    sentence: str
    advice: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the exchange says of the key.

    ``scopes`` is empty where the exchange does not list the key (an account without ``GET /api_keys``).
    ``subaccount``: the one it is locked to, None for all. ``attested_until_s``: Unix seconds of the location
    attestation's end, None where there is none. ``advice``: sentences for the person, most important first.
    """

    key_name: str
    scopes: tuple[str, ...]
    may_trade: bool
    may_transfer: bool
    subaccount: int | None
    attested_until_s: int | None
    clock_offset_ms: int | None
    round_trip_ms: float
    advice: tuple[str, ...]


async def check_account(
    environment: Environment, key_id: str, key: SecretKey, *, proxy: str = "", clock: Clock | None = None
) -> AccountFacts | CheckFailed:
    """Ask the exchange at ``environment`` about ``key_id``, signed with ``key``. Nothing is stored.

    Where the key id is not known there, the other of Demo and Live is asked whether it knows it, with a
    signature by nobody: the key never signs for an environment that was not chosen.
    """
    raise NotImplementedError
