"""Answers that only the exchange's side needs as structs: lists in bulk (openapi 3.34.0)."""

from __future__ import annotations

from pitdesk.kalshi.wire.base import Wire
from pitdesk.kalshi.wire.markets import CandlestickBody, OrderBookBody


class MarketBookBody(Wire, frozen=True, kw_only=True):
    """openapi MarketOrderbookFp."""

    ticker: str
    orderbook_fp: OrderBookBody


class MarketBooksAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetMarketOrderbooksResponse."""

    orderbooks: tuple[MarketBookBody, ...]


class MarketCandlesBody(Wire, frozen=True, kw_only=True):
    """openapi MarketCandlesticksResponse."""

    market_ticker: str
    candlesticks: tuple[CandlestickBody, ...]


class MarketsCandlesAnswer(Wire, frozen=True, kw_only=True):
    """openapi BatchGetMarketCandlesticksResponse."""

    markets: tuple[MarketCandlesBody, ...]


class TagsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetTagsForSeriesCategoriesResponse."""

    tags_by_categories: dict[str, tuple[str, ...]]
