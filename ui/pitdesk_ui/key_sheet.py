"""The sheet of keys that F1 shows: every action by group, made from the actions themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pitdesk_ui.account_mark import AccountMark, MarkedDialog
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.screen_room import resize_within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pitdesk.quantities import Count
    from pitdesk_ui.actions import Action, Actions

_COLUMNS = 3  # as many as the smallest window has room for
_FOOT = "Plain letters act while no text field has the focus. The cancel keys act everywhere."


def size_texts(presets: Sequence[Count]) -> dict[str, str]:
    """What the keys of the size presets do, by the names of their actions."""
    texts: dict[str, str] = {}
    for number, count in enumerate(presets, 1):
        told = f"{count} contract{'s' * (str(count) != '1')}"
        texts |= {f"size_{number}": told, f"click_size_{number}": f"One click: {told}, or none"}
    return texts


class KeySheet(MarkedDialog):
    """A dialog beside the window; any key of the window still needs the window, Esc closes the sheet."""

    def __init__(
        self, actions: Actions, mark: AccountMark, parent: QWidget, texts: Mapping[str, str]
    ) -> None:
        """``texts``: by an action's name, what is said of it instead of its own text."""
        super().__init__("Keys", mark, parent)
        self.setObjectName("keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet = QWidget()
        row = QHBoxLayout(sheet)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(36)
        columns, filled = [QVBoxLayout() for _ in range(_COLUMNS)], [0] * _COLUMNS
        for column in columns:
            column.setSpacing(18)
            row.addLayout(column)
        for group, members in actions.groups().items():
            shortest = filled.index(min(filled))
            columns[shortest].addLayout(_group(group, members, texts))
            filled[shortest] += len(members) + 2  # its title and the gap
        for column in columns:
            column.addStretch(1)
        area = _Sheet(sheet)
        self.body.addWidget(area, 1)
        self.body.addWidget(plain_label(_FOOT, "caption"))
        area.setFocus()
        resize_within(self, self.sizeHint())


class _Sheet(QScrollArea):
    """The whole sheet where the screen has room for it, else as much of it as there is, to be scrolled."""

    def __init__(self, sheet: QWidget) -> None:
        super().__init__()
        self.setAccessibleName("Keys by group")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._sheet = sheet
        self.setWidget(sheet)

    def sizeHint(self) -> QSize:
        """All of it."""
        return self._sheet.sizeHint()


def _group(title: str, actions: tuple[Action, ...], texts: Mapping[str, str]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(plain_label(title, "caption"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    for row, action in enumerate(actions):
        keys = "  ".join(
            QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in action.keys
        )
        grid.addWidget(plain_label(keys, "value"), row, 0)
        grid.addWidget(plain_label(texts.get(action.name, action.text), ""), row, 1)
    column.addLayout(grid)
    return column
