"""The one page of the very first start, practise or connect; and the page for a key that is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.account_mark import MarkWord
from pitdesk_ui.connect.card import ConnectCard
from pitdesk_ui.connect.fields import SentenceLabel
from pitdesk_ui.resources_path import resource_path
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk_ui.account_mark import AccountMark

_PRACTICE_WIDTH, _CONNECT_WIDTH = 340, 560
_LOGO = 44
_PRACTICE_TEXTS = (
    ("A whole exchange on this computer", "Markets move, orders rest and trade, prices are made up."),
    ("$10,000 of practice money", "Nothing leaves this computer, nothing can be lost."),
    ("No account and no key", "Connect a real account later, in Settings."),
)


class FirstRunPage(QScrollArea):
    """Emits ``practise`` when that is chosen; the rest goes by :attr:`card`."""

    practise = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("first_run")
        self.card = ConnectCard()
        self._practise = QPushButton("Practise now")
        self._practise.setObjectName("first_run.practise")
        self._practise.setMinimumHeight(38)
        set_role(self._practise, "primary")
        self._practise.clicked.connect(self.practise)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addWidget(self._practice_card())
        columns.addWidget(_card("Connect to Kalshi", self.card, _CONNECT_WIDTH))
        _fill(
            self, _head("Pitdesk", "Trade Kalshi's event contracts by hand, from your own computer."), columns
        )

    def focus(self) -> None:
        """The keyboard starts at the nearest way in."""
        self._practise.setFocus()

    def _practice_card(self) -> QFrame:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        for headline, told in _PRACTICE_TEXTS:
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(plain_label(headline, "value"))
            sentence = SentenceLabel("muted")
            sentence.say(told)
            column.addWidget(sentence)
            layout.addLayout(column)
        layout.addStretch(1)
        layout.addWidget(self._practise)
        return _card("Practice", inside, _PRACTICE_WIDTH)


class KeyPage(QScrollArea):
    """In place of a desk whose key could not be had: try again, import it again, or practise meanwhile."""

    again = Signal()
    practise = Signal()

    def __init__(self, mark: AccountMark, why: str) -> None:
        super().__init__()
        self.setObjectName("key_page")
        self.card = ConnectCard()
        again, practise = QPushButton("Try again"), QPushButton("Practise meanwhile")
        again.setObjectName("key_page.again")
        practise.setObjectName("key_page.practise")
        set_role(again, "primary")
        again.clicked.connect(self.again)
        practise.clicked.connect(self.practise)
        reason = SentenceLabel("", "key_page.why")
        reason.say(why)
        told = SentenceLabel("muted")
        told.say("Nothing was sent. Orders that rest on the exchange go on resting there.")
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(MarkWord(mark), 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (reason, told):
            layout.addWidget(widget)
        layout.addStretch(1)
        for button in (again, practise):
            button.setMinimumHeight(36)
            layout.addWidget(button)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addWidget(_card("The key could not be read", inside, _PRACTICE_WIDTH))
        columns.addWidget(_card("Import the key again", self.card, _CONNECT_WIDTH))
        _fill(self, _head(mark.name or mark.word, "This account is not signed in."), columns)


def _fill(area: QScrollArea, head: QWidget, columns: QHBoxLayout) -> None:
    """Head and columns in the middle of the page, scrolled where the window is low."""
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keyboard
    area.setFrameShape(QFrame.Shape.NoFrame)
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(24, 24, 24, 24)
    layout.setSpacing(20)
    layout.addStretch(2)
    layout.addWidget(head)
    middle = QHBoxLayout()
    middle.addStretch(1)
    middle.addLayout(columns)
    middle.addStretch(1)
    layout.addLayout(middle)
    layout.addStretch(3)
    area.setWidget(page)


def _head(title: str, told: str) -> QWidget:
    head = QWidget()
    head.setFixedWidth(_PRACTICE_WIDTH + _CONNECT_WIDTH + 16)
    logo = QLabel()
    ratio = 2
    picture = QPixmap(str(resource_path("icons", "pitdesk.svg"))).scaledToWidth(
        _LOGO * ratio, Qt.TransformationMode.SmoothTransformation
    )
    picture.setDevicePixelRatio(ratio)
    logo.setPixmap(picture)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(plain_label(title, "headline"))
    words.addWidget(plain_label(told, "muted"))
    row = QHBoxLayout(head)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(14)
    row.addWidget(logo)
    row.addLayout(words, 1)
    centered = QWidget()
    outer = QHBoxLayout(centered)
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(head)
    return centered


def _card(title: str, content: QWidget, width: int) -> QFrame:
    card = QFrame()
    set_role(card, "panel")
    card.setFixedWidth(width)
    card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(20, 16, 20, 20)
    layout.setSpacing(12)
    layout.addWidget(plain_label(title, "title"))
    layout.addWidget(content, 1)
    return card
