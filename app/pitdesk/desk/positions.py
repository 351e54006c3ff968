"""The arithmetic of one position: what it is worth, what it gained, and what a fill makes of it."""

from __future__ import annotations

from pitdesk.markets import Position, Quote
from pitdesk.orders import BookSide, Fill
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, PRICE_ONE, Count, Dollars


def mark(position: Position, quote: Quote) -> Dollars | None:
    """What ``position`` would bring now: Yes at the bid, No at the bid of No, one dollar less the ask of Yes.

    None where nobody bids for what is held.
    """
    if position.count >= COUNT_ZERO:
        return quote.bid * position.count if quote.bid is not None else None
    return quote.ask.complement() * -position.count if quote.ask is not None else None


def gain(position: Position, worth: Dollars) -> Dollars:
    """Realized profit less fees, plus what is held at ``worth`` less what it cost."""
    return position.realized - position.fees + worth - position.exposure


def settled(position: Position, result: str) -> Dollars | None:
    """What ``position`` brings by the market's ``result``; None where that is neither yes nor no."""
    if result not in ("yes", "no"):
        return None
    wins = (position.count > COUNT_ZERO) == (result == "yes")
    return PRICE_ONE * abs(position.count) if wins else DOLLARS_ZERO


def opened(before: Count, fill: Fill) -> Count:
    """How many contracts of ``fill`` opened, with ``before`` held: the rest closed (FACTS §4.3)."""
    against = -before if fill.book_side is BookSide.BID else before
    return fill.count - min(max(against, COUNT_ZERO), fill.count)


def signed(fill: Fill) -> Count:
    """What ``fill`` made of the position: more Yes is above zero."""
    return fill.count if fill.book_side is BookSide.BID else -fill.count


def after_fill(
    before: Position | None,
    fill: Fill,
) -> tuple[Position, Dollars]:
    """The position after ``fill``, and how the cash changes by it (below zero when it costs).

    Kalshi nets: what goes against the position held closes it, at the price of the outcome held, and only the
    rest opens (FACTS §4.3).
    """
    held = before or Position(fill.ticker, COUNT_ZERO, DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO)
    buys_yes = fill.book_side is BookSide.BID
    opening = opened(held.count, fill)
    closing = fill.count - opening
    leg = fill.yes_price if buys_yes else fill.yes_price.complement()
    cost, proceeds = leg * opening, leg.complement() * closing
    cost_of_closed = _share(held.exposure, closing, abs(held.count))
    position = Position(
        fill.ticker,
        held.count + signed(fill),
        held.exposure - cost_of_closed + cost,
        held.realized + proceeds - cost_of_closed,
        held.fees + fill.fee,
        held.total_traded + cost,
    )
    return position, proceeds - cost - fill.fee


def _share(cost: Dollars, part: Count, whole: Count) -> Dollars:
    """The part of ``cost`` that falls on ``part`` of ``whole`` contracts, to the nearest $0.000001."""
    if not whole:
        return DOLLARS_ZERO
    return Dollars((cost.units * part.units * 2 + whole.units) // (whole.units * 2))
