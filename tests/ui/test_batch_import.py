"""Rows from files and from what was copied: looked at first, asked about where unclear, all or nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk.desk.batch.verdicts import Standing
from pitdesk.markets import MarketStatus
from pitdesk_ui.batch.columns import Said
from pitdesk_ui.batch.import_dialog import ImportDialog
from tests.ui.batch_ground import OTHER, TICKER, BatchGround

RunAsync = Callable[..., Any]
HEADER = "Market,Side,Price (cents),Contracts"


@pytest.fixture
def ground(qtbot: QtBot) -> BatchGround:
    return BatchGround(qtbot)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def dialog_of(ground: BatchGround) -> ImportDialog | None:
    return next((one for one in ground.panel.window().findChildren(ImportDialog) if one.isVisible()), None)


def press(dialog: ImportDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None, name
    assert button.isEnabled(), button.text()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def said(dialog: ImportDialog) -> str:
    labels = (dialog.findChild(QLabel, f"batch.import.{name}") for name in ("said", "problem"))
    return "\n".join(label.text() for label in labels if label is not None and label.isVisible())


def question(dialog: ImportDialog) -> str:
    labels = dialog.findChildren(QLabel, "batch.import.question.text")
    return labels[-1].text() if labels and labels[-1].isVisible() else ""


def readings(dialog: ImportDialog) -> list[str]:
    table = dialog.findChild(QTableView, "batch.import.table")
    assert table is not None
    model = table.model()
    return [str(model.index(row, 1).data()) for row in range(model.rowCount())]


async def look(ground: BatchGround, text: str) -> ImportDialog:
    """Copy a text, press Paste, and wait for the reading, the question or the refusal."""
    ground.copy(text)
    QTest.mouseClick(ground.button("batch.paste"), Qt.MouseButton.LeftButton)
    found = dialog_of(ground)
    assert found is not None
    await until(lambda: "Reading…" not in said(found))
    return found


def play(ground: BatchGround, run_async: RunAsync, scene: Callable[[], Any]) -> None:
    async def whole() -> None:
        try:
            await scene()
        finally:
            ground.presenter.close()
            await ground.owner.close()

    run_async(whole())


def test_a_table_with_names_is_read_and_taken_in_whole(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        dialog = await look(ground, f"{HEADER}\n{TICKER},Buy Yes,39,100\n{OTHER},buy no,61,120\n")
        assert readings(dialog) == ["OK", "OK"]
        assert "commas" in said(dialog)
        press(dialog, "batch.import.take")
        assert ground.typed(Field.MARKET) == [TICKER, OTHER]
        assert ground.shown(1, Said.CHECK) == "Ready"
        assert ground.room.sender.pressed == []
        ground.ctrl(Qt.Key.Key_Z)
        assert ground.typed(Field.MARKET) == [], "taking in is one step"

    play(ground, run_async, scene)


def test_one_bad_row_keeps_all_out_and_has_its_reason_on_top(
    ground: BatchGround, run_async: RunAsync
) -> None:
    async def scene() -> None:
        dialog = await look(ground, f"{HEADER}\n{TICKER},Buy Yes,39,100\n{TICKER},perhaps,38,100\n")
        assert "perhaps" in readings(dialog)[0]
        assert "1 row cannot be read, so nothing is imported" in said(dialog)
        take = dialog.findChild(QPushButton, "batch.import.take")
        assert take is not None
        assert not take.isEnabled()

    play(ground, run_async, scene)


def test_decimal_commas_are_asked_about_where_they_can_be_read_two_ways(
    ground: BatchGround, run_async: RunAsync
) -> None:
    async def scene() -> None:
        dialog = await look(ground, f"Market;Side;Price (cents);Contracts\n{TICKER};Buy Yes;39;1,000\n")
        assert "two ways" in question(dialog)
        press(dialog, "batch.import.answer..")
        await until(lambda: readings(dialog))
        press(dialog, "batch.import.take")
        assert ground.typed(Field.COUNT) == ["1000"]

    play(ground, run_async, scene)


def test_ctrl_v_of_a_table_with_names_is_looked_at_and_of_plain_cells_is_not(
    ground: BatchGround, run_async: RunAsync
) -> None:
    async def scene() -> None:
        ground.at(0, Field.MARKET)
        ground.copy("Market\tSide\tPrice (cents)\tContracts\nX\tBuy Yes\t1\t1\n")
        ground.ctrl(Qt.Key.Key_V)
        dialog = dialog_of(ground)
        assert dialog is not None
        await until(lambda: "Reading…" not in said(dialog))
        assert ground.typed(Field.MARKET) == []
        dialog.close()
        ground.copy(f"{TICKER}\tBuy Yes\t39\t100\n")
        ground.ctrl(Qt.Key.Key_V)
        assert ground.typed(Field.MARKET) == [TICKER]

    play(ground, run_async, scene)


BAD = [
    pytest.param(f"{HEADER}\n{TICKER},Buy Yes,39,10\x000\n", "NUL", id="NUL byte"),
    pytest.param(f"{HEADER}\n{TICKER},Buy \u202eYes,39,100\n", "direction", id="right-to-left mark"),
    pytest.param(f"{HEADER}\nNOSUCHMARKET,Buy Yes,39,100\n", "not among the listed markets", id="ticker"),
    pytest.param(f"{HEADER}\n,,,\n,Buy Yes,39,100\n", "market", id="merged cells"),
    pytest.param(f"{HEADER}\n=HYPERLINK(1),Buy Yes,39,100\n", "formula", id="formula"),
    pytest.param(f"{HEADER}\nTotal,,,220\n", "", id="total row"),
    pytest.param(
        f"{HEADER},Client order id\n{TICKER},Buy Yes,39,1,a\n{TICKER},Buy Yes,38,1,a\n", "", id="repeated id"
    ),
]


@pytest.mark.parametrize("text,reason", BAD)
def test_bad_input_has_a_reason_per_row_and_takes_nothing_in(
    ground: BatchGround, run_async: RunAsync, text: str, reason: str
) -> None:
    async def scene() -> None:
        dialog = await look(ground, text)
        rows = readings(dialog)
        assert rows[0] != "OK"
        assert reason.casefold() in rows[0].casefold()
        take = dialog.findChild(QPushButton, "batch.import.take")
        assert take is not None
        assert not take.isEnabled()
        assert len(ground.room.draft) == 0

    play(ground, run_async, scene)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(f"{TICKER},Buy Yes,39,100", id="a ticker"),
        pytest.param(f"{TICKER.lower()},Buy Yes,39,100", id="in small letters"),
        pytest.param("Fed decision · Cut 25 bp,bn,61,100", id="by its name"),
        pytest.param("Fed decision,Buy Yes,39,100", id="by half its name"),
        pytest.param("kxnone,Buy Yes,39,100", id="unknown"),
        pytest.param(f"{OTHER},Buy Yes,39,100", id="closed"),
        pytest.param(f"{TICKER},Buy Yes,39.5,100", id="off its grid"),
        pytest.param(f"{TICKER},Buy Yes,39,100,2020-01-01 10:00", id="an expiry that has passed"),
        pytest.param(f"{TICKER},Buy Yes,39,5000000", id="more than a limit allows"),
    ],
)
def test_the_preview_says_what_the_sheet_says(ground: BatchGround, run_async: RunAsync, row: str) -> None:
    ground.room.data.markets[OTHER] = replace(ground.room.data.markets[OTHER], status=MarketStatus.CLOSED)

    async def scene() -> None:
        dialog = await look(ground, f"{HEADER},Expires\n{row}\n")
        (reading,) = readings(dialog)
        dialog.close()
        market, verb, price, count, expires, *_ = [*row.split(","), ""]
        cells = {Field.MARKET: market, Field.VERB: verb, Field.PRICE: price, Field.COUNT: count}
        (row_id,) = ground.room.draft.append([texts_of({**cells, Field.EXPIRES: expires})])
        verdict = ground.room.judge.verdict(row_id)
        if verdict.standing is not Standing.FIX:
            assert reading == "OK"
        else:
            assert reading.removeprefix("To correct in the sheet: ") == verdict.text

    play(ground, run_async, scene)


def test_a_row_to_put_right_in_the_sheet_may_be_taken_in(ground: BatchGround, run_async: RunAsync) -> None:
    async def scene() -> None:
        dialog = await look(ground, f"{HEADER}\n{TICKER},Buy Yes,39,100\n{TICKER},Buy Yes,39.5,100\n")
        assert readings(dialog)[0].startswith("To correct in the sheet: Price must be a multiple of 1¢")
        assert "1 row is not ready to send" in said(dialog)
        press(dialog, "batch.import.take")
        assert ground.text("batch.to_fix") == "1 to fix"

    play(ground, run_async, scene)


@pytest.mark.parametrize(
    "text,sentence",
    [
        pytest.param("x" * (11 * 1024 * 1024), "10 MB", id="eleven megabytes"),
        pytest.param("a,b\n" * 100_100, "100,000", id="too many lines"),
    ],
)
def test_too_much_is_refused_with_a_sentence(
    ground: BatchGround, run_async: RunAsync, text: str, sentence: str
) -> None:
    async def scene() -> None:
        dialog = await look(ground, text)
        assert sentence in said(dialog)
        assert len(ground.room.draft) == 0

    play(ground, run_async, scene)


def test_a_hundred_thousand_rows_are_read_while_the_window_lives(
    ground: BatchGround, run_async: RunAsync
) -> None:
    async def scene() -> None:
        beats: list[float] = []

        async def beat() -> None:
            while True:
                beats.append(time.monotonic())
                await asyncio.sleep(0.005)

        beating = asyncio.ensure_future(beat())
        line = f"{TICKER},Buy Yes,39,100\n"
        dialog = await look(ground, f"{HEADER}\n" + line * 99_990)
        beating.cancel()
        assert len(beats) > 20, "the loop went on while the table was read"
        rows = readings(dialog)
        assert len(rows) == 99_990
        assert rows.count("OK") == 2_000
        assert "at most 2,000" in rows[0]
        assert len(ground.room.draft) == 0

    play(ground, run_async, scene)
