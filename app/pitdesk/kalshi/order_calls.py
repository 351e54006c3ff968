"""The calls that change orders: create, cancel, amend, decrease (FACTS §4.2, §6).

Each is sent once. An answer counts only where it names the very order that was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pitdesk.kalshi import convert
from pitdesk.kalshi.calls import Calls
from pitdesk.kalshi.classify import CallKind
from pitdesk.kalshi.records import AmendedOrder, CanceledOrder, CreatedOrder, DecreasedOrder
from pitdesk.kalshi.wire import orders
from pitdesk.kalshi.wire.base import decode, encode
from pitdesk.quantities import Count, Price

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.kalshi.calls import Before, Query
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.kalshi.reply import Reply
    from pitdesk.orders import Intent, Order

T = TypeVar("T")


class OrderCalls(Calls):
    """Writes of one account."""

    _path = "/portfolio/events/orders"
    """Below which writes go."""

    def create_body(self, intent: Intent) -> bytes:
        """The exact bytes that :meth:`create_order` sends for ``intent``: what the journal hashes."""
        draft = intent.draft
        request = orders.CreateOrderRequest(
            ticker=draft.ticker,
            side=draft.book_side.value,
            count=draft.count.to_wire(),
            price=draft.yes_price.to_wire(),
            time_in_force=draft.time_in_force.value,
            self_trade_prevention_type=draft.self_trade_prevention.value,
            client_order_id=intent.client_order_id,
            expiration_time=draft.expiration_s,
            post_only=draft.post_only or None,
            cancel_order_on_pause=draft.cancel_order_on_pause or None,
            reduce_only=draft.reduce_only or None,
            subaccount=draft.subaccount,
            order_group_id=draft.order_group_id,
            exchange_index=draft.exchange_index,
        )
        return encode(request)

    async def create_order(self, intent: Intent, before: Before | None = None) -> CallOutcome[CreatedOrder]:
        """Place one order. Accepted only with 201, our client order id and an order id.

        ``before`` is called in the worker that sends, with all ready to go; a sentence from it, why not, ends
        in NotSent.
        """

        def parse(reply: Reply) -> CreatedOrder:
            return _created(reply, intent.client_order_id)

        return await self._place(intent, parse, before)

    async def cancel_order(self, order: Order) -> CallOutcome[CanceledOrder]:
        """Cancel what rests of ``order``. :class:`Gone` where it no longer works: look it up."""

        def parse(reply: Reply) -> CanceledOrder:
            body = decode(reply.body, orders.CancelOrderAnswer)
            _check_id(body.order_id, order)
            return CanceledOrder(Count.from_wire(body.reduced_by), body.ts_ms)

        query = {"market_ticker": order.ticker, "subaccount": order.subaccount}
        return await self._take_off(order, parse, query)

    async def cancel_all(self) -> CallOutcome[None]:
        """Cancel every resting order of the account, everywhere.

        The exchange may cancel orders placed in the minute after it, too (FACTS §6).
        """
        return await self._write(
            "DELETE", self._path, lambda reply: None, kind=CallKind.CANCEL, statuses=(204,)
        )

    async def amend_order(
        self, order: Order, price: Price, total_count: Count, before: Before | None = None
    ) -> CallOutcome[AmendedOrder]:
        """Change limit and size. ``price`` is of Yes; ``total_count`` includes what has filled (FACTS §6).

        ``before`` as in :meth:`create_order`.
        """

        def parse(reply: Reply) -> AmendedOrder:
            body = decode(reply.body, orders.AmendOrderAnswer)
            _check_id(body.order_id, order)
            remaining, filled = _optional(body.remaining_count), _optional(body.fill_count)
            return AmendedOrder(remaining, filled, body.ts_ms)

        request = orders.AmendOrderRequest(
            ticker=order.ticker,
            side=order.book_side.value,
            price=price.to_wire(),
            count=total_count.to_wire(),
        )
        query = {"subaccount": order.subaccount}
        return await self._change(order, "amend", parse, encode(request), query, before)

    async def decrease_order(self, order: Order, reduce_to: Count) -> CallOutcome[DecreasedOrder]:
        """Leave ``reduce_to`` resting and keep the place in the queue."""

        def parse(reply: Reply) -> DecreasedOrder:
            body = decode(reply.body, orders.DecreaseOrderAnswer)
            _check_id(body.order_id, order)
            return DecreasedOrder(Count.from_wire(body.remaining_count), body.ts_ms)

        request = orders.DecreaseOrderRequest(reduce_to=reduce_to.to_wire(), market_ticker=order.ticker)
        return await self._change(order, "decrease", parse, encode(request), {"subaccount": order.subaccount})

    # The requests themselves, whatever words their bodies are in

    async def _place(
        self, intent: Intent, parse: Callable[[Reply], T], before: Before | None
    ) -> CallOutcome[T]:
        body = self.create_body(intent)
        return await self._write(
            "POST", self._path, parse, kind=CallKind.CREATE, statuses=(201,), body=body, before=before
        )

    async def _take_off(self, order: Order, parse: Callable[[Reply], T], query: Query) -> CallOutcome[T]:
        path = self._path + "/{}"
        return await self._write(
            "DELETE", path, parse, order.order_id, kind=CallKind.CANCEL, statuses=(200,), query=query
        )

    async def _change(
        self,
        order: Order,
        action: str,
        parse: Callable[[Reply], T],
        body: bytes,
        query: Query | None = None,
        before: Before | None = None,
    ) -> CallOutcome[T]:
        return await self._write(
            "POST",
            f"{self._path}/{{}}/{action}",
            parse,
            order.order_id,
            kind=CallKind.CHANGE,
            statuses=(200,),
            query=query,
            body=body,
            before=before,
        )


def _created(reply: Reply, client_order_id: str) -> CreatedOrder:
    """Raises ValueError where the answer is not about our order: then it proves nothing."""
    body = decode(reply.body, orders.CreateOrderAnswer)
    if not body.order_id:
        raise ValueError("no order id")
    if body.client_order_id != client_order_id:
        raise ValueError(f"it names client order id {str(body.client_order_id)[:64]!r}, not ours")
    return CreatedOrder(
        order_id=body.order_id,
        client_order_id=client_order_id,
        fill_count=Count.from_wire(body.fill_count),
        remaining_count=Count.from_wire(body.remaining_count),
        average_fill_price=convert.parse_fraction(body.average_fill_price),
        ts_ms=body.ts_ms,
        average_fee=convert.parse_fraction(body.average_fee_paid),
    )


def _check_id(said: str, order: Order) -> None:
    if said != order.order_id:
        raise ValueError(f"it names order {said[:64]!r}, not the one asked about")


def _optional(text: str | None) -> Count | None:
    return Count.from_wire(text) if text is not None else None
