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


@dataclass(slots=True)
class _Market:
    """The parts of one market added up."""

    count: int = 0
    committed: int = 0
    lost_if_yes: int = 0
    lost_if_no: int = 0

    @property
    def worst(self) -> int:
        """At worst only those fill that lose, and just one side can."""
        return -max(self.lost_if_yes, self.lost_if_no)

    def add(self, part: _Part, sign: int) -> None:
        self.count += sign
        self.committed += sign * part.committed
        self.lost_if_yes += sign * part.lost_if_yes
        self.lost_if_no += sign * part.lost_if_no


@dataclass(frozen=True, slots=True)
class Sums:
    """What some rows come to. ``worst``: zero or below, whichever of them fill and however each market ends,
    before fees."""

    count: int
    committed: Dollars
    worst: Dollars


class Totals:
    """Sums over rows, of all of them and of some of their markets.

    In one market orders of both sides may rest: at worst only those fill that lose, and just one side can.
    """

    def __init__(self) -> None:
        self._parts: dict[str, _Part] = {}
        self._by_market: dict[str, _Market] = {}
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
    def all(self) -> Sums:
        """Over every row."""
        return Sums(len(self._parts), Dollars(self._committed), Dollars(self._worst))

    def within(self, tickers: Iterable[str]) -> Sums:
        """Over the rows of some markets."""
        parts = [self._by_market[ticker] for ticker in tickers if ticker in self._by_market]
        return Sums(
            sum(part.count for part in parts),
            Dollars(sum(part.committed for part in parts)),
            Dollars(sum(part.worst for part in parts)),
        )

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
        market = self._by_market.get(part.ticker)
        if market is None:
            market = self._by_market[part.ticker] = _Market()
        self._worst -= market.worst
        market.add(part, sign)
        self._worst += market.worst
        self._committed += sign * part.committed


def _part(row: BlotterRow) -> _Part:
    price, count = row.yes_price, row.remaining
    if row.book_side is BookSide.BID:
        return _Part(row.ticker, row.committed.units, 0, (price * count).units)
    return _Part(row.ticker, row.committed.units, (price.complement() * count).units, 0)


def totals_text(sums: Sums, *, selected: bool) -> str:
    """``7 working  ·  $418.30 committed  ·  worst case −$402.11``."""
    if not sums.count:
        return ""
    what = "selected" if selected else "working"
    return f"{sums.count:,} {what}  ·  {_money(sums)}"


def heading_text(name: str, sums: Sums, shown: int) -> str:
    """Over the ``shown`` orders of an event: its name, and at the right what all of its orders come to."""
    orders = "order" if sums.count == 1 else "orders"
    count = (
        f"{sums.count:,} {orders}" if shown == sums.count else f"{shown:,} of {sums.count:,} {orders} shown"
    )
    return f"{name}\n{count}  ·  {_money(sums)}"


def _money(sums: Sums) -> str:
    return f"{sums.committed} committed  ·  worst case {sums.worst}"
