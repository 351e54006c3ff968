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

from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from pitdesk.dialect import Dialect
from pitdesk.kalshi import convert
from pitdesk.kalshi.batch_calls import match_canceled, match_created
from pitdesk.kalshi.calls import Batched
from pitdesk.kalshi.classify import CallKind
from pitdesk.kalshi.history_calls import ENDED_PAGE, EndedList
from pitdesk.kalshi.outcomes import Accepted, NotSent, Outcome
from pitdesk.kalshi.records import AmendedOrder, CanceledOrder, CreatedOrder, DecreasedOrder
from pitdesk.kalshi.rest import Rest
from pitdesk.kalshi.wire import batches, classic
from pitdesk.kalshi.wire.base import decode, encode
from pitdesk.orders import BookSide, Order
from pitdesk.quantities import Count, Dollars, Price

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pitdesk.kalshi.calls import Before
    from pitdesk.kalshi.history_calls import OrderPage
    from pitdesk.kalshi.pacing import Pacer
    from pitdesk.kalshi.reply import Reply
    from pitdesk.kalshi.transport import Transport
    from pitdesk.orders import Intent

T = TypeVar("T")
Item = TypeVar("Item")
End = TypeVar("End")

_ORDERS = "/portfolio/orders"
_BATCHED = "/portfolio/orders/batched"
_LARGEST_BATCH = 20
_PAGE = 1000
_NOT_SENT = "The exchange failed to answer for others of this batch, so that this was not sent."


