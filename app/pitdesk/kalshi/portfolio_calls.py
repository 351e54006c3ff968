"""The calls that read the account: cash, positions, fills, orders.

A list is whole or not given at all: that an order is absent may be concluded from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.kalshi import convert
from pitdesk.kalshi.calls import Calls
from pitdesk.kalshi.records import Balance
from pitdesk.kalshi.wire import account, orders, portfolio
from pitdesk.kalshi.wire.base import decode
from pitdesk.orders import OrderStatus
from pitdesk.quantities import Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pitdesk.kalshi.calls import Query
    from pitdesk.kalshi.outcomes import CallOutcome
    from pitdesk.kalshi.reply import Reply
    from pitdesk.markets import Position, Settlement
    from pitdesk.orders import Fill, Order

_PAGE = 1000


class PortfolioCalls(Calls):
    """Reads of one account."""

    async def balance(self) -> CallOutcome[Balance]:
        """Cash and what is held. Waits for its own bucket: one call a second (FACTS §10)."""
        query = {"subaccount": self._subaccount}
        return await self._read("/portfolio/balance", _balance, query=query)

    async def positions(self) -> CallOutcome[tuple[Position, ...]]:
        """Every unsettled position of the subaccount."""
        query = {"limit": _PAGE, "subaccount": self._subaccount}
        return await self._read_pages("/portfolio/positions", _positions, query)

    async def fills(
        self,
        *,
        min_ts_s: int | None = None,
        ticker: str | None = None,
        order_id: str | None = None,
        limit: int | None = None,
    ) -> CallOutcome[tuple[Fill, ...]]:
        """Our executions, newest first: all pages, or the latest ``limit`` (at most 1000) alone."""
        query = {"min_ts": min_ts_s, "ticker": ticker, "order_id": order_id, "limit": limit or _PAGE}
        if limit is None:
            return await self._read_pages("/portfolio/fills", _fills, query)
        return await self._read("/portfolio/fills", lambda reply: _fills(reply)[0], query=query, large=True)

    async def settlements(self, *, min_ts_s: int) -> CallOutcome[tuple[Settlement, ...]]:
        """What markets paid out at their end since ``min_ts_s``, all pages."""
        query = {"min_ts": min_ts_s, "limit": _PAGE, "subaccount": self._subaccount}
        return await self._read_pages("/portfolio/settlements", _settlements, query)

    async def orders(
        self, *, status: str | None = None, ticker: str | None = None, min_ts_s: int | None = None
    ) -> CallOutcome[tuple[Order, ...]]:
        """Our orders of every subaccount and shard, newest first, all pages.

        ``status`` is ``resting``, ``canceled``, ``executed`` or None for all.
        """
        query = {"status": status, "ticker": ticker, "min_ts": min_ts_s, "limit": _PAGE}
        return await self._read_pages("/portfolio/orders", _orders, query)

    async def resting_orders(self, take: Callable[[tuple[Order, ...]], Awaitable[None]]) -> CallOutcome[int]:
        """Our resting orders as :meth:`orders` lists them, page by page to ``take``.

        How many there were, once the list was whole: before that no order is proven absent.
        """
        query: Query = {"status": OrderStatus.RESTING.value, "limit": _PAGE}
        return await self._each_page("/portfolio/orders", _orders, query, take)

    async def archived_orders(self, ticker: str, min_ts_s: int) -> CallOutcome[tuple[Order, ...]]:
        """Our orders of one market that ended before the archive's cutoff, about two weeks back.

        :meth:`orders` lists them no more (openapi GetHistoricalOrders).
        """
        query: Query = {"ticker": ticker, "min_ts": min_ts_s, "limit": _PAGE}
        return await self._read_pages("/historical/orders", _orders, query)

    async def order(self, order_id: str) -> CallOutcome[Order]:
        """One order by the exchange's id."""
        return await self._read("/portfolio/orders/{}", _order, order_id)

    async def queue_positions(self, *tickers: str) -> CallOutcome[dict[str, Count]]:
        """Contracts ahead of each resting order, by order id; of ``tickers`` only where any are given."""
        query = {"market_tickers": ",".join(tickers) or None, "subaccount": self._subaccount}
        return await self._read("/portfolio/orders/queue_positions", _queues, query=query, large=True)

    async def user_data_timestamp(self) -> CallOutcome[int]:
        """Unix ms up to which the answers about the account are complete (FACTS §7)."""
        return await self._read("/exchange/user_data_timestamp", _as_of)


def _balance(reply: Reply) -> Balance:
    body = decode(reply.body, portfolio.BalanceAnswer)
    return Balance(Dollars.from_wire(body.balance_dollars), _by_shard(body.balance_breakdown))


def _by_shard(breakdown: tuple[portfolio.ShardBalanceBody, ...] | None) -> dict[int, Dollars] | None:
    if breakdown is None:
        return None
    return {part.exchange_index: Dollars.from_wire(part.balance) for part in breakdown}


def _positions(reply: Reply) -> tuple[tuple[Position, ...], str]:
    body = decode(reply.body, portfolio.PositionsAnswer)
    return tuple(map(convert.parse_position, body.market_positions or ())), body.cursor or ""


def _fills(reply: Reply) -> tuple[tuple[Fill, ...], str]:
    body = decode(reply.body, portfolio.FillsAnswer)
    return tuple(map(convert.parse_fill, body.fills or ())), body.cursor or ""


def _settlements(reply: Reply) -> tuple[tuple[Settlement, ...], str]:
    body = decode(reply.body, portfolio.SettlementsAnswer)
    return tuple(map(convert.parse_settlement, body.settlements or ())), body.cursor or ""


def _orders(reply: Reply) -> tuple[tuple[Order, ...], str]:
    body = decode(reply.body, orders.OrdersAnswer)
    return tuple(map(convert.parse_order, body.orders)), body.cursor or ""


def _order(reply: Reply) -> Order:
    return convert.parse_order(decode(reply.body, orders.OrderAnswer).order)


def _queues(reply: Reply) -> dict[str, Count]:
    body = decode(reply.body, orders.QueuePositionsAnswer)
    return {place.order_id: Count.from_wire(place.queue_position_fp) for place in body.queue_positions or ()}


def _as_of(reply: Reply) -> int:
    return convert.parse_time_ms(decode(reply.body, account.UserDataTimestampAnswer).as_of_time)
