"""A verdict for every row as it is typed, and for the sum; what did not change is not judged again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.batch.alone import RowAlone, judge_alone
from pitdesk.desk.batch.cells import CellReader, verb_in
from pitdesk.desk.batch.facts import BatchFacts, FactsNow, touch_of
from pitdesk.desk.batch.results import BatchOrder
from pitdesk.desk.batch.rows import Field
from pitdesk.desk.batch.together import Means, Sums, Together, sum_remarks
from pitdesk.desk.batch.verdicts import BLANK_VERDICT, Remark, RowVerdict, Standing, Summary
from pitdesk.desk.frames import Frame
from pitdesk.desk.request_sizes import largest_request, requests_for, seconds_for
from pitdesk.events import Listeners
from pitdesk.orders import BookSide, Outcome, Verb
from pitdesk.quantities import COUNT_ZERO, Dollars, PriceRanges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pitdesk.desk.batch.draft import BatchDraft, DraftChange
    from pitdesk.desk.blotter import BlotterChanges
    from pitdesk.limits import LimitValues

_AT_ONCE = 50
_A_SLICE = 100
_ROWS_NAMED = 3  # in a question
_MARKET_S = 0.5


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The last look before sending. ``orders`` may go; ``questions`` want a second press first, ``stops``
    hold the whole back; ``left_out`` are rows to fix."""

    orders: tuple[BatchOrder, ...]
    left_out: tuple[int, ...] = ()
    questions: tuple[Remark, ...] = ()
    stops: tuple[Remark, ...] = ()


