"""Headings in a table's view: what a click and the keys do on them, and where they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QTableView

from pitdesk_ui.theme import theme_of
from pitdesk_ui.widgets.data_table_paint import paint_heading

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from pitdesk_ui.theme import Theme
    from pitdesk_ui.widgets.data_table_model import TableModel

Row = TypeVar("Row")
ROW_HEIGHT = 28
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_FOLDING = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}


class LinedHeader(QHeaderView):
    """The titles of columns, over one line from edge to edge, also where the columns end before."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The titles, then the rest of the line."""
        super().paintEvent(event)
        room, end = self.viewport().rect(), self.length() - self.offset()
        if end < room.width():
            rest = QRect(end, room.bottom(), room.width() - end, 1)
            QPainter(self.viewport()).fillRect(rest, theme_of(self).color("line"))


class HeadingsView(QTableView, Generic[Row]):
    """A click folds a heading's rows away or shows them again, as Left and Right do; Ctrl+click, Enter and
    Space select them."""

    def __init__(self, model: TableModel[Row], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._rows = model
        self.setHorizontalHeader(LinedHeader(self))

    @property
    def rows(self) -> TableModel[Row]:
        """The model, in its own type."""
        return self._rows

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Rows as Qt does; headings as said above."""
        if not self._pressed_on_heading(event):
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a heading, two clicks."""
        if not self._pressed_on_heading(event):
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rows as Qt does; headings as said above."""
        row = self.currentIndex().row()
        if row < 0 or not self._rows.is_heading(row):
            super().keyPressEvent(event)
        elif event.key() in _CHOOSING:
            self.select_under(row)
        elif event.key() in _FOLDING and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._rows.fold(row, folded=_FOLDING[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def select_under(self, row: int, *, add: bool = False) -> None:
        """Select the rows under the heading at ``row``, which opens; the keyboard stays on the heading."""
        model, flags = self._rows, QItemSelectionModel.SelectionFlag
        self._stand_on(row)
        model.fold(row, folded=False)
        under = model.keys_under(row)
        block = QItemSelection(model.index(under.start, 0), model.index(under.stop - 1, 0))
        self.selectionModel().select(block, flags.Rows | (flags.Select if add else flags.ClearAndSelect))

    def paint_headings(self, painter: QPainter, rows: range, theme: Theme) -> None:
        """Draw the headings among ``rows``."""
        for row in rows:
            heading = self._rows.heading_at(row)
            if heading is not None:
                band = QRect(0, self.rowViewportPosition(row), self.viewport().width(), ROW_HEIGHT)
                paint_heading(painter, band, heading, theme, folded=self._rows.is_folded(row))

    def _pressed_on_heading(self, event: QMouseEvent) -> bool:
        row = self.rowAt(int(event.position().y()))
        if event.button() is not Qt.MouseButton.LeftButton or row < 0 or not self._rows.is_heading(row):
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.select_under(row, add=True)
            return True
        self._stand_on(row)
        self._rows.fold(row, folded=not self._rows.is_folded(row))
        return True

    def _stand_on(self, row: int) -> None:
        self.setFocus()
        place, flags = self._rows.index(row, 0), QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(place, flags.NoUpdate)
