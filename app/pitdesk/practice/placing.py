"""Placing a new order: what it needs, what it takes at once, and whether the rest rests (FACTS §4)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.fees import trade_fee
from pitdesk.orders import OrderStatus, TimeInForce
from pitdesk.practice import refusals
from pitdesk.practice.checks import check_order
from pitdesk.practice.facts import ClientOrderIdSpent
from pitdesk.practice.group_desk import group_for
from pitdesk.practice.live import ONE, LiveOrder
from pitdesk.practice.records import NewOrder, Placement
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Count, Price

if TYPE_CHECKING:
    from pitdesk.practice.accounts import Account, Holding
    from pitdesk.practice.engine import Engine, Taken
    from pitdesk.practice.venue import Venue

_HALF = ONE // 2


def place(engine: Engine, venue: Venue, account: Account, order: NewOrder, now_ms: int) -> Placement:
    """Place an order in an open market; raises ExchangeRefusal."""
    check_order(order, venue, now_ms)
    if order.subaccount not in account.subaccounts:
        raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "subaccount does not exist")
    check_unused(engine, account, order.client_order_id)
    group = group_for(account, order, venue)
    is_bid = order.side.value == "bid"
    holding = account.holding(order.ticker, venue.listed.exchange_index, order.subaccount)
    missing = 0
    if not order.reduce_only:
        need = max(order.count.units - holding.unclaimed(is_bid), 0)
        missing = missing_funds(engine, account, holding, venue, is_bid, order.price.units, need)
    if order.post_only and venue.book.crosses(is_bid, order.price.units):
        raise ExchangeRefusal(refusals.INVALID_ORDER, "post only cross")
    if order.time_in_force is TimeInForce.FILL_OR_KILL:
        _kill_unless_filled(engine, venue, account, order)
    number = engine.numbers.next()
    live = LiveOrder(account, order, number, engine.numbers.id_of(number), now_ms)
    live.exchange_index = venue.listed.exchange_index
    live.group = group
    capped = order.reduce_only and _cap(live, holding)
    if missing:
        engine.cashier.gather(account, holding.purse, missing)
    account.remember(live)
    account.hold(live)
    taken = engine.take(live, venue, now_ms)
    settle(engine, venue, live, taken, now_ms, capped=capped)
    return placement(live, taken, now_ms)


def check_unused(engine: Engine, account: Account, client_order_id: str) -> None:
    """A client order id is used up for good, whatever became of its order (FACTS §3); where the rules say so,
    only while its order is open (FACTS §17.4)."""
    used = account.client_order_ids if engine.rules.ids_are_spent else account.open_ids
    if client_order_id and client_order_id in used:
        raise ExchangeRefusal(refusals.ORDER_ALREADY_EXISTS)


def missing_funds(
    engine: Engine,
    account: Account,
    holding: Holding,
    venue: Venue,
    is_bid: bool,
    price: int,
    opening: int,
    held: int = 0,
) -> int:
    """What has to be fetched before the purse covers ``opening`` contracts at the limit and the dearest fee
    of their fills, beside what every other order holds back; ``held`` is what this order holds back already.

    ExchangeRefusal where that cannot be had: cash counts on the market's own exchange index only (FACTS §11).
    """
    available = holding.purse.available + held
    if opening * ONE * 2 <= available:
        return 0
    cost = opening * (price if is_bid else ONE - price)
    best = venue.book.side(not is_bid).best()
    takes = venue.book.crosses(is_bid, price)
    dearest = _nearest_to_half(price, best.price) if takes and best is not None else price
    fee = trade_fee(venue.fees, Price(dearest), Count(opening), is_taker=takes)
    missing = cost + fee.units - available
    if missing > 0 and not engine.cashier.can_gather(account, holding.purse, missing):
        raise ExchangeRefusal(refusals.INSUFFICIENT_BALANCE)
    return max(missing, 0)


def settle(
    engine: Engine, venue: Venue, live: LiveOrder, taken: Taken, now_ms: int, *, capped: bool = False
) -> None:
    """After an order took what it could: it ends, or the rest of it rests. Says so."""
    if taken.met_own:
        engine.end(live, OrderStatus.CANCELED, "SelfTradeCancel", now_ms)
    elif capped:
        engine.end(live, OrderStatus.CANCELED, "ReduceOnlyCancel", now_ms)
    elif taken.group_full and live.remaining:
        engine.end(live, OrderStatus.CANCELED, "Decrease", now_ms)
    elif not live.remaining:
        engine.end(live, OrderStatus.EXECUTED, "Trade", now_ms)
    elif live.asked.time_in_force is TimeInForce.GOOD_TILL_CANCELED:
        engine.rest(live, venue, now_ms)
    else:
        engine.end(live, OrderStatus.CANCELED, live.reason, now_ms)
    engine.tell.order(live)
    engine.tell.quote(venue, now_ms)


def placement(live: LiveOrder, taken: Taken, now_ms: int) -> Placement:
    """What is answered."""
    filled = taken.count
    return Placement(
        live.order_id,
        live.client_order_id,
        Count(filled),
        Count(live.remaining),
        Fraction(taken.cost, filled * ONE) if filled else None,
        Fraction(taken.fees, filled * ONE) if filled else None,
        now_ms,
    )


def _cap(live: LiveOrder, holding: Holding) -> bool:
    """Reduce only: never more than closes the position. True where that leaves some out."""
    live.remaining = min(live.remaining, holding.closable(live.is_bid))
    return live.remaining < live.initial


def _kill_unless_filled(engine: Engine, venue: Venue, account: Account, order: NewOrder) -> None:
    is_bid = order.side.value == "bid"
    wanted = order.count.units
    if venue.book.side(not is_bid).volume_within(order.price.units, wanted) >= wanted:
        return
    if order.client_order_id:
        account.client_order_ids.add(order.client_order_id)
        engine.say(ClientOrderIdSpent(account.user_id, order.client_order_id))
    raise ExchangeRefusal(refusals.FILL_OR_KILL_KILLED)


def _nearest_to_half(one: int, other: int) -> int:
    return min(max(_HALF, min(one, other)), max(one, other))
