"""The list of the finder: how its rows look and what the keys and the pointer do on them."""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pitdesk_ui.finder.model import FinderModel
from pitdesk_ui.finder.rows import FinderRow, RowKind
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.theme import BODY_PX, CAPTION_PX, Theme, font, theme_of

if TYPE_CHECKING:
    from pitdesk.quantities import Price

ROW_HEIGHT = 21
PRICE_WIDTH, NARROW_PRICE_WIDTH = 49, 40
_EVENT_INDENT, _MARKET_INDENT, _NARROW_INDENT, _STAR_RIGHT, _PAD = 18, 28, 21, 22, 6
_ROOMY = 260
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextDontClip)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def price_cells(line: QRect) -> tuple[QRect, QRect]:
    """Where the bid and the ask of a row stand."""
    width = NARROW_PRICE_WIDTH if _is_narrow(line) else PRICE_WIDTH
    ask = QRect(line.right() - width - 1, line.top(), width - 4, line.height())
    return ask.translated(-width, 0), ask


def indent_of(line: QRect) -> int:
    """How far from the left a market's name begins."""
    return _NARROW_INDENT if _is_narrow(line) else _MARKET_INDENT


def _is_narrow(line: QRect) -> bool:
    """Whether names need every pixel: prices and the indent give way then."""
    return line.width() < _ROOMY


