"""The engine's facts as the bodies of stream messages (asyncapi payloads of the same names)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pitdesk.kalshi.wire import stream as wire
from pitdesk.kalshi.wire.base import Wire
from pitdesk.orders import BookSide
from pitdesk.practice.answers import (
    book_levels,
    market_id,
    number,
    outcome_word,
    price_ranges,
    price_text,
    rfc3339,
)
from pitdesk.practice.answers_portfolio import action_word
from pitdesk.quantities import PRICE_ONE

if TYPE_CHECKING:
    from pitdesk.markets import Book, PublicTrade
    from pitdesk.practice import facts
    from pitdesk.practice.records import FillRecord, OrderRecord, PositionRecord, QuoteRecord


def snapshot_message(book: Book, clock: int, *, yes_price: bool) -> wire.BookSnapshotMessage:
    """asyncapi orderbookSnapshotPayload; a side's key is missing when the side is empty."""
    yes, no = book_levels(book, yes_price=yes_price)
    return wire.BookSnapshotMessage(
        market_ticker=book.ticker,
        market_id=market_id(book.ticker),
        clock=clock,
        yes_dollars_fp=yes or None,
        no_dollars_fp=no or None,
    )


def delta_message(change: facts.BookChanged, *, yes_price: bool, mine: bool) -> wire.BookDeltaMessage:
    """asyncapi orderbookDeltaPayload; ``mine`` names the order that caused it, to its owner only."""
    is_bid = change.side is BookSide.BID
    price = change.price if is_bid or yes_price else change.price.complement()
    return wire.BookDeltaMessage(
        market_ticker=change.ticker,
        market_id=market_id(change.ticker),
        clock=change.clock,
        price_dollars=price.to_wire(),
        delta_fp=change.delta.to_wire(),
        side=outcome_word(change.side),
        ts=rfc3339(change.ts_ms),
        ts_ms=change.ts_ms,
        client_order_id=change.client_order_id if mine and change.client_order_id else None,
        subaccount=change.subaccount or None if mine else None,
    )


def ticker_message(quote: QuoteRecord) -> wire.TickerMessage:
    """asyncapi tickerPayload."""
    return wire.TickerMessage(
        market_id=market_id(quote.ticker),
        market_ticker=quote.ticker,
        price_dollars=price_text(quote.last),
        yes_bid_dollars=price_text(quote.bid),
        yes_ask_dollars=price_text(quote.ask, PRICE_ONE),
        volume_fp=quote.volume.to_wire(),
        open_interest_fp=quote.open_interest.to_wire(),
        dollar_volume=quote.dollar_volume,
        dollar_open_interest=quote.dollar_open_interest,
        yes_bid_size_fp=quote.bid_count.to_wire(),
        yes_ask_size_fp=quote.ask_count.to_wire(),
        last_trade_size_fp=quote.last_count.to_wire(),
        ts=quote.ts_ms // 1000,
        ts_ms=quote.ts_ms,
        time=rfc3339(quote.ts_ms),
    )


def trade_message(trade: PublicTrade) -> wire.TradeMessage:
    """asyncapi tradePayload."""
    word = outcome_word(trade.taker_side)
    return wire.TradeMessage(
        trade_id=trade.trade_id,
        market_ticker=trade.ticker,
        yes_price_dollars=trade.yes_price.to_wire(),
        no_price_dollars=trade.yes_price.complement().to_wire(),
        count_fp=trade.count.to_wire(),
        taker_side=word,
        taker_outcome_side=word,
        taker_book_side=trade.taker_side.value,
        is_block_trade=False,
        ts=trade.created_ms // 1000,
        ts_ms=trade.created_ms,
    )


def fill_message(fill: FillRecord) -> wire.FillMessage:
    """asyncapi fillPayload."""
    return wire.FillMessage(
        trade_id=fill.trade_id,
        order_id=fill.order_id,
        client_order_id=fill.client_order_id or None,
        market_ticker=fill.ticker,
        exchange_index=fill.exchange_index,
        is_taker=fill.is_taker,
        side="yes",
        action=action_word(fill.side),
        purchased_side=outcome_word(fill.side),
        outcome_side=outcome_word(fill.side),
        book_side=fill.side.value,
        yes_price_dollars=fill.yes_price.to_wire(),
        count_fp=fill.count.to_wire(),
        fee_cost=fill.fee.to_wire(),
        post_position_fp=fill.post_position.to_wire(),
        ts=fill.created_ms // 1000,
        ts_ms=fill.created_ms,
        subaccount=fill.subaccount or None,
    )


