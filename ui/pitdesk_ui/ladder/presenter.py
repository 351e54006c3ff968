"""Keeps the ladder true: follows the book, the last trade and the own orders of the market shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from pitdesk.desk.blotter import Blotter, BlotterChanges, BlotterRow, RowPhase
from pitdesk.desk.closing_result import Closing
from pitdesk_ui.ladder.rows import Chips, LadderPicture, OwnOrder, chips_of, headline, ladder_prices

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.finder import Finder
    from pitdesk.desk.market_data import BookView, MarketData
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.markets import Market
    from pitdesk.quantities import Price
    from pitdesk_ui.ladder.panel import LadderPanel

_AGE_TICK_MS = 1_000


class LadderPresenter:
    """Between the desk's stores and one :class:`LadderPanel`, whose signals are its owner's to connect."""

    def __init__(
        self,
        *,
        panel: LadderPanel,
        market_data: MarketData,
        blotter: Blotter,
        finder: Finder,
        portfolio: Portfolio,
    ) -> None:
        self._panel = panel
        self._market_data = market_data
        self._blotter = blotter
        self._finder = finder
        self._portfolio = portfolio
        self._closing: Closing | None = None
        self._ticker = ""
        self._chips: Chips = {}
        self._release: Callable[[], None] | None = None
        self._age_timer = QTimer(panel)
        self._age_timer.setInterval(_AGE_TICK_MS)
        self._age_timer.timeout.connect(self._on_age_tick)
        self._disconnects = [
            market_data.book_changed.connect(self._on_ticker),
            market_data.market_changed.connect(self._on_ticker),
            market_data.quotes_changed.connect(self._on_quotes),
            blotter.changed.connect(self._on_orders),
            portfolio.changed.connect(self._on_portfolio),
        ]

    def show_market(self, ticker: str) -> None:
        """Show another market from now on, centered on its touch."""
        if ticker == self._ticker:
            return
        self._let_go()
        self._ticker = ticker
        self._panel.say("")
        self._release = self._market_data.watch(ticker) if ticker else None
        self._chips = self._own_chips()
        self._age_timer.start()
        self._render()

    def close(self) -> None:
        """Look at nothing any more."""
        self._age_timer.stop()
        for disconnect in self._disconnects:
            disconnect()
        self._disconnects.clear()
        self._let_go()

    def _let_go(self) -> None:
        if self._release is not None:
            self._release()
            self._release = None

    def _on_ticker(self, ticker: str) -> None:
        if ticker == self._ticker:
            self._render()

    def _on_quotes(self, tickers: frozenset[str]) -> None:
        if self._ticker in tickers:
            self._render()

    def _on_orders(self, changes: BlotterChanges) -> None:
        if self._ticker not in changes.tickers:
            return  # with thousands of own orders here, other markets would make their chips again each frame
        chips = self._own_chips()
        if chips != self._chips:
            self._chips = chips
            self._render()

    def _on_portfolio(self, _nothing: None) -> None:
        held = self._portfolio.positions.get(self._ticker)
        if held != (self._closing.position if self._closing is not None else None):
            self._render()

    def _on_age_tick(self) -> None:
        """A book that is not confirmed says how old it is, every second."""
        if not self._panel.grid.picture.fresh or not self._market_data.book(self._ticker).fresh:
            self._render()

    def _own_chips(self) -> Chips:
        if not self._ticker:
            return {}
        return chips_of(_own_order(row) for row in self._blotter.own_orders(self._ticker))

    def _render(self) -> None:
        market = self._market_data.market(self._ticker) or self._finder.market(self._ticker)
        if market is None:
            waiting = f"{self._ticker} is not listed." if self._ticker else LadderPicture().waiting
            self._panel.show_ladder(LadderPicture(ticker=self._ticker, waiting=waiting), "")
            return
        quote = self._market_data.quote(self._ticker)
        picture = self._picture(market, quote.last)
        self._panel.show_ladder(picture, headline(quote, picture))

    def _picture(self, market: Market, last: Price | None) -> LadderPicture:
        view = self._market_data.book(self._ticker)
        book = view.book
        levels = (*book.bids, *book.asks) if book is not None else ()
        prices, stray = ladder_prices(market, (*levels, *(place[1] for place in self._chips)))
        self._closing = self._how_to_close(view)
        return LadderPicture(
            ticker=self._ticker,
            prices=prices,
            grid=market.price_ranges,
            off_grid=stray,
            book=book,
            fresh=view.fresh and book is not None,
            age_s=view.age_s,
            last=last,
            chips=self._chips,
            tradable=market.status.takes_orders,
            closing=self._closing,
            waiting="" if book is not None else "Waiting for the book…",
        )

    def _how_to_close(self, view: BookView) -> Closing | None:
        held = self._portfolio.positions.get(self._ticker)
        if held is None:
            return None
        bid = view.book.best_bid if view.book is not None else None
        ask = view.book.best_ask if view.book is not None else None
        return Closing(
            held,
            self._finder.fees(self._ticker),
            bid.price if bid is not None else None,
            ask.price if ask is not None else None,
            touch_known=view.book is not None and view.fresh,
        )


def _own_order(row: BlotterRow) -> OwnOrder:
    return OwnOrder(
        key=row.key,
        side=row.book_side,
        price=row.yes_price,
        remaining=row.remaining,
        queue_ahead=row.queue_ahead,
        settled=row.phase is RowPhase.WORKING,
    )
