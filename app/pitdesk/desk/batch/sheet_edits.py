"""What the sheet's larger edits come to, as texts: fill down, replace, paste, sort, copy."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from typing import TYPE_CHECKING

from pitdesk.desk.batch.rows import BatchRow, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NUMBERS = frozenset({Field.PRICE, Field.COUNT, Field.SUBACCOUNT, Field.EXCHANGE_INDEX})
_NUMBER = re.compile(r"\$?\s*([0-9]{1,12})(?:\.([0-9]{1,6}))?\s*[¢c]?\Z")

SortKey = tuple[int, int, str]


def sort_key(field: Field) -> Callable[[str], SortKey]:
    """How the texts of a column are ordered; in a column of numbers, what is none comes after them."""

    def of_number(text: str) -> SortKey:
        match = _NUMBER.match(text.strip())
        if match is None:
            return (1, 0, text.casefold())
        scale = 100 if field is Field.PRICE and text.strip().startswith("$") else 1
        units = int(match[1]) * 1_000_000 + int((match[2] or "").ljust(6, "0"))
        return (0, units * scale, "")

    def of_text(text: str) -> SortKey:
        return (0, 0, text.casefold())

    return of_number if field in _NUMBERS else of_text


def filled_down(chosen: Sequence[BatchRow], fields: Sequence[Field]) -> dict[tuple[int, Field], str]:
    """The cells below the first chosen row, with its texts."""
    if not chosen:
        return {}
    top, *below = chosen
    return {(row.row_id, field): top.text(field) for row in below for field in fields}


def replaced(
    rows: Sequence[BatchRow],
    find: str,
    replace: str,
    fields: Sequence[Field],
    *,
    match_case: bool,
    whole_cell: bool,
) -> dict[tuple[int, Field], str]:
    """The cells that change when ``find``, taken as plain text, gives way to ``replace``."""
    if not find:
        return {}
    pattern = re.compile(re.escape(find), 0 if match_case else re.IGNORECASE)
    changes: dict[tuple[int, Field], str] = {}
    for row in rows:
        for field in fields:
            text = row.text(field)
            if whole_cell:
                new = replace if pattern.fullmatch(text) else text
            else:
                new = pattern.sub(lambda _: replace, text)
            if new != text:
                changes[row.row_id, field] = new
    return changes


def pasted(text: str, width: int) -> list[list[str]]:
    """The cells of a copied block: tabs part columns, lines rows, quotes hold what has either inside.

    A quotation mark that is not closed is a character like any other: it swallows no rows. Cells beyond
    ``width`` fall off; a short line changes only as many cells as it has.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    if '"' in lines and lines.count('"') % 2 == 0:
        with contextlib.suppress(csv.Error):  # a cell beyond what the reader holds
            return [cells[:width] for cells in csv.reader(io.StringIO(lines, newline=""), delimiter="\t")]
    return [line.split("\t")[:width] for line in lines.split("\n")]
