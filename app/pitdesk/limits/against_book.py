"""The price held against the market: how far through the touch, how sure the touch is, whom it would meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.limits.model import Issue, LimitContext, confirm, hard
from pitdesk.orders import BookSide, OrderDraft
from pitdesk.quantities import PRICE_ZERO, Price

if TYPE_CHECKING:
    from collections.abc import Iterator


class DistanceThroughTouch:
    """No price far on the wrong side of the market: buying above the ask, selling below the bid."""

    name = "distance through the touch"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Beyond the limit, or beyond what asks first. What stays behind the touch is never far."""
        touch = _against(draft, context)
        if touch is None:
            return
        through = _through(draft, touch)
        values, shown = context.values, draft.verb.outcome.restate(touch)
        if through > values.through_hard:
            last = _moved(draft, touch, values.through_hard)
            bound = "highest" if draft.verb.is_buy else "lowest"
            yield hard(
                f"{draft.price} is {through} worse than {shown}, the best price there. The {bound} "
                f"allowed now is {last}.",
                "price",
            )
        elif through > values.through_confirm:
            yield confirm(
                f"{draft.price} is {through} worse than {shown}, the best price there. Send anyway?", "price"
            )


class FreshBook:
    """A price typed while the book is old is asked about."""

    name = "fresh book"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """The book is older than promised."""
        del draft
        if not context.fresh:
            age = f"{int(context.book_age_s)} seconds old"
            yield confirm(f"The book shown is {age}: the price may have moved. Send anyway?", "price")


class NarrowMarket:
    """Where the market is wide or nobody quotes, the price cannot be held against anything."""

    name = "narrow market"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """Neither side quoted, or both but far apart."""
        bid, ask = context.bid, context.ask
        if bid is None and ask is None:
            yield confirm("Nobody quotes this market now. Send at your price anyway?", "price")
        elif bid is not None and ask is not None and ask - bid > context.values.spread_confirm:
            low, high = sorted((draft.verb.outcome.restate(bid), draft.verb.outcome.restate(ask)))
            yield confirm(f"The market is wide, {low} to {high}. Send at {draft.price} anyway?", "price")


class PostOnlyCrosses:
    """A post-only order that would trade at once is refused by the exchange (FACTS §4.2)."""

    name = "post only crosses"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """The price meets the touch as shown."""
        touch = _against(draft, context)
        if draft.post_only and touch is not None and _through(draft, touch) >= PRICE_ZERO:
            shown = draft.verb.outcome.restate(touch)
            yield confirm(
                f"Post only at {draft.price} meets {shown}: the exchange refuses it unless the market moves. "
                "Send anyway?",
                "post_only",
            )


class OwnOrders:
    """An order that would meet one's own is asked about (FACTS §4.5)."""

    name = "own orders"

    def issues(self, draft: OrderDraft, context: LimitContext) -> Iterator[Issue]:
        """An own order rests on the other side at a price that it would trade at."""
        for own in context.own:
            if own.book_side is not draft.book_side and _through(draft, own.yes_price) >= PRICE_ZERO:
                shown = draft.verb.outcome.restate(own.yes_price)
                yield confirm(f"You have an order of your own at {shown} that this would meet. Send anyway?")
                return


def _against(draft: OrderDraft, context: LimitContext) -> Price | None:
    return context.ask if draft.book_side is BookSide.BID else context.bid


def _through(draft: OrderDraft, touch: Price) -> Price:
    """How far the limit goes beyond ``touch``; below zero where it stays behind."""
    return draft.yes_price - touch if draft.book_side is BookSide.BID else touch - draft.yes_price


def _moved(draft: OrderDraft, touch: Price, distance: Price) -> Price:
    moved = touch + distance if draft.book_side is BookSide.BID else touch - distance
    return draft.verb.outcome.restate(moved)
