"""The Fills tab: each execution of one's own orders, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from pitdesk.desk.table_csv import cents, dollars, instant, number
from pitdesk.orders import BookSide, Fill, Verb
from pitdesk_ui.instants import day_and_time, time_of_day
from pitdesk_ui.widgets.data_table import Align, ColorRole, ColumnSpec, DataTable, TableModel
from pitdesk_ui.widgets.tab_page import TabPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.desk.finder import Finder
    from pitdesk.desk.placed_verbs import PlacedVerbs
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.quantities import Price


@dataclass(frozen=True, slots=True)
class FillRow:
    """One execution, with its market's name and the verb that its order was placed by."""

    fill: Fill
    label: str
    verb: Verb

    @property
    def price(self) -> Price:
        """Of the outcome that the verb names."""
        return self.verb.outcome.restate(self.fill.yes_price)


def _rare(key: str, title: str, text: Callable[[FillRow], str], width: int) -> ColumnSpec[FillRow]:
    """A column that is hidden until it is shown."""
    return ColumnSpec(key, title, text, text, width=width, rare=True)


def _number_or_none(number_of: int | None) -> str:
    return "" if number_of is None else str(number_of)


COLUMNS: tuple[ColumnSpec[FillRow], ...] = (
    ColumnSpec(
        "time",
        "Time",
        lambda row: f"{day_and_time(row.fill.created_ms)[:-5]}{time_of_day(row.fill.created_ms)}",
        lambda row: row.fill.created_ms,
        width=130,
        in_file=lambda row: instant(row.fill.created_ms),
    ),
    ColumnSpec("market", "Market", lambda row: row.label, lambda row: row.label, width=280),
    ColumnSpec(
        "side",
        "Side",
        lambda row: row.verb.value,
        lambda row: row.verb.value,
        width=90,
        color=lambda row: ColorRole.POSITIVE if row.fill.book_side is BookSide.BID else ColorRole.NEGATIVE,
        tip="As the order was placed; one placed elsewhere is told on Yes",
    ),
    ColumnSpec(
        "count",
        "Contracts",
        lambda row: str(row.fill.count),
        lambda row: row.fill.count.units,
        align=Align.RIGHT,
        width=100,
        in_file=lambda row: number(row.fill.count),
    ),
    ColumnSpec(
        "price",
        "Price",
        lambda row: str(row.price),
        lambda row: row.price.units,
        align=Align.RIGHT,
        width=90,
        tip="Of the outcome that the side names",
        in_file=lambda row: cents(row.price),
        file_title="Price (cents)",
    ),
    ColumnSpec(
        "yes_price",
        "Yes price",
        lambda row: str(row.fill.yes_price),
        lambda row: row.fill.yes_price.units,
        align=Align.RIGHT,
        width=90,
        in_file=lambda row: cents(row.fill.yes_price),
        file_title="Yes price (cents)",
        rare=True,
    ),
    ColumnSpec(
        "fee",
        "Fee",
        lambda row: f"${row.fill.fee.to_wire(4)}",
        lambda row: row.fill.fee.units,
        align=Align.RIGHT,
        width=100,
        in_file=lambda row: dollars(row.fill.fee),
        file_title="Fee ($)",
    ),
    ColumnSpec(
        "role",
        "Role",
        lambda row: "Taker" if row.fill.is_taker else "Maker",
        lambda row: row.fill.is_taker,
        width=90,
        color=lambda row: ColorRole.MUTED,
    ),
    _rare("ticker", "Ticker", lambda row: row.fill.ticker, 240),
    _rare("subaccount", "Subaccount", lambda row: _number_or_none(row.fill.subaccount), 104),
    _rare("trade_id", "Trade ID", lambda row: row.fill.trade_id, 290),
    _rare("order_id", "Order ID", lambda row: row.fill.order_id, 290),
)


class FillsPanel(TabPage):
    """The table of fills."""

    market_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.table: DataTable[FillRow] = DataTable(
            TableModel(COLUMNS), "fills.table", "Fills", empty_text="No order of yours was filled yet."
        )
        self.table.sort_at_first("time", descending=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.table, 1)
        self.table.row_activated.connect(self._activated)

    def add(self, rows: dict[str, FillRow]) -> None:
        """Take in new fills by trade id."""
        self.table.rows.apply(added=rows, updated={})
        self.table.rows.resort()

    def clear(self) -> None:
        """Show none."""
        self.table.rows.reset_rows({})

    def _activated(self, key: str) -> None:
        row = self.table.rows.record(key)
        if row is not None:
            self.market_chosen.emit(row.fill.ticker)


class FillsPresenter:
    """Keeps the panel equal to the portfolio's fills."""

    def __init__(
        self, *, panel: FillsPanel, portfolio: Portfolio, finder: Finder, placed_verbs: PlacedVerbs
    ) -> None:
        self._panel = panel
        self._portfolio = portfolio
        self._finder = finder
        self._verbs = placed_verbs
        self._shown: set[str] = set()
        panel.clear()
        self._disconnects = [
            portfolio.fills_changed.connect(lambda _: self._add_new()),
            placed_verbs.learned.connect(self._tell_verbs),
            finder.changed.connect(lambda _: self._tell_again(self._portfolio.fills)),
        ]
        self._add_new()

    def close(self) -> None:
        """Stop following."""
        for disconnect in self._disconnects:
            disconnect()

    def _add_new(self) -> None:
        new = [fill for fill in self._portfolio.fills if fill.trade_id not in self._shown]
        self._shown.update(fill.trade_id for fill in new)
        self._panel.add({fill.trade_id: self._row(fill) for fill in reversed(new)})
        self._verbs.ask(new)

    def _tell_verbs(self, order_ids: frozenset[str]) -> None:
        self._tell_again(fill for fill in self._portfolio.fills if fill.order_id in order_ids)

    def _tell_again(self, fills: Iterable[Fill]) -> None:
        """Names come with the listing and verbs from the journal, both perhaps later than the fills."""
        held = self._panel.table.rows
        changed = {
            row.fill.trade_id: row
            for row in map(self._row, fills)
            if (shown := held.record(row.fill.trade_id)) is not None and shown != row
        }
        held.apply(added={}, updated=changed)

    def _row(self, fill: Fill) -> FillRow:
        return FillRow(fill, self._finder.label(fill.ticker), self._verbs.verb_of(fill))
