"""Series, events, markets, books, trades and candles as the exchange tells them (openapi 3.34.0)."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pitdesk.kalshi.wire import markets as wire
from pitdesk.orders import BookSide
from pitdesk.quantities import PRICE_ONE, PRICE_ZERO, Price

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from pitdesk.markets import Book, PublicTrade
    from pitdesk.practice.history import HistoryCandle, PriceBar
    from pitdesk.practice.listings import ListedEvent, ListedMarket, ListedSeries
    from pitdesk.practice.records import MarketRecord

Levels = tuple[tuple[str, str], ...]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKETS = uuid.UUID("5b7c2f0e-6f0c-4b54-9a3d-7d1f35d0a6a1")
SOURCES = (wire.SettlementSourceBody(name="Practice exchange", url="https://example.com/practice"),)
_SETTLES_AFTER_S = 60
_LATEST_MS = 253_402_300_799_000


def rfc3339(ms: int) -> str:
    """Unix milliseconds as the wire's date-time, in UTC; no fraction where there is none.

    A time outside the calendar, which a request may name, is told as the calendar's nearest end.
    """
    moment = _EPOCH + timedelta(milliseconds=min(max(ms, 0), _LATEST_MS))
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds' if ms % 1000 else 'seconds')}Z"


@lru_cache(maxsize=4096)
def market_id(ticker: str) -> str:
    """The market's UUID: the same on every start."""
    return str(uuid.uuid5(_MARKETS, ticker))


def price_text(price: Price | None, absent: Price = PRICE_ZERO) -> str:
    """Four decimals; ``absent`` where there is no price (an empty side shows 0 and 1, FACTS §14)."""
    return (absent if price is None else price).to_wire()


def number(value: Fraction) -> Decimal:
    """A small exact fraction, such as a fee multiplier, as the JSON number it is."""
    return Decimal(value.numerator) / Decimal(value.denominator)


def outcome_word(side: BookSide) -> str:
    """``bid`` positions for yes, ``ask`` for no (FACTS §8)."""
    return "yes" if side is BookSide.BID else "no"


def series_body(series: ListedSeries) -> wire.SeriesBody:
    """openapi Series."""
    return wire.SeriesBody(
        ticker=series.ticker,
        frequency=series.frequency,
        title=series.title,
        category=series.category,
        categories=(series.category,),
        tags=series.tags,
        settlement_sources=SOURCES,
        contract_url="https://example.com/practice/contract.pdf",
        contract_terms_url="https://example.com/practice/terms.pdf",
        fee_type=series.fees.fee_type,
        fee_multiplier=number(series.fees.multiplier),
        additional_prohibitions=(),
        exchange_index=series.exchange_index,
    )


def event_body(event: ListedEvent, markets: Iterable[MarketRecord] | None) -> wire.EventBody:
    """openapi EventData; ``markets`` None leaves them out."""
    override = event.fee_override
    return wire.EventBody(
        event_ticker=event.ticker,
        series_ticker=event.series.ticker,
        title=event.title,
        sub_title=event.sub_title,
        collateral_return_type="MECNET" if event.mutually_exclusive else "",
        mutually_exclusive=event.mutually_exclusive,
        category=event.series.category,
        markets=None if markets is None else tuple(market_body(market) for market in markets),
        settlement_sources=SOURCES,
        fee_type_override=override.fee_type if override else None,
        fee_multiplier_override=number(override.multiplier) if override else None,
        exchange_index=event.exchange_index,
    )


def market_body(market: MarketRecord) -> wire.MarketBody:
    """openapi Market."""
    listed, quote = market.listed, market.quote
    bid, ask = price_text(quote.bid), price_text(quote.ask, PRICE_ONE)
    return wire.MarketBody(
        **_listed_fields(listed),
        updated_time=rfc3339(listed.created_ms),
        close_time=rfc3339(market.close_ms),
        status=market.status.value,
        yes_bid_dollars=bid,
        yes_bid_size_fp=quote.bid_count.to_wire(),
        yes_ask_dollars=ask,
        yes_ask_size_fp=quote.ask_count.to_wire(),
        no_bid_dollars=(quote.ask or PRICE_ONE).complement().to_wire(),
        no_ask_dollars=(quote.bid or PRICE_ZERO).complement().to_wire(),
        last_price_dollars=price_text(quote.last),
        volume_fp=quote.volume.to_wire(),
        volume_24h_fp=quote.volume_24h.to_wire(),
        open_interest_fp=quote.open_interest.to_wire(),
        previous_yes_bid_dollars=price_text(market.previous_bid),
        previous_yes_ask_dollars=price_text(market.previous_ask),
        previous_price_dollars=price_text(market.previous_price),
        result=market.result,
        expiration_value=market.result,
        settlement_value_dollars=None if market.value is None else market.value.to_wire(),
        settlement_ts=None if market.settled_ms is None else rfc3339(market.settled_ms),
    )


