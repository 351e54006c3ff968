"""The box under the fields: what the order costs and leaves, before it is sent."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtWidgets import QFrame, QLabel

from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.lines import CostLines
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

_ROWS = (
    ("cost", "Cost at limit"),
    ("fee", "Fee, at most"),
    ("all_in", "All-in"),
    ("break_even", "Break-even"),
    ("ahead", "Ahead in queue"),
    ("position_after", "Position after"),
    ("cash_after", "Cash after"),
)
_SHORT = {"cost": "Cost", "ahead": "Ahead"}  # where two figures share a line
_TOLD_ELSEWHERE = ("all_in", "position_after")  # on the button, and in the line below
_GAP, _ACROSS = 6, 14


class Room(Enum):
    """How much of it is shown: every figure on a line of its own, the lines close together, two figures to
    a line without those that stand elsewhere in the ticket, or only the order in both vocabularies."""

    AMPLE = "ample"
    CLOSE = "close"
    BRIEF = "brief"
    LINE = "line"


class _Measures(NamedTuple):
    """Pixels: at the sides, above and below, between figures, before the last line."""

    side: int
    edge: int
    between: int
    before_line: int


_MEASURES = {
    Room.AMPLE: _Measures(12, 9, 4, 7),
    Room.CLOSE: _Measures(12, 6, 1, 4),
    Room.BRIEF: _Measures(9, 6, 1, 3),
    Room.LINE: _Measures(9, 6, 0, 0),
}


class Summary(QFrame):
    """Captions on the left, figures on the right, and the order told in both vocabularies below."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("ticket.summary")
        self.setAccessibleName("What the order costs")
        self._room = Room.AMPLE
        self._captions: dict[str, QLabel] = {}
        self._short: dict[str, QLabel] = {}
        self._values: dict[str, QLabel] = {}
        for key, caption in _ROWS:
            self._captions[key] = plain_label(caption, "caption")
            self._short[key] = plain_label(_SHORT.get(key, caption), "caption")
            self._values[key] = plain_label("—", "value")
            self._values[key].setObjectName(f"ticket.{key}")
        self._both_ways = plain_label("", "caption")
        self._both_ways.setObjectName("ticket.both_ways")
        self._both_ways.setWordWrap(True)
        for label in (
            *self._captions.values(),
            *self._short.values(),
            *self._values.values(),
            self._both_ways,
        ):
            label.setParent(self)
        set_role(self, "card")
        self.show_lines(CostLines())

    def show_lines(self, lines: CostLines) -> None:
        """Show the figures of one draft; those of :class:`CostLines` itself mean: nothing to say yet."""
        self._captions["cost"].setText(lines.cost_caption)
        self._captions["fee"].setText(lines.fee_caption)
        self._short["fee"].setText(lines.fee_caption.split(" (", maxsplit=1)[0])
        for key, _ in _ROWS:
            text: str = getattr(lines, key)
            value = self._values[key]
            if value.text() != text:
                value.setText(text)
                value.setAccessibleName(f"{self._captions[key].text()}: {text}")
        for key in ("fee", "all_in"):
            if self._values[key].toolTip() != lines.fee_tip:
                self._values[key].setToolTip(lines.fee_tip)
        set_role(self._values["cash_after"], "negative" if lines.cash_short else "value")
        self._both_ways.setText(lines.both_ways)
        self._arrange()
        self.updateGeometry()

    def show_in(self, room: Room) -> None:
        """Show as much as goes into ``room``; all that is left out is in the tooltip."""
        if room is not self._room:
            self._room = room
            self._arrange()

    def height_in(self, room: Room, width: int) -> int:
        """Its height there; zero where it has nothing to say."""
        return self._placed(room, width, move=False)

    def sizeHint(self) -> QSize:
        """Every figure on a line of its own."""
        width = max(self._width(key, Room.AMPLE) for key, _ in _ROWS) + 2 * _MEASURES[Room.AMPLE].side
        return QSize(width, self.height_in(Room.AMPLE, max(width, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the figures anew."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """A figure of another length or style stands elsewhere."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.StyleChange):
            self._arrange()
            self.updateGeometry()
        return super().event(event)

    def _arrange(self) -> None:
        shown = self._shown(self._room)
        for key, _ in _ROWS:
            is_short = self._room is Room.BRIEF
            self._captions[key].setVisible(key in shown and not is_short)
            self._short[key].setVisible(key in shown and is_short)
            self._values[key].setVisible(key in shown)
        self._both_ways.setVisible(bool(self._both_ways.text()))
        self._placed(self._room, self.width(), move=True)
        left_out = [key for key, _ in _ROWS if key not in shown]
        told = "\n".join(f"{self._captions[key].text()}: {self._values[key].text()}" for key in left_out)
        if self.toolTip() != told:
            self.setToolTip(told)

    def _shown(self, room: Room) -> list[str]:
        if room is Room.LINE:
            return []
        says_it = room is Room.BRIEF and bool(self._both_ways.text())
        return [key for key, _ in _ROWS if not (says_it and key in _TOLD_ELSEWHERE)]

    def _placed(self, room: Room, width: int, *, move: bool) -> int:
        """The height; with ``move`` the labels go to their places too."""
        measures = _MEASURES[room]
        top, inner = measures.edge, width - 2 * measures.side
        for line in self._lines(room, inner):
            height = max(self._values[key].sizeHint().height() for key in line)
            if move:
                self._place_line(line, QRect(measures.side, top, inner, height))
            top += height + measures.between
        if top > measures.edge:
            top -= measures.between
        if self._both_ways.text():
            top += measures.before_line
            height = self._both_ways.heightForWidth(inner)
            if move:
                self._both_ways.setGeometry(measures.side, top, inner, height)
            top += height
        return top + measures.edge if top > measures.edge else 0

    def _lines(self, room: Room, inner: int) -> list[list[str]]:
        lines: list[list[str]] = []
        for key in self._shown(room):
            if room is Room.BRIEF and lines and len(lines[-1]) == 1:
                first = lines[-1][0]
                if self._width(first, room) + _ACROSS + self._width(key, room) <= inner:
                    lines[-1].append(key)
                    continue
            lines.append([key])
        return lines

    def _place_line(self, line: list[str], place: QRect) -> None:
        """One figure over the whole width, or the first at the left edge and the second at the right."""
        if len(line) == 1:
            self._place(line[0], place)
            return
        first, last = (self._width(key, self._room) for key in line)
        self._place(line[0], QRect(place.left(), place.top(), first, place.height()))
        self._place(line[1], QRect(place.left() + place.width() - last, place.top(), last, place.height()))

    def _place(self, key: str, place: QRect) -> None:
        caption, value = self._caption(key, self._room), self._values[key]
        taken = value.sizeHint().width()
        caption.setGeometry(place.adjusted(0, 0, -taken - _GAP, 0))
        value.setGeometry(place.adjusted(place.width() - taken, 0, 0, 0))

    def _caption(self, key: str, room: Room) -> QLabel:
        return (self._short if room is Room.BRIEF else self._captions)[key]

    def _width(self, key: str, room: Room) -> int:
        return self._caption(key, room).sizeHint().width() + _GAP + self._values[key].sizeHint().width()
