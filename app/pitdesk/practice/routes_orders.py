"""Order entry: create, cancel, amend, decrease, cancel all, and batches (openapi orders, V2)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web
from msgspec import structs

from pitdesk.kalshi.wire import batches
from pitdesk.kalshi.wire import orders as wire
from pitdesk.kalshi.wire.account import ErrorBody
from pitdesk.practice import faults
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.reading import Query, as_object, as_struct, read_object
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from pitdesk.practice.accounts import Account
    from pitdesk.practice.limiter import Limiter

_ORDERS = f"{BASE_PATH}/portfolio/events/orders"
_CREATE, _AMEND, _DECREASE = "CreateOrderV2Request", "AmendOrderV2Request", "DecreaseOrderV2Request"
_BATCH_CREATE, _BATCH_CANCEL = "BatchCreateOrdersV2Request", "BatchCancelOrdersV2Request"


class OrderRoutes:
    """The signed-in half of writing."""

    def __init__(self, floor: Floor, limiter: Limiter) -> None:
        self._floor = floor
        self._limiter = limiter
        self._exchange = floor.exchange

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.post(_ORDERS, self._create),
            web.delete(_ORDERS, self._cancel_all),
            web.post(f"{_ORDERS}/batched", self._create_batch),
            web.delete(f"{_ORDERS}/batched", self._cancel_batch),
            web.delete(f"{_ORDERS}/{{order_id}}", self._cancel),
            web.post(f"{_ORDERS}/{{order_id}}/amend", self._amend),
            web.post(f"{_ORDERS}/{{order_id}}/decrease", self._decrease),
        ]

    async def _create(self, request: web.Request) -> web.Response:
        fields = await self._read_paid(request, _CREATE)
        body = self._owned(request, as_struct(fields, wire.CreateOrderRequest, _CREATE))
        return answer(self._exchange.create(self._floor.account_of(request), body), 201)

    async def _read_paid(self, request: web.Request, go_name: str) -> dict[str, object]:
        """The body, once its bucket has paid: the one of the exchange index that it names (FACTS §12)."""
        named: object = None
        try:
            fields = await read_object(request, go_name)
            named = fields.get("exchange_index")
            return fields
        finally:
            index = named if isinstance(named, int) else 0
            self._limiter.spend(self._floor.account_of(request).user_id, request, exchange_index=index)

    def _owned(self, request: web.Request, order: wire.CreateOrderRequest) -> wire.CreateOrderRequest:
        """The order on the subaccount that the caller's key may use."""
        subaccount = self._floor.subaccount_of(request, order.subaccount)
        return order if subaccount == order.subaccount else structs.replace(order, subaccount=subaccount)

    async def _cancel(self, request: web.Request) -> web.Response:
        query = Query(request.query, "CancelOrderV2")
        item = batches.BatchCancelItem(
            order_id=request.match_info["order_id"],
            subaccount=query.integer("subaccount", 0),
            exchange_index=query.integer("exchange_index"),
            market_ticker=query.text("market_ticker"),
        )
        subaccount = self._floor.subaccount_of(request, item.subaccount) or 0
        return answer(self._cancel_one(self._floor.account_of(request), item, subaccount))

    def _cancel_one(
        self, account: Account, item: batches.BatchCancelItem, subaccount: int
    ) -> wire.CancelOrderAnswer:
        shard = self._shard(item.exchange_index, item.market_ticker)
        return self._exchange.cancel(account, item.order_id, exchange_index=shard, subaccount=subaccount)

    def _shard(self, exchange_index: int | None, ticker: str | None) -> int:
        """Where a request that names an order goes (FACTS §11): what it names, else the ticker's, else 0."""
        if exchange_index is not None and exchange_index >= 0:
            return exchange_index
        market = self._exchange.catalogue.markets.get(ticker or "")
        return market.exchange_index if market else 0

    async def _cancel_all(self, request: web.Request) -> web.Response:
        named = Query(request.query, "CancelAllOrdersV2").integer("subaccount", 0)
        subaccount = self._floor.subaccount_of(request, named)
        self._exchange.cancel_all(self._floor.account_of(request), subaccount)
        return web.Response(status=204)

    async def _amend(self, request: web.Request) -> web.Response:
        body = as_struct(await self._read_paid(request, _AMEND), wire.AmendOrderRequest, _AMEND)
        where = self._where(request, "AmendOrderV2")
        return answer(self._exchange.amend(self._floor.account_of(request), where[0], body, where[1]))

    def _where(self, request: web.Request, operation: str) -> tuple[str, int]:
        """The order and its subaccount, which is the primary one where none is named."""
        named = Query(request.query, operation).integer("subaccount", 0)
        return request.match_info["order_id"], self._floor.subaccount_of(request, named) or 0

    async def _decrease(self, request: web.Request) -> web.Response:
        body = as_struct(await self._read_paid(request, _DECREASE), wire.DecreaseOrderRequest, _DECREASE)
        where = self._where(request, "DecreaseOrderV2")
        shard = self._shard(body.exchange_index, body.market_ticker)
        routed = structs.replace(body, exchange_index=shard)
        return answer(self._exchange.decrease(self._floor.account_of(request), where[0], routed, where[1]))

    async def _create_batch(self, request: web.Request) -> web.Response:
        account = self._floor.account_of(request)
        items = await self._read_items(request, _BATCH_CREATE)
        name = f"{_BATCH_CREATE}.orders"
        orders = [self._owned(request, as_struct(item, wire.CreateOrderRequest, name)) for item in items]
        bodies = tuple(self._create_item(account, order) for order in orders)
        return answer(batches.BatchCreateAnswer(orders=bodies), 201)

    def _create_item(self, account: Account, order: wire.CreateOrderRequest) -> batches.BatchCreatedBody:
        try:
            made = self._exchange.create(account, order)
        except ExchangeRefusal as refusal:
            return batches.BatchCreatedBody(client_order_id=order.client_order_id, error=_error(refusal))
        return batches.BatchCreatedBody(
            order_id=made.order_id,
            client_order_id=made.client_order_id,
            fill_count=made.fill_count,
            remaining_count=made.remaining_count,
            average_fill_price=made.average_fill_price,
            average_fee_paid=made.average_fee_paid,
            ts_ms=made.ts_ms,
        )

    async def _cancel_batch(self, request: web.Request) -> web.Response:
        account = self._floor.account_of(request)
        items = await self._read_items(request, _BATCH_CANCEL)
        orders = [as_struct(item, batches.BatchCancelItem, f"{_BATCH_CANCEL}.orders") for item in items]
        subaccounts = [self._floor.subaccount_of(request, item.subaccount) or 0 for item in orders]
        bodies = map(partial(self._cancel_item, account), orders, subaccounts)
        return answer(batches.BatchCancelAnswer(orders=tuple(bodies)))

    def _cancel_item(
        self, account: Account, item: batches.BatchCancelItem, subaccount: int
    ) -> batches.BatchCanceledBody:
        try:
            done = self._cancel_one(account, item, subaccount)
        except ExchangeRefusal as refusal:
            error = _error(refusal)
            return batches.BatchCanceledBody(order_id=item.order_id, reduced_by="0.00", error=error)
        return batches.BatchCanceledBody(
            order_id=done.order_id,
            client_order_id=done.client_order_id,
            reduced_by=done.reduced_by,
            ts_ms=done.ts_ms,
        )

    async def _read_items(self, request: web.Request, go_name: str) -> list[dict[str, object]]:
        """The ``orders`` of a batch, each a JSON object, once the bucket has paid for all of them."""
        orders = (await read_object(request, go_name)).get("orders")
        if not isinstance(orders, list) or not orders:
            raise faults.nested(400, "invalid_parameters", "invalid parameters", "orders is required")
        self._limiter.spend(self._floor.account_of(request).user_id, request, len(orders))
        return [as_object(item, f"{go_name}.orders") for item in orders]


def _error(refusal: ExchangeRefusal) -> ErrorBody:
    """A refusal inside a batch has the flat shape (FACTS §5)."""
    return ErrorBody(code=refusal.code, message=refusal.message, details=refusal.details or None)
