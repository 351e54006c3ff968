"""From the exchange's bodies to the desk's records: pure, and tolerant of words that it does not know.

Every function raises ValueError (:class:`QuantityError` among them) where a body cannot be one of ours: the
caller decides whether that spoils an answer or one item of a list.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from pitdesk.markets import (
    Book,
    Candle,
    Event,
    FeeSchedule,
    Market,
    MarketStatus,
    Position,
    PublicTrade,
    Quote,
    Series,
    Settlement,
)
from pitdesk.orders import BookSide, Fill, Order, OrderStatus
from pitdesk.quantities import (
    COUNT_ZERO,
    PRICE_ONE,
    PRICE_ZERO,
    Count,
    Dollars,
    Price,
    PriceRange,
    PriceRanges,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pitdesk.kalshi.wire.markets import (
        CandlestickBody,
        EventBody,
        MarketBody,
        OrderBookBody,
        PriceRangeBody,
        SeriesBody,
        TradeBody,
    )
    from pitdesk.kalshi.wire.orders import OrderBody
    from pitdesk.kalshi.wire.portfolio import FillBody, MarketPositionBody, SettlementBody

_LOG = logging.getLogger(__name__)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Body = TypeVar("Body")
Record = TypeVar("Record")


def parse_time_ms(text: str) -> int:
    """Unix milliseconds of an RFC 3339 instant, with any number of fraction digits (FACTS §8).

    Raises ValueError where it is not one, or names no zone.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text[:40]!r} names no time zone")
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def parse_optional_time_ms(text: str | None) -> int | None:
    """As :func:`parse_time_ms`; None where absent, empty or unreadable: such a time is a detail."""
    try:
        return parse_time_ms(text) if text else None
    except ValueError:
        return None


def parse_each(bodies: Iterable[Body] | None, parse: Callable[[Body], Record]) -> tuple[Record, ...]:
    """Each body that can be read. One that cannot is logged and left out, so that it hides no other."""
    records = []
    for body in bodies or ():
        try:
            records.append(parse(body))
        except ValueError as error:
            _LOG.warning("A %s was left out: %s", type(body).__name__, error)
    return tuple(records)


def parse_fraction(text: str | None) -> Fraction | None:
    """An average the exchange computed, exactly as it wrote it; None where absent."""
    if text is None:
        return None
    return Fraction(Dollars.from_wire(text).units, 1_000_000)


def parse_series(body: SeriesBody) -> Series:
    """openapi Series."""
    fees = FeeSchedule(body.fee_type, Fraction(body.fee_multiplier))
    return Series(body.ticker, body.title, body.category, fees, body.tags or ())


def parse_event(body: EventBody, category: str = "") -> Event:
    """openapi EventData with its nested markets. A market that cannot be read is left out."""
    override = None
    if body.fee_type_override is not None and body.fee_multiplier_override is not None:
        override = FeeSchedule(body.fee_type_override, Fraction(body.fee_multiplier_override))
    return Event(
        ticker=body.event_ticker,
        series_ticker=body.series_ticker,
        title=body.title,
        sub_title=body.sub_title,
        category=body.category or category,
        mutually_exclusive=body.mutually_exclusive,
        markets=parse_each(body.markets, parse_market),
        fee_override=override,
    )


def parse_market(body: MarketBody) -> Market:
    """openapi Market."""
    return Market(
        ticker=body.ticker,
        event_ticker=body.event_ticker,
        title=body.title or "",
        yes_sub_title=body.yes_sub_title,
        no_sub_title=body.no_sub_title,
        status=MarketStatus(body.status),
        price_ranges=parse_ranges(body.price_ranges),
        open_ms=parse_time_ms(body.open_time),
        close_ms=parse_time_ms(body.close_time),
        quote=_quote_of(body),
        rules_primary=body.rules_primary,
        rules_secondary=body.rules_secondary,
        result=body.result,
        exchange_index=body.exchange_index or 0,
        status_word=body.status,
    )


def _quote_of(body: MarketBody) -> Quote:
    last = Price.from_wire(body.last_price_dollars)
    return parse_quote(
        body.yes_bid_dollars,
        body.yes_bid_size_fp,
        body.yes_ask_dollars,
        body.yes_ask_size_fp,
        last=last,
        volume=Count.from_wire(body.volume_fp),
    )


def parse_quote(bid: str, bid_size: str, ask: str, ask_size: str, *, last: Price, volume: Count) -> Quote:
    """A touch. A bid of 0 and an ask of 1 mean that nobody quotes (FACTS §14)."""
    bid_price, ask_price = Price.from_wire(bid), Price.from_wire(ask)
    has_bid, has_ask = bid_price > PRICE_ZERO, PRICE_ZERO < ask_price < PRICE_ONE
    return Quote(
        bid=bid_price if has_bid else None,
        ask=ask_price if has_ask else None,
        bid_count=Count.from_wire(bid_size) if has_bid else COUNT_ZERO,
        ask_count=Count.from_wire(ask_size) if has_ask else COUNT_ZERO,
        last=last if last else None,
        volume=volume,
    )


