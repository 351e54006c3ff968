"""Turns the thin answers of order calls into orders, and orders into states of the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.journal import IntentState
from pitdesk.orders import Intent, Order, OrderStatus
from pitdesk.quantities import COUNT_ZERO

if TYPE_CHECKING:
    from pitdesk.kalshi.records import AmendedOrder, CanceledOrder, CreatedOrder, DecreasedOrder

EXPIRED = "ExpiryCancel"


def order_created(intent: Intent, answer: CreatedOrder) -> Order:
    """The order of ``intent`` as the answer to its create leaves it (FACTS §4.2: that names only counts).

    What does not rest and did not fill was canceled by its time in force or against one's own order.
    """
    draft = intent.draft
    if answer.remaining_count:
        status = OrderStatus.RESTING
    elif answer.fill_count >= draft.count:
        status = OrderStatus.EXECUTED
    else:
        status = OrderStatus.CANCELED
    return Order(
        order_id=answer.order_id,
        client_order_id=intent.client_order_id,
        ticker=draft.ticker,
        book_side=draft.book_side,
        yes_price=draft.yes_price,
        initial_count=draft.count,
        fill_count=answer.fill_count,
        remaining_count=answer.remaining_count,
        status=status,
        created_ms=answer.ts_ms,
        updated_ms=answer.ts_ms,
        expiration_ms=None if draft.expiration_s is None else draft.expiration_s * 1_000,
        order_group_id=draft.order_group_id,
        self_trade_prevention=draft.self_trade_prevention.value,
        cancel_order_on_pause=draft.cancel_order_on_pause,
        subaccount=draft.subaccount,
        exchange_index=draft.exchange_index,
    )


def order_canceled(held: Order, answer: CanceledOrder) -> Order:
    """``held`` after its cancel. What was resting and is not among the canceled had been filled before."""
    if held.status.is_final:
        return held
    missed = max(held.remaining_count - answer.reduced_by, COUNT_ZERO)
    return replace(
        held,
        status=OrderStatus.CANCELED,
        fill_count=held.fill_count + missed,
        remaining_count=COUNT_ZERO,
        updated_ms=max(held.updated_ms or 0, answer.ts_ms),
    )


def order_amended(held: Order, answer: AmendedOrder, asked: Order) -> Order:
    """``held`` after an amend to ``asked``; counts that the answer leaves out are as asked (FACTS §6).

    ``held`` may have filled since either was said: that much less remains. Its time is the answer's own, so
    that what the stream told later stands.
    """
    remaining, filled = answer.remaining_count, answer.fill_count
    if remaining is None:
        remaining, filled = asked.remaining_count, asked.fill_count
    elif filled is None:
        filled = held.fill_count
    since = max(held.fill_count - filled, COUNT_ZERO)
    return replace(
        held,
        yes_price=asked.yes_price,
        fill_count=max(filled, held.fill_count),
        remaining_count=max(remaining - since, COUNT_ZERO),
        updated_ms=answer.ts_ms or held.updated_ms,
    )


def order_decreased(held: Order, answer: DecreasedOrder) -> Order:
    """``held`` after a decrease; it may have less by now, and then the stream's later word stands."""
    return replace(
        held,
        remaining_count=min(answer.remaining_count, held.remaining_count),
        updated_ms=answer.ts_ms or held.updated_ms,
    )


def state_of(order: Order) -> IntentState:
    """The journal's word for what the exchange says of an order."""
    if order.status is OrderStatus.EXECUTED:
        return IntentState.FILLED
    if order.status is OrderStatus.CANCELED:
        return IntentState.EXPIRED if order.last_update_reason == EXPIRED else IntentState.CANCELED
    if order.status is OrderStatus.UNKNOWN:
        return IntentState.ACKED
    return IntentState.PARTIAL if order.fill_count else IntentState.RESTING


def matches(intent: Intent, order: Order) -> bool:
    """Whether ``order`` is what ``intent`` asked for: market, side, count and price, not the id alone.

    A reduce-only order may be held with fewer contracts than asked: the position caps it (FACTS §4.2).
    """
    draft = intent.draft
    as_many = order.initial_count == draft.count or (draft.reduce_only and order.initial_count < draft.count)
    return (
        order.client_order_id == intent.client_order_id
        and order.ticker == draft.ticker
        and order.book_side is draft.book_side
        and order.yes_price == draft.yes_price
        and as_many
    )


def end_in_words(order: Order) -> str:
    """How an order that is over ended: ``already filled``, ``already canceled``, ``already expired``."""
    if order.status is OrderStatus.EXECUTED:
        return "already filled"
    return "already expired" if order.last_update_reason == EXPIRED else "already canceled"