def user_order_message(order: OrderRecord) -> wire.UserOrderMessage:
    """asyncapi userOrderPayload."""
    expires_ms = None if order.expiration_s is None else order.expiration_s * 1000
    return wire.UserOrderMessage(
        order_id=order.order_id,
        user_id=order.user_id,
        ticker=order.ticker,
        exchange_index=order.exchange_index,
        status=order.status.value,
        side="yes",
        is_yes=True,
        outcome_side=outcome_word(order.side),
        book_side=order.side.value,
        yes_price_dollars=order.yes_price.to_wire(),
        fill_count_fp=order.fill_count.to_wire(),
        remaining_count_fp=order.remaining_count.to_wire(),
        initial_count_fp=order.initial_count.to_wire(),
        taker_fill_cost_dollars=order.taker_fill_cost.to_wire(),
        maker_fill_cost_dollars=order.maker_fill_cost.to_wire(),
        taker_fees_dollars=order.taker_fees.to_wire(),
        maker_fees_dollars=order.maker_fees.to_wire(),
        client_order_id=order.client_order_id,
        order_group_id=order.order_group_id,
        self_trade_prevention_type=order.self_trade_prevention.value,
        created_time=rfc3339(order.created_ms),
        created_ts_ms=order.created_ms,
        last_update_time=rfc3339(order.updated_ms),
        last_updated_ts_ms=order.updated_ms,
        expiration_time=None if expires_ms is None else rfc3339(expires_ms),
        expiration_ts_ms=expires_ms,
        last_update_reason=order.last_update_reason,
        subaccount_number=order.subaccount,
    )


def position_message(position: PositionRecord) -> wire.MarketPositionMessage:
    """asyncapi marketPositionPayload."""
    return wire.MarketPositionMessage(
        user_id=position.user_id,
        market_ticker=position.ticker,
        position_fp=position.count.to_wire(),
        position_cost_dollars=position.exposure.to_wire(),
        realized_pnl_dollars=position.realized.to_wire(),
        fees_paid_dollars=position.fees.to_wire(),
        position_fee_cost_dollars=position.open_fees.to_wire(),
        volume_fp=position.volume.to_wire(),
        subaccount=position.subaccount or None,
    )


def lifecycle_message(change: facts.MarketChanged) -> wire.MarketLifecycleMessage:
    """asyncapi marketLifecycleV2Payload: only the fields that its event carries."""
    kind, at_s = change.event_type, change.ts_ms // 1000
    listed = change.listed if kind == "price_level_structure_updated" else None
    return wire.MarketLifecycleMessage(
        event_type=kind,
        market_ticker=change.ticker,
        close_ts=change.close_ms // 1000 if kind == "close_date_updated" else None,
        determination_ts=at_s if kind == "determined" else None,
        settled_ts=at_s if kind == "settled" else None,
        result=change.result if kind == "determined" and change.result else None,
        settlement_value=None if kind != "determined" or change.value is None else change.value.to_wire(),
        is_deactivated=kind == "deactivated" if kind in ("activated", "deactivated") else None,
        price_level_structure=listed.grid.value if listed else None,
        price_ranges=price_ranges(listed) if listed else None,
    )


class GroupMessage(Wire, frozen=True, kw_only=True):
    """asyncapi orderGroupUpdatesPayload; the limit with ``created`` and ``limit_updated`` only."""

    event_type: str
    order_group_id: str
    ts_ms: int
    contracts_limit_fp: str | None = None


def group_message(change: facts.GroupChanged) -> GroupMessage:
    """asyncapi orderGroupUpdatesPayload."""
    tells_limit = change.event_type in ("created", "limit_updated")
    return GroupMessage(
        event_type=change.event_type,
        order_group_id=change.group.group_id,
        ts_ms=change.ts_ms,
        contracts_limit_fp=change.group.limit.to_wire() if tells_limit else None,
    )


class EventFeesMessage(Wire, frozen=True, kw_only=True, omit_defaults=False):
    """asyncapi eventFeeUpdatePayload; null where the override was cleared."""

    event_ticker: str
    fee_type_override: str | None
    fee_multiplier_override: Decimal | None


def event_fees_message(change: facts.EventFeesChanged) -> EventFeesMessage:
    """asyncapi eventFeeUpdatePayload."""
    override = change.override
    return EventFeesMessage(
        event_ticker=change.event_ticker,
        fee_type_override=override.fee_type if override else None,
        fee_multiplier_override=number(override.multiplier) if override else None,
    )
