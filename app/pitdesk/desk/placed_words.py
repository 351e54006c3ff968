"""What became of an order that the exchange took, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.orders import Intent, Order, OrderDraft, OrderStatus, Outcome, TimeInForce
from pitdesk.quantities import PRICE_ONE, Price

if TYPE_CHECKING:
    from fractions import Fraction


def placed_sentence(order: Order, intent: Intent, average: Fraction | None = None) -> str:
    """``Filled: Buy 100 Yes at 65¢, on average at 64¢``. ``average``: dollars of Yes that a contract cost,
    None where the exchange did not say; told where it is another than the limit."""
    draft = intent.draft
    asked = draft.sentence()
    if order.fill_count and average is not None:
        asked += _on_average(draft, average)
    if order.status is OrderStatus.EXECUTED:
        return f"Filled: {asked}"
    if order.status is OrderStatus.CANCELED and order.fill_count:
        return f"Filled {order.fill_count} of {draft.count}, the rest was canceled: {asked}"
    if order.status is OrderStatus.CANCELED:
        if draft.time_in_force is TimeInForce.GOOD_TILL_CANCELED:
            return f"Nothing traded: {asked} met an order of your own and was canceled"
        return f"Nothing traded: {asked} found nobody at its price and was canceled"
    if order.fill_count:
        return f"Filled {order.fill_count} of {draft.count}, the rest is working: {asked}"
    return f"Order accepted: {asked}"


def _on_average(draft: OrderDraft, average: Fraction) -> str:
    """In the outcome that the order names, to a hundredth of a cent, as prices are. Nothing trades worse than
    its limit: an average that says so is not understood here, and is not told."""
    of_outcome = average if draft.verb.outcome is Outcome.YES else 1 - average
    price = Price(round(of_outcome * PRICE_ONE.units))
    is_better = price < draft.price if draft.verb.is_buy else price > draft.price
    return f", on average at {price}" if is_better else ""