def parse_ranges(bodies: Iterable[PriceRangeBody]) -> PriceRanges:
    """A market's grid. Raises ValueError where it has no band or an impossible one."""
    bands = (
        PriceRange(Price.from_wire(body.start), Price.from_wire(body.end), Price.from_wire(body.step))
        for body in bodies
    )
    return PriceRanges(tuple(sorted(bands, key=lambda band: band.start)))


def parse_book(ticker: str, body: OrderBookBody) -> Book:
    """openapi OrderbookCountFp: bids of both outcomes; a No bid is a Yes ask of one dollar less."""
    bids = {Price.from_wire(level[0]): Count.from_wire(level[1]) for level in body.yes_dollars}
    asks = {Price.from_wire(level[0]).complement(): Count.from_wire(level[1]) for level in body.no_dollars}
    return Book(ticker, bids, asks)


def parse_trade(body: TradeBody) -> PublicTrade:
    """openapi Trade."""
    return PublicTrade(
        trade_id=body.trade_id,
        ticker=body.ticker,
        yes_price=Price.from_wire(body.yes_price_dollars),
        count=Count.from_wire(body.count_fp),
        taker_side=BookSide(body.taker_book_side),
        created_ms=parse_time_ms(body.created_time),
    )


def parse_candle(body: CandlestickBody) -> Candle:
    """openapi MarketCandlestick."""
    price = body.price
    return Candle(
        end_s=body.end_period_ts,
        open=_optional_price(price.open_dollars),
        high=_optional_price(price.high_dollars),
        low=_optional_price(price.low_dollars),
        close=_optional_price(price.close_dollars),
        bid_close=_optional_price(body.yes_bid.close_dollars),
        ask_close=_optional_price(body.yes_ask.close_dollars),
        volume=Count.from_wire(body.volume_fp),
    )


def _optional_price(text: str | None) -> Price | None:
    return Price.from_wire(text) if text else None


def parse_position(body: MarketPositionBody) -> Position:
    """openapi MarketPosition."""
    return Position(
        ticker=body.ticker,
        count=Count.from_wire(body.position_fp),
        exposure=Dollars.from_wire(body.market_exposure_dollars),
        realized=Dollars.from_wire(body.realized_pnl_dollars),
        fees=Dollars.from_wire(body.fees_paid_dollars),
        total_traded=Dollars.from_wire(body.total_traded_dollars),
    )


def parse_settlement(body: SettlementBody) -> Settlement:
    """openapi Settlement."""
    return Settlement(
        ticker=body.ticker,
        count=Count.from_wire(body.yes_count_fp) - Count.from_wire(body.no_count_fp),
        cost=Dollars.from_wire(body.yes_total_cost_dollars) + Dollars.from_wire(body.no_total_cost_dollars),
        revenue=Dollars.from_cents(body.revenue),
        settled_ms=parse_time_ms(body.settled_time),
    )


def parse_fill(body: FillBody) -> Fill:
    """openapi Fill."""
    created = parse_optional_time_ms(body.created_time)
    return Fill(
        trade_id=body.trade_id,
        order_id=body.order_id,
        ticker=body.ticker or body.market_ticker,
        book_side=BookSide(body.book_side),
        yes_price=Price.from_wire(body.yes_price_dollars),
        count=Count.from_wire(body.count_fp),
        fee=Dollars.from_wire(body.fee_cost),
        is_taker=body.is_taker,
        created_ms=created if created is not None else (body.ts or 0) * 1000,
        subaccount=body.subaccount_number,
        exchange_index=body.exchange_index,
    )


def parse_order(body: OrderBody) -> Order:
    """openapi Order. ``book_side`` and the Yes price are authoritative (FACTS §17.2)."""
    return Order(
        order_id=body.order_id,
        client_order_id=body.client_order_id,
        ticker=body.ticker,
        book_side=BookSide(body.book_side),
        yes_price=Price.from_wire(body.yes_price_dollars),
        initial_count=Count.from_wire(body.initial_count_fp),
        fill_count=Count.from_wire(body.fill_count_fp),
        remaining_count=Count.from_wire(body.remaining_count_fp),
        status=OrderStatus(body.status),
        status_word=body.status,
        fill_cost=Dollars.from_wire(body.taker_fill_cost_dollars)
        + Dollars.from_wire(body.maker_fill_cost_dollars),
        fees=Dollars.from_wire(body.taker_fees_dollars) + Dollars.from_wire(body.maker_fees_dollars),
        created_ms=parse_optional_time_ms(body.created_time),
        updated_ms=parse_optional_time_ms(body.last_update_time),
        expiration_ms=parse_optional_time_ms(body.expiration_time),
        order_group_id=body.order_group_id,
        self_trade_prevention=body.self_trade_prevention_type,
        cancel_order_on_pause=bool(body.cancel_order_on_pause),
        subaccount=body.subaccount_number,
        exchange_index=body.exchange_index,
    )
