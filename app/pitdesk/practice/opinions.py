"""What the simulated participants believe each market is worth, at any time, before and after the start.

A belief is a function of the seed and the time alone, around the listed fair price: a line that diffuses as
event markets do (small steps, larger ones the longer one waits), with calm stretches and busy ones, and now
and then a piece of news that moves it at once. So the history before the start, the market that lives, and
the market after a restart are one and the same line. Floats are beliefs here, never money.
"""

from __future__ import annotations

from hashlib import blake2b
from math import cos, exp, log, pi
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.practice.listings import Catalogue, ListedEvent

_MASK = (1 << 64) - 1
_HALF = float(1 << 63)
# Seconds a wave is long, and how far it can reach in log odds: twice as far for four times as long, as a
# random walk does, until the weeks, where what was listed pulls it back.
_WAVES = (
    (12.0, 0.004),
    (48.0, 0.008),
    (192.0, 0.013),
    (768.0, 0.022),
    (3_072.0, 0.045),
    (12_288.0, 0.10),
    (49_152.0, 0.24),
    (196_608.0, 0.32),
    (786_432.0, 0.34),
)
_STIRRED = 4  # the waves that calm and busy stretches make smaller and larger
_STRETCH_S = 5_400.0
_BUSIEST_UTC_HOUR = 19.0
_NEWS_EVERY_S = 18_000.0
_NEWS_KEPT = 12
_NEWS_LASTS_S = 120_000.0
_OVERDONE, _OVERDONE_S = 0.4, 200.0
_RUSH_S = 1_800.0


class Noise:
    """A smooth wandering line around zero, the same for the same key: waves from seconds to weeks long."""

    def __init__(self, key: str) -> None:
        root = key_of(key)
        self._keys = [scramble(root + number) for number in range(len(_WAVES) + 1)]
        # How many cells a second, height, and the cell last asked for with its two ends' heights.
        self._waves = [[1.0 / length, height, -1.0, 0.0, 0.0] for length, height in _WAVES]
        self._stretch = [1.0 / _STRETCH_S, 0.9, -1.0, 0.0, 0.0]

    def at(self, time_s: float) -> float:
        """The line's height."""
        total = 0.0
        for index in range(_STIRRED):
            total += self._height(index, self._waves[index], time_s)
        hour = time_s % 86_400.0 / 3_600.0
        stir = exp(self._height(len(_WAVES), self._stretch, time_s))
        total *= stir * (1.0 + 0.25 * cos((hour - _BUSIEST_UTC_HOUR) * pi / 12.0))
        for index in range(_STIRRED, len(_WAVES)):
            total += self._height(index, self._waves[index], time_s)
        return total

    def _height(self, index: int, wave: list[float], time_s: float) -> float:
        place = time_s * wave[0]
        part = place % 1.0
        cell = place - part
        if wave[2] != cell:
            key = self._keys[index]
            wave[2:] = cell, _unit(key, round(cell)) * wave[1], _unit(key, round(cell) + 1) * wave[1]
        return wave[3] + (wave[4] - wave[3]) * part * part * (3.0 - 2.0 * part)


