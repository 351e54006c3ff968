"""The ladder as a panel: its header, the rows, and a sentence over the lowest where there is one to say."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from pitdesk.quantities import Price
from pitdesk_ui.hotkeys.keymap import KeyMap
from pitdesk_ui.ladder.foot import LadderFoot, Line
from pitdesk_ui.ladder.grid import LadderGrid
from pitdesk_ui.ladder.painting import COLUMNS, HEADER_ALIGNMENT, SHORT_COLUMNS, Column
from pitdesk_ui.ladder.question import LadderQuestion
from pitdesk_ui.ladder.rows import LadderPicture, age_words, refusal
from pitdesk_ui.ladder.tools import LadderTools
from pitdesk_ui.theme import CAPTION_PX, font, set_role, theme_of
from pitdesk_ui.widgets.panel import TitledPanel, plain_label

_WIDE = 50  # a column with room for its margins


class _Heads(QWidget):
    """The names of the columns, above the columns themselves."""

    def __init__(self, grid: LadderGrid) -> None:
        super().__init__()
        self._grid = grid
        self.setFont(font(CAPTION_PX))
        self.setFixedHeight(24)

    def sizeHint(self) -> QSize:
        """As wide as the grid likes to be."""
        return QSize(self._grid.sizeHint().width(), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the names over a thin rule."""
        painter = QPainter(self)
        painter.setPen(theme_of(self).color("muted"))
        rects = self._grid.cells(0, self.height())
        for long, short, rect, alignment in zip(
            COLUMNS, SHORT_COLUMNS, rects, HEADER_ALIGNMENT, strict=False
        ):
            inset = 0 if alignment == HEADER_ALIGNMENT[2] else 8 if rect.width() >= _WIDE else 4
            fits = painter.fontMetrics().horizontalAdvance(long) + 2 * inset <= rect.width()
            painter.drawText(rect.adjusted(inset, 0, -inset, -2), alignment, long if fits else short)
        painter.setPen(theme_of(self).color("line"))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class _Said(QFrame):
    """A sentence laid over the lowest rows: beside them it would push them about under the pointer."""

    def __init__(self, grid: LadderGrid) -> None:
        super().__init__(grid)
        self._grid = grid
        self._label = plain_label("", "muted")
        self._label.setObjectName("ladder.said")
        self._label.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.addWidget(self._label)
        set_role(self, "card")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        grid.viewport().installEventFilter(self)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said now."""
        return self._label.text()

    def show_sentence(self, sentence: str, role: str) -> None:
        """Say it, or fall silent."""
        self._label.setText(sentence)
        set_role(self._label, role)
        self.setVisible(bool(sentence))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the rows."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return bool(super().eventFilter(watched, event))

    def _place(self) -> None:
        width = self._grid.viewport().width()
        height = self._label.heightForWidth(width - 20) + 12
        self.setGeometry(0, self._grid.height() - height, width, height)


class LadderPanel(TitledPanel):
    """Depth and own orders of one market, by price.

    Signals:
        price_picked: the Yes price of a row, and the side of the column it was picked in (BookSide or None).
            It is meant for the ticket's limit price only, never for its verb.
        order_wanted: a cell of Bids or Asks was picked while armed with a size (Price, Column).
        move_wanted: own orders were dragged to another price (OwnChip, Price).
        cancel_requested: the blotter keys (tuple of str) of the own orders that are to be canceled.
        menu_requested: a menu is asked for at the heads of the columns (QPoint of the screen).
        looked: what is aimed at, chosen or shown is another.
        left: Esc, while there is something to leave.
        armed_changed: armed or made safe.
    """

    price_picked = Signal(object, object)
    order_wanted = Signal(object, object)
    move_wanted = Signal(object, object)
    cancel_requested = Signal(object)
    menu_requested = Signal(object)
    looked = Signal()
    left = Signal()
    armed_changed = Signal()

    def __init__(self, keys: KeyMap | None = None) -> None:
        super().__init__("Ladder")
        self._keys = keys or KeyMap()
        self.setObjectName("ladder.panel")
        self.setAccessibleName("Ladder")
        self.caption.setObjectName("ladder.caption")
        self.tools = LadderTools(self._keys)
        self.grid = LadderGrid(self._keys)
        self.question = LadderQuestion(self.grid)
        self._foot = LadderFoot()
        self._said = _Said(self.grid)
        self._refused = self._is_told = self._waits = False
        self.is_armed = False
        self.why_not_armed = ""
        self.heads = _Heads(self.grid)
        self._build()
        self._connect()

    @property
    def said(self) -> str:
        """The sentence over the lowest rows, empty where there is nothing to say."""
        return self._said.sentence

    @property
    def places(self) -> bool:
        """Whether a click in Bids or Asks places an order: armed, with a size chosen."""
        return self.is_armed and self.tools.chosen is not None

    @property
    def safe(self) -> str:
        """What arms, as the beginning of a sentence; empty while it is armed."""
        return "" if self.is_armed else self._keys.phrase("arm", "{} arms", "The button Safe arms")

    def show_armed(self, *, armed: bool, why_not: str = "") -> None:
        """Armed or Safe, as the top bar shows it; ``why_not`` says why the account can not be armed."""
        self.is_armed, self.why_not_armed = armed, why_not
        self.tools.show_armed(armed)
        self._show_places()
        self.armed_changed.emit()

    def show_ladder(self, picture: LadderPicture, headline: str) -> None:
        """Show one market's ladder."""
        self.grid.show_picture(picture)
        stale = picture.book is not None and not picture.fresh
        self.caption.setText(f"Stale · {age_words(picture.age_s)} old" if stale else headline)
        set_role(self.caption, "warning" if stale else "caption")
        if self._refused and refusal(picture, _any_price(picture)) == "":
            self.say("")
        elif not self._refused and not self._is_told:
            self.say(picture.waiting if picture.prices and picture.book is None else _standing(picture))
        self.looked.emit()

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence over the lowest rows, or nothing; it goes with the next press, or with Esc."""
        self._refused = False
        self._is_told = role != "muted"
        self._said.show_sentence(sentence, role)
        self._take_escape()

    def show_line(self, line: Line) -> None:
        """What a click would do, under the rows."""
        self._foot.show_line(line)
        self.grid.tell(f"Enter: {line.text}. {line.more}." if line.more else f"Enter: {line.text}.")

    def wait_for_escape(self, waits: bool) -> None:
        """Whether Esc leaves something that the presenter waits for."""
        self._waits = waits
        self._take_escape()

    def center(self) -> None:
        """Bring the touch to the middle."""
        self.grid.center()

    def focus_rows(self) -> None:
        """Put the keyboard onto the rows."""
        self.grid.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.grid.walk_to_touch()

    def show_result(self, shown: bool) -> None:
        """Show or hide the column of results."""
        self.grid.show_result(shown)
        self.heads.update()

    def _build(self) -> None:
        self.body.setSpacing(4)
        self.heads.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.heads.setToolTip("Right click: cancel the bids, the asks or everything of this market")
        self.body.addWidget(self.tools)
        self.body.addWidget(self.heads)
        self.body.addWidget(self.grid, 1)
        self.body.addWidget(self._foot)
        self.setMinimumWidth(266)

    def _connect(self) -> None:
        self.heads.customContextMenuRequested.connect(
            lambda spot: self.menu_requested.emit(self.heads.mapToGlobal(spot))
        )
        self.grid.cell_picked.connect(self._on_cell_picked)
        self.grid.cancel_asked.connect(self._on_cancel_asked)
        self.grid.chip_dropped.connect(self.move_wanted)
        self.grid.aim_changed.connect(self.looked)
        self.grid.escaped.connect(self._on_escape)
        self.tools.size_changed.connect(self._show_places)
        self.tools.result_wanted.connect(self.show_result)
        self._keys.changed.connect(self.looked)

    def _show_places(self) -> None:
        self.grid.show_places(self.places)
        self.looked.emit()

    def _on_cell_picked(self, price: Price, column: Column) -> None:
        why_not = refusal(self.grid.picture, price)
        if why_not:
            self.say(why_not, "problem")
            self._refused = True
            return
        self.say(_standing(self.grid.picture))
        if column.is_depth and self.places:
            self.order_wanted.emit(price, column)
        else:
            self.price_picked.emit(price, column.side)

    def _on_cancel_asked(self, price: Price) -> None:
        keys = tuple(key for chip in self.grid.picture.own_at(price) for key in chip.keys)
        if keys:
            self.cancel_requested.emit(keys)

    def _on_escape(self) -> None:
        self.say(_standing(self.grid.picture))
        self.left.emit()

    def _take_escape(self) -> None:
        self.grid.take_escape(self._waits or self._is_told)


def _standing(picture: LadderPicture) -> str:
    """What is to be said for as long as it is so."""
    return "" if picture.tradable or not picture.ticker else "This market takes no orders now."


def _any_price(picture: LadderPicture) -> Price:
    return next((price for price in picture.prices if price not in picture.off_grid), Price(0))
