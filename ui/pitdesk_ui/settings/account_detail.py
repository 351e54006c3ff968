"""One account in the settings: its name, its key's health, its bounds, what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from pitdesk_ui.account_mark import MarkWord
from pitdesk_ui.connect.fields import LabeledField, SentenceLabel, line_edit
from pitdesk_ui.settings.limits_section import LimitsSection
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ProblemLabel
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.profile import Profile
    from pitdesk_ui.account_mark import AccountMark
    from pitdesk_ui.connect.facts import Row


class AccountDetail(QScrollArea):
    """Says what the person wants; shows what it is given."""

    renamed = Signal(str)
    switch_wanted = Signal()
    test_wanted = Signal()
    replace_wanted = Signal()
    new_key_wanted = Signal()
    remove_wanted = Signal()
    read_only_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("account")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._mark = MarkWord()
        self._problem = ProblemLabel("account.problem.name")
        self._name: QLineEdit = line_edit("account.name", "Name of this account", "")
        self._switch = _button("account.switch", "Switch to this account", "primary")
        self._test = _button("account.test", "Test key")
        self._replace = _button("account.replace", "Import another key…")
        self._new_key = _button("account.new_key", "Make a new key…")
        self._new_key.setToolTip(
            "Make a key on the exchange, put it in place of this one, and revoke this one."
        )
        self._remove = _button("account.remove", "Remove account…", "danger")
        self._rows = QGridLayout()
        self._advice = SentenceLabel("warning_text", "account.advice")
        self._key_problem = ProblemLabel("account.problem.key")
        self._read_only = QCheckBox("Read-only: place and change nothing. Cancels work.")
        self.limits = LimitsSection()
        self._build()
        self._connect()

    def show_profile(
        self, profile: Profile, mark: AccountMark, rows: Sequence[Row], *, is_active: bool
    ) -> None:
        """Fill in everything of one account; ``rows`` tell of its key."""
        self._mark.show_mark(mark)
        if not self._name.hasFocus() or self._problem.isHidden():
            self._name.setText(profile.name)
        self._switch.setVisible(not is_active)
        self._read_only.blockSignals(True)
        self._read_only.setChecked(profile.read_only)
        self._read_only.blockSignals(False)
        self._show_rows(rows)

    def offer_new_key(self, *, offered: bool) -> None:
        """Whether the key may make another in its own place."""
        self._new_key.setVisible(offered)

    def say_name(self, sentence: str) -> None:
        """What is wrong with the name typed; empty: nothing."""
        self._problem.say(sentence)

    def say_key(self, sentence: str, advice: str = "") -> None:
        """What came of a test: what is wrong, or advice on a sound key."""
        self._key_problem.say(sentence)
        self._advice.say(advice)

    def show_busy(self, doing: str) -> None:
        """Say what is being done with the key, and take no further press; empty: ready again."""
        self._test.setText(doing or "Test key")
        for button in (self._test, self._replace, self._new_key, self._remove, self._switch):
            button.setEnabled(not doing)

    def _show_rows(self, rows: Sequence[Row]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, (caption, value, role) in enumerate(rows):
            label = plain_label(value, role)
            label.setObjectName(f"account.fact.{caption.lower().replace(' ', '_')}")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setWordWrap(True)
            self._rows.addWidget(plain_label(caption, "caption"), number, 0, Qt.AlignmentFlag.AlignTop)
            self._rows.addWidget(label, number, 1)

    def _build(self) -> None:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(14)
        head = QHBoxLayout()
        head.addWidget(self._mark)
        head.addStretch(1)
        head.addWidget(self._switch)
        layout.addLayout(head)
        layout.addWidget(LabeledField("Name", self._name, self._problem))
        layout.addWidget(_rule())
        layout.addWidget(plain_label("Key", "section"))
        self._rows.setColumnMinimumWidth(0, 130)
        self._rows.setColumnStretch(1, 1)
        self._rows.setVerticalSpacing(6)
        layout.addLayout(self._rows)
        layout.addWidget(self._key_problem)
        layout.addWidget(self._advice)
        layout.addLayout(_in_row(self._test, self._replace, self._new_key))
        layout.addWidget(_rule())
        layout.addWidget(plain_label("What this account may do here", "section"))
        self._read_only.setObjectName("account.read_only")
        layout.addWidget(self._read_only)
        layout.addWidget(_rule())
        layout.addWidget(plain_label("Limits", "section"))
        layout.addWidget(self.limits)
        layout.addStretch(1)
        layout.addWidget(_rule())
        layout.addLayout(_in_row(self._remove))
        self.setWidget(page)

    def _connect(self) -> None:
        self._name.editingFinished.connect(lambda: self.renamed.emit(self._name.text()))
        self._name.textEdited.connect(lambda _text: self._problem.say(""))
        self._switch.clicked.connect(self.switch_wanted)
        self._test.clicked.connect(self.test_wanted)
        self._replace.clicked.connect(self.replace_wanted)
        self._new_key.clicked.connect(self.new_key_wanted)
        self._remove.clicked.connect(self.remove_wanted)
        self._read_only.toggled.connect(self.read_only_wanted)


class PracticeDetail(QWidget):
    """The account that needs no key."""

    switch_wanted = Signal()

    def __init__(self, mark: AccountMark) -> None:
        super().__init__()
        self._switch = _button("account.practise", "Switch to practice", "primary")
        self._switch.clicked.connect(self.switch_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(14)
        head = QHBoxLayout()
        head.addWidget(MarkWord(mark))
        head.addStretch(1)
        head.addWidget(self._switch)
        layout.addLayout(head)
        told = SentenceLabel("muted")
        told.say(
            "The exchange inside Pitdesk. It needs no key and no network, and its money is made up. "
            "Its limits are those proposed for an account of about $10,000."
        )
        layout.addWidget(told)
        layout.addStretch(1)

    def show_active(self, *, is_active: bool) -> None:
        """Whether it is in use already."""
        self._switch.setVisible(not is_active)


def _button(name: str, text: str, role: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    if role:
        set_role(button, role)
    return button


def _in_row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def _rule() -> QFrame:
    rule = QFrame()
    rule.setFixedHeight(1)
    set_role(rule, "rule")
    return rule
