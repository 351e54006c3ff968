"""Running sums of everything that may still execute, by market and side, kept with each change.

What counts: orders working, being sent, changed or unconfirmed, in full; executions that an order has told of
and that the position does not show yet; and what is about to be sent or changed. Whole numbers only: a *leg*
is what a contract of the outcome bought costs in $0.0001, counts are in 0.01, costs in $0.000001.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pitdesk.desk.blotter_row import RowPhase
from pitdesk.events import Listeners
from pitdesk.orders import BookSide
from pitdesk.quantities import PRICE_ONE, Price

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.orders import OrderDraft

    Held = tuple[str, BookSide, int, int]


@dataclass(slots=True)
class SideSums:
    """One side of one market: counts by leg, and their sums."""

    levels: dict[int, int] = field(default_factory=dict)
    count: int = 0
    cost: int = 0

    def add(self, leg: int, count: int) -> None:
        """Count ``count`` more at ``leg``; below zero takes away."""
        level = self.levels.get(leg, 0) + count
        if level:
            self.levels[leg] = level
        else:
            self.levels.pop(leg, None)
        self.count += count
        self.cost += leg * count

    def copy(self) -> SideSums:
        """One of its own."""
        return SideSums(dict(self.levels), self.count, self.cost)


@dataclass(slots=True)
class MarketSums:
    """One market. ``resting`` are own orders alone; ``rows`` and ``unconfirmed`` count them."""

    sides: dict[BookSide, SideSums] = field(default_factory=lambda: {side: SideSums() for side in BookSide})
    resting: dict[BookSide, SideSums] = field(default_factory=lambda: {side: SideSums() for side in BookSide})
    rows: int = 0
    unconfirmed: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing is left to be remembered."""
        return not self.rows and not any(sums.levels for sums in self.sides.values())


class OpenSums:
    """The sums of all markets. ``touched`` is told a ticker at once, each time its sums changed."""

    def __init__(self) -> None:
        self.touched: Listeners[str] = Listeners()
        self.rows = 0
        self._markets: dict[str, MarketSums] = {}

    def of(self, ticker: str) -> MarketSums:
        """The sums of one market; not to be changed by the one who asks."""
        return self._markets.get(ticker) or MarketSums()

    def tickers(self) -> Iterable[str]:
        """The markets that anything is counted in."""
        return self._markets.keys()

    def take(self, before: BlotterRow | None, after: BlotterRow) -> None:
        """A row came, or took the place of ``before``."""
        was, now = _counts(before), _counts(after)
        if was == now:
            return
        if was is not None:
            self._count(was, -1)
        if now is not None:
            self._count(now, 1)
        self.touched.emit(after.ticker)

    def add(self, ticker: str, side: BookSide, leg: int, count: int) -> None:
        """Count something that is no row; below zero takes it away."""
        market = self._market(ticker)
        market.sides[side].add(leg, count)
        if count < 0:
            self._drop_if_empty(ticker, market)
        self.touched.emit(ticker)

    def hold(self, parts: Iterable[Held], rows: int = 0) -> Callable[[], None]:
        """Count what is about to be asked, as so many ``rows``, until the function given back is called, once
        or oftener."""
        held, rows_held = list(parts), [rows]
        self.rows += rows
        for ticker, side, leg, count in held:
            self.add(ticker, side, leg, count)

        def release() -> None:
            self.rows -= rows_held.pop() if rows_held else 0
            while held:
                ticker, side, leg, count = held.pop()
                self.add(ticker, side, leg, -count)

        return release

    def _count(self, counts: _Counts, sign: int) -> None:
        ticker, side, leg, count, unconfirmed = counts
        market = self._market(ticker)
        market.sides[side].add(leg, sign * count)
        market.resting[side].add(leg, sign * count)
        market.rows += sign
        market.unconfirmed += sign * unconfirmed
        self.rows += sign
        if sign < 0:
            self._drop_if_empty(ticker, market)

    def _market(self, ticker: str) -> MarketSums:
        market = self._markets.get(ticker)
        if market is None:
            market = self._markets[ticker] = MarketSums()
        return market

    def _drop_if_empty(self, ticker: str, market: MarketSums) -> None:
        if market.is_empty:
            self._markets.pop(ticker, None)


_UNCONFIRMED = RowPhase.UNCONFIRMED
_Counts = tuple[str, BookSide, int, int, int]


def _counts(row: BlotterRow | None) -> _Counts | None:
    """What a row counts for, None once it has ended."""
    if row is None or row.phase.is_final:
        return None
    order = row.order
    if order is None:
        leg = leg_of(row.book_side, row.yes_price)
        return row.ticker, row.book_side, leg, row.remaining.units, int(row.phase is _UNCONFIRMED)
    leg = leg_of(order.book_side, order.yes_price)
    return order.ticker, order.book_side, leg, order.remaining_count.units, int(row.phase is _UNCONFIRMED)


def part_of(draft: OrderDraft) -> Held:
    """What an order that is about to be sent counts for. A reduce-only one opens nothing, but what it closes
    no other can close."""
    return draft.ticker, draft.book_side, leg_of(draft.book_side, draft.yes_price), draft.count.units


def leg_of(side: BookSide, yes_price: Price) -> int:
    """What one contract of the outcome bought costs, in $0.0001: a bid buys Yes, an ask No (FACTS §4.3)."""
    return yes_price.units if side is BookSide.BID else PRICE_ONE.units - yes_price.units


def parts_of_change(
    ticker: str, side: BookSide, was: tuple[int, int], now: tuple[int, int]
) -> tuple[Held, ...]:
    """What to hold beside an order of (leg, count) ``was`` that may become ``now``, so that the worse of the
    two is counted contract by contract."""
    (old_leg, old), (new_leg, new) = was, now
    parts: list[Held] = []
    if new_leg > old_leg:
        both = min(old, new)
        parts += [(ticker, side, old_leg, -both), (ticker, side, new_leg, both)]
    if new > old:
        parts.append((ticker, side, new_leg, new - old))
    return tuple(parts)
