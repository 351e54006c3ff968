"""At the right of the tabs: what the tab in front can show otherwise, and more room for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from pitdesk_ui.theme import set_role

_LARGER = ("Larger", "Give the tabs the whole window (F9, or a double click on a tab)")
_SMALLER = ("As before", "Show the market again (F9 or Esc)")


class TabsCorner(QWidget):
    """``view_opened`` carries the menu to be filled for the tab in front; ``larger_wanted``: more room, or as
    before."""

    view_opened = Signal(QMenu)
    larger_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._menu = QMenu(self)
        self._menu.setObjectName("tabs.view.menu")
        self._menu.aboutToShow.connect(self._fill)
        self.view = _button("tabs.view", "View", "Columns, groups and files of this tab (F8)")
        self.view.setMenu(self._menu)
        self.larger = _button("tabs.larger", *_LARGER)
        self.larger.clicked.connect(self.larger_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 6, 2)
        layout.setSpacing(6)
        layout.addWidget(self.view)
        layout.addWidget(self.larger)

    def open_view(self) -> None:
        """Open the menu as its button does; its first entry has the keyboard."""
        self.view.setFocus()
        self.view.showMenu()

    def show_larger(self, larger: bool) -> None:
        """What the other button does now."""
        text, told = _SMALLER if larger else _LARGER
        self.larger.setText(text)
        self.larger.setAccessibleName(f"Tabs: {text.lower()}")
        self.larger.setAccessibleDescription(told)
        self.larger.setToolTip(told)

    def _fill(self) -> None:
        self._menu.clear()
        self.view_opened.emit(self._menu)
        if self._menu.isEmpty():
            self._menu.addAction("There is nothing to choose in this tab").setEnabled(False)


def _button(name: str, text: str, told: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAccessibleDescription(told)
    button.setToolTip(told)
    set_role(button, "chip")
    return button
