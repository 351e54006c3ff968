"""What an account's owner reads: balance, positions, fills, orders and their places in the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.kalshi.wire import orders as order_wire
from pitdesk.kalshi.wire import portfolio as wire
from pitdesk.orders import OrderStatus
from pitdesk.practice import answers_portfolio as answers
from pitdesk.practice.archive import live_fills, live_orders
from pitdesk.practice.floor import BASE_PATH, Floor, OrdersTold, OrderTold, answer
from pitdesk.practice.paging import pack_cursor, page, unpack_cursor
from pitdesk.practice.reading import Query
from pitdesk.quantities import Dollars

if TYPE_CHECKING:
    from collections.abc import Collection

    from pitdesk.practice.records import PositionRecord
    from pitdesk.practice.transfers import SettlementRecord

_SETTLED = {"unsettled": False, "settled": True, "all": None}
_STATUSES = {status.value: status for status in OrderStatus if status is not OrderStatus.UNKNOWN}


class PortfolioRoutes:
    """The signed-in half of reading."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.get(f"{BASE_PATH}/portfolio/balance", self._balance),
            web.get(f"{BASE_PATH}/portfolio/positions", self._positions),
            web.get(f"{BASE_PATH}/portfolio/fills", self._fills),
            web.get(f"{BASE_PATH}/portfolio/settlements", self._settlements),
            web.get(f"{BASE_PATH}/portfolio/orders", self._orders),
            web.get(f"{BASE_PATH}/portfolio/orders/queue_positions", self._queue_positions),
            web.get(f"{BASE_PATH}/portfolio/orders/{{order_id}}", self._order),
            web.get(f"{BASE_PATH}/portfolio/orders/{{order_id}}/queue_position", self._queue_position),
        ]

    async def _balance(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetBalance")
        subaccount, named = self._subaccount(request, query) or 0, query.integer("exchange_index")
        shard = named if named is not None and named >= 0 else None
        account, read = self._floor.account_of(request), self._floor.exchange.read
        breakdown = None
        if self._floor.caller_of(request).subaccount is None:
            breakdown = {
                index: Dollars(account.purses.at(subaccount, index).available) for index in self._floor.shards
            }
        return answer(answers.balance_body(read.balance(account, subaccount, shard), breakdown))

    def _subaccount(self, request: web.Request, query: Query) -> int | None:
        """The subaccount that a query names, or the one that the caller's key is restricted to."""
        return self._floor.subaccount_of(request, query.integer("subaccount", 0))

    async def _positions(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetPositions")
        limit = query.integer("limit", 1, 1000) or 100
        held = self._chosen_positions(request, query)
        found, cursor = page(held, lambda _position: True, query.text("cursor"), limit)
        events: dict[str, list[PositionRecord]] = {}
        for position in found:
            event = self._floor.exchange.catalogue.event_of(position.ticker)
            events.setdefault(event.ticker, []).append(position)
        return answer(
            wire.PositionsAnswer(
                market_positions=tuple(answers.position_body(position) for position in found),
                event_positions=tuple(answers.event_position_body(*item) for item in events.items()),
                cursor=cursor,
            )
        )

    def _chosen_positions(self, request: web.Request, query: Query) -> list[PositionRecord]:
        word = query.word("settlement_status", tuple(_SETTLED)) or "unsettled"
        subaccount = self._subaccount(request, query) or 0
        account = self._floor.account_of(request)
        tickers = self._tickers(
            query, query.comma_list("ticker", most=1), query.comma_list("event_ticker", 1)
        )
        nonzero = query.comma_list("count_filter")
        markets = self._floor.exchange.catalogue.markets
        return [
            position
            for position in self._floor.exchange.read.positions(account, subaccount, settled=_SETTLED[word])
            if position.ticker in markets
            and (tickers is None or position.ticker in tickers)
            and not ("position" in nonzero and not position.count)
            and not ("total_traded" in nonzero and not position.total_traded)
        ]

    async def _fills(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetFills")
        found = self._floor.exchange.read.fills(
            self._floor.account_of(request),
            tickers=self._tickers(query, query.comma_list("ticker"), frozenset()),
            subaccount=self._subaccount(request, query),
            touched=live_fills(self._floor.clock.wall_ms()),
            order_id=query.text("order_id"),
            min_ts_s=query.integer("min_ts"),
            max_ts_s=query.integer("max_ts"),
            after=unpack_cursor(query.text("cursor")),
            limit=query.integer("limit", 1, 1000) or 100,
        )
        bodies = tuple(answers.fill_body(fill) for fill in found.items)
        return answer(wire.FillsAnswer(fills=bodies, cursor=pack_cursor(found.after)))

    async def _settlements(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetSettlements")
        limit = query.integer("limit", 1, 1000) or 100
        ticker, event, subaccount = (
            query.text("ticker"), query.text("event_ticker"), self._subaccount(request, query),
        )  # fmt: skip
        lowest, highest = query.integer("min_ts"), query.integer("max_ts")

        def wanted(row: SettlementRecord) -> bool:
            return (
                ticker in (None, row.ticker)
                and event in (None, row.event_ticker)
                and subaccount in (None, row.subaccount)
                and (lowest is None or row.settled_ms >= lowest * 1000)
                and (highest is None or row.settled_ms < (highest + 1) * 1000)
            )

        rows = self._floor.account_of(request).settlements[::-1]
        found, cursor = page(rows, wanted, query.text("cursor"), limit)
        bodies = tuple(map(answers.settlement_body, found))
        return answer(wire.SettlementsAnswer(settlements=bodies, cursor=cursor))

    async def _orders(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetOrders")
        limit = query.integer("limit", 1, 1000) or 100
        word = query.text("status")
        if word is not None and word not in _STATUSES:
            # A word that is none matches nothing; it is not an error (FACTS §7).
            return answer(OrdersTold(orders=(), cursor=""))
        found = self._floor.exchange.read.orders(
            self._floor.account_of(request),
            tickers=self._tickers(query, query.comma_list("ticker"), query.comma_list("event_ticker")),
            subaccount=self._subaccount(request, query),
            touched=live_orders(self._floor.clock.wall_ms()),
            status=_STATUSES[word] if word else None,
            min_ts_s=query.integer("min_ts"),
            max_ts_s=query.integer("max_ts"),
            after=unpack_cursor(query.text("cursor")),
            limit=limit,
        )
        bodies = tuple(self._floor.tell_order(order) for order in found.items)
        return answer(OrdersTold(orders=bodies, cursor=pack_cursor(found.after)))

    async def _order(self, request: web.Request) -> web.Response:
        order = self._floor.exchange.read.order(
            self._floor.account_of(request),
            request.match_info["order_id"],
            self._floor.subaccount_of(request, None),
        )
        return answer(OrderTold(order=self._floor.tell_order(order)))

    async def _queue_position(self, request: web.Request) -> web.Response:
        ahead = self._floor.exchange.read.queue_position(
            self._floor.account_of(request),
            request.match_info["order_id"],
            self._floor.subaccount_of(request, None),
        )
        return answer(order_wire.QueuePositionAnswer(queue_position_fp=ahead.to_wire()))

    async def _queue_positions(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetOrderQueuePositions")
        tickers = self._tickers(query, query.comma_list("market_tickers"), query.comma_list("event_ticker"))
        subaccount = self._subaccount(request, query) or 0
        account = self._floor.account_of(request)
        found = self._floor.exchange.read.queue_positions(account, tickers, subaccount)
        bodies = tuple(answers.queue_body(order, ahead) for order, ahead in found)
        return answer(order_wire.QueuePositionsAnswer(queue_positions=bodies))

    def _tickers(
        self, query: Query, tickers: Collection[str], events: Collection[str]
    ) -> frozenset[str] | None:
        """The markets that the query's tickers, events and exchange index leave; None for all of them."""
        shard = query.integer("exchange_index", -1)
        if not tickers and not events and shard in (None, -1):
            return None
        return frozenset(
            market.ticker
            for market in self._floor.exchange.catalogue.markets.values()
            if (not tickers or market.ticker in tickers)
            and (not events or market.event_ticker in events)
            and shard in (None, -1, market.exchange_index)
        )
