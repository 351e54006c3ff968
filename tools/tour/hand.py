"""The tour's hand and eye: it finds controls by name, types and clicks as a person does, and waits to see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTabWidget, QWidget

from pitdesk_ui.main_window import MainWindow
from pitdesk_ui.widgets.data_table import DataTable

Found = TypeVar("Found", bound=QWidget)
_LOOK_EVERY_S = 0.02


class TourError(AssertionError):
    """Something that a person would have seen or could have done is not there."""


class Hand:
    """Acts on one window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def find(self, name: str, kind: type[Found]) -> Found:
        """The control of that object name, which must be in sight."""
        found = self.window.findChild(kind, name)
        if found is None:
            raise TourError(f"There is no {kind.__name__} named {name}.")
        if not found.isVisible():
            raise TourError(f"{name} cannot be seen.")
        return found

    def click(self, name: str) -> None:
        """Press a button with the mouse; it must be enabled."""
        button = self.find(name, QAbstractButton)
        if not button.isEnabled():
            raise TourError(f"{name} ({button.text()}) is disabled: {button.toolTip()}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_into(self, name: str, text: str) -> None:
        """Replace what a field holds by typing."""
        field = self.find(name, QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    def key(self, key: Qt.Key, name: str) -> None:
        """Press one key in a control."""
        QTest.keyClick(self.find(name, QWidget), key)

    def move_pointer(self, x: int, y: int) -> None:
        """Move the mouse to a place in the window.

        QTest's own way processes Qt's events at once. Within a task that wakes others inside its step, which
        asyncio refuses: they would never be woken again.
        """
        handle = self.window.windowHandle()
        place = QPointF(x, y)
        nothing = Qt.MouseButton.NoButton
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            QPointF(handle.mapToGlobal(QPoint(x, y))),
            nothing,
            nothing,
            Qt.KeyboardModifier.NoModifier,
        )
        QCoreApplication.sendEvent(handle, move)

    def text(self, name: str) -> str:
        """What a label, field or button shows."""
        widget = self.find(name, QWidget)
        if isinstance(widget, QLabel | QLineEdit | QAbstractButton):
            return widget.text().replace("\u2011", "-").replace("\u00a0", " ")  # as the eye reads them
        raise TourError(f"{name} shows no text.")

    def show_tab(self, title: str) -> None:
        """Click a tab by its title."""
        tabs = self.find("window.tabs", QTabWidget)
        bar = tabs.tabBar()
        for index in range(bar.count()):
            if bar.tabData(index) == title:
                QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(index).center())
                return
        raise TourError(f"There is no tab {title}.")

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows a table shows, each by column title, those of columns out of sight too; no headings."""
        return [row for _, row in self._lines(name)]

    def _lines(self, name: str) -> list[tuple[int, dict[str, str]]]:
        model = self.find(name, DataTable).rows
        return [
            (line, {column.title: column.text(model.row_at(line)) for column in model.columns})
            for line in range(model.rowCount())
            if not model.is_heading(line)
        ]

    def choose_row(self, name: str, wanted: Callable[[dict[str, str]], bool]) -> dict[str, str]:
        """Click the first row that is wanted."""
        table = self.find(name, DataTable)
        for number, row in self._lines(name):
            if wanted(row):
                spot = table.visualRect(table.model().index(number, 0)).center()
                QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(spot.x(), spot.y()))
                return row
        raise TourError(f"No row of {name} is the wanted one: {self.rows(name)}")

    async def see(self, what: str, look: Callable[[], Any], seconds: float = 30.0) -> Any:
        """Wait until ``look`` finds something true and return it; raises after ``seconds``."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                found = look()
            except TourError:
                found = None
            if found:
                return found
            if time.monotonic() > deadline:
                raise TourError(f"Not seen within {seconds:g} s: {what}.")
            await asyncio.sleep(_LOOK_EVERY_S)
