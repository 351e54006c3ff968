"""The exchange's codes in plain sentences: what is wrong, and what would be accepted (FACTS §2.1, §3).

Also the one place that makes text from outside fit to be shown: plain, on one line, short.
"""

from __future__ import annotations

import unicodedata

_MOST_SHOWN = 200

_SENTENCES = {
    "invalid_price": "This price is not on the market's grid. Choose one of the ladder's prices.",
    "invalid_order": "The exchange does not accept this order as it is.",
    "post_only_cross": (
        "A post only order may not trade at once, and this price would. Move it away from the touch."
    ),
    "insufficient_balance": (
        "There is not enough cash for this order. A smaller size or price would be accepted."
    ),
    "available_balance_too_low": (
        "There is not enough free cash for this order. Cancel another or ask for less."
    ),
    "invalid_order_size": (
        "This number of contracts is not accepted. Use at least 0.01, with two decimals at most."
    ),
    "invalid_parameters": "The exchange could not read a part of this request.",
    "invalid_content_type": "The exchange could not read this request.",
    "bad_request": "The exchange could not read this request.",
    "order_id_and_client_order_id_mismatch": "The order was not changed: its two ids do not belong together.",
    "order_side_mismatch": "The order was not changed: an amend keeps the side of the book.",
    "order_ticker_mismatch": "The order was not changed: an amend keeps the market.",
    "market_inactive": "This market takes no orders now: it is closed or paused.",
    "market_already_closed": "This market is closed.",
    "market_not_found": "The exchange does not know this market.",
    "authentication_error": (
        "The exchange did not accept the signature. Check that key and environment belong together."
    ),
    "unknown_key": "The exchange does not know this API key. Check that key and environment belong together.",
    "header_timestamp_expired": (
        "The computer's clock is off, so the exchange refuses the request. Set the clock."
    ),
    "signature_is_missing_from_headers": "The request was not signed. Sign in with an API key.",
    "not_found": "The exchange has no such working order. It may be filled or canceled already.",
    "deprecated_v1_order_endpoint": "The exchange no longer takes requests of this form. Update Pitdesk.",
    "too_many_requests": "Too many requests for this account's tier. Wait a second, then send again.",
    "trading_is_paused": (
        "Trading is paused. Orders can be canceled, but not placed or changed, until it resumes."
    ),
    "exchange_is_paused": (
        "The exchange is paused. Nothing can be placed, changed or canceled until it resumes."
    ),
    "fill_or_kill_insufficient_resting_volume": (
        "Killed: not all of it could fill at once, so nothing was traded."
    ),
    "expiration_past": "The expiry must lie in the future.",
    "expiration_with_ioc": (
        "An immediate or cancel order has no expiry. Take the expiry away or use good till canceled."
    ),
    "reduce_only": (
        "A reduce only order may not open or add to a position. Use immediate or cancel and a smaller size."
    ),
    "self_cross_attempt": "This order would have traded with one of your own.",
    "exceeded_order_group_risk_limit": (
        "The order group has reached its limit. Reset the group or leave it out."
    ),
    "order_group_not_found": "The exchange does not know this order group.",
    "exceeded_per_market_risk_limit": "The account's limit for this market is reached.",
    "exceeded_sell_position_floor": "This would sell more than is held.",
    "invalid_amend_qty_for_order": "The new size is below what has filled already.",
    "cannot_update_filled_order": "The order has filled completely, so it cannot be changed.",
    "immediate_or_cancelled": "Nothing could be traded at once, so the order was canceled.",
}
_FIELDS = {
    "invalid_price": "price",
    "post_only_cross": "post_only",
    "insufficient_balance": "count",
    "available_balance_too_low": "count",
    "invalid_order_size": "count",
    "exceeded_sell_position_floor": "count",
    "invalid_amend_qty_for_order": "count",
    "expiration_past": "expiration",
    "expiration_with_ioc": "expiration",
    "reduce_only": "reduce_only",
    "exceeded_order_group_risk_limit": "order_group_id",
    "order_group_not_found": "order_group_id",
}
_BY_WORDS = (
    ("post only cross", "post_only_cross"),
    ("expiration timestamp must be in the future", "expiration_past"),
    ("immediate_or_cancel and expiration", "expiration_with_ioc"),
    ("reduce only", "reduce_only"),
    ("reduce_only", "reduce_only"),
)
_GENERAL = {
    401: "The exchange did not accept the API key. Sign in again.",
    403: "This API key may not do that. Check its permissions, its subaccount and its location.",
    404: "The exchange does not know this market or order.",
    429: _SENTENCES["too_many_requests"],
    451: "The exchange does not offer this where the account is.",
}


def refusal_sentence(code: str, words: str, http_status: int) -> str:
    """What the person reads of a refusal. A code that we do not know is told in the exchange's own words."""
    meaning = _meaning(code, words)
    if meaning in _SENTENCES:
        return _SENTENCES[meaning]
    if http_status in _GENERAL:
        return _GENERAL[http_status]
    told = words or code.replace("_", " ")
    return f"The exchange refused: “{told}”." if told else "The exchange refused, without a reason."


def field_of(code: str, words: str) -> str | None:
    """The part of the order draft that a refusal is about, where it is about one."""
    return _FIELDS.get(_meaning(code, words))


def _meaning(code: str, words: str) -> str:
    """Our key for a refusal: its code, or what the words under a general code say."""
    lowered = words.casefold()
    for phrase, meaning in _BY_WORDS:
        if phrase in lowered:
            return meaning
    if code == "authentication_error" and "NOT_FOUND" in words:
        return "unknown_key"
    return code.casefold()


def exchange_words(text: str | bytes) -> str:
    """Text from outside as one plain line of at most 200 characters; control characters become ``□``."""
    if isinstance(text, bytes):
        text = text[: 8 * _MOST_SHOWN].decode("utf-8", "replace")
    line = " ".join(text.split())
    plain = "".join("□" if unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Co") else mark for mark in line)
    return plain if len(plain) <= _MOST_SHOWN else plain[: _MOST_SHOWN - 1] + "…"
