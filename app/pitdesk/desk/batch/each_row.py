"""Every row by itself: what was found of it, in which market, and which are to be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.alone import RowAlone, judge_alone
from pitdesk.desk.batch.cells import CellReader
from pitdesk.desk.batch.facts import FactsNow, touch_of
from pitdesk.desk.batch.rows import BatchRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pitdesk.desk.batch.alone import RowMoney
    from pitdesk.desk.batch.draft import BatchDraft
    from pitdesk.desk.batch.facts import BatchFacts
    from pitdesk.desk.batch.rows import Texts


class EachRow:
    """Rows of ``draft`` by their ids. ``is_done``: it was sent and its order lives or may live."""

    def __init__(self, draft: BatchDraft, facts: BatchFacts, is_done: Callable[[int], bool]) -> None:
        self._draft, self._facts, self._is_done = draft, facts, is_done
        self._reader = CellReader(facts.markets.market, None, facts.named)
        self._found: dict[int, RowAlone] = {}
        self._by_ticker: dict[str, set[int]] = {}
        self._touches: dict[str, object] = {}
        self._moved: set[str] = set()
        self._waiting: dict[int, None] = {}

    # What is known

    @property
    def are_waiting(self) -> bool:
        """Whether any row is to be looked at."""
        return bool(self._waiting)

    def found(self, row_id: int) -> RowAlone | None:
        """What was found at the last look, None before the first."""
        return self._found.get(row_id)

    def look_at(self, texts: Texts) -> RowAlone:
        """What would be found of a row that is not in the sheet."""
        return judge_alone(BatchRow(0, texts), self._reader, FactsNow(self._facts))

    def ids_in(self, ticker: str) -> frozenset[int]:
        """The rows that name a market."""
        return frozenset(self._by_ticker.get(ticker, ()))

    def sendable_in(self, ticker: str) -> Iterator[tuple[int, RowMoney]]:
        """Place and money of the rows of a market that nothing about themselves keeps from being sent."""
        for row_id in self._by_ticker.get(ticker, ()):
            alone, place = self._found[row_id], self._draft.place(row_id)
            if alone.money is not None and place is not None and alone.is_good and not self._is_done(row_id):
                yield place, alone.money

    # What asks for another look

    def wait(self, row_ids: Iterable[int]) -> None:
        """Look at these rows next."""
        self._waiting.update(dict.fromkeys(row_ids))

    def forget(self, row_id: int) -> None:
        """The row is gone."""
        self._waiting.pop(row_id, None)
        held = self._found.pop(row_id, None)
        if held is not None:
            self._unlist(held)

    def moved(self, tickers: Iterable[str]) -> bool:
        """Quotes moved; whether that is of any row's market."""
        if self._by_ticker:
            self._moved.update(self._by_ticker.keys() & tickers)
        return bool(self._moved)

    def touch_is_new(self, ticker: str) -> None:
        """Own orders in a market changed: its rows are looked at even where the touch stayed."""
        if ticker in self._by_ticker:
            self._touches.pop(ticker, None)
            self._moved.add(ticker)

    def wait_for_moved(self) -> None:
        """Rows whose touch is another by now are looked at next."""
        moved, self._moved = self._moved, set()
        for ticker in moved:
            touch = touch_of(self._facts, ticker)
            if self._touches.get(ticker) != touch:
                self._touches[ticker] = touch
                self.wait(self._by_ticker.get(ticker, ()))

    # The work

    def look_at_next(self, now: FactsNow) -> bool:
        """Look at one row that waits; whether it is found otherwise than before."""
        row_id = next(iter(self._waiting))
        del self._waiting[row_id]
        row, held = self._draft.row(row_id), self._found.get(row_id)
        if row is None or (held is not None and self._is_done(row_id)):
            return False
        alone = judge_alone(row, self._reader, now, held)
        if alone is held:
            return False
        if held is not None and held.ticker != alone.ticker:
            self._unlist(held)
        self._found[row_id] = alone
        if alone.ticker:
            self._by_ticker.setdefault(alone.ticker, set()).add(row_id)
        return True

    def _unlist(self, held: RowAlone) -> None:
        rows = self._by_ticker.get(held.ticker)
        if rows is not None:
            rows.discard(held.row.row_id)
            if not rows:
                del self._by_ticker[held.ticker]
