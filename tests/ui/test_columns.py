"""Columns as the person arranges them: shown, hidden, moved, widened, and the same after a restart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QListWidget, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from pitdesk.settings import Settings
from pitdesk.table_layout import TableLayout
from pitdesk_ui.widgets.column_choice import ColumnChoice
from pitdesk_ui.widgets.data_table import Align, ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.layout_keeper import LayoutKeeper


@dataclass(frozen=True)
class Fruit:
    name: str


def column(key: str, *, rare: bool = False, width: int = 90) -> ColumnSpec[Fruit]:
    return ColumnSpec(key, key.title(), lambda row: row.name, lambda row: row.name, width=width, rare=rare)


COLUMNS = (column("name", width=160), column("weight"), column("color"), column("origin", rare=True))


@pytest.fixture
def table(qtbot: QtBot) -> DataTable[Fruit]:
    return made(qtbot)


def made(qtbot: QtBot) -> DataTable[Fruit]:
    table = DataTable(TableModel(COLUMNS), "fruits", "Fruits")
    table.rows.reset_rows({"a": Fruit("Apple")})
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    return table


def in_sight(table: DataTable[Fruit]) -> list[str]:
    return [table.rows.columns[number].key for number in table.choice.in_sight()]


def menu_of(choice: ColumnChoice) -> QMenu:
    menu = QMenu()
    choice.fill(menu)
    return menu


def test_a_rare_column_is_hidden_until_it_is_shown(table: DataTable[Fruit]) -> None:
    assert in_sight(table) == ["name", "weight", "color"]
    table.choice.show(3, True)
    assert in_sight(table) == ["name", "weight", "color", "origin"]


def test_the_menu_ticks_what_is_shown_and_shows_what_is_ticked(qtbot: QtBot, table: DataTable[Fruit]) -> None:
    menu = menu_of(table.choice)
    qtbot.addWidget(menu)
    ticked = {action.text(): action.isChecked() for action in menu.actions() if action.isCheckable()}
    assert ticked == {"Name": True, "Weight": True, "Color": True, "Origin": False}
    next(action for action in menu.actions() if action.text() == "Weight").trigger()
    next(action for action in menu.actions() if action.text() == "Origin").trigger()
    assert in_sight(table) == ["name", "color", "origin"]


def test_a_right_click_on_the_titles_opens_that_menu(qtbot: QtBot, table: DataTable[Fruit]) -> None:
    header = table.horizontalHeader()
    header.customContextMenuRequested.emit(QPoint(20, 10))
    menu = table.findChild(QMenu, "columns.menu")
    assert menu is not None
    assert menu.isVisible()
    menu.close()


def test_the_last_column_in_sight_cannot_be_hidden(table: DataTable[Fruit]) -> None:
    for number in (0, 1, 2):
        table.choice.show(number, False)
    assert in_sight(table) == ["color"]


def test_order_columns_and_widths_are_the_same_after_a_restart(qtbot: QtBot, table: DataTable[Fruit]) -> None:
    header = table.horizontalHeader()
    with qtbot.waitSignal(table.choice.changed):
        header.moveSection(header.visualIndex(2), 0)
        header.resizeSection(0, 211)
    table.choice.show(1, False)
    table.choice.show(3, True)
    kept = table.choice.layout()

    again = made(qtbot)
    again.choice.apply(kept)
    assert in_sight(again) == ["color", "name", "origin"]
    assert again.horizontalHeader().sectionSize(0) == 211
    again.resize(900, 300)
    assert again.horizontalHeader().sectionSize(0) == 211
    assert again.choice.layout() == kept


def test_what_was_changed_right_before_the_end_is_kept_too(
    qtbot: QtBot, table: DataTable[Fruit], tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "settings.json")
    keeper = LayoutKeeper("fruits", table.choice, settings)
    table.horizontalHeader().resizeSection(0, 199)
    keeper.close()
    assert settings.table("fruits").widths["name"] == 199
    settings.close()


def test_columns_that_nobody_widened_go_on_fitting_the_window(qtbot: QtBot, table: DataTable[Fruit]) -> None:
    table.resize(300, 300)
    narrow = table.horizontalHeader().sectionSize(0)
    table.resize(900, 300)
    assert table.horizontalHeader().sectionSize(0) == 160 > narrow
    assert table.choice.layout().widths == {}


def test_what_an_older_or_newer_version_kept_is_taken_as_far_as_it_is_known(table: DataTable[Fruit]) -> None:
    table.choice.apply(
        TableLayout(
            order=("gone", "color", "name"), shown={"gone": True, "name": False}, widths={"color": -5}
        )
    )
    assert in_sight(table) == ["color", "weight"]
    assert table.horizontalHeader().sectionSize(2) == 40


def test_a_layout_that_hides_everything_leaves_a_column(table: DataTable[Fruit]) -> None:
    table.choice.apply(TableLayout(shown=dict.fromkeys(("name", "weight", "color", "origin"), False)))
    assert len(in_sight(table)) == 1


def test_the_dialog_shows_hides_and_moves_by_keyboard_alone(qtbot: QtBot, table: DataTable[Fruit]) -> None:
    table.choice.arrange_wanted.emit()
    dialog = table.window().findChild(QListWidget, "columns.list")
    assert dialog is not None
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Down)
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert in_sight(table) == ["name", "color"]
    qtbot.keyClick(dialog, Qt.Key.Key_Down)
    qtbot.keyClick(dialog, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(dialog, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert in_sight(table) == ["color", "name"]
    assert [dialog.item(row).text() for row in range(4)] == ["Color", "Name", "Weight", "Origin"]
    first = dialog.window().findChild(QPushButton, "columns.first")
    assert first is not None
    first.click()
    assert in_sight(table) == ["name", "weight", "color"]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_last_column_that_goes_leaves_no_empty_width_behind(qtbot: QtBot) -> None:
    figure = ColumnSpec[Fruit](
        "figure", "Figure", lambda row: row.name, lambda row: row.name, align=Align.RIGHT, width=90
    )
    table = DataTable(TableModel((COLUMNS[0], figure, COLUMNS[3])), "fruits", "Fruits")
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    header = table.horizontalHeader()
    for shown in (True, False):
        table.choice.show(2, shown)
        assert header.length() == sum(header.sectionSize(number) for number in range(header.count()))
        assert table.horizontalScrollBar().maximum() == 0
