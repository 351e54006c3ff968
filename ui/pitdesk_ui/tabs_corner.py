"""At the right of the tabs: what the tab in front can show otherwise, and more room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from pitdesk_ui.theme import set_role

if TYPE_CHECKING:
    from pitdesk_ui.hotkeys.keymap import KeyMap


class TabsCorner(QWidget):
    """``view_opened`` carries the menu to be filled for the tab in front; ``larger_wanted``: more room, or as
    before."""

    view_opened = Signal(QMenu)
    larger_wanted = Signal()

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self._keys, self._is_larger = keys, False
        self._menu = QMenu(self)
        self._menu.setObjectName("tabs.view.menu")
        self._menu.aboutToShow.connect(self._fill)
        self.view = _button("tabs.view", "View")
        self.view.setMenu(self._menu)
        self.larger = _button("tabs.larger", "Larger")
        self.larger.clicked.connect(self.larger_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 2, 6, 2)
        layout.setSpacing(6)
        layout.addWidget(self.view)
        layout.addWidget(self.larger)
        keys.changed.connect(self._show_keys)
        self._show_keys()

    def open_view(self) -> None:
        """Open the menu as its button does; its first entry has the keyboard."""
        self.view.setFocus()
        self.view.showMenu()

    def show_larger(self, larger: bool) -> None:
        """What the other button does now."""
        self._is_larger = larger
        text = "As before" if larger else "Larger"
        self.larger.setText(text)
        self.larger.setAccessibleName(f"Tabs: {text.lower()}")
        self._show_keys()

    def _show_keys(self) -> None:
        key, back = self._keys.shown("larger_tabs"), self._keys.shown("clear")
        if self._is_larger:
            ways, told = [key, back], "Show the market again"
        else:
            ways, told = [key, "a double click on a tab"], "Give the tabs the whole window"
        _describe(self.larger, f"{told} ({', or '.join(filter(None, ways))})")
        _describe(self.view, self._keys.tip("Columns, groups and files of this tab", "view"))

    def _fill(self) -> None:
        self._menu.clear()
        self.view_opened.emit(self._menu)
        if self._menu.isEmpty():
            self._menu.addAction("There is nothing to choose in this tab").setEnabled(False)


def _button(name: str, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    set_role(button, "chip")
    return button


def _describe(button: QPushButton, told: str) -> None:
    button.setAccessibleDescription(told)
    button.setToolTip(told)
