"""The Activity tab: what was asked, what was answered, and how long it took, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from pitdesk.notices import Severity
from pitdesk_ui.instants import time_of_day
from pitdesk_ui.took import took
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from pitdesk.desk.activity import Activity, ActivityEntry
    from pitdesk.desk.finder import Finder

_COLORS = {
    Severity.INFO: ColorRole.TEXT,
    Severity.WARNING: ColorRole.WARNING,
    Severity.ERROR: ColorRole.NEGATIVE,
}


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One line of the log with its number and its market's name."""

    number: int
    entry: ActivityEntry
    label: str


def _took(row: ActivityRow) -> str:
    return "" if row.entry.took_ms is None else took(row.entry.took_ms)


COLUMNS: tuple[ColumnSpec[ActivityRow], ...] = (
    ColumnSpec("time", "Time", lambda row: time_of_day(row.entry.at_ms), lambda row: row.number, width=90),
    ColumnSpec("what", "What", lambda row: row.entry.what, lambda row: row.entry.what, width=150),
    ColumnSpec("market", "Market", lambda row: row.label, lambda row: row.label, width=220),
    ColumnSpec("detail", "Detail", lambda row: row.entry.detail, lambda row: row.entry.detail, width=330),
    ColumnSpec(
        "took",
        "Took",
        _took,
        lambda row: row.entry.took_ms or 0.0,
        align=Align.RIGHT,
        width=90,
        color=lambda row: ColorRole.MUTED,
    ),
    ColumnSpec(
        "outcome",
        "Outcome",
        lambda row: row.entry.outcome,
        lambda row: row.entry.outcome,
        width=320,
        color=lambda row: _COLORS[row.entry.severity],
    ),
)


class ActivityPanel(TabPage):
    """The table of the log."""

    def __init__(self) -> None:
        super().__init__()
        self.table: DataTable[ActivityRow] = DataTable(
            TableModel(COLUMNS), "activity.table", "Activity", empty_text="Nothing was asked yet."
        )
        self.table.sort_at_first("time", descending=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.table, 1)


class ActivityPresenter:
    """Adds each line as it is written."""

    def __init__(self, *, panel: ActivityPanel, activity: Activity, finder: Finder) -> None:
        self._panel = panel
        self._finder = finder
        self._number = 0
        self._kept = activity.entries.maxlen
        panel.table.rows.reset_rows({})
        self._add(list(activity.entries))
        self._disconnect = activity.added.connect(lambda entry: self._add([entry]))

    def close(self) -> None:
        """Stop following."""
        self._disconnect()

    def _add(self, entries: list[ActivityEntry]) -> None:
        rows: dict[str, ActivityRow] = {}
        for entry in entries:
            self._number += 1
            label = self._finder.label(entry.market) if entry.market else ""
            rows[str(self._number)] = ActivityRow(self._number, entry, label)
        oldest = self._number - (self._kept or self._number)
        gone = [str(number) for number in range(oldest - len(entries) + 1, oldest + 1) if number > 0]
        self._panel.table.rows.apply(added=rows, updated={}, removed=gone)
        self._panel.table.rows.resort()
