"""The Batch tab over a real sheet and real verdicts; the sender does as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.draft import BatchDraft
from pitdesk.desk.batch.facts import BatchFacts
from pitdesk.desk.batch.judge import BatchJudge
from pitdesk.desk.batch.results import BatchEnd, BatchOutcome, BatchProgress, RowEnd, RowResult, SentOrder
from pitdesk.desk.batch.rows import Field
from pitdesk.desk.batch.verdicts import BLANK_VERDICT, Remark, RowVerdict
from pitdesk.desk.blotter import Blotter
from pitdesk.desk.results import CancelResult
from pitdesk.events import Listeners
from pitdesk.kalshi.batch_calls import WriteBudget
from pitdesk.markets import Event, Market
from pitdesk.quantities import Dollars
from pitdesk_ui.batch.columns import Column, place_of
from pitdesk_ui.batch.panel import BatchPanel
from pitdesk_ui.batch.presenter import BatchPresenter
from tests.ui.desk_ground import (
    OTHER,
    TENTHS,
    TICKER,
    PlainFinder,
    PlainMarketData,
    PlainPortfolio,
    StillClock,
    cents,
    market,
    owner,
)
from tests.unit.desk.risk_ground import risk_book

FINE = "KXFEDDECISION-26DEC-C50"
"""A market on a grid of tenths of a cent."""
NAMES = {
    TICKER: "Fed decision · Cut 25 bp",
    OTHER: "NYC high temp · 50° to 51°",
    FINE: "Fed decision · Cut 50 bp",
}


class BatchFinder(PlainFinder):
    """Three markets, found by any of their words."""

    def __init__(self) -> None:
        self.changed: Listeners[None] = Listeners()
        self.markets = {ticker: _listed(ticker) for ticker in NAMES}

    def market(self, ticker: str) -> Market | None:
        return self.markets.get(ticker)

    def label(self, ticker: str) -> str:
        return NAMES.get(ticker, ticker)

    def search(self, text: str) -> tuple[Event, ...]:
        words = text.casefold().split()
        found = [
            held
            for ticker, held in self.markets.items()
            if all(word in f"{ticker} {NAMES[ticker]}".casefold() for word in words)
        ]
        return tuple(
            Event(held.event_ticker, "KX", NAMES[held.ticker], "", "Economics", False, (held,))
            for held in found
        )

    def named(self, text: str) -> str | None:
        return next((ticker for ticker, name in NAMES.items() if name.casefold() == text.casefold()), None)


class Purse(PlainPortfolio):
    """All cash lies on one shard."""

    def cash_on(self, shard: int) -> Dollars | None:
        return self.cash


class PlainSender:
    """Notes what is sent; ``ends`` says what becomes of each row, ``hold`` keeps the answer back."""

    def __init__(self) -> None:
        self.progressed: Listeners[BatchProgress] = Listeners()
        self.results_changed: Listeners[frozenset[int]] = Listeners()
        self.pressed: list[tuple[tuple[int, ...] | None, bool]] = []
        self.canceled: list[int | None] = []
        self.results: dict[int, RowResult] = {}
        self.orders: dict[int, SentOrder] = {}
        self.verdict: Callable[[int], RowVerdict] = lambda _: BLANK_VERDICT
        self.questions: tuple[Remark, ...] = ()
        self.progress: BatchProgress | None = None
        self.is_sending = False
        self.stopped = False
        self.last_batch: int | None = None
        self.hold: asyncio.Event | None = None
        self.outcome = BatchOutcome(BatchEnd.SENT, "Batch 1: 1 placed.", 1)

    def result(self, row_id: int) -> RowResult | None:
        return self.results.get(row_id)

    def is_done(self, row_id: int) -> bool:
        held = self.results.get(row_id)
        return held is not None and not held.end.may_be_sent_again

    def sent(self, row_id: int) -> SentOrder | None:
        return self.orders.get(row_id) if self.is_done(row_id) else None

    def sendable_again(self) -> tuple[int, ...]:
        return tuple(row_id for row_id, held in self.results.items() if held.end.may_be_sent_again)

    async def send(self, row_ids: Sequence[int] | None = None, *, confirmed: bool = False) -> BatchOutcome:
        self.pressed.append((None if row_ids is None else tuple(row_ids), confirmed))
        if self.questions and not confirmed:
            return BatchOutcome(BatchEnd.DENIED, "Asked.", questions=self.questions)
        self.is_sending = True
        if self.hold is not None:
            await self.hold.wait()
        self.is_sending = False
        return self.outcome

    def stop(self) -> None:
        self.stopped = True

    async def cancel(self, batch: int | None = None) -> CancelResult:
        self.canceled.append(batch)
        return CancelResult("Canceled 1 order of batch 1.", ("a",))

    def tell(self, results: dict[int, tuple[RowEnd, str]], batch: int = 1) -> None:
        """These rows ended so."""
        self.last_batch = batch
        for row_id, (end, text) in results.items():
            verdict = self.verdict(row_id)
            if verdict.draft is not None:
                self.orders[row_id] = SentOrder(verdict.draft, verdict.all_in)
            self.results[row_id] = RowResult(end, text, f"key {row_id}", batch)
        self.results_changed.emit(frozenset(results))

    def go(self, done: int, total: int, *, finished: bool = False) -> None:
        """So far it is."""
        self.progress = BatchProgress(1, done, total, finished=finished)
        self.progressed.emit(self.progress)


class PlainRoom:
    """The batch of a session."""

    def __init__(self) -> None:
        self.draft = BatchDraft()
        self.sender = PlainSender()
        self.finder, self.data, self.purse = BatchFinder(), PlainMarketData(), Purse()
        self.data.markets = dict(self.finder.markets)
        blotter = Blotter()
        facts = BatchFacts(
            markets=self.data,
            account=self.purse,
            fees=self.finder,
            blotter=blotter,
            risk=risk_book(blotter),
            clock=StillClock(),
            budget=lambda: WriteBudget(100, 100, 10, 2, 20),
            named=self.finder.named,
        )
        self.judge = BatchJudge(self.draft, facts, self.sender.sent)
        self.sender.verdict = self.judge.verdict
        self.saved = None


class BatchGround:
    """The tab in sight, and a hand that types into it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.room, self.owner = qtbot, PlainRoom(), owner()
        self.counts: list[int] = []
        self.panel = BatchPanel()
        qtbot.addWidget(self.panel)
        self.panel.resize(1570, 420)
        self.presenter = BatchPresenter(
            panel=self.panel,
            room=self.room,  # type: ignore[arg-type]
            finder=self.room.finder,  # type: ignore[arg-type]
            owner=self.owner,
            show_count=self.counts.append,
        )
        self.panel.show()
        self.table, self.model = self.panel.table, self.panel.model

    def at(self, place: int, column: Column) -> None:
        """Click a cell."""
        index = self.model.index(place, place_of(column))
        self.table.scrollTo(index)
        spot = self.table.visualRect(index).center()
        QTest.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    def drag(self, first: tuple[int, Column], last: tuple[int, Column]) -> None:
        """Click one corner of a block, and the other with Shift."""
        self.at(*first)
        spot: QPoint = self.table.visualRect(self.model.index(last[0], place_of(last[1]))).center()
        QTest.mouseClick(
            self.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, spot
        )

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is: in the open editor, else in the sheet."""
        QTest.keyClick(self.editor() or self.table, key, modifiers)

    def ctrl(self, key: Qt.Key) -> None:
        self.key(key, Qt.KeyboardModifier.ControlModifier)

    def type(self, text: str) -> None:
        """Type as a person does: the first letter opens the cell."""
        for letter in text:
            QTest.keyClicks(self.editor() or self.table, letter)

    def editor(self) -> QLineEdit | None:
        found = self.table.viewport().findChildren(QLineEdit)
        return next((one for one in found if one.isVisible()), None)

    def enter(self, place: int, column: Column, text: str) -> None:
        """Type over a cell and press Enter."""
        self.at(place, column)
        self.type(text)
        self.key(Qt.Key.Key_Return)

    def copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)

    def shown(self, place: int, column: Column) -> str:
        return self.model.text(place, column)

    def typed(self, field: Field) -> list[str]:
        return [row.text(field) for row in self.room.draft.rows]

    def standing(self) -> tuple[int, Column]:
        return self.table.current_place(), self.table.current_column()

    def button(self, name: str) -> QPushButton:
        found = self.panel.findChild(QPushButton, name)
        assert found is not None, name
        return found

    def text(self, name: str) -> str:
        found = self.panel.findChild(QWidget, name)
        assert found is not None, name
        return str(found.property("text"))


def _listed(ticker: str) -> Market:
    made = market(ticker)
    return replace(made, price_ranges=TENTHS) if ticker == FINE else made


__all__ = ["FINE", "NAMES", "OTHER", "TICKER", "BatchGround", "cents"]