def _listed_fields(listed: ListedMarket) -> Mapping[str, Any]:
    """What never changes of a market."""
    return {
        "ticker": listed.ticker,
        "event_ticker": listed.event_ticker,
        "market_type": "binary",
        "title": listed.title,
        "yes_sub_title": listed.yes_sub_title,
        "no_sub_title": listed.no_sub_title,
        "created_time": rfc3339(listed.created_ms),
        "open_time": rfc3339(listed.open_ms),
        "expected_expiration_time": rfc3339(listed.expiration_ms),
        "expiration_time": rfc3339(listed.expiration_ms),
        "latest_expiration_time": rfc3339(listed.expiration_ms),
        "settlement_timer_seconds": _SETTLES_AFTER_S,
        "can_close_early": listed.can_close_early,
        "notional_value_dollars": PRICE_ONE.to_wire(),
        "settlement_bounds_type": "default",
        "rules_primary": listed.rules_primary,
        "rules_secondary": listed.rules_secondary,
        "strike_type": listed.strike_type,
        "floor_strike": _strike(listed.floor_strike),
        "cap_strike": _strike(listed.cap_strike),
        "price_level_structure": listed.grid.value,
        "price_ranges": price_ranges(listed),
        "exchange_index": listed.exchange_index,
    }


def price_ranges(listed: ListedMarket) -> tuple[wire.PriceRangeBody, ...]:
    """The market's grid (openapi PriceRange)."""
    return tuple(
        wire.PriceRangeBody(start=band.start.to_wire(), end=band.end.to_wire(), step=band.step.to_wire())
        for band in listed.price_ranges.bands
    )


def _strike(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def book_levels(book: Book, depth: int = 0, *, yes_price: bool = False) -> tuple[Levels, Levels]:
    """Yes bids and No bids, each rising to its best (FACTS §14); ``depth`` 0 is all of them.

    The No side is priced in No unless ``yes_price``, which tells the asks' own prices, best last too.
    """
    bids = sorted(book.bids)
    asks = sorted(book.asks, reverse=True)
    yes = tuple((price.to_wire(), book.bids[price].to_wire()) for price in bids[-depth:])
    no = tuple(
        ((price if yes_price else price.complement()).to_wire(), book.asks[price].to_wire())
        for price in asks[-depth:]
    )
    return yes, no


def book_body(book: Book, depth: int = 0) -> wire.OrderBookBody:
    """openapi OrderbookCountFp."""
    yes, no = book_levels(book, depth)
    return wire.OrderBookBody(yes_dollars=yes, no_dollars=no)


def trade_body(trade: PublicTrade) -> wire.TradeBody:
    """openapi Trade."""
    return wire.TradeBody(
        trade_id=trade.trade_id,
        ticker=trade.ticker,
        count_fp=trade.count.to_wire(),
        yes_price_dollars=trade.yes_price.to_wire(),
        no_price_dollars=trade.yes_price.complement().to_wire(),
        taker_side=outcome_word(trade.taker_side),
        taker_outcome_side=outcome_word(trade.taker_side),
        taker_book_side=trade.taker_side.value,
        created_time=rfc3339(trade.created_ms),
        is_block_trade=False,
    )


def candle_body(candle: HistoryCandle) -> wire.CandlestickBody:
    """openapi MarketCandlestick."""
    traded = candle.traded
    return wire.CandlestickBody(
        end_period_ts=candle.end_s,
        yes_bid=_bar(candle.bid),
        yes_ask=_bar(candle.ask),
        price=wire.TradedPricesBody(
            open_dollars=_maybe(traded.open if traded else None),
            low_dollars=_maybe(traded.low if traded else None),
            high_dollars=_maybe(traded.high if traded else None),
            close_dollars=_maybe(traded.close if traded else None),
            mean_dollars=_maybe(candle.mean),
            previous_dollars=_maybe(candle.previous),
        ),
        volume_fp=candle.volume.to_wire(),
        open_interest_fp=candle.open_interest.to_wire(),
    )


def _bar(bar: PriceBar) -> wire.BidAskBody:
    return wire.BidAskBody(
        open_dollars=bar.open.to_wire(),
        low_dollars=bar.low.to_wire(),
        high_dollars=bar.high.to_wire(),
        close_dollars=bar.close.to_wire(),
    )


def _maybe(price: Price | None) -> str | None:
    return None if price is None else price.to_wire()
