"""Arranging the columns of a table: tick to show, move up and down. The table follows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from pitdesk_ui.widgets.column_choice import ColumnChoice

_NUMBER = Qt.ItemDataRole.UserRole
_HIGH = 23  # pixels
_ALT = Qt.KeyboardModifier.AltModifier
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class _Columns(QListWidget):
    """The columns from the left, as a list from the top. Alt+Up and Alt+Down move the current one."""

    def __init__(self, choice: ColumnChoice) -> None:
        super().__init__()
        self._choice = choice
        self.setObjectName("columns.list")
        self.setAccessibleName("Columns from the left")
        self.setAccessibleDescription("Space shows or hides one, Alt+Up and Alt+Down move it.")
        self.read()
        self.itemChanged.connect(self._ticked)

    def read(self) -> None:
        """Show the columns as they are; the current one stays current."""
        row = self.currentRow()
        current = self.item(row).data(_NUMBER) if row >= 0 else None
        self.blockSignals(True)
        self.clear()
        for number in self._choice.in_order():
            item = QListWidgetItem(self._choice.columns[number].title)
            item.setData(_NUMBER, number)
            item.setSizeHint(QSize(0, _HIGH))
            shown = self._choice.is_shown(number)
            item.setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
            if shown and not self._choice.may_hide(number):
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            self.addItem(item)
            if number == current:
                self.setCurrentItem(item)
        self.blockSignals(False)

    def step(self, places: int) -> None:
        """Move the current column."""
        row = self.currentRow()
        place = min(max(row + places, 0), self.count() - 1)
        if row >= 0 and place != row:
            self._choice.move(self.item(row).data(_NUMBER), place)
            self.read()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and an arrow move the column, an arrow alone goes to the next."""
        places = _STEPS.get(Qt.Key(event.key()))
        if places is not None and event.modifiers() & _ALT:
            self.step(places)
        else:
            super().keyPressEvent(event)

    def _ticked(self, item: QListWidgetItem) -> None:
        self._choice.show(item.data(_NUMBER), item.checkState() is Qt.CheckState.Checked)
        self.read()


class ColumnsDialog(QDialog):
    """Opened over the window, which goes on living."""

    def __init__(self, choice: ColumnChoice, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("columns")
        self.setWindowTitle("Columns")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list = _Columns(choice)
        self._choice = choice
        up = _button("columns.up", "Move up", lambda: self._list.step(-1))
        down = _button("columns.down", "Move down", lambda: self._list.step(1))
        first = _button("columns.first", "Reset", self._reset)
        done = _button("columns.done", "Done", self.accept)
        set_role(done, "primary")
        done.setDefault(True)
        side = QVBoxLayout()
        side.setSpacing(8)
        for button in (up, down, first):
            side.addWidget(button)
        side.addStretch(1)
        side.addWidget(done)
        both = QHBoxLayout()
        both.setSpacing(12)
        both.addWidget(self._list, 1)
        both.addLayout(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(plain_label("Ticked columns are shown, from left to right in this order.", "muted"))
        layout.addLayout(both, 1)
        self.resize(380, 600)
        self._list.setCurrentRow(0)
        self._list.setFocus()

    def _reset(self) -> None:
        self._choice.reset()
        self._list.read()


def _button(name: str, text: str, pressed: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked: pressed())
    return button
