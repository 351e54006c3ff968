"""What the practice exchange says of orders, fills, trades, positions and quotes: immutable records.

A record is a snapshot; the engine's own state stays inside. Prices are of Yes, times are Unix milliseconds
unless a name ends in ``_s``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from pitdesk.markets import Book, Candle, FeeSchedule, MarketStatus, PublicTrade
from pitdesk.orders import BookSide, OrderStatus, SelfTradePrevention, TimeInForce
from pitdesk.practice.listings import ListedMarket
from pitdesk.quantities import Count, Dollars, Price

__all__ = [
    "Balance",
    "Book",
    "BookSide",
    "Candle",
    "ExchangeState",
    "FeeChange",
    "FillRecord",
    "MarketRecord",
    "NewOrder",
    "OrderRecord",
    "Page",
    "Placement",
    "PositionRecord",
    "PublicTrade",
    "QuoteRecord",
]

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order (openapi Order). Fill costs are Yes price times contracts on either side, so that cost
    divided by contracts is the average Yes price (FACTS §8). ``fee_overpaid`` is the rounding its next fills
    still owe back; it is never on the wire. ``asked_no``: the classic calls named the No outcome."""

    seq: int
    order_id: str
    user_id: str
    client_order_id: str
    ticker: str
    exchange_index: int
    side: BookSide
    yes_price: Price
    initial_count: Count
    fill_count: Count
    remaining_count: Count
    status: OrderStatus
    taker_fill_cost: Dollars
    maker_fill_cost: Dollars
    taker_fees: Dollars
    maker_fees: Dollars
    time_in_force: TimeInForce
    self_trade_prevention: SelfTradePrevention
    created_ms: int
    updated_ms: int
    expiration_s: int | None
    order_group_id: str | None
    cancel_order_on_pause: bool
    post_only: bool
    reduce_only: bool
    subaccount: int
    last_update_reason: str | None
    fee_overpaid: Dollars
    asked_no: bool = False


@dataclass(frozen=True, slots=True)
class FeeChange:
    """One change, done or to come (openapi EventFeeChange). ``override`` None clears."""

    change_id: str
    seq: int
    event_ticker: str
    override: FeeSchedule | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class FillRecord:
    """One execution of one account's order (openapi Fill). ``post_position`` is the net after it."""

    seq: int
    trade_id: str
    order_id: str
    client_order_id: str
    user_id: str
    ticker: str
    exchange_index: int
    side: BookSide
    yes_price: Price
    count: Count
    is_taker: bool
    fee: Dollars
    post_position: Count
    created_ms: int
    subaccount: int


@dataclass(frozen=True, slots=True)
class PositionRecord:
    """What an account holds in one market (openapi MarketPosition): above zero Yes, below zero No.

    ``exposure`` is what the open contracts cost, ``total_traded`` what was ever spent, ``volume`` the
    contracts ever traded.
    """

    user_id: str
    ticker: str
    exchange_index: int
    count: Count
    exposure: Dollars
    realized: Dollars
    fees: Dollars
    open_fees: Dollars
    total_traded: Dollars
    volume: Count
    updated_ms: int
    subaccount: int


@dataclass(frozen=True, slots=True)
class QuoteRecord:
    """The touch and totals of one market (asyncapi tickerPayload). None where a side is empty or nothing
    traded yet. ``dollar_*`` are whole dollars."""

    ticker: str
    bid: Price | None
    ask: Price | None
    bid_count: Count
    ask_count: Count
    last: Price | None
    last_count: Count
    volume: Count
    volume_24h: Count
    open_interest: Count
    dollar_volume: int
    dollar_open_interest: int
    ts_ms: int


@dataclass(frozen=True, slots=True)
class MarketRecord:
    """One market now: what is listed, where it is in its life, and its quote.

    ``previous_*`` are of a day ago. ``result`` is ``yes``, ``no``, ``scalar`` or empty; ``value`` is what a
    Yes contract pays once that is known.
    """

    listed: ListedMarket
    status: MarketStatus
    close_ms: int
    result: str
    settled_ms: int | None
    quote: QuoteRecord
    previous_bid: Price | None
    previous_ask: Price | None
    previous_price: Price | None
    value: Price | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """Available cash (what resting orders hold back is gone from it) and what the positions are worth at the
    last prices (openapi GetBalanceResponse)."""

    cash: Dollars
    reserved: Dollars
    portfolio_value: Dollars
    updated_ms: int


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """openapi ExchangeStatus."""

    exchange_active: bool = True
    trading_active: bool = True
    resume_ms: int | None = None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """A create request whose words are understood. ``asked_no``: the classic calls named the No outcome."""

    ticker: str
    side: BookSide
    price: Price
    count: Count
    time_in_force: TimeInForce = TimeInForce.GOOD_TILL_CANCELED
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.TAKER_AT_CROSS
    client_order_id: str = ""
    expiration_s: int | None = None
    post_only: bool = False
    reduce_only: bool = False
    cancel_order_on_pause: bool = False
    order_group_id: str | None = None
    subaccount: int = 0
    exchange_index: int | None = None
    asked_no: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """What became of a new or amended order at once. The averages are exact, None where nothing filled."""

    order_id: str
    client_order_id: str
    fill_count: Count
    remaining_count: Count
    average_fill_price: Fraction | None
    average_fee: Fraction | None
    ts_ms: int


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list, newest first. ``after`` continues it; None at the end."""

    items: tuple[Item, ...]
    after: int | None
