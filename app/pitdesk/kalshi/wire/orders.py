"""Order calls and the order object of the current interface (FACTS §4 to §8)."""

from __future__ import annotations

from pitdesk.kalshi.wire.base import Wire


class CreateOrderRequest(Wire, frozen=True, kw_only=True):
    """openapi CreateOrderV2Request."""

    ticker: str
    side: str
    count: str
    price: str
    time_in_force: str
    self_trade_prevention_type: str
    client_order_id: str | None = None
    expiration_time: int | None = None
    post_only: bool | None = None
    cancel_order_on_pause: bool | None = None
    reduce_only: bool | None = None
    subaccount: int | None = None
    order_group_id: str | None = None
    exchange_index: int | None = None


class CreateOrderAnswer(Wire, frozen=True, kw_only=True):
    """openapi CreateOrderV2Response."""

    order_id: str
    fill_count: str
    remaining_count: str
    ts_ms: int
    client_order_id: str | None = None
    average_fill_price: str | None = None
    average_fee_paid: str | None = None


class AmendOrderRequest(Wire, frozen=True, kw_only=True):
    """openapi AmendOrderV2Request."""

    ticker: str
    side: str
    price: str
    count: str
    client_order_id: str | None = None
    updated_client_order_id: str | None = None
    expiration_time: int | None = None
    exchange_index: int | None = None


class AmendOrderAnswer(Wire, frozen=True, kw_only=True):
    """openapi AmendOrderV2Response."""

    order_id: str
    ts_ms: int
    client_order_id: str | None = None
    remaining_count: str | None = None
    fill_count: str | None = None
    average_fill_price: str | None = None
    average_fee_paid: str | None = None


class DecreaseOrderRequest(Wire, frozen=True, kw_only=True):
    """openapi DecreaseOrderV2Request."""

    reduce_by: str | None = None
    reduce_to: str | None = None
    exchange_index: int | None = None
    market_ticker: str | None = None


class DecreaseOrderAnswer(Wire, frozen=True, kw_only=True):
    """openapi DecreaseOrderV2Response."""

    order_id: str
    remaining_count: str
    ts_ms: int
    client_order_id: str | None = None


class CancelOrderAnswer(Wire, frozen=True, kw_only=True):
    """openapi CancelOrderV2Response."""

    order_id: str
    reduced_by: str
    ts_ms: int
    client_order_id: str | None = None


class OrderBody(Wire, frozen=True, kw_only=True):
    """openapi Order."""

    order_id: str
    user_id: str
    client_order_id: str
    ticker: str
    outcome_side: str
    book_side: str
    type: str
    status: str
    yes_price_dollars: str
    no_price_dollars: str
    fill_count_fp: str
    remaining_count_fp: str
    initial_count_fp: str
    taker_fill_cost_dollars: str
    maker_fill_cost_dollars: str
    taker_fees_dollars: str
    maker_fees_dollars: str
    side: str | None = None
    action: str | None = None
    expiration_time: str | None = None
    created_time: str | None = None
    last_update_time: str | None = None
    self_trade_prevention_type: str | None = None
    order_group_id: str | None = None
    cancel_order_on_pause: bool | None = None
    subaccount_number: int | None = None
    exchange_index: int | None = None


class OrderAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetOrderResponse."""

    order: OrderBody


class OrdersAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetOrdersResponse. ``cursor`` is empty on the last page."""

    orders: tuple[OrderBody, ...]
    cursor: str | None = None


class QueuePositionBody(Wire, frozen=True, kw_only=True):
    """openapi OrderQueuePosition: contracts ahead of one resting order."""

    order_id: str
    market_ticker: str
    queue_position_fp: str


class QueuePositionsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetOrderQueuePositionsResponse."""

    queue_positions: tuple[QueuePositionBody, ...] | None


class QueuePositionAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetOrderQueuePositionResponse."""

    queue_position_fp: str
