"""The door's buckets: what each call costs, and which bucket pays (FACTS §12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.kalshi.wire.account import (
    AccountLimitsAnswer,
    BucketLimitBody,
    EndpointCostBody,
    EndpointCostsAnswer,
)
from pitdesk.practice import faults
from pitdesk.practice.buckets import (
    BASIC,
    CANCEL_COST,
    DEFAULT_COST,
    GET_ORDER_COST,
    BucketSize,
    Tier,
    TokenBucket,
)
from pitdesk.practice.floor import BASE_PATH

if TYPE_CHECKING:
    from aiohttp import web

    from pitdesk.clock import Clock

_ORDERS = f"{BASE_PATH}/portfolio/events/orders"
_BATCHED = f"{_ORDERS}/batched"
_CLASSIC = f"{BASE_PATH}/portfolio/orders"
_CLASSIC_BATCHED = f"{_CLASSIC}/batched"
# Has a bucket of its own, without burst: one call a second (openapi GetBalance).
_BALANCE = f"{BASE_PATH}/portfolio/balance"
# By method and path, with the parameters as the exchange writes them.
_COSTS = {
    ("DELETE", _ORDERS): CANCEL_COST,
    ("DELETE", f"{_ORDERS}/:order_id"): CANCEL_COST,
    ("DELETE", _BATCHED): CANCEL_COST,
    ("GET", f"{BASE_PATH}/portfolio/orders/:order_id"): GET_ORDER_COST,
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
    read: TokenBucket
    write: TokenBucket
    balance: TokenBucket


class Limiter:
    """Each user's reads and writes have a bucket of their own; one that cannot pay refuses with 429."""

    def __init__(self, clock: Clock, *, unlimited: bool = False, tier: Tier = BASIC) -> None:
        self._clock = clock
        self._tier = tier
        self._unlimited = unlimited
        self._users: dict[str, _UserBuckets] = {}

    def spend(self, user_id: str, request: web.Request, items: int = 1) -> None:
        """Take what ``request`` costs, all of it or nothing. Raises a 429 fault.

        A batch costs each of its ``items``, so that it is charged once those are counted (FACTS §5).
        """
        resource = request.match_info.route.resource
        if self._unlimited or resource is None:
            return
        path = resource.canonical.replace("{", ":").replace("}", "")
        cost = items * _ALL_COSTS.get((request.method, path), DEFAULT_COST)
        buckets = self._buckets_of(user_id)
        if path == _BALANCE:
            paid = buckets.balance.take(1)
        else:
            paid = (buckets.read if request.method == "GET" else buckets.write).take(cost)
        if not paid:
            raise faults.too_many_requests()

    def _buckets_of(self, user_id: str) -> _UserBuckets:
        if user_id not in self._users:
            tier = self._tier
            sizes = (tier.read, tier.write, BucketSize(tier.balances, 1))
            self._users[user_id] = _UserBuckets(*(self._new(size) for size in sizes))
        return self._users[user_id]

    def _new(self, size: BucketSize) -> TokenBucket:
        return TokenBucket(size, self._clock)


def limits_answer(tier: Tier) -> AccountLimitsAnswer:
    """What an account of ``tier`` is told of its buckets."""
    return AccountLimitsAnswer(
        usage_tier=tier.name, read=_body(tier.read), write=_body(tier.write), grants=()
    )


def _body(size: BucketSize) -> BucketLimitBody:
    return BucketLimitBody(refill_rate=size.refill_rate, bucket_capacity=size.capacity)


def is_batch(request: web.Request) -> bool:
    """Whether its cost depends on its body."""
    return request.path in (_BATCHED, _CLASSIC_BATCHED)
