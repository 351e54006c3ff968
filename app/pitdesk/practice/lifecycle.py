"""Time and pauses: when markets open, close and settle, orders expire, and trading stops (FACTS §6, §14)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.markets import MarketStatus
from pitdesk.practice import refusals
from pitdesk.practice.facts import MarketChanged, StateChanged
from pitdesk.practice.pauses import maintenance_windows
from pitdesk.practice.records import ExchangeState
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.practice.engine import Engine
    from pitdesk.practice.listings import Grid
    from pitdesk.practice.live import LiveOrder
    from pitdesk.practice.venue import Venue

_OPEN = ExchangeState()
_BEFORE_CLOSE = (MarketStatus.INITIALIZED, MarketStatus.ACTIVE, MarketStatus.INACTIVE)


class Lifecycle:
    """The state of each exchange index and of each market's life."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._states: dict[int, ExchangeState] = {}
        self._next_step_ms = 0
        self._maintenance: tuple[int, int] | None = None
        self._under_maintenance = False

    def state_of(self, shard: int) -> ExchangeState:
        """Whether an exchange index and its trading are open."""
        return self._states.get(shard, _OPEN)

    def must_be_open(self, shard: int) -> None:
        """Raises ExchangeRefusal while the whole exchange index is paused: nothing works."""
        if not self.state_of(shard).exchange_active:
            raise ExchangeRefusal(refusals.EXCHANGE_IS_PAUSED)

    def must_trade(self, shard: int) -> None:
        """Raises ExchangeRefusal while trading is paused: only canceling works."""
        self.must_be_open(shard)
        if not self.state_of(shard).trading_active:
            raise ExchangeRefusal(refusals.TRADING_IS_PAUSED)

    def venue(self, ticker: str) -> Venue:
        """The market; ExchangeRefusal 404 where it is not listed."""
        venue = self._engine.venues.get(ticker)
        if venue is None:
            raise ExchangeRefusal(refusals.NOT_FOUND, "market not found")
        return venue

    def open_venue(self, ticker: str, now_ms: int) -> Venue:
        """The market where it takes orders; raises ExchangeRefusal where it does not or is not listed."""
        venue = self.venue(ticker)
        self.must_trade(venue.listed.exchange_index)
        if not venue.status.takes_orders or now_ms >= venue.close_ms:
            raise ExchangeRefusal(refusals.MARKET_INACTIVE)
        return venue

    def cancelable_venue(self, ticker: str, now_ms: int) -> Venue:
        """The market where orders can be canceled: until it closes, also while it is paused."""
        venue = self.venue(ticker)
        self.must_be_open(venue.listed.exchange_index)
        if venue.status not in (MarketStatus.ACTIVE, MarketStatus.INACTIVE) or now_ms >= venue.close_ms:
            raise ExchangeRefusal(refusals.MARKET_INACTIVE)
        return venue

    def tick(self, now_ms: int) -> None:
        """Everything that the passing of time does."""
        while (order := self._engine.pop_expired(now_ms)) is not None:
            venue = self._engine.venues[order.ticker]
            self._engine.cancel_resting(order, venue, "ExpiryCancel", now_ms)
            self._engine.tell.quote(venue, now_ms)
        if self._engine.rules.maintenance:
            self._keep_maintenance(now_ms)
        if now_ms >= self._next_step_ms:
            self._step_markets(now_ms)

    def _keep_maintenance(self, now_ms: int) -> None:
        if self._maintenance is None or now_ms >= self._maintenance[1]:
            self._maintenance = maintenance_windows(now_ms, 1)[0]
        start_ms, end_ms = self._maintenance
        if (start_ms <= now_ms) is not self._under_maintenance:
            self._under_maintenance = start_ms <= now_ms
            state = ExchangeState(True, False, end_ms) if self._under_maintenance else _OPEN
            self.set_state(state, now_ms)

    def _step_markets(self, now_ms: int) -> None:
        steps = []
        for venue in self._engine.venues.values():
            if venue.status is MarketStatus.INITIALIZED and now_ms >= venue.listed.open_ms:
                self.change(venue, MarketStatus.ACTIVE, "", now_ms)
            running = venue.status in (MarketStatus.ACTIVE, MarketStatus.INACTIVE)
            if running and now_ms >= venue.close_ms:
                self._close(venue, "", now_ms)
            elif running:
                steps.append(venue.close_ms)
            if venue.status is MarketStatus.INITIALIZED:
                steps.append(venue.listed.open_ms)
        self._next_step_ms = min(steps, default=now_ms + 60_000)

    def close_early(self, venue: Venue, now_ms: int) -> None:
        """Close a market now, whatever its time."""
        if venue.status in (MarketStatus.ACTIVE, MarketStatus.INACTIVE):
            venue.close_ms = min(venue.close_ms, now_ms)
            self._close(venue, "close_date_updated", now_ms)

    def deactivate(self, venue: Venue, now_ms: int) -> None:
        """Pause one market: its orders stay, and none is taken."""
        if venue.status is MarketStatus.ACTIVE:
            self.change(venue, MarketStatus.INACTIVE, "deactivated", now_ms)

    def activate(self, venue: Venue, now_ms: int) -> None:
        """Take a paused market up again; every order that rested is canceled (FACTS §6)."""
        if venue.status is MarketStatus.INACTIVE:
            self._engine.cancel_many(_resting(venue), now_ms, "HaltCancel")
            self.change(venue, MarketStatus.ACTIVE, "activated", now_ms)

    def change_grid(self, venue: Venue, grid: Grid, now_ms: int) -> None:
        """Other prices until it closes. What rests stays where its price is still one (FACTS §13)."""
        if venue.status not in _BEFORE_CLOSE:
            return
        venue.set_listed(replace(venue.listed, grid=grid))
        off = [order for order in _resting(venue) if order.price not in venue.legal]
        self._engine.cancel_many(off, now_ms, "HaltCancel")
        self.change(venue, venue.status, "price_level_structure_updated", now_ms)

    def set_state(self, state: ExchangeState, now_ms: int, shards: Iterable[int] | None = None) -> None:
        """Pause or resume exchange indices, all where none are named; on a pause the orders that asked for it
        are canceled."""
        everywhere = {venue.listed.exchange_index for venue in self._engine.venues.values()} | {0}
        stopped = set()
        for shard in sorted(everywhere if shards is None else shards):
            before = self.state_of(shard)
            self._states[shard] = state
            self._engine.say(StateChanged(state, shard))
            if before.exchange_active and before.trading_active:
                stopped.add(shard)
        if not (state.exchange_active and state.trading_active):
            orders = [
                order
                for order in self._live()
                if order.asked.cancel_order_on_pause and order.exchange_index in stopped
            ]
            self._engine.cancel_many(orders, now_ms, "HaltCancel")

    def _live(self) -> list[LiveOrder]:
        return [order for account in self._engine.accounts.values() for order in account.live.values()]

    def _close(self, venue: Venue, event_type: str, now_ms: int) -> None:
        self.change(venue, MarketStatus.CLOSED, event_type, now_ms)
        for order in _resting(venue):
            self._engine.cancel_resting(order, venue, "CloseCancel", now_ms)
        self._engine.tell.quote(venue, now_ms)

    def change(self, venue: Venue, status: MarketStatus, event_type: str, now_ms: int) -> None:
        """Take a market to its next status, and say so."""
        venue.status = status
        ticker = venue.listed.ticker
        self._engine.say(
            MarketChanged(
                ticker, status, event_type, venue.close_ms, venue.result, now_ms, venue.value, venue.listed
            )
        )


def _resting(venue: Venue) -> list[LiveOrder]:
    levels = (*venue.book.bids.levels(), *venue.book.asks.levels())
    return [order for level in levels for order in level.orders.values()]
