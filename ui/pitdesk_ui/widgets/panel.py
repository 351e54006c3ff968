"""The rounded card that frames each part of the window, with a title or without."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from pitdesk_ui.theme import set_role


class Panel(QFrame):
    """A card. Put the content into :attr:`body`."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "panel")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 10, 12, 12)
        self.body.setSpacing(8)


class TitledPanel(Panel):
    """A card with its title at the left of its head, and :attr:`caption` at the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.caption = plain_label("", "caption")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(plain_label(title, "title"))
        head.addStretch(1)
        head.addWidget(self.caption)
        self.body.addLayout(head)


def plain_label(text: str, role: str) -> QLabel:
    """A label that shows text as it is: what the exchange wrote never becomes markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_role(label, role)
    return label
