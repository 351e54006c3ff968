"""The scrolling part of the ladder: which rows are in sight, what the pointer and the keys do there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from pitdesk.orders import BookSide
from pitdesk.quantities import COUNT_ZERO, Count, Price
from pitdesk_ui.ladder.painting import ROW_HEIGHT, RowLook, RowPainter, column_rects
from pitdesk_ui.ladder.rows import (
    LadderPicture,
    OwnChip,
    centre_row,
    marked_price,
    nearest_row,
    row_words,
    touch_words,
)
from pitdesk_ui.theme import DARK, Theme

_SIDES = (BookSide.BID, BookSide.BID, None, BookSide.ASK, BookSide.ASK)
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -100_000,
    Qt.Key.Key_End: 100_000,
}


class LadderGrid(QAbstractScrollArea):
    """Rows of prices, only those in sight painted, however many the grid has.

    Nothing but the person scrolls it once a market is in view: prices never move under the pointer.

    Signals:
        price_touched: a row was picked (Price of Yes, BookSide of the column or None for the price column).
        chip_asked: the right button was pressed on own orders, or the menu key on their row (an OwnChip).
    """

    price_touched = Signal(object, object)
    chip_asked = Signal(object)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = LadderPicture()
        self._hover_row: int | None = None
        self._focus_row: int | None = None
        self._centered = False
        self.setObjectName("ladder.grid")
        self.setAccessibleName("Price ladder")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(ROW_HEIGHT * 4)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(1)

    @property
    def picture(self) -> LadderPicture:
        """What is shown now."""
        return self._picture

    @property
    def focused_price(self) -> Price | None:
        """The price of the row that the keyboard is on."""
        row = self._focus_row
        return None if row is None or row >= len(self._picture.prices) else self._picture.prices[row]

    def sizeHint(self) -> QSize:
        """Wide enough for five columns, high enough for a score of rows."""
        return QSize(342, ROW_HEIGHT * 20)

    def show_picture(self, picture: LadderPicture) -> None:
        """Show ``picture``; the view stays where it is unless the market is another one."""
        old, self._picture = self._picture, picture
        if picture.prices != old.prices:
            self._take_rows(old, same_market=picture.ticker == old.ticker)
        if not self._centered and picture.book is not None:
            self.centre()
        self._tell()
        self.viewport().update()

    def centre(self) -> None:
        """Bring the touch to the middle."""
        row = centre_row(self._picture)
        if row is None:
            return
        self._centered = self._picture.book is not None
        self.verticalScrollBar().setValue(row - self._page() // 2)

    def row_rect(self, price: Price) -> QRect:
        """Where the row of ``price`` is in the viewport now."""
        row = self._picture.prices.index(price) - self.verticalScrollBar().value()
        return QRect(0, row * ROW_HEIGHT, self.viewport().width(), ROW_HEIGHT)

    def _take_rows(self, old: LadderPicture, same_market: bool) -> None:
        """The rows themselves changed: keep the middle price in place, or start afresh for a new market."""
        prices, bar = self._picture.prices, self.verticalScrollBar()
        middle = bar.value() + self._page() // 2
        focused = self._focus_row
        self._hover_row = self._focus_row = None
        self._set_range()
        if not same_market or not old.prices or not prices:
            self._centered = False
            self.centre()
            return
        if focused is not None and focused < len(old.prices):
            self._focus_row = nearest_row(prices, old.prices[focused])
        kept = old.prices[min(middle, len(old.prices) - 1)]
        bar.setValue(nearest_row(prices, kept) - self._page() // 2)

    def _page(self) -> int:
        """Whole rows that fit. The scroll bar counts in rows, so that none is ever cut."""
        return max(self.viewport().height() // ROW_HEIGHT, 1)

    def _set_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(len(self._picture.prices) - self._page(), 0))
        bar.setPageStep(self._page())

    def _row_at(self, y: int) -> int | None:
        row = y // ROW_HEIGHT + self.verticalScrollBar().value()
        return row if y >= 0 and row in self._rows_in_sight() else None

    def _column_at(self, x: int) -> int:
        rects = column_rects(self.viewport().width(), 0, ROW_HEIGHT)
        return next((number for number, rect in enumerate(rects) if x <= rect.right()), len(rects) - 1)

    def _chip_at(self, position: QPoint) -> OwnChip | None:
        row, column = self._row_at(position.y()), self._column_at(position.x())
        if row is None or column not in (0, 4):
            return None
        side = BookSide.BID if column == 0 else BookSide.ASK
        return self._picture.chips.get((side, self._picture.prices[row]))

    def _rows_in_sight(self) -> range:
        first = self.verticalScrollBar().value()
        return range(first, min(first + self._page(), len(self._picture.prices)))

    def _deepest(self, rows: range) -> Count:
        book = self._picture.book
        if book is None:
            return COUNT_ZERO
        shown = self._picture.prices[rows.start : rows.stop]
        counts = [side[price] for side in (book.bids, book.asks) for price in shown if price in side]
        return max(counts, default=COUNT_ZERO)

    def _tell(self) -> None:
        """Keep the description for assistive technology true."""
        focused = self.focused_price if self.hasFocus() else None
        words = touch_words(self._picture)
        if focused is not None:
            words = f"{row_words(self._picture, focused)}. {words}"
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)

    # What Qt tells.

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        if not self._picture.prices:
            self._paint_waiting(painter)
            return
        rows = self._rows_in_sight()
        deepest, marked = self._deepest(rows), self._marked()
        paint = RowPainter(painter, self._theme, self._picture)
        for row in rows:
            look = RowLook(
                price=self._picture.prices[row],
                deepest=deepest,
                marked=marked,
                hovered=row == self._hover_row,
                focused=row == self._focus_row and self.hasFocus(),
            )
            paint.row(
                look, column_rects(self.viewport().width(), (row - rows.start) * ROW_HEIGHT, ROW_HEIGHT)
            )
        self._paint_way_back(painter, rows)

    def _marked(self) -> Price | None:
        price = marked_price(self._picture)
        if price is None or not self._picture.prices:
            return None
        return self._picture.prices[nearest_row(self._picture.prices, price)]

    def _paint_waiting(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("muted"))
        area = self.viewport().rect().adjusted(16, 16, -16, -16)
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(area, flags, self._picture.waiting)

    def _paint_way_back(self, painter: QPainter, rows: range) -> None:
        """When the touch is out of sight, say where it is and which key brings it back."""
        row = centre_row(self._picture)
        if self._picture.book is None or row is None or row in rows:
            return
        above = row < rows.start
        text = f"{'↑' if above else '↓'} touch at {self._picture.prices[row]}  ·  Space"
        width = painter.fontMetrics().horizontalAdvance(text) + 20
        box = QRect((self.viewport().width() - width) // 2, 6, width, 22)
        if not above:
            box.moveBottom(self.viewport().height() - 7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("accent"))
        painter.setBrush(QColor(self._theme.accent_ground))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(self._theme.color("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The price in the middle stays there; at the first real size that is the touch."""
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        middle = bar.value() + max(event.oldSize().height() // ROW_HEIGHT, 1) // 2
        self._set_range()
        if event.oldSize().height() <= 0 or not self.isVisible():
            self.centre()
        else:
            bar.setValue(middle - self._page() // 2)

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
        """Up and Down move along the rows, Enter picks, Space centres."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self._move_focus(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.focused_price is not None:
            if not event.isAutoRepeat():
                self.price_touched.emit(self.focused_price, None)
        elif key == Qt.Key.Key_Space:
            self.centre()
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
            start, step = centre_row(self._picture) or 0, 0
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
