"""What a create, amend or decrease request must satisfy before the engine acts (FACTS §3, §4.2, §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.orders import BookSide, SelfTradePrevention, TimeInForce
from pitdesk.practice import refusals
from pitdesk.practice.records import NewOrder
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Count, Price, QuantityError

if TYPE_CHECKING:
    from pitdesk.kalshi.wire.orders import CreateOrderRequest
    from pitdesk.practice.venue import Venue

_LONGEST_CLIENT_ORDER_ID = 64
_MOST_CONTRACTS = 100_000_000_000


def understand(request: CreateOrderRequest) -> NewOrder:
    """The typed order in the request's words; raises ExchangeRefusal naming the first word not known."""
    return NewOrder(
        request.ticker,
        read_side(request.side),
        read_price(request.price),
        read_count(request.count),
        read_time_in_force(request.time_in_force),
        read_prevention(request.self_trade_prevention_type),
        request.client_order_id or "",
        request.expiration_time,
        bool(request.post_only),
        bool(request.reduce_only),
        bool(request.cancel_order_on_pause),
        request.order_group_id or None,
        request.subaccount or 0,
        None if request.exchange_index == -1 else request.exchange_index,
    )


def read_side(word: str) -> BookSide:
    """``bid`` or ``ask``."""
    try:
        return BookSide(word)
    except ValueError:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "side must be bid or ask") from None


def read_price(text: str) -> Price:
    """A price in dollars; whether it is on the grid is the market's to say."""
    try:
        return Price.from_wire(text)
    except QuantityError:
        raise ExchangeRefusal(refusals.INVALID_PRICE, "price must be dollars with 2 to 4 decimals") from None


def read_count(text: str) -> Count:
    """A number of contracts with up to two decimals; may be zero here."""
    try:
        count = Count.from_wire(text)
    except QuantityError:
        raise ExchangeRefusal(refusals.INVALID_ORDER_SIZE, "count must have at most 2 decimals") from None
    if count.units < 0 or count.units > _MOST_CONTRACTS:
        raise ExchangeRefusal(refusals.INVALID_ORDER_SIZE, "count is out of range")
    return count


def read_time_in_force(word: str) -> TimeInForce:
    """One of the three words."""
    try:
        return TimeInForce(word)
    except ValueError:
        accepted = ", ".join(known.value for known in TimeInForce)
        raise ExchangeRefusal(
            refusals.INVALID_PARAMETERS, f"time_in_force must be one of {accepted}"
        ) from None


def read_prevention(word: str) -> SelfTradePrevention:
    """``taker_at_cross`` or ``maker``."""
    try:
        return SelfTradePrevention(word)
    except ValueError:
        raise ExchangeRefusal(
            refusals.INVALID_PARAMETERS, "self_trade_prevention_type must be taker_at_cross or maker"
        ) from None


def check_order(order: NewOrder, venue: Venue, now_ms: int) -> None:
    """What can be said of an order without looking at the account or the book."""
    check_client_order_id(order.client_order_id)
    check_price(order.price.units, venue)
    if order.count.units <= 0:
        raise ExchangeRefusal(refusals.INVALID_ORDER_SIZE, "count must be above zero")
    rests = order.time_in_force is TimeInForce.GOOD_TILL_CANCELED
    if order.expiration_s is not None:
        if not rests:
            raise ExchangeRefusal(
                refusals.INVALID_ORDER,
                f"Cannot specify both {order.time_in_force.value} and expiration_ts",
            )
        check_expiration(order.expiration_s, now_ms)
    if order.post_only and not rests:
        raise ExchangeRefusal(refusals.INVALID_ORDER, "post_only needs good_till_canceled")
    if order.reduce_only and order.time_in_force is not TimeInForce.IMMEDIATE_OR_CANCEL:
        raise ExchangeRefusal(refusals.INVALID_ORDER, "reduce_only needs immediate_or_cancel")
    if order.exchange_index not in (None, venue.listed.exchange_index):
        raise ExchangeRefusal(refusals.NOT_FOUND, "market not found on this exchange index")


def check_client_order_id(text: str) -> None:
    """At most 64 characters and no full stop (FACTS §4.2)."""
    if "." in text or len(text) > _LONGEST_CLIENT_ORDER_ID:
        raise ExchangeRefusal(
            refusals.INVALID_PARAMETERS, "client_order_id must be at most 64 characters without a full stop"
        )


def check_price(units: int, venue: Venue) -> None:
    """On the market's grid."""
    if units not in venue.legal:
        raise ExchangeRefusal(refusals.INVALID_PRICE, "price is not on the market's price ranges")


def check_expiration(expiration_s: int, now_ms: int) -> None:
    """In the future."""
    if expiration_s * 1000 <= now_ms:
        raise ExchangeRefusal(refusals.INVALID_ORDER, "Expiration timestamp must be in the future")
