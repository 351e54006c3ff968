"""Series, events, markets, books, trades and candles (FACTS §14)."""

from __future__ import annotations

from decimal import Decimal

from pitdesk.kalshi.wire.base import Wire


class MveLegBody(Wire, frozen=True, kw_only=True):
    """openapi MveSelectedLeg: one leg of a combination market."""

    event_ticker: str | None = None
    market_ticker: str | None = None
    side: str | None = None


class SettlementSourceBody(Wire, frozen=True, kw_only=True):
    """openapi SettlementSource."""

    name: str | None = None
    url: str | None = None


class PriceRangeBody(Wire, frozen=True, kw_only=True):
    """openapi PriceRange."""

    start: str
    end: str
    step: str


class SeriesBody(Wire, frozen=True, kw_only=True):
    """openapi Series."""

    ticker: str
    frequency: str
    title: str
    category: str
    categories: tuple[str, ...]
    contract_url: str
    contract_terms_url: str
    fee_type: str
    fee_multiplier: Decimal
    tags: tuple[str, ...] | None = None
    settlement_sources: tuple[SettlementSourceBody, ...] | None = None
    product_metadata: dict[str, object] | None = None
    additional_prohibitions: tuple[str, ...] | None = None
    volume_fp: str | None = None
    last_updated_ts: str | None = None
    exchange_index: int | None = None


class MarketBody(Wire, frozen=True, kw_only=True):
    """openapi Market."""

    ticker: str
    event_ticker: str
    market_type: str
    yes_sub_title: str
    no_sub_title: str
    created_time: str
    updated_time: str
    open_time: str
    close_time: str
    latest_expiration_time: str
    settlement_timer_seconds: int
    status: str
    yes_bid_dollars: str
    yes_bid_size_fp: str
    yes_ask_dollars: str
    yes_ask_size_fp: str
    no_bid_dollars: str
    no_ask_dollars: str
    last_price_dollars: str
    volume_fp: str
    volume_24h_fp: str
    result: str
    can_close_early: bool
    open_interest_fp: str
    notional_value_dollars: str
    previous_yes_bid_dollars: str
    previous_yes_ask_dollars: str
    previous_price_dollars: str
    settlement_bounds_type: str
    expiration_value: str
    rules_primary: str
    rules_secondary: str
    price_level_structure: str
    price_ranges: tuple[PriceRangeBody, ...]
    title: str | None = None
    subtitle: str | None = None
    expected_expiration_time: str | None = None
    expiration_time: str | None = None
    settlement_value_dollars: str | None = None
    settlement_ts: str | None = None
    settlement_floor_dollars: str | None = None
    occurrence_datetime: str | None = None
    fee_waiver_expiration_time: str | None = None
    early_close_condition: str | None = None
    strike_type: str | None = None
    floor_strike: Decimal | None = None
    cap_strike: Decimal | None = None
    functional_strike: str | None = None
    custom_strike: dict[str, object] | None = None
    mve_collection_ticker: str | None = None
    mve_selected_legs: tuple[MveLegBody, ...] | None = None
    primary_participant_key: str | None = None
    is_provisional: bool | None = None
    exchange_index: int | None = None


class EventBody(Wire, frozen=True, kw_only=True):
    """openapi EventData."""

    event_ticker: str
    series_ticker: str
    sub_title: str
    title: str
    collateral_return_type: str
    mutually_exclusive: bool
    category: str | None = None
    strike_date: str | None = None
    strike_period: str | None = None
    markets: tuple[MarketBody, ...] | None = None
    product_metadata: dict[str, object] | None = None
    settlement_sources: tuple[SettlementSourceBody, ...] | None = None
    last_updated_ts: str | None = None
    fee_type_override: str | None = None
    fee_multiplier_override: Decimal | None = None
    exchange_index: int | None = None


class OrderBookBody(Wire, frozen=True, kw_only=True):
    """openapi OrderbookCountFp."""

    yes_dollars: tuple[tuple[str, ...], ...]
    no_dollars: tuple[tuple[str, ...], ...]


class TradeBody(Wire, frozen=True, kw_only=True):
    """openapi Trade."""

    trade_id: str
    ticker: str
    count_fp: str
    yes_price_dollars: str
    no_price_dollars: str
    taker_outcome_side: str
    taker_book_side: str
    created_time: str
    is_block_trade: bool
    taker_side: str | None = None


class BidAskBody(Wire, frozen=True, kw_only=True):
    """openapi BidAskDistribution."""

    open_dollars: str
    low_dollars: str
    high_dollars: str
    close_dollars: str


class TradedPricesBody(Wire, frozen=True, kw_only=True):
    """openapi PriceDistribution."""

    open_dollars: str | None = None
    low_dollars: str | None = None
    high_dollars: str | None = None
    close_dollars: str | None = None
    mean_dollars: str | None = None
    previous_dollars: str | None = None
    min_dollars: str | None = None
    max_dollars: str | None = None


class CandlestickBody(Wire, frozen=True, kw_only=True):
    """openapi MarketCandlestick."""

    end_period_ts: int
    yes_bid: BidAskBody
    yes_ask: BidAskBody
    price: TradedPricesBody
    volume_fp: str
    open_interest_fp: str


class SeriesAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetSeriesResponse."""

    series: SeriesBody


class SeriesListAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetSeriesListResponse."""

    series: tuple[SeriesBody, ...] | None


class EventsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetEventsResponse. ``cursor`` is empty on the last page."""

    events: tuple[EventBody, ...] | None
    cursor: str | None = None


class EventAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetEventResponse."""

    event: EventBody
    markets: tuple[MarketBody, ...] | None


class MarketsAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetMarketsResponse. ``cursor`` is empty on the last page."""

    markets: tuple[MarketBody, ...] | None
    cursor: str | None = None


class MarketAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetMarketResponse."""

    market: MarketBody


class OrderBookAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetMarketOrderbookResponse."""

    orderbook_fp: OrderBookBody


class TradesAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetTradesResponse."""

    trades: tuple[TradeBody, ...] | None
    cursor: str | None = None


class CandlesticksAnswer(Wire, frozen=True, kw_only=True):
    """openapi GetMarketCandlesticksResponse."""

    ticker: str
    candlesticks: tuple[CandlestickBody, ...] | None
