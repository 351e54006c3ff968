"""The foot of the ticket: the question where a limit asks, the button that sends, and what came of it."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.plain_text import plain_tip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QMouseEvent

    from pitdesk_ui.hotkeys.keymap import KeyMap


class Tone(Enum):
    """How a sentence is meant. The value is the label's role."""

    PLAIN = "muted"
    GOOD = "positive"
    BAD = "problem"
    WARNING = "warning"


class SendButton(QPushButton):
    """Tells of its click first and is painted after, where Qt would paint at once and then tell.

    The second half of a double click presses nothing, however quick the answer to the first was.
    """

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Down; the paint follows in a turn of the loop."""
        with _painted_after(self):
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The order is on its way when the button is painted."""
        with _painted_after(self):
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Not a press."""
        event.accept()


@contextmanager
def _painted_after(widget: QWidget) -> Iterator[None]:
    widget.setUpdatesEnabled(False)
    try:
        yield
    finally:
        widget.setUpdatesEnabled(True)


class Question(QFrame):
    """A limit's question in the panel. Its buttons stand elsewhere than the one that sends, and neither is
    pressed by Enter."""

    accepted = Signal()
    declined = Signal()

    def __init__(self, name: str = "ticket.confirm", back: str = "Change the order") -> None:
        super().__init__()
        self.setObjectName(name)
        set_role(self, "question")
        self._sentences = plain_label("", "value")
        self._sentences.setObjectName(f"{name}.text")
        self._sentences.setWordWrap(True)
        self._go = SendButton("Send anyway")
        self._go.setObjectName(f"{name}.send")
        self._go.setAccessibleName("Send anyway")
        set_role(self._go, "danger")
        self._back = QPushButton(back)
        self._back.setObjectName(f"{name}.back")
        self._back.setAccessibleName(f"{back} instead of sending it")
        buttons = QHBoxLayout()
        buttons.addWidget(self._go)
        buttons.addStretch(1)
        buttons.addWidget(self._back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self._sentences)
        layout.addLayout(buttons)
        self._go.clicked.connect(self.accepted)
        self._back.clicked.connect(self.declined)
        self.hide()

    def ask(self, sentences: tuple[str, ...]) -> None:
        """Open with what the limits said; the keyboard starts at the way back, and is then left alone."""
        text = "\n".join(sentences)
        if text == self._sentences.text() and not self.isHidden():
            return
        self._sentences.setText(text)
        self.setAccessibleName(text)
        self.show()
        self._back.setFocus()


class SendArea(QWidget):
    """The question, the button, the message and the hint, always in sight under the fields."""

    pressed = Signal()

    def __init__(self, keys: KeyMap) -> None:
        super().__init__()
        self._keys = keys
        self.question = Question()
        self._button = SendButton()
        self._button.setObjectName("ticket.send")
        self._button.setMinimumHeight(40)
        self._button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._button.clicked.connect(self.pressed)
        self._message = plain_label("", "muted")
        self._message.setObjectName("ticket.message")
        self._message.setWordWrap(True)
        self._hint = plain_label("", "caption")
        self._hint.setObjectName("ticket.hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        layout.addWidget(self.question)
        layout.addWidget(self._button)
        layout.addWidget(self._message)
        layout.addWidget(self._hint, 0, Qt.AlignmentFlag.AlignHCenter)
        self.say("")
        keys.changed.connect(self._show_keys)
        self._show_keys()

    def _show_keys(self) -> None:
        told = (self._keys.phrase("send", "{} sends"), self._keys.phrase("clear", "{} clears"))
        self._hint.setText("  ·  ".join(filter(None, told)))

    def show_button(self, text: str, *, bid: bool, enabled: bool, reason: str = "") -> None:
        """What a press will do, in the colour of its side; ``reason`` says why it may not be pressed now."""
        if self._button.text() != text:
            self._button.setText(text)
            self._button.setAccessibleName(text)
        if self._button.accessibleDescription() != reason:
            self._button.setAccessibleDescription(reason)
            self._button.setToolTip(plain_tip(reason))
        self._button.setEnabled(enabled)
        set_role(self._button, "buy" if bid else "sell")

    def say(self, sentence: str, tone: Tone = Tone.PLAIN) -> None:
        """The sentence under the button, in the place of the keys' hint while there is one."""
        set_role(self._message, tone.value)
        if self._message.text() != sentence:
            self._message.setText(sentence)
            self._message.setAccessibleName(sentence)
        self._message.setVisible(bool(sentence))
        self._hint.setVisible(not sentence)

    @property
    def may_press(self) -> bool:
        """Whether the button can be pressed now."""
        return self._button.isEnabled()
