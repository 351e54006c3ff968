"""The calls that read orders that ended, a page at a time: nobody waits for a whole life of trading."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.kalshi import convert
from pitdesk.kalshi.calls import Calls
from pitdesk.kalshi.wire import orders
from pitdesk.kalshi.wire.base import decode

if TYPE_CHECKING:
    from pitdesk.kalshi.calls import Query
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.kalshi.reply import Reply
    from pitdesk.orders import Order

OrderPage = tuple[tuple["Order", ...], str]
"""Orders, and the cursor of the next page: empty where this is the last."""

ENDED_PAGE = 200
"""Orders to a page."""


class EndedList(Enum):
    """Where the exchange lists orders that ended (FACTS §7). An order moves to the archive about two weeks
    after its end, and then is in neither of the others."""

    EXECUTED = "executed"
    CANCELED = "canceled"
    ARCHIVED = "archived"


class HistoryCalls(Calls):
    """Reads of what is over. None of these lists is whole by itself."""

    async def ended_orders(
        self, which: EndedList, cursor: str = "", *, min_ts_s: int | None = None, limit: int = ENDED_PAGE
    ) -> CallOutcome[OrderPage]:
        """One page of our orders of every subaccount and shard, newest first, from ``cursor`` on.

        ``min_ts_s``: Unix seconds, what was placed and ended before may be left out; ``limit``: at most 1000.
        """
        is_old = which is EndedList.ARCHIVED
        path = "/historical/orders" if is_old else "/portfolio/orders"
        status = None if is_old else which.value
        query: Query = {"status": status, "min_ts": min_ts_s, "limit": limit, "cursor": cursor or None}
        return await self._read(path, _page, query=query, large=True)


def _page(reply: Reply) -> OrderPage:
    body = decode(reply.body, orders.OrdersAnswer)
    return tuple(map(convert.parse_order, body.orders)), body.cursor or ""
