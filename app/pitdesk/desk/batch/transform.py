"""Changes to many rows at once: multiply the contracts, reverse the sides, shift the prices by ticks.

A row that cannot be changed exactly keeps what it has, and the sentence says how many did.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.desk.batch.ladder import count_text, price_text
from pitdesk.desk.batch.rows import BatchRow, Field, Texts, with_cells
from pitdesk.orders import Verb
from pitdesk.quantities import Count, Price, PriceRanges, QuantityError
from pitdesk.typed_text import parse_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.desk.batch.draft import BatchDraft
    from pitdesk.desk.batch.judge import BatchJudge

Changed = tuple[int, str]
"""How many rows were changed, and a sentence about those that were not, empty where there is none."""

_FACTOR = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?\Z", re.ASCII)
_MOST = 10_000_000 * 100
_REVERSED = {
    Verb.BUY_YES: Verb.SELL_YES,
    Verb.SELL_YES: Verb.BUY_YES,
    Verb.BUY_NO: Verb.SELL_NO,
    Verb.SELL_NO: Verb.BUY_NO,
}


def parse_factor(text: str) -> Fraction:
    """What contracts are multiplied by (``2``, ``0.5``); raises :class:`QuantityError`."""
    body = text.strip(" ").removeprefix("×").strip(" ")
    if _FACTOR.match(body) is None or not Fraction(body):
        raise QuantityError("Write what to multiply by with digits and one dot, like 2 or 0.5.")
    return Fraction(body)


def multiply(draft: BatchDraft, row_ids: Iterable[int], factor: Fraction) -> Changed:
    """Multiply the contracts of rows; how many, and a sentence about those that do not come out even."""
    kept: list[int] = []

    def change(row: BatchRow) -> Texts:
        try:
            units = parse_count(row.text(Field.COUNT)).units * factor
        except QuantityError:
            kept.append(row.row_id)
            return row.texts
        if units.denominator != 1 or not 0 < units <= _MOST:
            kept.append(row.row_id)
            return row.texts
        return with_cells(row.texts, {Field.COUNT: count_text(Count(int(units)))})

    return _done(draft, row_ids, change, "Multiply", kept, "no exact number of contracts comes out")


def reverse_sides(draft: BatchDraft, judge: BatchJudge, row_ids: Iterable[int]) -> Changed:
    """Buy becomes sell and sell becomes buy, of the same outcome at the same price."""
    kept: list[int] = []

    def change(row: BatchRow) -> Texts:
        verb = judge.verb(row.row_id)
        if verb is None:
            kept.append(row.row_id)
            return row.texts
        return with_cells(row.texts, {Field.VERB: _REVERSED[verb].value})

    return _done(draft, row_ids, change, "Reverse sides", kept, "they name no side")


def shift_prices(draft: BatchDraft, judge: BatchJudge, row_ids: Iterable[int], ticks: int) -> Changed:
    """Move prices by ``ticks`` of each market's own grid, up where above zero."""
    kept: list[int] = []

    def change(row: BatchRow) -> Texts:
        order = judge.verdict(row.row_id).draft
        grid = judge.grid(row.row_id)
        moved = None if order is None or grid is None else shifted(order.price, ticks, grid)
        if moved is None:
            kept.append(row.row_id)
            return row.texts
        return with_cells(row.texts, {Field.PRICE: price_text(moved)})

    return _done(draft, row_ids, change, "Shift prices", kept, "there is no price so far on, or none yet")


def shifted(price: Price, ticks: int, grid: PriceRanges) -> Price | None:
    """The price ``ticks`` legal prices above ``price`` (below where negative), None beyond the last."""
    found: Price | None = price
    for _ in range(abs(ticks)):
        if found is None:
            return None
        found = grid.up(found) if ticks > 0 else grid.down(found)
    return found


def _done(
    draft: BatchDraft,
    row_ids: Iterable[int],
    change: Callable[[BatchRow], Texts],
    name: str,
    kept: list[int],
    why: str,
) -> Changed:
    """Blank rows are passed over."""
    rows = [row_id for row_id in row_ids if (row := draft.row(row_id)) is not None and not row.is_blank]
    draft.map_rows(rows, change, name)
    if not kept:
        return len(rows), ""
    are = "1 row is" if len(kept) == 1 else f"{len(kept):,} rows are"
    return len(rows) - len(kept), f"{are} as before: {why}."
