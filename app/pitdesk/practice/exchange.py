"""The practice exchange: one engine for all markets, its accounts, and the facts it says.

Pure and synchronous: a call is matched to its end before it returns, and every fact is said meanwhile, in
the order the exchange would send it. Reading is in :attr:`Exchange.read`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.events import Listeners
from pitdesk.kalshi.wire.orders import (
    AmendOrderAnswer,
    AmendOrderRequest,
    CancelOrderAnswer,
    CreateOrderAnswer,
    CreateOrderRequest,
    DecreaseOrderAnswer,
    DecreaseOrderRequest,
)
from pitdesk.practice import refusals
from pitdesk.practice.accounts import BROKER_STEP, DIRECT_STEP, Account
from pitdesk.practice.amending import Amendment, amend
from pitdesk.practice.checks import read_count, read_price, read_side, understand
from pitdesk.practice.engine import STANDARD, Engine, Rules
from pitdesk.practice.facts import AccountReset, Fact
from pitdesk.practice.fee_desk import FeeDesk
from pitdesk.practice.group_desk import GroupDesk
from pitdesk.practice.lifecycle import Lifecycle
from pitdesk.practice.placing import place
from pitdesk.practice.queries import Queries
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.settling import Settling
from pitdesk.quantities import Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from pitdesk.clock import Clock
    from pitdesk.practice.cashier import Cashier
    from pitdesk.practice.listings import Catalogue, Grid
    from pitdesk.practice.live import LiveOrder
    from pitdesk.practice.records import ExchangeState, NewOrder, Placement
    from pitdesk.quantities import Price

START_CASH = Dollars.of(10_000)


class Exchange:
    """Every write answers the wire's own struct or raises ExchangeRefusal, which changed nothing."""

    def __init__(self, clock: Clock, catalogue: Catalogue, rules: Rules = STANDARD) -> None:
        self.clock = clock
        self.catalogue = catalogue
        self.facts: Listeners[Fact] = Listeners()
        self.engine = Engine(clock, catalogue, self.facts.emit, rules)
        self.lifecycle = Lifecycle(self.engine)
        self.settling = Settling(self.engine, self.lifecycle)
        self.groups = GroupDesk(self.engine)
        self.fees = FeeDesk(self.engine, catalogue)
        self.read = Queries(self.engine)
        self.lifecycle.tick(clock.wall_ms())

    @property
    def state(self) -> ExchangeState:
        """Whether the first exchange index and its trading are open."""
        return self.lifecycle.state_of(0)

    @property
    def cashier(self) -> Cashier:
        """Who moves money within an account."""
        return self.engine.cashier

    def open_account(self, user_id: str, cash: Dollars = START_CASH, *, simulated: bool = False) -> Account:
        """A new account; of a simulated one no account facts are said. ValueError when it exists."""
        if user_id in self.engine.accounts:
            raise ValueError(f"An account {user_id} is open already.")
        step = BROKER_STEP if self.engine.rules.brokered and not simulated else DIRECT_STEP
        account = Account(user_id, cash.units, simulated=simulated, fee_step=step)
        self.engine.accounts[user_id] = account
        return account

    def create(self, account: Account, request: CreateOrderRequest) -> CreateOrderAnswer:
        """openapi CreateOrderV2. The request's words are checked here; unknown words are refused."""
        placed = self.place(account, understand(request))
        return CreateOrderAnswer(
            order_id=placed.order_id,
            client_order_id=placed.client_order_id or None,
            fill_count=placed.fill_count.to_wire(),
            remaining_count=placed.remaining_count.to_wire(),
            average_fill_price=average_to_wire(placed.average_fill_price),
            average_fee_paid=average_to_wire(placed.average_fee),
            ts_ms=placed.ts_ms,
        )

    def place(self, account: Account, order: NewOrder) -> Placement:
        """:meth:`create` for callers that hold exact quantities already."""
        now_ms = self.clock.wall_ms()
        venue = self.lifecycle.open_venue(order.ticker, now_ms)
        return place(self.engine, venue, account, order, now_ms)

    def cancel(
        self,
        account: Account,
        order_id: str,
        *,
        exchange_index: int | None = None,
        subaccount: int | None = None,
    ) -> CancelOrderAnswer:
        """openapi CancelOrderV2. 404 not_found when the order is done or not on that exchange index."""
        order = self._resting(account, order_id, exchange_index, subaccount)
        now_ms = self.clock.wall_ms()
        venue = self.lifecycle.cancelable_venue(order.ticker, now_ms)
        reduced_by = order.remaining
        self.engine.cancel_resting(order, venue, "Decrease", now_ms)
        self.engine.tell.quote(venue, now_ms)
        return CancelOrderAnswer(
            order_id=order_id,
            client_order_id=order.client_order_id or None,
            reduced_by=Count(reduced_by).to_wire(),
            ts_ms=now_ms,
        )

    def cancel_all(self, account: Account, subaccount: int | None = None) -> int:
        """openapi CancelAllOrdersV2, on every exchange index that is open. Answers how many were canceled."""
        orders = [order for order in account.live.values() if subaccount in (None, order.subaccount)]
        open_here = [o for o in orders if self.lifecycle.state_of(o.exchange_index).exchange_active]
        if not open_here:
            self.lifecycle.must_be_open(orders[0].exchange_index if orders else 0)
        self.engine.cancel_many(open_here, self.clock.wall_ms())
        return len(open_here)

    def amend(
        self, account: Account, order_id: str, request: AmendOrderRequest, subaccount: int | None = None
    ) -> AmendOrderAnswer:
        """openapi AmendOrderV2. ``count`` is the total: filled and still wanted (FACTS §6)."""
        side, price, total = read_side(request.side), read_price(request.price), read_count(request.count)
        order = self._resting(account, order_id, request.exchange_index, subaccount)
        now_ms = self.clock.wall_ms()
        venue = self.lifecycle.open_venue(order.ticker, now_ms)
        wanted = Amendment(
            request.ticker,
            side,
            price.units,
            total.units,
            request.client_order_id or None,
            request.updated_client_order_id or None,
            request.expiration_time,
        )
        placed, resized = amend(self.engine, venue, order, wanted, now_ms)
        return AmendOrderAnswer(
            order_id=order_id,
            client_order_id=placed.client_order_id or None,
            remaining_count=placed.remaining_count.to_wire() if resized else None,
            fill_count=placed.fill_count.to_wire() if resized else None,
            average_fill_price=average_to_wire(placed.average_fill_price),
            average_fee_paid=average_to_wire(placed.average_fee),
            ts_ms=now_ms,
        )

    def decrease(
        self, account: Account, order_id: str, request: DecreaseOrderRequest, subaccount: int | None = None
    ) -> DecreaseOrderAnswer:
        """openapi DecreaseOrderV2: exactly one of ``reduce_by`` and ``reduce_to``; keeps the queue place."""
        if (request.reduce_by is None) == (request.reduce_to is None):
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "give exactly one of reduce_by and reduce_to")
        order = self._resting(account, order_id, request.exchange_index, subaccount)
        now_ms = self.clock.wall_ms()
        venue = self.lifecycle.open_venue(order.ticker, now_ms)
        remaining = _decreased(order, request)
        if remaining <= 0:
            self.engine.cancel_resting(order, venue, "Decrease", now_ms)
        else:
            self.engine.shrink_resting(order, venue, order.remaining - remaining, "Decrease", now_ms)
        self.engine.tell.quote(venue, now_ms)
        return DecreaseOrderAnswer(
            order_id=order_id,
            client_order_id=order.client_order_id or None,
            remaining_count=Count(order.remaining).to_wire(),
            ts_ms=now_ms,
        )

    def tick(self, now_ms: int) -> None:
        """Let time act: expired orders end, markets open and close, money arrives. Call a few times a
        second."""
        self.lifecycle.tick(now_ms)
        self.cashier.tick(now_ms)
        self.fees.tick(now_ms)

    def set_state(self, state: ExchangeState, shards: Iterable[int] | None = None) -> None:
        """Pause or resume exchange indices, all where none are named. Orders marked cancel_order_on_pause end
        on either pause (FACTS §14)."""
        self.lifecycle.set_state(state, self.clock.wall_ms(), shards)

    def close_market(self, ticker: str) -> None:
        """Close now: its resting orders end with CloseCancel."""
        self.lifecycle.close_early(self.engine.venues[ticker], self.clock.wall_ms())

    def deactivate_market(self, ticker: str) -> None:
        """Pause one market."""
        self.lifecycle.deactivate(self.engine.venues[ticker], self.clock.wall_ms())

    def activate_market(self, ticker: str) -> None:
        """Take a paused market up again; its resting orders are canceled."""
        self.lifecycle.activate(self.engine.venues[ticker], self.clock.wall_ms())

    def change_grid(self, ticker: str, grid: Grid) -> None:
        """Other price ranges from now on."""
        self.lifecycle.change_grid(self.engine.venues[ticker], grid, self.clock.wall_ms())

    def determine_market(self, ticker: str, result: str, value: Price | None = None) -> None:
        """Decide: ``yes``, ``no``, or ``scalar`` with what a Yes contract pays. ValueError otherwise, and for
        a second Yes in an event of which only one outcome can be true."""
        event = self.catalogue.event_of(ticker)
        now_ms = self.clock.wall_ms()
        self.settling.determine(self.engine.venues[ticker], event, result, value, now_ms)

    def settle_market(self, ticker: str, result: str, value: Price | None = None) -> None:
        """Determine and pay out at once."""
        self.determine_market(ticker, result, value)
        self.settling.pay(self.engine.venues[ticker], self.clock.wall_ms())

    def reset_account(self, account: Account, cash: Dollars = START_CASH) -> None:
        """Cancel everything, forget positions and history, start again with ``cash``.

        What the account held is taken over by a simulated account, so that no contract loses its other side.
        """
        self.engine.cancel_many(list(account.live.values()), self.clock.wall_ms())
        self.engine.house().purses.at(0, 0).cash += self.cashier.give_up(account)
        self.engine.bequeath(account)
        account.start_again(cash.units)
        self.facts.emit(AccountReset(account.user_id, cash))

    def _resting(
        self, account: Account, order_id: str, exchange_index: int | None, subaccount: int | None
    ) -> LiveOrder:
        order = account.live.get(order_id)
        if (
            order is None
            or exchange_index not in (None, -1, order.exchange_index)
            or subaccount not in (None, order.subaccount)
        ):
            self.lifecycle.must_be_open(max(exchange_index or 0, 0))
            raise ExchangeRefusal(refusals.NOT_FOUND, "order not found")
        return order


def average_to_wire(average: Fraction | None) -> str | None:
    """Dollars with four decimals where that is exact, else six, the last rounded half up."""
    if average is None:
        return None
    units = (average * 2_000_000 + 1) // 2
    return Dollars(int(units)).to_wire(4)


def _decreased(order: LiveOrder, request: DecreaseOrderRequest) -> int:
    """What remains after the request; raises ExchangeRefusal where that is not less than now."""
    if request.reduce_to is not None:
        remaining = read_count(request.reduce_to).units
    else:
        remaining = order.remaining - read_count(request.reduce_by or "").units
    if remaining > order.remaining or (request.reduce_by is not None and remaining == order.remaining):
        raise ExchangeRefusal(refusals.INVALID_ORDER_SIZE, "an order can only be decreased")
    return remaining
