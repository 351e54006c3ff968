"""Small controls of the ticket: labelled fields, choices that the wheel leaves alone, the expiry."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QDateTime, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateTimeEdit,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.entry import Expiry
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QWheelEvent

Choice = TypeVar("Choice", bound=Enum)
_DAY_S = 86_400
_TIGHT = "QComboBox { padding: 5px 0 5px 7px; } QComboBox::drop-down { width: 17px; }"


class ChoiceBox(QComboBox, Generic[Choice]):
    """One of an enum's members, by its words. The wheel never changes it."""

    def __init__(self, name: str, accessible_name: str, choices: Iterable[tuple[Choice, str]]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self._choices: list[Choice] = []
        for choice, words in choices:
            self._choices.append(choice)
            self.addItem(words)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setStyleSheet(_TIGHT)

    @property
    def choice(self) -> Choice:
        """The member chosen."""
        return self._choices[self.currentIndex()]

    def choose(self, choice: Choice) -> None:
        """Choose a member."""
        self.setCurrentIndex(self._choices.index(choice))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scroll area."""
        event.ignore()


class MomentEdit(QDateTimeEdit):
    """A date and time of this machine's clock. The wheel never changes it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scroll area."""
        event.ignore()


class ExpiryEdit(QWidget):
    """When the order ends by itself: a choice, and a date and time where that is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.box = ChoiceBox[Expiry]("ticket.expires", "Expires", ((each, each.value) for each in Expiry))
        self.box.setAccessibleDescription("When the order is taken off the book by itself.")
        self.box.setToolTip("Goes with Good till canceled. End of day is midnight in New York.")
        self.moment = MomentEdit()
        self.moment.setObjectName("ticket.expires_at")
        self.moment.setAccessibleName("Expires at, your local time")
        self.moment.setDisplayFormat("MMM d yyyy HH:mm")
        self.moment.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.moment.setCalendarPopup(True)
        self.moment.setToolTip("Your local time.")
        self.moment.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.box)
        layout.addWidget(self.moment)
        self.box.currentIndexChanged.connect(self._chosen)
        self.moment.dateTimeChanged.connect(self.changed)

    @property
    def expires_at_s(self) -> int | None:
        """The date and time as seconds of the Unix epoch; None while another choice is made."""
        if self.box.choice is not Expiry.AT:
            return None
        return int(self.moment.dateTime().toSecsSinceEpoch())

    def set_now(self, now_ms: int) -> None:
        """Let the date and time start a day from now, until the person touches it."""
        if not self.moment.isVisibleTo(self):
            self.moment.setDateTime(QDateTime.fromSecsSinceEpoch(now_ms // 60_000 * 60 + _DAY_S))

    def _chosen(self) -> None:
        self.moment.setVisible(self.box.choice is Expiry.AT)
        self.changed.emit()


class FormScroll(QScrollArea):
    """Scrolls a form up and down only: it is never narrower than the form and the scroll bar beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keyboard

    def event(self, event: QEvent) -> bool:
        """A form of another width, by its style too, asks for another width around it."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.StyleChange):
            self.updateGeometry()
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Where there is room, the whole form is in sight."""
        form = self.widget()
        return form.sizeHint() if form is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Wide enough that nothing is clipped at the right."""
        form = self.widget()
        width = form.minimumSizeHint().width() if form is not None else 0
        return QSize(width, super().minimumSizeHint().height())


class ProblemLabel(QLabel):
    """A plain sentence under a field, there only while there is something to say."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)  # it quotes what was typed
        self.setWordWrap(True)
        set_role(self, "problem")
        self.hide()

    def say(self, sentence: str) -> None:
        """Show ``sentence``, or go."""
        if self.text() != sentence:
            self.setText(sentence)
            self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


def captioned(caption: str, control: QWidget, buddy: QWidget | None = None) -> QVBoxLayout:
    """A control with its caption above it, the caption tied to it."""
    label = plain_label(caption, "caption")
    label.setBuddy(buddy or control)
    column = QVBoxLayout()
    column.setSpacing(3)
    column.addWidget(label)
    column.addWidget(control)
    return column


def chip(name: str, text: str, described: str) -> QPushButton:
    """A small button that fills a field."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(described)
    button.setToolTip(described)
    set_role(button, "chip")
    return button
