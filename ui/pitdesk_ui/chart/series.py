"""A market's price history as the chart needs it: points, ranges, ticks and words. No Qt here.

Prices stay whole units of $0.0001 up to the pixel; only pixels are binary floats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.quantities import COUNT_ZERO, Count, Price

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pitdesk.markets import Candle, PublicTrade


class Span(Enum):
    """How far back the chart looks, with the period of its candles."""

    HOUR = ("1H", 1, 1, "the last hour")
    DAY = ("1D", 1, 24, "the last day")
    WEEK = ("1W", 60, 168, "the last week")

    def __init__(self, text: str, period_minutes: int, hours: int, words: str) -> None:
        self.text = text
        self.period_minutes = period_minutes
        self.hours = hours
        self.words = words

    @property
    def period_s(self) -> int:
        """Seconds in one candle."""
        return self.period_minutes * 60


class Drawing(Enum):
    """How prices are drawn."""

    LINE = "Line"
    CANDLES = "Candles"


@dataclass(frozen=True, slots=True)
class Bar:
    """One candle in which something is known: prices in units of $0.0001 of Yes, the end in Unix seconds."""

    end_s: int
    open: int
    high: int
    low: int
    close: int
    volume: Count = COUNT_ZERO

    @property
    def rose(self) -> bool:
        """Whether it closed where it opened or above."""
        return self.close >= self.open


def bars_of(candles: Iterable[Candle]) -> tuple[Bar, ...]:
    """Candles as bars, oldest first. A period without a trade keeps the close before it; before the first
    trade there is nothing to draw."""
    bars: list[Bar] = []
    for candle in sorted(candles, key=lambda candle: candle.end_s):
        if candle.close is not None:
            opened = candle.open or candle.close
            high = max(candle.high or candle.close, opened, candle.close)
            low = min(candle.low or candle.close, opened, candle.close)
            bars.append(
                Bar(candle.end_s, opened.units, high.units, low.units, candle.close.units, candle.volume)
            )
        elif bars:
            level = bars[-1].close
            bars.append(Bar(candle.end_s, level, level, level, level))
    return tuple(bars)


def fold_trade(bars: Sequence[Bar], trade: PublicTrade, period_s: int) -> tuple[Bar, ...]:
    """The bars with one newer trade counted in; a trade older than the last bar changes nothing."""
    end_s = -(-trade.created_ms // (period_s * 1_000)) * period_s
    price = trade.yes_price.units
    if bars and end_s < bars[-1].end_s:
        return tuple(bars)
    if bars and end_s == bars[-1].end_s:
        last = bars[-1]
        grown = replace(
            last,
            high=max(last.high, price),
            low=min(last.low, price),
            close=price,
            volume=last.volume + trade.count,
        )
        return (*bars[:-1], grown)
    return (*bars, Bar(end_s, price, price, price, price, trade.count))


def carried_to(bars: Sequence[Bar], now_s: int, span: Span) -> tuple[Bar, ...]:
    """The bars up to the present: flat where nothing has traded since, without those before the range."""
    if not bars:
        return ()
    carried, last = list(bars), bars[-1]
    period = span.period_s
    for end_s in range(last.end_s + period, -(-now_s // period) * period + 1, period):
        carried.append(Bar(end_s, last.close, last.close, last.close, last.close))
    oldest = now_s - span.hours * 3_600
    return tuple(bar for bar in carried if bar.end_s >= oldest)


def merge_bars(bars: Sequence[Bar], most: int) -> tuple[Bar, ...]:
    """No more than ``most`` bars: neighbors joined, so that candles never are too thin to be seen."""
    if len(bars) <= most or most < 1:
        return tuple(bars)
    size = -(-len(bars) // most)
    first = len(bars) % size
    starts = ([0] if first else []) + list(range(first, len(bars), size))
    ends = [*starts[1:], len(bars)]
    return tuple(_joined(bars[start:end]) for start, end in zip(starts, ends, strict=True))


def _joined(group: Sequence[Bar]) -> Bar:
    return Bar(
        end_s=group[-1].end_s,
        open=group[0].open,
        high=max(bar.high for bar in group),
        low=min(bar.low for bar in group),
        close=group[-1].close,
        volume=Count(sum(bar.volume.units for bar in group)),
    )


_PRICE_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_TIME_STEPS = (
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 7, 14, 28)),
)


def price_window(bars: Sequence[Bar], drawing: Drawing, last: Price | None) -> tuple[int, int]:
    """The lowest and highest price unit on the axis: all that is drawn with some air, within 0 and $1."""
    candles = drawing is Drawing.CANDLES
    lows = [bar.low if candles else bar.close for bar in bars]
    highs = [bar.high if candles else bar.close for bar in bars]
    if last is not None:
        lows.append(last.units)
        highs.append(last.units)
    low, high = min(lows, default=0), max(highs, default=10_000)
    air = max((high - low) * 8 // 100, 30 if high < 1_000 or low > 9_000 else 80)
    return max(low - air, 0), min(high + air, 10_000)


def price_ticks(low: int, high: int, most: int) -> list[int]:
    """At most ``most`` round prices between ``low`` and ``high``."""
    step = next((step for step in _PRICE_STEPS if (high - low) // step < max(most, 2)), _PRICE_STEPS[-1])
    return list(range(-(-low // step) * step, high + 1, step))


def tick_text(units: int, step: int) -> str:
    """A price on the axis in cents, with the decimals its neighbors need."""
    if step % 100 == 0:
        return str(units // 100)
    decimals = 1 if step % 10 == 0 else 2
    return f"{units // 100}.{units % 100:02d}"[: len(str(units // 100)) + 1 + decimals]


def time_ticks(start_s: int, end_s: int, most: int, zone: tzinfo) -> list[tuple[int, str]]:
    """At most ``most`` round moments of ``zone`` between two Unix seconds, with their labels."""
    span = max(end_s - start_s, 1)
    step = next((step for step in _TIME_STEPS if span // step < max(most, 1)), _TIME_STEPS[-1])
    start = datetime.fromtimestamp(start_s, UTC).astimezone(zone)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if step >= 7 * _DAY:
        midnight -= timedelta(days=midnight.weekday())
    moment = int(midnight.timestamp())
    moment += -(-(start_s - moment) // step) * step
    found = []
    while moment <= end_s:
        found.append((moment, _moment_text(datetime.fromtimestamp(moment, UTC).astimezone(zone), step)))
        moment += step
    return found


def _moment_text(moment: datetime, step: int) -> str:
    if step >= _DAY or (moment.hour == 0 and moment.minute == 0):
        return f"{moment:%b} {moment.day}"
    return f"{moment:%H:%M}"


def readout(bar: Bar, drawing: Drawing, zone: tzinfo) -> str:
    """What the crosshair says of one bar."""
    moment = datetime.fromtimestamp(bar.end_s, UTC).astimezone(zone)
    when = f"{moment:%b} {moment.day}, {moment:%H:%M}"
    if drawing is Drawing.LINE:
        return f"{when}   {Price(bar.close)}"
    parts = zip("OHLC", (bar.open, bar.high, bar.low, bar.close), strict=True)
    prices = "  ".join(f"{letter} {Price(units)}" for letter, units in parts)
    return f"{when}   {prices}   vol {bar.volume}"
