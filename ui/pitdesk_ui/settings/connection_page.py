"""The page of the network: the proxy, and what is known of the way to the exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from pitdesk.kalshi.environment import AddressError, proxy_of
from pitdesk_ui.connect.fields import LabeledField, SentenceLabel, line_edit
from pitdesk_ui.theme import set_role
from pitdesk_ui.ticket.controls import ProblemLabel
from pitdesk_ui.widgets.panel import plain_label

if TYPE_CHECKING:
    from pitdesk_ui.program import Program

_TOLD = (
    "All connections to Demo, Live and other addresses go through this proxy. Proxies set in the system or "
    "the environment are not used, so that nobody else can lead your requests elsewhere. The practice "
    "exchange and others on this computer need none."
)
_ADDRESSES = (
    "Accounts on Demo and Live sign in to Kalshi's own addresses and nowhere else. For another exchange add "
    "an account with Other… and its address: the host is shown before anything is signed for it."
)


class ConnectionPage(QFrame):
    """Keeps the proxy; the account in view is then signed in anew through it."""

    def __init__(self, program: Program) -> None:
        super().__init__()
        self._program = program
        self._proxy = line_edit("connection.proxy", "Proxy", "http://proxy.example:3128")
        self._proxy.setText(program.settings.proxy)
        self._problem = ProblemLabel("connection.problem.proxy")
        self._field = LabeledField("Proxy, empty for none", self._proxy, self._problem)
        self._keep = QPushButton("Use this proxy")
        self._keep.setObjectName("connection.keep")
        self._build()
        self._proxy.textChanged.connect(self._typed)
        self._proxy.returnPressed.connect(self._save)
        self._keep.clicked.connect(self._save)
        self._typed(self._proxy.text())

    def _build(self) -> None:
        set_role(self, "panel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        layout.addWidget(plain_label("Proxy", "section"))
        layout.addWidget(self._field)
        row = QHBoxLayout()
        row.addWidget(self._keep)
        row.addStretch(1)
        layout.addLayout(row)
        for text in (_TOLD, _ADDRESSES):
            sentence = SentenceLabel("muted")
            sentence.say(text)
            layout.addWidget(sentence)
        layout.addStretch(1)

    def _typed(self, text: str) -> None:
        self._problem.say("")
        self._field.show_invalid(invalid=False)
        changed = text.strip() != self._program.settings.proxy
        self._keep.setEnabled(changed)
        self._keep.setText("Use no proxy" if changed and not text.strip() else "Use this proxy")

    def _save(self) -> None:
        try:
            proxy = proxy_of(self._proxy.text())
        except AddressError as error:
            self._problem.say(str(error))
            self._field.show_invalid(invalid=True)
            return
        changed = proxy != self._program.settings.proxy
        self._program.settings.proxy = proxy
        self._proxy.setText(proxy)
        self._typed(proxy)
        if changed and self._program.host.mark.profile_id:
            self._program.reopen()
