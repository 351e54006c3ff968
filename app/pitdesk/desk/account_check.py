"""Whether a key opens an account: asked of the exchange with a signed GET before the key is stored.

The key signs for the environment that was chosen and for no other, whatever goes wrong there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.desk.account_advice import advice_on
from pitdesk.kalshi.account_calls import ApiKeyList, ApiKeyRecord, parse_keys
from pitdesk.kalshi.classify import parse_error
from pitdesk.kalshi.environment import DEMO, LIVE, Environment, is_loopback
from pitdesk.kalshi.reply import Fault, Reply
from pitdesk.kalshi.secret_key import SecretKey
from pitdesk.kalshi.sentences import exchange_words
from pitdesk.kalshi.server_clock import WARN_MS, off_by
from pitdesk.kalshi.signer import Signer
from pitdesk.kalshi.transport import Timing, Transport
from pitdesk.kalshi.wire.base import WireError

if TYPE_CHECKING:
    from pitdesk.clock import Clock

__all__ = ["AccountFacts", "CheckFailed", "CheckTrouble", "check_account"]

_STATUS, _KEYS, _BALANCE = "/exchange/status", "/api_keys", "/portfolio/balance"
_NOT_LISTED = (403, 404)
_LOCKED = b"restricted to a single sub-account"  # FACTS §2


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

    ``scopes`` is empty where the exchange does not tell them. ``subaccount``: the one it is locked to, None
    for all or where it is not told: ``locked`` says so then. ``attested_until_s``: Unix seconds of the
    location attestation's end, None where there is none. ``advice``: sentences for the person, most
    important first.
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
    locked: bool = False


async def check_account(
    environment: Environment,
    key_id: str,
    key: SecretKey,
    *,
    proxy: str = "",
    clock: Clock | None = None,
    timing: Timing | None = None,
    others: tuple[Environment, ...] = (DEMO, LIVE),
) -> AccountFacts | CheckFailed:
    """Ask the exchange at ``environment`` about ``key_id``, signed with ``key``. Nothing is stored.

    Where the key id is not known there, ``others`` are asked whether they know it, without the key.
    Raises :class:`pitdesk.kalshi.signer.SignerError` for a key id that no header can carry.
    """
    signer = Signer(key_id, key, clock, environment=environment)
    transport = Transport(environment, signer, timing=timing or Timing(query=12.0), clock=clock, proxy=proxy)
    try:
        said = await transport.query(_STATUS)  # its answer sets the clock that stamps the next request
        if isinstance(said, Fault) and not said.sent:
            return _of_fault(said, environment)
        said, locked = await transport.query(_KEYS), False
        if isinstance(said, Reply) and said.status in _NOT_LISTED and parse_error(said.body) is not None:
            locked = _LOCKED in said.body
            said = await transport.query(_BALANCE)  # a key that may not list keys may still open the account
            listed = ApiKeyList((), None)
        elif isinstance(said, Reply) and said.status == 200:
            try:
                listed = parse_keys(said)
            except WireError:
                return _not_the_exchange(environment, said)
        if isinstance(said, Fault) or said.status != 200:
            failed = _failed(said, environment, transport)
            return await _placed(failed, environment, key_id, proxy, timing, others)
        return _facts(listed, key_id, said, locked, transport.clock_offset_ms, clock)
    finally:
        await transport.close()


def _facts(
    listed: ApiKeyList, key_id: str, said: Reply, locked: bool, offset_ms: int | None, clock: Clock | None
) -> AccountFacts:
    ours = next((each for each in listed.keys if each.key_id == key_id), None)
    record = ours or ApiKeyRecord(key_id, "", (), None)
    return AccountFacts(
        key_name=exchange_words(record.name),
        scopes=record.scopes,
        may_trade=record.may_trade or not record.scopes,
        may_transfer=record.may_transfer,
        subaccount=record.subaccount,
        attested_until_s=listed.attested_until_s,
        clock_offset_ms=offset_ms,
        round_trip_ms=said.elapsed_ms,
        advice=advice_on(record, listed.attested_until_s, offset_ms, clock, locked=locked),
        locked=locked or record.subaccount is not None,
    )


def _failed(said: Reply | Fault, environment: Environment, transport: Transport) -> CheckFailed:
    if isinstance(said, Fault):
        return _of_fault(said, environment)
    error = parse_error(said.body)
    if error is None:
        return _not_the_exchange(environment, said)
    code, words = error.code or "", exchange_words(f"{error.message or ''} {error.details or ''}")
    if said.status == 401:
        return _of_signature(code, words, environment, transport)
    if said.status == 429 or said.status >= 500:
        return CheckFailed(
            CheckTrouble.NO_ANSWER,
            f"{environment.name} cannot answer now (HTTP {said.status}).",
            "Try again in a minute.",
            words,
        )
    return CheckFailed(
        CheckTrouble.NOT_ALLOWED,
        f"The exchange did not let this key in (HTTP {said.status}).",
        "Try again later. If it stays so, make a new key on the exchange's API page.",
        words,
    )


def _of_signature(code: str, words: str, environment: Environment, transport: Transport) -> CheckFailed:
    if code == "header_timestamp_expired":
        offset = transport.clock_offset_ms or 0
        told = off_by(offset) if abs(offset) > WARN_MS else "The computer's clock is off."
        return CheckFailed(CheckTrouble.CLOCK, told, "Set it to the right time, then check again.", words)
    if "NOT_FOUND" in words:
        return CheckFailed(
            CheckTrouble.UNKNOWN_KEY_ID,
            f"{environment.name} does not know this key ID.",
            "Copy the key ID again, and see whether the key was deleted. A key works only where it was made: "
            "Demo keys on Demo, Live keys on Live.",
            words,
        )
    return CheckFailed(
        CheckTrouble.WRONG_KEY,
        f"{environment.name} knows this key ID, but the private key does not belong to it.",
        "Choose the private key file that was given together with this key ID.",
        words,
    )


def _of_fault(fault: Fault, environment: Environment) -> CheckFailed:
    """Of a fault the exchange said nothing: its detail is the libraries' and is left out."""
    where = environment.shown_host
    here = is_loopback(where.rpartition(":")[0]) or is_loopback(where)
    if fault.why == "certificate":
        away = "Do not trade over this network. Try another, or set the proxy in Settings."
        advice = f"If a practice exchange runs there, write http://{where}." if here else away
        return CheckFailed(CheckTrouble.CERTIFICATE, fault.sentence, advice)
    if fault.why == "proxy":
        return CheckFailed(CheckTrouble.PROXY, fault.sentence, "Correct or clear the proxy in Settings.")
    if not fault.sent:
        advice = "See whether the exchange runs there." if here else "See whether this computer is online."
        return CheckFailed(
            CheckTrouble.NO_NETWORK, f"{where} could not be reached. Nothing was sent.", advice
        )
    return CheckFailed(CheckTrouble.NO_ANSWER, f"{where} did not answer in time.", "Try again in a minute.")


