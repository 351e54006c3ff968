"""The ticket between head and foot: the fields, and the summary under them, which never scrolls away.

Nobody shall send an order whose cost and side are out of sight. Where there is little room the summary says
the same closer together, and it is the fields that scroll, the rarest of them first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QLayoutItem, QVBoxLayout

from pitdesk_ui.ticket.controls import FormScroll
from pitdesk_ui.ticket.summary import Room, Summary
from pitdesk_ui.widgets.item_layout import ItemLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

BAR = 10  # the width of a scroll bar
_SPACING = 8
_CLOSE_SPACING = 4
_LEAST = 72  # of the fields: their first row, and the next one begins


class Middle(ItemLayout):
    """``rows`` are those of ``form``, which has the fields; ``summary`` stands under it.

    ``often`` and ``always``: how many rows the summary leaves in sight before it becomes brief, and before it
    is one line.
    """

    def __init__(
        self, form: QWidget, rows: QVBoxLayout, summary: Summary, *, often: int, always: int
    ) -> None:
        super().__init__()
        rows.setContentsMargins(0, 0, BAR, 0)
        rows.setSpacing(_SPACING)
        self._rows, self._summary = rows, summary
        self._often, self._always = often, always
        self._scroll = _scrolled(form)
        # The bar stands in the card's own margin, so that nothing moves when it comes.
        self._scroll.verticalScrollBar().rangeChanged.connect(
            lambda _first, last: rows.setContentsMargins(0, 0, 0 if last else BAR, 0)
        )
        self.addWidget(self._scroll)
        self.addWidget(summary)

    def expandingDirections(self) -> Qt.Orientation:
        """It takes what is left between head and foot."""
        return Qt.Orientation.Vertical

    def sizeHint(self) -> QSize:
        """All fields and every figure."""
        width = self.minimumSize().width()
        inner = max(self.geometry().width(), width) - BAR
        fields = self._rows_height(self._rows.count(), inner, _SPACING)
        return QSize(width, fields + _SPACING + self._summary.height_in(Room.AMPLE, inner))

    def minimumSize(self) -> QSize:
        """The first fields and one line of the summary."""
        width = self._scroll.minimumSizeHint().width()
        return QSize(width, _LEAST + _SPACING + self._summary.height_in(Room.LINE, width - BAR))

    def setGeometry(self, rect: QRect) -> None:
        """Share the room anew."""
        super().setGeometry(rect)
        inner = rect.width() - BAR
        room = self._room_for_summary(inner, rect.height())
        spacing = _SPACING if room in (Room.AMPLE, Room.CLOSE) else _CLOSE_SPACING
        if self._rows.spacing() != spacing:
            self._rows.setSpacing(spacing)
        height = self._summary.height_in(room, inner)
        gap = spacing if height else 0
        wanted = self._rows_height(self._rows.count(), inner, spacing)
        fields = max(min(wanted, rect.height() - gap - height), 0)
        self._scroll.setGeometry(rect.left(), rect.top(), rect.width(), fields)
        self._summary.show_in(room)
        self._summary.setGeometry(rect.left(), rect.top() + fields + gap, inner, height)

    def _room_for_summary(self, inner: int, height: int) -> Room:
        """The most that leaves the fields what they need."""
        whole = self._rows.count()
        for room, rows in ((Room.AMPLE, whole), (Room.CLOSE, self._often), (Room.BRIEF, self._always)):
            spacing = _CLOSE_SPACING if room is Room.BRIEF else _SPACING
            fields = self._rows_height(rows, inner, spacing)
            if fields + spacing + self._summary.height_in(room, inner) <= height:
                return room
        return Room.LINE

    def _rows_height(self, rows: int, width: int, spacing: int) -> int:
        items = [self._rows.itemAt(number) for number in range(rows)]
        heights = [_height(item, width) for item in items if item is not None and not item.isEmpty()]
        return sum(heights) + spacing * max(len(heights) - 1, 0)


def _scrolled(form: QWidget) -> FormScroll:
    scroll = FormScroll()
    scroll.setObjectName("ticket.scroll")
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(form)
    return scroll


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
