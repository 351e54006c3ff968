"""Find and replace over the cells of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLineEdit, QPushButton

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

_OWN = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FindBar(QFrame):
    """Enter finds the next, Shift+Enter the one before, Esc closes."""

    step_wanted = Signal(int)
    replace_wanted = Signal(bool)
    """True: everywhere; False: in the cell that was found."""
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("batch.find")
        set_role(self, "card")
        self.wanted = _field("batch.find.text", "Find", "Find in the sheet")
        self.replacement = _field("batch.find.replacement", "Replace with", "Replace with")
        self.match_case = QCheckBox("Match case")
        self.match_case.setObjectName("batch.find.case")
        self.whole_cell = QCheckBox("Whole cell")
        self.whole_cell.setObjectName("batch.find.whole")
        self._said = plain_label("", "caption")
        self._said.setObjectName("batch.find.message")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 5, 8, 5)
        layout.setSpacing(7)
        layout.addWidget(self.wanted)
        layout.addWidget(self._button("batch.find.next", "Next", lambda: self.step_wanted.emit(1)))
        layout.addWidget(self._button("batch.find.previous", "Previous", lambda: self.step_wanted.emit(-1)))
        layout.addWidget(self.replacement)
        one = self._button("batch.find.replace", "Replace", lambda: self.replace_wanted.emit(False))
        every = self._button("batch.find.replace_all", "Replace all", lambda: self.replace_wanted.emit(True))
        self._replacing = (self.replacement, one, every)
        layout.addWidget(one)
        layout.addWidget(every)
        layout.addWidget(self.match_case)
        layout.addWidget(self.whole_cell)
        layout.addWidget(self._said, 1)
        layout.addWidget(self._button("batch.find.close", "Close", self.leave))
        self.hide()

    def open(self, *, replacing: bool) -> None:
        """Show the bar, with or without the part that replaces."""
        for widget in self._replacing:
            widget.setVisible(replacing)
        self.say("")
        self.show()
        self.wanted.setFocus()
        self.wanted.selectAll()

    def say(self, sentence: str) -> None:
        """``2 of 12``, or that there is none."""
        self._said.setText(sentence)
        self._said.setAccessibleName(sentence)

    def leave(self) -> None:
        """Close and give the keyboard back."""
        self.hide()
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Its keys are its own while it has the keyboard."""
        is_asked = isinstance(event, QKeyEvent) and event.key() in _OWN
        if is_asked and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Enter in a field finds, with Shift backwards."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.step_wanted.emit(-1 if back else 1)
        else:
            super().keyPressEvent(event)

    def _button(self, name: str, text: str, wanted: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAccessibleName(text)
        set_role(button, "chip")
        button.clicked.connect(wanted)
        return button


def _field(name: str, placeholder: str, accessible: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setPlaceholderText(placeholder)
    field.setAccessibleName(accessible)
    field.setMaxLength(200)
    field.setMinimumWidth(120)
    field.setMaximumWidth(200)
    return field
