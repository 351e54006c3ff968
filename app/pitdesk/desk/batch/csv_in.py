"""Reads a table of orders from a file or the clipboard, for a preview: nothing is sent from here.

Separator, decimal mark, unit of prices and names of columns are found out and said; what could be read two
ways is asked (:class:`Question`), never guessed. Each row that cannot be an order has its reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.desk.batch.csv_headers import (
    Columns,
    HeaderError,
    in_template_order,
    looks_like_data,
    read_header,
    recognized,
)
from pitdesk.desk.batch.csv_numbers import Mark, gather
from pitdesk.desk.batch.csv_reading import (
    Choices,
    Question,
    TableError,
    TableReading,
    as_in_the_sheet,
    reading_of,
)
from pitdesk.desk.batch.csv_rows import ReadRow, RowReader
from pitdesk.desk.batch.rows import FIELDS, MOST_ROWS
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pitdesk.desk.batch.rows import Texts
    from pitdesk.desk.batch.verdicts import Remark

MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 100_000
_SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars"}
_SAMPLE = 50


async def read_table(
    data: bytes | str,
    choices: Choices | None = None,
    fault: Callable[[Texts], Remark | None] | None = None,
) -> TableReading | Question:
    """Read on a thread; ``fault`` tells what the sheet would have against a row, None asks nobody.

    Raises :class:`TableError` where nothing of it can be read.
    """
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, thread_name_prefix="table") as pool:
        found = await loop.run_in_executor(pool, read_table_now, data, choices or Choices())
        if isinstance(found, Question) or fault is None:
            return found
        faults = await _faults(found.good, fault)
        return await loop.run_in_executor(pool, as_in_the_sheet, found, faults)


async def _faults(rows: Sequence[ReadRow], fault: Callable[[Texts], Remark | None]) -> dict[int, Remark]:
    faults, time_slice = {}, TimeSlice()
    for place, row in enumerate(rows):
        remark = fault(row.texts)
        if remark is not None:
            faults[place] = remark
        await time_slice.yield_if_over()
    return faults


def read_table_now(data: bytes | str, choices: Choices | None = None) -> TableReading | Question:
    """As :func:`read_table`, on the calling thread and without asking for markets."""
    given = (choices or Choices()).given
    text = _decoded(data, given.get("encoding", ""))
    if isinstance(text, Question):
        return text
    separator = given.get("separator") or _separator(text)
    if isinstance(separator, Question):
        return separator
    lines = _parsed(text, separator)
    if not lines:
        raise TableError("There is nothing in this table.")
    columns = _columns(lines, given)
    if isinstance(columns, Question):
        return columns
    if recognized(lines[0][1]) >= 2:
        lines = lines[1:]
    return _read_rows(lines, columns, separator, given)


def _read_rows(
    lines: Sequence[tuple[int, list[str]]], columns: Columns, separator: str, given: Mapping[str, str]
) -> TableReading | Question:
    reader = RowReader(columns)
    mark = _mark(reader, lines, given)
    if isinstance(mark, Question):
        return mark
    unit = columns.unit or given.get("price_unit", "")
    if not unit and reader.unit_is_open(lines, mark):
        return Question(
            "price_unit",
            "Some prices are below 1. Are the prices in cents or in dollars?",
            (("dollars", "Dollars: 0.42 is 42¢"), ("cents", "Cents: 0.42 is 0.42¢")),
        )
    rows = reader.rows(lines, mark, unit or "cents")
    said = [f"The columns are separated by {_SEPARATORS.get(separator, repr(separator))}."]
    said += reader.said(mark, unit or "cents")
    if columns.unknown:
        said.append(f"Left out: {', '.join(columns.unknown)}.")
    return reading_of(_capped(rows), said, columns.unknown)


def _decoded(data: bytes | str, encoding: str) -> str | Question:
    if len(data) > MOST_BYTES:
        raise TableError(f"This is {len(data) / 1_048_576:.1f} MB; a table may have 10 MB. Nothing was read.")
    if isinstance(data, str):
        text = data.removeprefix("\ufeff")
    else:
        try:
            text = data.decode(encoding or _encoding(data))
        except (UnicodeDecodeError, LookupError):
            return Question(
                "encoding",
                "The file is not in UTF-8. How was it written?",
                (("cp1252", "Western European (Windows)"), ("cp1250", "Central European (Windows)"),
                 ("mac_roman", "Western European (Mac)")),
            )  # fmt: skip
    count = text.count("\n") + text.count("\r") - text.count("\r\n")
    if count > MOST_LINES:
        raise TableError(f"This has {count:,} lines; a table may have {MOST_LINES:,}. Nothing was read.")
    return text


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return "utf-8-sig"


def _separator(text: str) -> str | Question:
    """The separator that makes the first row names of columns, or all rows of one width."""
    sample = "\n".join(text.splitlines()[:_SAMPLE])
    found = {mark: _cells(sample, mark) for mark in _SEPARATORS if mark in sample}
    found = {mark: rows for mark, rows in found.items() if rows}
    if not found:
        raise TableError("Only one column was found. Market, side, price and contracts are needed.")
    named = {mark: recognized(rows[0]) for mark, rows in found.items()}
    best = [mark for mark, count in named.items() if count >= 2]
    if len(best) == 1:
        return best[0]
    even = [mark for mark, rows in found.items() if len({len(row) for row in rows}) == 1 and len(rows[0]) > 1]
    if len(even) == 1 and not best:
        return even[0]
    options = tuple((mark, _SEPARATORS[mark].capitalize()) for mark in (best or even or found))
    return Question("separator", "What parts the columns?", options)


def _cells(sample: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with contextlib.suppress(csv.Error):  # told when the whole is read
        rows.extend(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
    return [row for row in rows if any(cell.strip() for cell in row)]


def _parsed(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Each row that is not blank with the number of its line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise TableError(
            f"Line {reader.line_num} cannot be read: a cell is too long, or a quotation mark is not closed."
        ) from error
    return lines


def _columns(lines: Sequence[tuple[int, list[str]]], given: Mapping[str, str]) -> Columns | Question:
    first = lines[0][1]
    if recognized(first) >= 2:
        try:
            return read_header(first)
        except HeaderError as error:
            raise TableError(str(error)) from error
    if given.get("header") == "template":
        return in_template_order()
    if not looks_like_data(first):
        raise TableError("The first row names no columns that are known. Name them as the template does.")
    order = ", ".join(it.value for it in FIELDS[:6])
    return Question(
        "header",
        f"The table has no names of columns. Are they in this order: {order} …?",
        (("template", "Yes, in this order"),),
    )


def _mark(
    reader: RowReader, lines: Sequence[tuple[int, list[str]]], given: Mapping[str, str]
) -> Mark | Question:
    if "decimal" in given:
        return Mark(given["decimal"])
    evidence = gather(reader.numbers(lines))
    decided = evidence.decided
    if decided is not None:
        return decided
    why = (
        "Some numbers have a decimal dot, some a decimal comma. Which is meant? Rows with the other are bad."
        if evidence.is_mixed
        else f"“{evidence.example[:20]}” can be read two ways. What marks the decimals?"
    )
    return Question(
        "decimal",
        why,
        ((".", "A dot: 0.56, and 1,000 is a thousand"), (",", "A comma: 0,56, and 1.000 is a thousand")),
    )


def _capped(rows: Sequence[ReadRow]) -> tuple[ReadRow, ...]:
    """Good rows beyond what a batch holds get that as their reason."""
    kept, out = 0, []
    for row in rows:
        if not row.problems:
            kept += 1
            if kept > MOST_ROWS:
                row = replace(row, problems=(f"A batch holds at most {MOST_ROWS:,} rows.",))  # noqa: PLW2901
        out.append(row)
    return tuple(out)
