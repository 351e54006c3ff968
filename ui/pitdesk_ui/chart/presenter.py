"""Keeps the market panel true: facts, quote, history and the trades since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from pitdesk.clock import Clock
from pitdesk.quantities import COUNT_ZERO
from pitdesk_ui.chart.series import Bar, Span, bars_of, carried_to, fold_trade
from pitdesk_ui.chart.words import caption

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.cost import OrderCost
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.market_data import MarketData
    from pitdesk.markets import Market, PublicTrade
    from pitdesk.tasks import TaskOwner
    from pitdesk_ui.chart.panel import MarketPanel

_CARRY_TICK_MS = 15_000


class MarketPresenter:
    """Between the desk's stores and one :class:`MarketPanel`."""

    def __init__(
        self,
        *,
        panel: MarketPanel,
        market_data: MarketData,
        finder: Finder,
        owner: TaskOwner,
        clock: Clock | None = None,
    ) -> None:
        self._panel = panel
        self._market_data = market_data
        self._finder = finder
        self._owner = owner
        self._clock = clock or Clock()
        self._ticker = ""
        self._bars: tuple[Bar, ...] = ()
        self._newest_trade: str = ""
        self._is_loaded = False
        self._missed_some = False
        self._request = 0
        self._release: Callable[[], None] | None = None
        self._carry_timer = QTimer(panel)
        self._carry_timer.setInterval(_CARRY_TICK_MS)
        self._carry_timer.timeout.connect(self._on_carry_tick)
        panel.span_chosen.connect(self._on_span)
        self._disconnects = [
            market_data.quotes_changed.connect(self._on_quotes),
            market_data.market_changed.connect(self._on_market),
            market_data.trades_changed.connect(self._on_trades),
            market_data.book_changed.connect(self._on_book),
        ]

    def show_market(self, ticker: str) -> None:
        """Show another market from now on."""
        if ticker == self._ticker:
            return
        self._let_go()
        self._ticker = ticker
        self._release = self._market_data.watch(ticker) if ticker else None
        self._panel.show_draft_cost(None)
        self._panel.trades.show_trades(self._market_data.trades(ticker))
        self._show_facts()
        self.reload()
        self._carry_timer.start()

    def show_draft_cost(self, cost: OrderCost | None) -> None:
        """Show in the cards what the order in the ticket would leave behind."""
        self._panel.show_draft_cost(cost)

    def reload(self, quietly: bool = False) -> None:
        """Ask for the history again. ``quietly`` leaves what is shown until the answer is there."""
        self._request += 1
        self._is_loaded = self._missed_some = False
        if self._ticker and not self._owner.is_closing:
            if not quietly:
                self._bars = ()
                self._panel.show_message("Loading the price history…")
            work = self._load(self._request, self._ticker, self._panel.span)
            self._owner.spawn(f"price history of {self._ticker}", work)

    def close(self) -> None:
        """Look at nothing any more."""
        self._request += 1
        self._carry_timer.stop()
        for disconnect in self._disconnects:
            disconnect()
        self._disconnects.clear()
        self._let_go()

    def _let_go(self) -> None:
        if self._release is not None:
            self._release()
            self._release = None

    async def _load(self, request: int, ticker: str, span: Span) -> None:
        """Fetch and show, unless something else is wanted by the time it comes."""
        arrived = False
        try:
            candles = await self._market_data.candles(ticker, span.period_minutes, span.hours)
            arrived = True
        finally:
            if not arrived and request == self._request:
                self._panel.show_message("The price history did not come. Choose a range to ask again.")
        if request != self._request:
            return
        self._bars = bars_of(candles)
        self._is_loaded = True
        self._catch_up(span)
        self._show_bars()

    def _catch_up(self, span: Span) -> None:
        """Count in the trades that came while the history was on its way."""
        known_until = self._bars[-1].end_s * 1_000 if self._bars else 0
        trades = self._market_data.trades(self._ticker)
        for trade in reversed(trades):
            counted = trade.created_ms <= known_until
            self._bars = fold_trade(
                self._bars, replace(trade, count=COUNT_ZERO) if counted else trade, span.period_s
            )
        self._newest_trade = trades[0].trade_id if trades else ""

    def _on_trades(self, ticker: str) -> None:
        if ticker != self._ticker:
            return
        self._panel.trades.show_trades(self._market_data.trades(ticker))
        if not self._is_loaded:
            return
        for trade in reversed(self._new_trades()):
            self._bars = fold_trade(self._bars, trade, self._panel.span.period_s)
        self._show_bars()

    def _new_trades(self) -> list[PublicTrade]:
        """Those not counted in yet, newest first."""
        found: list[PublicTrade] = []
        for trade in self._market_data.trades(self._ticker):
            if trade.trade_id == self._newest_trade:
                break
            found.append(trade)
        if found:
            self._newest_trade = found[0].trade_id
        return found

    def _on_book(self, ticker: str) -> None:
        """A book that was lost and is live again: the history fills the hole of the trades missed."""
        if ticker != self._ticker:
            return
        view = self._market_data.book(ticker)
        if view.book is not None and not view.fresh:
            self._missed_some = True
        elif view.fresh and self._missed_some:
            self.reload(quietly=True)

    def _on_carry_tick(self) -> None:
        """Time goes on without trades: the line does too."""
        if self._is_loaded and self._bars:
            self._show_bars()

    def _show_bars(self) -> None:
        span = self._panel.span
        self._bars = carried_to(self._bars, self._clock.wall_ms() // 1_000, span)
        self._panel.show_bars(self._bars, self._market_data.quote(self._ticker).last)

    def _on_span(self, span: Span) -> None:
        self.reload()

    def _on_quotes(self, tickers: frozenset[str]) -> None:
        if self._ticker in tickers:
            self._show_facts()

    def _on_market(self, ticker: str) -> None:
        if ticker == self._ticker:
            self._show_facts()

    def _show_facts(self) -> None:
        market = self._market_data.market(self._ticker) or self._finder.market(self._ticker)
        if market is None:
            facts = f"{self._ticker} is not listed." if self._ticker else ""
            self._panel.show_market(self._ticker or "No market chosen", facts, "")
            return
        quote = self._market_data.quote(self._ticker)
        self._panel.show_market(self._question(market), caption(market, quote), _rules(market))
        self._panel.show_quote(quote)

    def _question(self, market: Market) -> str:
        """The market's own title; where it shares that with its event, the outcome's name stands beside."""
        event = self._finder.event_of(market.ticker)
        title = market.title or self._finder.label(market.ticker)
        shared = event is not None and (
            title == event.title
            or any(one.title == title and one.ticker != market.ticker for one in event.markets)
        )
        return f"{title} · {market.yes_sub_title}" if shared and market.yes_sub_title else title


def _rules(market: Market) -> str:
    return "\n\n".join(text for text in (market.rules_primary, market.rules_secondary) if text)
