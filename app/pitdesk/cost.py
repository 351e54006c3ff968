"""What an order costs and leaves behind, before it is sent: the lines under the ticket.

Kalshi nets: an order against the position held closes it first and only the rest opens (FACTS §4.3). Closing
brings money in, opening takes it. Every figure here is at the limit price, the worst the order can trade at.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.fees import FeeRange, fee_range
from pitdesk.orders import BookSide, OrderDraft, Outcome, TimeInForce, Verb
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, PRICE_ONE, PRICE_ZERO, Count, Dollars, Price

if TYPE_CHECKING:
    from pitdesk.markets import Book, FeeSchedule

_MOST_CONTRACTS = 9_999_999


@dataclass(frozen=True, slots=True)
class OrderCost:
    """The money side of one draft, if all of it fills at its limit.

    ``opening``: contracts that open, ``closing``: contracts that close a position held.
    ``cost`` is paid for what opens, ``proceeds`` come from what closes.
    ``gain_yes`` and ``gain_no``: how the result at resolution changes by this order, fee included.
    ``break_even``: the chance of Yes at which the order is worth nothing.
    """

    opening: Count
    closing: Count
    cost: Dollars
    proceeds: Dollars
    fee: FeeRange
    position_before: Count
    position_after: Count
    cash_after: Dollars | None
    ahead_in_queue: Count | None
    gain_yes: Dollars
    gain_no: Dollars
    break_even: Fraction

    @property
    def all_in(self) -> Dollars:
        """Cost less proceeds plus the fee at most; below zero when the order brings money in."""
        return self.cost - self.proceeds + self.fee.most


def order_cost(
    draft: OrderDraft,
    schedule: FeeSchedule,
    *,
    position: Count = COUNT_ZERO,
    cash: Dollars | None = None,
    book: Book | None = None,
) -> OrderCost:
    """The cost of ``draft`` given what is held, the free cash, and the book (None where it is not known)."""
    side, yes_price = draft.book_side, draft.yes_price
    leg = side.leg(yes_price)
    held_against = max(-position if side is BookSide.BID else position, COUNT_ZERO)
    closing = min(held_against, draft.count)
    opening = COUNT_ZERO if draft.reduce_only else draft.count - closing
    traded = opening + closing
    cost, proceeds = leg * opening, leg.complement() * closing
    fee = _fee(draft, schedule, traded, book)
    signed = traded if side is BookSide.BID else -traded
    return OrderCost(
        opening=opening,
        closing=closing,
        cost=cost,
        proceeds=proceeds,
        fee=fee,
        position_before=position,
        position_after=position + signed,
        cash_after=None if cash is None else cash - cost + proceeds - fee.most,
        ahead_in_queue=_ahead(draft, book),
        gain_yes=_gain(side, yes_price, traded, Outcome.YES) - fee.most,
        gain_no=_gain(side, yes_price, traded, Outcome.NO) - fee.most,
        break_even=_break_even(side, yes_price, traded, fee.most),
    )


def _fee(draft: OrderDraft, schedule: FeeSchedule, traded: Count, book: Book | None) -> FeeRange:
    touch = None
    if book is not None:
        level = book.best_ask if draft.book_side is BookSide.BID else book.best_bid
        touch = level.price if level is not None and _crosses(draft, level.price) else None
    return fee_range(
        schedule,
        draft.yes_price,
        traded,
        best_against=touch,
        post_only=draft.post_only,
        takes_only=draft.time_in_force is not TimeInForce.GOOD_TILL_CANCELED,
    )


def _crosses(draft: OrderDraft, against: Price) -> bool:
    return against <= draft.yes_price if draft.book_side is BookSide.BID else against >= draft.yes_price


def contracts_for(
    amount: Dollars, verb: Verb, price: Price, schedule: FeeSchedule, *, post_only: bool = False
) -> Count:
    """The most whole contracts at ``price`` that come to no more than ``amount``, a buy with the dearest fee
    that it can meet: whatever the book, the order is never dearer. None where not even one does."""
    low, high = 0, min(amount.units // (price.units * 100), _MOST_CONTRACTS)
    while low < high:
        middle = (low + high + 1) // 2
        count = Count.of(middle)
        fee = _dearest_fee(verb, price, count, schedule, post_only=post_only) if verb.is_buy else DOLLARS_ZERO
        low, high = (middle, high) if price * count + fee <= amount else (low, middle - 1)
    return Count.of(low)


def _dearest_fee(
    verb: Verb, price: Price, count: Count, schedule: FeeSchedule, *, post_only: bool
) -> Dollars:
    """At most, wherever on the book it trades: the fee is largest nearest to 50¢."""
    is_yes = verb.outcome is Outcome.YES
    yes_price = price if is_yes else price.complement()
    end = PRICE_ZERO if verb.book_side is BookSide.BID else PRICE_ONE
    return fee_range(schedule, yes_price, count, best_against=end, post_only=post_only).most


def would_take(draft: OrderDraft, book: Book) -> Count:
    """Contracts that would trade at once against ``book``: of a post only order none, it is refused, nor of
    a fill or kill that does not find all (FACTS §4.2)."""
    found = min(draft.count, _available(draft, book))
    is_killed = draft.time_in_force is TimeInForce.FILL_OR_KILL and found < draft.count
    return COUNT_ZERO if draft.post_only or is_killed else found


def _available(draft: OrderDraft, book: Book) -> Count:
    levels = book.levels_against(draft.book_side, draft.yes_price)
    return Count(sum(level.count.units for level in levels))


def _ahead(draft: OrderDraft, book: Book | None) -> Count | None:
    """Contracts that would trade before it if it rests, better prices included: the exchange's own count of a
    queue position (openapi GetOrderQueuePosition). None where unknown, or where it meets the other side or
    never rests."""
    if book is None or draft.time_in_force is not TimeInForce.GOOD_TILL_CANCELED or _available(draft, book):
        return None
    return book.ahead_of(draft.book_side, draft.yes_price)


def _gain(side: BookSide, yes_price: Price, count: Count, resolves: Outcome) -> Dollars:
    worth = PRICE_ONE if resolves is Outcome.YES else Price(0)
    per_contract = worth - yes_price if side is BookSide.BID else yes_price - worth
    return per_contract * count


def _break_even(side: BookSide, yes_price: Price, count: Count, fee: Dollars) -> Fraction:
    if not count:
        return Fraction(yes_price.units, PRICE_ONE.units)
    shift = Fraction(fee.units, count.units * PRICE_ONE.units)
    chance = Fraction(yes_price.units, PRICE_ONE.units)
    chance = chance + shift if side is BookSide.BID else chance - shift
    return min(max(chance, Fraction(0)), Fraction(1))
