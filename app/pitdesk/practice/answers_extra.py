"""Answers that only the exchange's side needs as structs: lists in bulk, and batches (openapi 3.34.0)."""

from __future__ import annotations

from pitdesk.kalshi.wire.account import ErrorBody
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


class BatchCreatedBody(Wire, frozen=True, kw_only=True):
    """One item of openapi BatchCreateOrdersV2Response; ``error`` alone where the item failed."""

    order_id: str | None = None
    client_order_id: str | None = None
    fill_count: str | None = None
    remaining_count: str | None = None
    average_fill_price: str | None = None
    average_fee_paid: str | None = None
    ts_ms: int | None = None
    error: ErrorBody | None = None


class BatchCreateAnswer(Wire, frozen=True, kw_only=True):
    """openapi BatchCreateOrdersV2Response."""

    orders: tuple[BatchCreatedBody, ...]


class BatchCanceledBody(Wire, frozen=True, kw_only=True):
    """One item of openapi BatchCancelOrdersV2Response."""

    order_id: str
    reduced_by: str
    client_order_id: str | None = None
    ts_ms: int | None = None
    error: ErrorBody | None = None


class BatchCancelAnswer(Wire, frozen=True, kw_only=True):
    """openapi BatchCancelOrdersV2Response."""

    orders: tuple[BatchCanceledBody, ...]
