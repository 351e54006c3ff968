"""How many orders or cancels go into one request: it must fit the write bucket whole when it arrives
(FACTS §5, §12).

The first of a batch takes what a full bucket gives. Those after it take half of that at most, so that the
bucket is never full while one waits or is under way: what a full bucket gains is lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.kalshi.batch_calls import WriteBudget

_FEW = 20
_SHARE = 10


def largest_request(budget: WriteBudget, cost: int, reserve: int) -> int:
    """The most items of one request: what the bucket holds beyond ``reserve``, at least one.

    Never more than 20 or a tenth of the bucket, whichever is more: a lost answer leaves so many unconfirmed.
    """
    fits = (budget.capacity - reserve) // max(cost, 1)
    return max(1, min(fits, max(_FEW, budget.capacity // _SHARE // max(cost, 1))))


def next_request(waiting: int, budget: WriteBudget, *, first: bool) -> int:
    """How many of ``waiting`` orders go into the next request."""
    most = largest_request(budget, budget.create_cost, budget.reserve)
    if not first:
        fits = (budget.capacity - budget.reserve) // max(budget.create_cost, 1)
        most = max(1, min(most, fits // 2))
    return min(waiting, most)


def requests_for(count: int, budget: WriteBudget) -> tuple[int, ...]:
    """The sizes of the requests that ``count`` orders take, in their order."""
    sizes: list[int] = []
    while count > 0:
        size = next_request(count, budget, first=not sizes)
        sizes.append(size)
        count -= size
    return tuple(sizes)


def seconds_for(count: int, budget: WriteBudget, tokens: float | None = None) -> float:
    """How long the bucket makes ``count`` orders take, from ``tokens`` in it now (full where None)."""
    if budget.rate <= 0:
        return 0.0
    held = budget.capacity if tokens is None else tokens
    missing = count * budget.create_cost - (held - budget.reserve)
    return max(0.0, missing / budget.rate)


def cancels_per_request(budget: WriteBudget) -> int:
    """How many cancels go into one call: half a bucket of them at most, so that the next need not wait."""
    fits = budget.capacity // max(budget.cancel_cost, 1)
    return max(1, min(fits // 2, max(_FEW, budget.capacity // _SHARE // max(budget.cancel_cost, 1))))
