"""What may be at stake in a market, in an event and in a day, should everything that can fill do so.

An order that can only make it less always passes; one that adds passes only where it is known to what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.limits.model import Growth, Issue, LimitContext, LimitValues, Risks, confirm, hard, shrinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pitdesk.orders import OrderDraft
    from pitdesk.quantities import Dollars

UNKNOWN = "What is held and spent is not known yet. Wait until the account has been read."
_COUNTED = "counting what is held, open and unconfirmed"
_UNTIL = "Until midnight in New York only orders that make a position smaller are sent."


class CostPerMarket:
    """No more dollars at cost in one market than the limit, on the side that the order adds to."""

    name = "cost in one market"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Above the limit, above what asks first, or where anything that the four look at is not known."""
        if not shrinks(draft, context):
            yield from market_issues(context.risks, context.values)


class CostPerEvent:
    """No more dollars at cost in all markets of one event than the limit."""

    name = "cost in one event"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Above the limit, or above what asks first."""
        if not shrinks(draft, context):
            yield from event_issues(context.risks, context.values)


class SpentToday:
    """No more dollars spent in one day of the exchange than the limit, open orders included."""

    name = "spent in one day"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Above the limit, or above what asks first."""
        if not shrinks(draft, context):
            yield from day_issues(context.risks, context.values)


class LostToday:
    """Once the day has lost so much, only what makes positions smaller, until the exchange's next day."""

    name = "lost in one day"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """At the limit, or at what asks first."""
        if not shrinks(draft, context):
            yield from loss_issues(context.risks, context.values)


def risk_issues(risks: Risks, values: LimitValues) -> Iterator[Issue]:
    """What all four say of an order that adds: for rows that are judged together."""
    yield from market_issues(risks, values)
    yield from event_issues(risks, values)
    yield from day_issues(risks, values)
    yield from loss_issues(risks, values)


def market_issues(risks: Risks, values: LimitValues) -> Iterator[Issue]:
    """Of the cost in one market; and, once for all four, that something is not known."""
    if None in (risks.market, risks.event, risks.day, risks.loss):
        yield hard(UNKNOWN)
    told = f"Up to {{}} would be in this market, {_COUNTED}"
    yield from _of_growth(risks.market, values.market_cost_confirm, values.market_cost_hard, told)


def event_issues(risks: Risks, values: LimitValues) -> Iterator[Issue]:
    """Of the cost in all markets of one event."""
    told = f"Up to {{}} would be in this event, {_COUNTED} in all its markets"
    yield from _of_growth(risks.event, values.event_cost_confirm, values.event_cost_hard, told)


def day_issues(risks: Risks, values: LimitValues) -> Iterator[Issue]:
    """Of what is spent in one day."""
    told = "Up to {} would be spent today, counting open and unconfirmed orders"
    yield from _of_growth(risks.day, values.day_spend_confirm, values.day_spend_hard, told, f" {_UNTIL}")


def loss_issues(risks: Risks, values: LimitValues) -> Iterator[Issue]:
    """Of what the day has lost."""
    loss = risks.loss
    if loss is None:
        return
    if loss >= values.day_loss_hard:
        yield hard(f"Today has lost {loss.cents_up()}; the most is {values.day_loss_hard}. {_UNTIL}")
    elif loss >= values.day_loss_confirm:
        yield confirm(f"Today has lost {loss.cents_up()}. Send anyway?")


def _of_growth(
    cost: Growth | None, asks_above: Dollars, most: Dollars, told: str, then: str = ""
) -> Iterator[Issue]:
    if cost is None or not cost.grows:
        return
    sum_told = told.format(cost.after.cents_up())
    if cost.after > most:
        yield hard(f"{sum_told}. The most is {most}.{then}", "count")
    elif cost.after > asks_above:
        yield confirm(f"{sum_told}: more than {asks_above}. Send anyway?", "count")
