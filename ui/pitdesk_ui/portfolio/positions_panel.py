"""The Positions tab: what is held in each market, what it would bring now, and what it has brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from pitdesk.orders import Outcome
from pitdesk.quantities import DOLLARS_ZERO, Dollars
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.panel import plain_label
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.market_data import MarketData
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.markets import Position


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
    ),
    ColumnSpec(
        "average",
        "Average price",
        lambda row: str(row.position.average_price or "—"),
        lambda row: row.position.average_price.units if row.position.average_price else 0,
        align=Align.RIGHT,
        width=110,
        tip="What one contract of the outcome held cost, fees aside",
    ),
    ColumnSpec(
        "cost",
        "Cost",
        lambda row: str(row.position.exposure),
        lambda row: row.position.exposure.units,
        align=Align.RIGHT,
        width=100,
    ),
    ColumnSpec(
        "value",
        "Value at the bid",
        lambda row: _money(row.value),
        lambda row: _units(row.value),
        align=Align.RIGHT,
        width=120,
    ),
    ColumnSpec(
        "open",
        "Open result",
        lambda row: _money(row.open_result, signed=True),
        lambda row: _units(row.open_result),
        align=Align.RIGHT,
        width=110,
        color=lambda row: _signed_color(row.open_result),
    ),
    ColumnSpec(
        "realized",
        "Realized",
        lambda row: _money(row.position.realized, signed=True),
        lambda row: row.position.realized.units,
        align=Align.RIGHT,
        width=100,
        color=lambda row: _signed_color(row.position.realized),
    ),
    ColumnSpec(
        "fees",
        "Fees",
        lambda row: str(row.position.fees),
        lambda row: row.position.fees.units,
        align=Align.RIGHT,
        width=90,
    ),
)


class PositionsPanel(TabPage):
    """The table and its total."""

    market_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.table: DataTable[PositionRow] = DataTable(
            TableModel(COLUMNS), "positions.table", "Positions", empty_text="You hold no position."
        )
        self._total = plain_label("", "caption")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._total)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.addLayout(foot)
        layout.addWidget(self.table, 1)
        self.table.row_activated.connect(self.market_chosen)
        self._total.setAlignment(Qt.AlignmentFlag.AlignRight)

    def show_rows(self, rows: dict[str, PositionRow]) -> None:
        """Show exactly ``rows``, by ticker; those that stayed keep their place and selection."""
        model = self.table.rows
        held = set(model.shown_keys())
        model.apply(
            added={key: row for key, row in rows.items() if key not in held},
            updated={key: row for key, row in rows.items() if key in held and model.record(key) != row},
            removed=held - rows.keys(),
        )
        value = sum((row.value or DOLLARS_ZERO for row in rows.values()), DOLLARS_ZERO)
        self._total.setText(f"{len(rows)} held   ·   worth {value}" if rows else "")


class PositionsPresenter:
    """Keeps the panel equal to the portfolio, marked at the quotes."""

    def __init__(
        self, *, panel: PositionsPanel, portfolio: Portfolio, market_data: MarketData, finder: Finder
    ) -> None:
        self._panel = panel
        self._portfolio = portfolio
        self._finder = finder
        self._disconnects = [
            portfolio.changed.connect(lambda _: self._render()),
            market_data.quotes_changed.connect(self._quotes_changed),
            finder.changed.connect(lambda _: self._render()),
        ]
        self._render()

    def close(self) -> None:
        """Stop following."""
        for disconnect in self._disconnects:
            disconnect()

    def _quotes_changed(self, tickers: frozenset[str]) -> None:
        if not tickers.isdisjoint(self._portfolio.positions):
            self._render()

    def _render(self) -> None:
        rows = {
            ticker: PositionRow(position, self._finder.label(ticker), self._portfolio.value_of(ticker))
            for ticker, position in self._portfolio.positions.items()
        }
        self._panel.show_rows(rows)
