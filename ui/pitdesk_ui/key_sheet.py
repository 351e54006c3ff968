"""The sheet of all keys: every action by group, with the key it has at the moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pitdesk_ui.account_mark import AccountMark, MarkedDialog
from pitdesk_ui.hotkeys import spelling
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.screen_room import resize_within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pitdesk.quantities import Count
    from pitdesk_ui.hotkeys.keymap import KeyMap
    from pitdesk_ui.hotkeys.table import Action

_COLUMNS = 3  # as many as the smallest window has room for
_FOOT = (
    "Letters, figures and signs act while no text field has the focus. Cancel keys act everywhere, unless "
    "they edit text, as Del. Settings, Keys gives others."
)


def size_texts(presets: Sequence[Count]) -> dict[str, str]:
    """What the keys of the size presets do, by the names of their actions."""
    texts: dict[str, str] = {}
    for number, count in enumerate(presets, 1):
        told = f"{count} contract{'s' * (str(count) != '1')}"
        texts |= {f"size_{number}": told, f"click_size_{number}": f"One click: {told}, or none"}
    return texts


def groups(actions: Sequence[Action]) -> dict[str, list[Action]]:
    """The actions by group, each group where its first stands."""
    found: dict[str, list[Action]] = {}
    for action in actions:
        found.setdefault(action.group, []).append(action)
    return found


class KeySheet(MarkedDialog):
    """A dialog beside the window; any key of the window still needs the window, Esc closes the sheet."""

    def __init__(self, keys: KeyMap, mark: AccountMark, parent: QWidget, texts: Mapping[str, str]) -> None:
        """``texts``: by an action's name, what is said of it instead of its own text."""
        super().__init__("Keys", mark, parent)
        self.setObjectName("keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._keys, self._texts = keys, texts
        self._area = _Sheet()
        self._fill()
        self.body.addWidget(self._area, 1)
        self.body.addWidget(plain_label(_FOOT, "caption"))
        self._area.setFocus()
        resize_within(self, self.sizeHint())
        keys.changed.connect(self._fill)

    def _fill(self) -> None:
        sheet = QWidget()
        row = QHBoxLayout(sheet)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(36)
        columns, filled = [QVBoxLayout() for _ in range(_COLUMNS)], [0] * _COLUMNS
        for column in columns:
            column.setSpacing(18)
            row.addLayout(column)
        for group, members in groups(self._keys.actions).items():
            shortest = filled.index(min(filled))
            columns[shortest].addLayout(self._group(group, members))
            filled[shortest] += len(members) + 2  # its title and the gap
        for column in columns:
            column.addStretch(1)
        self._area.show_sheet(sheet)

    def _group(self, title: str, actions: Sequence[Action]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(plain_label(title, "caption"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, action in enumerate(actions):
            shown = "  ".join(spelling.shown(key) for key in self._keys.keys(action.name))
            grid.addWidget(plain_label(shown or "no key", "value" if shown else "muted"), row, 0)
            grid.addWidget(plain_label(self._texts.get(action.name, action.text), ""), row, 1)
        column.addLayout(grid)
        return column


class _Sheet(QScrollArea):
    """The whole sheet where the screen has room for it, else as much of it as there is, to be scrolled."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Keys by group")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def show_sheet(self, sheet: QWidget) -> None:
        """This one in place of the one before."""
        self.setWidget(sheet)

    def sizeHint(self) -> QSize:
        """All of it."""
        sheet = self.widget()
        return super().sizeHint() if sheet is None else sheet.sizeHint()
