"""Adds up what is selected: a few rows at once, very many while the window goes on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer

from pitdesk_ui.blotter.totals import Sums, Totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pitdesk.desk.blotter_row import BlotterRow

AT_ONCE = 250
_SLICE_S = 0.006


class Told(Protocol):
    """Who is told the sums, and whether any of the rows can be canceled."""

    def __call__(self, sums: Sums, *, can_cancel: bool) -> None:
        """Take them."""


class AddingUp(QObject):
    """``record`` gives the row of a key, None where it is gone; ``told`` hears what the rows come to."""

    def __init__(self, record: Callable[[str], BlotterRow | None], told: Told, parent: QObject) -> None:
        super().__init__(parent)
        self._record, self._told = record, told
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_busy(self) -> bool:
        """Whether rows are still being added up."""
        return self._timer.isActive()

    def begin(self, keys: Sequence[str]) -> None:
        """Add the rows of ``keys`` up, and no others any more."""
        self._timer.stop()
        self._steps = self._adding(keys)
        if keys:
            next(self._steps, None)
            self._timer.start()
        if 0 < len(keys) <= AT_ONCE:
            self._go_on()

    def _go_on(self) -> None:
        until = time.monotonic() + _SLICE_S
        for _ in self._steps:
            if time.monotonic() >= until:
                return
        self._timer.stop()

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
