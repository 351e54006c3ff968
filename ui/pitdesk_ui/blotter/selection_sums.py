"""The sums of the selected rows: of a few at once, of very many while the window goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pitdesk_ui.blotter.totals import Sums, Totals
from pitdesk_ui.widgets.slices import Slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtCore import QObject

    from pitdesk.desk.blotter_row import BlotterRow

AT_ONCE = 250


class Told(Protocol):
    """Who is told the sums, and whether any of the rows can be canceled."""

    def __call__(self, sums: Sums, *, can_cancel: bool) -> None:
        """Take them."""


class SelectionSums:
    """``record`` gives the row of a key, None where it is gone; ``told`` hears what the rows come to."""

    def __init__(self, record: Callable[[str], BlotterRow | None], told: Told, parent: QObject) -> None:
        self._record, self._told = record, told
        self._slices = Slices(parent)

    @property
    def is_busy(self) -> bool:
        """Whether rows are still being added up."""
        return self._slices.is_busy

    def begin(self, keys: Sequence[str]) -> None:
        """Add the rows of ``keys`` up, and no others any more."""
        self._slices.stop()
        if not keys:
            return
        steps = self._adding(keys)
        next(steps, None)
        self._slices.begin(steps)
        if len(keys) <= AT_ONCE:
            self._slices.go_on()

    def _adding(self, keys: Sequence[str]) -> Iterator[None]:
        totals, can_cancel = Totals(), False
        for start in range(0, len(keys), AT_ONCE):
            for key in keys[start : start + AT_ONCE]:
                row = self._record(key)
                if row is not None:
                    totals.put(row)
                    can_cancel = can_cancel or row.can_cancel
            yield
        self._told(totals.all, can_cancel=can_cancel)
