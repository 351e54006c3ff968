"""Rows under headings: whatever changes, the lines are those of a table made anew, and only rows are rows."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from pitdesk_ui.widgets.data_table import ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.data_table_grouping import Grouping


@dataclass(frozen=True)
class Order:
    event: str
    price: int


COLUMNS = (
    ColumnSpec[Order]("event", "Event", lambda row: row.event, lambda row: row.event),
    ColumnSpec[Order]("price", "Price", lambda row: f"{row.price}¢", lambda row: row.price),
)
ROWS = {
    "a": Order("Rain", 40),
    "b": Order("Fed", 38),
    "c": Order("Rain", 12),
    "d": Order("Fed", 90),
}
BY_EVENT = Grouping[Order](
    lambda row: row.event, lambda group: group, lambda group, shown: f"{group}\n{shown}"
)


@pytest.fixture
def model(qapp: object) -> TableModel[Order]:
    made = TableModel(COLUMNS)
    made.reset_rows(ROWS)
    made.group_by(BY_EVENT)
    return made


@pytest.fixture
def table(qtbot: QtBot, model: TableModel[Order]) -> DataTable[Order]:
    made = DataTable(model, "orders", "Orders")
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def lines(model: TableModel[Order]) -> list[str]:
    """Headings as they read, rows by their key."""
    return [model.heading_at(row) or model.key_at(row) for row in range(model.rowCount())]


def test_each_group_stands_under_its_heading_which_counts_it(model: TableModel[Order]) -> None:
    assert lines(model) == ["Fed\n2", "b", "d", "Rain\n2", "a", "c"]
    assert model.total == 4


def test_a_sort_goes_on_within_the_groups_and_leaves_them_their_places(model: TableModel[Order]) -> None:
    model.sort_by(1, descending=True)
    assert lines(model) == ["Fed\n2", "d", "b", "Rain\n2", "a", "c"]
    model.sort_by(1)
    assert lines(model) == ["Fed\n2", "b", "d", "Rain\n2", "c", "a"]
    model.sort_by(None, descending=True)
    assert lines(model) == ["Fed\n2", "d", "b", "Rain\n2", "c", "a"]


@pytest.mark.parametrize("descending", [False, True])
def test_a_heading_comes_with_the_first_row_of_its_group_and_goes_with_the_last(
    model: TableModel[Order], *, descending: bool
) -> None:
    model.sort_by(1, descending=descending)
    model.apply({"e": Order("Elections", 5)}, {}, ["b", "d"])
    last_two = ["a", "c"] if descending else ["c", "a"]
    assert lines(model) == ["Rain\n2", *last_two, "Elections\n1", "e"]
    model.resort()
    assert lines(model) == ["Elections\n1", "e", "Rain\n2", *last_two]


def test_the_filter_leaves_only_the_headings_of_what_it_shows(model: TableModel[Order]) -> None:
    model.filter_by("12")
    assert lines(model) == ["Rain\n1", "c"]
    model.filter_by("")
    assert lines(model) == ["Fed\n2", "b", "d", "Rain\n2", "a", "c"]


def test_without_groups_the_rows_are_as_before(model: TableModel[Order]) -> None:
    model.group_by(None)
    assert lines(model) == ["a", "b", "c", "d"]


def click(qtbot: QtBot, table: DataTable[Order], line: int, *, ctrl: bool = False) -> None:
    """On the heading or row at that line."""
    keys = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    spot = table.visualRect(table.rows.index(line, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, QPoint(spot))


def test_headings_are_never_selected_and_ctrl_click_on_one_adds_its_rows(
    qtbot: QtBot, table: DataTable[Order]
) -> None:
    table.selectAll()
    assert table.selected_keys() == ["b", "d", "a", "c"]
    table.clearSelection()
    click(qtbot, table, 3, ctrl=True)
    assert table.selected_keys() == ["a", "c"]
    click(qtbot, table, 0, ctrl=True)
    assert table.selected_keys() == ["b", "d", "a", "c"]


@pytest.mark.parametrize("descending", [False, True])
def test_a_click_on_a_heading_folds_its_rows_away_and_the_next_shows_them(
    qtbot: QtBot, table: DataTable[Order], model: TableModel[Order], *, descending: bool
) -> None:
    model.sort_by(1, descending=descending)
    before = lines(model)
    click(qtbot, table, 0)
    assert lines(model) == ["Fed\n2", *before[3:]], "it counts what it folded away"
    assert model.is_folded(0)
    assert (model.passing_keys(), model.total) == ([line for line in before if len(line) == 1], 4)
    click(qtbot, table, 0)
    assert lines(model) == before
    assert not model.is_folded(0)


def test_left_folds_and_right_opens_and_the_keyboard_stays_on_the_heading(
    qtbot: QtBot, table: DataTable[Order], model: TableModel[Order]
) -> None:
    table.setFocus()
    table.select_keys(["d"], current="d")
    qtbot.keyClick(table, Qt.Key.Key_Down)
    for key, shown in ((Qt.Key.Key_Left, 4), (Qt.Key.Key_Left, 4), (Qt.Key.Key_Right, 6)):
        qtbot.keyClick(table, key)
        assert model.rowCount() == shown
        assert table.current_key() == model.key_at(3)


def test_what_is_folded_away_is_not_selected_and_enter_on_its_heading_opens_it(
    qtbot: QtBot, table: DataTable[Order], model: TableModel[Order]
) -> None:
    table.selectAll()
    click(qtbot, table, 3)
    assert table.selected_keys() == ["b", "d"]
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert table.selected_keys() == ["a", "c"]
    assert not model.is_folded(3)


def test_all_groups_fold_and_open_at_once(model: TableModel[Order]) -> None:
    before = lines(model)
    model.fold_all(folded=True)
    assert lines(model) == ["Fed\n2", "Rain\n2"]
    model.fold_all(folded=False)
    assert lines(model) == before


def test_a_fold_outlasts_a_sort_and_the_rows_that_come_and_go_under_it(model: TableModel[Order]) -> None:
    model.fold(0, folded=True)
    model.apply({"e": Order("Fed", 7)}, {"b": Order("Fed", 99)}, ["d"])
    model.sort_by(1, descending=True)
    assert lines(model) == ["Fed\n2", "Rain\n2", "a", "c"]
    model.fold(0, folded=False)
    assert lines(model) == ["Fed\n2", "b", "e", "Rain\n2", "a", "c"]


def test_a_heading_that_comes_again_is_open(model: TableModel[Order]) -> None:
    model.fold(0, folded=True)
    model.apply({}, {}, ["b", "d"])
    model.apply({"e": Order("Fed", 7)}, {})
    model.resort()
    assert lines(model) == ["Fed\n1", "e", "Rain\n2", "a", "c"]


def test_a_heading_says_whether_it_is_folded(model: TableModel[Order]) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 0).data(role) == "Fed\n2, open"
    model.fold(0, folded=True)
    assert model.index(0, 0).data(role) == "Fed\n2, folded"
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole).startswith("A click opens it.")


def test_the_keyboard_goes_onto_a_heading_and_enter_selects_its_rows(
    qtbot: QtBot, table: DataTable[Order]
) -> None:
    activated: list[str] = []
    table.row_activated.connect(activated.append)
    table.setFocus()
    table.select_keys(["d"], current="d")
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.selected_keys() == []
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert table.selected_keys() == ["a", "c"]
    assert activated == []


def test_selection_is_kept_when_rows_are_grouped_and_ungrouped(
    table: DataTable[Order], model: TableModel[Order]
) -> None:
    table.select_keys(["c"], current="c")
    model.group_by(None)
    assert (table.selected_keys(), table.current_key()) == (["c"], "c")
    model.group_by(BY_EVENT)
    assert (table.selected_keys(), table.current_key()) == (["c"], "c")


# Qt's tester takes a heading that counts one more while a row comes in below it for a model that forgets.
UNCOUNTED = Grouping[Order](lambda row: row.event, lambda group: group, lambda group, _shown: f"{group}\n")
_STEP = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 11), st.sampled_from("WXYZ"), st.integers(0, 5)),
    st.tuples(st.just("drop"), st.integers(0, 11)),
    st.tuples(st.just("sort"), st.sampled_from([None, 0, 1]), st.booleans()),
    st.tuples(st.just("filter"), st.sampled_from(["", "w", "3¢", "x"])),
    st.tuples(st.just("group"), st.booleans()),
    st.tuples(st.just("fold"), st.integers(0, 20), st.booleans()),
)


@settings(deadline=None)
@given(steps=st.lists(_STEP, max_size=40))
def test_after_any_steps_the_lines_are_those_of_a_table_made_anew(
    qapp: object, steps: list[tuple[object, ...]]
) -> None:
    model = TableModel(COLUMNS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held: dict[str, Order] = {}
    wanted = {"sort": (None, False), "filter": "", "group": False}
    for step in steps:
        _take(model, held, wanted, step)
        shown = [model.row_of(model.key_at(row)) for row in range(model.rowCount())]
        assert shown == list(range(model.rowCount()))
    # Age is what a table made anew cannot know where nothing else sorts: it is given the rows as they came.
    model.sort_by(*wanted["sort"])
    anew = TableModel(COLUMNS)
    anew.sort_by(*wanted["sort"])
    anew.reset_rows(held)
    anew.filter_by(wanted["filter"])
    anew.group_by(UNCOUNTED if wanted["group"] else None)
    assert model.passing_keys() == anew.passing_keys()
    folded = {model.key_at(row) for row in range(model.rowCount()) if model.is_folded(row)}
    for heading in folded:
        anew.fold(anew.row_of(heading) or 0, folded=True)
    assert lines(model) == lines(anew)
    del tester


def _take(
    model: TableModel[Order], held: dict[str, Order], wanted: dict[str, object], step: tuple[object, ...]
) -> None:
    kind, *words = step
    if kind == "put":
        key, event, price = str(words[0]), str(words[1]), words[2]
        event = held[key].event if key in held else event  # an order's event is its own for ever
        made = Order(event, price)
        model.apply(*(({}, {key: made}) if key in held else ({key: made}, {})))
        held[key] = made
    elif kind == "drop":
        model.apply({}, {}, [str(words[0])])
        held.pop(str(words[0]), None)
    elif kind == "sort":
        wanted["sort"] = tuple(words)
        model.sort_by(*words)
    elif kind == "filter":
        wanted["filter"] = words[0]
        model.filter_by(str(words[0]))
    elif kind == "fold":
        if words[0] < model.rowCount():
            model.fold(words[0], folded=bool(words[1]))
    else:
        wanted["group"] = words[0]
        model.group_by(UNCOUNTED if words[0] else None)


def test_many_changes_at_once_keep_every_heading_right(model: TableModel[Order]) -> None:
    rng = random.Random(5)
    many = {f"n{number}": Order(rng.choice("UVW"), rng.randrange(99)) for number in range(500)}
    model.apply(many, {}, ["a", "c"])
    heads = [line for line in lines(model) if "\n" in line]
    counts = {event: sum(row.event == event for row in many.values()) for event in "UVW"}
    assert heads == ["Fed\n2", *(f"{event}\n{count}" for event, count in counts.items())]
