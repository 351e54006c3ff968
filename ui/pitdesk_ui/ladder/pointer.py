"""The ladder under the mouse: which cell is pointed at, what is picked, and own orders dragged along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication

from pitdesk_ui.ladder.drag import ChipDrag
from pitdesk_ui.ladder.painting import Column
from pitdesk_ui.ladder.scroller import LadderScroller

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from pitdesk.quantities import Price
    from pitdesk_ui.hotkeys.keymap import KeyMap
    from pitdesk_ui.ladder.rows import LadderPicture, OwnChip


class LadderPointer(LadderScroller):
    """The rows, to be pointed at.

    Signals:
        cell_picked: a cell was clicked, or Enter pressed on it (Price of Yes, Column).
        cancel_asked: the right button was pressed on a row, or Del or the menu key (Price).
        chip_dropped: own orders were dragged to another row (OwnChip, Price).
        aim_changed: another cell is pointed at, or a drag went on.
    """

    cell_picked = Signal(object, object)
    cancel_asked = Signal(object)
    chip_dropped = Signal(object, object)
    aim_changed = Signal()

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__(keys)
        self._hover_column: Column | None = None
        self._focus_column = Column.PRICE
        self._pressed: tuple[Price, Column] | None = None
        self._drag: ChipDrag | None = None
        self.viewport().setMouseTracking(True)

    def show_picture(self, picture: LadderPicture) -> None:
        """Show ``picture``. A drag ends whose orders are gone, and a press does not reach another market."""
        same_market = picture.ticker == self._picture.ticker
        if not same_market:
            self._pressed = None
        super().show_picture(picture)
        if self._drag is not None and not (same_market and self._drag.follow(picture)):
            self.drop_nothing()

    @property
    def focused_price(self) -> Price | None:
        """The price of the row that the keyboard is on."""
        row = self._focus_row
        return None if row is None or row >= len(self._picture.prices) else self._picture.prices[row]

    @property
    def aim(self) -> tuple[Price, Column] | None:
        """The cell under the pointer, else the one that the keyboard is on."""
        row, column = self._hover_row, self._hover_column
        if row is not None and column is not None and row < len(self._picture.prices):
            return self._picture.prices[row], column
        return (self.focused_price, self._focus_column) if self.hasFocus() and self.focused_price else None

    @property
    def drag(self) -> ChipDrag | None:
        """The own orders being moved, None while none are."""
        return self._drag if self._drag is not None and self._drag.is_moving else None

    def drop_nothing(self) -> None:
        """End a drag and leave its orders where they are."""
        self._drag = None
        self._changed()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the cell under the pointer; a held chip goes along."""
        position = event.position().toPoint()
        if self._drag is not None and self._drag.start is not None:
            if event.buttons() & Qt.MouseButton.LeftButton:
                self._pull(self._drag, position)
            else:  # it was let go of where the window did not hear it
                self.drop_nothing()
        self._hover(position, inside=self.viewport().rect().contains(position))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left takes hold of a cell or of a chip; right asks to cancel the own orders of the row."""
        position = event.position().toPoint()
        row, column = self._row_at(position.y()), self._column_at(position.x())
        if row is None:
            return
        price = self._picture.prices[row]
        if event.button() == Qt.MouseButton.LeftButton:
            self._focus_row, self._focus_column = row, Column.PRICE  # where Enter adds no risk
            self._pressed = price, column
            chip = self._chip_at(price, column)
            self._drag = ChipDrag(chip, position) if chip is not None else None
            self._changed()
        elif event.button() == Qt.MouseButton.RightButton:
            if self._drag is not None:
                self.drop_nothing()
                self._pressed = None
            else:
                self.cancel_asked.emit(price)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A cell is picked where press and release meet the same price in the same column."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        position = event.position().toPoint()
        pressed, self._pressed = self._pressed, None
        drag, self._drag = self.drag, None
        if drag is not None:
            self._drop(drag)
        elif pressed is not None and self.viewport().rect().contains(position):
            row = self._row_at(position.y())
            if row is not None and (self._picture.prices[row], self._column_at(position.x())) == pressed:
                self.cell_picked.emit(*pressed)
        self._changed()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click does nothing more: the first has picked already."""

    def _pull(self, drag: ChipDrag, position: QPoint) -> None:
        far = drag.start is not None and (
            (position - drag.start).manhattanLength() >= QApplication.startDragDistance()
        )
        if not far and not drag.is_moving:
            return
        row = self._row_at(position.y())
        drag.over = row is not None and self.viewport().rect().contains(position)
        if row is not None:
            drag.to = self._picture.prices[row]
        self._changed()

    def _drop(self, drag: ChipDrag) -> None:
        if drag.target is not None:
            self.chip_dropped.emit(drag.chip, drag.target)

    def _hover(self, position: QPoint, *, inside: bool) -> None:
        row = self._row_at(position.y()) if inside else None
        column = self._column_at(position.x()) if row is not None else None
        if (row, column) != (self._hover_row, self._hover_column):
            self._hover_row, self._hover_column = row, column
            self._changed()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scrolling repaints; the row under the pointer is another one now, and so is a drag's."""
        position = self.viewport().mapFromGlobal(self.cursor().pos())
        inside = self.viewport().rect().contains(position) and self.viewport().underMouse()
        if self._drag is not None and self._drag.start is not None and inside:
            self._pull(self._drag, position)
        self._hover(position, inside=inside)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Leaving takes the light off."""
        if event.type() == QEvent.Type.Leave:
            self._hover_row = self._hover_column = None
            self._changed()
        return bool(super().viewportEvent(event))

    def _column_at(self, x: int) -> Column:
        rects = self.cells(0)
        return Column(
            next((number for number, rect in enumerate(rects) if x <= rect.right()), len(rects) - 1)
        )

    def _chip_at(self, price: Price, column: Column) -> OwnChip | None:
        if column not in (Column.MY_BIDS, Column.MY_ASKS) or column.side is None:
            return None
        return self._picture.chips.get((column.side, price))

    def _changed(self) -> None:
        self.viewport().update()
        self.aim_changed.emit()
