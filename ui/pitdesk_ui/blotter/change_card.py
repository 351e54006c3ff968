"""The small card at a row with which an order is amended or decreased. It blocks nothing else."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from pitdesk.quantities import Count, Price, PriceRanges, QuantityError
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import captioned
from pitdesk_ui.widgets.count_edit import CountEdit
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.price_edit import PriceEdit

if TYPE_CHECKING:
    from pitdesk.desk.blotter_row import BlotterRow

_OWN_KEYS = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_UNCHANGED = "Nothing is changed yet."
_WIDTH = 340
_INDENT = 240  # clear of the market's name


class Change(Enum):
    """What is asked. The value begins the names of its controls."""

    AMEND = "amend"
    DECREASE = "decrease"


class ChangeCard(QFrame):
    """Price and remaining contracts of one order. Enter applies, Esc leaves it as it is."""

    apply_wanted = Signal(str, object, object)
    closed = Signal()

    def __init__(self, change: Change, over: QWidget) -> None:
        super().__init__(over)
        self.change = change
        self.key: str | None = None
        self._row: BlotterRow | None = None
        self._asking = False
        self._confirming = False
        self.setObjectName(f"{change.value}.card")
        set_role(self, "popup")
        self._title = plain_label("", "value")
        self._price = PriceEdit(f"{change.value}.price", "New limit price")
        self._count = CountEdit(f"{change.value}.contracts", "Contracts that are to remain")
        self._said = plain_label("", "muted")
        self._said.setObjectName(f"{change.value}.message")
        self._said.setWordWrap(True)
        self._apply = QPushButton()
        self._apply.setObjectName(f"{change.value}.apply")
        self._apply.setAccessibleDescription("Asks the exchange to change the order.")
        set_role(self._apply, "primary")
        self._leave = QPushButton("Leave as it is")
        self._leave.setObjectName(f"{change.value}.close")
        self._leave.setAccessibleName("Leave the order as it is")
        self._tell(self._words())
        self._build()
        self._over = over
        self.hide()
        over.installEventFilter(self)

    @property
    def is_confirming(self) -> bool:
        """Whether the limits asked, and the next press confirms."""
        return self._confirming

    def open_for(self, row: BlotterRow, grid: PriceRanges, market: str, anchor: QRect) -> None:
        """Show the card at ``anchor`` (in the coordinates of ``over``) with the order's own values.

        It becomes a child of the window, because a low tab has no room for it.
        """
        self.setParent(self._over.window())
        self.key, self._row = row.key, row
        self._confirming = False
        self._price.set_grid(grid)
        self._price.set_price(row.price)
        self._count.set_count(row.remaining)
        self._title.setText(f"{self.change.value.capitalize()}  {row.sentence()}  ·  {market}")
        self.set_asking(False)
        self._look()
        self._place(anchor)
        self.show()
        self.raise_()
        first = self._price if self.change is Change.AMEND else self._count
        first.setFocus()
        first.selectAll()

    def follow(self, row: BlotterRow | None, anchor: QRect) -> None:
        """The order moved or ended while the card was open: what was typed stays, its words follow."""
        if row is None or (not row.can_change and not self._asking):
            self.leave()
            return
        self._row = row
        if not self._asking and not self._confirming:
            self._look()
        if not anchor.isEmpty():
            self._place(anchor)

    def set_asking(self, asking: bool) -> None:
        """Inert while the exchange is asked."""
        self._asking = asking
        for control in (self._price, self._count):
            control.setReadOnly(asking)
        self._apply.setEnabled(not asking)
        self._tell("Asking…" if asking else self._words())

    def say(self, sentence: str, *, problem: bool, confirm: bool = False) -> None:
        """Show what came of it; ``confirm``: the next press sends it in spite of what is said."""
        set_role(self._said, "problem" if problem else "muted")
        self._said.setText(sentence)
        self._said.setAccessibleName(sentence)
        self._confirming = confirm
        self._tell("Change anyway" if confirm else self._words())

    def leave(self) -> None:
        """Close without asking anything."""
        self.hide()
        self.key = None
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """While the keyboard is in the card, Esc and Enter are its own, not the window's."""
        is_asked = isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS
        if is_asked and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves, Enter applies once however long it is held."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat() and not self._confirming:
                self._press()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go when the tab goes out of sight."""
        if event.type() == QEvent.Type.Hide and self.isVisible():
            self.leave()
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        fields = QHBoxLayout()
        fields.setSpacing(8)
        if self.change is Change.AMEND:
            fields.addLayout(captioned("Limit price", self._price))
        else:
            self._price.setParent(self)
            self._price.hide()
        fields.addLayout(captioned("Remaining contracts", self._count))
        buttons = QHBoxLayout()
        buttons.addWidget(self._apply)
        buttons.addStretch(1)
        buttons.addWidget(self._leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        self._title.setWordWrap(True)
        layout.addWidget(self._title)
        layout.addLayout(fields)
        layout.addWidget(self._said)
        layout.addLayout(buttons)
        self.setFixedWidth(_WIDTH)
        self._price.edited.connect(self._edited)
        self._count.edited.connect(self._edited)
        self._apply.clicked.connect(self._press)
        self._leave.clicked.connect(self.leave)

    def _edited(self) -> None:
        self._confirming = False
        self._look()

    def _values(self) -> tuple[Price, Count]:
        """What is typed; raises QuantityError with a plain sentence."""
        row = self._row
        if row is None:
            raise QuantityError("The order is gone.")
        price, count = self._price.price(), self._count.count()
        if self.change is Change.DECREASE and count > row.remaining:
            raise QuantityError(f"Decrease to fewer than the {row.remaining} that remain. To add, use Amend.")
        if price == row.price and count == row.remaining:
            raise QuantityError(_UNCHANGED)
        return price, count

    def _look(self) -> None:
        """Say what the change does to the place in the queue, or what is wrong with it."""
        row = self._row
        if row is None or self._asking:
            return
        try:
            price, count = self._values()
        except QuantityError as problem:
            self._apply.setEnabled(False)
            self.say(str(problem), problem=str(problem) != _UNCHANGED)
            return
        self._apply.setEnabled(True)
        kept = price == row.price and count < row.remaining
        place = "keeps its place in the queue" if kept else "goes to the back of the queue"
        self.say(f"The order {place}.", problem=False)

    def _press(self) -> None:
        if self._asking or self.key is None or not self._apply.isEnabled():
            return
        try:
            price, count = self._values()
        except QuantityError as problem:
            self.say(str(problem), problem=True)
            return
        self.apply_wanted.emit(self.key, price, count)

    def _tell(self, words: str) -> None:
        self._apply.setText(words)
        self._apply.setAccessibleName(words)

    def _words(self) -> str:
        return "Amend order" if self.change is Change.AMEND else "Decrease order"

    def _place(self, anchor: QRect) -> None:
        """Above the row where there is room, else under it, and always wholly inside the window."""
        self.adjustSize()
        window = self._over.window()
        room = window.rect()
        start = self._over.mapTo(window, anchor.topLeft())
        top = start.y() - self.height() - 4
        if top < 0:
            top = start.y() + anchor.height() + 4
        left = min(start.x() + _INDENT, room.width() - self.width() - 8)
        self.move(max(left, 0), max(min(top, room.height() - self.height()), 0))
