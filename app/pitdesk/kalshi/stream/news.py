"""From stream messages to the desk's records: pure; raises ValueError where a message is none of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.kalshi import convert
from pitdesk.markets import Position, PublicTrade, Quote
from pitdesk.orders import BookSide, Fill, Order, OrderStatus
from pitdesk.quantities import Count, Dollars, Price, PriceRanges

if TYPE_CHECKING:
    from pitdesk.kalshi.wire.stream import (
        FillMessage,
        MarketLifecycleMessage,
        MarketPositionMessage,
        TickerMessage,
        TradeMessage,
        UserOrderMessage,
    )


@dataclass(frozen=True, slots=True)
class FillNews:
    """One of our executions, and what is held after it (above zero Yes, below zero No)."""

    fill: Fill
    position_after: Count


@dataclass(frozen=True, slots=True)
class LifecycleNews:
    """A market's life goes on: ``event`` is the exchange's word (FACTS §14, §15). Times are Unix ms."""

    ticker: str
    event: str
    open_ms: int | None = None
    close_ms: int | None = None
    result: str | None = None
    is_deactivated: bool | None = None
    price_ranges: PriceRanges | None = None


def parse_ticker(said: TickerMessage) -> tuple[str, Quote]:
    """asyncapi tickerPayload."""
    quote = convert.parse_quote(
        said.yes_bid_dollars,
        said.yes_bid_size_fp,
        said.yes_ask_dollars,
        said.yes_ask_size_fp,
        last=Price.from_wire(said.price_dollars),
        volume=Count.from_wire(said.volume_fp),
    )
    return said.market_ticker, quote


def parse_trade(said: TradeMessage, now_ms: int) -> PublicTrade:
    """asyncapi tradePayload. ``now_ms`` stands in for a time that is missing (FACTS §17.13)."""
    return PublicTrade(
        trade_id=said.trade_id,
        ticker=said.market_ticker,
        yes_price=Price.from_wire(said.yes_price_dollars),
        count=Count.from_wire(said.count_fp),
        taker_side=BookSide(said.taker_book_side),
        created_ms=_time_ms(said.ts_ms, said.ts, now_ms),
    )


def parse_fill(said: FillMessage, now_ms: int) -> FillNews:
    """asyncapi fillPayload. ``now_ms`` stands in for a time that is missing."""
    fill = Fill(
        trade_id=said.trade_id,
        order_id=said.order_id,
        ticker=said.market_ticker,
        book_side=BookSide(said.book_side),
        yes_price=Price.from_wire(said.yes_price_dollars),
        count=Count.from_wire(said.count_fp),
        fee=Dollars.from_wire(said.fee_cost),
        is_taker=said.is_taker,
        created_ms=_time_ms(said.ts_ms, said.ts, now_ms),
        subaccount=said.subaccount,
        exchange_index=said.exchange_index,
    )
    return FillNews(fill, Count.from_wire(said.post_position_fp))


def parse_order(said: UserOrderMessage) -> Order:
    """asyncapi userOrderPayload. It does not say whether the order is canceled on a pause."""
    taker, maker = said.taker_fill_cost_dollars, said.maker_fill_cost_dollars
    return Order(
        order_id=said.order_id,
        client_order_id=said.client_order_id,
        ticker=said.ticker,
        book_side=BookSide(said.book_side),
        yes_price=Price.from_wire(said.yes_price_dollars),
        initial_count=Count.from_wire(said.initial_count_fp),
        fill_count=Count.from_wire(said.fill_count_fp),
        remaining_count=Count.from_wire(said.remaining_count_fp),
        status=OrderStatus(said.status),
        status_word=said.status,
        fill_cost=Dollars.from_wire(taker) + Dollars.from_wire(maker),
        fees=Dollars.from_wire(said.taker_fees_dollars) + Dollars.from_wire(said.maker_fees_dollars),
        created_ms=_either(said.created_ts_ms, said.created_time),
        updated_ms=_either(said.last_updated_ts_ms, said.last_update_time),
        expiration_ms=_either(said.expiration_ts_ms, said.expiration_time),
        last_update_reason=said.last_update_reason,
        order_group_id=said.order_group_id,
        self_trade_prevention=said.self_trade_prevention_type,
        subaccount=said.subaccount_number,
        exchange_index=said.exchange_index,
    )


def parse_position(said: MarketPositionMessage) -> Position:
    """asyncapi marketPositionPayload. It may be older than a fill: it carries no time (FACTS §17.10)."""
    return Position(
        ticker=said.market_ticker,
        count=Count.from_wire(said.position_fp),
        exposure=Dollars.from_wire(said.position_cost_dollars),
        realized=Dollars.from_wire(said.realized_pnl_dollars),
        fees=Dollars.from_wire(said.fees_paid_dollars),
        total_traded=Dollars(0),
    )


def parse_lifecycle(said: MarketLifecycleMessage) -> LifecycleNews:
    """asyncapi marketLifecycleV2Payload."""
    return LifecycleNews(
        ticker=said.market_ticker,
        event=said.event_type,
        open_ms=said.open_ts * 1000 if said.open_ts is not None else None,
        close_ms=said.close_ts * 1000 if said.close_ts is not None else None,
        result=said.result,
        is_deactivated=said.is_deactivated,
        price_ranges=convert.parse_ranges(said.price_ranges) if said.price_ranges else None,
    )


def _time_ms(stamp_ms: int | None, stamp_s: int | None, now_ms: int) -> int:
    if stamp_ms is not None:
        return stamp_ms
    return stamp_s * 1000 if stamp_s is not None else now_ms


def _either(stamp_ms: int | None, text: str | None) -> int | None:
    return stamp_ms if stamp_ms is not None else convert.parse_optional_time_ms(text)
