"""A ladder over plain desk objects, armed with a size of ten, and what it is driven with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter import Blotter
from pitdesk.desk.gate import Gate
from pitdesk.desk.order_tools import no_issues
from pitdesk.notices import Notice
from pitdesk.orders import BookSide
from pitdesk.quantities import Count
from pitdesk_ui.ladder.panel import LadderPanel
from pitdesk_ui.ladder.presenter import LadderPresenter
from pitdesk_ui.ladder.trader import LadderTrader
from pitdesk_ui.ticket.panel import TicketPanel
from tests.ui.desk_ground import (
    OTHER,
    TICKER,
    PlainDesk,
    PlainFinder,
    PlainMarketData,
    PlainPortfolio,
    StillClock,
    order,
    owner,
)
from tools.tour.ladder_hand import LadderHand

SIZES = tuple(Count.of(size) for size in (1, 10, 25, 50, 1_000))


class LadderGround:
    """The book is 41¢ for 1,240 bid and 43¢ for 90 asked."""

    def __init__(self, qtbot: QtBot) -> None:
        self.data, self.portfolio, self.desk = PlainMarketData(), PlainPortfolio(), PlainDesk()
        self.gate, self.blotter, self.owner = Gate(), Blotter(), owner()
        self.gate.open()
        self.notices: list[Notice] = []
        self.panel, self.ticket = LadderPanel(), TicketPanel()
        shared: dict[str, Any] = {
            "panel": self.panel,
            "market_data": self.data,
            "finder": PlainFinder(),
            "blotter": self.blotter,
            "portfolio": self.portfolio,
        }
        self.presenter = LadderPresenter(**shared)
        self.trader = LadderTrader(
            **shared,
            order_desk=self.desk,
            gate=self.gate,
            owner=self.owner,
            terms=self.ticket.entry,
            say=self.notices.append,
            limits=no_issues,
            clock=StillClock(),
        )
        for widget in (self.panel, self.ticket):
            qtbot.addWidget(widget)
        self.panel.resize(360, 700)
        self.panel.show()
        self.panel.tools.show_sizes(SIZES)
        self.show_market(TICKER)
        self.hand = LadderHand(self.panel.grid)
        self.panel.show_armed(armed=True)
        self.choose(2)

    def show_market(self, ticker: str) -> None:
        self.presenter.show_market(ticker)
        self.trader.show_market()

    def leave_market(self) -> None:
        self.data.views[OTHER] = self.data.views[TICKER]
        self.show_market(OTHER)

    def choose(self, number: int) -> None:
        """Click a size over the ladder."""
        button = self.panel.findChild(QPushButton, f"ladder.size_{number}")
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def own(self, order_id: str, price: int, count: int = 100, side: BookSide = BookSide.BID) -> None:
        """An order of the person's rests."""
        self.blotter.apply_order(order(order_id, price, count, book_side=side))
        self.blotter.flush()

    def queue(self, order_id: str, ahead: int) -> None:
        self.blotter.apply_queue({order_id: Count.of(ahead)})
        self.blotter.flush()

    @property
    def line(self) -> str:
        return self._text("ladder.line")

    @property
    def more(self) -> str:
        return self._text("ladder.more")

    @property
    def question(self) -> str:
        """What is asked, empty while nothing is."""
        asked = self.panel.question
        return self._text("ladder.confirm.text") if asked.isVisible() else ""

    def answer(self, button: str) -> None:
        found = self.panel.findChild(QPushButton, f"ladder.confirm.{button}")
        assert found is not None
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    @property
    def sent(self) -> list[str]:
        """The orders that the desk was asked for, as sentences."""
        return [draft.sentence() for draft, *_ in self.desk.sent]

    def close(self) -> None:
        self.trader.close()
        self.presenter.close()

    def _text(self, name: str) -> str:
        label = self.panel.findChild(QLabel, name)
        assert label is not None
        return getattr(label, "whole", None) or label.text()


async def settle() -> None:
    """Let the tasks that can run, run."""
    for _ in range(8):
        await asyncio.sleep(0)


async def seen(look: Callable[[], object]) -> None:
    """Wait until ``look`` finds it."""
    for _ in range(5_000):
        if look():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("It was not seen within five seconds.")
