"""What the History tab says of an order that is over, column by column."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pitdesk.desk.blotter_row import BlotterRow, RowPhase
from pitdesk.desk.table_csv import dollars, instant
from pitdesk_ui.blotter.columns import Label, order_columns, rare_columns, search_text
from pitdesk_ui.instants import day_and_time, local
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.quantities import Dollars

_LEFT_OUT = frozenset({"remaining", "committed", "placed"})  # of an order that lives
# The exchange's words for the last thing that happened to an order (FACTS §8). Those of usual ways say
# nothing that the status does not; one that is not known here is shown as it is.
_REASONS = {
    "Trade": "",
    "Amend": "",
    "Decrease": "",
    "ExpiryCancel": "",
    "MarginCancel": "Cash no longer covered it",
    "SelfTradeCancel": "It met an order of your own",
    "CloseCancel": "The market closed",
    "HaltCancel": "Trading was halted",
    "PostOnlyCrossCancel": "Post only: it would have traded",
    "ReduceOnlyCancel": "Nothing was left to reduce",
    "SettlementBoundsCancel": "Outside the settlement bounds",
}
_TIPS = {
    "ended": "The exchange's last word on it; empty where it never had the order.",
    "reason": "Why it was refused or not sent, or what took it off the book.",
}


def history_columns(label: Label) -> tuple[ColumnSpec[BlotterRow], ...]:
    """The columns; ``label`` names a market by its ticker."""
    rare = (column for column in rare_columns() if column.key not in _LEFT_OUT)
    return (
        _moment_column("placed", "Placed", _placed_ms),
        *order_columns(label),
        ColumnSpec("status", "Status", _status, _status, width=150, color=status_color),
        _moment_column("ended", "Ended", _ended_ms, tip=_TIPS["ended"]),
        ColumnSpec(
            "fees",
            "Fees",
            lambda row: str(fees) if (fees := _fees(row)) else "—",
            lambda row: fees.units if (fees := _fees(row)) else 0,
            align=Align.RIGHT,
            width=86,
            in_file=lambda row: dollars(_fees(row)),
            file_title="Fees ($)",
        ),
        ColumnSpec("source", "Source", lambda row: row.source_text, lambda row: row.source_text, width=100),
        ColumnSpec("reason", "Reason", _reason, _reason, width=200, tip=_TIPS["reason"]),
        ColumnSpec("tif", "Time in force", _time_in_force, _time_in_force, width=110, rare=True),
        *rare,
    )


def _moment_column(
    key: str, title: str, at_ms: Callable[[BlotterRow], int | None], tip: str = ""
) -> ColumnSpec[BlotterRow]:
    return ColumnSpec(
        key,
        title,
        lambda row: _moment(at_ms(row)),
        lambda row: at_ms(row) or 0,
        width=126,
        tip=tip,
        in_file=lambda row: instant(at_ms(row)),
    )


def history_search_text(label: Label) -> Callable[[BlotterRow], str]:
    """What the filter looks in: what that of working orders does, the reason, and the day as it is shown."""
    usual = search_text(label)
    return lambda row: f"{usual(row)} {_status(row)} {_reason(row)} {_moment(row.created_ms)}"


def status_color(row: BlotterRow) -> ColorRole:
    """Green where all of it filled, amber where some of it did, red where it was refused."""
    if row.phase is RowPhase.REFUSED:
        return ColorRole.NEGATIVE
    if row.filled and row.filled == row.count:
        return ColorRole.POSITIVE
    return ColorRole.WARNING if row.filled else ColorRole.MUTED


def _status(row: BlotterRow) -> str:
    return row.status_text


def _placed_ms(row: BlotterRow) -> int | None:
    return row.created_ms


def _ended_ms(row: BlotterRow) -> int | None:
    return row.order.updated_ms if row.order is not None else None


def _fees(row: BlotterRow) -> Dollars | None:
    return row.order.fees if row.order is not None else None


def _time_in_force(row: BlotterRow) -> str:
    return row.intent.draft.time_in_force.short if row.intent is not None else ""


def _reason(row: BlotterRow) -> str:
    if row.note:
        return row.note
    word = (row.order.last_update_reason if row.order is not None else None) or ""
    return _REASONS.get(word, word)


def _moment(at_ms: int | None) -> str:
    """``Dec 9 14:00``, with the year where it is not this one; a dash where there is none."""
    if at_ms is None:
        return "—"
    year = local(at_ms).year
    day, _, clock = day_and_time(at_ms).rpartition(" ")
    return f"{day} {clock}" if year == local(_now_ms()).year else f"{day} {year} {clock}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
