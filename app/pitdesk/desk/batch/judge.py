"""A verdict for every row as it is typed, and for the sum; what did not change is not judged again.

The rows are judged in slices of a few milliseconds, and what was found in a slice is told at its end, as one
change; the sum is told with the last of them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.desk.batch.cells import verb_in
from pitdesk.desk.batch.judging import Judging
from pitdesk.desk.batch.review import Reviewed, reviewed
from pitdesk.desk.batch.rows import Field
from pitdesk.desk.batch.verdicts import BLANK_VERDICT, RowVerdict, Summary
from pitdesk.desk.frames import Frame
from pitdesk.events import Listeners
from pitdesk.time_slice import SLICE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pitdesk.desk.batch.draft import BatchDraft, DraftChange
    from pitdesk.desk.batch.facts import BatchFacts
    from pitdesk.desk.batch.from_the_top import Sent
    from pitdesk.desk.batch.rows import Texts
    from pitdesk.desk.batch.verdicts import Remark
    from pitdesk.desk.blotter import BlotterChanges
    from pitdesk.limits import LimitValues
    from pitdesk.orders import Verb
    from pitdesk.quantities import PriceRanges

_MARKET_S = 0.5
_AT_ONCE_S = 0.002
_TRIES = 3


class BatchJudge:
    """Verdicts by row id. ``sent``: what was sent of a row whose order lives or may live."""

    def __init__(self, draft: BatchDraft, facts: BatchFacts, sent: Sent = lambda _: None) -> None:
        self.changed: Listeners[frozenset[int]] = Listeners()
        """Told the ids whose verdict changed, none where only the sums did."""
        self._draft, self._facts = draft, facts
        self._work = Judging(draft, facts, sent)
        self._each = self._work.each
        self._soon = Frame(self._slice, 0.0)
        self._later = Frame(self._markets_moved, _MARKET_S)
        self._sums_later = Frame(self._sums_moved, _MARKET_S)
        self._disconnect = draft.changed.connect(self._on_draft)
        self._each.wait(row.row_id for row in draft.rows)

    def close(self) -> None:
        """Judge no more."""
        for frame in (self._soon, self._later, self._sums_later):
            frame.close()
        self._disconnect()

    # What is known

    def verdict(self, row_id: int) -> RowVerdict:
        """The verdict of one row; blank while it waits for its first."""
        return self._work.verdicts.get(row_id, BLANK_VERDICT)

    @property
    def limits(self) -> Callable[[], LimitValues]:
        """The figures in force at the moment that they are asked for."""
        return self._facts.limits

    @property
    def summary(self) -> Summary:
        """The line above the sheet."""
        return self._work.summary

    @property
    def is_settled(self) -> bool:
        """Whether every row and the sum have been judged since anything of them changed."""
        return self._work.is_settled

    def ticker(self, row_id: int) -> str:
        """The ticker that the row's market cell means, empty while it means none."""
        alone = self._each.found(row_id)
        return "" if alone is None else alone.ticker

    def verb(self, row_id: int) -> Verb | None:
        """What the row's side cell means, even while other cells are wrong."""
        row = self._draft.row(row_id)
        return None if row is None else verb_in(row.text(Field.VERB))

    def grid(self, row_id: int) -> PriceRanges | None:
        """The legal prices of the row's market, of the outcome that its side names."""
        verb, market = self.verb(row_id), self._facts.markets.market(self.ticker(row_id))
        if verb is None or market is None:
            return None
        return verb.outcome.restate(market.price_ranges)

    def fault(self, texts: Texts) -> Remark | None:
        """What this sheet would have against a row by itself, None for nothing."""
        return self._each.look_at(texts).fault

    # What asks for another look

    def check_again(self) -> None:
        """Judge every row anew, soon."""
        self._wait_for(row.row_id for row in self._draft.rows)

    def look_at(self, tickers: Iterable[str]) -> None:
        """Quotes moved: rows whose touch did are judged anew within half a second."""
        if self._each.moved(tickers):
            self._later.request()

    def look_again_at(self, ticker: str) -> None:
        """The state, grid or closing time of a market changed, or it became known."""
        self._wait_for(self._each.ids_in(ticker))

    def orders_changed(self, changes: BlotterChanges) -> None:
        """Open orders changed: own orders met, cash and counts are told anew within half a second."""
        if not len(self._draft):
            return
        blotter = self._facts.blotter
        for key in (*changes.added, *changes.removed):
            row = blotter.row(key)
            if row is not None:
                self._each.touch_is_new(row.ticker)
        self.look_at(())
        self.sums_changed()

    def results_changed(self, row_ids: Iterable[int]) -> None:
        """Rows were sent, or turned out not to be: those that may go again are judged anew as they stand."""
        self._wait_for(row_ids)
        self.sums_changed()

    def sums_changed(self) -> None:
        """Cash, positions or results changed: the sums are told anew within half a second."""
        if len(self._draft):
            self._sums_later.request()

    # The work

    def judge_all(self) -> None:
        """Finish now what is waiting, in one go."""
        self._work.begin_anew()
        self._work.work(float("inf"))
        self._tell()

    async def review(self, row_ids: Sequence[int] | None = None) -> Reviewed:
        """Judge every row anew as things are this moment, and say what of ``row_ids`` (all where None) may
        be sent. The window stays free meanwhile; an edit that comes in between is judged too, and what moved
        in money, orders or limits by the end has all rows judged together once more."""
        self._each.wait(row.row_id for row in self._draft.rows)
        for _ in range(_TRIES):
            self._work.begin_anew()
            await self._settle()
            if self._work.still_holds:
                break
        else:
            self.judge_all()
        wanted = None if row_ids is None else frozenset(row_ids)
        return reviewed(self._draft.rows, wanted, self.verdict, self._own_id, self.summary.remarks)

    async def _settle(self) -> None:
        while not self.is_settled:
            self._slice_now()
            if not self.is_settled:
                await asyncio.sleep(0)

    def _slice(self) -> None:
        self._slice_now()
        if not self.is_settled:
            self._soon.request()
        elif self._work.is_asked_again:
            self._sums_later.request()

    def _slice_now(self) -> None:
        self._work.work(SLICE_S)
        self._tell()

    def _tell(self) -> None:
        """What was found since it was last told, as one change."""
        untold = self._work.untold()
        if untold is not None:
            self.changed.emit(untold)

    def _own_id(self, row_id: int) -> str | None:
        alone = self._each.found(row_id)
        return None if alone is None else alone.client_order_id

    # What is told

    def _on_draft(self, change: DraftChange) -> None:
        self._work.rows_changed([*change.removed], [*change.edited, *change.added], _AT_ONCE_S)
        self._tell()
        if not self.is_settled:
            self._soon.request()

    def _wait_for(self, row_ids: Iterable[int]) -> None:
        self._each.wait(row_ids)
        if self._each.are_waiting:
            self._soon.request()

    def _markets_moved(self) -> None:
        self._each.wait_for_moved()
        self._wait_for(())

    def _sums_moved(self) -> None:
        if self._work.begin_again():
            self._slice()
