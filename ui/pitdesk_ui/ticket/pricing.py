"""Prices and sizes taken from the book and the account: Join, Mid, Take and Max. Never from a guess."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.cost import order_cost
from pitdesk.orders import BookSide, OrderDraft, Outcome, Verb
from pitdesk.quantities import COUNT_ZERO, PRICE_ZERO, Count, Dollars, Price, PriceRanges, QuantityError
from pitdesk.typed_text import parse_price

if TYPE_CHECKING:
    from pitdesk.desk.market_data import BookView
    from pitdesk.markets import Book, FeeSchedule

_MOST_CONTRACTS = 9_999_999


class Pick(Enum):
    """Where a price is taken from. The value is what the button shows."""

    JOIN = "Join"
    MID = "Mid"
    TAKE = "Take"


def picked_price(pick: Pick, verb: Verb, view: BookView, grid: PriceRanges) -> Price:
    """The limit price in ``verb``'s outcome; ``grid`` is the market's own, of Yes.

    Raises QuantityError with a plain sentence when the book is stale or the side needed is empty.
    """
    if view.book is None:
        raise QuantityError(f"{pick.value} needs the book, which has not arrived yet. Type a price instead.")
    if not view.fresh:
        raise QuantityError(
            f"{pick.value} needs a live book; this one is {view.age_s:.0f} s old. Type a price instead."
        )
    return verb.outcome.restate(_yes_price(pick, verb.book_side, view.book, grid))


def restated_price(text: str, grid: PriceRanges) -> Price | None:
    """A typed price at its level of the book, told in the other outcome: 42¢ Yes becomes 58¢ No.

    ``grid``: the prices of the outcome that ``text`` was typed for. None where it is none of them.
    """
    try:
        return parse_price(text, grid).complement()
    except QuantityError:
        return None


def _yes_price(pick: Pick, side: BookSide, book: Book, grid: PriceRanges) -> Price:
    bid, ask = book.best_bid, book.best_ask
    own, against = (bid, ask) if side is BookSide.BID else (ask, bid)
    if pick is Pick.JOIN and own is not None:
        return own.price
    if pick is Pick.TAKE and against is not None:
        return against.price
    if pick is Pick.MID and bid is not None and ask is not None:
        return _middle(bid.price, ask.price, side, grid)
    wants_bid = (side is BookSide.BID) == (pick is Pick.JOIN) if pick is not Pick.MID else bid is None
    nobody = "bids for" if wants_bid else "offers"
    what = "no middle" if pick is Pick.MID else f"no price to {pick.value.lower()}"
    raise QuantityError(f"Nobody {nobody} Yes now, so there is {what}. Type a price instead.")


def _middle(bid: Price, ask: Price, side: BookSide, grid: PriceRanges) -> Price:
    """Half way; where that is no legal price, the next one that is less eager."""
    half = Price((bid.units + ask.units) // 2)
    exact = (bid.units + ask.units) % 2 == 0
    if exact and grid.holds(half):
        return half
    below, above = grid.nearest_below(half), grid.up(half)
    if side is BookSide.BID:
        return below if below is not None else bid
    return above if above is not None else ask


def most_contracts(
    draft: OrderDraft, schedule: FeeSchedule, *, position: Count, cash: Dollars | None
) -> Count:
    """The most that can be sold of what is held, else the most whole contracts that the cash pays for.

    ``draft`` names verb and price; its count is not looked at. Raises QuantityError with a plain sentence
    where there is none.
    """
    held = position if draft.verb.outcome is Outcome.YES else -position
    if not draft.verb.is_buy and held > COUNT_ZERO:
        return held
    if cash is None:
        raise QuantityError("The cash is not known yet, so neither is the most you can buy.")
    found = _affordable(draft, schedule, position, cash)
    if not found:
        raise QuantityError(f"{cash} of cash does not pay for one contract at {draft.price}.")
    return Count.of(found)


def _affordable(draft: OrderDraft, schedule: FeeSchedule, position: Count, cash: Dollars) -> int:
    low, high = 0, _MOST_CONTRACTS
    while low < high:
        middle = (low + high + 1) // 2
        cost = order_cost(replace(draft, count=Count.of(middle)), schedule, position=position, cash=cash)
        if cost.cash_after is not None and cost.cash_after.units >= 0:
            low = middle
        else:
            high = middle - 1
    return low if draft.price > PRICE_ZERO else 0
