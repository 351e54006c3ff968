"""Batches of orders on the wire (FACTS §5)."""

from __future__ import annotations

from pitdesk.kalshi.wire.account import ErrorBody
from pitdesk.kalshi.wire.base import Wire


class BatchCreatedBody(Wire, frozen=True, kw_only=True):
    """One item of openapi BatchCreateOrdersV2Response; everything else is null where it has an ``error``."""

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


class BatchCancelItem(Wire, frozen=True, kw_only=True):
    """One item of openapi BatchCancelOrdersV2Request."""

    order_id: str
    subaccount: int | None = None
    exchange_index: int | None = None
    market_ticker: str | None = None


class BatchCancelRequest(Wire, frozen=True, kw_only=True):
    """openapi BatchCancelOrdersV2Request."""

    orders: tuple[BatchCancelItem, ...]


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
