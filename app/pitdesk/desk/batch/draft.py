"""The sheet itself: rows in order, every edit one step that can be undone and done again.

Rows are immutable, so a step is two tuples of them, and 2,000 rows cost no more than their pointers. No
method looks at markets or money; the verdicts do (:mod:`pitdesk.desk.batch.judge`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import FIELDS, MOST_ROWS, BatchRow, Field, Texts, with_cells
from pitdesk.desk.batch.sheet_edits import (
    filled_down,
    pasted,
    replaced,
    sort_key,
)
from pitdesk.events import Listeners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MOST_STEPS = 500
MOST_CHARACTERS = 1_000

Cell = tuple[int, Field]
"""A row's id and one of its fields."""


@dataclass(frozen=True, slots=True)
class DraftChange:
    """What one step changed. ``edited``: ids of rows whose texts changed; ``added`` and ``removed`` likewise.

    ``reordered``: the rows stand in another order or number, so that every place is to be read anew.
    """

    edited: frozenset[int]
    added: frozenset[int]
    removed: frozenset[int]
    reordered: bool


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    before: tuple[BatchRow, ...]
    after: tuple[BatchRow, ...]


class NotTaken(Exception):
    """What the sheet does not take. Its text is a plain sentence; nothing was changed."""


class SheetFull(NotTaken):
    """More rows than a batch may have."""


class CellTooLong(NotTaken):
    """A cell longer than anything that an order holds."""


