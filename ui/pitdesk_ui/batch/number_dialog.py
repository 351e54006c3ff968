"""One number asked for in a small dialog that blocks nothing, with what it will do said below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence


class NumberDialog(QDialog):
    """``given(text)``: what was typed; whoever asked says what is wrong with it, or closes the dialog."""

    given = Signal(str)

    def __init__(
        self, name: str, title: str, label: str, presets: Sequence[tuple[str, str]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._field = QLineEdit()
        self._field.setObjectName(f"{name}.number")
        self._field.setAccessibleName(label)
        self._field.setMaxLength(20)
        self._said = plain_label("", "problem")
        self._said.setObjectName(f"{name}.message")
        self._said.setWordWrap(True)
        go = QPushButton(title)
        go.setObjectName(f"{name}.apply")
        go.setDefault(True)
        set_role(go, "primary")
        leave = QPushButton("Cancel")
        leave.setObjectName(f"{name}.leave")
        leave.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(plain_label(label, "muted"))
        layout.addWidget(self._field)
        layout.addLayout(self._presets(presets))
        layout.addWidget(self._said)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(go)
        layout.addLayout(buttons)
        self.setMinimumWidth(340)
        go.clicked.connect(lambda: self.given.emit(self._field.text()))
        leave.clicked.connect(self.close)
        self._field.textEdited.connect(lambda _: self._said.setText(""))
        self._field.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say what is wrong; what was typed stays."""
        self._said.setText(sentence)
        self._said.setAccessibleName(sentence)
        self._field.selectAll()
        self._field.setFocus()

    def _presets(self, presets: Sequence[tuple[str, str]]) -> QHBoxLayout:
        line = QHBoxLayout()
        for text, value in presets:
            chip = QPushButton(text)
            chip.setAutoDefault(False)
            set_role(chip, "chip")
            chip.clicked.connect(lambda _checked=False, chosen=value: self._field.setText(chosen))
            line.addWidget(chip)
        line.addStretch(1)
        return line
