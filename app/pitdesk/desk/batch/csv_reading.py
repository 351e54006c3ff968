"""What came of reading a table: its rows in the order they are shown in, or the question it leaves open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pitdesk.desk.batch.csv_rows import ReadRow
    from pitdesk.desk.batch.verdicts import Remark


class TableError(Exception):
    """A table that cannot be read at all. Its text is a plain sentence; nothing was taken over."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the table does not tell. ``options`` are (answer, what is shown); ask and read again."""

    kind: str
    sentence: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person answered so far, by the kind of question."""

    given: Mapping[str, str] = field(default_factory=dict)

    def with_answer(self, kind: str, answer: str) -> Choices:
        """One more answer."""
        return Choices({**self.given, kind: answer})


@dataclass(frozen=True, slots=True)
class TableReading:
    """The preview. ``said``: how the table was read, in sentences; ``unknown_columns`` were left out.

    ``good`` may become rows of the sheet, ``bad`` have a reason why not. ``shown`` has the bad first, then
    those that the sheet will want put right; ``fields`` are those that any row fills.
    """

    rows: tuple[ReadRow, ...]
    said: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    good: tuple[ReadRow, ...]
    bad: tuple[ReadRow, ...]
    shown: tuple[ReadRow, ...]
    fields: tuple[Field, ...]

    @property
    def with_faults(self) -> int:
        """How many good rows the sheet will want put right."""
        return sum(bool(row.fault) for row in self.good)


def reading_of(rows: Iterable[ReadRow], said: Iterable[str], unknown: tuple[str, ...]) -> TableReading:
    """The preview of these rows; looks through all of them, which are many."""
    every = tuple(rows)
    good = tuple(row for row in every if not row.problems)
    bad = tuple(row for row in every if row.problems)
    faulty = [row for row in good if row.fault]
    shown = (*bad, *faulty, *(row for row in good if not row.fault))
    filled = [any(map(str.strip, texts)) for texts in zip(*(row.texts for row in every), strict=True)]
    fields = tuple(it for it, is_filled in zip(FIELDS, filled, strict=False) if is_filled)
    return TableReading(every, tuple(said), unknown, good, bad, shown, fields)


def as_in_the_sheet(reading: TableReading, found: Mapping[int, Remark]) -> TableReading:
    """The same with what the sheet has against rows, by their place among the good ones. A market that it
    does not know keeps a row out; anything else is put right there."""
    told = {id(row): found[place] for place, row in enumerate(reading.good) if place in found}
    rows = (row if id(row) not in told else _told(row, told[id(row)]) for row in reading.rows)
    return reading_of(rows, reading.said, reading.unknown_columns)


def _told(row: ReadRow, remark: Remark) -> ReadRow:
    if remark.field is Field.MARKET:
        return replace(row, problems=(remark.sentence,))
    return replace(row, fault=remark.sentence)
