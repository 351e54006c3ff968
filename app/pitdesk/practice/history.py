"""What happened before the exchange started, made up from the seed, and what happened since."""

from __future__ import annotations

from dataclasses import dataclass

from pitdesk.quantities import Count, Price


@dataclass(frozen=True, slots=True)
class PriceBar:
    """Open, high, low and close of one thing over one period."""

    open: Price
    high: Price
    low: Price
    close: Price


@dataclass(frozen=True, slots=True)
class HistoryCandle:
    """One candlestick (openapi MarketCandlestick). ``traded`` is None where nothing traded."""

    end_s: int
    bid: PriceBar
    ask: PriceBar
    traded: PriceBar | None
    mean: Price | None
    previous: Price | None
    volume: Count
    open_interest: Count
