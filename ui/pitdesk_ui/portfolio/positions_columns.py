"""What the Positions tab says of a position, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pitdesk.desk.positions import gain
from pitdesk.desk.table_csv import cents, dollars, number
from pitdesk.orders import Outcome
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.markets import Position
    from pitdesk.quantities import Dollars


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One position with its name and its value now (None where nobody bids for what is held)."""

    position: Position
    label: str
    value: Dollars | None

    @property
    def outcome(self) -> Outcome:
        """The outcome held."""
        return Outcome.YES if self.position.count.units > 0 else Outcome.NO

    @property
    def open_result(self) -> Dollars | None:
        """Value less what the position cost; fees are their own column."""
        return None if self.value is None else self.value - self.position.exposure

    @property
    def result(self) -> Dollars | None:
        """Everything: realized, fees, and what it would bring now less what it cost."""
        return None if self.value is None else gain(self.position, self.value)


def _signed_color(amount: Dollars | None) -> ColorRole:
    if amount is None or not amount:
        return ColorRole.MUTED
    return ColorRole.POSITIVE if amount.units > 0 else ColorRole.NEGATIVE


def _units(amount: Dollars | None) -> int:
    return amount.units if amount is not None else -(10**15)


def _money(amount: Dollars | None, *, signed: bool = False) -> str:
    if amount is None:
        return "—"
    return amount.signed() if signed else str(amount)


def _figures(
    key: str,
    title: str,
    of: Callable[[PositionRow], Dollars | None],
    width: int,
    *,
    signed: bool = False,
    **more: Any,
) -> ColumnSpec[PositionRow]:
    """A column of dollars; ``signed`` ones wear the colour of gain and loss."""
    return ColumnSpec(
        key,
        title,
        lambda row: _money(of(row), signed=signed),
        lambda row: _units(of(row)),
        align=Align.RIGHT,
        width=width,
        color=(lambda row: _signed_color(of(row))) if signed else None,
        in_file=lambda row: dollars(of(row)),
        file_title=f"{title} ($)",
        **more,
    )


COLUMNS: tuple[ColumnSpec[PositionRow], ...] = (
    ColumnSpec("market", "Market", lambda row: row.label, lambda row: row.label, width=280),
    ColumnSpec(
        "held",
        "Held",
        lambda row: f"{abs(row.position.count)} {row.outcome.word}",
        lambda row: row.position.count.units,
        align=Align.RIGHT,
        width=110,
        color=lambda row: ColorRole.POSITIVE if row.outcome is Outcome.YES else ColorRole.NEGATIVE,
        in_file=lambda row: number(row.position.count),
        file_title="Held (Yes; below zero No)",
    ),
    ColumnSpec(
        "average",
        "Average price",
        lambda row: str(row.position.average_price or "—"),
        lambda row: row.position.average_price.units if row.position.average_price else 0,
        align=Align.RIGHT,
        width=110,
        tip="What one contract of the outcome held cost, fees aside",
        in_file=lambda row: cents(row.position.average_price),
        file_title="Average price (cents)",
    ),
    _figures("cost", "Cost", lambda row: row.position.exposure, 100),
    _figures("value", "Value at the bid", lambda row: row.value, 120),
    _figures("open", "Open result", lambda row: row.open_result, 110, signed=True, tip="Value less cost"),
    _figures("realized", "Realized", lambda row: row.position.realized, 100, signed=True),
    _figures("fees", "Fees", lambda row: row.position.fees, 90),
    _figures(
        "result",
        "Result",
        lambda row: row.result,
        110,
        signed=True,
        tip="Open result and what is realized, less fees",
    ),
    _figures("traded", "Traded", lambda row: row.position.total_traded, 110, rare=True),
    ColumnSpec(
        "ticker",
        "Ticker",
        lambda row: row.position.ticker,
        lambda row: row.position.ticker,
        width=240,
        rare=True,
    ),
)
