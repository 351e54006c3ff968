"""The practice exchange: one engine for all markets, its accounts, and the facts it says.

Pure and synchronous: a call is matched to its end before it returns, and every fact is said meanwhile, in
the order the exchange would send it. Reading is in :attr:`Exchange.read`.
"""

from __future__ import annotations

from pitdesk.clock import Clock
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
from pitdesk.practice.accounts import Account
from pitdesk.practice.facts import Fact
from pitdesk.practice.listings import Catalogue
from pitdesk.practice.queries import Queries
from pitdesk.practice.records import ExchangeState, NewOrder, Placement
from pitdesk.quantities import Dollars

START_CASH = Dollars.of(10_000)


class Exchange:
    """Every write answers the wire's own struct or raises ExchangeRefusal, which changed nothing."""

    facts: Listeners[Fact]
    read: Queries
    catalogue: Catalogue
    clock: Clock

    def __init__(self, clock: Clock, catalogue: Catalogue) -> None:
        self.clock = clock
        self.catalogue = catalogue
        self.facts = Listeners()
        self.read = Queries()

    @property
    def state(self) -> ExchangeState:
        """Whether the exchange and its trading are open."""
        raise NotImplementedError

    def open_account(self, user_id: str, cash: Dollars = START_CASH, *, simulated: bool = False) -> Account:
        """A new account; of a simulated one no account facts are said. ValueError when it exists."""
        raise NotImplementedError

    def create(self, account: Account, request: CreateOrderRequest) -> CreateOrderAnswer:
        """openapi CreateOrderV2. The request's words are checked here; unknown words are refused."""
        raise NotImplementedError

    def place(self, account: Account, order: NewOrder) -> Placement:
        """:meth:`create` for callers that hold exact quantities already."""
        raise NotImplementedError

    def cancel(
        self, account: Account, order_id: str, *, exchange_index: int | None = None
    ) -> CancelOrderAnswer:
        """openapi CancelOrderV2. 404 not_found when the order is done."""
        raise NotImplementedError

    def cancel_all(self, account: Account, subaccount: int | None = None) -> int:
        """openapi CancelAllOrdersV2. Answers how many were canceled."""
        raise NotImplementedError

    def amend(self, account: Account, order_id: str, request: AmendOrderRequest) -> AmendOrderAnswer:
        """openapi AmendOrderV2. ``count`` is the total: filled and still wanted (FACTS §6)."""
        raise NotImplementedError

    def decrease(self, account: Account, order_id: str, request: DecreaseOrderRequest) -> DecreaseOrderAnswer:
        """openapi DecreaseOrderV2."""
        raise NotImplementedError

    def tick(self, now_ms: int) -> None:
        """Let time act: expired orders end, markets open and close. Call a few times a second."""
        raise NotImplementedError

    def set_state(self, state: ExchangeState) -> None:
        """Pause or resume. Orders marked cancel_order_on_pause end on either pause (FACTS §14)."""
        raise NotImplementedError

    def close_market(self, ticker: str) -> None:
        """Close now: its resting orders end with CloseCancel."""
        raise NotImplementedError

    def settle_market(self, ticker: str, result: str) -> None:
        """Determine and pay out: a dollar for each contract of ``result`` (``yes`` or ``no``)."""
        raise NotImplementedError

    def reset_account(self, account: Account, cash: Dollars = START_CASH) -> None:
        """Cancel everything, forget positions and history, start again with ``cash``."""
        raise NotImplementedError
