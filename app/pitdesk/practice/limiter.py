"""The door's buckets: what each call costs, and which bucket pays (FACTS §12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.kalshi.wire.account import (
    EndpointCostBody,
    EndpointCostsAnswer,
)
from pitdesk.practice import faults
from pitdesk.practice.buckets import (
    CANCEL_COST,
    DEFAULT_COST,
    GET_ORDER_COST,
    UPGRADE_COST,
    BucketSize,
    Tier,
    TokenBucket,
)
from pitdesk.practice.floor import BASE_PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from pitdesk.clock import Clock

_ORDERS = f"{BASE_PATH}/portfolio/events/orders"
_BATCHED = f"{_ORDERS}/batched"
_CLASSIC = f"{BASE_PATH}/portfolio/orders"
_CLASSIC_BATCHED = f"{_CLASSIC}/batched"
# Has a bucket of its own, without burst: one call a second (openapi GetBalance).
_BALANCE = f"{BASE_PATH}/portfolio/balance"
# Their body may name an exchange index, whose own bucket then pays (FACTS §12).
_BY_BODY = (f"{_ORDERS}", f"{_ORDERS}/:order_id/amend", f"{_ORDERS}/:order_id/decrease")
# By method and path, with the parameters as the exchange writes them.
HIGHEST_SHARD = 3
_COSTS = {
    ("DELETE", _ORDERS): CANCEL_COST,
    ("DELETE", f"{_ORDERS}/:order_id"): CANCEL_COST,
    ("DELETE", _BATCHED): CANCEL_COST,
    ("GET", f"{BASE_PATH}/portfolio/orders/:order_id"): GET_ORDER_COST,
    ("POST", f"{BASE_PATH}/account/api_usage_level/upgrade"): UPGRADE_COST,
}
_CLASSIC_COSTS = {
    ("DELETE", f"{_CLASSIC}/:order_id"): CANCEL_COST,
    ("DELETE", _CLASSIC_BATCHED): CANCEL_COST,
}
_ALL_COSTS = {**_COSTS, **_CLASSIC_COSTS}
COSTS = EndpointCostsAnswer(
    default_cost=DEFAULT_COST,
    endpoint_costs=tuple(
        EndpointCostBody(method=method, path=path, cost=cost) for (method, path), cost in _COSTS.items()
    ),
)


@dataclass(slots=True)
class _UserBuckets:
    tier: Tier
    read: TokenBucket
    balance: TokenBucket
    writes: dict[int, TokenBucket]


class Limiter:
    """Each user's reads and writes have a bucket of their own; one that cannot pay refuses with 429. A single
    write that names an exchange index above zero is paid by that index's own write bucket."""

    def __init__(self, clock: Clock, tier_of: Callable[[str], Tier], *, unlimited: bool = False) -> None:
        self._clock = clock
        self._tier_of = tier_of
        self._unlimited = unlimited
        self._users: dict[str, _UserBuckets] = {}

    def spend(self, user_id: str, request: web.Request, items: int = 1, exchange_index: int = 0) -> None:
        """Take what ``request`` costs, all of it or nothing. Raises a 429 fault.

        A batch costs each of its ``items``, so that it is charged once those are counted (FACTS §5).
        """
        path = _template(request)
        if self._unlimited or not path:
            return
        cost = items * _ALL_COSTS.get((request.method, path), DEFAULT_COST)
        buckets = self._buckets_of(user_id)
        if path == _BALANCE:
            bucket, cost = buckets.balance, 1
        elif request.method == "GET":
            bucket = buckets.read
        else:
            bucket = self._write_bucket(buckets, exchange_index)
        if not bucket.take(cost):
            raise faults.too_many_requests()

    def _write_bucket(self, buckets: _UserBuckets, exchange_index: int) -> TokenBucket:
        shard = exchange_index if 0 < exchange_index <= HIGHEST_SHARD else 0
        found = buckets.writes.get(shard)
        if found is None:
            found = buckets.writes[shard] = TokenBucket(buckets.tier.write, self._clock)
        return found

    def _buckets_of(self, user_id: str) -> _UserBuckets:
        tier = self._tier_of(user_id)
        found = self._users.get(user_id)
        if found is None or found.tier is not tier:
            read = TokenBucket(tier.read, self._clock)
            balance = TokenBucket(BucketSize(tier.balances, tier.balances), self._clock)
            found = self._users[user_id] = _UserBuckets(tier, read, balance, {})
        return found


def _template(request: web.Request) -> str:
    """The path with its parameters as the exchange writes them; empty for what is not served."""
    resource = request.match_info.route.resource
    return "" if resource is None else resource.canonical.replace("{", ":").replace("}", "")


def is_charged_later(request: web.Request) -> bool:
    """Whether what it costs, or which bucket pays, is in its body."""
    if request.path in (_BATCHED, _CLASSIC_BATCHED):
        return True
    return request.method == "POST" and _template(request) in _BY_BODY
