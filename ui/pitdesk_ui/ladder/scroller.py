"""The rows of the ladder on the screen: which are in sight, and that they stay where they are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from pitdesk.quantities import COUNT_ZERO, Count, Price
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.ladder.painting import ROW_HEIGHT, RowLook, RowPainter, column_rects
from pitdesk_ui.ladder.rows import LadderPicture, center_row, marked_price, nearest_row
from pitdesk_ui.theme import theme_of


class LadderScroller(QAbstractScrollArea):
    """Rows of prices, only those in sight painted, however many the grid has.

    Nothing but the person scrolls it once a market is in view: prices never move under the pointer.
    """

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__()
        self._keys = keys or KeyMap()
        self._keys.changed.connect(self._keys_changed)
        self._picture = LadderPicture()
        self._hover_row: int | None = None
        self._focus_row: int | None = None
        self._centered = False
        self._with_result = False
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(ROW_HEIGHT * 4)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(1)

    @property
    def picture(self) -> LadderPicture:
        """What is shown now."""
        return self._picture

    def sizeHint(self) -> QSize:
        """Wide enough for the columns, high enough for a score of rows."""
        return QSize(342, ROW_HEIGHT * 20)

    def show_picture(self, picture: LadderPicture) -> None:
        """Show ``picture``; the view stays where it is unless the market is another one."""
        old, self._picture = self._picture, picture
        same_market = picture.ticker == old.ticker
        if not same_market or picture.prices != old.prices:
            self._take_rows(old, same_market)
        if not self._centered and picture.book is not None:
            self.center()
        self.viewport().update()

    def center(self) -> None:
        """Bring the touch to the middle."""
        row = center_row(self._picture)
        if row is None:
            return
        self._centered = self._picture.book is not None
        self.verticalScrollBar().setValue(row - self._page() // 2)

    def row_rect(self, price: Price) -> QRect:
        """Where the row of ``price`` is in the viewport now."""
        row = self._picture.prices.index(price) - self.verticalScrollBar().value()
        return QRect(0, row * ROW_HEIGHT, self.viewport().width(), ROW_HEIGHT)

    def y_of(self, price: Price) -> int:
        """The height of a row's middle in the viewport, 0 for a price that has none."""
        return self.row_rect(price).center().y() if price in self._picture.prices else 0

    def cells(self, top: int, height: int = ROW_HEIGHT) -> tuple[QRect, ...]:
        """The columns of a row whose upper edge is at ``top`` of the viewport."""
        return column_rects(self.viewport().width(), top, height, result=self._with_result)

    def show_result(self, shown: bool) -> None:
        """Show or hide the column that tells the result of closing at each price."""
        self._with_result = shown
        self.viewport().update()

    def _take_rows(self, old: LadderPicture, same_market: bool) -> None:
        """The rows themselves changed: keep the middle price in place, or start afresh for a new market."""
        prices, bar = self._picture.prices, self.verticalScrollBar()
        middle = bar.value() + self._page() // 2
        focused = self._focus_row
        self._hover_row = self._focus_row = None
        self._set_range()
        if not same_market or not old.prices or not prices:
            self._centered = False
            self.center()
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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        if not self._picture.prices:
            self._paint_waiting(painter)
            return
        rows = self._rows_in_sight()
        deepest, marked = self._deepest(rows), self._marked()
        paint = RowPainter(painter, theme_of(self), self._picture)
        for row in rows:
            look = RowLook(price=self._picture.prices[row], deepest=deepest, marked=marked)
            paint.row(self._pointed(row, look), self.cells((row - rows.start) * ROW_HEIGHT))
        self._paint_way_back(painter, rows)

    def _pointed(self, row: int, look: RowLook) -> RowLook:
        """``look`` with what pointer and keyboard do to that row."""
        return replace(
            look, hovered=row == self._hover_row, focused=row == self._focus_row and self.hasFocus()
        )

    def _marked(self) -> Price | None:
        price = marked_price(self._picture)
        if price is None or not self._picture.prices:
            return None
        return self._picture.prices[nearest_row(self._picture.prices, price)]

    def _keys_changed(self) -> None:
        self.viewport().update()

    def _paint_waiting(self, painter: QPainter) -> None:
        painter.setPen(theme_of(self).color("muted"))
        area = self.viewport().rect().adjusted(16, 16, -16, -16)
        flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(area, flags, self._picture.waiting)

    def _paint_way_back(self, painter: QPainter, rows: range) -> None:
        """When the touch is out of sight, say where it is and which key brings it back."""
        row = center_row(self._picture)
        if self._picture.book is None or row is None or row in rows:
            return
        above = row < rows.start
        key = self._keys.phrase("center", "  ·  {}")
        text = f"{'↑' if above else '↓'} touch at {self._picture.prices[row]}{key}"
        width = painter.fontMetrics().horizontalAdvance(text) + 20
        box = QRect((self.viewport().width() - width) // 2, 6, width, 22)
        if not above:
            box.moveBottom(self.viewport().height() - 7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme_of(self).color("accent"))
        painter.setBrush(theme_of(self).color("accent_ground"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme_of(self).color("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The price in the middle stays there; at the first real size that is the touch."""
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        middle = bar.value() + max(event.oldSize().height() // ROW_HEIGHT, 1) // 2
        self._set_range()
        if event.oldSize().height() <= 0 or not self.isVisible():
            self.center()
        else:
            bar.setValue(middle - self._page() // 2)
