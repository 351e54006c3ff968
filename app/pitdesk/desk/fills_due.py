"""Executions that an order has told of before its fills did: until they come, the position is too small.

An order's own message, or the answer to its create, says how much of it filled; the fill that moves the
position comes by another message, a moment later (FACTS §15). Between the two it counts as if it were open.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from pitdesk.desk.open_sums import OpenSums, SideSums, leg_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.orders import BookSide, Fill

READ_LAG_S = 5.0
"""How long a read of positions may leave out a fill that was told before it was asked; 0.36 s was seen."""
_NEVER = 2**63


@dataclass(slots=True)
class _Due:
    """Of one order: ``told`` by itself since it was first looked at, ``seen`` as fills, in 0.01 contracts."""

    ticker: str
    side: BookSide
    leg: int
    since_ms: int
    told: int
    seen: int
    counted: int = 0
    at: float = 0.0


class FillsDue:
    """Counts them in ``sums``. ``now``: seconds of a clock that only goes forward."""

    def __init__(self, sums: OpenSums, now: Callable[[], float] = monotonic) -> None:
        self._sums, self._now = sums, now
        self._due: dict[str, _Due] = {}
        self._fills: dict[str, list[tuple[int, int, float]]] = {}

    def order_moved(self, before: BlotterRow | None, after: BlotterRow) -> None:
        """A row's order moved. What an order had filled when it was first met is in the position already."""
        if before is None or after.order is None:
            return
        told = after.order.fill_count.units
        was = 0 if before.order is None else before.order.fill_count.units
        if told <= was:
            return
        order_id = after.order.order_id
        due, leg = self._due.get(order_id), leg_of(after.book_side, after.yes_price)
        if due is None:
            since_ms = _since_ms(before)
            seen = sum(count for at_ms, count, _ in self._fills.get(order_id, ()) if at_ms > since_ms)
            due = self._due[order_id] = _Due(after.ticker, after.book_side, leg, since_ms, 0, seen)
        due.told += told - was
        due.at = self._now()
        self._count(due, max(leg, due.leg))

    def fill_seen(self, fill: Fill) -> None:
        """A fill that was not known before."""
        count = fill.count.units
        self._fills.setdefault(fill.order_id, []).append((fill.created_ms, count, self._now()))
        due = self._due.get(fill.order_id)
        if due is not None and fill.created_ms > due.since_ms:
            due.seen += count
            self._count(due)

    def missing(self) -> dict[tuple[str, BookSide], SideSums]:
        """What is on its way, by market and side; mostly empty."""
        found: dict[tuple[str, BookSide], SideSums] = {}
        for due in self._due.values():
            if due.counted:
                found.setdefault((due.ticker, due.side), SideSums()).add(due.leg, due.counted)
        return found

    def positions_read(self, asked_at: float) -> None:
        """The positions were read, as asked for at ``asked_at``: what was told well before is in them."""
        until = asked_at - READ_LAG_S
        for order_id, due in list(self._due.items()):
            if due.at <= until:
                del self._due[order_id]
                due.told = due.seen
                self._count(due)
        for order_id, fills in list(self._fills.items()):
            if fills[-1][2] <= until:
                del self._fills[order_id]

    def _count(self, due: _Due, leg: int = 0) -> None:
        """``leg``: what its contracts cost from now on, where the order was made dearer."""
        if leg > due.leg:
            if due.counted:
                self._sums.add(due.ticker, due.side, due.leg, -due.counted)
            due.leg, due.counted = leg, 0
        missing = max(due.told - due.seen, 0)
        if missing != due.counted:
            self._sums.add(due.ticker, due.side, due.leg, missing - due.counted)
            due.counted = missing


def _since_ms(before: BlotterRow) -> int:
    """The exchange's instant up to which ``before`` tells of fills; where it has none, no fill is later."""
    if before.order is None:
        return 0
    return _NEVER if before.order.updated_ms is None else before.order.updated_ms
