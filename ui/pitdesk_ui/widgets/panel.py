"""A rounded card, title on the left and a caption on the right: the frame of each part of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from pitdesk_ui.theme import set_role


class Panel(QFrame):
    """A card. Put the content into :attr:`body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self.title = plain_label(title, "title")
        self.caption = plain_label("", "caption")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 10, 12, 12)
        self.body.setSpacing(8)
        if title:
            self.body.addLayout(self._head())
        else:
            for label in (self.title, self.caption):  # without a parent they would be windows of their own
                label.setParent(self)
                label.hide()

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.caption)
        return head


def plain_label(text: str, role: str) -> QLabel:
    """A label that shows text as it is: what the exchange wrote never becomes markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_role(label, role)
    return label
