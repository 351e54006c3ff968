"""Public market data: series, events, markets, books, trades and candlesticks (openapi markets, events)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.kalshi.wire import markets as wire
from pitdesk.markets import MarketStatus, PublicTrade
from pitdesk.practice import answers, faults, refusals
from pitdesk.practice.answers_extra import (
    MarketBookBody,
    MarketBooksAnswer,
    MarketCandlesBody,
    MarketsCandlesAnswer,
    TagsAnswer,
)
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.paging import pack_cursor, page, unpack_cursor
from pitdesk.practice.reading import Query
from pitdesk.practice.refusals import ExchangeRefusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.practice.listings import ListedEvent, ListedMarket
    from pitdesk.practice.records import MarketRecord
    from pitdesk.quantities import Price

_STATUSES = {
    "unopened": frozenset({MarketStatus.INITIALIZED}),
    "open": frozenset({MarketStatus.ACTIVE}),
    "paused": frozenset({MarketStatus.INACTIVE}),
    "closed": frozenset(
        {MarketStatus.CLOSED, MarketStatus.DETERMINED, MarketStatus.DISPUTED, MarketStatus.AMENDED}
    ),
    "settled": frozenset({MarketStatus.FINALIZED}),
}
_EVENT_STATUSES = ("unopened", "open", "closed", "settled")
_MOST_CANDLES = 5_000
_CANDLES_AT_ONCE = 60
# Places in the tape of before the start are numbered downwards from here, apart from the engine's own.
_PAST = -1
_PERIODS = (1, 60, 1440)


class MarketRoutes:
    """What anybody may read."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._events = floor.exchange.catalogue.events
        self._markets = tuple(floor.exchange.catalogue.markets.values())

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.get(f"{BASE_PATH}/series", self._series_list),
            web.get(f"{BASE_PATH}/series/{{series}}", self._series),
            web.get(f"{BASE_PATH}/series/{{series}}/markets/{{ticker}}/candlesticks", self._candles),
            web.get(f"{BASE_PATH}/events", self._list_events),
            web.get(f"{BASE_PATH}/events/{{ticker}}", self._event),
            web.get(f"{BASE_PATH}/markets", self._list_markets),
            web.get(f"{BASE_PATH}/markets/trades", self._trades),
            web.get(f"{BASE_PATH}/markets/orderbooks", self._books),
            web.get(f"{BASE_PATH}/markets/candlesticks", self._candles_of_many),
            web.get(f"{BASE_PATH}/markets/{{ticker}}", self._market),
            web.get(f"{BASE_PATH}/markets/{{ticker}}/orderbook", self._book),
            web.get(f"{BASE_PATH}/search/tags_by_categories", self._tags),
        ]

    async def _series_list(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetSeriesList")
        category, tags = query.text("category"), query.comma_list("tags")
        found = (
            answers.series_body(series)
            for series in self._floor.exchange.catalogue.series.values()
            if category in (None, series.category) and (not tags or tags & set(series.tags))
        )
        return answer(wire.SeriesListAnswer(series=tuple(found)))

    async def _series(self, request: web.Request) -> web.Response:
        series = self._floor.exchange.catalogue.series.get(request.match_info["series"])
        if series is None:
            raise ExchangeRefusal(refusals.NOT_FOUND)
        return answer(wire.SeriesAnswer(series=answers.series_body(series)))

    async def _list_events(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetEvents")
        limit = query.integer("limit", 1, 200) or 200
        nested = query.flag("with_nested_markets")
        wanted = self._event_filter(query)
        found, cursor = page(self._events, wanted, query.text("cursor"), limit)
        bodies = (self._event_body(event, nested=nested) for event in found)
        return answer(wire.EventsAnswer(events=tuple(bodies), cursor=cursor))

    def _event_body(self, event: ListedEvent, *, nested: bool) -> wire.EventBody:
        current = self._floor.exchange.fees.current(event)
        return answers.event_body(current, self._records(event) if nested else None)

    def _event_filter(self, query: Query) -> Callable[[ListedEvent], bool]:
        word = query.word("status", _EVENT_STATUSES)
        series, tickers = query.text("series_ticker"), query.comma_list("tickers")
        close_s, updated_s = query.integer("min_close_ts"), query.integer("min_updated_ts")

        def wanted(event: ListedEvent) -> bool:
            if series not in (None, event.series.ticker) or (tickers and event.ticker not in tickers):
                return False
            if updated_s is not None and not any(m.created_ms >= updated_s * 1000 for m in event.markets):
                return False
            if word is None and close_s is None:
                return True
            return any(
                (word is None or record.status in _STATUSES[word])
                and (close_s is None or record.close_ms >= close_s * 1000)
                for record in self._records(event)
            )

        return wanted

    def _records(self, event: ListedEvent) -> tuple[MarketRecord, ...]:
        return tuple(self._floor.exchange.read.market(market.ticker) for market in event.markets)

    async def _event(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetEvent")
        event = self._floor.exchange.catalogue.events_by_ticker.get(request.match_info["ticker"])
        if event is None:
            raise ExchangeRefusal(refusals.NOT_FOUND)
        nested, without = query.flag("with_nested_markets"), query.flag("exclude_markets")
        if nested and without:
            raise faults.bare("exclude_markets cannot be combined with with_nested_markets")
        records = () if without else self._records(event)
        beside = () if nested else tuple(answers.market_body(record) for record in records)
        body = self._event_body(event, nested=nested)
        return answer(wire.EventAnswer(event=body, markets=beside))

    async def _list_markets(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetMarkets")
        limit = query.integer("limit", 0, 1000) or 100
        wanted = self._market_filter(query)
        found, cursor = page(self._markets, wanted, query.text("cursor"), limit)
        read = self._floor.exchange.read
        bodies = tuple(answers.market_body(read.market(market.ticker)) for market in found)
        return answer(wire.MarketsAnswer(markets=bodies, cursor=cursor))

    def _market_filter(self, query: Query) -> Callable[[ListedMarket], bool]:
        word = query.word("status", tuple(_STATUSES))
        event, series = query.text("event_ticker"), query.text("series_ticker")
        tickers = query.comma_list("tickers", most=1000)
        only_combos = query.word("mve_filter", ("only", "exclude")) == "only"
        windows = {name: _window(query, name) for name in ("created", "updated", "close", "settled")}

        def wanted(market: ListedMarket) -> bool:
            if only_combos or event not in (None, market.event_ticker):
                return False
            if series not in (None, market.series_ticker) or (tickers and market.ticker not in tickers):
                return False
            record = self._floor.exchange.read.market(market.ticker)
            return (word is None or record.status in _STATUSES[word]) and (
                windows["created"](market.created_ms)
                and windows["updated"](market.created_ms)
                and windows["close"](record.close_ms)
                and windows["settled"](record.settled_ms)
            )

        return wanted

    async def _market(self, request: web.Request) -> web.Response:
        record = self._floor.exchange.read.market(request.match_info["ticker"])
        return answer(wire.MarketAnswer(market=answers.market_body(record)))

    async def _book(self, request: web.Request) -> web.Response:
        depth = Query(request.query, "GetMarketOrderbook").integer("depth", 0, 100) or 0
        book = self._floor.exchange.read.book(request.match_info["ticker"])
        return answer(wire.OrderBookAnswer(orderbook_fp=answers.book_body(book, depth)))

    async def _books(self, request: web.Request) -> web.Response:
        tickers = Query(request.query, "GetMarketOrderbooks").repeated("tickers")
        if not tickers:
            raise faults.bare("Query argument tickers is required, but not found")
        listed = self._floor.exchange.catalogue.markets
        books = (
            MarketBookBody(
                ticker=ticker, orderbook_fp=answers.book_body(self._floor.exchange.read.book(ticker))
            )
            for ticker in tickers
            if ticker in listed
        )
        return answer(MarketBooksAnswer(orderbooks=tuple(books)))

    async def _trades(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetTrades")
        limit = query.integer("limit", 0, 1000) or 100
        ticker = query.text("ticker")
        min_s, max_s = query.integer("min_ts"), query.integer("max_ts")
        after = unpack_cursor(query.text("cursor"))
        unlisted = ticker is not None and ticker not in self._floor.exchange.catalogue.markets
        if query.flag("is_block_trade") or unlisted:
            return answer(wire.TradesAnswer(trades=(), cursor=""))
        found: list[PublicTrade] = []
        if after is None or after >= 0:
            tape = self._floor.exchange.read.trades(
                ticker, min_ts_s=min_s, max_ts_s=max_s, after=after, limit=limit
            )
            found = list(tape.items)
            after = _PAST if tape.after is None else tape.after
        if ticker is None:
            after = after if after >= 0 else None
        elif after < 0:
            older, after = self._older_trades(ticker, _PAST - after, limit - len(found))
            found += [trade for trade in older if _within(trade.created_ms, min_s, max_s)]
            if older and min_s is not None and older[-1].created_ms < min_s * 1000:
                after = None
        bodies = tuple(answers.trade_body(trade) for trade in found)
        return answer(wire.TradesAnswer(trades=bodies, cursor=pack_cursor(after)))

    def _older_trades(self, ticker: str, skip: int, limit: int) -> tuple[list[PublicTrade], int | None]:
        """Trades from before the start, past the newest ``skip``, and the place to go on from."""
        before = self._floor.world.trades_before(ticker, skip + limit + 1)
        more = len(before) > skip + limit
        return list(before[skip : skip + limit]), _PAST - (skip + limit) if more else None

    async def _candles(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetMarketCandlesticks")
        market = self._floor.listed(request.match_info["ticker"])
        if market.series_ticker != request.match_info["series"]:
            raise ExchangeRefusal(refusals.NOT_FOUND)
        bodies = await candle_bodies(self._floor, market.ticker, *candle_window(query))
        return answer(wire.CandlesticksAnswer(ticker=market.ticker, candlesticks=bodies))

    async def _candles_of_many(self, request: web.Request) -> web.Response:
        query = Query(request.query, "BatchGetMarketCandlesticks")
        query.required("market_tickers")
        tickers = sorted(query.comma_list("market_tickers") & self._floor.exchange.catalogue.markets.keys())
        window = candle_window(query)
        markets = []
        for ticker in tickers:
            bodies = await candle_bodies(self._floor, ticker, *window)
            markets.append(MarketCandlesBody(market_ticker=ticker, candlesticks=bodies))
        return answer(MarketsCandlesAnswer(markets=tuple(markets)))

    async def _tags(self, _request: web.Request) -> web.Response:
        tags: dict[str, dict[str, None]] = {}
        for series in self._floor.exchange.catalogue.series.values():
            tags.setdefault(series.category, {}).update(dict.fromkeys(series.tags))
        return answer(TagsAnswer(tags_by_categories={name: tuple(words) for name, words in tags.items()}))


async def candle_bodies(
    floor: Floor, ticker: str, start_s: int, end_s: int, period: int
) -> tuple[wire.CandlestickBody, ...]:
    """A window's candles, made a few at a time, so that nobody else waits for all of them."""
    span = _CANDLES_AT_ONCE * period * 60
    bodies: list[wire.CandlestickBody] = []
    last: Price | None = None
    for begin in range(start_s, end_s + 1, span):
        for candle in floor.world.candles(ticker, begin, min(begin + span - 1, end_s), period):
            known = candle if candle.previous is not None else replace(candle, previous=last)
            last = candle.traded.close if candle.traded else last
            bodies.append(answers.candle_body(known))
        await asyncio.sleep(0)
    return tuple(bodies)


def candle_window(query: Query) -> tuple[int, int, int]:
    """From, to and period in minutes."""
    start_s, end_s = query.need_integer("start_ts"), query.need_integer("end_ts")
    period = query.need_integer("period_interval")
    if period not in _PERIODS:
        raise faults.bare("Parameter validation failed: period_interval must be 1, 60 or 1440")
    if end_s < start_s or (end_s - start_s) // (period * 60) > _MOST_CANDLES:
        raise faults.bare(f"start_ts to end_ts must hold at most {_MOST_CANDLES} candlesticks")
    return start_s, end_s, period


def _window(query: Query, name: str) -> Callable[[int | None], bool]:
    """Whether a time lies between ``min_<name>_ts`` and ``max_<name>_ts``, as far as they are given."""
    lowest, highest = query.integer(f"min_{name}_ts"), query.integer(f"max_{name}_ts")

    def inside(ms: int | None) -> bool:
        if lowest is None and highest is None:
            return True
        return ms is not None and _within(ms, lowest, highest)

    return inside


def _within(ms: int, lowest_s: int | None, highest_s: int | None) -> bool:
    return (lowest_s is None or ms >= lowest_s * 1000) and (highest_s is None or ms <= highest_s * 1000)
