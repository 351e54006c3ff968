"""Amending a resting order (FACTS §6): its place in the queue stays only where it asks for no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.orders import BookSide
from pitdesk.practice import refusals
from pitdesk.practice.checks import check_client_order_id, check_expiration, check_price
from pitdesk.practice.engine import Engine, Taken
from pitdesk.practice.facts import ClientOrderIdSpent
from pitdesk.practice.placing import check_unused, missing_funds, placement, settle
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from pitdesk.practice.live import LiveOrder
    from pitdesk.practice.records import Placement
    from pitdesk.practice.venue import Venue


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an order shall become. ``total`` counts what is filled too. ``expiration_s``: None keeps, zero
    clears."""

    ticker: str
    side: BookSide
    price: int
    total: int
    client_order_id: str | None = None
    updated_client_order_id: str | None = None
    expiration_s: int | None = None


def amend(
    engine: Engine, venue: Venue, order: LiveOrder, wanted: Amendment, now_ms: int
) -> tuple[Placement, bool]:
    """Amend a resting order in an open market: what it took, and whether it filled or changed its size.

    Raises ExchangeRefusal.
    """
    _check(engine, venue, order, wanted, now_ms)
    missing = 0
    before = order.remaining
    remaining = wanted.total - order.filled
    keeps_place = wanted.price == order.price and remaining <= before
    if not keeps_place:
        missing = _missing(engine, venue, order, wanted.price, remaining)
        if order.asked.post_only and venue.book.crosses(order.is_bid, wanted.price):
            raise ExchangeRefusal(refusals.INVALID_ORDER, "post only cross")
    if missing:
        engine.cashier.gather(order.account, order.holding.purse, missing)
    _rename(engine, order, wanted)
    taken = Taken()
    if remaining == 0:
        engine.cancel_resting(order, venue, "Amend", now_ms)
    elif keeps_place:
        _set_expiration(order, wanted)
        engine.shrink_resting(order, venue, before - remaining, "Amend", now_ms)
    else:
        taken = _requeue(engine, venue, order, wanted, now_ms)
    engine.tell.quote(venue, now_ms)
    return placement(order, taken, now_ms), bool(taken.count or order.remaining != before)


def _requeue(engine: Engine, venue: Venue, order: LiveOrder, wanted: Amendment, now_ms: int) -> Taken:
    """Off the book, and on again at the back as if it had just come."""
    engine.unrest(order, venue, now_ms)
    _set_expiration(order, wanted)
    order.price = wanted.price
    order.remaining = wanted.total - order.filled
    order.initial = wanted.total
    order.updated_ms = now_ms
    order.reason = "Amend"
    order.account.resized(order)
    taken = engine.take(order, venue, now_ms)
    settle(engine, venue, order, taken, now_ms)
    return taken


def _check(engine: Engine, venue: Venue, order: LiveOrder, wanted: Amendment, now_ms: int) -> None:
    if wanted.ticker != order.ticker:
        raise ExchangeRefusal(refusals.ORDER_TICKER_MISMATCH)
    if (wanted.side is BookSide.BID) != order.is_bid:
        raise ExchangeRefusal(refusals.ORDER_SIDE_MISMATCH)
    if wanted.client_order_id is not None and wanted.client_order_id != order.client_order_id:
        raise ExchangeRefusal(refusals.ORDER_ID_MISMATCH)
    if wanted.updated_client_order_id not in (None, order.client_order_id):
        check_client_order_id(wanted.updated_client_order_id or "")
        check_unused(engine, order.account, wanted.updated_client_order_id or "")
    check_price(wanted.price, venue)
    if wanted.total < order.filled or wanted.total == 0:
        raise ExchangeRefusal(refusals.INVALID_ORDER_SIZE, "count must not be less than what is filled")
    if wanted.expiration_s:
        check_expiration(wanted.expiration_s, now_ms)


def _missing(engine: Engine, venue: Venue, order: LiveOrder, price: int, remaining: int) -> int:
    holding = order.holding
    opening = max(remaining - order.closing - holding.unclaimed(order.is_bid), 0)
    return missing_funds(engine, order.account, holding, venue, order.is_bid, price, opening, order.held)


def _rename(engine: Engine, order: LiveOrder, wanted: Amendment) -> None:
    if wanted.updated_client_order_id and wanted.updated_client_order_id != order.client_order_id:
        if order.client_order_id:
            engine.say(ClientOrderIdSpent(order.account.user_id, order.client_order_id))
        order.account.renamed(order, wanted.updated_client_order_id)


def _set_expiration(order: LiveOrder, wanted: Amendment) -> None:
    if wanted.expiration_s is not None:
        order.expiration_ms = wanted.expiration_s * 1000 or None
