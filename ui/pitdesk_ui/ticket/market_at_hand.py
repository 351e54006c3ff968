"""The market that the ticket is about, as the desk knows it: its book and fees, what is held, what can go.

Nothing is kept here but which market it is. What the desk does not know yet is None or a plain sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.cost import order_cost
from pitdesk.fees import STANDARD_FEES
from pitdesk_ui.ticket.lines import position_caption
from pitdesk_ui.ticket.pricing import Pick, most_contracts, picked_price
from pitdesk_ui.ticket.standing import market_refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.cost import OrderCost
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.gate import Gate
    from pitdesk.desk.market_data import MarketData
    from pitdesk.desk.portfolio import Portfolio
    from pitdesk.markets import Book, FeeSchedule, Market
    from pitdesk.orders import OrderDraft, Verb
    from pitdesk.quantities import Count, Price


class MarketAtHand:
    """One market, watched from :meth:`choose` until another is chosen; none at first."""

    def __init__(self, market_data: MarketData, portfolio: Portfolio, finder: Finder, gate: Gate) -> None:
        self._data, self._portfolio, self._finder, self._gate = market_data, portfolio, finder, gate
        self._release: Callable[[], None] = lambda: None
        self.ticker: str | None = None

    def choose(self, ticker: str) -> None:
        """Be about another market."""
        self._release()
        self.ticker = ticker
        self._release = self._data.watch(ticker)

    def release(self) -> None:
        """Watch it no more."""
        self._release()

    @property
    def market(self) -> Market | None:
        """What is told of it, None before the exchange told anything."""
        if self.ticker is None:
            return None
        return self._data.market(self.ticker) or self._finder.market(self.ticker)

    @property
    def fresh_book(self) -> Book | None:
        """Its book, None where that may be out of date."""
        if self.ticker is None:
            return None
        view = self._data.book(self.ticker)
        return view.book if view.fresh else None

    @property
    def position_caption(self) -> str:
        """What is held of it, in words; empty before the exchange told of the market."""
        market = self.market
        if market is None:
            return ""
        held = self._portfolio.positions.get(market.ticker)
        average = held.average_price if held is not None else None
        return position_caption(self._portfolio.position(market.ticker), average)

    @property
    def fees(self) -> FeeSchedule:
        """What the exchange charges in it; the usual where none is chosen."""
        return STANDARD_FEES if self.ticker is None else self._finder.fees(self.ticker)

    def price(self, pick: Pick, verb: Verb) -> Price | None:
        """The price from the book for ``verb``, None before the exchange told of the market.

        Raises QuantityError with a plain sentence where the book has none.
        """
        market = self.market
        if market is None or self.ticker is None:
            return None
        return picked_price(pick, verb, self._data.book(self.ticker), market.price_ranges)

    def cost(self, draft: OrderDraft) -> OrderCost:
        """What ``draft`` costs and leaves, given what is held, the free cash and the book."""
        return order_cost(
            draft,
            self._finder.fees(draft.ticker),
            position=self._portfolio.position(draft.ticker),
            cash=self._portfolio.cash,
            book=self.fresh_book,
        )

    def most(self, draft: OrderDraft) -> Count:
        """The most contracts that ``draft`` could be of. Raises QuantityError with a plain sentence."""
        return most_contracts(
            draft,
            self._finder.fees(draft.ticker),
            position=self._portfolio.position(draft.ticker),
            cash=self._portfolio.cash,
        )

    def closed(self, now_ms: int) -> str:
        """Why no order at all can go at ``now_ms``, a plain sentence; empty when orders can."""
        refusal = market_refusal(self.market, self.ticker, now_ms)
        return refusal or ("" if self._gate.open_for_risk else self._gate.reason)
