"""What happened before the exchange started, made up from the seed, and candles over it and what came since.

The line before the start is the participants' belief (``opinions``), sampled; it is the same after every
restart with the same seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from pitdesk.markets import PublicTrade
from pitdesk.orders import BookSide
from pitdesk.practice.bars import Bar, LiveBars, PriceBar, price_bar
from pitdesk.practice.ladder import USUAL, Mood, steps_of, style_of, touch_around
from pitdesk.practice.opinions import Opinions, chance, key_of, scramble
from pitdesk.quantities import Count, Price

if TYPE_CHECKING:
    from pitdesk.practice.listings import ListedMarket

__all__ = ["HistoryCandle", "MarketHistory", "PriceBar"]

_MEAN_OVER_TYPICAL = 1.65
# The crowd comes late: of today's trading, this part happened on a day before.
_CROWD = 0.08
_SAMPLE_S = {1: 60, 60: 1_800, 1440: 7_200}
_MINUTES_KEPT_S = 26 * 3_600
_WICKS_KEPT_S = 2 * 3_600
_TAPE_MINUTES = 7_200
_TAKES_ON_S = 2_400


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


class MarketHistory:
    """One market's past, and candles up to now."""

    def __init__(
        self,
        market: ListedMarket,
        opinions: Opinions,
        live: LiveBars,
        seed: int,
        start_s: int,
        mood: Mood = USUAL,
    ) -> None:
        self._market = market
        self._opinions = opinions
        self._live = live
        self._start_s = start_s
        self._style = style_of(market.liveliness, mood)
        self._steps = steps_of(market.grid)
        self._key = key_of(f"{seed}:{market.ticker}:tape")
        self._renown = 0.3 + chance(self._key, 0)
        self._known: dict[tuple[int, int], Bar] = {}
        self._tape: list[PublicTrade] = []
        self._tape_minute = start_s // 60 - 1

    def touch_at(self, time_s: float) -> tuple[int, int]:
        """Bid and ask at a time before the start."""
        bid, ask = touch_around(self._steps, self._opinions.fair(self._market.ticker, time_s), self._style)
        return self._steps[bid], self._steps[ask]

    def traded_at(self, time_s: int) -> tuple[int, bool]:
        """What a trade at a time before the start was done at, and whether the taker bought: mostly at the
        side that the belief is nearer to."""
        fair = self._opinions.fair(self._market.ticker, time_s)
        bid, ask = self.touch_at(time_s)
        lean = min(max((fair - (bid + ask) / 2) / (ask - bid) * 1.6, -0.47), 0.47)
        # Who takes goes on taking for a while, so that a line through trades is not all back and forth.
        draw = 0.75 * chance(self._key, time_s // _TAKES_ON_S) + 0.25 * chance(self._key + 1, time_s)
        buys = draw < 0.5 + lean
        return (ask if buys else bid), buys

    def usual_volume(self, minutes: int) -> int:
        """Hundredths of contracts that so many minutes of the past traded, about."""
        style = self._style
        per_minute = style.typical_trade * _MEAN_OVER_TYPICAL * style.trades * 60 * _CROWD * self._renown
        return int(per_minute * minutes) * 100

    def candles(self, start_s: int, end_s: int, period_minutes: int, now_s: int) -> list[HistoryCandle]:
        """Candles whose last second lies in ``start_s``…``end_s``, oldest first."""
        length = period_minutes * 60
        opened_s = self._market.open_ms // 1000
        first = max(-(-start_s // length), opened_s // length + 1) * length
        last = min(end_s, now_s + length - 1) // length * length
        found: list[HistoryCandle] = []
        previous: Price | None = None
        for end in range(first, last + 1, length):
            bar = self._bar(end - length, end, period_minutes, now_s)
            if bar is None:
                continue
            found.append(_candle(end, bar, previous, self._interest(end, now_s)))
            previous = Price(bar.traded[3]) if bar.traded else previous
        return found

    def _bar(self, start_s: int, end_s: int, period_minutes: int, now_s: int) -> Bar | None:
        if end_s <= self._start_s:
            known = self._known.get((period_minutes, end_s))
            if known is None:
                known = self._known[period_minutes, end_s] = self._sampled(start_s, end_s, period_minutes)
            return known
        bar = Bar()
        if start_s < self._start_s:
            bar = self._sampled(start_s, self._start_s, period_minutes)
        elif (before := self._live.last_before(self._market.ticker, start_s)) is not None and before.bid:
            bar.quote(before.bid[3], before.ask[3])
        self._live.gather(bar, self._market.ticker, max(start_s, self._start_s), min(end_s, now_s + 60))
        return bar if bar.bid else None

    def _sampled(self, start_s: int, end_s: int, period_minutes: int) -> Bar:
        bar = Bar()
        bar.volume = self._volume(start_s, end_s)
        step_s = _SAMPLE_S[period_minutes]
        if period_minutes == 1 and end_s > self._start_s - _WICKS_KEPT_S:
            step_s //= 3
        for time_s in (*range(start_s, end_s, step_s), end_s):
            bid, ask = self.touch_at(time_s)
            bar.quote(bid, ask)
            if bar.volume:
                bar.trade(self.traded_at(time_s)[0])
        return bar

    def _volume(self, start_s: int, end_s: int) -> int:
        """Hundredths of contracts traded; minute by minute for about a day back, in the whole before."""
        minutes = range(start_s // 60, end_s // 60)
        if end_s > self._start_s - _MINUTES_KEPT_S or len(minutes) == 1:
            return sum(map(self._minute_volume, minutes))
        part = 0.5 + chance(self._key, start_s)
        return self.usual_volume(round(len(minutes) * part)) // 100 * 100

    def _minute_volume(self, minute: int) -> int:
        """Hundredths of contracts traded in one minute of the past."""
        per_minute = self._style.trades * 60
        happens = 1.0 - exp(-per_minute)
        draw = chance(self._key, minute)
        if draw >= happens:
            return 0
        size = self._style.typical_trade * _MEAN_OVER_TYPICAL * max(per_minute * _CROWD, 0.5) * self._renown
        return int(1 + size * (0.3 + 1.4 * draw / happens)) * 100

    def _interest(self, end_s: int, now_s: int) -> int:
        opened_s = self._market.open_ms // 1000
        part = min(max(end_s - opened_s, 0) / max(now_s - opened_s, 1), 1.0)
        return int(self.usual_volume((now_s - opened_s) // 60) // 100 * part * 0.3) * 100

    def trades_before(self, limit: int) -> tuple[PublicTrade, ...]:
        """Up to ``limit`` trades from before the start, newest first."""
        oldest = max(self._start_s // 60 - _TAPE_MINUTES, self._market.open_ms // 60_000)
        while len(self._tape) < limit and self._tape_minute >= oldest:
            self._tape.extend(self._trades_of(self._tape_minute))
            self._tape_minute -= 1
        return tuple(self._tape[:limit])

    def _trades_of(self, minute: int) -> list[PublicTrade]:
        volume = self._minute_volume(minute) // 100
        parts = min(volume, 1 + int(chance(self._key + 1, minute) * 3))
        found = []
        for part in range(parts):
            time_s = minute * 60 + 59 - part * (60 // parts)
            count = volume // parts + (volume % parts if part == 0 else 0)
            price, buys = self.traded_at(time_s)
            number = f"{scramble(self._key + minute * 64 + part):016x}"
            found.append(
                PublicTrade(
                    f"{number[:8]}-{number[8:12]}-4{number[13:16]}-8000-{minute:012x}",
                    self._market.ticker,
                    Price(price),
                    Count.of(count),
                    BookSide.BID if buys else BookSide.ASK,
                    time_s * 1000,
                )
            )
        return found


def _candle(end_s: int, bar: Bar, previous: Price | None, interest: int) -> HistoryCandle:
    traded = bar.traded
    return HistoryCandle(
        end_s,
        price_bar(bar.bid),
        price_bar(bar.ask),
        price_bar(traded) if traded else None,
        Price(sum(traded) // 4) if traded else None,
        previous,
        Count(bar.volume),
        Count(interest),
    )