def _not_the_exchange(environment: Environment, said: Reply) -> CheckFailed:
    return CheckFailed(
        CheckTrouble.NOT_THE_EXCHANGE,
        f"{environment.shown_host} does not answer as the exchange does (HTTP {said.status}).",
        "A sign-in page of the network may stand between, or the address is another service's.",
        exchange_words(said.body),
    )


async def _placed(
    failed: CheckFailed,
    environment: Environment,
    key_id: str,
    proxy: str,
    timing: Timing | None,
    others: tuple[Environment, ...],
) -> CheckFailed:
    """The same, or where the key id is at home, if that is another of the exchange's environments."""
    if failed.trouble is not CheckTrouble.UNKNOWN_KEY_ID:
        return failed
    if environment.rest_url not in [each.rest_url for each in others]:
        return failed
    for other in others:
        if other.rest_url != environment.rest_url and await _knows(other, key_id, proxy, timing):
            return CheckFailed(
                CheckTrouble.OTHER_ENVIRONMENT,
                f"This is a {other.name} key, and {environment.name} was chosen.",
                f"Choose {other.name}, or use a key that was made on {environment.name}.",
                failed.detail,
            )
    return failed


async def _knows(environment: Environment, key_id: str, proxy: str, timing: Timing | None) -> bool:
    """Whether the exchange there knows ``key_id``: it tells so of a signature that is nobody's."""
    stranger = Signer(key_id, SecretKey.throwaway(), environment=environment)
    transport = Transport(environment, stranger, timing=timing or Timing(query=6.0), proxy=proxy)
    try:
        await transport.query(_STATUS)
        said = await transport.query(_KEYS)
    finally:
        await transport.close()
    error = parse_error(said.body) if isinstance(said, Reply) and said.status == 401 else None
    return error is not None and "INCORRECT_API_KEY_SIGNATURE" in (error.details or "")
