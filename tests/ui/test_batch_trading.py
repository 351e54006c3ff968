"""What a trader met who worked with the sheet for a while: rows that come and go, and what is said of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.results import RowEnd
from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk_ui.batch.grid_keys import Ask
from tests.ui.batch_ground import TICKER, BatchGround

RunAsync = Callable[..., Any]


@pytest.fixture
def ground(qtbot: QtBot) -> BatchGround:
    ground = BatchGround(qtbot)
    ground.copy("".join(f"{TICKER}\tBuy Yes\t{price}\t5\n" for price in (31, 32, 33)))
    ground.at(0, Field.MARKET)
    ground.ctrl(Qt.Key.Key_V)
    assert ground.typed(Field.PRICE) == ["31", "32", "33"]
    return ground


def test_a_row_that_was_inserted_is_where_typing_goes_on(ground: BatchGround) -> None:
    ground.at(1, Field.PRICE)
    ground.ctrl(Qt.Key.Key_Plus)
    assert ground.standing() == (1, Field.PRICE)
    assert ground.typed(Field.PRICE) == ["31", "", "32", "33"]
    ground.type("9")
    ground.key(Qt.Key.Key_Return)
    assert ground.typed(Field.PRICE) == ["31", "9", "32", "33"]
    ground.at(1, Field.PRICE)
    ground.ctrl(Qt.Key.Key_Minus)
    assert ground.typed(Field.PRICE) == ["31", "32", "33"]


def test_blank_rows_are_not_told_of_and_those_changed_are(ground: BatchGround) -> None:
    ground.room.draft.append([texts_of({})])
    ground.room.draft.edit({(ground.room.draft.rows[0].row_id, Field.COUNT): "0.01"})
    ground.at(0, Field.PRICE)
    ground.panel.asked.emit(Ask.MULTIPLY)
    field = ground.panel.window().findChild(QLineEdit, "batch.multiply.number")
    assert field is not None
    QTest.keyClicks(field, "0.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert ground.typed(Field.COUNT) == ["0.01", "2.5", "2.5", ""]
    assert ground.text("batch.message") == (
        "Contracts of 2 rows multiplied. 1 row is as before: no exact number of contracts comes out."
    )
    ground.panel.asked.emit(Ask.REVERSE)
    assert ground.typed(Field.VERB) == ["Sell Yes"] * 3 + [""]
    assert ground.text("batch.message") == "Sides of 3 rows reversed."


def test_what_was_said_of_an_edit_goes_with_the_next(ground: BatchGround) -> None:
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.text("batch.message") == "Undone: paste."
    ground.enter(0, Field.PRICE, "7")
    assert ground.text("batch.message") == ""
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.text("batch.message") == "Undone: add row."


def test_undo_that_takes_sent_rows_out_says_where_their_orders_are(ground: BatchGround) -> None:
    ground.room.sender.tell({1: (RowEnd.PLACED, "Resting"), 2: (RowEnd.PLACED, "Resting")})
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.PRICE) == []
    assert "2 rows that were sent are out of the sheet" in ground.text("batch.message")
    ground.ctrl(Qt.Key.Key_Y)
    assert ground.shown(0, Field.PRICE) == "31¢"


def test_rows_on_their_way_stay_where_they_are(ground: BatchGround) -> None:
    ground.room.sender.tell({1: (RowEnd.WAITING, "Sending")})
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.PRICE) == ["31", "32", "33"]
    assert "on their way" in ground.text("batch.message")


def test_cancel_this_batch_takes_what_was_sent_of_the_sheet_in_every_sending(
    ground: BatchGround, run_async: RunAsync
) -> None:
    """Stopped midway and the rest sent later: it is one batch to the person."""

    async def scene() -> None:
        sender = ground.room.sender
        sender.tell({1: (RowEnd.PLACED, "Resting"), 2: (RowEnd.NOT_SENT, "Stopped.")})
        sender.tell({2: (RowEnd.PLACED, "5 filled, rest resting"), 3: (RowEnd.PLACED, "Filled")}, batch=2)
        QTest.mouseClick(ground.button("batch.cancel"), Qt.MouseButton.LeftButton)
        async with asyncio.timeout(10):
            while len(sender.canceled) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0)
        assert sender.canceled == [2, 1]
        await ground.owner.close()

    run_async(scene())


def test_a_cell_that_no_order_can_hold_is_told_of(ground: BatchGround) -> None:
    ground.at(3, Field.MARKET)
    ground.copy('"' + "x" * 150_000 + f'"\tBuy Yes\t9\t5\n{TICKER}\tBuy Yes\t9\t5\n')
    ground.ctrl(Qt.Key.Key_V)
    assert ground.typed(Field.PRICE) == ["31", "32", "33"]
    assert "a cell of 150,002 characters; 1,000 fit" in ground.text("batch.message")


def test_the_sum_says_the_worst_case_where_it_is_another_and_as_much_as_there_is_room_for(
    ground: BatchGround,
) -> None:
    ground.room.draft.append(
        [texts_of({Field.MARKET: TICKER, Field.VERB: "Buy No", Field.PRICE: "9", Field.COUNT: "5"})]
    )
    found = ground.panel.findChild(QWidget, "batch.summary")
    assert found is not None
    ground.qtbot.waitUntil(lambda: ground.text("batch.summary") == found.accessibleName())
    for part in ("1 request of 4", "all-in at most $5.51", "worst case −$5.03", "about 1 s at your budget"):
        assert part in found.accessibleName()
    assert "with your open orders" in found.toolTip()
    ground.panel.resize(1_180, 420)
    ground.qtbot.waitUntil(lambda: "about" not in found.accessibleName())
    assert "request" in found.accessibleName()
    assert not ground.button("batch.send").visibleRegion().isEmpty()


def test_a_press_while_a_long_sheet_is_checked_says_so_and_sends_nothing(
    ground: BatchGround, run_async: RunAsync
) -> None:
    async def scene() -> None:
        cells = {Field.MARKET: TICKER, Field.VERB: "Buy Yes", Field.PRICE: "3"}
        ground.room.draft.append(
            [texts_of({**cells, Field.COUNT: f"0.{number:02}"}) for number in range(1, 100)] * 12
        )
        assert ground.text("batch.send") == "Checking…"
        assert ground.text("batch.summary").strip(" ·") == "checking…"
        ground.ctrl(Qt.Key.Key_Return)
        assert "still being checked" in ground.text("batch.message")
        async with asyncio.timeout(20):
            while ground.text("batch.send") == "Checking…":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert ground.text("batch.send").startswith("Send ")
        assert ground.room.sender.pressed == []
        await ground.owner.close()

    run_async(scene(), timeout=30)
