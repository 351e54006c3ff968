"""What a person should know of a key: what it may do that it need not, what it cannot, and until when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pitdesk.clock import Clock
from pitdesk.kalshi.server_clock import WARN_MS, off_by

if TYPE_CHECKING:
    from pitdesk.kalshi.account_calls import ApiKeyRecord

_SOON_S = 14 * 24 * 3600


def advice_on(
    key: ApiKeyRecord,
    attested_until_s: int | None,
    clock_offset_ms: int | None,
    clock: Clock | None = None,
    *,
    locked: bool = False,
) -> tuple[str, ...]:
    """Sentences, most important first; none where all is as it should be. ``locked``: to a subaccount that
    the exchange does not name.

    Scopes and the location attestation are told in FACTS §2.
    """
    now_s = (clock or Clock()).wall_ms() // 1000
    said = (
        _on_clock(clock_offset_ms),
        _on_trading(key),
        _on_money(key),
        _on_attestation(attested_until_s, now_s),
        _on_subaccount(key, locked=locked),
    )
    return tuple(filter(None, said))


def _on_clock(offset_ms: int | None) -> str:
    if offset_ms is None or abs(offset_ms) <= WARN_MS:
        return ""
    return f"{off_by(offset_ms)} Set it: above 10 s no order is sent."


def _on_trading(key: ApiKeyRecord) -> str:
    if not key.scopes:
        return "The exchange did not say what this key may do. The first order will show it."
    if not key.may_trade:
        return "This key may only read: it shows the account and cannot place or cancel orders."
    if "read" not in key.scopes:
        return "This key may trade but not read the whole account: parts of the window will stay empty."
    return ""


def _on_money(key: ApiKeyRecord) -> str:
    if not key.may_transfer:
        return ""
    return (
        "This key may also move money, which Pitdesk never does. Safer is a key with the permissions "
        "read and write::trade alone: if it is ever stolen, no money can be moved with it."
    )


def _on_attestation(until_s: int | None, now_s: int) -> str:
    if until_s is None:
        return ""
    day = told_day(until_s)
    what = "sports, elections and entertainment cannot be traded"
    if until_s <= now_s:
        return f"The confirmation of your location ended on {day}: {what} until you renew it."
    if until_s - now_s < _SOON_S:
        return f"The confirmation of your location ends on {day}. After that {what} until you renew it."
    return ""


def told_day(seconds: int) -> str:
    """``3 November 2026 UTC``; what lies outside the calendar is told as a number."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return str(seconds)
    return f"{moment.day} {moment:%B %Y} UTC"


def _on_subaccount(key: ApiKeyRecord, *, locked: bool) -> str:
    if locked and key.subaccount is None:
        return (
            "This key is locked to one subaccount, and may not list keys: that one is shown and traded alone."
        )
    if key.subaccount is None:
        return ""
    return f"This key is locked to subaccount {key.subaccount}: only that one is shown and traded."
