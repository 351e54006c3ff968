"""The columns of the sheet: the order's own fields, then what the desk says of each row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.desk.batch.results import RowEnd
from pitdesk.desk.batch.rows import FIELDS, Field
from pitdesk.desk.batch.verdicts import BLANK_VERDICT, Standing
from pitdesk_ui.instants import day_and_time
from pitdesk_ui.widgets.data_table_columns import Align, ColorRole

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.batch.results import RowResult
    from pitdesk.desk.batch.rows import BatchRow
    from pitdesk.desk.batch.verdicts import RowVerdict
    from pitdesk.orders import OrderDraft

_PLAIN_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,4})?\Z")


ON_THEIR_WAY = "These rows are on their way: wait for their answer."


class Said(Enum):
    """The columns that nobody types into. The value is the header."""

    ALL_IN = "All-in"
    CHECK = "Check"
    RESULT = "Result"


Column = Field | Said
COLUMNS: tuple[Column, ...] = (*FIELDS, *Said)
RIGHT = frozenset({Field.PRICE, Field.COUNT, Field.SUBACCOUNT, Field.EXCHANGE_INDEX, Said.ALL_IN})
TIPS: dict[Column, str] = {
    Field.MARKET: "Type a ticker, a title or an outcome; the list below the cell completes it.",
    Field.VERB: "Buy Yes, Buy No, Sell Yes or Sell No; bn is short for Buy No.",
    Field.PRICE: "The limit, in cents of the outcome that Side names.",
    Field.EXPIRES: "When a resting order ends, in your own time zone. Empty: when the market closes.",
    Said.ALL_IN: "Price times contracts and the most that fees can be.",
    Said.CHECK: "What the desk says of the row before it is sent.",
    Said.RESULT: "What became of the row after it was sent.",
}


def place_of(column: Column) -> int:
    """The number of a column in the sheet, from 0."""
    return _PLACES[column]


_PLACES = {column: place for place, column in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with what is said of it."""

    row: BatchRow
    verdict: RowVerdict = BLANK_VERDICT
    result: RowResult | None = None

    @property
    def is_live(self) -> bool:
        """On its way, at the exchange, or perhaps there: its cells are what was sent and stay as they are."""
        return self.result is not None and not self.result.end.may_be_sent_again

    @property
    def is_on_its_way(self) -> bool:
        """Sent, and not answered yet."""
        return self.result is not None and self.result.end is RowEnd.WAITING


def align_of(column: Column) -> Align:
    """Numbers to the right, words to the left."""
    return Align.RIGHT if column in RIGHT else Align.LEFT


def cell_text(held: SheetRow, column: Column, label: Callable[[str], str]) -> str:
    """What a cell shows. A cell that is understood is shown as it is meant, any other as it was typed."""
    if isinstance(column, Said):
        return _said(held, column)
    typed = held.row.text(column)
    draft = held.verdict.draft
    if draft is not None and column in _MEANT:
        return _MEANT[column](draft, label)
    return _typed(held.row, column, typed, label)


def cell_color(held: SheetRow, column: Column) -> ColorRole:
    """The colour's meaning in a cell."""
    if column is Field.VERB:
        draft = held.verdict.draft
        word = draft.verb.value if draft is not None else held.row.text(Field.VERB).strip().title()
        return _VERB_COLORS.get(word, ColorRole.TEXT)
    if column is Said.CHECK:
        return _STANDING_COLORS[held.verdict.standing]
    if column is Said.RESULT and held.result is not None:
        return _result_color(held.result)
    return ColorRole.TEXT


def is_bad(held: SheetRow, column: Column) -> bool:
    """Whether the cell is the one that the check speaks of and must be put right."""
    return held.verdict.standing is Standing.FIX and any(
        remark.field is column for remark in held.verdict.remarks if remark.standing is Standing.FIX
    )


def cell_tip(held: SheetRow, column: Column) -> str:
    """Every remark on the row over Check, those on the cell over the cell, the whole text over Result."""
    if column is Said.RESULT:
        return held.result.text if held.result is not None else ""
    remarks = held.verdict.remarks
    if column is not Said.CHECK:
        remarks = tuple(remark for remark in remarks if remark.field is column)
    return "\n".join(remark.sentence for remark in remarks)


