"""The ladder as a panel: its header, the rows, and a sentence over the lowest where there is one to say."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from pitdesk.quantities import Price
from pitdesk_ui.ladder.grid import LadderGrid
from pitdesk_ui.ladder.painting import COLUMNS, HEADER_ALIGNMENT, SHORT_COLUMNS, column_rects
from pitdesk_ui.ladder.rows import LadderPicture, OwnChip, age_words, refusal
from pitdesk_ui.theme import CAPTION_PX, DARK, Theme, font, set_role
from pitdesk_ui.widgets.panel import Panel, plain_label

_ROOM_FOR_NAMES = 50  # pixels that “My asks” needs


class _Heads(QWidget):
    """The names of the columns, above the columns themselves."""

    def __init__(self, grid: LadderGrid, theme: Theme) -> None:
        super().__init__()
        self._grid = grid
        self._theme = theme
        self.setFont(font(CAPTION_PX))
        self.setFixedHeight(24)

    def sizeHint(self) -> QSize:
        """As wide as the grid likes to be."""
        return QSize(self._grid.sizeHint().width(), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the five names over a thin rule."""
        painter = QPainter(self)
        painter.setPen(self._theme.color("muted"))
        rects = column_rects(self._grid.viewport().width(), 0, self.height())
        names = SHORT_COLUMNS if rects[0].width() < _ROOM_FOR_NAMES else COLUMNS
        for name, rect, alignment in zip(names, rects, HEADER_ALIGNMENT, strict=True):
            inset = 0 if alignment == HEADER_ALIGNMENT[2] else 8
            painter.drawText(rect.adjusted(inset, 0, -inset, -2), alignment, name)
        painter.setPen(self._theme.color("line"))
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
        grid.installEventFilter(self)
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
        """Stay at the bottom of the grid."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return bool(super().eventFilter(watched, event))

    def _place(self) -> None:
        width = self._grid.viewport().width()
        height = self._label.heightForWidth(width - 20) + 12
        self.setGeometry(0, self._grid.height() - height, width, height)


class LadderPanel(Panel):
    """Depth and own orders of one market, by price.

    Signals:
        price_picked: the Yes price of a row, and the side of the column it was picked in (BookSide or None).
            It is meant for the ticket's limit price only, never for its verb.
        cancel_requested: the blotter keys (tuple of str) of the own orders that are to be canceled.
        menu_requested: a menu is asked for at the heads of the columns (QPoint of the screen).
    """

    price_picked = Signal(object, object)
    cancel_requested = Signal(object)
    menu_requested = Signal(object)

    def __init__(self, theme: Theme = DARK, parent: QWidget | None = None) -> None:
        super().__init__("Ladder", parent)
        self.setObjectName("ladder.panel")
        self.setAccessibleName("Ladder")
        self.caption.setObjectName("ladder.caption")
        self.grid = LadderGrid(theme)
        self._said = _Said(self.grid)
        self._refused = False
        self.body.setSpacing(4)
        self.heads = _Heads(self.grid, theme)
        self.heads.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.heads.setToolTip("Right click: cancel the bids, the asks or everything of this market")
        self.heads.customContextMenuRequested.connect(
            lambda spot: self.menu_requested.emit(self.heads.mapToGlobal(spot))
        )
        self.body.addWidget(self.heads)
        self.body.addWidget(self.grid, 1)
        self.setMinimumWidth(266)
        self.grid.price_touched.connect(self._on_price_touched)
        self.grid.chip_asked.connect(self._on_chip_asked)

    @property
    def said(self) -> str:
        """The sentence over the lowest rows, empty where there is nothing to say."""
        return self._said.sentence

    def show_ladder(self, picture: LadderPicture, headline: str) -> None:
        """Show one market's ladder."""
        self.grid.show_picture(picture)
        stale = picture.book is not None and not picture.fresh
        self.caption.setText(f"Stale · {age_words(picture.age_s)} old" if stale else headline)
        set_role(self.caption, "warning" if stale else "caption")
        if self._refused and refusal(picture, _any_price(picture)) == "":
            self.say("")
        elif not self._refused:
            self.say(picture.waiting if picture.prices and picture.book is None else _standing(picture))

    def say(self, sentence: str, role: str = "muted") -> None:
        """Show a sentence over the lowest rows, or nothing."""
        self._refused = role == "problem"
        self._said.show_sentence(sentence, role)

    def center(self) -> None:
        """Bring the touch to the middle: the Space key."""
        self.grid.center()

    def _on_price_touched(self, price: Price, side: object) -> None:
        why_not = refusal(self.grid.picture, price)
        if why_not:
            self.say(why_not, "problem")
            return
        self.say(_standing(self.grid.picture))
        self.price_picked.emit(price, side)

    def _on_chip_asked(self, chip: OwnChip) -> None:
        self.cancel_requested.emit(chip.keys)


def _standing(picture: LadderPicture) -> str:
    """What is to be said for as long as it is so."""
    return "" if picture.tradable or not picture.ticker else "This market takes no orders now."


def _any_price(picture: LadderPicture) -> Price:
    return next((price for price in picture.prices if price not in picture.off_grid), Price(0))
