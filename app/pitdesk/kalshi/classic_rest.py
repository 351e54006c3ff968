"""The client in the words of late 2025: the same calls and outcomes, sent below ``/portfolio/orders``.

What each field of a draft becomes (FACTS §4.3, §4.4, §8):

* ``verb`` → ``action`` and ``side``; ``price`` → ``yes_price_dollars`` or ``no_price_dollars`` of that
  side, because the whole cents of ``yes_price`` cannot say a tenth of a cent; ``type`` is always ``limit``;
* ``count`` → ``count`` where it is whole, else ``count_fp``;
* ``time_in_force``, ``post_only``, ``reduce_only``, ``cancel_order_on_pause``, ``order_group_id``,
  ``subaccount``, ``self_trade_prevention_type``, ``client_order_id`` keep their names;
* ``expiration_s`` → ``expiration_ts``;
* ``exchange_index`` is left out: these calls knew one exchange only, and go where the ticker is listed;
* ``buy_max_cost``, ``sell_position_floor`` and ``type: market`` are never sent: a draft has a limit, a count
  and reduce_only, which say the same exactly;
* cancel all did not exist: it is a list of what rests, canceled in batches of twenty;
* an order's ``exchange_index`` is not told, and reads as None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pitdesk.dialect import Dialect
from pitdesk.kalshi.batch_calls import match_canceled, match_created
from pitdesk.kalshi.classic_convert import (
    canceled_item,
    canceled_order,
    created_item,
    created_order,
    orders_page,
    parse_order,
    same_order,
)
from pitdesk.kalshi.history_calls import ENDED_PAGE, EndedList
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent
from pitdesk.kalshi.records import AmendedOrder, CanceledOrder, CreatedOrder, DecreasedOrder
from pitdesk.kalshi.rest import Rest
from pitdesk.kalshi.wire import classic
from pitdesk.kalshi.wire.base import decode, encode
from pitdesk.orders import BookSide, Order, OrderStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pitdesk.kalshi.calls import Before, Query
    from pitdesk.kalshi.history_calls import OrderPage
    from pitdesk.kalshi.pacing import Pacer
    from pitdesk.kalshi.reply import Reply
    from pitdesk.kalshi.transport import Transport
    from pitdesk.orders import Intent
    from pitdesk.quantities import Count, Price

T = TypeVar("T")
Item = TypeVar("Item")
End = TypeVar("End")

_ORDERS = "/portfolio/orders"
_LARGEST_BATCH = 20
_PAGE = 1000
_NOT_SENT = "The exchange failed to answer for others of this batch, so that this was not sent."


class ClassicRest(Rest):
    """:class:`Rest` for an exchange that takes the order calls of late 2025."""

    _path = _ORDERS

    def create_body(self, intent: Intent) -> bytes:
        """As :meth:`OrderCalls.create_body`, in classic words."""
        draft = intent.draft
        action, outcome = draft.verb.value.lower().split(" ")
        is_yes, price = outcome == "yes", draft.price.to_wire()
        count, count_fp = _whole_or_not(draft.count)
        request = classic.CreateOrderRequest(
            ticker=draft.ticker,
            side=outcome,
            action=action,
            count=count,
            count_fp=count_fp,
            type="limit",
            yes_price_dollars=price if is_yes else None,
            no_price_dollars=None if is_yes else price,
            client_order_id=intent.client_order_id,
            expiration_ts=draft.expiration_s,
            time_in_force=draft.time_in_force.value,
            post_only=draft.post_only or None,
            reduce_only=draft.reduce_only or None,
            self_trade_prevention_type=draft.self_trade_prevention.value,
            order_group_id=draft.order_group_id,
            cancel_order_on_pause=draft.cancel_order_on_pause or None,
            subaccount=draft.subaccount,
        )
        return encode(request)

    async def create_order(self, intent: Intent, before: Before | None = None) -> CallOutcome[CreatedOrder]:
        """As :meth:`OrderCalls.create_order`."""

        def parse(reply: Reply) -> CreatedOrder:
            body = decode(reply.body, classic.OrderAnswer).order
            if not body.order_id or body.client_order_id != intent.client_order_id:
                raise ValueError(f"it names client order id {body.client_order_id[:64]!r}, not ours")
            return created_order(parse_order(body))

        return await self._place(intent, parse, before)

    async def cancel_order(self, order: Order) -> CallOutcome[CanceledOrder]:
        """As :meth:`OrderCalls.cancel_order`."""

        def parse(reply: Reply) -> CanceledOrder:
            return canceled_order(decode(reply.body, classic.CancelOrderAnswer), order)

        return await self._take_off(order, parse, {"subaccount": order.subaccount})

    async def cancel_all(self) -> CallOutcome[None]:
        """Cancel every resting order, twenty at a time; the first call that fails ends it."""
        listed = await self.orders(status="resting")
        if not isinstance(listed, Accepted):
            return listed
        canceled = await self.cancel_batch(listed.value)
        return Accepted(None, canceled.elapsed_ms) if isinstance(canceled, Accepted) else canceled

    async def amend_order(
        self, order: Order, price: Price, total_count: Count, before: Before | None = None
    ) -> CallOutcome[AmendedOrder]:
        """As :meth:`OrderCalls.amend_order`."""

        def parse(reply: Reply) -> AmendedOrder:
            body = decode(reply.body, classic.AmendOrderAnswer)
            now = same_order(body.order, order)
            return AmendedOrder(now.remaining_count, now.fill_count, now.updated_ms or 0)

        count, count_fp = _whole_or_not(total_count)
        request = classic.AmendOrderRequest(
            ticker=order.ticker,
            side="yes",
            action="buy" if order.book_side is BookSide.BID else "sell",
            count=count,
            count_fp=count_fp,
            yes_price_dollars=price.to_wire(),
            subaccount=order.subaccount,
        )
        return await self._change(order, "amend", parse, encode(request), before=before)

    async def decrease_order(self, order: Order, reduce_to: Count) -> CallOutcome[DecreasedOrder]:
        """As :meth:`OrderCalls.decrease_order`."""

        def parse(reply: Reply) -> DecreasedOrder:
            now = same_order(decode(reply.body, classic.OrderAnswer).order, order)
            return DecreasedOrder(now.remaining_count, now.updated_ms or 0)

        whole, fraction = _whole_or_not(reduce_to)
        request = classic.DecreaseOrderRequest(
            reduce_to=whole, reduce_to_fp=fraction, subaccount=order.subaccount
        )
        return await self._change(order, "decrease", parse, encode(request))

    async def create_batch(
        self, intents: Sequence[Intent], unless: Callable[[], str]
    ) -> CallOutcome[tuple[CallOutcome[CreatedOrder], ...]]:
        """As :meth:`BatchCalls.create_batch`; more than twenty go in several calls."""

        async def send(part: Sequence[Intent]) -> CallOutcome[tuple[CallOutcome[CreatedOrder], ...]]:
            def parse(reply: Reply) -> tuple[CallOutcome[CreatedOrder], ...]:
                said = decode(reply.body, classic.BatchCreateAnswer).orders
                return match_created(part, tuple(map(created_item, said)))

            return await self._place_many(part, parse, unless)

        budget = self.write_budget()
        return await _in_parts(intents, send, budget.capacity // budget.create_cost)

    async def cancel_batch(
        self, orders: Sequence[Order]
    ) -> CallOutcome[tuple[CallOutcome[CanceledOrder], ...]]:
        """As :meth:`BatchCalls.cancel_batch`; more than twenty go in several calls."""

        async def send(part: Sequence[Order]) -> CallOutcome[tuple[CallOutcome[CanceledOrder], ...]]:
            def parse(reply: Reply) -> tuple[CallOutcome[CanceledOrder], ...]:
                said = decode(reply.body, classic.BatchCancelAnswer).orders
                return match_canceled(part, tuple(map(canceled_item, said)))

            request = classic.BatchCancelRequest(ids=tuple(order.order_id for order in part))
            return await self._take_many_off(len(part), encode(request), parse)

        budget = self.write_budget()
        return await _in_parts(orders, send, budget.capacity // budget.cancel_cost)

    async def orders(
        self, *, status: str | None = None, ticker: str | None = None, min_ts_s: int | None = None
    ) -> CallOutcome[tuple[Order, ...]]:
        """As :meth:`PortfolioCalls.orders`."""
        query = {"status": status, "ticker": ticker, "min_ts": min_ts_s, "limit": _PAGE}
        return await self._read_pages(_ORDERS, orders_page, query)

    async def resting_orders(self, take: Callable[[tuple[Order, ...]], Awaitable[None]]) -> CallOutcome[int]:
        """As :meth:`PortfolioCalls.resting_orders`."""
        query: Query = {"status": OrderStatus.RESTING.value, "limit": _PAGE}
        return await self._each_page(_ORDERS, orders_page, query, take)

    async def archived_orders(self, ticker: str, min_ts_s: int) -> CallOutcome[tuple[Order, ...]]:
        """None: there was no archive yet, :meth:`orders` lists them all (FACTS §16, 2026-02-19)."""
        del ticker, min_ts_s
        return Accepted(())

    async def ended_orders(
        self, which: EndedList, cursor: str = "", *, min_ts_s: int | None = None, limit: int = ENDED_PAGE
    ) -> CallOutcome[OrderPage]:
        """As :meth:`HistoryCalls.ended_orders`; there was no archive yet."""
        if which is EndedList.ARCHIVED:
            return Accepted(((), ""))
        query = {"status": which.value, "min_ts": min_ts_s, "limit": limit, "cursor": cursor or None}
        return await self._read(_ORDERS, orders_page, query=query, large=True)

    async def order(self, order_id: str) -> CallOutcome[Order]:
        """As :meth:`PortfolioCalls.order`."""

        def parse(reply: Reply) -> Order:
            return parse_order(decode(reply.body, classic.OrderAnswer).order)

        return await self._read(_ORDERS + "/{}", parse, order_id)

    def _cost(self, method: str, template: str) -> int:
        """What the same call costs today: the classic ones are not in the exchange's list (FACTS §12)."""
        if method != "GET":
            template = template.replace(_ORDERS, "/portfolio/events/orders", 1)
        return super()._cost(method, template)


