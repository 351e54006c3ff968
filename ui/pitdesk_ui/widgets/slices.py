"""Long work of a widget, cut into slices of time between which the window goes on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from pitdesk.time_slice import SLICE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Slices(QObject):
    """Takes the steps of one work, a slice of them at a turn of the loop; then calls ``done``."""

    def __init__(self, parent: QObject, done: Callable[[], object] = lambda: None) -> None:
        super().__init__(parent)
        self._done = done
        self._steps: Iterator[None] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.go_on)

    @property
    def is_busy(self) -> bool:
        """Whether steps are left."""
        return self._timer.isActive()

    def begin(self, steps: Iterator[None]) -> None:
        """Take ``steps``, in place of any that are left."""
        self._steps = steps
        self._timer.start()

    def stop(self) -> None:
        """Take no more of them; ``done`` is not called."""
        self._timer.stop()

    def go_on(self) -> None:
        """One slice, now."""
        until = time.monotonic() + SLICE_S
        for _ in self._steps:
            if time.monotonic() >= until:
                return
        self._timer.stop()
        self._done()
