"""The Unconfirmed tab as a widget: a card for each order that may be live."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.theme import set_role
from pitdesk_ui.unconfirmed.words import ADVICE, HEADLINE
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.plain_text import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QLabel

MOST_CARDS = 100
"""More than these are told by their number; the Working tab has them all."""


@dataclass(frozen=True, slots=True)
class CardPicture:
    """What one card shows. ``canceling``: its cancel was asked and waits for the order to be found."""

    key: str
    market: str
    sent: str
    checking: str
    found: str
    canceling: bool


class _Card(QFrame):
    """One order: what was sent and what is being done about it, and at the right what can be done."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")
        self.setObjectName("unconfirmed.card")
        self.picture: CardPicture | None = None
        self._market, self._sent = ElidedLabel("value"), ElidedLabel("")
        self._checking, self._found = ElidedLabel("muted"), ElidedLabel("muted")
        self.check = _button("unconfirmed.check", "Check now", "Look the order up at once")
        self.copy = _button("unconfirmed.copy", "Copy details", "Copy what is known of the order")
        self.cancel = _button("unconfirmed.cancel", "Cancel when found", "")
        self.cancel.setAccessibleDescription("Cancels the order as soon as the exchange shows it.")
        self._build()

    def show_picture(self, picture: CardPicture) -> None:
        """Show what is known now."""
        if picture == self.picture:
            return
        self.picture = picture
        for label, text in (
            (self._market, picture.market),
            (self._sent, picture.sent),
            (self._checking, picture.checking),
            (self._found, picture.found),
        ):
            label.show_text(text)
        self._found.setVisible(bool(picture.found))
        self.cancel.setEnabled(not picture.canceling)
        self.cancel.setText("Will cancel when found" if picture.canceling else "Cancel when found")
        self.cancel.setAccessibleName(self.cancel.text())
        self.setAccessibleName(
            " ".join((HEADLINE, picture.market, picture.sent, picture.checking, picture.found)).strip()
        )

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(plain_label(HEADLINE, "warning"))
        head.addWidget(self._market)
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        told = QHBoxLayout()
        told.setSpacing(14)
        told.addWidget(self._sent)
        told.addWidget(self._checking)
        told.addStretch(1)
        words.addLayout(told)
        words.addWidget(self._found)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(12)
        layout.addLayout(words, 1)
        for button in (self.check, self.copy, self.cancel):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)


class UnconfirmedPanel(QWidget):
    """Shows cards and says what is asked of them. There is no way to send an order again from here.

    Signals: ``check_wanted``, ``copy_wanted``, ``cancel_wanted`` carry the key of an order;
    ``check_all_wanted`` none.
    """

    check_wanted = Signal(str)
    check_all_wanted = Signal()
    copy_wanted = Signal(str)
    cancel_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("unconfirmed")
        self._cards: dict[str, _Card] = {}
        self._more = plain_label("", "muted")
        self._said = plain_label("", "muted")
        self._said.setObjectName("unconfirmed.message")
        self.check_all = _button(
            "unconfirmed.check_all", "Check all now", "Look every one of them up at once"
        )
        self._list = QVBoxLayout()
        self._build()

    def show_orders(self, pictures: Sequence[CardPicture], more: int = 0) -> None:
        """These and no others, in this order; ``more`` are not shown singly."""
        keys = {picture.key for picture in pictures}
        for key in [key for key in self._cards if key not in keys]:
            card = self._cards.pop(key)
            card.hide()
            card.deleteLater()
        for place, picture in enumerate(pictures):
            card = self._cards.get(picture.key) or self._new_card(picture.key, place)
            card.show_picture(picture)
        self._more.setText(f"and {more:,} more, looked up alike: see the Working tab." if more else "")
        self._more.setVisible(bool(more))
        self.check_all.setVisible(len(pictures) > 1)

    def say(self, sentence: str) -> None:
        """What came of the last press."""
        self._said.setText(sentence)
        self._said.setAccessibleName(sentence)

    def _new_card(self, key: str, place: int) -> _Card:
        card = _Card()
        card.check.clicked.connect(partial(self._emit, self.check_wanted, key))
        card.copy.clicked.connect(partial(self._emit, self.copy_wanted, key))
        card.cancel.clicked.connect(partial(self._emit, self.cancel_wanted, key))
        self._cards[key] = card
        self._list.insertWidget(place, card)
        return card

    @staticmethod
    def _emit(signal: SignalInstance, key: str, _checked: bool = False) -> None:
        signal.emit(key)

    def _build(self) -> None:
        advice = plain_label(ADVICE, "muted")
        advice.setWordWrap(True)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 0, 8, 0)
        bar.setSpacing(12)
        bar.addWidget(advice, 1)
        bar.addWidget(self._said)
        bar.addWidget(self.check_all)
        self.check_all.clicked.connect(lambda _checked=False: self.check_all_wanted.emit())
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(8, 0, 8, 4)
        column.setSpacing(6)
        self._list.setSpacing(6)
        column.addLayout(self._list)
        column.addWidget(self._more)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("unconfirmed.scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(bar)
        layout.addWidget(scroll, 1)


class UnconfirmedBanner(QFrame):
    """The line across the window while any order may be live. Signals: ``show_wanted``, ``check_wanted``."""

    show_wanted = Signal()
    check_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("unconfirmed.banner")
        set_role(self, "question")
        self._text: QLabel = plain_label("", "warning")
        self._text.setObjectName("unconfirmed.banner.text")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._whole = ""
        self._told: QLabel = plain_label("", "muted")
        show = _button("unconfirmed.banner.show", "Show", "Show the orders that may be live")
        check = _button("unconfirmed.banner.check", "Check now", "Look them up at once")
        show.clicked.connect(lambda _checked=False: self.show_wanted.emit())
        check.clicked.connect(lambda _checked=False: self.check_wanted.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 8, 5)
        layout.setSpacing(12)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._told)
        layout.addWidget(check)
        layout.addWidget(show)
        self.hide()

    def say(self, text: str, told: str = "") -> None:
        """``text`` in amber and ``told`` beside it; an empty text takes the banner away."""
        self._whole = text
        self._told.setText(told)
        self.setAccessibleName(f"{text} {told}".strip())
        self.setVisible(bool(text))
        self._elide()

    @property
    def text(self) -> str:
        """What it says in amber, whole."""
        return self._whole

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the text to the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.layout().activate()  # type: ignore[union-attr]
        metrics, room = self._text.fontMetrics(), max(self._text.width(), 40)
        self._text.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideRight, room))
        self._text.setToolTip(self._whole)


def _button(name: str, text: str, described: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text)
    button.setAccessibleDescription(described)
    button.setToolTip(described)
    set_role(button, "chip_tall")
    return button