class _RowPainter(QStyledItemDelegate):
    """Paints a row whole: name, star, bid, ask."""

    def __init__(self, listing: FinderList) -> None:
        super().__init__(listing)
        self._listing = listing
        self._event_font = font(BODY_PX, QFont.Weight.Medium)
        self._market_font = font(BODY_PX)

    @property
    def _theme(self) -> Theme:
        return theme_of(self._listing)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All rows are of one height."""
        return QSize(100, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        row = self._listing.rows.row(index.row())
        if row is None:
            return
        line: QRect = option.rect
        state: QStyle.StateFlag = option.state
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        self._ground(painter, line, row, hovered)
        if row.kind is RowKind.EVENT:
            self._event(painter, line, row)
        else:
            self._market(painter, line, row, hovered)
        if state & QStyle.StateFlag.State_HasFocus and self._listing.hasFocus():
            painter.setPen(self._theme.color("accent"))
            painter.drawRect(line.adjusted(0, 0, -1, -1))

    def _ground(self, painter: QPainter, line: QRect, row: FinderRow, hovered: bool) -> None:
        if row.ticker == self._listing.chosen and row.kind is RowKind.MARKET:
            painter.fillRect(line, self._theme.color("selection"))
        elif hovered:
            painter.fillRect(line, self._theme.color("raised"))

    def _event(self, painter: QPainter, line: QRect, row: FinderRow) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("muted"), 1.4))
        middle = QPointF(line.left() + 8, line.center().y() + 0.5)
        offsets = ((-3.5, -1.5), (0, 2), (3.5, -1.5)) if row.is_open else ((-1.5, -3.5), (2, 0), (-1.5, 3.5))
        painter.drawPolyline(QPolygonF([middle + QPointF(x, y) for x, y in offsets]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setFont(self._event_font)
        painter.setPen(self._theme.color("muted" if self._listing.is_stale else "text"))
        _draw_elided(painter, line.adjusted(_EVENT_INDENT, 0, -_PAD, 0), row.text)

    def _market(self, painter: QPainter, line: QRect, row: FinderRow, hovered: bool) -> None:
        stale = self._listing.is_stale
        bid, ask = price_cells(line)
        painter.setFont(self._market_font)
        painter.setPen(self._theme.color("muted" if stale else "text"))
        left = line.left() + indent_of(line)
        name = QRect(left, line.top(), bid.left() - left, line.height())
        _draw_elided(painter, name, row.text)
        quote = self._listing.rows.quote_of(row.ticker)
        chosen = row.ticker == self._listing.chosen
        self._price(painter, bid, quote.bid, "text" if chosen else "yes")
        self._price(painter, ask, quote.ask, "text" if chosen else "no")
        if row.is_watched or hovered:
            self._star(painter, line, row.is_watched)

    def _price(self, painter: QPainter, cell: QRect, price: Price | None, token: str) -> None:
        known = price is not None and not self._listing.is_stale
        painter.setPen(self._theme.color(token if known else "muted"))
        painter.drawText(cell, _RIGHT, "—" if price is None else str(price))

    def _star(self, painter: QPainter, line: QRect, filled: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color("warning" if filled else "muted")
        painter.setPen(QPen(color, 1))
        painter.setBrush(color if filled else QColor(Qt.GlobalColor.transparent))
        painter.drawPolygon(star(QPointF(line.left() + 11.5, line.center().y() + 0.5), 5.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def star(middle: QPointF, radius: float) -> QPolygonF:
    """A five-pointed star."""
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = -pi / 2 + corner * pi / 5
        points.append(middle + QPointF(reach * cos(angle), reach * sin(angle)))
    return QPolygonF(points)


def _draw_elided(painter: QPainter, cell: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, cell.width() - 2)
    painter.drawText(cell, _LEFT, shown)


class FinderList(QListView):
    """Events and their markets.

    Signals:
        market_chosen: a market was clicked, or Enter pressed on it (its ticker).
        fold_toggled: an event is to fold or open (its ticker).
        watch_toggled: a market goes on or off the watchlist (its ticker).
        left_upwards: the Up key on the first row.
    """

    market_chosen = Signal(str)
    fold_toggled = Signal(str)
    watch_toggled = Signal(str)
    left_upwards = Signal()

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__()
        self._keys = keys or KeyMap()
        self.rows = FinderModel(self)
        self.chosen = ""
        self.is_stale = False
        self.setObjectName("finder.tree")
        self.setAccessibleName("Markets")
        self.setModel(self.rows)
        self.setItemDelegate(_RowPainter(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)

    def in_sight(self) -> range:
        """The numbers of the rows that can be seen."""
        top = self.verticalScrollBar().value()
        return range(top // ROW_HEIGHT, (top + self.viewport().height()) // ROW_HEIGHT + 1)

    def set_chosen(self, ticker: str) -> None:
        """Light up the market that the window shows."""
        before, self.chosen = self.chosen, ticker
        self.rows.tell_quotes({before, ticker}, self.in_sight())

    def set_stale(self, stale: bool) -> None:
        """Grey the quotes while they are not confirmed."""
        if stale != self.is_stale:
            self.is_stale = stale
            self.viewport().update()

    def sizeHintForRow(self, row: int) -> int:
        """All rows are of one height; asked without the delegate."""
        return ROW_HEIGHT

    def event(self, event: QEvent) -> bool:
        """Arrows and Enter are the list's own while it has the focus, not the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~_HARMLESS
            if (plain and event.key() in _OWN_KEYS) or self._keys.is_pressed("watch", event):
                event.accept()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, Left and Right fold and open, a key of the table watches."""
        row, key = self.rows.row(self.currentIndex().row()), event.key()
        if self._keys.is_pressed("watch", event):
            if row is not None and row.kind is RowKind.MARKET and not event.isAutoRepeat():
                self.watch_toggled.emit(row.ticker)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self._act_on(row)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and row is not None:
            self._fold(row, wanted=key == Qt.Key.Key_Right)
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are the window's keys here; the search box is where one searches."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses a market, folds an event, or sets the star."""
        super().mouseReleaseEvent(event)
        position = event.position().toPoint()
        index = self.indexAt(position)
        row = self.rows.row(index.row()) if index.isValid() else None
        if row is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if row.kind is RowKind.MARKET and position.x() < _STAR_RIGHT:
            self.watch_toggled.emit(row.ticker)
        else:
            self._act_on(row)

    def _act_on(self, row: FinderRow) -> None:
        if row.kind is RowKind.MARKET:
            self.market_chosen.emit(row.ticker)
        else:
            self.fold_toggled.emit(row.ticker)

    def _fold(self, row: FinderRow, wanted: bool) -> None:
        if row.kind is RowKind.EVENT and row.is_open is not wanted:
            self.fold_toggled.emit(row.ticker)


_HARMLESS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
_OWN_KEYS = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
)


class FinderHeads(QWidget):
    """The names of the columns."""

    def __init__(self, listing: FinderList) -> None:
        super().__init__()
        self._listing = listing
        self.setFont(font(CAPTION_PX))
        self.setFixedHeight(25)

    def paintEvent(self, event: QEvent) -> None:
        """Market, Bid, Ask over a thin rule."""
        painter = QPainter(self)
        line = QRect(0, 0, self._listing.viewport().width(), self.height() - 3)
        bid, ask = price_cells(line)
        painter.setPen(theme_of(self).color("muted"))
        painter.drawText(line.adjusted(_PAD, 0, 0, 0), _LEFT, "Market")
        painter.drawText(bid, _RIGHT, "Bid")
        painter.drawText(ask, _RIGHT, "Ask")
        painter.setPen(theme_of(self).color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
