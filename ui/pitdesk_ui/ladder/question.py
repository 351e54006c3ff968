"""The limits' question over the ladder's rows: the same as the ticket's, away from the row it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from pitdesk_ui.ticket.send_area import Question

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QAbstractScrollArea

_MARGIN = 4


class LadderQuestion(Question):
    """Laid over the half of the rows where the pointer is not: a second click never falls on an answer.

    Esc declines.
    """

    def __init__(self, over: QAbstractScrollArea) -> None:
        super().__init__("ladder.confirm", "Leave it")
        self.setParent(over)
        self._over = over
        self._is_above = False
        over.viewport().installEventFilter(self)

    def ask_about(self, sentences: tuple[str, ...], row_y: int) -> None:
        """Ask; ``row_y`` is where in the viewport the row is that it is about."""
        if not self.isHidden():
            return
        self._is_above = row_y > self._over.viewport().rect().center().y()
        self.ask(sentences)
        self._place()
        self.raise_()

    def leave(self) -> None:
        """Go, and give the keyboard back to the rows."""
        if not self.isHidden():
            had_keyboard = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
            self.hide()
            if had_keyboard:
                self._over.setFocus(Qt.FocusReason.OtherFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Nothing under it is pressed."""
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Esc is its own, not the window's."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc declines."""
        if event.key() == Qt.Key.Key_Escape:
            self.declined.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the rows where they become wider or narrower."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return bool(super().eventFilter(watched, event))

    def _place(self) -> None:
        room = self._over.viewport().rect()
        width = room.width() - 2 * _MARGIN
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        top = _MARGIN if self._is_above else room.bottom() - height - _MARGIN
        self.setGeometry(_MARGIN, max(top, 0), width, height)
