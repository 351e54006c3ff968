"""What the exchange's day (New York's) spent and lost so far, from its own fills and settlements.

Nothing is kept on disk: after a restart both are read again, so that neither a crash nor a new computer
forgets them. Spent is what was paid for contracts that opened, and all fees. Lost is the lowest that realized
money stood at, at any moment of the day: a limit that was reached stays reached until midnight.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pitdesk.desk.exchange_hours import exchange_day, exchange_day_start_ms
from pitdesk.desk.positions import after_fill, opened, signed
from pitdesk.markets import Position
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, PRICE_ONE, Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from pitdesk.clock import Clock
    from pitdesk.markets import Settlement
    from pitdesk.orders import Fill

    Where = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held in a market: signed, Yes above zero, and what that cost."""

    count: Count = COUNT_ZERO
    cost: Dollars = DOLLARS_ZERO


@dataclass(frozen=True, slots=True)
class _Part:
    """One market's share of the day: spent, and each change of realized money by its instant, Unix ms."""

    spent: int = 0
    realized: tuple[tuple[int, int], ...] = ()


class DayMoney:
    """``holding``: what is held now in a market of our own subaccount; others begin with nothing."""

    def __init__(
        self, clock: Clock, holding: Callable[[str], Holding], subaccount: int | None = None
    ) -> None:
        self._clock, self._holding = clock, holding
        self._own = subaccount or 0
        self._fills: dict[Where, list[tuple[int, str, Fill]]] = {}
        self._settled: dict[str, Settlement] = {}
        self._parts: dict[Where, _Part] = {}
        self._dirty: set[Where] = set()
        self._day: date | None = None
        self._spent = 0
        self._lowest: int | None = None

    def take(self, fill: Fill) -> None:
        """A fill that was not known before."""
        where = (fill.ticker, fill.subaccount or 0)
        insort(self._fills.setdefault(where, []), (fill.created_ms, fill.trade_id, fill))
        self._dirty.add(where)

    def settled(self, settlements: Iterable[Settlement]) -> None:
        """What the exchange says was paid out since the day began."""
        for one in settlements:
            if self._settled.get(one.ticker) != one:
                self._settled[one.ticker] = one
                self._dirty.add((one.ticker, self._own))

    def moved(self, ticker: str) -> None:
        """What is held in a market changed."""
        self._dirty.add((ticker, self._own))

    @property
    def spent(self) -> Dollars:
        """Paid today for contracts that opened, and all fees."""
        self._freshen()
        return Dollars(self._spent)

    @property
    def loss(self) -> Dollars:
        """The most that today was down in realized money, fees included; zero where it never was."""
        self._freshen()
        if self._lowest is None:
            changes = sorted(each for part in self._parts.values() for each in part.realized)
            self._lowest = min(accumulate((change for _, change in changes), initial=0))
        return Dollars(-self._lowest)

    def _freshen(self) -> None:
        day = exchange_day(self._clock.wall_ms())
        if day != self._day:
            self._day, self._parts, self._spent, self._lowest = day, {}, 0, None
            self._dirty = set(self._fills) | {(ticker, self._own) for ticker in self._settled}
        if not self._dirty:
            return
        began_ms = exchange_day_start_ms(self._clock.wall_ms())
        for where in self._dirty:
            before, now = self._parts.get(where, _Part()), self._part(where, began_ms)
            if now != before:
                self._parts[where] = now
                self._spent += now.spent - before.spent
                self._lowest = None
        self._dirty.clear()

    def _part(self, where: Where, began_ms: int) -> _Part:
        ticker, subaccount = where
        fills = self._fills.get(where, [])
        start = bisect_left([at_ms for at_ms, _, _ in fills], began_ms)
        older, today = [line[2] for line in fills[:start]], [line[2] for line in fills[start:]]
        paid = self._settled.get(ticker) if subaccount == self._own else None
        if paid is not None and paid.settled_ms < began_ms:
            paid = None
        if not today and paid is None:
            return _Part()
        end = self._end(ticker, paid) if subaccount == self._own else None
        part = _played(began_with(end, older, today), today)
        if paid is None:
            return part
        change = (paid.revenue - paid.cost).units
        return _Part(part.spent, (*part.realized, (paid.settled_ms, change)))

    def _end(self, ticker: str, paid: Settlement | None) -> Holding:
        return self._holding(ticker) if paid is None else Holding(paid.count, paid.cost)


def began_with(end: Holding | None, older: Sequence[Fill], today: Sequence[Fill]) -> Holding:
    """What was held before ``today``'s fills, ``end`` being held after them (None: not known, so none).

    Its cost is worked out backwards; where a position went through zero meanwhile, from the ``older`` fills
    since it last was zero; where these do not reach so far, it is taken to be the dearest there is.
    """
    if end is None:
        return Holding()
    count = end.count - Count(sum(signed(fill).units for fill in today))
    if not count:
        return Holding()
    cost = _cost_backwards(end, today)
    if cost is None:
        cost = _cost_of_older(count, older)
    if cost is None:
        return Holding(count, PRICE_ONE * abs(count))
    return Holding(count, min(max(cost, DOLLARS_ZERO), PRICE_ONE * abs(count)))


def _cost_backwards(end: Holding, today: Sequence[Fill]) -> Dollars | None:
    count, cost = end.count, end.cost
    for fill in reversed(today):
        before = count - signed(fill)
        opening = opened(before, fill)
        if opening == fill.count:
            if not before:
                return None  # it began with nothing here: what was before cannot be told from what is after
            cost -= _leg_cost(fill, opening)
        elif not count or opening:
            return None
        else:
            cost = Dollars(cost.units * abs(before).units // abs(count).units)
        count = before
    return cost


def _cost_of_older(count: Count, older: Sequence[Fill]) -> Dollars | None:
    at = count
    for place in range(len(older) - 1, -1, -1):
        at -= signed(older[place])
        if not at:
            position = _nothing(older[place].ticker)
            for fill in older[place:]:
                position, _ = after_fill(position, fill)
            return position.exposure
    return None


def _played(start: Holding, fills: Sequence[Fill]) -> _Part:
    """The fills one after the other from what was held."""
    spent, realized = 0, []
    if not fills:
        return _Part()
    position = Position(fills[0].ticker, start.count, start.cost, DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO)
    for fill in fills:
        spent += _leg_cost(fill, opened(position.count, fill)).units + fill.fee.units
        after, _ = after_fill(position, fill)
        change = (after.realized - position.realized - fill.fee).units
        if change:
            realized.append((fill.created_ms, change))
        position = after
    return _Part(spent, tuple(realized))


def _leg_cost(fill: Fill, count: Count) -> Dollars:
    return fill.book_side.leg(fill.yes_price) * count


def _nothing(ticker: str) -> Position:
    return Position(ticker, COUNT_ZERO, DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO)
