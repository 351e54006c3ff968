"""What limits ask of a whole batch, in the panel, before it is sent."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

_MOST_HEIGHT = 108


class BatchQuestion(QFrame):
    """The sentences and two buttons, away from the one that sends; Enter presses neither by itself."""

    accepted = Signal()
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("batch.confirm")
        set_role(self, "question")
        self._sentences: QLabel = plain_label("", "value")
        self._sentences.setObjectName("batch.confirm.text")
        self._sentences.setWordWrap(True)
        self._sentences.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setMaximumHeight(_MOST_HEIGHT)
        self._scroll.setWidget(self._sentences)
        self.go = QPushButton("Send anyway")
        self.go.setObjectName("batch.confirm.send")
        set_role(self.go, "danger")
        self.back = QPushButton("Change the batch")
        self.back.setObjectName("batch.confirm.back")
        self.back.setAccessibleName("Change the batch instead of sending it")
        buttons = QVBoxLayout()
        buttons.addWidget(self.go)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(buttons)
        self.go.clicked.connect(self.accepted)
        self.back.clicked.connect(self.declined)
        self.hide()

    def ask(self, sentences: tuple[str, ...], button: str) -> None:
        """Open; the keyboard starts at the way back."""
        text = "\n".join(sentences)
        self._sentences.setText(text)
        self.setAccessibleName(text)
        self.go.setText(button)
        self.go.setAccessibleName(button)
        lines = min(len(sentences), 4)
        self._scroll.setFixedHeight(min(max(lines, 2) * 22 + 14, _MOST_HEIGHT))
        self.show()
        self.back.setFocus()
