"""The batch's larger tools through their dialogs: ladder, multiply, reverse, shift, saved batches, CSV."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QLabel, QLineEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from pitdesk.desk.batch.ladder import Shape
from pitdesk.desk.batch.rows import Field, texts_of
from pitdesk.desk.batch.saved import SavedBatches
from pitdesk.orders import Verb
from pitdesk_ui.batch.columns import Said
from pitdesk_ui.batch.grid_keys import Ask
from pitdesk_ui.batch.ladder_dialog import LadderDialog, Sizing, Spacing
from tests.ui.batch_ground import FINE, TICKER, BatchGround

RunAsync = Callable[..., Any]
Kind = TypeVar("Kind", bound=QDialog)


@pytest.fixture
def ground(qtbot: QtBot) -> BatchGround:
    made = BatchGround(qtbot)
    made.presenter.show_market(TICKER)
    return made


def fill(ground: BatchGround, *rows: tuple[str, str, str, str]) -> None:
    fields = (Field.MARKET, Field.VERB, Field.PRICE, Field.COUNT)
    ground.room.draft.append([texts_of(dict(zip(fields, row, strict=True))) for row in rows])


def opened(ground: BatchGround, kind: type[Kind]) -> Kind:
    found = [one for one in ground.panel.window().findChildren(kind) if one.isVisible()]
    assert len(found) == 1, found
    return found[0]


def ladder(ground: BatchGround) -> LadderDialog:
    QTest.mouseClick(ground.button("batch.ladder"), Qt.MouseButton.LeftButton)
    return opened(ground, LadderDialog)


def preview(dialog: LadderDialog) -> list[tuple[str, str]]:
    table = dialog.findChild(QTableWidget, "batch.ladder.preview")
    assert table is not None
    return [(table.item(row, 1).text(), table.item(row, 2).text()) for row in range(table.rowCount())]


def message(dialog: QDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert label is not None
    return label.text()


def press(dialog: QDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_number_beside_the_choice_is_named_by_it(ground: BatchGround) -> None:
    dialog = ladder(ground)
    captions = {label.buddy(): label for label in dialog.findChildren(QLabel) if label.buddy() is not None}
    assert (captions[dialog.steps].text(), dialog.steps.accessibleName()) == ("Orders", "Number of orders")
    dialog.spacing.choose(Spacing.DISTANCE)
    assert captions[dialog.steps].text() == "Cents apart"
    assert dialog.steps.accessibleName() == "Cents between prices"


def test_a_ladder_is_seen_with_its_cost_before_it_is_added(ground: BatchGround) -> None:
    dialog = ladder(ground)
    assert dialog.market.text() == "Fed decision · Cut 25 bp", "the market in view"
    QTest.keyClicks(dialog.start, "40")
    QTest.keyClicks(dialog.end, "36")
    QTest.keyClicks(dialog.size_field, "100")
    assert preview(dialog) == [("40¢", "20"), ("39¢", "20"), ("38¢", "20"), ("37¢", "20"), ("36¢", "20")]
    assert "5 orders  ·  100 contracts  ·  all-in at most $3" in message(dialog, "batch.ladder.message")
    dialog.post_only.setChecked(True)
    press(dialog, "batch.ladder.add")
    assert ground.typed(Field.PRICE) == ["40", "39", "38", "37", "36"]
    assert ground.typed(Field.POST_ONLY) == ["yes"] * 5
    assert ground.shown(4, Said.CHECK) == "Ready"
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.PRICE) == []


def test_orders_that_fall_on_one_price_are_said(ground: BatchGround) -> None:
    dialog = ladder(ground)
    dialog.start.setText("40")
    dialog.end.setText("42")
    dialog.steps.setText("5")
    dialog.size_field.setText("50")
    assert [price for price, _ in preview(dialog)] == ["40¢", "41¢", "42¢"]
    assert "5 orders were asked; the grid has 3 prices" in message(dialog, "batch.ladder.message")


def test_a_ladder_by_distance_each_and_shape(ground: BatchGround) -> None:
    dialog = ladder(ground)
    dialog.spacing.choose(Spacing.DISTANCE)
    dialog.steps.setText("2")
    dialog.sizing.choose(Sizing.EACH)
    dialog.size_field.setText("10")
    dialog.shape.choose(Shape.LINEAR)
    dialog.verb.choose(Verb.SELL_YES)
    dialog.start.setText("50")
    dialog.end.setText("56")
    assert [price for price, _ in preview(dialog)] == ["50¢", "52¢", "54¢", "56¢"]
    counts = [int(count) for _, count in preview(dialog)]
    assert sum(counts) == 40
    assert counts == sorted(counts)


@pytest.mark.parametrize(
    "start,end,steps,size,sentence",
    [
        ("40.5", "42", "5", "50", "multiple of 1¢"),
        ("40", "42", "none", "50", "whole number"),
        ("40", "42", "5", "0", "at least 0.01"),
        ("40", "42", "5", "1,000", "two ways"),
        ("", "42", "5", "10", "Enter the first and the last price"),
    ],
)
def test_what_makes_no_ladder_is_said_and_adds_nothing(
    ground: BatchGround, start: str, end: str, steps: str, size: str, sentence: str
) -> None:
    dialog = ladder(ground)
    for field, text in ((dialog.start, start), (dialog.end, end), (dialog.steps, steps)):
        field.setText(text)
    dialog.size_field.setText(size)
    assert sentence in message(dialog, "batch.ladder.message")
    button = dialog.findChild(QPushButton, "batch.ladder.add")
    assert button is not None
    assert not button.isEnabled()


def test_the_ladders_market_is_completed_by_typing(ground: BatchGround) -> None:
    dialog = ladder(ground)
    dialog.market.selectAll()
    QTest.keyClicks(dialog.market, "cut 50")
    QTest.keyClick(dialog.market, Qt.Key.Key_Return)
    assert dialog.market.ticker == FINE
    dialog.start.setText("3.2")
    dialog.end.setText("3.6")
    dialog.size_field.setText("50")
    assert [price for price, _ in preview(dialog)] == ["3.2¢", "3.3¢", "3.4¢", "3.5¢", "3.6¢"]


def test_contracts_are_multiplied_and_what_does_not_come_out_even_is_said(ground: BatchGround) -> None:
    fill(ground, (TICKER, "Buy Yes", "39", "100"), (TICKER, "Buy Yes", "38", "0.01"))
    ground.panel.asked.emit(Ask.MULTIPLY)
    dialog = next(one for one in ground.panel.findChildren(QDialog) if one.objectName() == "batch.multiply")
    number = dialog.findChild(QLineEdit, "batch.multiply.number")
    assert number is not None
    QTest.keyClicks(number, "half")
    press(dialog, "batch.multiply.apply")
    assert "digits" in message(dialog, "batch.multiply.message")
    number.setText("0.5")
    press(dialog, "batch.multiply.apply")
    assert ground.typed(Field.COUNT) == ["50", "0.01"]
    assert "1 row is as before" in ground.text("batch.message")


def test_prices_shift_along_each_grid_and_sides_reverse(ground: BatchGround) -> None:
    fill(ground, (TICKER, "Buy Yes", "39", "100"), (FINE, "Buy No", "96.4", "100"))
    ground.panel.asked.emit(Ask.SHIFT)
    dialog = next(one for one in ground.panel.findChildren(QDialog) if one.objectName() == "batch.shift")
    number = dialog.findChild(QLineEdit, "batch.shift.number")
    assert number is not None
    QTest.keyClicks(number, "-2")
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert ground.typed(Field.PRICE) == ["37", "96.2"]
    ground.panel.asked.emit(Ask.REVERSE)
    assert [ground.shown(place, Field.VERB) for place in range(2)] == ["Sell Yes", "Sell No"]
    ground.at(0, Field.PRICE)
    ground.ctrl(Qt.Key.Key_Z)
    ground.ctrl(Qt.Key.Key_Z)
    assert ground.typed(Field.PRICE) == ["39", "96.4"]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


def test_a_batch_is_kept_by_name_and_opened_again(
    ground: BatchGround, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        saved = SavedBatches(tmp_path)
        ground.room.saved = saved  # type: ignore[assignment]
        fill(ground, (TICKER, "Buy Yes", "39", "100"))
        ground.panel.asked.emit(Ask.SAVE_AS)
        dialog = opened(ground, QInputDialog)
        dialog.setTextValue("Morning & noon")
        dialog.accept()
        await until(lambda: "Saved as" in ground.text("batch.message"))
        ground.panel.asked.emit(Ask.EMPTY)
        assert ground.typed(Field.PRICE) == []
        ground.panel.saved_chosen.emit("Morning & noon")
        await until(lambda: ground.typed(Field.PRICE) == ["39"])
        ground.panel.saved_delete_wanted.emit("Morning & noon")
        await until(lambda: "no longer kept" in ground.text("batch.message"))
        assert await saved.names() == ()
        ground.panel.saved_chosen.emit("Morning & noon")
        await until(lambda: "no batch named" in ground.text("batch.message"))
        saved.close()
        ground.presenter.close()
        await ground.owner.close()

    run_async(scene())


def test_a_written_file_is_read_again_and_holds_no_formula(
    ground: BatchGround, run_async: RunAsync, tmp_path: Path
) -> None:
    async def scene() -> None:
        fill(ground, (TICKER, "Buy Yes", "39", "100"), ("=2+3", "Buy Yes", "38", "100"))
        ground.panel.asked.emit(Ask.WRITE_CSV)
        opened(ground, QFileDialog).fileSelected.emit(str(tmp_path / "out.csv"))
        await until(lambda: "Written to" in ground.text("batch.message"))
        text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
        assert text.splitlines()[0].startswith("Market,Side,Price (cents),Contracts")
        assert "'=2+3" in text
        assert ",=2+3" not in text and not text.startswith("=")
        ground.presenter.close()
        await ground.owner.close()

    run_async(scene())
