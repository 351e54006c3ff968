"""How the ladder's rows look: columns, depth bars, chips. It is told where and what, and keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from pitdesk.orders import BookSide
from pitdesk.quantities import DOLLARS_ZERO
from pitdesk_ui.ladder.rows import short_count, short_money

if TYPE_CHECKING:
    from pitdesk.quantities import Count, Price
    from pitdesk_ui.ladder.rows import LadderPicture, OwnChip
    from pitdesk_ui.theme import Theme

ROW_HEIGHT = 24


class Column(IntEnum):
    """The columns from left to right. RESULT is there only where it is wanted."""

    MY_BIDS = 0
    BIDS = 1
    PRICE = 2
    ASKS = 3
    MY_ASKS = 4
    RESULT = 5

    @property
    def side(self) -> BookSide | None:
        """The side of the Yes book that the column is of."""
        return _SIDES.get(self)

    @property
    def is_depth(self) -> bool:
        """Whether it is one of the two columns in which a click may place an order."""
        return self in (Column.BIDS, Column.ASKS)


_SIDES = {
    Column.MY_BIDS: BookSide.BID,
    Column.BIDS: BookSide.BID,
    Column.ASKS: BookSide.ASK,
    Column.MY_ASKS: BookSide.ASK,
}
COLUMNS = ("My bids", "Bids", "Yes price", "Asks", "My asks", "If closed")
SHORT_COLUMNS = ("Mine", "Bids", "Yes", "Asks", "Mine", "P/L")
_SHARES = (60, 78, 66, 78, 60)
_MIDDLE_SHARES = (70, 58, 46, 58, 70)  # room for the queue beside the count
_ROOMY_SHARES = (72, 66, 64, 66, 72)
_RESULT_SHARES = (54, 58, 50, 58, 54, 62)
_NARROW_RESULT_SHARES = (38, 44, 42, 44, 38, 50)
_MIDDLE, _ROOMY = 262, 300
_PAD = 8
_QUEUE_PX = 11
_FAINT = 0.45
_ROOM_FOR_MONEY = 56
_WIDE_DEPTH = 50
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WHOLE = int(Qt.TextFlag.TextDontClip)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
HEADER_ALIGNMENT = (_CENTRE, _RIGHT, _CENTRE, _LEFT, _CENTRE, _RIGHT)


def column_rects(width: int, top: int, height: int, *, result: bool = False) -> tuple[QRect, ...]:
    """The columns across ``width`` pixels: five, the price in the very middle, or six with ``result``."""
    shares = _shares(width, result=result)
    total = sum(shares)
    edges = [round(width * sum(shares[:column]) / total) for column in range(len(shares) + 1)]
    return tuple(QRect(edges[i], top, edges[i + 1] - edges[i], height) for i in range(len(shares)))


def _shares(width: int, *, result: bool) -> tuple[int, ...]:
    if result:
        return _RESULT_SHARES if width >= _ROOMY else _NARROW_RESULT_SHARES
    if width >= _ROOMY:
        return _ROOMY_SHARES
    return _MIDDLE_SHARES if width >= _MIDDLE else _SHARES


@dataclass(frozen=True, slots=True)
class RowLook:
    """How one row is to be painted. ``aimed`` is the cell that a click or Enter would act on; ``ghost`` are
    own orders dragged here, ``lifted`` says that the chip of that side is being dragged away."""

    price: Price
    deepest: Count
    marked: Price | None
    hovered: bool = False
    focused: bool = False
    aimed: Column | None = None
    ghost: OwnChip | None = None
    lifted: BookSide | None = None


class RowPainter:
    """Paints rows of one picture with one painter."""

    def __init__(self, painter: QPainter, theme: Theme, picture: LadderPicture) -> None:
        self._painter = painter
        self._theme = theme
        self._picture = picture
        self._dim = not picture.fresh or not picture.tradable

    def row(self, look: RowLook, rects: tuple[QRect, ...]) -> None:
        """One whole row."""
        self._ground(look, rects)
        book = self._picture.book
        if book is not None:
            self._depth(look, rects[Column.BIDS], BookSide.BID, book.bids.get(look.price))
            self._depth(look, rects[Column.ASKS], BookSide.ASK, book.asks.get(look.price))
        self._price(look, rects[Column.PRICE])
        self._aim(look, rects)
        for side, column in ((BookSide.BID, Column.MY_BIDS), (BookSide.ASK, Column.MY_ASKS)):
            chip = self._picture.chips.get((side, look.price))
            if chip is not None:
                self._chip(chip, rects[column], faint=look.lifted is side)
            if look.ghost is not None and look.ghost.side is side:
                self._ghost(look.ghost, rects[column])
        if len(rects) > Column.RESULT:
            self._result(look, rects[Column.RESULT])

    def _ground(self, look: RowLook, rects: tuple[QRect, ...]) -> None:
        line = QRect(rects[0].left(), rects[0].top(), rects[-1].right() - rects[0].left() + 1, ROW_HEIGHT)
        if look.hovered:
            self._painter.fillRect(line.adjusted(0, 0, 0, -1), self._theme.color("hover"))
        self._painter.setPen(self._theme.color("line"))
        self._painter.drawLine(line.bottomLeft(), line.bottomRight())
        if look.focused:
            self._painter.setPen(QPen(self._theme.color("accent"), 1))
            self._painter.drawRect(line.adjusted(0, 0, -1, -1))

    def _aim(self, look: RowLook, rects: tuple[QRect, ...]) -> None:
        """A frame in the colour of its side around the cell that would place an order."""
        if look.aimed is None or not look.aimed.is_depth:
            return
        bid = look.aimed.side is BookSide.BID
        self._painter.setPen(QPen(self._theme.color("yes" if bid else "no"), 1))
        self._painter.drawRect(rects[look.aimed].adjusted(0, 0, -1, -2))

    def _depth(self, look: RowLook, cell: QRect, side: BookSide, count: Count | None) -> None:
        if not count:
            return
        share = min(count.units / max(look.deepest.units, 1), 1.0)
        length = max(round((cell.width() - 2) * share), 2)
        bar = QRect(cell.left(), cell.top() + 1, length, ROW_HEIGHT - 2)
        if side is BookSide.BID:
            bar.moveRight(cell.right())
        bid = side is BookSide.BID
        ground = "raised" if self._dim else ("yes_ground" if bid else "no_ground")
        self._painter.fillRect(bar, self._theme.color(ground))
        self._painter.setPen(self._theme.color("muted") if self._dim else self._on_ground(bid))
        pad = _PAD if cell.width() >= _WIDE_DEPTH else _PAD // 2
        room = cell.adjusted(pad, 0, -pad, 0)
        text = str(count)
        if self._painter.fontMetrics().horizontalAdvance(text) > cell.width() - pad - 2:
            text = short_count(count)
        self._painter.drawText(room, (_RIGHT if bid else _LEFT) | _WHOLE, text)

    def _price(self, look: RowLook, cell: QRect) -> None:
        if look.price == look.marked:
            ground = self._theme.color("raised" if self._dim else "marked")
            self._painter.fillRect(cell.adjusted(0, 1, 0, -1), ground)
        off = self._dim or look.price in self._picture.off_grid
        self._painter.setPen(self._theme.color("muted" if off else "text"))
        self._painter.drawText(cell, _CENTRE, self._picture.price_text(look.price))

    def _result(self, look: RowLook, cell: QRect) -> None:
        closing = self._picture.closing
        if closing is None or look.price in self._picture.off_grid:
            return
        result = closing.result_at(look.price)
        role = "muted" if not result else "yes" if result > DOLLARS_ZERO else "no"
        self._painter.setPen(self._theme.color("muted" if self._dim else role))
        text = short_money(result) if cell.width() < _ROOM_FOR_MONEY else result.signed()
        self._painter.drawText(cell.adjusted(0, 0, -_PAD // 2, 0), _RIGHT | _WHOLE, text)

    def _chip(self, chip: OwnChip, cell: QRect, *, faint: bool = False) -> None:
        edge = QPen(self._theme.color("yes" if chip.side is BookSide.BID else "no"), 1)
        if not chip.settled:
            edge.setStyle(Qt.PenStyle.DashLine)
        if faint:
            self._painter.setOpacity(_FAINT)
        self._box(chip, cell, edge)
        self._painter.setOpacity(1.0)

    def _ghost(self, chip: OwnChip, cell: QRect) -> None:
        """Where own orders would go if they were let go of now; no queue, for that place is a new one."""
        self._box(replace(chip, queue_ahead=None), cell, QPen(self._theme.color("accent"), 2))

    def _box(self, chip: OwnChip, cell: QRect, edge: QPen) -> None:
        bid = chip.side is BookSide.BID
        text, queue = str(chip.count), self._queue_text(chip, cell)
        metrics = self._painter.fontMetrics()
        if metrics.horizontalAdvance(text) > cell.width() - 12:
            text = short_count(chip.count)
        ahead = self._queue_width(queue) if queue else 0
        plain = max(metrics.horizontalAdvance(text) + 14, 38)
        width = min(plain + ahead, cell.width() - (4 if ahead else 6))
        box = QRectF(0, 0, width, ROW_HEIGHT - 6)
        box.moveCenter(QPointF(cell.center()) + QPointF(0.5, 0.0))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(edge)
        self._painter.setBrush(self._theme.color("yes_ground" if bid else "no_ground"))
        self._painter.drawRoundedRect(box, 4, 4)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._painter.setPen(self._on_ground(bid))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width) - 6)
        self._painter.drawText(box.adjusted(0, 0, -ahead, 0), _CENTRE, shown)
        if queue:
            self._queue(queue, box)

    def _queue(self, text: str, box: QRectF) -> None:
        """The contracts ahead, smaller, at the right end of the chip."""
        plain = self._painter.font()
        self._painter.setFont(self._queue_font())
        self._painter.setPen(self._theme.color("text"))
        self._painter.drawText(box.adjusted(0, 0, -6, 0), _RIGHT, text)
        self._painter.setFont(plain)

    def _queue_text(self, chip: OwnChip, cell: QRect) -> str:
        """``›1.2k``, where there is room for it beside the count."""
        if chip.queue_ahead is None:
            return ""
        text = f"›{short_count(chip.queue_ahead)}"
        needed = self._painter.fontMetrics().horizontalAdvance(str(chip.count)) + 10
        return text if needed + self._queue_width(text) <= cell.width() - 4 else ""

    def _queue_width(self, text: str) -> int:
        return QFontMetrics(self._queue_font()).horizontalAdvance(text) + 3

    def _queue_font(self) -> QFont:
        small = QFont(self._painter.font())
        small.setPixelSize(_QUEUE_PX)
        return small

    def _on_ground(self, bid: bool) -> QColor:
        """Green and red that can be read on their own bars."""
        return self._theme.color("on_yes_ground" if bid else "on_no_ground")
