"""What the exchange would refuse anyway: said before sending, with what would be accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.limits.model import Issue, LimitContext, hard
from pitdesk.markets import MarketStatus
from pitdesk.orders import BookSide, OrderDraft, TimeInForce
from pitdesk.quantities import COUNT_ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSED_WORDS = {
    MarketStatus.INITIALIZED: "is not open yet",
    MarketStatus.INACTIVE: "is paused",
}


class MarketOpen:
    """The market takes orders now (FACTS §14)."""

    name = "market open"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Closed, paused, or not known."""
        market = context.market
        if market is None:
            yield hard(f"{draft.ticker} is not among the listed markets. Choose one in the market finder.")
        elif not market.status.takes_orders:
            words = _CLOSED_WORDS.get(market.status, "is closed")
            yield hard(f"This market {words}: it takes no orders now. What you typed is kept.")
        elif market.close_ms <= context.now_ms:
            yield hard("This market is closed: its closing time has passed. What you typed is kept.")


class LegalPrice:
    """The price lies on the market's grid (FACTS §13)."""

    name = "price on the grid"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Names the nearest legal prices, of the outcome the person chose."""
        if context.market is None or context.market.price_ranges.holds(draft.yes_price):
            return
        grid = context.market.price_ranges
        near = (grid.nearest_below(draft.yes_price), grid.nearest_above(draft.yes_price))
        prices = sorted(draft.verb.outcome.restate(price) for price in near if price is not None)
        choices = " or ".join(str(price) for price in prices)
        yield hard(f"{draft.price} is not a price of this market. Nearest: {choices}.", "price")


class SomeCount:
    """There is something to trade."""

    name = "some contracts"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Nothing, or less."""
        del context
        if draft.count <= COUNT_ZERO:
            yield hard("Enter at least 0.01 contracts.", "count")


class Expiry:
    """An expiry goes with good till canceled only and lies ahead (FACTS §4.2)."""

    name = "expiry"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """With another time in force, or in the past."""
        if draft.expiration_s is None:
            return
        if draft.time_in_force is not TimeInForce.GOOD_TILL_CANCELED:
            yield hard(
                "An expiry goes with good till canceled only. Choose that, or no expiry.", "expiration"
            )
        elif draft.expiration_s * 1_000 <= context.now_ms:
            yield hard("The expiry has passed. Choose a later time, or none.", "expiration")


class PostOnlyRests:
    """Post only needs an order that can rest (FACTS §4.5)."""

    name = "post only rests"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """With a time in force that never rests."""
        del context
        if draft.post_only and draft.time_in_force is not TimeInForce.GOOD_TILL_CANCELED:
            yield hard(
                "Post only needs good till canceled: the other times in force never rest.", "post_only"
            )


class ReduceOnly:
    """Reduce only goes with immediate or cancel, and with a position to reduce (FACTS §4.2)."""

    name = "reduce only"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """With another time in force, or with nothing to reduce."""
        if not draft.reduce_only:
            return
        if draft.time_in_force is not TimeInForce.IMMEDIATE_OR_CANCEL:
            yield hard("Reduce only goes with immediate or cancel only. Choose that.", "reduce_only")
        against = -context.position if draft.book_side is BookSide.BID else context.position
        if against <= COUNT_ZERO:
            yield hard("You hold nothing here that this order would reduce.", "reduce_only")
