"""Which rows of the sheet were sent, under which ids, and what became of them.

A row stays known when it is deleted: undone, it comes back as the row that was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.results import RowEnd, RowResult, SentAs, SentOrder
from pitdesk.desk.batch.run import end_of, text_of
from pitdesk.journal import IntentState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pitdesk.desk.blotter import Blotter
    from pitdesk.journal import JournaledIntent
    from pitdesk.orders import OrderDraft

_NOT_LIVE = (IntentState.NOT_SENT, IntentState.NOT_PLACED, IntentState.DISCARDED)


class SentRows:
    """Results by row id: the blotter's word, or where it holds no such row, the journal's."""

    def __init__(self, blotter: Blotter) -> None:
        self._blotter = blotter
        self._sent: dict[int, SentAs] = {}
        self._orders: dict[int, SentOrder] = {}
        self._rows: dict[str, int] = {}
        self._before: dict[str, JournaledIntent] = {}
        self._about: dict[int, SentAs] = {}
        self._last_batch: int | None = None

    @property
    def last_batch(self) -> int | None:
        """The number of the batch sent last."""
        return self._last_batch

    def about_to(self, sent: Mapping[int, SentAs]) -> None:
        """Rows that are being written down to be sent next: from here on the sheet is kept with their ids.

        None of them where it came to nothing.
        """
        self._about = dict(sent)

    def take(self, row_id: int, sent: SentAs, draft: OrderDraft) -> None:
        """The row is about to be sent, as ``draft``."""
        self._sent[row_id] = sent
        self._orders[row_id] = SentOrder(draft, sent.all_in)
        self._rows[sent.key] = row_id
        self._last_batch = max(sent.batch, self._last_batch or 0)

    def remember(self, rows: Mapping[int, tuple[JournaledIntent, SentAs]]) -> None:
        """Rows sent before the program was started again, by row id."""
        for row_id, (held, sent) in rows.items():
            self._before[sent.key] = held
            self.take(row_id, sent, held.intent.draft)

    def result(self, row_id: int) -> RowResult | None:
        """What became of a row, None where it was not sent."""
        sent = self._sent.get(row_id)
        if sent is None:
            return None
        row = self._blotter.row(sent.key)
        if row is None:
            return _result_before(self._before.get(sent.key), sent)
        return RowResult(end_of(row), text_of(row), sent.key, sent.batch)

    def end(self, row_id: int) -> RowEnd | None:
        """How the row stands, None where it was not sent."""
        sent = self._sent.get(row_id)
        if sent is None:
            return None
        row = self._blotter.row(sent.key)
        return _end_before(self._before.get(sent.key)) if row is None else end_of(row)

    def is_done(self, row_id: int) -> bool:
        """Whether the row was sent and its order lives, lived or may live."""
        end = self.end(row_id)
        return end is not None and not end.may_be_sent_again

    def order(self, row_id: int) -> SentOrder | None:
        """What was sent of a row whose order lives, lived or may live; None for any other."""
        return self._orders[row_id] if self.is_done(row_id) else None

    def sendable_again(self) -> tuple[int, ...]:
        """Rows that were refused or not sent."""
        return tuple(row_id for row_id in self._sent if not self.is_done(row_id))

    def kept(self) -> dict[int, SentAs]:
        """What every row goes under that was sent or is about to be."""
        return {**self._sent, **self._about}

    def rows_of(self, keys: Iterable[str]) -> frozenset[int]:
        """The rows of the sheet that stand behind rows of the blotter."""
        return frozenset(self._rows[key] for key in keys if key in self._rows)


def _end_before(held: JournaledIntent | None) -> RowEnd:
    """What the journal knows of a row that the blotter does not hold. Whatever is not proven may be live."""
    if held is not None and held.state is IntentState.REJECTED:
        return RowEnd.REFUSED
    if held is not None and held.state in _NOT_LIVE:
        return RowEnd.NOT_SENT
    return RowEnd.PLACED


def _result_before(held: JournaledIntent | None, sent: SentAs) -> RowResult:
    end, text = _end_before(held), "Ended"
    if end is not RowEnd.PLACED:
        text = end.value.capitalize()
    elif held is not None:
        text = held.state.value.capitalize()
    return RowResult(end, text, sent.key, sent.batch)
