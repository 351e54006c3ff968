"""The Positions tab's mind: positions at the quotes, events with all orders, and orders that close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.event_results import event_results
from pitdesk.orders import Outcome, Verb
from pitdesk_ui.portfolio.positions_columns import PositionRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.market_data import MarketData
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.quantities import Count
    from pitdesk_ui.portfolio.positions_panel import PositionsPanel

    FillTicket = Callable[[str, Verb, Count], object]


class PositionsPresenter:
    """Keeps the panel equal to the portfolio, marked at the quotes, and the orders that may change it."""

    def __init__(
        self,
        *,
        panel: PositionsPanel,
        portfolio: Portfolio,
        market_data: MarketData,
        finder: Finder,
        blotter: Blotter,
        fill_ticket: FillTicket,
    ) -> None:
        """``fill_ticket`` is given a market, a verb and contracts, to be looked at and sent by the person."""
        self._panel, self._blotter = panel, blotter
        self._portfolio = portfolio
        self._finder = finder
        self._fill_ticket = fill_ticket
        self._disconnects = [
            portfolio.changed.connect(lambda _: self._render()),
            market_data.quotes_changed.connect(self._quotes_changed),
            finder.changed.connect(lambda _: self._render()),
            blotter.changed.connect(lambda _: self._render_events()),
        ]
        panel.table.selection_changed.connect(lambda: panel.allow(panel.selected()))
        panel.view_changed.connect(self._render)
        panel.close_wanted.connect(lambda: self._order(1))
        panel.reverse_wanted.connect(lambda: self._order(2))
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
        self._panel.allow(self._panel.selected())
        self._render_events()

    def _render_events(self) -> None:
        """Only while they are looked at: all orders of the account may be in them."""
        if not self._panel.by_event.isChecked():
            return
        results = event_results(self._portfolio.positions, self._blotter.sums, self._finder)
        markets = {result.event: next(iter(result.scenarios)).ticker for result in results}
        self._panel.events.show_results(
            results, lambda event: self._event_name(event, markets[event]), self._finder.outcome_label
        )

    def _event_name(self, event: str, ticker: str) -> str:
        listed = self._finder.event_of(ticker)
        return self._finder.event_label(listed) if listed is not None else event

    def _order(self, times: int) -> None:
        """Sell what is held, once to close, twice to hold as much of the other outcome."""
        row = self._panel.selected()
        if row is not None:
            verb = Verb.SELL_YES if row.outcome is Outcome.YES else Verb.SELL_NO
            count = abs(row.position.count)
            self._fill_ticket(row.position.ticker, verb, count if times == 1 else count + count)
