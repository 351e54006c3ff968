"""A market's legal prices as a row of steps, and where its makers quote around a belief."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache

from pitdesk.practice.listings import Grid, Liveliness
from pitdesk.practice.venue import legal_prices


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of market is quoted and traded. ``half_spread`` is in steps of the grid; ``every_s`` is how
    often the makers look; the rates are per second."""

    levels: int
    smallest: int
    largest: int
    half_spread: float
    every_s: float
    trades: float
    changes: float
    typical_trade: float


STYLES = {
    Liveliness.DENSE: Style(12, 240, 1_750, 0.55, 0.25, 0.30, 0.6, 45.0),
    Liveliness.STEADY: Style(8, 90, 900, 0.8, 0.5, 0.09, 0.2, 30.0),
    Liveliness.THIN: Style(4, 20, 220, 1.6, 3.0, 0.015, 0.04, 12.0),
    Liveliness.BARE: Style(1, 5, 60, 4.0, 20.0, 0.002, 0.0, 6.0),
}


@cache
def steps_of(grid: Grid) -> tuple[int, ...]:
    """Every legal price, rising."""
    return tuple(sorted(legal_prices(grid)))


def touch_around(steps: tuple[int, ...], fair: float, style: Style) -> tuple[int, int]:
    """Indices of the bid and the ask that makers show around a belief; the bid is always below the ask."""
    last = len(steps) - 1
    place = min(max(bisect_right(steps, fair) - 1, 0), last - 1)
    half = style.half_spread * (steps[place + 1] - steps[place])
    bid = min(max(bisect_right(steps, fair - half) - 1, 0), last - 1)
    ask = min(max(bisect_left(steps, fair + half), bid + 1), last)
    return bid, ask
