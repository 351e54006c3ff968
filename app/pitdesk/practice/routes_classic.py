"""The order calls of late 2025: served where the dialect says so, else gone as on the live exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from msgspec import structs

from pitdesk.kalshi.wire import classic as wire
from pitdesk.kalshi.wire.account import ErrorBody
from pitdesk.practice import faults, refusals
from pitdesk.practice.classic import ClassicDesk, Dialect
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.reading import Query, as_object, as_struct, read_object
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from pitdesk.practice.limiter import Limiter

_ORDERS = f"{BASE_PATH}/portfolio/orders"
_CREATE, _AMEND, _DECREASE = "CreateOrderRequest", "AmendOrderRequest", "DecreaseOrderRequest"
_BATCH_CREATE, _BATCH_CANCEL = "BatchCreateOrdersRequest", "BatchCancelOrdersRequest"
_NEW_HOME = "https://docs.kalshi.com/api-reference/orders/create-order-v2"
_LARGEST_BATCH = 20


_Owned = TypeVar("_Owned", wire.CreateOrderRequest, wire.AmendOrderRequest, wire.DecreaseOrderRequest)


class ClassicRoutes:
    """Writes below ``/portfolio/orders``."""

    def __init__(self, floor: Floor, limiter: Limiter, dialect: Dialect) -> None:
        self._floor = floor
        self._limiter = limiter
        self._desk = ClassicDesk(floor.exchange)
        self._is_served = dialect is not Dialect.CURRENT

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        served = [
            web.post(_ORDERS, self._create),
            web.post(f"{_ORDERS}/batched", self._create_batch),
            web.delete(f"{_ORDERS}/batched", self._cancel_batch),
            web.delete(f"{_ORDERS}/{{order_id}}", self._cancel),
            web.post(f"{_ORDERS}/{{order_id}}/amend", self._amend),
            web.post(f"{_ORDERS}/{{order_id}}/decrease", self._decrease),
        ]
        if self._is_served:
            return served
        return [web.RouteDef(route.method, route.path, self._gone, {}) for route in served]

    async def _gone(self, _request: web.Request) -> web.Response:
        """What the live exchange answers since June 2026 (FACTS §4.1)."""
        raise ExchangeRefusal(refusals.DEPRECATED_ORDER_ENDPOINT, _NEW_HOME)

    def _owned(self, request: web.Request, body: _Owned) -> _Owned:
        """The request on the subaccount that the caller's key may use."""
        subaccount = self._floor.subaccount_of(request, body.subaccount)
        return body if subaccount == body.subaccount else structs.replace(body, subaccount=subaccount)

    async def _create(self, request: web.Request) -> web.Response:
        body = self._owned(
            request, as_struct(await read_object(request, _CREATE), wire.CreateOrderRequest, _CREATE)
        )
        made = self._desk.create(self._floor.account_of(request), body)
        return answer(wire.OrderAnswer(order=made), 201)

    async def _cancel(self, request: web.Request) -> web.Response:
        named = Query(request.query, "CancelOrder").integer("subaccount", 0)
        subaccount = self._floor.subaccount_of(request, named)
        account = self._floor.account_of(request)
        return answer(self._desk.cancel(account, request.match_info["order_id"], subaccount))

    async def _amend(self, request: web.Request) -> web.Response:
        body = self._owned(
            request, as_struct(await read_object(request, _AMEND), wire.AmendOrderRequest, _AMEND)
        )
        return answer(self._desk.amend(self._floor.account_of(request), request.match_info["order_id"], body))

    async def _decrease(self, request: web.Request) -> web.Response:
        body = self._owned(
            request, as_struct(await read_object(request, _DECREASE), wire.DecreaseOrderRequest, _DECREASE)
        )
        account = self._floor.account_of(request)
        left = self._desk.decrease(account, request.match_info["order_id"], body)
        return answer(wire.OrderAnswer(order=left))

    async def _create_batch(self, request: web.Request) -> web.Response:
        account = self._floor.account_of(request)
        items = _items((await read_object(request, _BATCH_CREATE)).get("orders"), "orders")
        self._limiter.spend(account.user_id, request, len(items))
        made = []
        for item in items:
            fields = as_object(item, f"{_BATCH_CREATE}.orders")
            order = as_struct(fields, wire.CreateOrderRequest, f"{_BATCH_CREATE}.orders")
            order = self._owned(request, order)
            try:
                body = self._desk.create(account, order)
                made.append(wire.BatchCreatedBody(client_order_id=order.client_order_id, order=body))
            except ExchangeRefusal as refusal:
                error = _error(refusal)
                made.append(wire.BatchCreatedBody(client_order_id=order.client_order_id, error=error))
        return answer(wire.BatchCreateAnswer(orders=tuple(made)), 201)

    async def _cancel_batch(self, request: web.Request) -> web.Response:
        """``{ids: […]}``, or ``{orders: [{order_id, subaccount?}]}`` as from 2026 on."""
        account = self._floor.account_of(request)
        fields = await read_object(request, _BATCH_CANCEL)
        ids = [_order_id(item) for item in _items(fields.get("ids") or fields.get("orders"), "ids")]
        self._limiter.spend(account.user_id, request, len(ids))
        done = []
        for order_id in ids:
            try:
                said = self._desk.cancel(account, order_id, self._floor.subaccount_of(request, None))
                done.append(
                    wire.BatchCanceledBody(
                        order_id=order_id,
                        order=said.order,
                        reduced_by=said.reduced_by,
                        reduced_by_fp=said.reduced_by_fp,
                    )
                )
            except ExchangeRefusal as refusal:
                done.append(
                    wire.BatchCanceledBody(
                        order_id=order_id, reduced_by=0, reduced_by_fp="0.00", error=_error(refusal)
                    )
                )
        return answer(wire.BatchCancelAnswer(orders=tuple(done)))


def _items(found: object, name: str) -> list[object]:
    if not isinstance(found, list) or not found:
        raise faults.nested(400, "invalid_parameters", "invalid parameters", f"{name} is required")
    if len(found) > _LARGEST_BATCH:
        raise faults.nested(
            400, "invalid_parameters", "invalid parameters", f"at most {_LARGEST_BATCH} orders in a batch"
        )
    return found


def _order_id(item: object) -> str:
    said = item.get("order_id") if isinstance(item, dict) else item
    if not isinstance(said, str):
        raise faults.nested(400, "invalid_parameters", "invalid parameters", "order_id must be a string")
    return said


def _error(refusal: ExchangeRefusal) -> ErrorBody:
    return ErrorBody(code=refusal.code, message=refusal.message, details=refusal.details or None)
