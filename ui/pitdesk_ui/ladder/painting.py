"""How the ladder's rows look: columns, depth bars, chips. It is told where and what, and keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from pitdesk.orders import BookSide

if TYPE_CHECKING:
    from pitdesk.quantities import Count, Price
    from pitdesk_ui.ladder.rows import LadderPicture, OwnChip
    from pitdesk_ui.theme import Theme

ROW_HEIGHT = 24
COLUMNS = ("My bids", "Bids", "Yes price", "Asks", "My asks")
SHORT_COLUMNS = ("Mine", "Bids", "Yes", "Asks", "Mine")
_SHARES = (60, 78, 66, 78, 60)
_PAD = 8
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
HEADER_ALIGNMENT = (_CENTRE, _RIGHT, _CENTRE, _LEFT, _CENTRE)


def column_rects(width: int, top: int, height: int) -> tuple[QRect, ...]:
    """The five columns across ``width`` pixels, the price column in the very middle."""
    total = sum(_SHARES)
    edges = [round(width * sum(_SHARES[:column]) / total) for column in range(len(_SHARES) + 1)]
    return tuple(QRect(edges[i], top, edges[i + 1] - edges[i], height) for i in range(len(_SHARES)))


@dataclass(frozen=True, slots=True)
class RowLook:
    """How one row is to be painted."""

    price: Price
    deepest: Count
    marked: Price | None
    hovered: bool = False
    focused: bool = False


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
            self._depth(look, rects[1], BookSide.BID, book.bids.get(look.price))
            self._depth(look, rects[3], BookSide.ASK, book.asks.get(look.price))
        self._price(look, rects[2])
        for side, column in ((BookSide.BID, 0), (BookSide.ASK, 4)):
            chip = self._picture.chips.get((side, look.price))
            if chip is not None:
                self._chip(chip, rects[column])

    def _ground(self, look: RowLook, rects: tuple[QRect, ...]) -> None:
        line = QRect(rects[0].left(), rects[0].top(), rects[4].right() - rects[0].left() + 1, ROW_HEIGHT)
        if look.hovered:
            self._painter.fillRect(line.adjusted(0, 0, 0, -1), self._theme.color("hover"))
        self._painter.setPen(self._theme.color("line"))
        self._painter.drawLine(line.bottomLeft(), line.bottomRight())
        if look.focused:
            self._painter.setPen(QPen(self._theme.color("accent"), 1))
            self._painter.drawRect(line.adjusted(0, 0, -1, -1))

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
        self._painter.setPen(self._theme.color("muted") if self._dim else _depth_text(bid))
        self._painter.drawText(cell.adjusted(_PAD, 0, -_PAD, 0), _RIGHT if bid else _LEFT, str(count))

    def _price(self, look: RowLook, cell: QRect) -> None:
        if look.price == look.marked:
            ground = self._theme.color("raised") if self._dim else self._theme.color("selection").lighter(135)
            self._painter.fillRect(cell.adjusted(0, 1, 0, -1), ground)
        off = self._dim or look.price in self._picture.off_grid
        self._painter.setPen(self._theme.color("muted" if off else "text"))
        self._painter.drawText(cell, _CENTRE, self._picture.price_text(look.price))

    def _chip(self, chip: OwnChip, cell: QRect) -> None:
        bid = chip.side is BookSide.BID
        text = str(chip.count)
        metrics = self._painter.fontMetrics()
        width = min(max(metrics.horizontalAdvance(text) + 14, 38), cell.width() - 6)
        box = QRectF(0, 0, width, ROW_HEIGHT - 6)
        box.moveCenter(QPointF(cell.center()) + QPointF(0.5, 0.0))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPen(self._theme.color("yes" if bid else "no"), 1)
        if not chip.settled:
            edge.setStyle(Qt.PenStyle.DashLine)
        self._painter.setPen(edge)
        self._painter.setBrush(self._theme.color("yes_ground" if bid else "no_ground"))
        self._painter.drawRoundedRect(box, 4, 4)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._painter.setPen(_depth_text(bid))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(width) - 6)
        self._painter.drawText(box, _CENTRE, shown)


def _depth_text(bid: bool) -> QColor:
    """Green and red light enough to read on their own bars."""
    return QColor("#8fe0c1" if bid else "#f3b1ac")
