"""Series, events and markets as the desk knows them, with their books, quotes, trades and candles.

All prices are of Yes unless a name says otherwise; a No price is one dollar less it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.orders import BookSide
from pitdesk.quantities import COUNT_ZERO, Count, Dollars, Price, PriceRanges

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction


class MarketStatus(Enum):
    """The exchange's word for where a market is in its life (FACTS §14). A word not known here reads as
    UNKNOWN."""

    INITIALIZED = "initialized"
    INACTIVE = "inactive"
    ACTIVE = "active"
    CLOSED = "closed"
    DETERMINED = "determined"
    DISPUTED = "disputed"
    AMENDED = "amended"
    FINALIZED = "finalized"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> MarketStatus:
        return cls.UNKNOWN

    @property
    def takes_orders(self) -> bool:
        """True only while new orders are accepted."""
        return self is MarketStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """How a series or an event charges: the wire's ``fee_type`` word and its multiplier (FACTS §13)."""

    fee_type: str
    multiplier: Fraction


@dataclass(frozen=True, slots=True)
class Series:
    """The first of the three levels: what recurs."""

    ticker: str
    title: str
    category: str
    fees: FeeSchedule
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """The touch of one market. A side is None where nobody quotes it (bid 0 and ask 1 are not prices)."""

    bid: Price | None = None
    ask: Price | None = None
    bid_count: Count = COUNT_ZERO
    ask_count: Count = COUNT_ZERO
    last: Price | None = None
    volume: Count = COUNT_ZERO


@dataclass(frozen=True, slots=True)
class Market:
    """One Yes/No question. Times are Unix milliseconds."""

    ticker: str
    event_ticker: str
    title: str
    yes_sub_title: str
    no_sub_title: str
    status: MarketStatus
    price_ranges: PriceRanges
    open_ms: int
    close_ms: int
    quote: Quote
    rules_primary: str = ""
    rules_secondary: str = ""
    result: str = ""
    exchange_index: int = 0
    status_word: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """The second level: markets that belong together."""

    ticker: str
    series_ticker: str
    title: str
    sub_title: str
    category: str
    mutually_exclusive: bool
    markets: tuple[Market, ...] = ()
    fee_override: FeeSchedule | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """Contracts resting at one price."""

    price: Price
    count: Count


@dataclass(frozen=True, slots=True)
class Book:
    """The Yes book of one market: contracts by Yes price. Immutable; a change makes a new one."""

    ticker: str
    bids: Mapping[Price, Count]
    asks: Mapping[Price, Count]

    @property
    def best_bid(self) -> Level | None:
        """The highest bid."""
        price = max(self.bids, default=None)
        return Level(price, self.bids[price]) if price is not None else None

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask."""
        price = min(self.asks, default=None)
        return Level(price, self.asks[price]) if price is not None else None

    def side(self, side: BookSide) -> Mapping[Price, Count]:
        """The levels of one side."""
        return self.bids if side is BookSide.BID else self.asks

    def count_at(self, side: BookSide, price: Price) -> Count:
        """Contracts resting at ``price`` on ``side``: what a new order there queues behind."""
        return self.side(side).get(price, COUNT_ZERO)

    def ahead_of(self, side: BookSide, price: Price) -> Count:
        """Contracts at ``price`` and better on ``side``: what trades before a new order there."""
        sign = 1 if side is BookSide.BID else -1
        return Count(
            sum(
                count.units
                for level, count in self.side(side).items()
                if sign * (level.units - price.units) >= 0
            )
        )

    def levels_against(self, side: BookSide, limit: Price) -> tuple[Level, ...]:
        """What an order of ``side`` with ``limit`` could take now, best first."""
        against = self.side(side.opposite)
        if side is BookSide.BID:
            return tuple(Level(price, against[price]) for price in sorted(against) if price <= limit)
        return tuple(
            Level(price, against[price]) for price in sorted(against, reverse=True) if price >= limit
        )


@dataclass(frozen=True, slots=True)
class PublicTrade:
    """One trade anybody made. ``taker_side`` is the side of the Yes book that crossed."""

    trade_id: str
    ticker: str
    yes_price: Price
    count: Count
    taker_side: BookSide
    created_ms: int


@dataclass(frozen=True, slots=True)
class Candle:
    """One period of a market's history, prices of Yes. The traded prices are None where nothing traded."""

    end_s: int
    open: Price | None
    high: Price | None
    low: Price | None
    close: Price | None
    bid_close: Price | None
    ask_close: Price | None
    volume: Count


@dataclass(frozen=True, slots=True)
class Position:
    """What is held in one market: ``count`` above zero is Yes, below zero is No."""

    ticker: str
    count: Count
    exposure: Dollars
    realized: Dollars
    fees: Dollars
    total_traded: Dollars

    @property
    def average_price(self) -> Price | None:
        """Exposure per contract of the outcome held, to the nearest $0.0001; None when flat."""
        held = abs(self.count).units
        return Price((self.exposure.units + held // 2) // held) if held else None


@dataclass(frozen=True, slots=True)
class Settlement:
    """A position that a market's end paid out, above zero Yes; ``cost`` is what it had cost."""

    ticker: str
    count: Count
    cost: Dollars
    revenue: Dollars
    settled_ms: int
