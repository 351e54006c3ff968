"""How the table's cells and headings are drawn: straight from their records, in the theme's colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pitdesk_ui.widgets.data_table_columns import ColorRole
from pitdesk_ui.widgets.data_table_model import TableModel

if TYPE_CHECKING:
    from pitdesk_ui.theme import Theme

_PADDING = 8
_CHEVRON = 4  # half of its length
_NAME_AT = 18
_HEADING_NAME = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
_HEADING_SUMS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine
_TOKENS = {
    ColorRole.TEXT: "text",
    ColorRole.MUTED: "muted",
    ColorRole.POSITIVE: "yes",
    ColorRole.NEGATIVE: "no",
    ColorRole.ACCENT: "accent",
    ColorRole.WARNING: "warning",
}


class CellPainter(QStyledItemDelegate):
    """Paints a cell straight from its record: one text, one colour, one ground."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._theme: Theme | None = None

    def use(self, theme: Theme) -> None:
        """Paint in ``theme`` from now on; its colours are made once, for a table has thousands of cells."""
        if theme is self._theme:
            return
        self._theme = theme
        self._colors = {role: theme.color(token) for role, token in _TOKENS.items()}
        self._selected = theme.color("selection")
        self._stripe = theme.color("stripe")

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell of a row; headings are the view's, as they go over all columns."""
        model = index.model()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        row_number, column_number = index.row(), index.column()
        assert isinstance(model, TableModel)  # noqa: S101 (the table is built over nothing else)
        if model.is_heading(row_number):
            return
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._selected)
        elif row_number % 2:
            painter.fillRect(rect, self._stripe)
        column = model.columns[column_number]
        row = model.row_at(row_number)
        text = column.text(row)
        if not text:
            return
        role = ColorRole.TEXT if column.color is None else column.color(row)
        room = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        metrics = option.fontMetrics
        painter.setPen(self._colors[role])
        painter.drawText(
            room,
            column.align.value | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width()),
        )


def paint_heading(painter: QPainter, band: QRect, text: str, theme: Theme, *, folded: bool) -> None:
    """A group's heading over the whole width, on a ground of its own under a fine line: whether it is folded
    and its name at the left and, after a line break in ``text``, what its rows come to at the right."""
    painter.fillRect(band, theme.color("raised"))
    painter.fillRect(QRect(band.left(), band.top(), band.width(), 1), theme.color("line"))
    name, _, sums = text.partition("\n")
    metrics = painter.fontMetrics()
    room = band.adjusted(_PADDING, 0, -_PADDING, 0)
    painter.setPen(theme.color("muted"))
    painter.drawText(room, _HEADING_SUMS, sums)
    _paint_chevron(painter, QPointF(room.left() + _CHEVRON, band.center().y() + 0.5), theme, folded=folded)
    room.setLeft(room.left() + _NAME_AT)
    room.setRight(room.right() - metrics.horizontalAdvance(sums) - 2 * _PADDING)
    painter.setPen(theme.color("text"))
    painter.drawText(room, _HEADING_NAME, metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width()))


def _paint_chevron(painter: QPainter, middle: QPointF, theme: Theme, *, folded: bool) -> None:
    """To the right where rows are folded away, down where they follow."""
    along, across = (_CHEVRON / 2, _CHEVRON) if folded else (_CHEVRON, _CHEVRON / 2)
    tip = QPointF(along, 0) if folded else QPointF(0, across)
    ends = (
        (QPointF(-along, -across), QPointF(-along, across))
        if folded
        else (QPointF(-along, -across), QPointF(along, -across))
    )
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("muted"), 1.4, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline([middle + ends[0], middle + tip, middle + ends[1]])
    painter.restore()
