"""Prints when the window is painted and when the ticket can send, for the bench of starts."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from pitdesk_ui.application import Application

_LOOK_EVERY_MS = 2


class StartReport(QObject):
    """One line a milestone: its name and the machine's monotonic nanoseconds."""

    def __init__(self, application: Application) -> None:
        super().__init__(application.window)
        self._application = application
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        application.window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's first paint."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            _tell("painted")
            self._timer.start(_LOOK_EVERY_MS)
        return False

    def _look(self) -> None:
        view = self._application.view
        if view is None or not view.ticker or not view.session.gate.open_for_risk:
            return
        if view.session.market_data.book(view.ticker).fresh:
            self._timer.stop()
            _tell("usable")


def _tell(name: str) -> None:
    sys.stdout.write(f"{name} {time.monotonic_ns()}\n")
    sys.stdout.flush()
