"""Which rows of the sheet were sent, under which ids, and what became of them.

A row stays known when it is deleted: undone, it comes back as the row that was sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.results import RowEnd, RowResult
from pitdesk.desk.batch.run import end_of, text_of
from pitdesk.journal import IntentState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pitdesk.desk.blotter import Blotter
    from pitdesk.journal import JournaledIntent

_NOT_LIVE = (IntentState.NOT_SENT, IntentState.NOT_PLACED, IntentState.DISCARDED)


class SentRows:
    """Results by row id: the blotter's word, or where it holds no such row, the journal's."""

    def __init__(self, blotter: Blotter) -> None:
        self._blotter = blotter
        self._keys: dict[int, tuple[str, int]] = {}
        self._rows: dict[str, int] = {}
        self._before: dict[str, JournaledIntent] = {}
        self._about: dict[int, tuple[str, int]] = {}
        self._last_batch: int | None = None

    @property
    def last_batch(self) -> int | None:
        """The number of the batch sent last."""
        return self._last_batch

    def about_to(self, keys: Mapping[int, tuple[str, int]]) -> None:
        """Rows that are being written down to be sent next: from here on the sheet is kept with their ids.

        None of them where it came to nothing.
        """
        self._about = dict(keys)

    def take(self, row_id: int, key: str, batch: int) -> None:
        """The row is about to be sent under ``key``."""
        self._keys[row_id] = (key, batch)
        self._rows[key] = row_id
        self._last_batch = max(batch, self._last_batch or 0)

    def remember(self, sent: Mapping[int, tuple[JournaledIntent, int]]) -> None:
        """Rows sent before the program was started again, by row id."""
        for row_id, (held, batch) in sent.items():
            self._before[held.intent.client_order_id] = held
            self.take(row_id, held.intent.client_order_id, batch)

    def result(self, row_id: int) -> RowResult | None:
        """What became of a row, None where it was not sent."""
        found = self._keys.get(row_id)
        if found is None:
            return None
        key, batch = found
        row = self._blotter.row(key)
        if row is None:
            return _result_before(self._before.get(key), key, batch)
        return RowResult(end_of(row), text_of(row), key, batch)

    def is_done(self, row_id: int) -> bool:
        """Whether the row was sent and its order lives, lived or may live."""
        if row_id not in self._keys:
            return False
        result = self.result(row_id)
        return result is not None and not result.end.may_be_sent_again

    def sendable_again(self) -> tuple[int, ...]:
        """Rows that were refused or not sent."""
        return tuple(row_id for row_id in self._keys if not self.is_done(row_id))

    def keys(self) -> dict[int, tuple[str, int]]:
        """The blotter's key and the batch of every row that was sent or is about to be."""
        return {**self._keys, **self._about}

    def rows_of(self, keys: Iterable[str]) -> frozenset[int]:
        """The rows of the sheet that stand behind rows of the blotter."""
        return frozenset(self._rows[key] for key in keys if key in self._rows)


def _result_before(held: JournaledIntent | None, key: str, batch: int) -> RowResult:
    """What the journal knows of a row that the blotter does not hold. Whatever is not proven may be live."""
    if held is None:
        return RowResult(RowEnd.PLACED, "Ended", key, batch)
    if held.state is IntentState.REJECTED:
        return RowResult(RowEnd.REFUSED, "Refused", key, batch)
    if held.state in _NOT_LIVE:
        return RowResult(RowEnd.NOT_SENT, "Not sent", key, batch)
    return RowResult(RowEnd.PLACED, held.state.value.capitalize(), key, batch)
