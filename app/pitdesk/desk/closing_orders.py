"""Which working orders close what is held: those hold back no cash, their collateral is the position itself.

An order against the position closes it, and only what is left opens (FACTS §4.3). Where several orders of a
side are more than what is held, the oldest close it first; the others hold back their full price.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.desk.blotter_row import RowPhase
from pitdesk.orders import BookSide
from pitdesk.quantities import COUNT_ZERO, Count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.desk.blotter_row import BlotterRow


def with_closing(rows: Iterable[BlotterRow], held: Count) -> list[BlotterRow]:
    """The ``rows`` of one market whose closing part is another with ``held`` contracts (above zero Yes, below
    No), as they become. One that is not confirmed closes nothing: it counts in full."""
    closing_side = BookSide.ASK if held > COUNT_ZERO else BookSide.BID
    left, changed = abs(held), []
    for row in sorted(rows, key=lambda row: row.created_ms):
        closing = COUNT_ZERO
        if row.book_side is closing_side and row.phase is not RowPhase.UNCONFIRMED:
            closing = min(left, row.remaining)
        left = left - closing
        if closing != row.closing:
            changed.append(replace(row, closing=closing))
    return changed
