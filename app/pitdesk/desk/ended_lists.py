"""What became of very many orders, by the exchange's lists of those that ended: a page of them tells of a
thousand, a look-up of one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.desk.shared_reads import BEFORE_S
from pitdesk.kalshi.history_calls import EndedList
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.kalshi.history_calls import OrderPage
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.orders import Order

FEW = 20
"""So many are looked up one by one."""
_PAGE = 1_000
_LOOKS_A_PAGE = 5  # a page costs ten tokens, a look-up two (FACTS §12)


class EndedLists:
    """Reads the lists of what was canceled and executed, and the archive, no further than it must."""

    def __init__(self, rest: ReadCalls) -> None:
        self._rest = rest

    async def tell(
        self,
        order_ids: Iterable[str],
        since_ms: int | None,
        take: Callable[[Order], object],
        *,
        archive: bool = False,
    ) -> set[str]:
        """Give ``take`` those of ``order_ids`` that a list says have ended; gives back the others, of which
        nothing follows: a list may lag, or not be answered.

        ``since_ms``: Unix ms, none of them was placed before; None where that is not known. ``archive``: they
        may have ended so long ago that only the archive tells of them.
        """
        left = set(order_ids)
        since_s = None if since_ms is None else since_ms // 1_000 - BEFORE_S
        older = (EndedList.ARCHIVED,) if archive else ()
        for which in (EndedList.CANCELED, EndedList.EXECUTED, *older):
            if len(left) > FEW:
                await self._read(which, left, since_s, take)
        return left

    async def _read(
        self, which: EndedList, left: set[str], since_s: int | None, take: Callable[[Order], object]
    ) -> None:
        """Until it ends, few are left, or pages that told nothing cost what it costs to look each up."""
        seen, barren = {""}, 0
        answered = await self._page(which, "", since_s)
        while isinstance(answered, Accepted):
            page, cursor = answered.value
            ours = [order for order in page if order.order_id in left and order.status.is_final]
            left.difference_update(order.order_id for order in ours)
            barren = 0 if ours else barren + 1
            if cursor in seen or len(left) <= max(FEW, barren * _LOOKS_A_PAGE):
                await _each(ours, take)
                return
            seen.add(cursor)
            _, answered = await asyncio.gather(_each(ours, take), self._page(which, cursor, since_s))

    async def _page(self, which: EndedList, cursor: str, since_s: int | None) -> CallOutcome[OrderPage]:
        return await self._rest.ended_orders(which, cursor, min_ts_s=since_s, limit=_PAGE)


async def _each(orders: Sequence[Order], take: Callable[[Order], object]) -> None:
    time_slice = TimeSlice()
    for order in orders:
        take(order)
        await time_slice.yield_if_over()
