"""Which scope each call needs, and which calls a key restricted to one subaccount cannot make (FACTS §2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.practice import refusals
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from pitdesk.practice.auth import Caller

RESTRICTED = "this API key is restricted to a single sub-account and cannot access this endpoint"
_TRADE = ("/portfolio/events/orders", "/portfolio/orders", "/portfolio/order_groups")
_TRANSFER = ("/portfolio/subaccounts/transfer", "/portfolio/intra_exchange_instance_transfer")
_CLOSED_TO_RESTRICTED = {
    ("POST", "/portfolio/subaccounts"),
    ("POST", "/portfolio/subaccounts/transfer"),
    ("GET", "/portfolio/subaccounts/transfers"),
    ("PUT", "/portfolio/subaccounts/netting"),
    ("GET", "/portfolio/subaccounts/netting"),
    ("POST", "/api_keys"),
    ("POST", "/api_keys/generate"),
    ("GET", "/api_keys"),
}


def needed_scope(method: str, path: str) -> str:
    """The scope that a private call needs; ``path`` is below the base path."""
    if method == "GET":
        return "read::portfolio_balance" if path == "/portfolio/balance" else "read"
    if path.startswith(_TRADE):
        return "write::trade"
    return "write::transfer" if path in _TRANSFER else "write"


def check_scope(caller: Caller, method: str, path: str) -> None:
    """Raise a refusal with 403 unless the caller's key may make the call."""
    key = caller.key
    if key is None:
        return
    scope = needed_scope(method, path)
    if not key.allows(scope):
        raise ExchangeRefusal(refusals.FORBIDDEN, f"the API key lacks the scope {scope}")
    if key.subaccount is None:
        return
    is_key_call = method == "DELETE" and path.startswith("/api_keys/")
    if is_key_call or (method, path) in _CLOSED_TO_RESTRICTED:
        raise ExchangeRefusal(refusals.FORBIDDEN, RESTRICTED)


def subaccount_for(caller: Caller, named: int | None) -> int | None:
    """The subaccount that a call is about: the named one, and for a restricted key its own.

    A restricted key that names another one is refused with 403.
    """
    own = caller.subaccount
    if own is None:
        return named
    if named not in (None, own):
        raise ExchangeRefusal(refusals.FORBIDDEN, RESTRICTED)
    return own
