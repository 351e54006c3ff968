"""Writes what a tab shows to a CSV file: the rows that are selected where several are, else all of them.

A file has every column, those out of sight too, under the same titles in the same order however the person
arranged the tab: a sheet made from one file fits the next.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from pitdesk.desk.table_csv import table_csv
from pitdesk.notices import Notice, Notices, Severity
from pitdesk_ui.async_tools import on_signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.widgets.data_table import DataTable
    from pitdesk_ui.widgets.tab_page import TabPage

_PORTION = 1_000
_FILTER = "CSV files (*.csv);;All files (*)"


class TableExport:
    """For one tab. ``left_out`` is what its file lacks and the person must be told, mostly empty."""

    def __init__(
        self,
        page: TabPage,
        name: str,
        notices: Notices,
        owner: TaskOwner,
        left_out: Callable[[], str] = str,
    ) -> None:
        """``name``: of the file, without its ending."""
        self._page, self._name = page, name
        self._notices, self._owner, self._left_out = notices, owner, left_out
        self._dialog: QFileDialog | None = None
        page.export_wanted.connect(self._ask)

    def close(self) -> None:
        """Close what is open."""
        self._page.export_wanted.disconnect(self._ask)
        if self._dialog is not None:
            self._dialog.close()

    def _ask(self) -> None:
        """Which file. The window goes on living meanwhile; the rows are those of the moment it is chosen."""
        table = self._page.rows_table
        if table is None or not table.rows.rowCount():
            self._notices.say(Notice("Nothing to write: the tab shows no rows."))
            return
        dialog = QFileDialog(self._page, "Write a CSV file", f"{self._name}.csv", _FILTER)
        dialog.setObjectName("export.file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(on_signal(self._owner, "write a CSV file", self._write))
        dialog.finished.connect(lambda _: self._forget(dialog))
        if self._dialog is not None:
            self._dialog.close()
        self._dialog = dialog
        dialog.open()

    async def _write(self, name: str) -> None:
        path, table = Path(name), self._page.rows_table
        if table is None:
            return
        rows = await told(table)
        titles = [column.file_title or column.title for column in table.rows.columns]
        try:
            await asyncio.to_thread(lambda: path.write_bytes(table_csv(titles, rows)))
        except OSError as error:
            sentence = f"{path.name} could not be written: {error.strerror or error}."
            self._notices.say(Notice(sentence, severity=Severity.WARNING))
            return
        what = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
        self._notices.say(Notice(f"{what} written to {path.name}.", self._left_out()))

    def _forget(self, dialog: QFileDialog) -> None:
        if self._dialog is dialog:
            self._dialog = None
        dialog.deleteLater()


async def told(table: DataTable[Any]) -> list[list[str]]:
    """The rows as a file gets them, made in portions between which the window lives.

    One selected row alone is no wish to write only that.
    """
    model = table.rows
    keys = table.selected_keys()
    if len(keys) < 2:
        keys = model.passing_keys()
    records = [record for record in map(model.record, keys) if record is not None]
    texts = [column.in_file or column.text for column in model.columns]
    rows: list[list[str]] = []
    for start in range(0, len(records), _PORTION):
        rows += [[text(record) for text in texts] for record in records[start : start + _PORTION]]
        await asyncio.sleep(0)
    return rows
