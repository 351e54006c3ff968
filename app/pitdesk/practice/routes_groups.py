"""Order groups: create, list, get, reset, trigger, limit, delete (openapi order-groups, FACTS §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.kalshi.wire.base import Wire
from pitdesk.practice import refusals
from pitdesk.practice.checks import read_count
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.reading import Query, as_struct, read_object
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from pitdesk.practice.groups import OrderGroup

_GROUPS = f"{BASE_PATH}/portfolio/order_groups"
_ONE = f"{_GROUPS}/{{group_id}}"


class NewGroup(Wire, frozen=True, kw_only=True):
    """openapi CreateOrderGroupRequest."""

    subaccount: int | None = None
    contracts_limit: int | None = None
    contracts_limit_fp: str | None = None
    exchange_index: int | None = None


class NewLimit(Wire, frozen=True, kw_only=True):
    """openapi UpdateOrderGroupLimitRequest."""

    contracts_limit: int | None = None
    contracts_limit_fp: str | None = None


class CreatedGroup(Wire, frozen=True, kw_only=True, omit_defaults=False):
    """openapi CreateOrderGroupResponse."""

    order_group_id: str
    subaccount: int
    exchange_index: int


class GroupBody(Wire, frozen=True, kw_only=True):
    """openapi OrderGroup."""

    id: str
    contracts_limit_fp: str
    is_auto_cancel_enabled: bool
    exchange_index: int


class GroupsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetOrderGroupsResponse."""

    order_groups: tuple[GroupBody, ...]


class GroupAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetOrderGroupResponse."""

    is_auto_cancel_enabled: bool
    orders: tuple[str, ...]
    contracts_limit_fp: str
    exchange_index: int


class Empty(Wire, frozen=True):
    """openapi EmptyResponse."""


class GroupRoutes:
    """Signed in. Writing calls name the group's subaccount and exchange index; each is 0 where it is not
    named (FACTS §9)."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._desk = floor.exchange.groups

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.get(_GROUPS, self._list),
            web.post(f"{_GROUPS}/create", self._create),
            web.get(_ONE, self._get),
            web.delete(_ONE, self._delete),
            web.put(f"{_ONE}/reset", self._reset),
            web.put(f"{_ONE}/trigger", self._trigger),
            web.put(f"{_ONE}/limit", self._limit),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        named = Query(request.query, "GetOrderGroups").integer("subaccount", 0)
        subaccount = self._floor.subaccount_of(request, named)
        found = (
            GroupBody(
                id=group.group_id,
                contracts_limit_fp=group.record().limit.to_wire(),
                is_auto_cancel_enabled=not group.triggered,
                exchange_index=group.exchange_index,
            )
            for group in self._floor.account_of(request).groups.values()
            if subaccount in (None, group.subaccount)
        )
        return answer(GroupsAnswer(order_groups=tuple(found)))

    async def _create(self, request: web.Request) -> web.Response:
        name = "CreateOrderGroupRequest"
        body = as_struct(await read_object(request, name), NewGroup, name)
        subaccount = self._floor.subaccount_of(request, body.subaccount) or 0
        exchange_index = body.exchange_index or 0
        if exchange_index not in self._floor.shards:
            raise ExchangeRefusal(refusals.INVALID_PARAMETERS, "exchange_index does not exist")
        account = self._floor.account_of(request)
        limit = _limit_of(body.contracts_limit, body.contracts_limit_fp)
        group = self._desk.create(account, limit, subaccount, exchange_index)
        made = CreatedGroup(
            order_group_id=group.group_id, subaccount=subaccount, exchange_index=exchange_index
        )
        return answer(made, 201)

    async def _get(self, request: web.Request) -> web.Response:
        named = Query(request.query, "GetOrderGroup").integer("subaccount", 0)
        subaccount = self._floor.subaccount_of(request, named)
        account = self._floor.account_of(request)
        group = self._desk.find(account, request.match_info["group_id"], subaccount)
        return answer(
            GroupAnswer(
                is_auto_cancel_enabled=not group.triggered,
                orders=tuple(group.orders),
                contracts_limit_fp=group.record().limit.to_wire(),
                exchange_index=group.exchange_index,
            )
        )

    def _named(self, request: web.Request) -> OrderGroup:
        query = Query(request.query, "OrderGroup")
        subaccount = self._floor.subaccount_of(request, query.integer("subaccount", 0)) or 0
        exchange_index = query.integer("exchange_index") or 0
        account = self._floor.account_of(request)
        return self._desk.find(account, request.match_info["group_id"], subaccount, exchange_index)

    async def _delete(self, request: web.Request) -> web.Response:
        self._desk.delete(self._floor.account_of(request), self._named(request))
        return answer(Empty())

    async def _reset(self, request: web.Request) -> web.Response:
        await read_object(request, "EmptyResponse")
        self._desk.reset(self._named(request))
        return answer(Empty())

    async def _trigger(self, request: web.Request) -> web.Response:
        await read_object(request, "EmptyResponse")
        self._desk.trigger(self._named(request))
        return answer(Empty())

    async def _limit(self, request: web.Request) -> web.Response:
        name = "UpdateOrderGroupLimitRequest"
        body = as_struct(await read_object(request, name), NewLimit, name)
        self._desk.set_limit(self._named(request), _limit_of(body.contracts_limit, body.contracts_limit_fp))
        return answer(Empty())


def _limit_of(whole: int | None, text: str | None) -> int:
    """The limit in hundredths; where both are named they must be the same."""
    if whole is None and text is None:
        raise ExchangeRefusal(
            refusals.INVALID_PARAMETERS, "contracts_limit or contracts_limit_fp is required"
        )
    limit = (whole or 0) * 100 if text is None else read_count(text).units
    if whole is not None and limit != whole * 100:
        raise ExchangeRefusal(
            refusals.INVALID_PARAMETERS, "contracts_limit and contracts_limit_fp must match"
        )
    return limit
