"""From the order object of late 2025 to the desk's records (FACTS §8)."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.kalshi import convert
from pitdesk.kalshi.records import CanceledOrder, CreatedOrder
from pitdesk.kalshi.wire import batches, classic
from pitdesk.kalshi.wire.base import decode
from pitdesk.orders import BookSide, Order, OrderStatus
from pitdesk.quantities import Count, Dollars, Price

if TYPE_CHECKING:
    from pitdesk.kalshi.reply import Reply


def created_item(item: classic.BatchCreatedBody) -> batches.BatchCreatedBody:
    """An item as the current words tell it."""
    if item.order is None:
        return batches.BatchCreatedBody(client_order_id=item.client_order_id, error=item.error)
    made = created_order(parse_order(item.order))
    return batches.BatchCreatedBody(
        order_id=made.order_id,
        client_order_id=made.client_order_id,
        fill_count=made.fill_count.to_wire(),
        remaining_count=made.remaining_count.to_wire(),
        average_fill_price=_dollars_text(made.average_fill_price),
        average_fee_paid=_dollars_text(made.average_fee),
        ts_ms=made.ts_ms,
        error=item.error,
    )


def canceled_item(item: classic.BatchCanceledBody) -> batches.BatchCanceledBody:
    """An item as the current words tell it."""
    reduced = _count(item.reduced_by, item.reduced_by_fp).to_wire()
    return batches.BatchCanceledBody(order_id=item.order_id, reduced_by=reduced, error=item.error)


def _dollars_text(average: Fraction | None) -> str | None:
    return None if average is None else Dollars(round(average * 1_000_000)).to_wire()


def parse_order(body: classic.OrderBody) -> Order:
    """The order object of late 2025. Buying one outcome is selling the other (FACTS §4.3); ValueError for a
    side or an action that is none."""
    if body.side not in ("yes", "no") or body.action not in ("buy", "sell"):
        raise ValueError(f"it names side {body.side[:20]!r} and action {body.action[:20]!r}")
    buys_yes = (body.side == "yes") == (body.action == "buy")
    return Order(
        order_id=body.order_id,
        client_order_id=body.client_order_id,
        ticker=body.ticker,
        book_side=BookSide.BID if buys_yes else BookSide.ASK,
        yes_price=Price.from_wire(body.yes_price_dollars),
        initial_count=_count(body.initial_count, body.initial_count_fp),
        fill_count=_count(body.fill_count, body.fill_count_fp),
        remaining_count=_count(body.remaining_count, body.remaining_count_fp),
        status=OrderStatus(body.status),
        status_word=body.status,
        fill_cost=_money(body.taker_fill_cost, body.taker_fill_cost_dollars)
        + _money(body.maker_fill_cost, body.maker_fill_cost_dollars),
        fees=_money(body.taker_fees, body.taker_fees_dollars)
        + _money(body.maker_fees, body.maker_fees_dollars),
        created_ms=convert.parse_optional_time_ms(body.created_time),
        updated_ms=convert.parse_optional_time_ms(body.last_update_time),
        expiration_ms=convert.parse_optional_time_ms(body.expiration_time),
        order_group_id=body.order_group_id,
        self_trade_prevention=body.self_trade_prevention_type,
        cancel_order_on_pause=bool(body.cancel_order_on_pause),
        subaccount=body.subaccount_number,
        exchange_index=None,
    )


def orders_page(reply: Reply) -> tuple[tuple[Order, ...], str]:
    """One page of orders and the cursor of the next, empty on the last."""
    body = decode(reply.body, classic.OrdersAnswer)
    return tuple(map(parse_order, body.orders)), body.cursor or ""


def created_order(order: Order) -> CreatedOrder:
    """What the answer to a create says, from the whole order that it holds."""
    filled = order.fill_count
    scale = filled.units * 10_000
    return CreatedOrder(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        fill_count=filled,
        remaining_count=order.remaining_count,
        average_fill_price=Fraction(order.fill_cost.units, scale) if filled else None,
        ts_ms=order.updated_ms or order.created_ms or 0,
        average_fee=Fraction(order.fees.units, scale) if filled else None,
    )


def same_order(body: classic.OrderBody, order: Order) -> Order:
    """The order in an answer; ValueError where it is not the one that was asked about."""
    if body.order_id != order.order_id:
        raise ValueError(f"it names order {body.order_id[:64]!r}, not the one asked about")
    return parse_order(body)


def canceled_order(body: classic.CancelOrderAnswer, order: Order) -> CanceledOrder:
    """What the answer to a cancel of ``order`` says; ValueError where it is about another."""
    ended = same_order(body.order, order)
    reduced = _count(body.reduced_by, body.reduced_by_fp)
    return CanceledOrder(reduced, ended.updated_ms or 0)


def _count(whole: int, text: str | None) -> Count:
    return Count.of(whole) if text is None else Count.from_wire(text)


def _money(cents: int, text: str | None) -> Dollars:
    return Dollars.from_cents(cents) if text is None else Dollars.from_wire(text)
