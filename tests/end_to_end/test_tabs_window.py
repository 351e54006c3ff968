"""The bottom tabs of the whole program on the practice exchange: columns, groups, files, room."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton, QSplitter, QTabWidget, QWidget

from pitdesk.desk import portfolio
from pitdesk_ui.batch.grid import SheetView
from pitdesk_ui.widgets.data_table import DataTable
from tests.failing_exchange_ground import Stage, stage_in
from tests.window_ground import PATIENCE_S
from tools.tour.hand import Hand

RunAsync = Callable[..., Any]


def titles(hand: Hand, table: str) -> list[str]:
    """The columns in sight, from the left."""
    found = hand.find(table, DataTable)
    return [found.rows.columns[number].title for number in found.choice.in_sight()]


async def choose_in_view(stage: Stage, name: str) -> None:
    """An entry of the View menu, by its button."""
    hand = stage.hand
    button = hand.find("tabs.view", QPushButton)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_F8)
    menu = await hand.see("the menu", lambda: stage.application.window.findChild(QMenu, "tabs.view.menu"))
    await hand.see("its entries", lambda: menu.isVisible() and menu.actions())
    action = next(action for action in menu.actions() if action.objectName() == name)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_columns_and_groups_are_as_they_were_left(tmp_path: Path, run_async: RunAsync) -> None:
    async def first() -> None:
        async with stage_in(tmp_path) as stage:
            assert "Age" in titles(stage.hand, "working.table")
            await choose_in_view(stage, "columns.age")
            await choose_in_view(stage, "columns.order_id")
            await choose_in_view(stage, "view.group")
            header = stage.hand.find("working.table", DataTable).horizontalHeader()
            header.moveSection(header.visualIndex(2), 0)
            header.resizeSection(0, 333)
            stage.hand.show_tab("Batch")
            sheet = stage.hand.find("batch.table", SheetView)
            sheet.horizontalHeader().resizeSection(0, 222)
            await choose_in_view(stage, "columns.reduce_only")
            settings = stage.application.settings
            await stage.hand.see("it is kept", lambda: settings.table("batch.table").widths)
            await stage.hand.see("it is kept", lambda: settings.table("working.table").widths)

    async def second() -> None:
        async with stage_in(tmp_path) as stage:
            shown = titles(stage.hand, "working.table")
            table = stage.hand.find("working.table", DataTable)
            assert shown[:2] == ["Price", "Market"]
            assert "Age" not in shown
            assert "Order ID" in shown
            assert table.horizontalHeader().sectionSize(0) == 333
            assert table.rows.is_grouped
            stage.hand.show_tab("Batch")
            sheet = stage.hand.find("batch.table", SheetView)
            assert sheet.horizontalHeader().sectionSize(0) == 222
            shown_in_batch = [sheet.choice.columns[number].title for number in sheet.choice.in_sight()]
            assert "Reduce only" in shown_in_batch

    run_async(first(), timeout=240)
    run_async(second(), timeout=240)


def test_a_heading_names_the_event_and_adds_its_orders_up(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            stage.hand.click("ticket.verb.buy_yes")
            await stage.rest((11, 4), (12, 3))
            table = stage.hand.find("working.table", DataTable)
            table.setFocus()
            QTest.keyClick(table, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
            heading = await stage.hand.see("the heading", lambda: table.rows.heading_at(0))
            view = stage.application.view
            assert view is not None
            event = view.session.finder.event_of(view.ticker)
            assert event is not None
            name = view.session.finder.event_label(event)
            assert heading == f"{name}\n2 orders  ·  $0.80 committed  ·  worst case −$0.80"

    run_async(scene(), timeout=240)


def test_the_tabs_take_the_room_of_the_market_and_give_it_back(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            window, hand = stage.application.window, stage.hand
            window.resize(1180, 720)
            tabs = hand.find("window.tabs", QTabWidget)
            before = tabs.height()
            await choose_larger(stage, tabs)
            assert tabs.height() > 2 * before
            assert not _seen(stage, "ticket.send")
            sheet = hand.find("window.tabs", QTabWidget)
            QTest.keyClick(sheet, Qt.Key.Key_Escape)
            await hand.see("the ticket", lambda: _seen(stage, "ticket.send"))
            await hand.see("the room is as before", lambda: tabs.height() == before)
            QTest.keyClick(tabs, Qt.Key.Key_F9)
            await hand.see("larger", lambda: not _seen(stage, "ticket.send"))
            QTest.keyClick(tabs, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
            await hand.see("the ticket again", lambda: _seen(stage, "ticket.send"))

    run_async(scene(), timeout=240)


async def choose_larger(stage: Stage, tabs: QTabWidget) -> None:
    bar = tabs.tabBar()
    spot = bar.tabRect(0).center()
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=spot)
    await stage.hand.see("larger", lambda: stage.application.window.are_tabs_enlarged)
    await stage.hand.see("all its room", lambda: tabs.height() > 500)


def _seen(stage: Stage, name: str) -> bool:
    found = stage.application.window.findChild(QWidget, name)
    return found is not None and found.isVisible()


def test_an_order_that_is_out_of_sight_is_not_sent(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            hand = stage.hand
            hand.click("ticket.verb.buy_yes")
            hand.type_into("ticket.contracts", "7")
            hand.type_into("ticket.price", "4")
            await hand.see("the button", hand.find("ticket.send", QPushButton).isEnabled)
            hand.click("tabs.larger")
            table = hand.find("working.table", DataTable)
            table.setFocus()
            QTest.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            await hand.see("the ticket again", lambda: _seen(stage, "ticket.send"))
            assert await stage.accepted() == []
            QTest.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            await hand.see("the order", lambda: hand.rows("working.table"), PATIENCE_S)

    run_async(scene(), timeout=240)


def rests(hand: Hand) -> list[dict[str, str]]:
    return [row for row in hand.rows("working.table") if row["Status"] == "Resting"]


async def write_csv(stage: Stage, path: Path) -> list[dict[str, str]]:
    """Ctrl+E, the file's name, and what then is in it."""
    focus = QApplication.focusWidget() or stage.application.window
    QTest.keyClick(focus, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = await stage.hand.see(
        "where to write", lambda: stage.application.window.findChild(QFileDialog, "export.file")
    )
    dialog.selectFile(str(path))
    dialog.accept()
    await stage.hand.see("the file", lambda: path.exists() and path.stat().st_size)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_what_works_is_written_to_a_file(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            stage.hand.click("ticket.verb.buy_no")
            hand = stage.hand
            hand.type_into("ticket.contracts", "120")
            hand.type_into("ticket.price", "2")
            await hand.see("the button", hand.find("ticket.send", QPushButton).isEnabled)
            hand.click("ticket.send")
            await hand.see("it rests", lambda: rests(hand), PATIENCE_S)
            rows = await write_csv(stage, tmp_path / "working.csv")
            (order,) = await stage.resting()
            assert len(rows) == 1
            told = rows[0]
            assert told["Side"] == "Buy No"
            assert (told["Price (cents)"], told["Yes price (cents)"]) == ("2", "98")
            assert (told["Contracts"], told["Committed ($)"]) == ("120", "2.40")
            assert told["Order ID"] == order["order_id"]
            assert told["Ticker"] == order["ticker"]
            assert "T" in told["Placed"]

    run_async(scene(), timeout=240)


def test_the_history_has_what_ended_and_why(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            hand = stage.hand
            hand.click("ticket.verb.buy_yes")
            await stage.rest((11, 4))
            hand.click("top.cancel_all")
            await hand.see("no rows", lambda: not hand.rows("working.table"), PATIENCE_S)
            hand.type_into("ticket.contracts", "12")
            hand.click("ticket.take")
            send = hand.find("ticket.send", QPushButton)
            await hand.see("the button", lambda: send.isEnabled() and "12" in send.text())
            hand.click("ticket.send")
            hand.show_tab("History")
            rows = await hand.see(
                "both",
                lambda: len(hand.rows("history.table")) == 2 and hand.rows("history.table"),
                PATIENCE_S,
            )
            told = [(row["Contracts"], row["Status"]) for row in rows]
            assert told == [("12", "Filled"), ("11", "Canceled")]
            assert [row["Source"] for row in rows] == ["Ticket", "Ticket"]
            written = await write_csv(stage, tmp_path / "history.csv")
            assert [row["Status"] for row in written] == ["Filled", "Canceled"]
            assert {row["Order ID"] for row in written} == {
                order["order_id"] for order in await stage.accepted()
            }

    run_async(scene(), timeout=240)


def test_a_position_is_closed_through_the_ticket(tmp_path: Path, run_async: RunAsync) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            hand = stage.hand
            await _take(hand, "buy_yes", "12 Yes")
            await hand.see("the position", lambda: hand.rows("positions.table"), PATIENCE_S)
            hand.click("tabs.larger")
            hand.choose_row("positions.table", lambda _row: True)
            hand.click("positions.reverse")
            await hand.see("the ticket", lambda: "Sell 24 Yes at" in hand.text("ticket.send"), PATIENCE_S)
            hand.click("positions.close")
            await hand.see("the ticket", lambda: "Sell 12 Yes at" in hand.text("ticket.send"), PATIENCE_S)
            assert len(await stage.accepted()) == 1, "nothing is sent before the button is pressed"
            await hand.see("the button", hand.find("ticket.send", QPushButton).isEnabled)
            hand.click("ticket.send")
            await hand.see("no position", lambda: not hand.rows("positions.table"), PATIENCE_S)

    run_async(scene(), timeout=240)


def test_a_position_that_was_settled_leaves_the_number_of_its_tab_too(
    tmp_path: Path, run_async: RunAsync, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No order and no fill tells of it: the positions alone change."""
    monkeypatch.setattr(portfolio, "READ_LAG_S", 0.0)  # the fill is no reason here to doubt the next reading

    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            hand, view = stage.hand, stage.application.view
            assert view is not None
            await _take(hand, "buy_yes", "12 Yes")
            tabs = stage.application.window.findChild(QTabWidget)
            assert tabs is not None
            await hand.see("the number", lambda: _titled(tabs, "Positions   1"), PATIENCE_S)
            ticker = next(iter(view.session.portfolio.positions))
            for step in ("close", "determine", "settle"):
                told = {} if step == "close" else {"result": "yes"}
                await stage.control("POST", "/markets", {"step": step, "market": ticker, **told})
            await hand.see("no number", lambda: _titled(tabs, "Positions"), PATIENCE_S)
            assert not hand.rows("positions.table")

    run_async(scene(), timeout=90)


async def _take(hand: Hand, verb: str, asked: str) -> None:
    """Trade at once from the ticket, and look at Positions; ``asked`` is told by the button, like "9 No"."""
    hand.click(f"ticket.verb.{verb}")
    hand.type_into("ticket.contracts", asked.split(maxsplit=1)[0])
    hand.click("ticket.take")
    send = hand.find("ticket.send", QPushButton)
    await hand.see("the button", lambda: send.isEnabled() and asked in send.text())
    hand.click("ticket.send")
    hand.show_tab("Positions")


def _titled(tabs: QTabWidget, text: str) -> bool:
    return any(tabs.tabText(place) == text for place in range(tabs.count()))


def test_another_markets_position_is_closed_at_its_own_fresh_price(
    tmp_path: Path, run_async: RunAsync
) -> None:
    async def scene() -> None:
        async with stage_in(tmp_path) as stage:
            hand, view = stage.hand, stage.application.view
            assert view is not None
            await _take(hand, "buy_no", "9 No")
            await hand.see("the position", lambda: hand.rows("positions.table"), PATIENCE_S)
            held = view.ticker
            other = next(
                market.ticker
                for event in view.session.finder.events()
                for market in event.markets
                if market.ticker != held and market.exchange_index == 0
            )
            view.show_market(other)
            hand.choose_row("positions.table", lambda _row: True)
            hand.click("positions.close")
            assert view.ticker == held
            told = await hand.see(
                "its price", lambda: "Sell 9 No at" in hand.text("ticket.send") and hand.text("ticket.send")
            )
            book = view.session.market_data.book(held)
            assert book.fresh
            assert book.book is not None
            assert book.book.best_ask is not None
            assert f"at {book.book.best_ask.price.complement()}" in told

    run_async(scene(), timeout=240)


def drag(widget: QWidget, to: QPoint) -> None:
    """Move the mouse over a widget, its left button held."""
    held, nothing = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place, on_screen = QPointF(to), QPointF(widget.mapToGlobal(to))
    event = QMouseEvent(QEvent.Type.MouseMove, place, on_screen, Qt.MouseButton.NoButton, held, nothing)
    QApplication.sendEvent(widget, event)


def test_the_border_over_the_tabs_is_where_it_was_left(tmp_path: Path, run_async: RunAsync) -> None:
    async def first() -> int:
        async with stage_in(tmp_path) as stage:
            window, rows = stage.application.window, stage.hand.find("window.rows", QSplitter)
            window.resize(1180, 720)
            await stage.hand.see("its size", lambda: rows.height() < 700)
            before = rows.sizes()[1]
            handle = rows.handle(1)
            start = handle.rect().center()
            QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
            drag(handle, start - QPoint(0, 90))
            QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 90))
            dragged: int = await stage.hand.see(
                "more rows", lambda: rows.sizes()[1] > before + 60 and rows.sizes()[1]
            )
            window.enlarge_tabs(True)
            return dragged

    async def second(dragged: int) -> None:
        async with stage_in(tmp_path) as stage:
            rows = stage.hand.find("window.rows", QSplitter)
            assert not stage.application.window.are_tabs_enlarged
            await stage.hand.see("the border", lambda: abs(rows.sizes()[1] - dragged) <= 2)

    dragged = run_async(first(), timeout=240)
    run_async(second(dragged), timeout=240)
