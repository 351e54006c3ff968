"""Orders, fills, positions and balance as the exchange tells them to their owner (openapi 3.34.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.kalshi.wire.orders import OrderBody, QueuePositionBody
from pitdesk.kalshi.wire.portfolio import (
    BalanceAnswer,
    EventPositionBody,
    FillBody,
    MarketPositionBody,
    SettlementBody,
    ShardBalanceBody,
)
from pitdesk.orders import BookSide
from pitdesk.practice.answers import outcome_word, rfc3339
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pitdesk.practice.records import Balance, FillRecord, OrderRecord, PositionRecord
    from pitdesk.practice.transfers import SettlementRecord

_CENT = 10_000


def action_word(side: BookSide) -> str:
    """The older word beside ``side: yes``: a bid buys Yes, an ask sells it (FACTS §17.2)."""
    return "buy" if side is BookSide.BID else "sell"


def order_body(order: OrderRecord) -> OrderBody:
    """openapi Order."""
    return OrderBody(
        order_id=order.order_id,
        user_id=order.user_id,
        client_order_id=order.client_order_id,
        ticker=order.ticker,
        side="yes",
        action=action_word(order.side),
        outcome_side=outcome_word(order.side),
        book_side=order.side.value,
        type="limit",
        status=order.status.value,
        yes_price_dollars=order.yes_price.to_wire(),
        no_price_dollars=order.yes_price.complement().to_wire(),
        fill_count_fp=order.fill_count.to_wire(),
        remaining_count_fp=order.remaining_count.to_wire(),
        initial_count_fp=order.initial_count.to_wire(),
        taker_fill_cost_dollars=order.taker_fill_cost.to_wire(),
        maker_fill_cost_dollars=order.maker_fill_cost.to_wire(),
        taker_fees_dollars=order.taker_fees.to_wire(),
        maker_fees_dollars=order.maker_fees.to_wire(),
        expiration_time=None if order.expiration_s is None else rfc3339(order.expiration_s * 1000),
        created_time=rfc3339(order.created_ms),
        last_update_time=rfc3339(order.updated_ms),
        self_trade_prevention_type=order.self_trade_prevention.value,
        order_group_id=order.order_group_id,
        cancel_order_on_pause=order.cancel_order_on_pause,
        subaccount_number=order.subaccount,
        exchange_index=order.exchange_index,
    )


def queue_body(order: OrderRecord, ahead: Count) -> QueuePositionBody:
    """openapi OrderQueuePosition."""
    return QueuePositionBody(
        order_id=order.order_id, market_ticker=order.ticker, queue_position_fp=ahead.to_wire()
    )


def fill_body(fill: FillRecord) -> FillBody:
    """openapi Fill."""
    return FillBody(
        fill_id=fill.trade_id,
        trade_id=fill.trade_id,
        exchange_index=fill.exchange_index,
        order_id=fill.order_id,
        ticker=fill.ticker,
        market_ticker=fill.ticker,
        side="yes",
        action=action_word(fill.side),
        outcome_side=outcome_word(fill.side),
        book_side=fill.side.value,
        count_fp=fill.count.to_wire(),
        yes_price_dollars=fill.yes_price.to_wire(),
        no_price_dollars=fill.yes_price.complement().to_wire(),
        is_taker=fill.is_taker,
        fee_cost=fill.fee.to_wire(),
        created_time=rfc3339(fill.created_ms),
        ts=fill.created_ms // 1000,
        subaccount_number=fill.subaccount,
    )


def position_body(position: PositionRecord) -> MarketPositionBody:
    """openapi MarketPosition."""
    return MarketPositionBody(
        ticker=position.ticker,
        exchange_index=position.exchange_index,
        total_traded_dollars=position.total_traded.to_wire(),
        position_fp=position.count.to_wire(),
        market_exposure_dollars=position.exposure.to_wire(),
        realized_pnl_dollars=position.realized.to_wire(),
        fees_paid_dollars=position.fees.to_wire(),
        last_updated_ts=rfc3339(position.updated_ms),
    )


def event_position_body(event_ticker: str, positions: Sequence[PositionRecord]) -> EventPositionBody:
    """openapi EventPosition: the sum of an event's positions."""
    return EventPositionBody(
        event_ticker=event_ticker,
        total_cost_dollars=_sum(position.total_traded for position in positions).to_wire(),
        total_cost_shares_fp=sum((position.volume for position in positions), COUNT_ZERO).to_wire(),
        event_exposure_dollars=_sum(position.exposure for position in positions).to_wire(),
        realized_pnl_dollars=_sum(position.realized for position in positions).to_wire(),
        fees_paid_dollars=_sum(position.fees for position in positions).to_wire(),
    )


def _sum(amounts: Iterable[Dollars]) -> Dollars:
    return sum(amounts, DOLLARS_ZERO)


def balance_body(balance: Balance, breakdown: Mapping[int, Dollars] | None) -> BalanceAnswer:
    """openapi GetBalanceResponse: whole cents truncated beside the exact figure. ``breakdown`` is the cash by
    exchange index; a key restricted to a subaccount is not told (FACTS §10)."""
    return BalanceAnswer(
        balance=balance.cash.units // _CENT,
        balance_dollars=balance.cash.to_wire(4),
        portfolio_value=balance.portfolio_value.units // _CENT,
        updated_ts=balance.updated_ms // 1000,
        balance_breakdown=None
        if breakdown is None
        else tuple(
            ShardBalanceBody(exchange_index=index, balance=cash.to_wire(4))
            for index, cash in breakdown.items()
        ),
    )


def settlement_body(row: SettlementRecord) -> SettlementBody:
    """openapi Settlement."""
    return SettlementBody(
        ticker=row.ticker,
        event_ticker=row.event_ticker,
        exchange_index=row.exchange_index,
        market_result=row.result,
        yes_count_fp=row.yes_count.to_wire(),
        yes_total_cost_dollars=row.yes_cost.to_wire(),
        no_count_fp=row.no_count.to_wire(),
        no_total_cost_dollars=row.no_cost.to_wire(),
        revenue=row.revenue.units // _CENT,
        settled_time=rfc3339(row.settled_ms),
        fee_cost=row.fees.to_wire(),
        value=row.value.units // _CENT,
    )
