"""The work of judging a sheet, cut into slices: each row by itself, then one pass over all of them.

What the person edits has the pass begin anew; what moves all the time (quotes, cash, positions, open orders)
waits until it is over, so that it always comes to its end.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.desk.batch.each_row import EachRow
from pitdesk.desk.batch.facts import BatchFacts, FactsNow
from pitdesk.desk.batch.from_the_top import FromTheTop, Marks
from pitdesk.desk.batch.summing import sum_remarks, summary_of
from pitdesk.desk.batch.together import Means
from pitdesk.desk.batch.verdicts import RowVerdict, Summary
from pitdesk.orders import BookSide
from pitdesk.quantities import COUNT_ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.batch.draft import BatchDraft
    from pitdesk.desk.batch.from_the_top import Sent
    from pitdesk.desk.batch.rows import BatchRow

_AT_LEAST = 192  # steps of a slice, however slow the machine: a short sheet is judged with the edit itself
_LOOK_STEPS = 2  # a row by itself takes as long as two in a pass
_FEW = 4


class Judging:
    """Verdicts by row id, and the sum. ``sent``: what was sent of a row whose order lives or may live."""

    def __init__(self, draft: BatchDraft, facts: BatchFacts, sent: Sent) -> None:
        self._draft, self._facts, self._sent = draft, facts, sent
        self.each = EachRow(draft, facts, lambda row_id: sent(row_id) is not None)
        self.verdicts: dict[int, RowVerdict] = {}
        self.summary = Summary()
        self._told = self.summary
        self._untold: set[int] = set()
        self._rows: tuple[BatchRow, ...] = ()
        self._marks = Marks()
        self._anew = self._again = False
        self._pass = self._new_pass()

    # What is known

    @property
    def is_settled(self) -> bool:
        """Whether every row and the sum have been judged since anything of them changed."""
        return not self.each.are_waiting and not self._anew and self._pass.is_over

    @property
    def still_holds(self) -> bool:
        """Whether money, orders and limits are as the last pass found them."""
        return self._pass.still_holds(self._facts.values)

    @property
    def is_asked_again(self) -> bool:
        """Whether the sum moved while the pass was under way."""
        return self._again

    # What is to be done

    def begin_anew(self) -> None:
        """Judge the rows together from the top, whatever is under way."""
        self._anew = True

    def begin_again(self) -> bool:
        """As :meth:`begin_anew`, but a pass that is under way comes to its end first: False then."""
        self._again = not self._pass.is_over
        self._anew = self._anew or not self._again
        return not self._again

    def rows_changed(self, removed: Sequence[int], touched: Sequence[int], seconds: float) -> None:
        """Rows went, came or were edited. Few are judged at once, as far as ``seconds`` go."""
        for row_id in removed:
            self.each.forget(row_id)
            self.verdicts.pop(row_id, None)
        rows = self._draft.rows
        self._marks.cut(_first_other(self._rows, rows))
        self._rows = rows
        self.each.wait(touched)
        self._anew = True
        if len(touched) * _LOOK_STEPS <= _AT_LEAST:
            self.work(seconds)
        if not self.is_settled:
            self._peek(touched)
            self.summary = replace(self.summary, judged=False)

    # The work

    def work(self, seconds: float) -> None:
        """A slice of it."""
        now, until, steps = FactsNow(self._facts), time.monotonic() + seconds, 0
        while not self.is_settled:
            if self.each.are_waiting and (self._anew or self._pass.is_over):
                self._anew = self.each.look_at_next(now) or self._anew
                steps += _LOOK_STEPS
            else:
                self._step()
                steps += 1
            if steps >= _AT_LEAST and time.monotonic() >= until:
                return

    def untold(self) -> frozenset[int] | None:
        """The rows whose verdict is another than when this was last asked, none where only the sum is; None
        where nothing changed."""
        if not self._untold and self.summary == self._told:
            return None
        untold, self._untold = frozenset(self._untold), set()
        self._told = self.summary
        return untold

    def _step(self) -> None:
        if self._anew:
            self._anew = self._again = False
            self._pass = self._new_pass()
        if not self._pass.is_over:
            self._found(*self._pass.step())
        if self._pass.is_over:
            self._sum_up()

    def _found(self, row_id: int, verdict: RowVerdict) -> None:
        if self.verdicts.get(row_id) != verdict:
            self.verdicts[row_id] = verdict
            self._untold.add(row_id)

    def _sum_up(self) -> None:
        sums, facts = self._pass.sums, self._facts
        remarks = sum_remarks(sums, facts.values, lambda ticker: facts.blotter.sums.of(ticker).rows)
        self.summary = summary_of(sums, remarks, facts.budget(), facts.blotter.committed())

    def _peek(self, row_ids: Sequence[int]) -> None:
        """What was just typed has its verdict at once, however long the sheet."""
        if len(row_ids) > _FEW or self.each.are_waiting or self._anew:
            return
        for row_id in row_ids:
            place = self._draft.place(row_id)
            verdict = None if place is None or place < self._pass.place else self._pass.peek(place)
            if verdict is not None:
                self._found(row_id, verdict)

    def _new_pass(self) -> FromTheTop:
        facts = self._facts
        means = Means(
            cash_on=facts.account.cash_on,
            closable=self._closable,
            open_orders=facts.blotter.sums.rows,
            values=facts.values,
            risk=facts.risk,
            moves=facts.risk.moves,
        )
        return FromTheTop(self._draft.rows, self.each, self._sent, means, self._marks)

    def _closable(self, ticker: str, side: BookSide) -> int:
        """What an order of ``side`` would close, less what own orders of that side may close before it."""
        position = self._facts.account.position(ticker)
        held = -position if side is BookSide.BID else position
        if held <= COUNT_ZERO:
            return 0
        before = self._facts.blotter.sums.of(ticker).resting[side].count
        return max(held.units - before, 0)


def _first_other(before: Sequence[BatchRow], after: Sequence[BatchRow]) -> int:
    """The first place where two sheets differ."""
    for place, (one, other) in enumerate(zip(before, after, strict=False)):
        if one is not other:
            return place
    return min(len(before), len(after))
