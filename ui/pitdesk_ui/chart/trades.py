"""The latest public trades of the market, as many as fit: when, at what price, how many, who crossed."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pitdesk.orders import BookSide
from pitdesk_ui.theme import theme_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.markets import PublicTrade

ROW_HEIGHT = 21
_MOST = 100
_SHARES = (26, 18, 24, 32)
_HEADS = ("Time", "Price", "Contracts", "Taker")
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ALIGNMENTS = (_LEFT, _RIGHT, _RIGHT, _RIGHT)


def trade_texts(trade: PublicTrade) -> tuple[str, str, str, str]:
    """``14:03:07``, ``42¢``, ``120``, ``Bought Yes``: what the taker did on the Yes book."""
    moment = datetime.fromtimestamp(trade.created_ms / 1_000, UTC).astimezone()
    did = "Bought Yes" if trade.taker_side is BookSide.BID else "Sold Yes"
    return f"{moment:%H:%M:%S}", str(trade.yes_price), str(trade.count), did


class RecentTrades(QWidget):
    """A painted list, newest on top. It does not scroll: what no longer fits is in the chart."""

    def __init__(self) -> None:
        super().__init__()
        self._trades: tuple[PublicTrade, ...] = ()
        self.setObjectName("market.trades")
        self.setAccessibleName("Recent trades")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        """The texts of the rows that fit, newest first."""
        fitting = max(self.height() // ROW_HEIGHT - 1, 0)
        return [trade_texts(trade) for trade in self._trades[:fitting]]

    def show_trades(self, trades: Iterable[PublicTrade]) -> None:
        """Show these, newest first."""
        shown = tuple(islice(trades, _MOST))
        if shown == self._trades:
            return
        self._trades = shown
        newest = " ".join(trade_texts(shown[0])) if shown else "No trades yet"
        self.setAccessibleDescription(f"Newest: {newest}" if shown else newest)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The heads over a thin rule, then the rows."""
        painter, theme = QPainter(self), theme_of(self)
        painter.setPen(theme.color("muted"))
        if not self._trades:
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "No trades yet.")
            return
        for cell, text, alignment in zip(self._cells(0), _HEADS, _ALIGNMENTS, strict=True):
            painter.drawText(cell, alignment, text)
        painter.setPen(theme.color("line"))
        painter.drawLine(0, ROW_HEIGHT, self.width(), ROW_HEIGHT)
        for number, texts in enumerate(self.rows, start=1):
            bought = self._trades[number - 1].taker_side is BookSide.BID
            inks = ("muted", "text", "text", "yes" if bought else "no")
            for cell, text, alignment, ink in zip(self._cells(number), texts, _ALIGNMENTS, inks, strict=True):
                painter.setPen(theme.color(ink))
                painter.drawText(cell, alignment, text)

    def _cells(self, row: int) -> list[QRect]:
        width, total = self.width() - 8, sum(_SHARES)
        edges = [4 + width * sum(_SHARES[:column]) // total for column in range(len(_SHARES) + 1)]
        return [
            QRect(edges[column], row * ROW_HEIGHT, edges[column + 1] - edges[column], ROW_HEIGHT)
            for column in range(len(_SHARES))
        ]
