"""A tab's rows in a file: what a spreadsheet program gets, and that it runs nothing of it."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from pitdesk.desk.table_csv import cents, dollars, instant, number, table_csv
from pitdesk.notices import Notice, Notices
from pitdesk.quantities import Count, Dollars, Price
from pitdesk_ui.table_export import TableExport
from pitdesk_ui.widgets.data_table import ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.data_table_grouping import Grouping
from pitdesk_ui.widgets.tab_page import TabPage
from tests.ui.desk_ground import owner


@dataclass(frozen=True)
class Line:
    market: str
    count: Count


COLUMNS = (
    ColumnSpec[Line]("market", "Market", lambda row: row.market, lambda row: row.market),
    ColumnSpec[Line](
        "count",
        "Contracts",
        lambda row: str(row.count),
        lambda row: row.count.units,
        in_file=lambda row: number(row.count),
    ),
    ColumnSpec[Line](
        "note", "Note", lambda _row: "=1+1", lambda _row: 0, rare=True, file_title="=Note (as typed)"
    ),
)


class Page(TabPage):
    """A tab with three rows."""

    def __init__(self) -> None:
        super().__init__()
        self.table = DataTable(TableModel(COLUMNS), "page.table", "Page", parent=self)
        self.table.rows.reset_rows(
            {
                "a": Line('=HYPERLINK("http://evil.example")', Count.of(1_240)),
                "b": Line("Fed · Cut, 25 bp", Count.from_wire("0.25")),
                "c": Line("@SUM(A1)", Count.of(-5)),
            }
        )


class Ground:
    def __init__(self, qtbot: QtBot) -> None:
        self.page, self.notices, self.owner = Page(), Notices(), owner()
        qtbot.addWidget(self.page)
        self.page.show()
        self.said: list[Notice] = []
        self.notices.said.connect(self.said.append)
        self.left_out = ""
        self.export = TableExport(self.page, "rows", self.notices, self.owner, lambda: self.left_out)

    async def write(self, path: Path) -> list[list[str]]:
        self.page.export_wanted.emit()
        dialog = self.page.findChild(QFileDialog, "export.file")
        assert dialog is not None
        dialog.fileSelected.emit(str(path))
        async with asyncio.timeout(60):
            while not self.said:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        dialog.close()
        await self.owner.close(60.0)
        return read(path)


def read(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def ground(qtbot: QtBot) -> Iterator[Ground]:
    made = Ground(qtbot)
    yield made
    made.export.close()


RunAsync = Callable[[Awaitable[Any]], Any]


def test_every_column_is_written_and_no_cell_is_a_formula(
    ground: Ground, run_async: RunAsync, tmp_path: Path
) -> None:
    ground.left_out = "Older ones are not in it."
    told = run_async(ground.write(tmp_path / "rows.csv"))
    assert told == [
        ["Market", "Contracts", "'=Note (as typed)"],
        ['\'=HYPERLINK("http://evil.example")', "1240", "'=1+1"],
        ["Fed · Cut, 25 bp", "0.25", "'=1+1"],
        ["'@SUM(A1)", "-5", "'=1+1"],
    ]
    assert ground.said == [Notice("3 rows written to rows.csv.", "Older ones are not in it.")]


def test_of_several_rows_selected_only_those_are_written(
    ground: Ground, run_async: RunAsync, tmp_path: Path
) -> None:
    ground.page.table.rows.group_by(Grouping(lambda _row: "all", str, lambda group, _: group))
    ground.page.table.select_keys(["c", "a"])
    told = run_async(ground.write(tmp_path / "rows.csv"))
    assert [row[1] for row in told] == ["Contracts", "1240", "-5"]


def test_headings_are_not_written(ground: Ground, run_async: RunAsync, tmp_path: Path) -> None:
    ground.page.table.rows.group_by(Grouping(lambda _row: "all", str, lambda group, _: group))
    assert len(run_async(ground.write(tmp_path / "rows.csv"))) == 4


def test_a_file_that_cannot_be_written_is_told(ground: Ground, run_async: RunAsync, tmp_path: Path) -> None:
    run_async(ground.write(tmp_path / "nowhere" / "rows.csv"))
    assert ground.said[0].headline.startswith("rows.csv could not be written: ")


def test_an_empty_tab_has_nothing_to_write(ground: Ground) -> None:
    ground.page.table.rows.reset_rows({})
    ground.page.export_wanted.emit()
    assert ground.page.findChild(QFileDialog, "export.file") is None
    assert ground.said[0].headline == "Nothing to write: the tab shows no rows."


def test_figures_are_bare_and_exact() -> None:
    assert cents(Price.from_wire("0.4650")) == "46.5"
    assert cents(None) == ""
    assert number(Count.of(12_345)) == "12345"
    assert dollars(Dollars.from_wire("-418.3")) == "-418.30"
    assert dollars(Dollars.from_wire("0.000001")) == "0.000001"
    told = datetime.fromisoformat(instant(1_795_000_000_999))
    assert told == datetime.fromtimestamp(1_795_000_000, tz=UTC)
    assert told.tzinfo is not None
    assert instant(None) == ""


def test_a_line_break_cannot_smuggle_a_formula_in() -> None:
    told = table_csv(["A"], [["plain\n=cmd()"]]).decode("utf-8-sig")
    assert "\n'=cmd()" in told
