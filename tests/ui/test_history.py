"""The History tab as a person uses it: read when looked at, on when scrolled, filtered, told of trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from pitdesk.desk.blotter import Blotter
from pitdesk.desk.order_history import OrderHistory
from pitdesk.journal import JournaledIntent
from pitdesk.kalshi.history_calls import EndedList
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent
from pitdesk.orders import Order, OrderStatus
from pitdesk.quantities import COUNT_ZERO, Count
from pitdesk_ui.history.panel import HistoryPanel
from pitdesk_ui.history.presenter import HistoryPresenter
from tests.ui.desk_ground import NOW_MS, OTHER, PlainFinder, order, owner

PAGE = 50


class PagedExchange:
    """Canceled orders in pages of fifty; ``hold`` keeps an answer back, ``fail`` is one."""

    def __init__(self, count: int) -> None:
        self.orders = [over(number) for number in range(count)]
        self.calls = 0
        self.fail: CallOutcome[Any] | None = None
        self.hold: asyncio.Event | None = None

    async def ended_orders(self, which: EndedList, cursor: str = "") -> CallOutcome[Any]:
        self.calls += 1
        if self.hold is not None:
            await self.hold.wait()
        if self.fail is not None:
            return self.fail
        if which is not EndedList.CANCELED:
            return Accepted(((), ""))
        start = int(cursor or 0)
        more = str(start + PAGE) if start + PAGE < len(self.orders) else ""
        return Accepted((tuple(self.orders[start : start + PAGE]), more))


class EmptyJournal:
    """Knows no intents."""

    async def intents_of(self, _ids: object) -> dict[str, JournaledIntent]:
        return {}

    async def intents_never_placed(
        self, _environment: str, _limit: int, _before: int | None = None
    ) -> tuple[tuple[JournaledIntent, ...], int | None]:
        return (), None


def over(number: int, **changes: Any) -> Order:
    """The ``number``-th newest."""
    made = order(
        f"o{number}",
        40,
        100 + number,
        status=OrderStatus.CANCELED,
        remaining_count=COUNT_ZERO,
        created_ms=NOW_MS - number * 1_000,
    )
    return replace(made, **changes)


class Ground:
    """The tab over a history of 130 canceled orders, not shown yet."""

    def __init__(self, qtbot: QtBot) -> None:
        self.exchange, self.blotter, self.owner = PagedExchange(130), Blotter(), owner()
        self.history = OrderHistory(self.exchange, EmptyJournal(), self.blotter, "Practice", portion=PAGE)
        self.panel = HistoryPanel()
        qtbot.addWidget(self.panel)
        self.panel.resize(1200, 300)
        self.presenter = HistoryPresenter(
            panel=self.panel,
            history=self.history,
            finder=PlainFinder(),  # type: ignore[arg-type]
            owner=self.owner,
        )

    @property
    def rows(self) -> list[str]:
        return self.panel.model.shown_keys()

    def label(self, name: str) -> str:
        found = self.panel.findChild(QLabel, name)
        assert found is not None
        return found.text()

    def button(self) -> QPushButton:
        found = self.panel.findChild(QPushButton, "history.more")
        assert found is not None
        return found

    def to_the_end(self) -> None:
        bar = self.panel.table.verticalScrollBar()
        bar.setValue(bar.maximum())


@pytest.fixture
def ground(qtbot: QtBot) -> Iterator[Ground]:
    made = Ground(qtbot)
    yield made
    made.presenter.close()
    made.history.close()


async def until(look: Any) -> None:
    async with asyncio.timeout(60):
        while not look():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_nothing_is_asked_until_the_tab_is_looked_at(ground: Ground, run_async: Any) -> None:
    async def scene() -> None:
        await asyncio.sleep(0)
        assert ground.exchange.calls == 0
        ground.panel.show()
        await until(lambda: ground.rows)
        assert ground.rows[:2] == ["o0", "o1"]
        await ground.owner.close(60.0)

    run_async(scene())


def test_scrolling_to_the_end_reads_further_back_until_all_is_there(ground: Ground, run_async: Any) -> None:
    async def scene() -> None:
        ground.panel.show()
        await until(lambda: len(ground.rows) == 50)
        assert ground.label("history.read").startswith("50 orders, back to")
        calls = ground.exchange.calls
        ground.to_the_end()
        await until(lambda: len(ground.rows) == 100)
        assert ground.exchange.calls == calls + 1
        ground.to_the_end()
        await until(lambda: ground.label("history.read") == "130 orders, all there are")
        assert ground.rows == [f"o{number}" for number in range(130)]
        assert not ground.button().isVisible()
        await ground.owner.close(60.0)

    run_async(scene())


def test_the_filter_looks_in_what_was_read_and_does_not_read_on_by_itself(
    ground: Ground, run_async: Any, qtbot: QtBot
) -> None:
    async def scene() -> None:
        ground.panel.show()
        await until(lambda: len(ground.rows) == 50)
        field = ground.panel.findChild(QLineEdit, "history.filter")
        assert field is not None
        calls = ground.exchange.calls
        qtbot.keyClicks(field, "no such order")
        await asyncio.sleep(0.02)
        assert (ground.rows, ground.exchange.calls) == ([], calls)
        field.clear()
        qtbot.keyClicks(field, "fed canceled")
        assert len(ground.rows) == 50
        qtbot.mouseClick(ground.button(), Qt.MouseButton.LeftButton)
        await until(lambda: len(ground.rows) == 100)
        await ground.owner.close(60.0)

    run_async(scene())


def test_while_it_reads_and_where_there_is_nothing_the_tab_says_so(ground: Ground, run_async: Any) -> None:
    async def scene() -> None:
        ground.exchange.hold, ground.exchange.orders = asyncio.Event(), []
        ground.panel.show()
        await until(lambda: ground.exchange.calls)
        assert ground.panel.table.empty_text.startswith("Reading")
        assert not ground.button().isEnabled()
        ground.exchange.hold.set()
        await until(lambda: "No order" in ground.panel.table.empty_text)
        await ground.owner.close(60.0)

    run_async(scene())


def test_a_failure_is_told_and_tried_again(ground: Ground, run_async: Any, qtbot: QtBot) -> None:
    async def scene() -> None:
        ground.exchange.fail = NotSent("The exchange cannot be reached.")
        ground.panel.show()
        await until(lambda: "cannot be reached" in ground.label("history.message"))
        assert "cannot be reached" in ground.panel.table.empty_text
        calls = ground.exchange.calls
        await asyncio.sleep(0.02)
        assert ground.exchange.calls == calls, "what failed is not tried again by itself"
        assert ground.button().text() == "Try again"
        ground.exchange.fail = None
        qtbot.mouseClick(ground.button(), Qt.MouseButton.LeftButton)
        await until(lambda: len(ground.rows) == 50)
        assert ground.label("history.message") == ""
        await ground.owner.close(60.0)

    run_async(scene())


def test_an_order_that_ends_now_stands_on_top(ground: Ground, run_async: Any) -> None:
    async def scene() -> None:
        ground.panel.show()
        await until(lambda: len(ground.rows) == 50)
        ground.blotter.apply_order(order("new", 40, 7, ticker=OTHER, created_ms=NOW_MS + 5_000))
        ground.blotter.flush()
        filled = order(
            "new",
            40,
            7,
            ticker=OTHER,
            status=OrderStatus.EXECUTED,
            fill_count=Count.of(7),
            remaining_count=COUNT_ZERO,
            created_ms=NOW_MS + 5_000,
            updated_ms=NOW_MS + 9_000,
        )
        ground.blotter.apply_order(filled)
        ground.blotter.flush()
        assert ground.rows[0] == "new"
        row = ground.panel.model.index(0, 6).data()
        assert row == "Filled"
        await ground.owner.close(60.0)

    run_async(scene())


@pytest.mark.parametrize(
    "word, told",
    [
        ("Trade", ""),
        ("CloseCancel", "The market closed"),
        ("SelfTradeCancel", "It met an order of your own"),
        ("NewWord", "NewWord"),
    ],
)
def test_the_reason_is_told_in_words(ground: Ground, run_async: Any, word: str, told: str) -> None:
    async def scene() -> None:
        ground.exchange.orders = [over(1, last_update_reason=word)]
        ground.panel.show()
        await until(lambda: ground.rows)
        titles = [column.title for column in ground.panel.model.columns]
        assert ground.panel.model.index(0, titles.index("Reason")).data() == told
        await ground.owner.close(60.0)

    run_async(scene())
