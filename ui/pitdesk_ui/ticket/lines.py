"""The words under the ticket: cost lines, the order in both vocabularies, and what the button will do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.cost import OrderCost, would_take
from pitdesk.orders import OrderDraft, Outcome
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price

if TYPE_CHECKING:
    from fractions import Fraction

    from pitdesk.markets import Book

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class CostLines:
    """The summary's figures, as shown. ``both_ways`` tells the order in both vocabularies."""

    cost: str = NOTHING
    fee: str = NOTHING
    all_in: str = NOTHING
    break_even: str = NOTHING
    ahead: str = NOTHING
    position_after: str = NOTHING
    cash_after: str = NOTHING
    fee_tip: str = ""
    cost_caption: str = "Cost at limit"
    fee_caption: str = "Fee, at most"
    cash_short: bool = False
    both_ways: str = ""


def cost_lines(draft: OrderDraft, cost: OrderCost, book: Book | None) -> CostLines:
    """What ``draft`` costs and leaves, to the cent on the cautious side. Without a fresh ``book`` nothing
    is said of the queue."""
    net = cost.cost - cost.proceeds
    brings = net < DOLLARS_ZERO
    fee = cost.fee
    is_range = fee.least != fee.most
    return CostLines(
        cost=str((-net).cents_down() if brings else _at_most(net)),
        fee=str(_at_most(fee.most)),
        all_in=_all_in(cost.all_in),
        break_even=_break_even(draft, cost.break_even),
        ahead=_ahead(draft, cost, book),
        position_after=held_text(cost.position_after),
        cash_after=NOTHING if cost.cash_after is None else str(cost.cash_after.cents_down()),
        fee_tip=_fee_tip(fee.least, fee.most),
        cost_caption="Proceeds at limit" if brings else "Cost at limit",
        fee_caption=f"Fee, at most (at best {fee.least.cents_down()})" if is_range else "Fee",
        cash_short=cost.cash_after is not None and cost.cash_after < DOLLARS_ZERO,
        both_ways=both_vocabularies(draft, cost),
    )


def button_text(draft: OrderDraft, cost: OrderCost | None) -> str:
    """``Buy 100 Yes at 42¢  ·  $43.71``; the amount says so when it comes in."""
    if cost is None:
        return draft.sentence()
    return f"{draft.sentence()}  ·  {_all_in(cost.all_in)}"


def both_vocabularies(draft: OrderDraft, cost: OrderCost) -> str:
    """``Buy No at 58¢ = sell Yes at 42¢; you hold 40 Yes, after: 60 No``."""
    action, outcome = draft.verb.mirror.value.split(" ")
    return (
        f"{draft.verb.value} at {draft.price} = {action.lower()} {outcome} at {draft.price.complement()}; "
        f"you hold {held_text(cost.position_before)}, after: {held_text(cost.position_after)}"
    )


def held_text(position: Count) -> str:
    """``40 Yes``, ``60 No`` or ``none``."""
    if position == COUNT_ZERO:
        return "none"
    return f"{abs(position)} {'Yes' if position > COUNT_ZERO else 'No'}"


def position_caption(position: Count, average: Price | None) -> str:
    """The head of the ticket: ``Position 40 Yes @ 39.5¢``."""
    if position == COUNT_ZERO:
        return "No position"
    at = "" if average is None else f" @ {_to_tenth(average)}"
    return f"Position {held_text(position)}{at}"


def _to_tenth(price: Price) -> Price:
    """An average to a tenth of a cent: more decimals tell nothing."""
    return Price((price.units + 5) // 10 * 10)


def _at_most(amount: Dollars) -> Dollars:
    """To a cent that is not exceeded: what comes in is told lower, what goes out higher."""
    return -(-amount).cents_down()


def _all_in(amount: Dollars) -> str:
    most = _at_most(amount)
    return f"+{-most}" if most < DOLLARS_ZERO else str(most)


def _break_even(draft: OrderDraft, chance_of_yes: Fraction) -> str:
    chance = chance_of_yes if draft.verb.outcome is Outcome.YES else 1 - chance_of_yes
    hundredths = round(chance * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}% {draft.verb.outcome.word}"


def _ahead(draft: OrderDraft, cost: OrderCost, book: Book | None) -> str:
    if book is None:
        return NOTHING
    taken = min(would_take(draft, book), cost.opening + cost.closing)
    if taken == draft.count:
        return "none, fills at once"
    if taken:
        return f"none, {taken} fill at once"
    if cost.ahead_in_queue is not None:
        return str(cost.ahead_in_queue)
    return "refused: it would trade" if draft.post_only else "nothing fills now"


def _fee_tip(least: Dollars, most: Dollars) -> str:
    if least == most:
        return f"{most.to_wire(2)} dollars, whichever way it fills. A fee falls only on what fills."
    return (
        f"From ${least.to_wire(2)} if all of it rests first, to ${most.to_wire(2)} if all of it takes. "
        "A fee falls only on what fills."
    )
