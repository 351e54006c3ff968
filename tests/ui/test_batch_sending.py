"""Sending a batch from its tab: the question, progress, stopping, what came of it, and what goes again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.results import BatchEnd, BatchOutcome, RowEnd
from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk.desk.batch.verdicts import Remark, Standing
from pitdesk_ui.batch.columns import Said, cell_color
from pitdesk_ui.widgets.data_table_columns import ColorRole
from tests.ui.batch_ground import TICKER, BatchGround

CONTROL = Qt.KeyboardModifier.ControlModifier
RunAsync = Callable[..., Any]


@pytest.fixture
def ground(qtbot: QtBot) -> BatchGround:
    return BatchGround(qtbot)


async def settle() -> None:
    """Let tasks that were begun go on as far as they can."""
    for _ in range(10):
        await asyncio.sleep(0)


def fill(ground: BatchGround, *prices: str) -> None:
    for price in prices:
        cells = {Field.MARKET: TICKER, Field.VERB: "Buy Yes", Field.PRICE: price, Field.COUNT: "100"}
        ground.room.draft.append([texts_of(cells)])


def press(ground: BatchGround, name: str) -> None:
    button = ground.button(name)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_button_says_what_it_sends_and_the_summary_what_it_comes_to(ground: BatchGround) -> None:
    assert not ground.button("batch.send").isEnabled()
    fill(ground, "39", "38", "37,5")
    assert ground.text("batch.send") == "Send 2 orders · $80.32"
    assert ground.text("batch.rows").startswith("3 rows")
    assert ground.text("batch.to_fix") == "1 to fix"
    assert "1 request of 2" in ground.text("batch.summary")
    assert "all-in at most $80.32" in ground.text("batch.summary")


def test_a_press_sends_once_however_often_it_is_pressed(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        fill(ground, "39", "38")
        ground.room.sender.hold = asyncio.Event()
        press(ground, "batch.send")
        await settle()
        assert ground.text("batch.send") == "Sending…"
        QTest.mouseClick(ground.button("batch.send"), Qt.MouseButton.LeftButton)
        QTest.keyClick(ground.table, Qt.Key.Key_Return, CONTROL)
        await settle()
        ground.room.sender.hold.set()
        await settle()
        assert ground.room.sender.pressed == [(None, False)]
        assert ground.text("batch.message") == "Batch 1: 1 placed."
        await ground.owner.close()

    run_async(scene())


def test_the_sheet_stays_free_while_a_batch_is_on_its_way(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        fill(ground, "39", "38")
        ground.room.sender.hold = asyncio.Event()
        press(ground, "batch.send")
        await settle()
        ground.room.sender.go(5, 8)
        bar = ground.panel.findChild(QProgressBar, "batch.progress")
        assert bar is not None
        assert (bar.isVisible(), bar.value(), bar.maximum()) == (True, 5, 8)
        assert ground.text("batch.progress.text") == "Sending 5 of 8"
        ground.enter(1, Field.COUNT, "70")
        assert ground.typed(Field.COUNT) == ["100", "70"]
        press(ground, "batch.stop")
        assert ground.room.sender.stopped
        assert not ground.button("batch.stop").isEnabled()
        ground.room.sender.outcome = BatchOutcome(
            BatchEnd.STOPPED, "Batch 1: 5 placed, 3 not sent. Stopped.", 1
        )
        ground.room.sender.hold.set()
        await settle()
        ground.room.sender.go(8, 8, finished=True)
        assert not bar.isVisible()
        assert ground.text("batch.message") == "Batch 1: 5 placed, 3 not sent. Stopped."
        await ground.owner.close()

    run_async(scene())


def test_limits_ask_in_the_panel_and_enter_sends_nothing(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        fill(ground, "39")
        sender = ground.room.sender
        sender.questions = (Remark(Standing.ASK, "The batch costs $40.66 if all of it fills. Send anyway?"),)
        press(ground, "batch.send")
        await settle()
        assert ground.panel.question.isVisible()
        assert "$40.66" in ground.text("batch.confirm.text")
        assert ground.panel.question.back.text() == "Change the batch"
        press(ground, "batch.confirm.back")
        assert not ground.panel.question.isVisible()
        assert sender.pressed == [(None, False)]
        press(ground, "batch.send")
        await settle()
        press(ground, "batch.confirm.send")
        await settle()
        assert sender.pressed == [(None, False)] * 3 + [(None, True)]
        await ground.owner.close()

    run_async(scene())


def test_what_limits_ask_only_since_then_is_asked_first(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        fill(ground, "39")
        sender = ground.room.sender
        costly = Remark(Standing.ASK, "The batch costs $40.66 if all of it fills. Send anyway?")
        sender.questions = (costly,)
        press(ground, "batch.send")
        await settle()
        sender.questions = (costly, Remark(Standing.ASK, "The same order was sent 3 s ago. Send anyway?"))
        press(ground, "batch.confirm.send")
        await settle()
        assert "3 s ago" in ground.text("batch.confirm.text")
        assert not [confirmed for _, confirmed in sender.pressed if confirmed]
        sender.questions = (costly, Remark(Standing.ASK, "The same order was sent 5 s ago. Send anyway?"))
        press(ground, "batch.confirm.send")
        await settle()
        assert sender.pressed[-1] == (None, True)
        await ground.owner.close()

    run_async(scene())


def test_undo_does_not_write_over_what_was_sent(ground: BatchGround) -> None:
    fill(ground, "39")
    ground.enter(0, Field.PRICE, "38")
    ground.room.sender.tell({1: (RowEnd.PLACED, "Resting")})
    ground.at(0, Field.PRICE)
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.PRICE) == ["38"]
    assert "stays as it was sent" in ground.text("batch.message")


def test_a_cell_that_is_open_when_its_row_is_sent_changes_nothing(ground: BatchGround) -> None:
    fill(ground, "39")
    ground.at(0, Field.PRICE)
    ground.type("12")
    ground.room.sender.tell({1: (RowEnd.WAITING, "Sending")})
    ground.key(Qt.Key.Key_Return)
    assert ground.typed(Field.PRICE) == ["39"]
    assert "was sent meanwhile" in ground.text("batch.message")


def test_an_edit_takes_the_question_away(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        fill(ground, "39")
        ground.room.sender.questions = (Remark(Standing.ASK, "Send anyway?"),)
        press(ground, "batch.send")
        await settle()
        ground.enter(0, Field.PRICE, "40")
        assert not ground.panel.question.isVisible()
        await ground.owner.close()

    run_async(scene())


def test_results_stand_in_their_rows_in_the_colors_of_the_blotter(ground: BatchGround) -> None:
    fill(ground, "39", "38", "37", "36", "35")
    ground.room.sender.tell(
        {
            1: (RowEnd.PLACED, "Resting"),
            2: (RowEnd.PLACED, "45 filled, rest resting"),
            3: (RowEnd.REFUSED, "Would cross: post only refused"),
            4: (RowEnd.UNCONFIRMED, "Unconfirmed"),
        }
    )
    shown = [ground.shown(place, Said.RESULT) for place in range(5)]
    assert shown == [
        "Resting",
        "45 filled, rest resting",
        "Would cross: post only refused",
        "Unconfirmed",
        "",
    ]
    colors = [cell_color(ground.model.held(place), Said.RESULT) for place in range(4)]
    assert colors == [ColorRole.ACCENT, ColorRole.WARNING, ColorRole.NEGATIVE, ColorRole.WARNING]
    ground.room.sender.tell({1: (RowEnd.PLACED, "Filled")})
    assert ground.shown(0, Said.RESULT) == "Filled"


def test_the_rest_and_the_refused_go_again_each_by_a_press(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        fill(ground, "39", "38", "37")
        sender = ground.room.sender
        sender.tell(
            {
                1: (RowEnd.PLACED, "Resting"),
                2: (RowEnd.REFUSED, "Price is not on the grid."),
                3: (RowEnd.NOT_SENT, "You stopped the batch."),
            }
        )
        assert ground.text("batch.send_rest") == "Send the rest (1)"
        assert ground.text("batch.retry") == "Retry refused (1)"
        press(ground, "batch.send_rest")
        await settle()
        ground.enter(1, Field.PRICE, "36")
        press(ground, "batch.retry")
        await settle()
        assert sender.pressed == [((3,), False), ((2,), False)]
        press(ground, "batch.cancel")
        await settle()
        assert sender.canceled == [1]
        assert ground.text("batch.message") == "Canceled 1 order of batch 1."
        await ground.owner.close()

    run_async(scene())


def test_unconfirmed_rows_are_not_offered_again(ground: BatchGround) -> None:
    fill(ground, "39")
    ground.room.sender.tell({1: (RowEnd.UNCONFIRMED, "Unconfirmed")})
    assert not ground.button("batch.retry").isVisible()
    assert not ground.button("batch.send_rest").isVisible()
    assert ground.button("batch.cancel").isVisible()


def test_filling_cells_with_control_enter_twice_sends_nothing(
    ground: BatchGround, run_async: RunAsync
) -> None:
    async def scene() -> None:
        fill(ground, "39", "38")
        ground.drag((0, Field.COUNT), (1, Field.COUNT))
        ground.type("5")
        ground.ctrl(Qt.Key.Key_Return)
        ground.ctrl(Qt.Key.Key_Return)
        await settle()
        assert ground.typed(Field.COUNT) == ["5", "5"]
        assert ground.room.sender.pressed == []
        await ground.owner.close()

    run_async(scene())