class News:
    """Jumps, a few a day, most of them small: overdone at first, and forgotten after some days."""

    def __init__(self, key: str) -> None:
        self._key = key_of(f"{key}:news")
        self._cell = -1
        self._known: list[tuple[float, float]] = []

    def at(self, time_s: float) -> float:
        """How far all news until ``time_s`` has moved the belief, in log odds."""
        cell = int(time_s // _NEWS_EVERY_S)
        if cell != self._cell:
            self._cell = cell
            self._known = [self._piece(number) for number in range(cell - _NEWS_KEPT, cell + 1)]
        total = 0.0
        for came_s, size in self._known:
            age_s = time_s - came_s
            if age_s >= 0.0:
                total += size * (exp(-age_s / _NEWS_LASTS_S) + _OVERDONE * exp(-age_s / _OVERDONE_S))
        return total

    def _piece(self, cell: int) -> tuple[float, float]:
        draw = chance(self._key, cell * 3)
        size = 0.018 / (1.03 - draw) ** 0.75
        sign = 1.0 if chance(self._key, cell * 3 + 1) < 0.5 else -1.0
        return (cell + chance(self._key, cell * 3 + 2)) * _NEWS_EVERY_S, sign * size


def scramble(number: int) -> int:
    """A 64-bit number that has nothing to do with its neighbors'."""
    number = (number * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _MASK
    return number ^ (number >> 31)


def chance(key: int, number: int) -> float:
    """Between 0 and 1, the same for the same two numbers."""
    return (_unit(key, number) + 1.0) / 2.0


def key_of(text: str) -> int:
    """The number that stands for a text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def _unit(key: int, cell: int) -> float:
    return scramble(key + cell) / _HALF - 1.0


class _EventOpinion:
    """The beliefs about one event: shares of one dollar, or a row of thresholds that move together."""

    def __init__(self, event: ListedEvent, seed: int, restless: float) -> None:
        self._tickers = [market.ticker for market in event.markets]
        self._restless = event.restless * restless
        self._exclusive = event.mutually_exclusive and len(event.markets) > 1
        self._close_s = event.markets[0].close_ms / 1000
        shares = [market.fair.units / 10_000 for market in event.markets]
        self._bases = [log(share) if self._exclusive else _odds(share) for share in shares]
        keys = [f"{seed}:{key}" for key in (self._tickers if self._exclusive else [event.ticker])]
        self._lines = [(Noise(key), News(key)) for key in keys]
        self._told: list[tuple[float, int, float]] = []
        self._held: tuple[float, dict[str, float]] = (-1.0, {})

    def tell(self, ticker: str, worth: float, time_s: float) -> None:
        """From ``time_s`` on, one market is worth ``worth`` dollars, and the others follow."""
        now = self.at(time_s)[ticker]
        index = self._tickers.index(ticker) if self._exclusive else 0
        by = (_odds(worth) - _odds(now)) / self._sharpness(time_s)
        self._told.append((time_s, index, by))
        self._held = (-1.0, {})

    def at(self, time_s: float) -> dict[str, float]:
        """Every market's belief in dollars, between 0 and 1."""
        if self._held[0] != time_s:
            shifts = self._shifts(time_s)
            self._held = (
                time_s,
                self._shares(shifts, time_s) if self._exclusive else self._row(shifts, time_s),
            )
        return self._held[1]

    def _shifts(self, time_s: float) -> list[float]:
        shifts = [self._restless * (noise.at(time_s) + news.at(time_s)) for noise, news in self._lines]
        for told_s, index, by in self._told:
            if time_s >= told_s:
                shifts[index] += by
        return shifts

    def _sharpness(self, time_s: float) -> float:
        """In the last half hour it becomes clear what is true."""
        return 1.0 + 2.0 * min(max(1.0 - (self._close_s - time_s) / _RUSH_S, 0.0), 1.0)

    def _shares(self, shifts: list[float], time_s: float) -> dict[str, float]:
        sharp = self._sharpness(time_s)
        weights = [exp(sharp * (base + shift)) for base, shift in zip(self._bases, shifts, strict=True)]
        whole = sum(weights)
        return {ticker: weight / whole for ticker, weight in zip(self._tickers, weights, strict=True)}

    def _row(self, shifts: list[float], time_s: float) -> dict[str, float]:
        sharp, shift = self._sharpness(time_s), shifts[0]
        return {
            ticker: 1.0 / (1.0 + exp(-sharp * (base + shift)))
            for ticker, base in zip(self._tickers, self._bases, strict=True)
        }


class Opinions:
    """The beliefs about everything listed. ``time_s`` is Unix seconds of the participants' own clock."""

    def __init__(self, catalogue: Catalogue, seed: int, restless: float = 1.0) -> None:
        """``restless`` is how much everything moves; 1 is usual."""
        self._events = {event.ticker: _EventOpinion(event, seed, restless) for event in catalogue.events}
        self._event_of = {ticker: market.event_ticker for ticker, market in catalogue.markets.items()}

    def fair(self, ticker: str, time_s: float) -> float:
        """What one market is believed to be worth, in $0.0001 of Yes."""
        return self._events[self._event_of[ticker]].at(time_s)[ticker] * 10_000

    def tell(self, ticker: str, worth: float, time_s: float) -> None:
        """News: from ``time_s`` on a market is worth ``worth`` dollars, above 0 and below 1."""
        self._events[self._event_of[ticker]].tell(ticker, worth, time_s)


def _odds(share: float) -> float:
    return log(share / (1.0 - share))
