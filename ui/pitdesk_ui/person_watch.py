"""Notices that somebody is there: keys, mouse and touch in any window of Pitdesk."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow
from shiboken6 import isValid

if TYPE_CHECKING:
    from collections.abc import Callable

_ACTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)
_EVERY_S = 0.25


class PersonWatch(QObject):
    """Looks at the windows' own events, not at those of every widget: it costs nothing while none comes."""

    def __init__(self, parent: QObject, acted: Callable[[], object]) -> None:
        """``acted`` is called at most four times a second."""
        super().__init__(parent)
        self._acted, self._told_at = acted, 0.0
        self._watched: QWindow | None = None
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._on_focus_window)
            self._on_focus_window(QGuiApplication.focusWindow())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only looks."""
        if event.type() in _ACTS:
            now = time.monotonic()
            if now - self._told_at >= _EVERY_S:
                self._told_at = now
                self._acted()
        return False

    def _on_focus_window(self, window: QWindow | None) -> None:
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        self._watched = window
        if window is not None:
            window.installEventFilter(self)
            self._acted()  # somebody brought it to the front
