"""What the working orders come to: how many, the cash they hold, and the worst that they can bring.

Kept up row by row, so that a change costs the same however many orders rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.orders import BookSide
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.desk.blotter_row import BlotterRow


@dataclass(frozen=True, slots=True)
class _Part:
    """One row's part: what it loses should Yes or No come true, if all that remains fills."""

    ticker: str
    committed: int
    lost_if_yes: int
    lost_if_no: int


class Totals:
    """Sums over rows. ``worst``: whichever of them fill and however each market ends, before fees.

    In one market orders of both sides may rest: at worst only those fill that lose, and just one side can.
    """

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._by_market: dict[str, tuple[int, int]] = {}
        self._committed = 0
        self._worst = 0

    @classmethod
    def of(cls, rows: Iterable[BlotterRow]) -> Totals:
        """The sums of some rows."""
        made = cls()
        for row in rows:
            made.put(row)
        return made

    @property
    def count(self) -> int:
        """Rows summed."""
        return len(self._parts)

    @property
    def committed(self) -> Dollars:
        """Cash held back."""
        return Dollars(self._committed)

    @property
    def worst(self) -> Dollars:
        """Zero or below."""
        return Dollars(self._worst)

    def put(self, row: BlotterRow) -> None:
        """Take a row in, or its newer state."""
        self.drop(row.key)
        part = _part(row)
        self._parts[row.key] = part
        self._add(part, 1)

    def drop(self, key: str) -> None:
        """Leave a row out from now on."""
        part = self._parts.pop(key, None)
        if part is not None:
            self._add(part, -1)

    def _add(self, part: _Part, sign: int) -> None:
        if_yes, if_no = self._by_market.get(part.ticker, (0, 0))
        self._worst += max(if_yes, if_no)
        if_yes, if_no = if_yes + sign * part.lost_if_yes, if_no + sign * part.lost_if_no
        self._worst -= max(if_yes, if_no)
        self._by_market[part.ticker] = (if_yes, if_no)
        self._committed += sign * part.committed


def _part(row: BlotterRow) -> _Part:
    price, count = row.yes_price, row.remaining
    if row.book_side is BookSide.BID:
        return _Part(row.ticker, row.committed.units, 0, (price * count).units)
    return _Part(row.ticker, row.committed.units, (price.complement() * count).units, 0)


def totals_text(totals: Totals, *, selected: bool) -> str:
    """``7 working  ·  $418.30 committed  ·  worst case −$402.11``."""
    if not totals.count:
        return ""
    what = "selected" if selected else "working"
    return f"{totals.count:,} {what}  ·  {totals.committed} committed  ·  worst case {totals.worst}"