class BatchJudge:
    """Verdicts by row id. ``is_done``: the row was sent and its order lives or may live."""

    def __init__(
        self, draft: BatchDraft, facts: BatchFacts, is_done: Callable[[int], bool] = lambda _: False
    ) -> None:
        self.changed: Listeners[frozenset[int]] = Listeners()
        """Told the ids whose verdict changed, none where only the sums did."""
        self._draft, self._facts, self._is_done = draft, facts, is_done
        self._reader = CellReader(facts.markets.market, None, facts.named)
        self._alone: dict[int, RowAlone] = {}
        self._verdicts: dict[int, RowVerdict] = {}
        self._by_ticker: dict[str, set[int]] = {}
        self._touches: dict[str, object] = {}
        self._dirty: dict[int, None] = {}
        self._moved: set[str] = set()
        self._summary = Summary()
        self._soon = Frame(self._work_on, 0.0)
        self._later = Frame(self._markets_moved, _MARKET_S)
        self._sums_later = Frame(self.judge_sums, _MARKET_S)
        self._disconnect = draft.changed.connect(self._on_draft)
        self._dirty.update(dict.fromkeys(row.row_id for row in draft.rows))

    def close(self) -> None:
        """Judge no more."""
        for frame in (self._soon, self._later, self._sums_later):
            frame.close()
        self._disconnect()

    # What is known

    def verdict(self, row_id: int) -> RowVerdict:
        """The verdict of one row; blank while it waits for its first."""
        return self._verdicts.get(row_id, BLANK_VERDICT)

    @property
    def limits(self) -> Callable[[], LimitValues]:
        """The figures in force at the moment that they are asked for."""
        return self._facts.limits

    @property
    def summary(self) -> Summary:
        """The line above the sheet."""
        return self._summary

    def ticker(self, row_id: int) -> str:
        """The ticker that the row's market cell means, empty while it means none."""
        alone = self._alone.get(row_id)
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
        grid = market.price_ranges
        return grid if verb.outcome is Outcome.YES else grid.complement()

    def tickers(self) -> Iterable[str]:
        """The markets that the rows name."""
        return self._by_ticker.keys()

    # What asks for another look

    def check_again(self) -> None:
        """Judge every row anew, soon."""
        self._mark(row.row_id for row in self._draft.rows)

    def look_at(self, tickers: Iterable[str]) -> None:
        """Quotes moved: rows whose touch did are judged anew within half a second."""
        moved = self._by_ticker.keys() & tickers if self._by_ticker else ()
        if moved:
            self._moved.update(moved)
            self._later.request()

    def look_again_at(self, ticker: str) -> None:
        """The state, grid or closing time of a market changed, or it became known."""
        rows = set(self._by_ticker.get(ticker, ()))
        self._mark(rows)

    def orders_changed(self, changes: BlotterChanges) -> None:
        """Open orders changed: own orders met, cash and counts are told anew within half a second."""
        blotter = self._facts.blotter
        for key in (*changes.added, *changes.removed):
            row = blotter.row(key)
            if row is not None and row.ticker in self._by_ticker:
                self._touches.pop(row.ticker, None)
                self._moved.add(row.ticker)
        if self._moved:
            self._later.request()
        self.sums_changed()

    def sums_changed(self) -> None:
        """Cash, positions or results changed: the sums are told anew within half a second."""
        if len(self._draft):
            self._sums_later.request()

    # The work

    def judge_all(self) -> None:
        """Finish now what is waiting; for tests and small sheets."""
        self._judge(list(self._dirty))
        self.judge_sums()

    def judge_sums(self) -> None:
        """Judge the rows together anew."""
        rows = self._draft.rows
        alone = [self._alone.get(row.row_id) or RowAlone(row, "") for row in rows]
        means = self._means()
        together = Together(alone, self._is_done, means)
        verdicts = together.verdicts()
        changed = set()
        for row, verdict in zip(rows, verdicts, strict=True):
            if self._verdicts.get(row.row_id) != verdict:
                self._verdicts[row.row_id] = verdict
                changed.add(row.row_id)
        self._summary = self._summed(together.sums, sum_remarks(together.sums, means))
        self.changed.emit(frozenset(changed))

    async def review(self, row_ids: Sequence[int] | None = None) -> Reviewed:
        """Judge every row anew as things are this moment, and say what of ``row_ids`` (all where None) may
        be sent. The window stays free meanwhile; an edit that comes in between is judged too."""
        self._dirty.update(dict.fromkeys(row.row_id for row in self._draft.rows))
        while self._dirty:
            self._judge(list(self._dirty)[:_A_SLICE])
            await asyncio.sleep(0)
        self.judge_sums()
        return self._reviewed(row_ids)

    def _reviewed(self, row_ids: Sequence[int] | None) -> Reviewed:
        wanted = None if row_ids is None else set(row_ids)
        orders, left_out = [], []
        questions: dict[str, list[int]] = {}
        for number, row in enumerate(self._draft.rows, 1):
            if wanted is not None and row.row_id not in wanted:
                continue
            verdict = self.verdict(row.row_id)
            if verdict.may_be_sent and verdict.draft is not None:
                own_id = self._alone[row.row_id].client_order_id
                orders.append(BatchOrder(row.row_id, verdict.draft, own_id))
                asked = [it.sentence for it in verdict.remarks if it.standing is Standing.ASK][:1]
                for sentence in asked:
                    questions.setdefault(sentence, []).append(number)
            elif verdict.standing is Standing.FIX:
                left_out.append(row.row_id)
        sums = self._summary.remarks
        return Reviewed(
            tuple(orders),
            tuple(left_out),
            (*(it for it in sums if it.standing is Standing.ASK), *_asked_of(questions)),
            tuple(it for it in sums if it.standing is Standing.FIX),
        )

    def _means(self) -> Means:
        facts = self._facts
        return Means(
            cash_on=facts.account.cash_on,
            closable=self._closable,
            open_orders=facts.blotter.sums.rows,
            open_in=lambda ticker: facts.blotter.sums.of(ticker).rows,
            committed=facts.blotter.committed(),
            values=facts.values,
            risk=facts.risk,
        )

    def _closable(self, ticker: str, side: BookSide) -> int:
        """What an order of ``side`` would close, less what own orders of that side may close before it."""
        position = self._facts.account.position(ticker)
        held = -position if side is BookSide.BID else position
        if held <= COUNT_ZERO:
            return 0
        before = self._facts.blotter.sums.of(ticker).resting[side].count
        return max(held.units - before, 0)

    def _summed(self, sums: Sums, remarks: tuple[Remark, ...]) -> Summary:
        budget = self._facts.budget()
        worst = Dollars(sums.worst)
        return Summary(
            rows=sums.rows,
            to_fix=sums.to_fix,
            ready=sums.ready,
            to_ask=sums.to_ask,
            requests=len(requests_for(sums.ready, budget)),
            per_request=largest_request(budget, budget.create_cost, budget.reserve),
            seconds=seconds_for(sums.ready, budget),
            all_in=Dollars(sums.cost),
            worst_case=worst,
            worst_case_with_open=worst + self._facts.blotter.committed(),
            remarks=remarks,
            first_to_fix=sums.first_to_fix,
            judged=not self._dirty,
        )

    def _on_draft(self, change: DraftChange) -> None:
        for row_id in change.removed:
            self._forget(row_id)
        touched = [*change.edited, *change.added]
        self._dirty.update(dict.fromkeys(touched))
        if len(self._dirty) <= _AT_ONCE:
            self.judge_all()
        else:
            self._soon.request()

    def _mark(self, row_ids: Iterable[int]) -> None:
        self._dirty.update(dict.fromkeys(row_ids))
        if self._dirty:
            self._soon.request()

    def _work_on(self) -> None:
        self._judge(list(self._dirty)[:_A_SLICE])
        if self._dirty:
            self._soon.request()
        else:
            self.judge_sums()

    def _markets_moved(self) -> None:
        moved, self._moved = self._moved, set()
        for ticker in moved:
            touch = touch_of(self._facts, ticker)
            if self._touches.get(ticker) != touch:
                self._touches[ticker] = touch
                self._mark(self._by_ticker.get(ticker, ()))

    def _judge(self, row_ids: Sequence[int]) -> None:
        now = FactsNow(self._facts)
        for row_id in row_ids:
            self._dirty.pop(row_id, None)
            row = self._draft.row(row_id)
            if row is not None and not (self._is_done(row_id) and row_id in self._alone):
                self._hold(judge_alone(row, self._reader, now, self._alone.get(row_id)))

    def _hold(self, alone: RowAlone) -> None:
        row_id = alone.row.row_id
        held = self._alone.get(row_id)
        if held is not None and held.ticker != alone.ticker:
            self._unlist(held)
        self._alone[row_id] = alone
        if alone.ticker:
            self._by_ticker.setdefault(alone.ticker, set()).add(row_id)

    def _forget(self, row_id: int) -> None:
        self._dirty.pop(row_id, None)
        self._verdicts.pop(row_id, None)
        held = self._alone.pop(row_id, None)
        if held is not None:
            self._unlist(held)

    def _unlist(self, held: RowAlone) -> None:
        rows = self._by_ticker.get(held.ticker)
        if rows is not None:
            rows.discard(held.row.row_id)
            if not rows:
                del self._by_ticker[held.ticker]


def _asked_of(questions: Mapping[str, Sequence[int]]) -> Iterator[Remark]:
    """Each question once, with the rows that it is about, numbered as the sheet numbers them."""
    for sentence, rows in questions.items():
        named = ", ".join(map(str, rows[:_ROWS_NAMED]))
        more = f" and {len(rows) - _ROWS_NAMED:,} more" if len(rows) > _ROWS_NAMED else ""
        yield Remark(Standing.ASK, f"{'Row' if len(rows) == 1 else 'Rows'} {named}{more}: {sentence}")