def _whole_or_not(count: Count) -> tuple[int | None, str | None]:
    """A count in one of its two fields: whole contracts, or with decimals."""
    return (None, count.to_wire()) if count.units % 100 else (count.units // 100, None)


async def _in_parts(
    items: Sequence[Item],
    send: Callable[[Sequence[Item]], Awaitable[CallOutcome[tuple[CallOutcome[End], ...]]]],
    fit: int,
) -> CallOutcome[tuple[CallOutcome[End], ...]]:
    """``send`` for twenty at a time, or as many as ``fit`` the bucket. After a call that fails as a whole
    nothing more is sent."""
    size = max(min(_LARGEST_BATCH, fit), 1)
    ends: list[CallOutcome[End]] = []
    elapsed = 0.0
    for start in range(0, len(items), size):
        part = items[start : start + size]
        said = await send(part)
        if isinstance(said, Accepted):
            ends.extend(said.value)
            elapsed += said.elapsed_ms
            continue
        if len(items) == len(part):
            return said
        ends.extend([said] * len(part))
        ends.extend([NotSent(_NOT_SENT)] * (len(items) - len(ends)))
        break
    return Accepted(tuple(ends), elapsed)


def rest_for(dialect: Dialect, transport: Transport, pacer: Pacer, subaccount: int | None = None) -> Rest:
    """The client that speaks ``dialect``."""
    return (ClassicRest if dialect is Dialect.CLASSIC else Rest)(transport, pacer, subaccount)
