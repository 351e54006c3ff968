"""Text shown as it is: tooltips that never become markup, labels that cut themselves short."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel

from pitdesk_ui.theme import set_role

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


def plain_tip(text: str) -> str:
    """A tooltip that wraps, and shows markup in the exchange's words as the letters it is made of."""
    return f"<qt>{escape(text).replace(chr(10), '<br>')}</qt>" if text else ""


class ElidedLabel(QLabel):
    """One line of text that ends in an ellipsis where the room ends; the tooltip holds the whole."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._whole, self._tip = "", ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self, role)

    @property
    def whole(self) -> str:
        """The text before it was cut."""
        return self._whole

    def show_text(self, text: str, tip: str = "") -> None:
        """Show ``text`` as far as it fits; ``tip`` is told of it besides."""
        self._whole, self._tip = text, tip
        self.setAccessibleName(text)
        self._cut()

    def minimumSizeHint(self) -> QSize:
        """Never the reason for a wider window."""
        return QSize(40, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Room for the whole text where there is any."""
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 4, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut for the new width."""
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width() - 2)
        if shown != self.text():
            self.setText(shown)
        cut = self._whole if shown != self._whole else ""
        self.setToolTip(plain_tip("\n".join(filter(None, (cut, self._tip)))))
