"""Candles carried forward by the trades that happen after the exchange's last answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.markets import Candle, PublicTrade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def period_end_s(at_ms: int, period_minutes: int) -> int:
    """The end of the period that holds an instant, seconds; a trade on the boundary opens the next period."""
    length = period_minutes * 60
    return (at_ms // 1000 // length + 1) * length


def extended(
    candles: Sequence[Candle], trades: Iterable[PublicTrade], period_minutes: int
) -> tuple[Candle, ...]:
    """``candles`` (oldest first) with ``trades`` (oldest first) put into the last periods.

    A trade of a period before the last candle's is left out: the exchange's own figure holds it already.
    """
    held = list(candles)
    for trade in trades:
        end = period_end_s(trade.created_ms, period_minutes)
        if not held or end > held[-1].end_s:
            held.append(_opened(trade, end, held[-1] if held else None))
        elif end == held[-1].end_s:
            held[-1] = _traded(held[-1], trade)
    return tuple(held)


def _opened(trade: PublicTrade, end_s: int, before: Candle | None) -> Candle:
    price = trade.yes_price
    bid = before.bid_close if before is not None else None
    ask = before.ask_close if before is not None else None
    return Candle(end_s, price, price, price, price, bid, ask, trade.count)


def _traded(candle: Candle, trade: PublicTrade) -> Candle:
    price = trade.yes_price
    return replace(
        candle,
        open=price if candle.open is None else candle.open,
        high=price if candle.high is None else max(candle.high, price),
        low=price if candle.low is None else min(candle.low, price),
        close=price,
        volume=candle.volume + trade.count,
    )
