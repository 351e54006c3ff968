"""From the cells of a table's row to the texts of a row of the sheet, or to the reasons why not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.desk.batch.cells import CellReader, character_name, find_unseen
from pitdesk.desk.batch.csv_numbers import Mark, has_unit, is_below_one, plain_number
from pitdesk.desk.batch.csv_safety import is_formula, unguarded
from pitdesk.desk.batch.rows import FIELDS, BatchRow, Field, Texts, texts_of
from pitdesk.markets import Market, MarketStatus, Quote
from pitdesk.quantities import PRICE_ONE, PRICE_ZERO, Price, PriceRange, PriceRanges

if TYPE_CHECKING:
    from pitdesk.desk.batch.csv_headers import Columns

Lines = Sequence[tuple[int, list[str]]]

_NUMBERS = (Field.PRICE, Field.COUNT)
_WHERE = {it: it.value.lower() for it in FIELDS}
# The finest grid there is: what a market's own grid says of a price is the verdict's to tell.
_ANY_MARKET = Market(
    ticker="ANY",
    event_ticker="",
    title="",
    yes_sub_title="",
    no_sub_title="",
    status=MarketStatus.ACTIVE,
    price_ranges=PriceRanges((PriceRange(PRICE_ZERO, PRICE_ONE, Price(1)),)),
    open_ms=0,
    close_ms=253_370_764_800_000,
    quote=Quote(),
)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a table. ``line`` counts from 1 as an editor shows it; ``problems`` say why it is bad,
    ``fault`` what the sheet will have against it."""

    line: int
    texts: Texts
    problems: tuple[str, ...] = ()
    fault: str = ""


class RowReader:
    """Reads rows by the columns of one table."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._cells = CellReader(lambda text: _ANY_MARKET if text else None)
        self._ids: dict[str, int] = {}
        self._grouped = False

    def numbers(self, lines: Lines) -> Iterator[str]:
        """The cells that hold prices and counts."""
        for _, cells in lines:
            for it in _NUMBERS:
                yield self._cell(cells, it)

    def unit_is_open(self, lines: Lines, mark: Mark) -> bool:
        """Whether a price without a unit could be cents and dollars."""
        for _, cells in lines:
            price = plain_number(self._cell(cells, Field.PRICE), mark)
            if price is not None and not has_unit(price) and is_below_one(price):
                return True
        return False

    def rows(self, lines: Lines, mark: Mark, unit: str) -> list[ReadRow]:
        """Every row with its texts, and its reasons where it cannot be an order."""
        return [self._row(line, cells, mark, unit) for line, cells in lines]

    def said(self, mark: Mark, unit: str) -> list[str]:
        """How the numbers were read."""
        said = [f"Prices are in {unit}, where they do not say otherwise."]
        if mark is Mark.COMMA:
            said.append("A comma marks decimals: 0,56 is read as 0.56.")
        if self._grouped:
            said.append(f"“{mark.other.value}” groups thousands.")
        return said

    def _row(self, line: int, cells: list[str], mark: Mark, unit: str) -> ReadRow:
        problems = [*self._width(cells), *_unfit(cells)]
        texts = {it: unguarded(self._cell(cells, it)) for it in self._columns.places}
        self._join_side(cells, texts)
        for it in _NUMBERS:
            problem = self._number(it, texts, mark, unit)
            if problem:
                problems.append(problem)
        row = BatchRow(0, texts_of({it: text.strip(" ") for it, text in texts.items()}))
        if not problems:
            problems = [*self._empty(row), *self._repeated(row, line)] or self._wrong(row)
        return ReadRow(line, row.texts, tuple(problems))

    def _cell(self, cells: Sequence[str], it: Field) -> str:
        place = self._columns.places.get(it)
        return cells[place] if place is not None and place < len(cells) else ""

    def _join_side(self, cells: Sequence[str], texts: dict[Field, str]) -> None:
        action, outcome = self._columns.action, self._columns.outcome
        if action is None or outcome is None:
            return
        words = [cells[place].strip() if place < len(cells) else "" for place in (action, outcome)]
        texts[Field.VERB] = " ".join(word for word in words if word)

    def _width(self, cells: Sequence[str]) -> list[str]:
        if len(cells) >= self._columns.width or (self._columns.unknown == () and len(cells) >= 4):
            return []
        return [f"It has {len(cells)} cells where the columns need {self._columns.width}."]

    def _number(self, it: Field, texts: dict[Field, str], mark: Mark, unit: str) -> str:
        text = texts.get(it, "")
        plain = plain_number(text, mark)
        if plain is None:
            said = "comma" if mark is Mark.COMMA else "dot"
            return f"“{text.strip()[:20]}” in {_WHERE[it]} is not written with a decimal {said}."
        self._grouped = self._grouped or mark.other.value in text
        if it is Field.PRICE and unit == "dollars" and plain and not has_unit(plain):
            plain = f"${plain}" if plain[:1].isdigit() else plain
        texts[it] = plain
        return ""

    def _empty(self, row: BatchRow) -> list[str]:
        missing = [
            it.value.lower()
            for it in (Field.MARKET, Field.VERB, Field.PRICE, Field.COUNT)
            if not row.text(it).strip()
        ]
        if not missing:
            return []
        why = " Merged cells hold their value in the first row only." if len(missing) < 4 else ""
        return [f"There is nothing in {' and '.join(missing)}.{why}"]

    def _repeated(self, row: BatchRow, line: int) -> list[str]:
        used = row.text(Field.CLIENT_ORDER_ID).strip()
        if not used:
            return []
        first = self._ids.setdefault(used, line)
        return [] if first == line else [f"Line {first} has the same order id; each order needs its own."]

    def _wrong(self, row: BatchRow) -> list[str]:
        return [remark.sentence for remark in self._cells.read(row, 0).remarks]


def _unfit(cells: Iterable[str]) -> list[str]:
    """What may not stand in any cell."""
    problems = []
    for cell in cells:
        unseen = find_unseen(cell)
        if unseen is not None:
            problems.append(f"It has a character that cannot be seen: {character_name(unseen)}.")
            break
    for cell in cells:
        if is_formula(cell) and not _is_number(cell):
            problems.append(f"“{cell.strip()[:20]}” looks like a formula, not like a value.")
            break
    return problems


def _is_number(cell: str) -> bool:
    try:
        Fraction(cell.strip())
    except (ValueError, ZeroDivisionError):
        return False
    return True
