"""The table of the bottom tabs: order, filter, change sets, selection by key, keys and painting."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from pitdesk_ui.dressing import apply_theme
from pitdesk_ui.theme import DARK
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.data_table_grouping import Grouping
from pitdesk_ui.widgets.data_table_model import MANY
from pitdesk_ui.widgets.in_parts import PART


@dataclass(frozen=True)
class Fruit:
    name: str
    weight: int
    color: str = "green"


COLUMNS = (
    ColumnSpec[Fruit]("name", "Name", lambda row: row.name, lambda row: row.name, width=120),
    ColumnSpec[Fruit](
        "weight", "Weight", lambda row: f"{row.weight} g", lambda row: row.weight, Align.RIGHT, width=80
    ),
    ColumnSpec[Fruit](
        "color",
        "Color",
        lambda row: row.color,
        lambda row: row.color,
        color=lambda row: ColorRole.POSITIVE if row.color == "green" else ColorRole.NEGATIVE,
    ),
)
FRUITS = {
    "a": Fruit("Apple", 180, "red"),
    "b": Fruit("Banana", 120, "yellow"),
    "c": Fruit("Cherry", 8, "red"),
    "d": Fruit("Damson", 120, "blue"),
}


@pytest.fixture
def model(qapp) -> TableModel[Fruit]:
    made = TableModel(COLUMNS)
    made.reset_rows(FRUITS)
    return made


@pytest.fixture
def table(qtbot, model) -> DataTable[Fruit]:
    made = DataTable(model, "fruits", "Fruits", empty_text="No fruit yet.")
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def names(model: TableModel[Fruit]) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_rows_stand_in_the_order_they_came_until_a_column_sorts_them(model):
    assert names(model) == ["Apple", "Banana", "Cherry", "Damson"]
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert names(model) == ["Cherry", "Banana", "Damson", "Apple"]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert names(model) == ["Apple", "Damson", "Banana", "Cherry"]
    model.sort(-1, Qt.SortOrder.DescendingOrder)
    assert names(model) == ["Damson", "Cherry", "Banana", "Apple"]


def test_a_click_on_a_title_sorts_and_a_second_one_turns_the_order(qtbot, table, model):
    header = table.horizontalHeader()
    on_weight = QPoint(header.sectionViewportPosition(1) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=on_weight)
    assert names(model)[0] == "Cherry"
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=on_weight)
    assert names(model)[0] == "Apple"


@pytest.mark.parametrize(
    "text, shown",
    [
        ("", ["Apple", "Banana", "Cherry", "Damson"]),
        ("RED", ["Apple", "Cherry"]),
        ("red 18", ["Apple"]),
        ("120", ["Banana", "Damson"]),
        ("nothing like it", []),
    ],
)
def test_the_filter_wants_every_word_in_any_column(model, text, shown):
    model.filter_by(text)
    assert names(model) == shown


def test_narrowing_and_widening_the_filter_keeps_the_sort(model):
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.filter_by("r")
    model.filter_by("re")
    assert names(model) == ["Apple", "Cherry"]
    model.filter_by("")
    assert names(model) == ["Apple", "Damson", "Banana", "Cherry"]


def test_a_change_set_adds_updates_and_removes(model):
    changed = []
    model.dataChanged.connect(lambda first, last, _roles: changed.append((first.row(), last.row())))
    model.apply({"e": Fruit("Elder", 1)}, {"b": Fruit("Banana", 121, "green")}, ["c"])
    assert names(model) == ["Apple", "Banana", "Damson", "Elder"]
    assert model.index(1, 1).data() == "121 g"
    assert changed == [(1, 1)]


def test_a_row_that_stops_passing_the_filter_leaves_and_one_that_starts_comes(model):
    model.filter_by("red")
    model.apply({}, {"a": replace(FRUITS["a"], color="green"), "b": replace(FRUITS["b"], color="red")})
    assert names(model) == ["Banana", "Cherry"]
    assert model.total == 4


def test_only_rows_in_view_are_announced(model):
    model.rows_in_view = lambda: range(2)
    changed = []
    model.dataChanged.connect(lambda first, last, _roles: changed.append((first.row(), last.row())))
    model.apply({}, {key: replace(row, weight=5) for key, row in FRUITS.items()})
    assert changed == [(0, 1)]
    assert model.index(3, 1).data() == "5 g"


def test_a_changed_row_keeps_its_place_until_the_next_sort(model):
    model.sort(1, Qt.SortOrder.AscendingOrder)
    model.apply({}, {"c": Fruit("Cherry", 999)})
    assert names(model)[0] == "Cherry"
    model.resort()
    assert names(model)[-1] == "Cherry"


def test_selection_and_current_row_follow_their_rows_through_sort_filter_and_changes(table, model):
    table.select_keys(["b", "d"], current="d")
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert sorted(table.selected_keys()) == ["b", "d"]
    assert table.current_key() == "d"
    model.filter_by("120")
    assert sorted(table.selected_keys()) == ["b", "d"]
    model.apply({}, {}, ["b"])
    assert table.selected_keys() == ["d"]
    model.filter_by("cherry")
    assert table.selected_keys() == []


def test_several_rows_are_chosen_with_the_keyboard(qtbot, table):
    table.select_keys(["a"], current="a")
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert table.selected_keys() == ["a", "b"]
    assert table.selected_count() == 2


def test_the_model_keeps_qts_contract_under_random_changes(qapp):
    model = TableModel(COLUMNS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    chance = random.Random(7)
    held: dict[str, Fruit] = {}
    for step in range(90):
        added = {f"k{step}.{n}": Fruit(f"F{chance.randrange(50)}", chance.randrange(99)) for n in range(3)}
        updated = {key: replace(held[key], weight=chance.randrange(99)) for key in _some(chance, held, 4)}
        removed = [key for key in _some(chance, held, 2) if key not in updated]
        held.update(added | updated)
        for key in removed:
            del held[key]
        model.apply(added, updated, removed)
        if step % 10 == 0:
            order = chance.choice([Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
            model.sort(chance.randrange(-1, 3), order)
        if step % 15 == 0:
            model.filter_by(chance.choice(["", "f1", "green", "f2 g"]))
        if step % 7 == 0:
            model.resort()
        assert all(model.row_of(model.key_at(row)) == row for row in range(model.rowCount()))
    model.filter_by("")
    assert set(model.shown_keys()) == set(held)
    assert {key: model.record(key) for key in held} == held
    model.sort(1, Qt.SortOrder.AscendingOrder)
    weights = [model.row_at(row).weight for row in range(model.rowCount())]
    assert weights == sorted(weights)
    del tester


def _some(chance: random.Random, held: dict[str, Fruit], most: int) -> list[str]:
    return chance.sample(sorted(held), min(most, len(held)))


def test_a_great_change_set_comes_and_goes_whole(model, table):
    many = {f"x{n}": Fruit(f"X{n:04}", n) for n in range(2_000)}
    model.sort(1, Qt.SortOrder.DescendingOrder)
    model.apply(many, {})
    assert model.rowCount() == 2_004
    assert model.row_at(0).weight == 1_999
    model.apply({}, {}, [*many])
    assert sorted(names(model)) == ["Apple", "Banana", "Cherry", "Damson"]


def test_the_empty_table_says_so_and_a_filter_without_a_hit_says_something_else(table, model):
    full = table.viewport().grab().toImage()
    model.filter_by("zzz")
    filtered = table.viewport().grab().toImage()
    model.filter_by("")
    model.reset_rows({})
    empty = table.viewport().grab().toImage()
    assert full != filtered
    assert filtered != empty


def test_cells_are_told_to_assistive_technology_with_their_column(model):
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Weight: 180 g"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Weight"


def test_colors_tell_what_they_mean(table, model):
    theme_green, theme_red = (63, 182, 139), (229, 113, 107)
    model.reset_rows({"g": Fruit("Green", 1), "r": Fruit("Red", 1, "red")})
    picture = table.viewport().grab().toImage()
    left = table.columnViewportPosition(2)
    assert _has(picture, left, 0, table.rowHeight(0), theme_green)
    assert not _has(picture, left, 0, table.rowHeight(0), theme_red)
    assert _has(picture, left, table.rowHeight(0), table.rowHeight(0), theme_red)


def _has(picture, left: int, top: int, height: int, wanted: tuple[int, int, int]) -> bool:
    for x in range(left, min(left + 80, picture.width())):
        for y in range(top, top + height):
            color = picture.pixelColor(x, y)
            if all(
                abs(seen - aim) < 40
                for seen, aim in zip((color.red(), color.green(), color.blue()), wanted, strict=True)
            ):
                return True
    return False


def test_activating_a_row_tells_its_key(qtbot, table):
    with qtbot.waitSignal(table.row_activated) as told:
        table.select_keys(["c"], current="c")
        table.setFocus()
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == ["c"]


def test_a_selection_of_thousands_is_kept_through_a_sort(table, model):
    model.reset_rows({f"x{n}": Fruit(f"X{n:04}", n % 7) for n in range(3_000)})
    table.selectAll()
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert table.selected_count() == 3_000
    table.select_keys(["x5", "x12", "x1"])
    model.sort(0, Qt.SortOrder.DescendingOrder)
    assert table.selected_keys() == ["x12", "x5", "x1"]


def test_the_filter_is_prepared_in_idle_moments_and_finds_the_same(qtbot, table, model):
    asked = []

    def words(row: Fruit) -> str:
        asked.append(row.name)
        return row.name

    lazy = TableModel(COLUMNS, search_text=words)
    other = DataTable(lazy, "lazy", "Lazy")
    qtbot.addWidget(other)
    lazy.reset_rows({f"x{n}": Fruit(f"X{n:04}", n) for n in range(2_500)})
    qtbot.waitUntil(lambda: len(asked) == 2_500)
    lazy.filter_by("x0007")
    assert len(asked) == 2_500
    assert names(lazy) == ["X0007"]
    lazy.apply({"new": Fruit("X00077", 1)}, {"x7": Fruit("Other", 1)}, ["x8"])
    assert names(lazy) == ["X00077"]


# Very many rows: the window goes on while they are sorted, filtered and grouped.

_CROWD = MANY + 5 * PART


class Counting:
    """A sort key that counts how often it is asked between two turns of the event loop."""

    def __init__(self) -> None:
        self.since, self.most = 0, 0

    def __call__(self, row: Fruit) -> int:
        self.since += 1
        self.most = max(self.most, self.since)
        return row.weight


@pytest.fixture
def asked() -> Counting:
    return Counting()


@pytest.fixture
def crowd(qtbot, asked, monkeypatch) -> TableModel[Fruit]:
    """A model of very many fruits that takes one step a turn."""
    monkeypatch.setattr("pitdesk_ui.widgets.slices.SLICE_S", 0.0)
    weight = ColumnSpec[Fruit]("weight", "Weight", lambda row: str(row.weight), asked, Align.RIGHT, width=80)
    model = TableModel((COLUMNS[0], weight), search_text=lambda row: row.name)
    chance = random.Random(4)
    model.reset_rows({f"k{n}": Fruit(f"fruit {n}", chance.randrange(9_000)) for n in range(_CROWD)})
    turns = QTimer(model)
    turns.timeout.connect(lambda: setattr(asked, "since", 0))
    turns.start(0)
    return model


def weights(model: TableModel[Fruit]) -> list[int]:
    return [model.row_at(row).weight for row in range(model.rowCount()) if not model.is_heading(row)]


def test_very_many_rows_are_sorted_in_parts_and_stand_as_before_meanwhile(qtbot, crowd, asked):
    before = weights(crowd)
    crowd.sort(1, Qt.SortOrder.AscendingOrder)
    assert crowd.is_busy
    assert weights(crowd) == before, "the order in sight stays until the other is made"
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    assert weights(crowd) == sorted(before)
    assert asked.most <= 3 * PART, "no turn looked at more than some parts"


def test_what_comes_changes_and_goes_while_they_are_sorted_is_right_afterwards(qtbot, crowd):
    chance = random.Random(5)
    crowd.sort(1, Qt.SortOrder.DescendingOrder)
    step = 0
    while crowd.is_busy and step < 40:
        step += 1
        gone = [f"k{chance.randrange(_CROWD)}" for _ in range(3)]
        added = {f"new{step}": Fruit(f"new {step}", chance.randrange(9_000))}
        changed = {"k1": Fruit("fruit 1", chance.randrange(9_000))} if crowd.record("k1") else {}
        back = {gone[0]: Fruit("back again", 7)} if step % 5 == 0 else {}
        crowd.apply(added, changed, gone)
        qtbot.wait(1)
        crowd.apply(back, {})
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    held = {key: crowd.record(key) for key in crowd.shown_keys()}
    assert None not in held.values()
    assert crowd.rowCount() == crowd.total == len(held)
    assert all(crowd.row_of(key) == row for row, key in enumerate(crowd.shown_keys()))
    crowd.sort(1, Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    assert weights(crowd) == sorted(row.weight for row in held.values())
    assert all(crowd.row_of(key) == row for row, key in enumerate(crowd.shown_keys()))


def test_the_filter_asked_last_is_the_one_that_is_shown(qtbot, crowd):
    for typed in ("f", "fruit 1", "fruit 12", "fruit 123"):
        crowd.filter_by(typed)
        qtbot.wait(0)
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    shown = {crowd.row_at(row).name for row in range(crowd.rowCount())}
    assert shown == {f"fruit {n}" for n in range(_CROWD) if "123" in str(n)}
    crowd.filter_by("")
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    assert crowd.rowCount() == _CROWD


def test_very_many_rows_are_grouped_and_ungrouped_in_parts(qtbot, crowd):
    grouping = Grouping(lambda row: str(row.weight % 7), lambda group: group, lambda group, shown: group)
    crowd.group_by(grouping)
    crowd.sort(1, Qt.SortOrder.AscendingOrder)
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    assert crowd.is_grouped
    assert crowd.rowCount() == _CROWD + 7
    assert weights(crowd) == sorted(weights(crowd), key=lambda weight: (weight % 7, weight))
    crowd.group_by(None)
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    assert not crowd.is_grouped
    assert weights(crowd) == sorted(weights(crowd))


def test_a_group_folded_while_very_many_rows_are_sorted_is_folded_afterwards(qtbot, crowd):
    grouping = Grouping(lambda row: str(row.weight % 7), lambda group: group, lambda group, shown: group)
    crowd.group_by(grouping)
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    crowd.fold(0, folded=True)
    crowd.sort(1, Qt.SortOrder.AscendingOrder)
    crowd.fold(0, folded=False)
    crowd.fold_all(folded=True)
    assert crowd.is_busy
    qtbot.waitUntil(lambda: not crowd.is_busy, timeout=30_000)
    assert [crowd.heading_at(row) for row in range(crowd.rowCount())] == [str(group) for group in range(7)]
    assert len(crowd.passing_keys()) == _CROWD


def test_rows_that_stand_together_go_at_once(crowd):
    told = []
    crowd.rowsRemoved.connect(lambda _parent, first, last: told.append((first, last)))
    crowd.apply({}, {}, [f"k{n}" for n in range(100, 3_000)])
    assert told == [(100, 2_999)]
    assert crowd.rowCount() == _CROWD - 2_900
    assert crowd.row_at(100).name == "fruit 3000"


def test_the_line_under_the_titles_goes_on_where_the_columns_end(qtbot):
    apply_theme(QApplication.instance())
    columns = [replace(column, align=Align.RIGHT) for column in COLUMNS]
    table = DataTable(TableModel(columns), "fruits.table", "Fruits")
    qtbot.addWidget(table)
    table.resize(900, 200)
    table.show()
    header = table.horizontalHeader()
    assert header.length() < header.viewport().width() - 20, "the columns end before the table does"
    bottom = header.viewport().height() - 1
    seen = header.viewport().grab().toImage()
    ends = [seen.pixelColor(x, bottom).name() for x in (4, header.length() - 4, seen.width() - 4)]
    assert ends == [DARK.line] * 3
