"""A mouse for the ladder's rows. Its events are sent one by one: nothing else is processed meanwhile."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from pitdesk.quantities import Price
from pitdesk_ui.ladder.grid import LadderGrid
from pitdesk_ui.ladder.painting import Column

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_NONE = Qt.MouseButton.NoButton
_STEPS = 4


class LadderHand:
    """Points at cells by price and column."""

    def __init__(self, grid: LadderGrid) -> None:
        self.grid = grid

    def spot(self, price: Price, column: Column) -> QPoint:
        """The middle of a cell, which must be in sight."""
        row = self.grid.row_rect(price)
        assert self.grid.viewport().rect().contains(row.center()), f"{price} is out of sight"
        return self.grid.cells(row.top())[column].center()

    def move(self, price: Price, column: Column) -> None:
        """Rest the pointer on a cell."""
        self._send(QEvent.Type.MouseMove, self.spot(price, column), _NONE, _NONE)

    def leave(self) -> None:
        """Take the pointer away from the rows."""
        QApplication.sendEvent(self.grid.viewport(), QEvent(QEvent.Type.Leave))

    def press(self, price: Price, column: Column, button: Qt.MouseButton = LEFT) -> None:
        """Press without letting go."""
        self.move(price, column)
        self._send(QEvent.Type.MouseButtonPress, self.spot(price, column), button, button)

    def release(self, price: Price, column: Column, button: Qt.MouseButton = LEFT) -> None:
        """Let go there."""
        self._send(QEvent.Type.MouseButtonRelease, self.spot(price, column), button, _NONE)

    def click(self, price: Price, column: Column, button: Qt.MouseButton = LEFT) -> None:
        """Press and let go."""
        self.press(price, column, button)
        self.release(price, column, button)

    def double_click(self, price: Price, column: Column) -> None:
        """Both halves, as the system sends them."""
        self.click(price, column)
        self._send(QEvent.Type.MouseButtonDblClick, self.spot(price, column), LEFT, LEFT)
        self.release(price, column)

    def drag(self, start: Price, to: Price, column: Column) -> None:
        """Press, and move there with the button held."""
        self.press(start, column)
        here, there = self.spot(start, column), self.spot(to, column)
        for step in range(1, _STEPS + 1):
            place = here + (there - here) * step / _STEPS
            self._send(QEvent.Type.MouseMove, place, _NONE, LEFT)

    def drag_off(self) -> None:
        """Go on beside the rows, the button still held."""
        self._send(QEvent.Type.MouseMove, QPoint(-40, 30), _NONE, LEFT)

    def drop_off(self) -> None:
        """Let go beside the rows."""
        self._send(QEvent.Type.MouseButtonRelease, QPoint(-40, 30), LEFT, _NONE)

    def _send(self, kind: QEvent.Type, place: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        viewport = self.grid.viewport()
        where, on_screen = QPointF(place), QPointF(viewport.mapToGlobal(place))
        event = QMouseEvent(kind, where, on_screen, button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(viewport, event)
