"""What the pointer and the keys do on the ladder's rows, and what is told of them in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from pitdesk.orders import BookSide
from pitdesk_ui.ladder.painting import ROW_HEIGHT, column_rects
from pitdesk_ui.ladder.rows import LadderPicture, OwnChip, center_row, row_words, touch_words
from pitdesk_ui.ladder.scroller import LadderScroller
from pitdesk_ui.theme import DARK, Theme

if TYPE_CHECKING:
    from pitdesk.quantities import Price

_SIDES = (BookSide.BID, BookSide.BID, None, BookSide.ASK, BookSide.ASK)
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -100_000,
    Qt.Key.Key_End: 100_000,
}


class LadderGrid(LadderScroller):
    """The rows, to be pointed at and walked along.

    Signals:
        price_touched: a row was picked (Price of Yes, BookSide of the column or None for the price column).
        chip_asked: the right button was pressed on own orders, or the menu key on their row (an OwnChip).
    """

    price_touched = Signal(object, object)
    chip_asked = Signal(object)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setObjectName("ladder.grid")
        self.setAccessibleName("Price ladder")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    def show_picture(self, picture: LadderPicture) -> None:
        """Show ``picture``, on the screen and in words."""
        super().show_picture(picture)
        self._tell()

    @property
    def focused_price(self) -> Price | None:
        """The price of the row that the keyboard is on."""
        row = self._focus_row
        return None if row is None or row >= len(self._picture.prices) else self._picture.prices[row]

    def _column_at(self, x: int) -> int:
        rects = column_rects(self.viewport().width(), 0, ROW_HEIGHT)
        return next((number for number, rect in enumerate(rects) if x <= rect.right()), len(rects) - 1)

    def _chip_at(self, position: QPoint) -> OwnChip | None:
        row, column = self._row_at(position.y()), self._column_at(position.x())
        if row is None or column not in (0, 4):
            return None
        side = BookSide.BID if column == 0 else BookSide.ASK
        return self._picture.chips.get((side, self._picture.prices[row]))

    def _tell(self) -> None:
        """Keep the description for assistive technology true."""
        focused = self.focused_price if self.hasFocus() else None
        words = touch_words(self._picture)
        if focused is not None:
            words = f"{row_words(self._picture, focused)}. {words}"
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scrolling repaints; the row under the pointer is another one now."""
        self._hover(self.viewport().mapFromGlobal(self.cursor().pos()))
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the row under the pointer."""
        self._hover(event.position().toPoint())

    def _hover(self, position: QPoint) -> None:
        inside = self.viewport().rect().contains(position) and self.viewport().underMouse()
        row = self._row_at(position.y()) if inside else None
        if row != self._hover_row:
            self._hover_row = row
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left picks the row's price; right on an own chip asks to cancel it."""
        position = event.position().toPoint()
        row = self._row_at(position.y())
        if row is None:
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._focus_row = row
            self.price_touched.emit(self._picture.prices[row], _SIDES[self._column_at(position.x())])
            self._tell()
            self.viewport().update()
        elif event.button() == Qt.MouseButton.RightButton:
            chip = self._chip_at(position)
            if chip is not None:
                self.chip_asked.emit(chip)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second press of a double click does nothing more: the first has picked already."""

    def event(self, event: QEvent) -> bool:
        """The ladder's own keys are not the window's shortcuts while it has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ours = (*_STEPS, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
            if event.key() in ours and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
                event.accept()
                return True
        return bool(super().event(event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say the row that the keyboard is on."""
        super().focusInEvent(event)
        self._tell()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say the touch again."""
        super().focusOutEvent(event)
        self._tell()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down move along the rows, Enter picks, Space centers."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._move_focus(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focused_price is not None:
            if not event.isAutoRepeat():
                self.price_touched.emit(self.focused_price, None)
        elif key == Qt.Key.Key_Space:
            self.center()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key does for the keyboard's row what the right button does for a chip."""
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            return
        for side in BookSide:
            chip = self._picture.chips.get((side, self.focused_price)) if self.focused_price else None
            if chip is not None:
                self.chip_asked.emit(chip)

    def _move_focus(self, step: int) -> None:
        if not self._picture.prices:
            return
        start = self._focus_row
        if start is None:
            start = center_row(self._picture) or 0
            step = 0 if abs(step) == 1 else step  # the first arrow shows where the keyboard is
        self._focus_row = min(max(start + step, 0), len(self._picture.prices) - 1)
        row, bar = self._focus_row, self.verticalScrollBar()
        bar.setValue(min(max(bar.value(), row - self._page() + 1), row))
        self._tell()
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Leaving takes the light off; a help request is answered in words."""
        if event.type() == QEvent.Type.Leave:
            self._hover_row = None
            self.viewport().update()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._help(event)
            return True
        return bool(super().viewportEvent(event))

    def _help(self, event: QHelpEvent) -> None:
        chip = self._chip_at(event.pos())
        if chip is not None:
            QToolTip.showText(event.globalPos(), f"{chip.words()}. Right click cancels.", self.viewport())
            return
        QToolTip.hideText()
