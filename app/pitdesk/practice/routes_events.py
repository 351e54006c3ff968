"""What is told of events beside their markets: candlesticks, metadata, fee changes (openapi events)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from pitdesk.kalshi.wire.base import Wire
from pitdesk.kalshi.wire.markets import CandlestickBody, SettlementSourceBody
from pitdesk.practice import refusals
from pitdesk.practice.answers import SOURCES, number, rfc3339
from pitdesk.practice.floor import BASE_PATH, Floor, answer
from pitdesk.practice.paging import page
from pitdesk.practice.reading import Query
from pitdesk.practice.refusals import ExchangeRefusal
from pitdesk.practice.routes_markets import candle_bodies, candle_window

if TYPE_CHECKING:
    from decimal import Decimal

    from pitdesk.practice.listings import ListedEvent
    from pitdesk.practice.records import FeeChange

_COLORS = ("#2f6fde", "#0aa06e", "#d9822b", "#8e5bd0", "#c23f5a", "#3b8ea5", "#7a7f87", "#b8a13a")
_IMAGE = "https://example.com/practice/event.png"


class EventCandlesAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetEventCandlesticksResponse: one list for each of ``market_tickers``."""

    market_tickers: tuple[str, ...]
    market_candlesticks: tuple[tuple[CandlestickBody, ...], ...]
    adjusted_end_ts: int


class MarketMetadataBody(Wire, frozen=True, kw_only=True):
    """openapi MarketMetadata."""

    market_ticker: str
    image_url: str
    color_code: str


class EventMetadataAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetEventMetadataResponse."""

    image_url: str
    market_details: tuple[MarketMetadataBody, ...]
    settlement_sources: tuple[SettlementSourceBody, ...]


class EventFeeChangeBody(Wire, frozen=True, kw_only=True, omit_defaults=False):
    """openapi EventFeeChange: both overrides null clear it."""

    id: str
    event_ticker: str
    series_ticker: str
    fee_type_override: str | None
    fee_multiplier_override: object
    scheduled_ts: str


class EventFeeChangesAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetEventFeeChangesResponse."""

    event_fee_changes: tuple[EventFeeChangeBody, ...]
    cursor: str


class SeriesFeeChangesAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetSeriesFeeChangesResponse: the fees of a series do not change here."""

    series_fee_change_arr: tuple[str, ...]


class EventRoutes:
    """Public. Serve before the routes of single series and events, whose paths would swallow these."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._exchange = floor.exchange

    def routes(self) -> list[web.RouteDef]:
        """What this group serves."""
        return [
            web.get(f"{BASE_PATH}/series/fee_changes", self._series_fees),
            web.get(f"{BASE_PATH}/events/fee_changes", self._event_fees),
            web.get(f"{BASE_PATH}/events/{{ticker}}/metadata", self._metadata),
            web.get(f"{BASE_PATH}/series/{{series}}/events/{{ticker}}/candlesticks", self._candles),
        ]

    def _event(self, request: web.Request) -> ListedEvent:
        event = self._exchange.catalogue.events_by_ticker.get(request.match_info["ticker"])
        series = request.match_info.get("series")
        if event is None or series not in (None, event.series.ticker):
            raise ExchangeRefusal(refusals.NOT_FOUND)
        return event

    async def _series_fees(self, _request: web.Request) -> web.Response:
        return answer(SeriesFeeChangesAnswer(series_fee_change_arr=()))

    async def _event_fees(self, request: web.Request) -> web.Response:
        query = Query(request.query, "GetEventFeeChanges")
        limit = query.integer("limit", 1, 1000) or 100
        event = query.text("event_ticker")

        def wanted(change: FeeChange) -> bool:
            return event in (None, change.event_ticker)

        found, cursor = page(self._exchange.fees.changes, wanted, query.text("cursor"), limit)
        bodies = tuple(map(self._fee_change_body, found))
        return answer(EventFeeChangesAnswer(event_fee_changes=bodies, cursor=cursor))

    def _fee_change_body(self, change: FeeChange) -> EventFeeChangeBody:
        override = change.override
        multiplier: Decimal | None = None if override is None else number(override.multiplier)
        return EventFeeChangeBody(
            id=change.change_id,
            event_ticker=change.event_ticker,
            series_ticker=self._exchange.catalogue.events_by_ticker[change.event_ticker].series.ticker,
            fee_type_override=None if override is None else override.fee_type,
            fee_multiplier_override=multiplier,
            scheduled_ts=rfc3339(change.at_ms),
        )

    async def _metadata(self, request: web.Request) -> web.Response:
        markets = self._event(request).markets
        details = (
            MarketMetadataBody(
                market_ticker=market.ticker, image_url=_IMAGE, color_code=_COLORS[place % len(_COLORS)]
            )
            for place, market in enumerate(markets)
        )
        return answer(
            EventMetadataAnswer(image_url=_IMAGE, market_details=tuple(details), settlement_sources=SOURCES)
        )

    async def _candles(self, request: web.Request) -> web.Response:
        event = self._event(request)
        window = candle_window(Query(request.query, "GetMarketCandlesticksByEvent"))
        tickers = tuple(market.ticker for market in event.markets)
        candles = [await candle_bodies(self._floor, ticker, *window) for ticker in tickers]
        found = EventCandlesAnswer(
            market_tickers=tickers, market_candlesticks=tuple(candles), adjusted_end_ts=window[1]
        )
        return answer(found)
