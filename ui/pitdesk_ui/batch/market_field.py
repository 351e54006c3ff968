"""A field for a market outside of the sheet: typed, completed, chosen with the arrows or a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from pitdesk_ui.batch.suggest import Suggest, SuggestEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent
    from PySide6.QtWidgets import QWidget


class MarketField(SuggestEdit):
    """``chosen``: another ticker is meant. :attr:`ticker` is empty while none is."""

    chosen = Signal()

    def __init__(self, name: str, parent: QWidget, suggest: Suggest) -> None:
        super().__init__(parent, suggest)
        self.setObjectName(name)
        self.setAccessibleName("Market")
        self.setPlaceholderText("Ticker, title or outcome")
        self.setFrame(True)
        self.ticker = ""
        self.picked.connect(self._take)

    def show_market(self, ticker: str, label: str) -> None:
        """Name a market."""
        self.ticker = ticker
        self.begin(label, ticker)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go along the list, Enter takes, Esc closes it."""
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.step(1 if key == Qt.Key.Key_Down else -1):
            return
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.isModified():
            self._take()
            return
        if key == Qt.Key.Key_Escape and self.close_list():
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What the list stood at is meant."""
        if self.isModified():
            self._take()
        super().focusOutEvent(event)

    def _take(self) -> None:
        ticker = self.value()
        text = self.shown_value()
        self.close_list()
        self.setModified(False)
        if ticker != self.ticker:
            self.ticker = ticker
            self.begin(text, ticker)
            self.chosen.emit()
