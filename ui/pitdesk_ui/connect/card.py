"""The card of one account: its form, the question when no keyring takes the key, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from pitdesk_ui.account_mark import MarkWord, mark_of
from pitdesk_ui.connect.facts import fact_rows, stored_sentence
from pitdesk_ui.connect.fields import SentenceLabel
from pitdesk_ui.connect.form import ConnectForm
from pitdesk_ui.theme import set_role
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk.desk.account_check import AccountFacts
    from pitdesk.profile import Profile
    from pitdesk.vault import VaultFault


class ConnectCard(QStackedWidget):
    """``opened`` carries the id of the profile that the person wants to trade on now."""

    store_again = Signal()
    remember_wanted = Signal()
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.form = ConnectForm()
        self._question = _StoreQuestion()
        self._facts = _FactsPage()
        for page in (_topped(self.form), _topped(self._question), self._facts):
            self.addWidget(page)
        self._question.again.clicked.connect(self.store_again)
        self._question.remember.clicked.connect(self.remember_wanted)
        self._facts.opened.connect(self.opened)

    def show_form(self) -> None:
        """The form, as it was left."""
        self.setCurrentIndex(0)

    def ask_storing(self, fault: VaultFault) -> None:
        """The key works, and the keyring did not take it: what now?"""
        self._question.ask(fault)
        self.setCurrentIndex(1)

    def show_facts(self, profile: Profile, facts: AccountFacts, keyring: str, from_file: str) -> None:
        """What the exchange says of the key; ``keyring`` is empty where it is remembered for now only."""
        self._facts.show_facts(profile, facts, keyring, from_file)
        self.setCurrentIndex(2)


class _StoreQuestion(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._why = SentenceLabel("", "connect.store.why")
        self.again = QPushButton("Try again")
        self.remember = QPushButton("Remember for this session only")
        self.again.setObjectName("connect.store.again")
        self.remember.setObjectName("connect.store.remember")
        set_role(self.again, "primary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(plain_label("The key works, but it was not stored", "title"))
        layout.addWidget(self._why)
        told = SentenceLabel("muted")
        told.say(
            "Pitdesk never writes a key into a file of its own. Remembered for this session, it is in memory "
            "until Pitdesk is closed; at the next start you import it again."
        )
        layout.addWidget(told)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addWidget(self.remember)
        buttons.addStretch(1)
        layout.addLayout(buttons)

    def ask(self, fault: VaultFault) -> None:
        self._why.say(fault.sentence)
        self.remember.setVisible(fault.offers_session)
        self.again.setFocus()


class _FactsPage(QWidget):
    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._profile_id = ""
        self._mark = MarkWord()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self._advice = SentenceLabel("warning_text", "connect.advice")
        self._stored = SentenceLabel("muted", "connect.stored")
        self._go = QPushButton()
        self._go.setObjectName("connect.open")
        self._go.setMinimumHeight(38)
        set_role(self._go, "primary")
        self._go.clicked.connect(lambda: self.opened.emit(self._profile_id))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        head = QHBoxLayout()
        title = plain_label("Connected", "title")
        title.setObjectName("connect.connected")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._mark)
        layout.addLayout(head)
        layout.addLayout(self._rows)
        layout.addWidget(self._advice)
        layout.addWidget(self._stored)
        layout.addWidget(self._go)
        layout.addStretch(1)

    def show_facts(self, profile: Profile, facts: AccountFacts, keyring: str, from_file: str) -> None:
        self._profile_id = profile.profile_id
        self._mark.show_mark(mark_of(profile))
        for caption, value, role in fact_rows(facts, profile.key_kind):
            row = QHBoxLayout()
            name = plain_label(caption, "caption")
            name.setFixedWidth(150)
            row.addWidget(name)
            row.addWidget(plain_label(value, role), 1)
            self._rows.addLayout(row)
        self._advice.say("\n".join(facts.advice))
        self._stored.say(stored_sentence(keyring, from_file))
        self._go.setText(f"Open {profile.name}")
        self._go.setFocus()


def _topped(content: QWidget) -> QWidget:
    """``content`` at the upper edge of a page."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(content)
    layout.addStretch(1)
    return page