class ClassicRest(Rest):
    """:class:`Rest` for an exchange that takes the order calls of late 2025."""

    def create_body(self, intent: Intent) -> bytes:
        """As :meth:`OrderCalls.create_body`, in classic words."""
        draft = intent.draft
        action, outcome = draft.verb.value.lower().split(" ")
        is_yes, price = outcome == "yes", draft.price.to_wire()
        whole = draft.count.units % 100 == 0
        request = classic.CreateOrderRequest(
            ticker=draft.ticker,
            side=outcome,
            action=action,
            count=draft.count.units // 100 if whole else None,
            count_fp=None if whole else draft.count.to_wire(),
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

    async def create_order(self, intent: Intent, before: Before | None = None) -> Outcome[CreatedOrder]:
        """As :meth:`OrderCalls.create_order`."""

        def parse(reply: Reply) -> CreatedOrder:
            body = decode(reply.body, classic.OrderAnswer).order
            if not body.order_id or body.client_order_id != intent.client_order_id:
                raise ValueError(f"it names client order id {body.client_order_id[:64]!r}, not ours")
            return _created(parse_order(body))

        body = self.create_body(intent)
        return await self._write(
            "POST", _ORDERS, parse, kind=CallKind.CREATE, statuses=(201,), body=body, before=before
        )

    async def cancel_order(self, order: Order) -> Outcome[CanceledOrder]:
        """As :meth:`OrderCalls.cancel_order`."""

        def parse(reply: Reply) -> CanceledOrder:
            body = decode(reply.body, classic.CancelOrderAnswer)
            ended = _same(body.order, order)
            reduced = _count(body.reduced_by, body.reduced_by_fp)
            return CanceledOrder(ended.order_id, reduced, ended.updated_ms or 0)

        return await self._write(
            "DELETE",
            _ORDERS + "/{}",
            parse,
            order.order_id,
            kind=CallKind.CANCEL,
            statuses=(200,),
            query={"subaccount": order.subaccount},
        )

    async def cancel_all(self) -> Outcome[None]:
        """Cancel every resting order, twenty at a time; the first call that fails ends it."""
        listed = await self.orders(status="resting")
        if not isinstance(listed, Accepted):
            return listed
        canceled = await self.cancel_batch(listed.value)
        return Accepted(None, canceled.elapsed_ms) if isinstance(canceled, Accepted) else canceled

    async def amend_order(
        self, order: Order, price: Price, total_count: Count, before: Before | None = None
    ) -> Outcome[AmendedOrder]:
        """As :meth:`OrderCalls.amend_order`."""

        def parse(reply: Reply) -> AmendedOrder:
            body = decode(reply.body, classic.AmendOrderAnswer)
            now = _same(body.order, order)
            return AmendedOrder(now.order_id, now.remaining_count, now.fill_count, now.updated_ms or 0)

        whole = total_count.units % 100 == 0
        request = classic.AmendOrderRequest(
            ticker=order.ticker,
            side="yes",
            action="buy" if order.book_side is BookSide.BID else "sell",
            count=total_count.units // 100 if whole else None,
            count_fp=None if whole else total_count.to_wire(),
            yes_price_dollars=price.to_wire(),
            subaccount=order.subaccount,
        )
        return await self._alter(order, "amend", parse, encode(request), before)

    async def decrease_order(self, order: Order, reduce_to: Count) -> Outcome[DecreasedOrder]:
        """As :meth:`OrderCalls.decrease_order`."""

        def parse(reply: Reply) -> DecreasedOrder:
            now = _same(decode(reply.body, classic.OrderAnswer).order, order)
            return DecreasedOrder(now.order_id, now.remaining_count, now.updated_ms or 0)

        whole = reduce_to.units % 100 == 0
        request = classic.DecreaseOrderRequest(
            reduce_to=reduce_to.units // 100 if whole else None,
            reduce_to_fp=None if whole else reduce_to.to_wire(),
            subaccount=order.subaccount,
        )
        return await self._alter(order, "decrease", parse, encode(request))

    async def _alter(
        self,
        order: Order,
        action: str,
        parse: Callable[[Reply], T],
        body: bytes,
        before: Before | None = None,
    ) -> Outcome[T]:
        return await self._write(
            "POST",
            f"{_ORDERS}/{{}}/{action}",
            parse,
            order.order_id,
            kind=CallKind.CHANGE,
            statuses=(200,),
            body=body,
            before=before,
        )

    async def create_batch(
        self, intents: Sequence[Intent], unless: Callable[[], str]
    ) -> Outcome[tuple[Outcome[CreatedOrder], ...]]:
        """As :meth:`BatchCalls.create_batch`; more than twenty go in several calls."""

        async def send(part: Sequence[Intent]) -> Outcome[tuple[Outcome[CreatedOrder], ...]]:
            body = b'{"orders":[' + b",".join(self.create_body(intent) for intent in part) + b"]}"

            def parse(reply: Reply) -> tuple[Outcome[CreatedOrder], ...]:
                said = decode(reply.body, classic.BatchCreateAnswer).orders
                return match_created(part, tuple(map(_created_item, said)))

            return await self._write(
                "POST",
                _BATCHED,
                parse,
                kind=CallKind.CREATE,
                statuses=(201,),
                body=body,
                batch=Batched(len(part), unless),
            )

        budget = self.write_budget()
        return await _in_parts(intents, send, budget.capacity // budget.create_cost)

    async def cancel_batch(self, orders: Sequence[Order]) -> Outcome[tuple[Outcome[CanceledOrder], ...]]:
        """As :meth:`BatchCalls.cancel_batch`; more than twenty go in several calls."""

        async def send(part: Sequence[Order]) -> Outcome[tuple[Outcome[CanceledOrder], ...]]:
            def parse(reply: Reply) -> tuple[Outcome[CanceledOrder], ...]:
                said = decode(reply.body, classic.BatchCancelAnswer).orders
                return match_canceled(part, tuple(map(_canceled_item, said)))

            return await self._write(
                "DELETE",
                _BATCHED,
                parse,
                kind=CallKind.CANCEL,
                statuses=(200,),
                body=encode(classic.BatchCancelRequest(ids=tuple(order.order_id for order in part))),
                batch=Batched(len(part)),
            )

        budget = self.write_budget()
        return await _in_parts(orders, send, budget.capacity // budget.cancel_cost)

    async def orders(
        self, *, status: str | None = None, ticker: str | None = None, min_ts_s: int | None = None
    ) -> Outcome[tuple[Order, ...]]:
        """As :meth:`PortfolioCalls.orders`."""
        query = {"status": status, "ticker": ticker, "min_ts": min_ts_s, "limit": _PAGE}
        return await self._read_pages(_ORDERS, _orders, query)

    async def archived_orders(self, ticker: str, min_ts_s: int) -> Outcome[tuple[Order, ...]]:
        """None: there was no archive yet, :meth:`orders` lists them all (FACTS §16, 2026-02-19)."""
        del ticker, min_ts_s
        return Accepted(())

    async def ended_orders(self, which: EndedList, cursor: str = "") -> Outcome[OrderPage]:
        """As :meth:`HistoryCalls.ended_orders`; there was no archive yet."""
        if which is EndedList.ARCHIVED:
            return Accepted(((), ""))
        query = {"status": which.value, "limit": ENDED_PAGE, "cursor": cursor or None}
        return await self._read(_ORDERS, _orders, query=query, large=True)

    async def order(self, order_id: str) -> Outcome[Order]:
        """As :meth:`PortfolioCalls.order`."""
        return await self._read(
            _ORDERS + "/{}",
            lambda reply: parse_order(decode(reply.body, classic.OrderAnswer).order),
            order_id,
        )

    def _cost(self, method: str, template: str) -> int:
        """What the same call costs today: the classic ones are not in the exchange's list (FACTS §12)."""
        if method != "GET":
            template = template.replace(_ORDERS, "/portfolio/events/orders", 1)
        return super()._cost(method, template)


async def _in_parts(
    items: Sequence[Item],
    send: Callable[[Sequence[Item]], Awaitable[Outcome[tuple[Outcome[End], ...]]]],
    fit: int,
) -> Outcome[tuple[Outcome[End], ...]]:
    """``send`` for twenty at a time, or as many as ``fit`` the bucket. After a call that fails as a whole
    nothing more is sent."""
    size = max(min(_LARGEST_BATCH, fit), 1)
    ends: list[Outcome[End]] = []
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


def _created_item(item: classic.BatchCreatedBody) -> batches.BatchCreatedBody:
    """An item as the current words tell it."""
    if item.order is None:
        return batches.BatchCreatedBody(client_order_id=item.client_order_id, error=item.error)
    made = _created(parse_order(item.order))
    return batches.BatchCreatedBody(
        order_id=made.order_id,
        client_order_id=made.client_order_id,
        fill_count=made.fill_count.to_wire(),
        remaining_count=made.remaining_count.to_wire(),
        average_fill_price=_dollars_text(made.average_fill_price),
        average_fee_paid=_dollars_text(made.average_fee),
        ts_ms=made.ts_ms,
        error=item.error,
    )


def _canceled_item(item: classic.BatchCanceledBody) -> batches.BatchCanceledBody:
    reduced = _count(item.reduced_by, item.reduced_by_fp).to_wire()
    return batches.BatchCanceledBody(order_id=item.order_id, reduced_by=reduced, error=item.error)


def _dollars_text(average: Fraction | None) -> str | None:
    return None if average is None else Dollars(round(average * 1_000_000)).to_wire()


def parse_order(body: classic.OrderBody) -> Order:
    """The order object of late 2025. Buying one outcome is selling the other (FACTS §4.3); ValueError for a
    side or an action that is none."""
    if body.side not in ("yes", "no") or body.action not in ("buy", "sell"):
        raise ValueError(f"it names side {body.side[:20]!r} and action {body.action[:20]!r}")
    buys_yes = (body.side == "yes") == (body.action == "buy")
    return Order(
        order_id=body.order_id,
        client_order_id=body.client_order_id,
        ticker=body.ticker,
        book_side=BookSide.BID if buys_yes else BookSide.ASK,
        yes_price=Price.from_wire(body.yes_price_dollars),
        initial_count=_count(body.initial_count, body.initial_count_fp),
        fill_count=_count(body.fill_count, body.fill_count_fp),
        remaining_count=_count(body.remaining_count, body.remaining_count_fp),
        status=convert.parse_order_status(body.status),
        status_word=body.status,
        fill_cost=_money(body.taker_fill_cost, body.taker_fill_cost_dollars)
        + _money(body.maker_fill_cost, body.maker_fill_cost_dollars),
        fees=_money(body.taker_fees, body.taker_fees_dollars)
        + _money(body.maker_fees, body.maker_fees_dollars),
        created_ms=convert.parse_optional_time_ms(body.created_time),
        updated_ms=convert.parse_optional_time_ms(body.last_update_time),
        expiration_ms=convert.parse_optional_time_ms(body.expiration_time),
        order_group_id=body.order_group_id,
        self_trade_prevention=body.self_trade_prevention_type,
        cancel_order_on_pause=bool(body.cancel_order_on_pause),
        subaccount=body.subaccount_number,
        exchange_index=None,
    )


def _orders(reply: Reply) -> tuple[tuple[Order, ...], str]:
    body = decode(reply.body, classic.OrdersAnswer)
    return tuple(map(parse_order, body.orders)), body.cursor or ""


def _created(order: Order) -> CreatedOrder:
    filled = order.fill_count
    scale = filled.units * 10_000
    return CreatedOrder(
        order_id=order.order_id,
        client_order_id=order.client_order_id,
        fill_count=filled,
        remaining_count=order.remaining_count,
        average_fill_price=Fraction(order.fill_cost.units, scale) if filled else None,
        ts_ms=order.updated_ms or order.created_ms or 0,
        average_fee=Fraction(order.fees.units, scale) if filled else None,
    )


def _same(body: classic.OrderBody, order: Order) -> Order:
    if body.order_id != order.order_id:
        raise ValueError(f"it names order {body.order_id[:64]!r}, not the one asked about")
    return parse_order(body)


def _count(whole: int, text: str | None) -> Count:
    return Count.of(whole) if text is None else Count.from_wire(text)


def _money(cents: int, text: str | None) -> Dollars:
    return Dollars.from_cents(cents) if text is None else Dollars.from_wire(text)


def rest_for(dialect: Dialect, transport: Transport, pacer: Pacer, subaccount: int | None = None) -> Rest:
    """The client that speaks ``dialect``."""
    return (ClassicRest if dialect is Dialect.CLASSIC else Rest)(transport, pacer, subaccount)
