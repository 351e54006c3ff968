"""Many orders in one call: create and cancel in batches (FACTS §5).

A batch is not atomic at the exchange: its answer tells each item's own end, in any order, and may leave some
out. What is not told of an item proves nothing about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pitdesk.kalshi import convert
from pitdesk.kalshi.calls import Batched
from pitdesk.kalshi.classify import DUPLICATE, CallKind
from pitdesk.kalshi.order_calls import OrderCalls
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, Gone, Refused, Unknown
from pitdesk.kalshi.pacing import CANCEL_RESERVE
from pitdesk.kalshi.records import CanceledOrder, CreatedOrder
from pitdesk.kalshi.sentences import exchange_words, field_of, refusal_sentence
from pitdesk.kalshi.wire import batches
from pitdesk.kalshi.wire.base import decode, encode
from pitdesk.quantities import Count, QuantityError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.kalshi.reply import Reply
    from pitdesk.kalshi.wire.account import ErrorBody
    from pitdesk.orders import Intent, Order

T = TypeVar("T")

_ITEM_STATUS = 400
_LEFT_OUT = "The exchange's answer leaves this order out. It may be live."
_CANCEL_LEFT_OUT = "The exchange's answer leaves this cancel out. The order may still be live."
_DUPLICATE = "The exchange has an order with this id already. It may be this one."
# Words in an item's code that tell of the exchange's own trouble prove nothing of the order.
_UNSURE_WORDS = ("internal", "unavailable", "timeout", "timed_out", "unknown")


@dataclass(frozen=True, slots=True)
class WriteBudget:
    """The write bucket, and what one item of a batch costs in it (FACTS §12). ``reserve`` is for cancels."""

    rate: int
    capacity: int
    create_cost: int
    cancel_cost: int
    reserve: int


class BatchCalls(OrderCalls):
    """Writes of one account, many at once."""

    def write_budget(self) -> WriteBudget:
        """As the exchange last said, to size batches by."""
        limit = self._pacer.write_limit
        path = self._path + "/batched"
        create, cancel = self._cost("POST", path), self._cost("DELETE", path)
        reserve = min(CANCEL_RESERVE, max(limit.capacity - create, 0))
        return WriteBudget(limit.rate, limit.capacity, create, cancel, reserve)

    async def create_batch(
        self, intents: Sequence[Intent], unless: Callable[[], str]
    ) -> CallOutcome[tuple[CallOutcome[CreatedOrder], ...]]:
        """Place many orders in one call; an outcome for each intent, in their order.

        Each item's bytes are those of :meth:`create_body`. ``unless`` is asked last, when the tokens are
        there: where it gives a sentence, nothing is sent.
        """

        def parse(reply: Reply) -> tuple[CallOutcome[CreatedOrder], ...]:
            return match_created(intents, decode(reply.body, batches.BatchCreateAnswer).orders)

        return await self._place_many(intents, parse, unless)

    async def cancel_batch(
        self, orders: Sequence[Order]
    ) -> CallOutcome[tuple[CallOutcome[CanceledOrder], ...]]:
        """Cancel many orders in one call; an outcome for each, in their order.

        The market goes with each item: without it the cancel would go to shard 0 (FACTS §5).
        """
        request = batches.BatchCancelRequest(
            orders=tuple(
                batches.BatchCancelItem(
                    order_id=order.order_id, subaccount=order.subaccount, market_ticker=order.ticker
                )
                for order in orders
            )
        )

        def parse(reply: Reply) -> tuple[CallOutcome[CanceledOrder], ...]:
            return match_canceled(orders, decode(reply.body, batches.BatchCancelAnswer).orders)

        return await self._take_many_off(len(orders), encode(request), parse)

    async def _place_many(
        self, intents: Sequence[Intent], parse: Callable[[Reply], T], unless: Callable[[], str]
    ) -> CallOutcome[T]:
        return await self._write(
            "POST",
            self._path + "/batched",
            parse,
            kind=CallKind.CREATE,
            statuses=(201,),
            body=b'{"orders":[' + b",".join(self.create_body(intent) for intent in intents) + b"]}",
            batch=Batched(len(intents), unless),
        )

    async def _take_many_off(self, count: int, body: bytes, parse: Callable[[Reply], T]) -> CallOutcome[T]:
        return await self._write(
            "DELETE",
            self._path + "/batched",
            parse,
            kind=CallKind.CANCEL,
            statuses=(200,),
            body=body,
            batch=Batched(count),
        )


def match_created(
    intents: Sequence[Intent], said: Sequence[batches.BatchCreatedBody]
) -> tuple[CallOutcome[CreatedOrder], ...]:
    """What the answer says of each intent: by client order id, then by position.

    A position counts only for an error without an id, and only where the answer has an item for each order
    and every item with an id stands in its own place: then nothing was moved or left out.
    """
    wanted = {intent.client_order_id for intent in intents}
    by_id: dict[str, list[batches.BatchCreatedBody]] = {}
    for item in said:
        if item.client_order_id in wanted:
            by_id.setdefault(str(item.client_order_id), []).append(item)
    in_place = len(said) == len(intents) and all(
        item.client_order_id in (None, "", intent.client_order_id)
        for item, intent in zip(said, intents, strict=True)
    )
    ends: list[CallOutcome[CreatedOrder]] = []
    for place, intent in enumerate(intents):
        told = by_id.get(intent.client_order_id, [])
        if not told and in_place and said[place].error is not None and not said[place].order_id:
            told = [said[place]]
        ends.append(_created(told[0], intent) if len(told) == 1 else Unknown(_LEFT_OUT, _how_often(told)))
    return tuple(ends)


def match_canceled(
    orders: Sequence[Order], said: Sequence[batches.BatchCanceledBody]
) -> tuple[CallOutcome[CanceledOrder], ...]:
    """What the answer says of each order, by its id."""
    told = {item.order_id: item for item in said}
    return tuple(_canceled(told.get(order.order_id)) for order in orders)


def _how_often(told: Sequence[batches.BatchCreatedBody]) -> str:
    return f"told {len(told)} times" if told else "left out of the answer"


def _created(item: batches.BatchCreatedBody, intent: Intent) -> CallOutcome[CreatedOrder]:
    if item.error is not None:
        return _refused(item.error) if not item.order_id else Unknown(_LEFT_OUT, "both an order and an error")
    if not item.order_id or item.fill_count is None or item.remaining_count is None or item.ts_ms is None:
        return Unknown(_LEFT_OUT, "the item is incomplete")
    try:
        made = CreatedOrder(
            order_id=item.order_id,
            client_order_id=intent.client_order_id,
            fill_count=Count.from_wire(item.fill_count),
            remaining_count=Count.from_wire(item.remaining_count),
            average_fill_price=convert.parse_fraction(item.average_fill_price),
            ts_ms=item.ts_ms,
            average_fee=convert.parse_fraction(item.average_fee_paid),
        )
    except ValueError as error:
        return Unknown(_LEFT_OUT, f"the item could not be read: {error}")
    return Accepted(made, server_ms=item.ts_ms)


def _canceled(item: batches.BatchCanceledBody | None) -> CallOutcome[CanceledOrder]:
    if item is None:
        return Unknown(_CANCEL_LEFT_OUT, "left out of the answer")
    if item.error is not None:
        refused = _refused(item.error)
        if isinstance(refused, Refused) and refused.code == "not_found":
            return Gone(refused.sentence, refused.code, 404, None, refused.detail)
        return refused
    try:
        return Accepted(CanceledOrder(Count.from_wire(item.reduced_by), item.ts_ms or 0))
    except QuantityError as error:
        return Unknown(_CANCEL_LEFT_OUT, f"the item could not be read: {error}")


def _refused(error: ErrorBody) -> Refused | Unknown:
    code = error.code or ""
    words = exchange_words(": ".join(part for part in (error.message, error.details) if part))
    if code == DUPLICATE:
        return Unknown(_DUPLICATE, words or code, 409, duplicate=True)
    lowered = code.casefold()
    if not code or any(word in lowered for word in _UNSURE_WORDS):
        return Unknown(_LEFT_OUT, words or code or "an error without a code")
    return Refused(
        refusal_sentence(code, words, _ITEM_STATUS), code, _ITEM_STATUS, field_of(code, words), words
    )
