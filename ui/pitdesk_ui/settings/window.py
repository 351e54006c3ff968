"""The settings window: beside the main window, never in its way. Places the pages, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.account_mark import MarkLine, MarkWord
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.enter_key import pressed_by_enter
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.screen_room import centered_over, resize_within

if TYPE_CHECKING:
    from pitdesk_ui.account_mark import AccountMark

_SIZE = (960, 740)
_SMALLEST = (820, 520)
_NAVIGATION_WIDTH = 168


class SettingsWindow(QMainWindow):
    """Pages by title. It carries the mark of the account that the main window is about.

    A main window, because assistive technology is told of no other that it is a window.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("settings")
        self._line, self._word = MarkLine(), MarkWord()
        self._stack = QStackedWidget()
        self._buttons = QButtonGroup(self)
        self._navigation = QVBoxLayout()
        QShortcut(QKeySequence("Esc"), self, self.close)
        self._build()
        self.setMinimumSize(*_SMALLEST)
        resize_within(self, QSize(*_SIZE))

    def add_page(self, title: str, page: QWidget) -> None:
        """One more page; the first is shown."""
        number = self._stack.addWidget(page)
        button = QPushButton(title)
        button.setObjectName(f"settings.{title.lower()}")
        button.setCheckable(True)
        set_role(button, "navigation")
        self._buttons.addButton(button, number)
        self._navigation.insertWidget(number, button)
        button.setChecked(number == 0)

    def show_mark(self, mark: AccountMark) -> None:
        """Say which account the main window is about."""
        self._line.show_mark(mark)
        self._word.show_mark(mark)
        self.setWindowTitle(f"Settings – {mark.title}" if mark.word else "Settings")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard."""
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def bring_up(self) -> None:
        """Show it in front of the others, over the middle of the main window when it was not in sight."""
        parent = self.parentWidget()
        if parent is not None and not self.isVisible():
            self.move(centered_over(self, parent).topLeft())
        self.show()
        self.raise_()
        self.activateWindow()

    def _build(self) -> None:
        inside = QWidget()
        self.setCentralWidget(inside)
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._line)
        columns = QHBoxLayout()
        columns.setContentsMargins(14, 14, 14, 14)
        columns.setSpacing(14)
        left = QWidget()
        left.setFixedWidth(_NAVIGATION_WIDTH)
        self._navigation = QVBoxLayout(left)
        self._navigation.setContentsMargins(0, 0, 0, 0)
        self._navigation.setSpacing(4)
        self._navigation.addStretch(1)
        self._navigation.addWidget(plain_label("In the main window", "caption"))
        self._navigation.addWidget(self._word, 0, Qt.AlignmentFlag.AlignLeft)
        columns.addWidget(left)
        columns.addWidget(self._stack, 1)
        layout.addLayout(columns, 1)
        self._buttons.idClicked.connect(self._stack.setCurrentIndex)
