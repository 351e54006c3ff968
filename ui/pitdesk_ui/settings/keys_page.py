"""The page of the keys as widgets: every action with its key, to be found, given another key, and reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ProblemLabel
from pitdesk_ui.widgets.key_recorder import KeyRecorder
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from collections.abc import Container

    from PySide6.QtGui import QShowEvent

_KEY_WIDTH, _RESET_WIDTH = 176, 64
_TOLD = (
    "Press a key's button and then the key it shall be; Esc leaves it, Backspace clears it. Letters, figures "
    "and signs act outside text fields only. Keys that cancel act everywhere, unless they edit text, as Del."
)


class AskStrip(QFrame):
    """A question in the page with its two answers. ``answered``: whether yes."""

    answered = Signal(bool)

    def __init__(self, name: str, yes: str, no: str) -> None:
        super().__init__()
        self.setObjectName(name)
        set_role(self, "question")
        self._text = plain_label("", "value")
        self._text.setObjectName(f"{name}.text")
        self._text.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 8, 6)
        layout.setSpacing(8)
        layout.addWidget(self._text, 1)
        self._buttons = []
        for word, is_yes in ((yes, True), (no, False)):
            button = QPushButton(word)
            button.setObjectName(f"{name}.{'yes' if is_yes else 'no'}")
            button.clicked.connect(lambda _checked=False, answer=is_yes: self.answered.emit(answer))
            layout.addWidget(button)
            self._buttons.append(button)
        self.hide()

    def ask(self, sentence: str) -> None:
        """Ask it; the keyboard goes to the answer that leaves all as it is."""
        self._text.setText(sentence)
        self.setAccessibleName(sentence)
        for button in self._buttons:
            button.setAccessibleName(f"{button.text()}: {sentence}")
        self.show()
        self._buttons[-1].setFocus()


class KeyRow(QWidget):
    """One action: its text, its key, and under them what there is to say of it.

    Signals:
        recorded: the combination that was pressed for it; empty for none.
        reset_wanted: it shall have its usual key.
        answered: to the question whether the key is taken over.
    """

    recorded = Signal(str)
    reset_wanted = Signal()
    answered = Signal(bool)

    def __init__(self, name: str, text: str, fixed: str) -> None:
        """``fixed``: its keys where they cannot be others."""
        super().__init__()
        self._name, self._text = name, text
        self._recorder = None if fixed else KeyRecorder(f"keys.{name}", text)
        self._reset: QPushButton | None = None
        self._said: ProblemLabel | None = None
        self._strip: AskStrip | None = None
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(QLabel(text), 1)
        if self._recorder is None:
            keys = plain_label(fixed, "muted")
            keys.setToolTip("It cannot be another.")
            keys.setFixedWidth(_KEY_WIDTH)
            keys.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._line.addWidget(keys)
        else:
            self._recorder.setFixedWidth(_KEY_WIDTH)
            self._recorder.recorded.connect(self.recorded)
            self._line.addWidget(self._recorder)
        self._line.addSpacing(_RESET_WIDTH + self._line.spacing())  # until there is a button
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addLayout(self._line)

    def show_key(self, shown: str, *, usual: bool) -> None:
        """The key as a person reads it, empty for none; ``usual``: there is nothing to reset."""
        if self._recorder is None:
            return
        self._recorder.show_key(shown)
        if self._reset is None and not usual:
            self._reset = self._reset_button()
        if self._reset is not None:
            self._reset.setVisible(not usual)

    def say(self, sentence: str, role: str = "muted") -> None:
        """What came of the last key; a question that stood is asked no more."""
        if self._strip is not None:
            self._strip.hide()
        if self._said is None and sentence:
            self._said = ProblemLabel(f"keys.{self._name}.said")
            self._layout.addWidget(self._said)
        if self._said is not None:
            set_role(self._said, role)
            self._said.say(sentence)

    def ask(self, sentence: str) -> None:
        """Ask whether the key is taken over."""
        self.say("")
        if self._strip is None:
            self._strip = AskStrip(f"keys.{self._name}.ask", "Take it over", "Leave it")
            self._strip.answered.connect(self.answered)
            self._layout.addWidget(self._strip)
        self._strip.ask(sentence)

    def focus(self) -> None:
        """The keyboard onto its key."""
        if self._recorder is not None:
            self._recorder.setFocus()

    def _reset_button(self) -> QPushButton:
        button = QPushButton("Reset")
        button.setObjectName(f"keys.{self._name}.reset")
        button.setAccessibleName(f"Reset: {self._text}")
        button.setFixedWidth(_RESET_WIDTH)
        set_role(button, "chip")
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.clicked.connect(self.reset_wanted)
        self._line.takeAt(self._line.count() - 1)
        self._line.addWidget(button)
        return button


class KeysPage(QFrame):
    """Rows by group. Its presenter decides.

    Signals:
        opened: it is shown for the first time; before that nobody waits for its rows.
        sought: what is typed to find rows by.
        reset_all_wanted: every action shall have its usual key.
        reset_all_answered: to the question whether.
    """

    opened = Signal()
    sought = Signal(str)
    reset_all_wanted = Signal()
    reset_all_answered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keys.page")
        self.rows: dict[str, KeyRow] = {}
        self._was_shown = False
        self._groups: list[tuple[QWidget, list[str]]] = []
        self._search = QLineEdit()
        self._reset_all = QPushButton("Reset all")
        self._strip = AskStrip("keys.reset_all.ask", "Reset them", "Leave them")
        self._none = plain_label("", "muted")
        self._list = QVBoxLayout()
        self._build()
        self._search.textChanged.connect(self.sought)
        self._reset_all.clicked.connect(self.reset_all_wanted)
        self._strip.answered.connect(self.reset_all_answered)

    def add_group(self, title: str) -> None:
        """Another group begins."""
        heading = plain_label(title, "section")
        heading.setContentsMargins(0, 10 if self._groups else 0, 0, 0)
        self._list.addWidget(heading)
        self._groups.append((heading, []))

    def add_row(self, name: str, row: KeyRow) -> None:
        """One more row in the last group, by the name of its action."""
        self._list.addWidget(row)
        self.rows[name] = row
        self._groups[-1][1].append(name)

    def show_only(self, names: Container[str], none: str) -> None:
        """Of the rows these; ``none`` is said where that is not one."""
        for heading, members in self._groups:
            for name in members:
                self.rows[name].setVisible(name in names)
            heading.setVisible(any(name in names for name in members))
        self._none.setText(none)
        self._none.setVisible(bool(none))

    def showEvent(self, event: QShowEvent) -> None:
        """Say the first time."""
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.opened.emit()

    def allow_reset_all(self, allowed: bool) -> None:
        """Whether there is anything to reset."""
        self._reset_all.setEnabled(allowed)
        if not allowed:
            self._strip.hide()

    def ask_reset_all(self, sentence: str) -> None:
        """Ask first; an empty sentence takes the question away."""
        if sentence:
            self._strip.ask(sentence)
        else:
            self._strip.hide()
            self._search.setFocus()

    def _build(self) -> None:
        set_role(self, "panel")
        self._search.setObjectName("keys.search")
        self._search.setAccessibleName("Find an action or a key")
        self._search.setPlaceholderText("Find an action or a key")
        self._search.setClearButtonEnabled(True)
        self._search.setMaximumWidth(320)
        self._reset_all.setObjectName("keys.reset_all")
        self._none.setObjectName("keys.none")
        self._none.hide()
        top = QHBoxLayout()
        top.addWidget(self._search, 1)
        top.addStretch(1)
        top.addWidget(self._reset_all)
        told = plain_label(_TOLD, "muted")
        told.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 4, 12)
        layout.setSpacing(10)
        for item in (top, told, self._strip, self._none, self._area()):
            _add(layout, item)

    def _area(self) -> QScrollArea:
        inside = QWidget()
        self._list.setContentsMargins(0, 0, 12, 0)
        self._list.setSpacing(5)
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._list)
        whole.addStretch(1)
        area = QScrollArea()
        area.setObjectName("keys.rows")
        area.setAccessibleName("Keys by group")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area


def _add(layout: QVBoxLayout, item: QWidget | QHBoxLayout) -> None:
    if isinstance(item, QHBoxLayout):
        item.setContentsMargins(0, 0, 14, 0)
        layout.addLayout(item)
    else:
        layout.addWidget(item)
