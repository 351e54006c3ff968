"""The calls to the exchange that ordering needs, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pitdesk.kalshi.history_calls import ENDED_PAGE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pitdesk.kalshi.batch_calls import WriteBudget
    from pitdesk.kalshi.history_calls import EndedList, OrderPage
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.kalshi.records import AmendedOrder, CanceledOrder, CreatedOrder, DecreasedOrder
    from pitdesk.orders import Fill, Intent, Order
    from pitdesk.quantities import Count, Price


class ReadCalls(Protocol):
    """What the exchange tells of orders. Answers of several pages are whole or they are not Accepted."""

    async def orders(
        self, *, status: str | None = None, ticker: str | None = None, min_ts_s: int | None = None
    ) -> CallOutcome[tuple[Order, ...]]:
        """Orders of every subaccount; ``status`` None is every status, ``min_ts_s`` Unix seconds."""
        ...

    async def resting_orders(self, take: Callable[[tuple[Order, ...]], Awaitable[None]]) -> CallOutcome[int]:
        """Every resting order, page by page to ``take``; how many there were once the list was whole."""
        ...

    async def ended_orders(
        self, which: EndedList, cursor: str = "", *, min_ts_s: int | None = None, limit: int = ENDED_PAGE
    ) -> CallOutcome[OrderPage]:
        """A page of what ended, newest first, and the cursor of the next: empty where this is the last."""
        ...

    async def archived_orders(self, ticker: str, min_ts_s: int) -> CallOutcome[tuple[Order, ...]]:
        """Orders that ended so long ago that :meth:`orders` lists them no more (FACTS §7)."""
        ...

    async def order(self, order_id: str) -> CallOutcome[Order]:
        """One order as it is."""
        ...

    async def fills(
        self, *, min_ts_s: int | None = None, ticker: str | None = None, limit: int | None = None
    ) -> CallOutcome[tuple[Fill, ...]]:
        """Executions, newest first."""
        ...

    async def queue_positions(self) -> CallOutcome[dict[str, Count]]:
        """Contracts ahead, by order id."""
        ...

    async def user_data_timestamp(self) -> CallOutcome[int]:
        """Up to which instant reads are complete, Unix ms (FACTS §7)."""
        ...


class OrderCalls(ReadCalls, Protocol):
    """What changes orders."""

    def create_body(self, intent: Intent) -> bytes:
        """The exact bytes that :meth:`create_order` sends."""
        ...

    async def create_order(
        self, intent: Intent, before: Callable[[], str] | None = None
    ) -> CallOutcome[CreatedOrder]:
        """Place it, once. ``before`` is called where it is sent, right before; a sentence from it, why not,
        ends in NotSent."""
        ...

    async def cancel_order(self, order: Order) -> CallOutcome[CanceledOrder]:
        """Cancel what rests of it."""
        ...

    def write_budget(self) -> WriteBudget:
        """The write bucket as believed now, to size calls by."""
        ...

    async def cancel_batch(
        self, orders: Sequence[Order]
    ) -> CallOutcome[tuple[CallOutcome[CanceledOrder], ...]]:
        """Cancel many in one call; an outcome for each, in their order."""
        ...

    async def cancel_all(self) -> CallOutcome[None]:
        """Cancel every order of the account (FACTS §6)."""
        ...

    async def amend_order(
        self, order: Order, price: Price, total_count: Count, before: Callable[[], str] | None = None
    ) -> CallOutcome[AmendedOrder]:
        """``price`` of Yes; ``total_count`` is filled and wanted remaining together (FACTS §6). ``before`` as
        in :meth:`create_order`."""
        ...

    async def decrease_order(self, order: Order, reduce_to: Count) -> CallOutcome[DecreasedOrder]:
        """Leave ``reduce_to`` resting, in its place in the queue."""
        ...
