"""What the sheet's keys and menus do to its rows. Every edit is one step that can be undone."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from pitdesk.desk.batch.draft import NotTaken
from pitdesk.desk.batch.rows import FIELDS, Field, texts_of
from pitdesk_ui.batch.columns import ON_THEIR_WAY
from pitdesk_ui.batch.grid_keys import Ask
from pitdesk_ui.batch.panel import clipboard_text, put_on_clipboard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.desk.batch.draft import BatchDraft
    from pitdesk_ui.batch.panel import BatchPanel

_BLANK = texts_of({})
_MOST_PASTED = 200_000  # characters laid straight into the cells; anything longer is looked at first


class SheetEdits:
    """Edits of ``draft`` as ``panel`` asks for them. ``look_at`` opens the preview of something copied."""

    def __init__(self, panel: BatchPanel, draft: BatchDraft, look_at: Callable[[str], None]) -> None:
        self._panel, self._draft, self._look_at = panel, draft, look_at
        self._table, self._model = panel.table, panel.model
        self.asks: dict[Ask, Callable[[], None]] = {
            Ask.COPY: self.copy,
            Ask.CUT: self._cut,
            Ask.PASTE: self._paste,
            Ask.CLEAR: self._clear,
            Ask.FILL_DOWN: self._fill_down,
            Ask.UNDO: self._undo,
            Ask.REDO: self._redo,
            Ask.INSERT_ROW: self._insert,
            Ask.DELETE_ROWS: self._delete,
            Ask.ADD_ROW: self._add,
            Ask.EMPTY: self._empty,
        }

    def write(self, place: int, field: Field, text: str) -> None:
        """One cell was typed into; in the empty line below the last, a row begins."""
        row_id = self._model.id_at(place)
        if self._model.held(place).is_live:
            self._panel.say(f"Row {place + 1} was sent meanwhile and stays as it was sent.", "problem")
        elif row_id is not None:
            self._draft.edit({(row_id, field): text})
        elif text.strip():
            self._try(lambda: self._draft.append((texts_of({field: text}),), "Add row"))

    def write_selected(self, text: str) -> None:
        """The same text into every selected cell."""
        cells = self._writable(self._table.selected_cells())
        if not cells:
            self.write(self._table.current_place(), self._field(), text)
            return
        self._draft.edit({cell: text for cell in cells}, "Edit cells")

    def copy(self) -> None:
        """The selected block, as spreadsheet programs paste it."""
        columns, places = self._table.selected_columns(), self._table.selected_places()
        if not columns or not places:
            return
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter="\t", lineterminator="\n")
        for place in places:
            writer.writerow([_harmless(text) for text in self._model.typed_row(place, columns)])
        put_on_clipboard(out.getvalue())

    def rows_meant(self) -> list[int]:
        """Ids of the rows with a selected cell that may still be changed."""
        return [
            held.row.row_id
            for place in self._table.selected_places()
            if not (held := self._model.held(place)).is_live
        ]

    # Inside

    def _cut(self) -> None:
        self.copy()
        self._clear()

    def _clear(self) -> None:
        cells = self._writable(self._table.selected_cells())
        if cells:
            self._draft.edit(dict.fromkeys(cells, ""), "Clear cells")

    def _paste(self) -> None:
        """A block of cells goes straight in; what has a header or other separators is looked at first."""
        text = clipboard_text()
        if not text.strip():
            self._panel.say("Nothing that can be pasted was copied.")
            return
        if needs_a_look(text):
            self._look_at(text)
            return
        single = "\t" not in text and "\n" not in text.strip("\r\n")
        if single and len(self._table.selected_cells()) > 1:
            self.write_selected(text.strip("\r\n"))
            return
        self._lay(text)

    def _lay(self, text: str) -> None:
        place = min(self._table.selected_places() or [self._table.current_place()])
        columns = [each for each in self._table.selected_columns() if isinstance(each, Field)]
        fields = self._table.fields_in_sight(columns[0] if columns else self._field())
        height = text.rstrip("\r\n").count("\n") + 1
        live = [at + 1 for at in range(place, place + height) if self._model.held(at).is_live]
        if live:
            self._panel.say(
                f"Row {live[0]} was sent and stays as it is: paste below it. Nothing was pasted.", "problem"
            )
            return
        written: list[int] = []
        if self._try(lambda: written.extend(self._draft.paste(text, place, fields))):
            width = max(len(line.split("\t")) for line in text.splitlines())
            self._table.select_block(place, place + len(written) - 1, [*fields[:width]])

    def _fill_down(self) -> None:
        fields = [each for each in self._table.selected_columns() if isinstance(each, Field)]
        places = self._table.selected_places()
        if not places or not fields:
            return
        if len(places) == 1:  # as spreadsheets do: one cell takes what stands above it
            places = [places[0] - 1, *places] if places[0] else places
        rows = [self._model.held(place) for place in places]
        keep = [rows[0], *(held for held in rows[1:] if not held.is_live)]
        self._draft.fill_down([held.row.row_id for held in keep], fields)

    def _undo(self) -> None:
        name = self._draft.can_undo
        if name:
            self._step(self._draft.undo, self._draft.redo, f"Undone: {name.lower()}.")

    def _redo(self) -> None:
        name = self._draft.can_redo
        if name:
            self._step(self._draft.redo, self._draft.undo, f"Done again: {name.lower()}.")

    def _step(self, do: Callable[[], bool], back: Callable[[], bool], done: str) -> None:
        """Do a step, unless it would write other words over an order that was sent."""
        held = [each for place in range(self._model.count) if (each := self._model.held(place)).is_live]
        do()
        now = [(each, self._draft.row(each.row.row_id)) for each in held]
        problem = ""
        if any(row is not None and row.texts != each.row.texts for each, row in now):
            problem = "That step changed a row that was sent since: it stays as it was sent."
        elif any(row is None and each.is_on_its_way for each, row in now):
            problem = ON_THEIR_WAY
        if problem:
            back()
            self._panel.say(problem, "problem")
            return
        self._panel.say(done)
        self._say_kept(sum(row is None for _, row in now))

    def _insert(self) -> None:
        """As many rows as are selected, above them; the keyboard goes into the first."""
        places = self._table.selected_places() or [self._table.current_place()]
        column = self._table.current_column()
        if self._try(lambda: self._draft.insert(places[0], (_BLANK,) * max(len(places), 1))):
            self._table.go_to(places[0], column)

    def _delete(self) -> None:
        """The rows selected; one that was sent leaves the sheet only, and comes back as sent when undone."""
        places = self._table.selected_places()
        held = [self._model.held(place) for place in places]
        if any(row.is_on_its_way for row in held):
            self._panel.say(ON_THEIR_WAY, "problem")
            return
        if not held:
            return
        column = self._table.current_column()
        self._draft.delete([row.row.row_id for row in held])
        self._table.go_to(min(places[0], self._model.count), column)
        self._say_kept(sum(row.is_live for row in held))

    def _say_kept(self, sent: int) -> None:
        if sent:
            rows = "1 row that was sent is" if sent == 1 else f"{sent:,} rows that were sent are"
            self._panel.say(
                f"{rows} out of the sheet; the orders stay as they are, under Working.", "warning"
            )

    def _add(self) -> None:
        """Begin a row in the empty line below the last."""
        self._table.go_to(self._model.count, Field.MARKET, edit=True)

    def _empty(self) -> None:
        """Every row out of the sheet; orders that were placed stay where they are, in Working."""
        self._table.selectAll()
        self._delete()

    def _field(self) -> Field:
        column = self._table.current_column()
        return column if isinstance(column, Field) else Field.MARKET

    def _writable(self, cells: Iterable[tuple[int, Field]]) -> list[tuple[int, Field]]:
        found: list[tuple[int, Field]] = []
        for place, field in cells:
            held = self._model.held(place)
            if not held.is_live:
                found.append((held.row.row_id, field))
        return found

    def _try(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except NotTaken as why:
            self._panel.say(str(why), "problem")
            return False
        return True


_HEADER_WORDS = frozenset(field.value.casefold() for field in FIELDS) | {
    "ticker", "market_ticker", "side", "action", "verb", "price", "count", "contracts", "quantity", "qty",
}  # fmt: skip


def needs_a_look(text: str) -> bool:
    """Whether copied text is more than a plain block of cells: long, with a header, or parted otherwise."""
    if len(text) > _MOST_PASTED or "\x00" in text:
        return True
    first = text.lstrip("\r\n").split("\n", 1)[0]
    cells = [cell.strip().strip('"').casefold() for cell in re.split(r"[\t;,|]", first)]
    if sum(cell in _HEADER_WORDS for cell in cells) > 1:
        return True
    return "\t" not in text and any(first.count(mark) > 1 for mark in ";,|")


def _harmless(text: str) -> str:
    """A text that a spreadsheet program does not take for a formula."""
    return f"'{text}" if text.lstrip().startswith(("=", "@")) else text
