"""How much one order may be and cost, how many may be open, and what was sent just before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.limits.model import Issue, LimitContext, RecentOrder, confirm, hard, shrinks
from pitdesk.quantities import DOLLARS_ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pitdesk.orders import OrderDraft


class ContractsPerOrder:
    """No more contracts in one order than the limit."""

    name = "contracts per order"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Above the limit, or above what asks first."""
        values = context.values
        if draft.count > values.contracts_hard:
            yield hard(f"One order may have at most {values.contracts_hard} contracts.", "count")
        elif draft.count > values.contracts_confirm:
            yield confirm(
                f"{draft.count} contracts is more than {values.contracts_confirm}. Send anyway?", "count"
            )


class CostPerOrder:
    """No more money in one order than the limit, fee included, at the worst price it can trade at."""

    name = "cost per order"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Above the limit, or above what asks first. Closing a position costs nothing."""
        del draft
        values, needed = context.values, context.cost.all_in
        if needed > values.cost_hard:
            yield hard(f"This costs {needed}. One order may cost at most {values.cost_hard}.", "count")
        elif needed > values.cost_confirm:
            yield confirm(f"This costs {needed}, more than {values.cost_confirm}. Send anyway?", "count")


class FreeCash:
    """What the order needs is there."""

    name = "free cash"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """More than is free, or not known how much is free."""
        del draft
        needed = context.cost.all_in
        if needed <= DOLLARS_ZERO:
            return
        if context.cash is None:
            yield hard("Your free cash is not known yet. Wait until the account has been read.")
        elif needed > context.cash:
            yield hard(f"You have {context.cash} free; this needs {needed}.", "count")


class OpenOrders:
    """Not more orders open than one can watch. A change opens none; what shrinks passes."""

    name = "open orders"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """At the limit of all, or at what asks first in one market."""
        if context.is_change or shrinks(draft, context):
            return
        values = context.values
        if context.open_orders >= values.open_orders_hard:
            yield hard(
                f"{context.open_orders} orders are open, the most is {values.open_orders_hard}. Cancel some."
            )
        elif context.open_in_market >= values.open_in_market_confirm:
            yield confirm(f"{context.open_in_market} orders are open in this market already. Send one more?")


class Repeated:
    """The same order again within a minute is asked about; within two seconds it is taken for a slip."""

    name = "repeated order"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """The youngest order like it decides."""
        if context.is_change:
            return
        ages = [order.age_s for order in context.recent if _is_like(order, draft)]
        if not ages:
            return
        age = min(ages)
        if age < context.values.repeat_hard_s:
            wait = f"{context.values.repeat_hard_s:g} seconds"
            yield hard(f"The same order was sent a moment ago. Wait {wait} to send it once more on purpose.")
        elif age < context.values.repeat_confirm_s:
            yield confirm(f"The same order was sent {int(age)} seconds ago. Send it once more?")


class Unconfirmed:
    """While the fate of an order in the same market is not known, another asks first."""

    name = "unconfirmed order"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Any in this market."""
        del draft
        if context.unconfirmed_in_market and not context.is_change:
            yield confirm("An order in this market is not confirmed and may be live. Send another one?")


def _is_like(order: RecentOrder, draft: OrderDraft) -> bool:
    sent = order.draft
    return (sent.ticker, sent.book_side, sent.yes_price, sent.count) == (
        draft.ticker,
        draft.book_side,
        draft.yes_price,
        draft.count,
    )
