"""Time and pauses: when markets open, close and settle, orders expire, and trading stops (FACTS §6, §14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.markets import MarketStatus
from pitdesk.practice import refusals
from pitdesk.practice.facts import CashChanged, MarketChanged, PositionChanged, StateChanged
from pitdesk.practice.records import ExchangeState
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from pitdesk.practice.engine import Engine
    from pitdesk.practice.live import LiveOrder
    from pitdesk.practice.venue import Venue


class Lifecycle:
    """The state of the exchange and of each market's life."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.state = ExchangeState()
        self._next_step_ms = 0

    def must_be_open(self) -> None:
        """Raises ExchangeRefusal while the whole exchange is paused: nothing works."""
        if not self.state.exchange_active:
            raise ExchangeRefusal(refusals.EXCHANGE_IS_PAUSED)

    def must_trade(self) -> None:
        """Raises ExchangeRefusal while trading is paused: only canceling works."""
        self.must_be_open()
        if not self.state.trading_active:
            raise ExchangeRefusal(refusals.TRADING_IS_PAUSED)

    def open_venue(self, ticker: str, now_ms: int) -> Venue:
        """The market where it takes requests; raises ExchangeRefusal where it does not or is not listed."""
        venue = self._engine.venues.get(ticker)
        if venue is None:
            raise ExchangeRefusal(refusals.NOT_FOUND, "market not found")
        if not venue.status.takes_orders or now_ms >= venue.close_ms:
            raise ExchangeRefusal(refusals.MARKET_INACTIVE)
        return venue

    def tick(self, now_ms: int) -> None:
        """Everything that the passing of time does."""
        while (order := self._engine.pop_expired(now_ms)) is not None:
            venue = self._engine.venues[order.ticker]
            self._engine.cancel_resting(order, venue, "ExpiryCancel", now_ms)
            self._engine.say_quote(venue, now_ms)
        if now_ms >= self._next_step_ms:
            self._step_markets(now_ms)

    def _step_markets(self, now_ms: int) -> None:
        steps = []
        for venue in self._engine.venues.values():
            if venue.status is MarketStatus.INITIALIZED and now_ms >= venue.listed.open_ms:
                self._change(venue, MarketStatus.ACTIVE, "", now_ms)
            if venue.status is MarketStatus.ACTIVE and now_ms >= venue.close_ms:
                self._close(venue, "", now_ms)
            if venue.status is MarketStatus.INITIALIZED:
                steps.append(venue.listed.open_ms)
            elif venue.status is MarketStatus.ACTIVE:
                steps.append(venue.close_ms)
        self._next_step_ms = min(steps, default=now_ms + 60_000)

    def close_early(self, venue: Venue, now_ms: int) -> None:
        """Close a market now, whatever its time."""
        if venue.status.takes_orders:
            venue.close_ms = min(venue.close_ms, now_ms)
            self._close(venue, "close_date_updated", now_ms)

    def settle(self, venue: Venue, result: str, now_ms: int) -> None:
        """Determine and pay out at once. ValueError for a result that is not ``yes`` or ``no``."""
        if result not in ("yes", "no"):
            raise ValueError(f"A market cannot settle to {result!r}.")
        if venue.status is MarketStatus.FINALIZED:
            return
        self.close_early(venue, now_ms)
        venue.result = result
        self._change(venue, MarketStatus.DETERMINED, "determined", now_ms)
        for account in self._engine.accounts.values():
            holding = account.holdings.get(venue.listed.ticker)
            if holding is None or not holding.position:
                continue
            account.pay_out(holding, result == "yes", now_ms)
            if not account.simulated:
                self._engine.say(PositionChanged(holding.record(account.user_id)))
                self._engine.say(CashChanged(account.user_id, Dollars(account.cash)))
        venue.open_interest = venue.open_interest_before = 0
        venue.settled_ms = now_ms
        self._change(venue, MarketStatus.FINALIZED, "settled", now_ms)

    def set_state(self, state: ExchangeState, now_ms: int) -> None:
        """Pause or resume; on a pause the orders that asked for it are canceled."""
        was_trading = self.state.exchange_active and self.state.trading_active
        self.state = state
        self._engine.say(StateChanged(state))
        if was_trading and not (state.exchange_active and state.trading_active):
            for order in [order for order in self._live() if order.asked.cancel_order_on_pause]:
                venue = self._engine.venues[order.ticker]
                self._engine.cancel_resting(order, venue, "HaltCancel", now_ms)
                self._engine.say_quote(venue, now_ms)

    def _live(self) -> list[LiveOrder]:
        return [order for account in self._engine.accounts.values() for order in account.live.values()]

    def _close(self, venue: Venue, event_type: str, now_ms: int) -> None:
        self._change(venue, MarketStatus.CLOSED, event_type, now_ms)
        levels = (*venue.book.bids.levels(), *venue.book.asks.levels())
        for order in [order for level in levels for order in level.orders.values()]:
            self._engine.cancel_resting(order, venue, "CloseCancel", now_ms)
        self._engine.say_quote(venue, now_ms)

    def _change(self, venue: Venue, status: MarketStatus, event_type: str, now_ms: int) -> None:
        venue.status = status
        self._engine.say(
            MarketChanged(venue.listed.ticker, status, event_type, venue.close_ms, venue.result, now_ms)
        )
