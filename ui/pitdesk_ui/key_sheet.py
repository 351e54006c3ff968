"""The sheet of keys that F1 shows: every action by group, made from the actions themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk_ui.actions import Action, Actions

_FOOT = "Plain letters act while no text field has the focus. The cancel keys act everywhere."


class KeySheet(QDialog):
    """A dialog beside the window; any key of the window still needs the window, Esc closes the sheet."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keys")
        self.setWindowTitle("Keys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 20)
        layout.setSpacing(14)
        layout.addWidget(plain_label("Keys", "title"))
        columns = QHBoxLayout()
        columns.setSpacing(36)
        layout.addLayout(columns)
        for group, members in actions.groups().items():
            columns.addLayout(_group(group, members))
        layout.addWidget(plain_label(_FOOT, "caption"))


def _group(title: str, actions: tuple[Action, ...]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(plain_label(title, "caption"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    for row, action in enumerate(actions):
        keys = "  ".join(
            QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in action.keys
        )
        grid.addWidget(plain_label(keys, "value"), row, 0)
        grid.addWidget(plain_label(action.text, ""), row, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return column
