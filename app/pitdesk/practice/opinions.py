"""What the simulated participants believe each market is worth, at any time, before and after the start.

A belief is a function of the seed and the time alone: a fractal noise over the listed fair price. So the
history before the start, the market that lives, and the market after a restart are one and the same line.
Floats are beliefs here, never money.
"""

from __future__ import annotations

from hashlib import blake2b
from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.practice.listings import Catalogue, ListedEvent

_MASK = (1 << 64) - 1
_HALF = float(1 << 63)
_SHORTEST_S, _LONGEST_S = 12.0, 1_200_000.0
_GROWTH = 1.25
_FINEST = 0.036


class Noise:
    """A smooth wandering line around zero, the same for the same key: waves from seconds to weeks long."""

    def __init__(self, key: str) -> None:
        root = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")
        self._waves: list[list[float]] = []
        self._keys: list[int] = []
        length, height, number = _SHORTEST_S, _FINEST, 0
        while length < _LONGEST_S:
            self._keys.append(scramble(root + number))
            # How many cells a second, height, and the cell last asked for with its two ends' heights.
            self._waves.append([1.0 / length, height, -1.0, 0.0, 0.0])
            length, height, number = length * 4, height * _GROWTH, number + 1

    def at(self, time_s: float) -> float:
        """The line's height."""
        total = 0.0
        for index, wave in enumerate(self._waves):
            place = time_s * wave[0]
            part = place % 1.0
            cell = place - part
            if wave[2] != cell:
                key = self._keys[index]
                wave[2:] = cell, _unit(key, round(cell)) * wave[1], _unit(key, round(cell) + 1) * wave[1]
            total += wave[3] + (wave[4] - wave[3]) * part * part * (3.0 - 2.0 * part)
        return total


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

    def __init__(self, event: ListedEvent, seed: int) -> None:
        self._tickers = [market.ticker for market in event.markets]
        self._restless = event.restless
        self._exclusive = event.mutually_exclusive and len(event.markets) > 1
        shares = [market.fair.units / 10_000 for market in event.markets]
        self._bases = [log(share) if self._exclusive else log(share / (1 - share)) for share in shares]
        keys = self._tickers if self._exclusive else [event.ticker]
        self._noises = [Noise(f"{seed}:{key}") for key in keys]
        self._held: tuple[float, dict[str, float]] = (-1.0, {})

    def at(self, time_s: float) -> dict[str, float]:
        """Every market's belief in dollars, between 0 and 1."""
        if self._held[0] != time_s:
            self._held = (time_s, self._shares(time_s) if self._exclusive else self._thresholds(time_s))
        return self._held[1]

    def _shares(self, time_s: float) -> dict[str, float]:
        weights = [
            exp(base + self._restless * noise.at(time_s))
            for base, noise in zip(self._bases, self._noises, strict=True)
        ]
        whole = sum(weights)
        return {ticker: weight / whole for ticker, weight in zip(self._tickers, weights, strict=True)}

    def _thresholds(self, time_s: float) -> dict[str, float]:
        shift = self._restless * self._noises[0].at(time_s)
        return {
            ticker: 1.0 / (1.0 + exp(-base - shift))
            for ticker, base in zip(self._tickers, self._bases, strict=True)
        }


class Opinions:
    """The beliefs about everything listed. ``time_s`` is Unix seconds of the participants' own clock."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self._events = {event.ticker: _EventOpinion(event, seed) for event in catalogue.events}
        self._event_of = {ticker: market.event_ticker for ticker, market in catalogue.markets.items()}

    def fair(self, ticker: str, time_s: float) -> float:
        """What one market is believed to be worth, in $0.0001 of Yes."""
        return self._events[self._event_of[ticker]].at(time_s)[ticker] * 10_000
