"""Rows in and out: what was copied, CSV files, batches kept by name. Nothing is ever sent from here."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit

from pitdesk.desk.batch.csv_in import read_table
from pitdesk.desk.batch.csv_out import export, template
from pitdesk.desk.batch.csv_reading import Choices, Question, TableError, TableReading
from pitdesk.desk.batch.draft import NotTaken
from pitdesk.desk.batch.saved import SavedBatches, SavedError
from pitdesk_ui.async_tools import on_signal
from pitdesk_ui.batch.columns import ON_THEIR_WAY, Column, Said
from pitdesk_ui.batch.grid_keys import Ask
from pitdesk_ui.batch.import_dialog import ImportDialog
from pitdesk_ui.batch.panel import clipboard_text

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from PySide6.QtWidgets import QDialog

    from pitdesk.desk.batch.room import BatchRoom
    from pitdesk.desk.batch.rows import BatchRow, Texts
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.batch.model import SheetModel
    from pitdesk_ui.batch.panel import BatchPanel

_MOST_BYTES = 32_000_000
_FILTER = "CSV files (*.csv *.tsv *.txt);;All files (*)"


class Files:
    """What the panel's Paste, Open and Save ask for."""

    def __init__(self, panel: BatchPanel, room: BatchRoom, owner: TaskOwner) -> None:
        self._panel, self._room, self._owner = panel, room, owner
        self._open: QDialog | None = None
        self._reading: TableReading | None = None
        self.asks: dict[Ask, Callable[[], None]] = {
            Ask.PASTE_LOOK: self._look_at_copied,
            Ask.OPEN_CSV: self._choose_file,
            Ask.SAVE_AS: self._ask_name,
            Ask.WRITE_CSV: lambda: self._choose_target("batch.csv", self._write_rows),
            Ask.WRITE_TEMPLATE: lambda: self._choose_target("batch-template.csv", self._write_template),
        }
        panel.saved_menu_wanted.connect(on_signal(owner, "list saved batches", self._list_saved))
        panel.saved_chosen.connect(on_signal(owner, "open a saved batch", self._open_saved))
        panel.saved_delete_wanted.connect(on_signal(owner, "delete a saved batch", self._delete_saved))

    def look_at(self, text: str) -> None:
        """Show what was copied, before any of it goes into the sheet."""
        self._look("What was copied", text)

    def close(self) -> None:
        """Close what is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    # Reading

    def _look_at_copied(self) -> None:
        text = clipboard_text()
        if text.strip():
            self.look_at(text)
        else:
            self._panel.say("Nothing that can be pasted was copied.")

    def _choose_file(self) -> None:
        dialog = QFileDialog(self._panel, "Open a CSV file", "", _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(on_signal(self._owner, "open a CSV file", self._open_file))
        self._show(dialog)

    async def _open_file(self, name: str) -> None:
        path = Path(name)
        try:
            data = await asyncio.to_thread(_read_file, path)
        except OSError as error:
            self._panel.say(f"{path.name} could not be read: {error.strerror or error}.", "problem")
            return
        self._look(path.name, data)

    def _look(self, source: str, data: bytes | str) -> None:
        dialog = ImportDialog(source, self._panel.window())
        self._reading = None
        choices = Choices()

        async def read(given: Choices) -> None:
            nonlocal choices
            choices = given
            found: TableReading | Question | str
            try:
                found = await read_table(data, given, self._room.judge.fault)
            except TableError as error:
                found = str(error)
            if self._open is dialog:
                self._show_found(dialog, found)

        def answer(kind: str, value: str) -> None:
            on_signal(self._owner, "read a table", read)(choices.with_answer(kind, value))

        dialog.answered.connect(answer)
        dialog.taken.connect(lambda replace: self._take(dialog, replace))
        self._show(dialog)
        on_signal(self._owner, "read a table", read)(choices)

    def _show_found(self, dialog: ImportDialog, found: TableReading | Question | str) -> None:
        self._reading = None
        if isinstance(found, str):
            dialog.show_problem(found)
        elif isinstance(found, Question):
            dialog.show_question(found)
        else:
            self._reading = found
            dialog.show_reading(found)

    def _take(self, dialog: ImportDialog, replace: bool) -> None:
        """All rows of the reading, in one step that can be undone."""
        reading = self._reading
        if reading is None or reading.bad:
            return
        if replace and not self._may_replace():
            return
        texts = [row.texts for row in reading.rows]
        draft = self._room.draft
        try:
            taken = draft.replace_all(texts, "Take in") if replace else draft.append(texts, "Take in")
        except NotTaken as why:
            dialog.show_problem(str(why))
            return
        dialog.close()
        self._open = None
        count = len(taken)
        self._panel.say(f"{count:,} row{'' if count == 1 else 's'} imported. Nothing was sent.")
        place = self._panel.model.place_of_row(taken[0]) if taken else None
        if place is not None:
            self._panel.table.go_to(place, self._panel.table.current_column())

    # Writing

    def _choose_target(self, name: str, write: Callable[[], bytes]) -> None:
        dialog = QFileDialog(self._panel, "Write a CSV file", name, _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")

        async def save(path: str) -> None:
            await self._write(Path(path), write())

        dialog.fileSelected.connect(on_signal(self._owner, "write a CSV file", save))
        self._show(dialog)

    async def _write(self, path: Path, data: bytes) -> None:
        try:
            await asyncio.to_thread(path.write_bytes, data)
        except OSError as error:
            self._panel.say(f"{path.name} could not be written: {error.strerror or error}.", "problem")
            return
        self._panel.say(f"Written to {path.name}.")

    def _write_rows(self) -> bytes:
        model = self._panel.model
        extra = [(column.value, _texts_in(model, column)) for column in Said]
        return export(self._room.draft.rows, self._panel.table.fields_in_sight(), extra)

    def _write_template(self) -> bytes:
        return template()

    # Kept by name

    def _ask_name(self) -> None:
        dialog = QInputDialog(self._panel.window())
        dialog.setObjectName("batch.save.name")
        dialog.setWindowTitle("Save this batch")
        dialog.setLabelText("Name, to open it by")
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.textValueSelected.connect(on_signal(self._owner, "save a batch", self._save))
        self._show(dialog)

    async def _save(self, name: str) -> None:
        rows = [row.texts for row in self._room.draft.rows]
        if await self._with_saved(lambda saved: saved.save(name, rows)):
            self._panel.say(f"Saved as {name.strip()}.")
            await self._list_saved()

    async def _list_saved(self) -> None:
        if self._room.saved is not None:
            self._panel.show_saved(await self._room.saved.names())

    async def _open_saved(self, name: str) -> None:
        found: list[Texts] = []

        async def read(saved: SavedBatches) -> None:
            found.extend(await saved.open(name))

        if await self._with_saved(read) and self._may_replace():
            self._room.draft.replace_all(found, f"Open {name}")
            self._panel.say(f"{name} is open. Nothing was sent.")

    def _may_replace(self) -> bool:
        """Not while rows of the sheet wait for their answer."""
        model = self._panel.model
        waiting = any(model.held(place).is_on_its_way for place in range(model.count))
        if waiting:
            self._panel.say(ON_THEIR_WAY, "problem")
        return not waiting

    async def _delete_saved(self, name: str) -> None:
        if await self._with_saved(lambda saved: saved.delete(name)):
            self._panel.say(f"{name} is no longer kept.")
            await self._list_saved()

    async def _with_saved(self, work: Callable[[SavedBatches], Coroutine[object, object, None]]) -> bool:
        """Do it where batches are kept, or say why it could not be done."""
        if self._room.saved is None:
            self._panel.say("Batches cannot be kept yet: the session is starting.", "problem")
            return False
        try:
            await work(self._room.saved)
        except SavedError as error:
            self._panel.say(str(error), "problem")
            return False
        return True

    def _show(self, dialog: QDialog) -> None:
        """One at a time, over the window and without stopping it."""
        self.close()
        self._open = dialog
        dialog.finished.connect(lambda _: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: QDialog) -> None:
        if self._open is dialog:
            self._open = None
        dialog.deleteLater()


def _texts_in(model: SheetModel, column: Column) -> Callable[[BatchRow], str]:
    """What a column shows of a row."""

    def text(row: BatchRow) -> str:
        place = model.place_of_row(row.row_id)
        return "" if place is None else model.text(place, column)

    return text


def _read_file(path: Path) -> bytes:
    """The file, up to as much as a batch can ever be."""
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)
