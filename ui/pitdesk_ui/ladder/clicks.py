"""What a click on the ladder means, and how it is told before it is made. Pure: no Qt, nothing is sent here.

The ladder trades Yes, whatever verb the ticket is set to: a click in Bids buys Yes at the row's price, one
in Asks sells Yes there. It takes the size chosen over the ladder and, of the ticket, only how an order rests:
time in force, expiry, post only and the rest. The ticket itself is never changed by it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.cost import OrderCost, would_take
from pitdesk.orders import BookSide, OrderDraft, TimeInForce, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Price, QuantityError
from pitdesk_ui.ladder.foot import Line
from pitdesk_ui.ticket.entry import Entry, Field, read
from pitdesk_ui.ticket.lines import button_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.limits import Issue
    from pitdesk.markets import Book, Market

_VERBS = {BookSide.BID: Verb.BUY_YES, BookSide.ASK: Verb.SELL_YES}
_FIELD_WORDS = {
    Field.TIME_IN_FORCE: "Time in force",
    Field.EXPIRES: "Expires",
    Field.POST_ONLY: "Post only",
    Field.REDUCE_ONLY: "Reduce only",
    Field.GROUP: "Order group",
    Field.SUBACCOUNT: "Subaccount",
    Field.SHARD: "Exchange shard",
}


def click_draft(
    terms: Entry, market: Market, side: BookSide, yes_price: Price, size: Count, now_ms: int
) -> OrderDraft:
    """The order that a click on ``side`` at ``yes_price`` sends; ``terms`` are the ticket's fields.

    Raises QuantityError with a plain sentence where an option of the ticket stands in the way.
    """
    verb = _VERBS[side]
    reading = read(replace(terms, verb=verb, count_text="1", price_text=str(yes_price)), market, now_ms)
    if reading.draft is None:
        raise QuantityError(_in_the_way(reading.problems))
    return replace(reading.draft, verb=verb, count=size, price=yes_price)


def _in_the_way(problems: dict[Field, str]) -> str:
    place, sentence = next(iter(problems.items()), (None, "An option of the ticket stands in the way."))
    words = _FIELD_WORDS.get(place) if place is not None else None
    return f"In the ticket, {words}: {sentence}" if words else sentence


def order_line(draft: OrderDraft, cost: OrderCost, book: Book | None, issues: Sequence[Issue] = ()) -> Line:
    """Exactly what a click would send: ``Buy 10 Yes at 42¢  ·  $4.37``, and beneath it what else matters.

    ``issues`` are the limits', the hard ones first: what refuses the click or asks first is said before all.
    """
    if issues and issues[0].is_hard:
        return Line("A click here would be refused", issues[0].sentence, "warning")
    if issues:
        return Line(button_text(draft, cost), f"Asks first: {issues[0].sentence}", "warning")
    told = [part for part in (_at_once(draft, book), *_options(draft), _other_name(draft, cost)) if part]
    if not told and cost.ahead_in_queue is not None:
        told = [f"{cost.ahead_in_queue or 'Nobody'} ahead in the queue"]
    role = "positive" if draft.book_side is BookSide.BID else "negative"
    return Line(button_text(draft, cost), "  ·  ".join(told), role)


def _at_once(draft: OrderDraft, book: Book | None) -> str:
    taken = would_take(draft, book) if book is not None else COUNT_ZERO
    if not taken:
        return ""
    return "Trades at once" if taken == draft.count else f"{taken} trade at once"


def _options(draft: OrderDraft) -> list[str]:
    """The ticket's options that go along, where they are not the usual ones."""
    told = []
    if draft.time_in_force is not TimeInForce.GOOD_TILL_CANCELED:
        told.append(draft.time_in_force.words)
    if draft.post_only:
        told.append("Post only")
    if draft.reduce_only:
        told.append("Reduce only")
    if draft.order_group_id is not None:
        told.append(f"Group {draft.order_group_id}")
    if draft.subaccount is not None:
        told.append(f"Subaccount {draft.subaccount}")
    return told


def _other_name(draft: OrderDraft, cost: OrderCost) -> str:
    """Selling what is not held buys No: said, because it costs money instead of bringing any."""
    if draft.verb.is_buy or cost.opening <= COUNT_ZERO:
        return ""
    return f"buys {cost.opening} No at {draft.price.complement()}"


def idle_line(*, safe: str, size: Count | None, why_not_armed: str = "") -> Line:
    """What clicks do now, while none is aimed at a cell. ``safe``: what arms, as "Ctrl+L arms"; empty while
    armed."""
    if safe:
        return Line(
            "Safe: a click fills the ticket's price", why_not_armed or f"{safe} one-click orders", "muted"
        )
    if size is None:
        return Line(
            "Armed: choose a size to place orders",
            "Until then a click fills the ticket's price",
            "muted",
        )
    return Line(
        f"Armed: Bids buys, Asks sells {size} Yes", "Drag moves yours, right click cancels", "warning"
    )


def fill_line(yes_price: Price, terms: Entry, *, safe: str, size: Count | None, on_depth: bool) -> Line:
    """A click that only fills the ticket, with what keeps it from placing where it is in Bids or Asks."""
    outcome = terms.verb.outcome
    price = outcome.restate(yes_price)
    text = f"Fill {price} {outcome.word} into the ticket"
    if not on_depth:
        return Line(text)
    if safe:
        return Line(text, f"Safe: {safe} one-click orders")
    return Line(text, "Choose a click size to place orders here" if size is None else "")