def said_order(held: SheetRow, column: Said) -> tuple[int, int, str]:
    """Where a row comes when the sheet is ordered by what is said of it: trouble first, the dearest first."""
    if column is Said.CHECK:
        return (-int(held.verdict.standing), 0, held.verdict.text)
    if column is Said.RESULT:
        return (int(held.result is None), 0, held.result.text if held.result is not None else "")
    all_in = held.verdict.all_in
    return (int(all_in is None), 0 if all_in is None else -all_in.units, "")


def _said(held: SheetRow, column: Said) -> str:
    if column is Said.CHECK:
        return held.verdict.text
    if column is Said.RESULT:
        return held.result.text if held.result is not None else ""
    if held.verdict.all_in is not None:
        return str(held.verdict.all_in.cents_up())
    return "" if held.verdict.standing is Standing.BLANK else "—"


def _typed(row: BatchRow, column: Field, typed: str, label: Callable[[str], str]) -> str:
    text = typed.strip()
    if not text:
        return "" if row.is_blank else _WHEN_EMPTY.get(column, "")
    if column is Field.MARKET:
        return label(text)
    if column is Field.PRICE and _PLAIN_NUMBER.match(text):
        return f"{text}¢"
    if column is Field.VERB and text.title() in _VERB_COLORS:
        return text.title()
    return typed


def _expires(draft: OrderDraft, _label: object) -> str:
    return "—" if draft.expiration_s is None else day_and_time(draft.expiration_s * 1_000)


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"


_MEANT: dict[Field, Callable[[OrderDraft, Callable[[str], str]], str]] = {
    Field.MARKET: lambda draft, label: label(draft.ticker),
    Field.VERB: lambda draft, _: draft.verb.value,
    Field.PRICE: lambda draft, _: str(draft.price),
    Field.COUNT: lambda draft, _: str(draft.count),
    Field.TIME_IN_FORCE: lambda draft, _: draft.time_in_force.short,
    Field.POST_ONLY: lambda draft, _: _yes_no(draft.post_only),
    Field.EXPIRES: _expires,
    Field.REDUCE_ONLY: lambda draft, _: _yes_no(draft.reduce_only),
    Field.CANCEL_ON_PAUSE: lambda draft, _: _yes_no(draft.cancel_order_on_pause),
}
_WHEN_EMPTY = {Field.TIME_IN_FORCE: "GTC", Field.POST_ONLY: "no", Field.EXPIRES: "—"}
_VERB_COLORS = {
    "Buy Yes": ColorRole.POSITIVE,
    "Buy No": ColorRole.NEGATIVE,
    "Sell Yes": ColorRole.NEGATIVE,
    "Sell No": ColorRole.POSITIVE,
}
_STANDING_COLORS = {
    Standing.BLANK: ColorRole.MUTED,
    Standing.DONE: ColorRole.MUTED,
    Standing.READY: ColorRole.POSITIVE,
    Standing.NOTE: ColorRole.POSITIVE,
    Standing.ASK: ColorRole.WARNING,
    Standing.FIX: ColorRole.NEGATIVE,
}
_END_COLORS = {
    RowEnd.WAITING: ColorRole.MUTED,
    RowEnd.REFUSED: ColorRole.NEGATIVE,
    RowEnd.UNCONFIRMED: ColorRole.WARNING,
    RowEnd.NOT_SENT: ColorRole.MUTED,
}


def _result_color(result: RowResult) -> ColorRole:
    """Resting in blue, partly filled in amber, wholly filled in green."""
    if result.end is not RowEnd.PLACED:
        return _END_COLORS[result.end]
    text = result.text.casefold()
    if text.startswith("resting"):
        return ColorRole.ACCENT
    if "resting" in text:
        return ColorRole.WARNING
    return ColorRole.POSITIVE if "filled" in text else ColorRole.MUTED
