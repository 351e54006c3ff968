"""The archive: its cutoffs and its lists (openapi historical, FACTS §7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.kalshi.wire import markets as market_wire
from pitdesk.kalshi.wire import orders as order_wire
from pitdesk.kalshi.wire import portfolio as wire
from pitdesk.kalshi.wire.base import Wire
from pitdesk.practice import answers, refusals
from pitdesk.practice import answers_portfolio as own_answers
from pitdesk.practice.answers import rfc3339
from pitdesk.practice.archive import old_fills, old_orders, orders_cutoff, others_cutoff
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.paging import pack_cursor, page, unpack_cursor
from pitdesk.practice.reading import Query
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from pitdesk.practice.listings import ListedMarket
    from pitdesk.practice.records import MarketRecord, PositionRecord

_HISTORY = f"{BASE_PATH}/historical"


class CutoffAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetHistoricalCutoffResponse."""

    market_settled_ts: str
    trades_created_ts: str
    orders_updated_ts: str
    market_positions_last_updated_ts: str


class HistoryRoutes:
    """What is older than the cutoffs. Trades of the practice exchange are never that old."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._markets = tuple(floor.exchange.catalogue.markets.values())

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.get(f"{_HISTORY}/cutoff", self._cutoff),
            web.get(f"{_HISTORY}/orders", self._orders),
            web.get(f"{_HISTORY}/fills", self._fills),
            web.get(f"{_HISTORY}/positions", self._positions),
            web.get(f"{_HISTORY}/trades", self._trades),
            web.get(f"{_HISTORY}/markets", self._list_markets),
            web.get(f"{_HISTORY}/markets/{{ticker}}", self._market),
        ]

    async def _cutoff(self, _request: web.Request) -> web.Response:
        now_ms = self._floor.clock.wall_ms()
        others = rfc3339(others_cutoff(now_ms))
        return answer(
            CutoffAnswer(
                market_settled_ts=others,
                trades_created_ts=others,
                orders_updated_ts=rfc3339(orders_cutoff(now_ms)),
                market_positions_last_updated_ts=others,
            )
        )

    async def _orders(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetHistoricalOrders")
        ticker = query.text("ticker")
        found = self._floor.exchange.read.orders(
            self._floor.account_of(request),
            tickers=None if ticker is None else (ticker,),
            subaccount=self._floor.subaccount_of(request, query.integer("subaccount", 0)),
            touched=old_orders(self._floor.clock.wall_ms()),
            min_ts_s=query.integer("min_ts"),
            max_ts_s=query.integer("max_ts"),
            after=unpack_cursor(query.text("cursor")),
            limit=query.integer("limit", 1, 1000) or 100,
        )
        bodies = tuple(map(own_answers.order_body, found.items))
        return answer(order_wire.OrdersAnswer(orders=bodies, cursor=pack_cursor(found.after)))

    async def _fills(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetFillsHistorical")
        ticker = query.text("ticker")
        found = self._floor.exchange.read.fills(
            self._floor.account_of(request),
            tickers=None if ticker is None else (ticker,),
            subaccount=self._floor.subaccount_of(request, query.integer("subaccount", 0)),
            touched=old_fills(self._floor.clock.wall_ms()),
            min_ts_s=query.integer("min_ts"),
            max_ts_s=query.integer("max_ts"),
            after=unpack_cursor(query.text("cursor")),
            limit=query.integer("limit", 1, 1000) or 100,
        )
        bodies = tuple(map(own_answers.fill_body, found.items))
        return answer(wire.FillsAnswer(fills=bodies, cursor=pack_cursor(found.after)))

    async def _positions(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetHistoricalPositions")
        limit = query.integer("limit", 1, 1000) or 100
        ticker, event = query.text("ticker"), query.text("event_ticker")
        subaccount = self._floor.subaccount_of(request, query.integer("subaccount", 0))
        cutoff_ms = others_cutoff(self._floor.clock.wall_ms())
        catalogue = self._floor.exchange.catalogue
        settled = self._floor.exchange.read.positions(
            self._floor.account_of(request), subaccount, settled=True
        )

        def wanted(row: PositionRecord) -> bool:
            return (
                row.updated_ms < cutoff_ms
                and ticker in (None, row.ticker)
                and event in (None, catalogue.event_of(row.ticker).ticker)
            )

        found, cursor = page(settled, wanted, query.text("cursor"), limit)
        bodies = tuple(map(own_answers.position_body, found))
        return answer(wire.PositionsAnswer(market_positions=bodies, event_positions=(), cursor=cursor))

    async def _trades(self, request: web.Request) -> web.Response:
        Query(request.query, "GetHistoricalTrades").integer("limit", 0, 1000)
        return answer(market_wire.TradesAnswer(trades=(), cursor=""))

    def _is_old(self, market: MarketRecord) -> bool:
        cutoff_ms = others_cutoff(self._floor.clock.wall_ms())
        return market.settled_ms is not None and market.settled_ms < cutoff_ms

    async def _list_markets(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetHistoricalMarkets")
        limit = query.integer("limit", 0, 1000) or 100
        tickers = query.comma_list("tickers", most=1000)
        event, series = query.text("event_ticker"), query.text("series_ticker")
        read = self._floor.exchange.read

        def wanted(market: ListedMarket) -> bool:
            return (
                (not tickers or market.ticker in tickers)
                and event in (None, market.event_ticker)
                and series in (None, market.series_ticker)
                and self._is_old(read.market(market.ticker))
            )

        found, cursor = page(self._markets, wanted, query.text("cursor"), limit)
        bodies = tuple(answers.market_body(read.market(market.ticker)) for market in found)
        return answer(market_wire.MarketsAnswer(markets=bodies, cursor=cursor))

    async def _market(self, request: web.Request) -> web.Response:
        market = self._floor.exchange.read.market(request.match_info["ticker"])
        if not self._is_old(market):
            raise ExchangeRefusal(refusals.NOT_FOUND, "market not found in the archive")
        return answer(market_wire.MarketAnswer(market=answers.market_body(market)))
