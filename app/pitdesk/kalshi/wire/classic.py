"""Order calls and the order object as they were in late 2025 (FACTS §4.1, §4.4, §8).

Prices may be whole cents of the order's own outcome or dollars of either; counts whole or with two decimals.
Where the exchange speaks the current words only, these calls answer 410.
"""

from __future__ import annotations

from pitdesk.kalshi.wire.account import ErrorBody
from pitdesk.kalshi.wire.base import Wire


class CreateOrderRequest(Wire, frozen=True, kw_only=True):
    """openapi CreateOrderRequest, with the ``type`` of that time. ``buy_max_cost`` is cents."""

    ticker: str
    side: str
    action: str
    count: int | None = None
    count_fp: str | None = None
    type: str | None = None
    yes_price: int | None = None
    no_price: int | None = None
    yes_price_dollars: str | None = None
    no_price_dollars: str | None = None
    client_order_id: str | None = None
    expiration_ts: int | None = None
    time_in_force: str | None = None
    buy_max_cost: int | None = None
    post_only: bool | None = None
    reduce_only: bool | None = None
    sell_position_floor: int | None = None
    self_trade_prevention_type: str | None = None
    order_group_id: str | None = None
    cancel_order_on_pause: bool | None = None
    subaccount: int | None = None


class AmendOrderRequest(Wire, frozen=True, kw_only=True):
    """openapi AmendOrderRequest. The count is the total: filled and still wanted."""

    ticker: str
    side: str
    action: str
    count: int | None = None
    count_fp: str | None = None
    yes_price: int | None = None
    no_price: int | None = None
    yes_price_dollars: str | None = None
    no_price_dollars: str | None = None
    client_order_id: str | None = None
    updated_client_order_id: str | None = None
    subaccount: int | None = None


class DecreaseOrderRequest(Wire, frozen=True, kw_only=True):
    """Exactly one of the four."""

    reduce_by: int | None = None
    reduce_to: int | None = None
    reduce_by_fp: str | None = None
    reduce_to_fp: str | None = None
    subaccount: int | None = None


class OrderBody(Wire, frozen=True, kw_only=True):
    """The order object. Whole cents and contracts are rounded down; the strings beside them, which came while
    these calls were still served, are exact."""

    order_id: str
    user_id: str
    client_order_id: str
    ticker: str
    side: str
    action: str
    type: str
    status: str
    yes_price: int
    no_price: int
    yes_price_dollars: str
    no_price_dollars: str
    fill_count: int
    remaining_count: int
    initial_count: int
    fill_count_fp: str | None = None
    remaining_count_fp: str | None = None
    initial_count_fp: str | None = None
    taker_fees: int
    maker_fees: int
    taker_fill_cost: int
    maker_fill_cost: int
    taker_fees_dollars: str | None = None
    maker_fees_dollars: str | None = None
    taker_fill_cost_dollars: str | None = None
    maker_fill_cost_dollars: str | None = None
    queue_position: int | None = None
    expiration_time: str | None = None
    created_time: str | None = None
    last_update_time: str | None = None
    self_trade_prevention_type: str | None = None
    order_group_id: str | None = None
    cancel_order_on_pause: bool | None = None
    subaccount_number: int | None = None


class OrderAnswer(Wire, frozen=True, kw_only=True):
    """The answer to a create, a decrease and a look-up."""

    order: OrderBody


class OrdersAnswer(Wire, frozen=True, kw_only=True):
    """A page of orders. ``cursor`` is empty on the last."""

    orders: tuple[OrderBody, ...]
    cursor: str | None = None


class CancelOrderAnswer(Wire, frozen=True, kw_only=True):
    """The answer to a cancel: how much was still resting."""

    order: OrderBody
    reduced_by: int
    reduced_by_fp: str | None = None


class AmendOrderAnswer(Wire, frozen=True, kw_only=True):
    """openapi AmendOrderResponse."""

    old_order: OrderBody
    order: OrderBody


class BatchCreatedBody(Wire, frozen=True, kw_only=True):
    """openapi BatchCreateOrdersIndividualResponse."""

    client_order_id: str | None = None
    order: OrderBody | None = None
    error: ErrorBody | None = None


class BatchCreateAnswer(Wire, frozen=True, kw_only=True):
    """openapi BatchCreateOrdersResponse."""

    orders: tuple[BatchCreatedBody, ...]


class BatchCancelRequest(Wire, frozen=True, kw_only=True):
    """The order ids, as until 2026."""

    ids: tuple[str, ...]


class BatchCanceledBody(Wire, frozen=True, kw_only=True):
    """openapi BatchCancelOrdersIndividualResponse."""

    order_id: str
    reduced_by: int
    reduced_by_fp: str | None = None
    order: OrderBody | None = None
    error: ErrorBody | None = None


class BatchCancelAnswer(Wire, frozen=True, kw_only=True):
    """openapi BatchCancelOrdersResponse."""

    orders: tuple[BatchCanceledBody, ...]
