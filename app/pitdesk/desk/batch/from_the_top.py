"""One pass over the rows from the top to the last, a few at a time.

Of a long sheet the state of the sums is kept every so many rows, so that the verdict of a row that was just
typed can be told at once: from the nearest such place above it, long before a new pass has come there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.alone import RowAlone
from pitdesk.desk.batch.together import Best, Means, Together
from pitdesk.desk.batch.verdicts import RowVerdict, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.desk.batch.each_row import EachRow
    from pitdesk.desk.batch.results import SentOrder
    from pitdesk.desk.batch.rows import BatchRow
    from pitdesk.desk.batch.summing import Sums
    from pitdesk.limits import LimitValues

    Sent = Callable[[int], SentOrder | None]

_APART = 64
_FAR = 3 * _APART
_LONG = 256


class Marks:
    """The sums as they stood above some rows, by place; they outlive the pass that found them."""

    def __init__(self) -> None:
        self._held: dict[int, Together] = {}

    def keep(self, place: int, together: Together) -> None:
        """What the rows above ``place`` come to."""
        self._held[place] = together.copy()

    def cut(self, place: int) -> None:
        """The row at ``place`` is another: what was found below it holds no longer."""
        for each in [each for each in self._held if each > place]:
            del self._held[each]

    def above(self, place: int) -> tuple[int, Together] | None:
        """The place and state to go on from, where one is near."""
        start = place - place % _APART
        for above in range(start, max(start - _FAR, -1), -_APART):
            if above in self._held:
                return above, self._held[above].copy()
        return None


class FromTheTop:
    """Goes over ``rows`` once. ``sent``: what was sent of a row whose order lives or may live."""

    def __init__(
        self, rows: Sequence[BatchRow], each: EachRow, sent: Sent, means: Means, marks: Marks
    ) -> None:
        self._rows, self._each, self._sent, self._marks = rows, each, sent, marks
        self._together = Together(means)
        self._best = Best(each.sendable_in)
        self._place = 0
        self._marked = len(rows) > _LONG

    @property
    def is_over(self) -> bool:
        """Whether every row has its verdict."""
        return self._place >= len(self._rows)

    @property
    def place(self) -> int:
        """The row that is next."""
        return self._place

    @property
    def sums(self) -> Sums:
        """What the rows so far come to."""
        return self._together.sums

    def still_holds(self, values: LimitValues) -> bool:
        """Whether money, orders and limits are as this pass found them."""
        return self._together.still_holds(values)

    def step(self) -> tuple[int, RowVerdict]:
        """The next row's id and verdict."""
        place = self._place
        if self._marked and place % _APART == 0:
            self._marks.keep(place, self._together)
        self._place += 1
        return self._rows[place].row_id, self._judge(self._together, place)

    def peek(self, place: int) -> RowVerdict | None:
        """The verdict of a row that is yet to come, None where it would take long."""
        near = self._marks.above(place)
        if near is None:
            return None
        start, together = near
        for each in range(start, place):
            self._judge(together, each)
        return self._judge(together, place)

    def _judge(self, together: Together, place: int) -> RowVerdict:
        row = self._rows[place]
        sent = self._sent(row.row_id)
        if sent is not None:
            return RowVerdict(Standing.DONE, (), sent.draft, sent.all_in)
        return together.judge(self._each.found(row.row_id) or RowAlone(row, ""), place, self._best)
