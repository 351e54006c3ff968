"""What was typed into the ticket, and the one draft that it means.

Pure: no widget is asked here. :func:`read` turns an :class:`Entry` into a draft or into plain sentences, each
at the field that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from pitdesk.cost import contracts_for
from pitdesk.desk.exchange_hours import eastern_offset
from pitdesk.fees import STANDARD_FEES
from pitdesk.orders import OrderDraft, SelfTradePrevention, TimeInForce, Verb
from pitdesk.quantities import Count, Price, QuantityError
from pitdesk.typed_text import parse_count, parse_dollars, parse_price

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.markets import FeeSchedule, Market

Value = TypeVar("Value")

_HOUR_S = 3_600


class Expiry(Enum):
    """When a resting order ends by itself. The value is what is shown."""

    AT_CLOSE = "At market close"
    IN_ONE_HOUR = "In 1 hour"
    END_OF_DAY = "End of day"
    AT = "Date and time…"
    NEVER = "Never"


# By the words of the settings.
USUAL_EXPIRIES = {
    "close": Expiry.AT_CLOSE,
    "hour": Expiry.IN_ONE_HOUR,
    "day": Expiry.END_OF_DAY,
    "never": Expiry.NEVER,
}


class Field(Enum):
    """The fields of the ticket, by the draft's own names."""

    COUNT = "count"
    PRICE = "price"
    TIME_IN_FORCE = "time_in_force"
    EXPIRES = "expiration_s"
    POST_ONLY = "post_only"
    REDUCE_ONLY = "reduce_only"
    GROUP = "order_group_id"
    SUBACCOUNT = "subaccount"
    SHARD = "exchange_index"


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything the person set, as typed. ``count_text`` is of contracts, or of dollars with their sign;
    ``expires_at_s`` counts only with :attr:`Expiry.AT`."""

    verb: Verb = Verb.BUY_YES
    count_text: str = ""
    price_text: str = ""
    time_in_force: TimeInForce = TimeInForce.GOOD_TILL_CANCELED
    expiry: Expiry = Expiry.AT_CLOSE
    expires_at_s: int | None = None
    post_only: bool = False
    reduce_only: bool = False
    cancel_on_pause: bool = False
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.TAKER_AT_CROSS
    group_text: str = ""
    subaccount_text: str = ""
    shard_text: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The draft, or why there is none. ``missing``: only empty fields stand in the way, nothing is wrong."""

    draft: OrderDraft | None
    problems: dict[Field, str] = field(default_factory=dict)
    missing: bool = False


def read(entry: Entry, market: Market, now_ms: int, fees: FeeSchedule = STANDARD_FEES) -> Reading:
    """The draft that ``entry`` means in ``market``; times count from ``now_ms``, dollars pay ``fees`` too."""
    problems: dict[Field, str] = {}
    grid = entry.verb.outcome.restate(market.price_ranges)
    price = _parsed(problems, Field.PRICE, lambda: parse_price(entry.price_text, grid))
    count = _parsed(problems, Field.COUNT, lambda: _contracts(entry, price, fees))
    problems.update(_contradictions(entry))
    expiration_s = _parsed(problems, Field.EXPIRES, lambda: expiration(entry, market, now_ms))
    subaccount = _parsed(
        problems, Field.SUBACCOUNT, lambda: _whole_number(entry.subaccount_text, "subaccount")
    )
    shard = _parsed(problems, Field.SHARD, lambda: _whole_number(entry.shard_text, "exchange shard"))
    if problems or count is None or price is None:
        return Reading(None, problems, missing=_only_missing(entry, problems))
    return Reading(
        OrderDraft(
            ticker=market.ticker,
            verb=entry.verb,
            count=count,
            price=price,
            time_in_force=entry.time_in_force,
            expiration_s=expiration_s,
            post_only=entry.post_only,
            reduce_only=entry.reduce_only,
            cancel_order_on_pause=entry.cancel_on_pause,
            self_trade_prevention=entry.self_trade_prevention,
            order_group_id=entry.group_text.strip() or None,
            subaccount=subaccount,
            exchange_index=shard,
        )
    )


def _contracts(entry: Entry, price: Price | None, fees: FeeSchedule) -> Count | None:
    """As typed, or what the dollars typed come to at ``price``; None while that has to be typed first."""
    if not entry.count_text.strip(" ").startswith("$"):
        return parse_count(entry.count_text)
    amount = parse_dollars(entry.count_text)
    if price is None:
        return None
    count = contracts_for(amount, entry.verb, price, fees, post_only=entry.post_only)
    if not count:
        raise QuantityError(f"{amount} does not come to one contract at {price}. Type contracts, like 0.5.")
    return count


def expiration(entry: Entry, market: Market, now_ms: int) -> int | None:
    """Seconds of the Unix epoch at which the order expires, None for never or where it cannot rest.

    Raises QuantityError with a plain sentence where that time is past or unset.
    """
    if entry.time_in_force is not TimeInForce.GOOD_TILL_CANCELED or entry.expiry is Expiry.NEVER:
        return None
    now_s = now_ms // 1_000
    if entry.expiry is Expiry.AT_CLOSE:
        return market.close_ms // 1_000 if market.close_ms // 1_000 > now_s else None
    if entry.expiry is Expiry.IN_ONE_HOUR:
        return now_s + _HOUR_S
    if entry.expiry is Expiry.END_OF_DAY:
        return _end_of_day(now_s)
    if entry.expires_at_s is None:
        raise QuantityError("Choose the date and time at which the order expires.")
    if entry.expires_at_s <= now_s:
        raise QuantityError("That time is past: choose one that is still to come.")
    return entry.expires_at_s


def _end_of_day(now_s: int) -> int:
    """The next midnight in New York, whose day is the exchange's."""
    now = datetime.fromtimestamp(now_s, UTC) + eastern_offset(now_s * 1_000)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    guess = midnight - eastern_offset(now_s * 1_000)
    return int((midnight - eastern_offset(int(guess.timestamp()) * 1_000)).timestamp())


def _contradictions(entry: Entry) -> dict[Field, str]:
    """Settings that the exchange refuses together (FACTS §4.3, openapi CreateOrderV2Request)."""
    rests = entry.time_in_force is TimeInForce.GOOD_TILL_CANCELED
    problems: dict[Field, str] = {}
    if entry.post_only and not rests:
        problems[Field.POST_ONLY] = (
            f"Post only needs an order that may rest. Choose Good till canceled, not "
            f"{entry.time_in_force.words.lower()}, or untick Post only."
        )
    if entry.reduce_only and entry.time_in_force is not TimeInForce.IMMEDIATE_OR_CANCEL:
        problems[Field.REDUCE_ONLY] = (
            "Reduce only works with Immediate or cancel alone. Choose it under Time in force, "
            "or untick Reduce only."
        )
    return problems


def _whole_number(text: str, what: str) -> int | None:
    body = text.strip(" ")
    if not body:
        return None
    if not (body.isascii() and body.isdigit() and len(body) <= 9):
        raise QuantityError(f"A {what} is a whole number, like 0 or 1. Leave it empty for the usual one.")
    return int(body)


def _only_missing(entry: Entry, problems: dict[Field, str]) -> bool:
    empty = {
        Field.COUNT: not entry.count_text.strip(" "),
        Field.PRICE: not entry.price_text.strip(" "),
        Field.EXPIRES: entry.expires_at_s is None,
    }
    return all(empty.get(place, False) for place in problems)


def _parsed(problems: dict[Field, str], place: Field, parse: Callable[[], Value]) -> Value | None:
    try:
        return parse()
    except QuantityError as problem:
        problems[place] = str(problem)
        return None
