"""Writes a batch as a file that spreadsheet programs open, and the template to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from pitdesk.desk.batch.csv_safety import guarded
from pitdesk.desk.batch.rows import FIELDS, BatchRow, Field

_HEADERS = {Field.PRICE: "Price (cents)"}
_EXAMPLE = {
    Field.MARKET: "KXEXAMPLE-26DEC-YES",
    Field.VERB: "Buy Yes",
    Field.PRICE: "42",
    Field.COUNT: "100",
    Field.TIME_IN_FORCE: "GTC",
    Field.POST_ONLY: "yes",
    Field.EXPIRES: "2026-12-10 14:00",
}

ExtraColumn = tuple[str, Callable[[BatchRow], str]]
"""A column beside the fields, such as Check and Result: its name and its text. Reading leaves it out."""


def export(
    rows: Sequence[BatchRow], fields: Sequence[Field] = FIELDS, extra: Sequence[ExtraColumn] = ()
) -> bytes:
    """``rows`` as CSV: commas, UTF-8 with its mark, so that every spreadsheet program reads it right."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*(header(it) for it in fields), *(name for name, _ in extra)])
    for row in rows:
        writer.writerow(
            [*(guarded(row.text(it)) for it in fields), *(guarded(text(row)) for _, text in extra)]
        )
    return out.getvalue().encode("utf-8-sig")


def template() -> bytes:
    """Every column, and a row that shows how they are filled."""
    return export([BatchRow(0, tuple(_EXAMPLE.get(it, "") for it in FIELDS))])


def header(it: Field) -> str:
    """The name of a field's column in a file. The price's tells its unit."""
    name: str = it.value
    return _HEADERS.get(it, name)
