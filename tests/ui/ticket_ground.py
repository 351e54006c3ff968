"""A ticket over plain desk objects, driven by its widgets' names."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter import Blotter
from pitdesk.desk.gate import Gate
from pitdesk.limits import Issue
from pitdesk.orders import OrderDraft, Verb
from pitdesk.tasks import TaskOwner
from pitdesk_ui.ticket.panel import TicketPanel
from pitdesk_ui.ticket.presenter import TicketPresenter
from tests.ui.desk_ground import (
    TICKER,
    PlainDesk,
    PlainFinder,
    PlainMarketData,
    PlainPortfolio,
    StillClock,
    owner,
)


class TicketGround:
    """A ticket over plain desk objects, with a market chosen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.data, self.portfolio, self.desk = PlainMarketData(), PlainPortfolio(), PlainDesk()
        self.gate, self.blotter, self.clock = Gate(), Blotter(), StillClock()
        self.gate.open()
        self.owner: TaskOwner = owner()
        self.issues: tuple[Issue, ...] = ()
        self.panel = TicketPanel()
        qtbot.addWidget(self.panel)
        self.presenter = TicketPresenter(
            panel=self.panel,
            order_desk=self.desk,
            market_data=self.data,  # type: ignore[arg-type]
            portfolio=self.portfolio,  # type: ignore[arg-type]
            finder=PlainFinder(),  # type: ignore[arg-type]
            blotter=self.blotter,
            gate=self.gate,
            owner=self.owner,
            limits=lambda _draft: self.issues,
            clock=self.clock,
        )
        self.draft: OrderDraft | None = None
        self.presenter.draft_changed.connect(self._told)
        self.panel.resize(334, 700)
        self.panel.show()
        self.presenter.show_market(TICKER)

    def _told(self, draft: OrderDraft | None, _cost: object) -> None:
        self.draft = draft

    def choose(self, verb: Verb) -> None:
        """Press the verb's button."""
        self.panel.choose_verb(verb)

    def find(self, name: str) -> QWidget:
        found = self.panel.findChild(QWidget, name)
        assert found is not None, name
        return found

    def button(self, name: str) -> QPushButton:
        found = self.find(name)
        assert isinstance(found, QPushButton)
        return found

    def edit(self, name: str) -> QLineEdit:
        found = self.find(name)
        assert isinstance(found, QLineEdit)
        return found

    def text(self, name: str) -> str:
        found = self.find(name)
        assert isinstance(found, QLabel)
        return found.text() if found.isVisibleTo(self.panel) else ""

    def fill(self, contracts: str, price: str) -> None:
        self.edit("ticket.contracts").setText(contracts)
        self.edit("ticket.price").setText(price)

    @property
    def sends(self) -> str:
        return self.button("ticket.send").text()