class BatchDraft:
    """The rows of one batch while they are worked on. Every edit is one step of :meth:`undo`."""

    def __init__(self, rows: Iterable[Texts] = ()) -> None:
        self.changed: Listeners[DraftChange] = Listeners()
        self._next_id = 1
        self._rows: tuple[BatchRow, ...] = tuple(self._new(texts) for texts in rows)
        self._places = _places(self._rows)
        self._done: list[_Step] = []
        self._undone: list[_Step] = []

    # What is held

    @property
    def rows(self) -> tuple[BatchRow, ...]:
        """The rows from top to bottom."""
        return self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, row_id: int) -> BatchRow | None:
        """The row of this id, None where it is not in the sheet now."""
        place = self._places.get(row_id)
        return None if place is None else self._rows[place]

    def place(self, row_id: int) -> int | None:
        """How far down it stands, from 0."""
        return self._places.get(row_id)

    @property
    def can_undo(self) -> str:
        """The name of the step that :meth:`undo` takes back, empty when there is none."""
        return self._done[-1].name if self._done else ""

    @property
    def can_redo(self) -> str:
        """The name of the step that :meth:`redo` does again, empty when there is none."""
        return self._undone[-1].name if self._undone else ""

    # Edits

    def edit(self, changes: Mapping[Cell, str], name: str = "Edit") -> bool:
        """Write texts into cells, all in one step. False when that changes nothing."""
        by_row: dict[int, dict[Field, str]] = {}
        for (row_id, field), text in changes.items():
            by_row.setdefault(row_id, {})[field] = text
        return self._map(by_row, lambda row: with_cells(row.texts, by_row[row.row_id]), name)

    def insert(self, at: int, rows: Sequence[Texts], name: str = "Insert rows") -> tuple[int, ...]:
        """Put rows before place ``at``; their ids. Raises :class:`SheetFull`."""
        self._demand_room(len(rows))
        new = tuple(self._new(texts) for texts in rows)
        at = min(max(at, 0), len(self._rows))
        self._become(name, (*self._rows[:at], *new, *self._rows[at:]))
        return tuple(row.row_id for row in new)

    def append(self, rows: Sequence[Texts], name: str = "Add rows") -> tuple[int, ...]:
        """Put rows at the end; their ids. Raises :class:`SheetFull`."""
        return self.insert(len(self._rows), rows, name)

    def delete(self, row_ids: Iterable[int]) -> bool:
        """Take rows out."""
        gone = set(row_ids)
        return self._become("Delete rows", tuple(row for row in self._rows if row.row_id not in gone))

    def sort(self, field: Field, *, descending: bool = False) -> bool:
        """Order by one column, numbers as numbers, empty cells last; equal rows keep their order."""
        key = sort_key(field)
        filled = [row for row in self._rows if row.text(field).strip()]
        empty = [row for row in self._rows if not row.text(field).strip()]
        filled.sort(key=lambda row: key(row.text(field)), reverse=descending)
        return self._become(f"Sort by {field.value.lower()}", (*filled, *empty))

    def arrange(self, row_ids: Iterable[int], name: str = "Sort") -> bool:
        """Put the rows into this order; those not named follow as they stood."""
        wanted = dict.fromkeys(row_ids)
        first = [row for row_id in wanted if (row := self.row(row_id)) is not None]
        return self._become(name, (*first, *(row for row in self._rows if row.row_id not in wanted)))

    def fill_down(self, row_ids: Sequence[int], fields: Iterable[Field]) -> bool:
        """Copy the topmost chosen row's cells into the chosen rows below it."""
        places = sorted(place for row_id in row_ids if (place := self._places.get(row_id)) is not None)
        chosen = [self._rows[place] for place in places]
        return self.edit(filled_down(chosen, tuple(fields)), "Fill down")

    def find_and_replace(
        self,
        find: str,
        replace: str,
        *,
        fields: Iterable[Field] = FIELDS,
        row_ids: Iterable[int] | None = None,
        match_case: bool = False,
        whole_cell: bool = False,
    ) -> int:
        """Replace text in cells, of some rows or all; how many cells changed."""
        wanted = None if row_ids is None else set(row_ids)
        rows = [row for row in self._rows if wanted is None or row.row_id in wanted]
        changes = replaced(rows, find, replace, tuple(fields), match_case=match_case, whole_cell=whole_cell)
        self.edit(changes, "Replace")
        return len(changes)

    def paste(self, text: str, at: int, fields: Sequence[Field]) -> tuple[int, ...]:
        """Lay a block of cells, as spreadsheet programs copy them, from place ``at`` down.

        ``fields`` are the columns shown from the one pasted into to the right; cells beyond them fall off.
        One copied cell is written once. Rows are added where the block reaches below the last. Ids of the
        rows written. Raises :class:`SheetFull` and :class:`CellTooLong`.
        """
        block = pasted(text, len(fields))
        _demand_short(block)
        at = min(max(at, 0), len(self._rows))
        held = self._rows[at : at + len(block)]
        self._demand_room(len(block) - len(held))
        written = [
            self._written(row, dict(zip(fields, cells, strict=False)))
            for row, cells in zip(held, block, strict=False)
        ]
        blank = ("",) * len(FIELDS)
        new = [
            self._new(with_cells(blank, dict(zip(fields, cells, strict=False))))
            for cells in block[len(held) :]
        ]
        self._become("Paste", (*self._rows[:at], *written, *new, *self._rows[at + len(held) :]))
        return tuple(row.row_id for row in (*written, *new))

    def map_rows(self, row_ids: Iterable[int], change: Callable[[BatchRow], Texts], name: str) -> bool:
        """Write each of some rows anew by a rule, in one step."""
        return self._map({row_id: None for row_id in row_ids}, change, name)

    def replace_all(self, rows: Sequence[Texts], name: str = "Open") -> tuple[int, ...]:
        """Every row anew, in one step; their ids. Raises :class:`SheetFull`."""
        self._demand_room(len(rows) - len(self._rows))
        new = tuple(self._new(texts) for texts in rows)
        self._become(name, new)
        return tuple(row.row_id for row in new)

    # Steps

    def undo(self) -> bool:
        """Take the last step back."""
        if not self._done:
            return False
        step = self._done.pop()
        self._undone.append(step)
        self._show(step.before)
        return True

    def redo(self) -> bool:
        """Do the step last taken back again."""
        if not self._undone:
            return False
        step = self._undone.pop()
        self._done.append(step)
        self._show(step.after)
        return True

    def _map(self, wanted: Mapping[int, object], change: Callable[[BatchRow], Texts], name: str) -> bool:
        rows = list(self._rows)
        for row_id in wanted:
            place = self._places.get(row_id)
            if place is not None:
                texts = change(rows[place])
                if texts != rows[place].texts:
                    rows[place] = BatchRow(row_id, texts)
        return self._become(name, tuple(rows))

    def _become(self, name: str, rows: tuple[BatchRow, ...]) -> bool:
        if rows == self._rows:
            return False
        self._done.append(_Step(name, self._rows, rows))
        del self._done[:-MOST_STEPS]
        self._undone.clear()
        self._show(rows)
        return True

    def _show(self, rows: tuple[BatchRow, ...]) -> None:
        before, self._rows = self._rows, rows
        self._places = _places(rows)
        self.changed.emit(_difference(before, rows))

    def _written(self, row: BatchRow, cells: Mapping[Field, str]) -> BatchRow:
        texts = with_cells(row.texts, cells)
        return row if texts == row.texts else BatchRow(row.row_id, texts)

    def _new(self, texts: Texts) -> BatchRow:
        row = BatchRow(self._next_id, texts)
        self._next_id += 1
        return row

    def _demand_room(self, more: int) -> None:
        count = len(self._rows) + more
        if count > MOST_ROWS:
            raise SheetFull(
                f"That would be {count:,} rows; a batch holds at most {MOST_ROWS:,}. Nothing was changed."
            )


def _demand_short(block: Sequence[Sequence[str]]) -> None:
    for number, cells in enumerate(block, 1):
        longest = max(map(len, cells), default=0)
        if longest > MOST_CHARACTERS:
            raise CellTooLong(
                f"Row {number:,} has a cell of {longest:,} characters; {MOST_CHARACTERS:,} fit. "
                "Nothing was changed."
            )


def _places(rows: tuple[BatchRow, ...]) -> dict[int, int]:
    return {row.row_id: place for place, row in enumerate(rows)}


def _difference(before: tuple[BatchRow, ...], after: tuple[BatchRow, ...]) -> DraftChange:
    old = {row.row_id: row for row in before}
    new = {row.row_id: row for row in after}
    kept = old.keys() & new.keys()
    return DraftChange(
        edited=frozenset(row_id for row_id in kept if old[row_id] is not new[row_id]),
        added=frozenset(new.keys() - old.keys()),
        removed=frozenset(old.keys() - new.keys()),
        reordered=list(old) != list(new),
    )
