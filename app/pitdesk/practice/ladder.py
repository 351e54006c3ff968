"""A market's legal prices as a row of steps, and where its makers quote around a belief."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
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
    Liveliness.DENSE: Style(12, 240, 1_750, 0.3, 0.25, 0.30, 0.6, 45.0),
    Liveliness.STEADY: Style(8, 90, 900, 0.7, 0.5, 0.09, 0.2, 30.0),
    Liveliness.THIN: Style(4, 20, 220, 1.6, 3.0, 0.015, 0.04, 12.0),
    Liveliness.BARE: Style(1, 5, 60, 4.0, 20.0, 0.002, 0.0, 6.0),
}


@dataclass(frozen=True, slots=True)
class Mood:
    """What a scenario makes of every style: 1 is usual. ``restless`` is how much the beliefs move."""

    depth: float = 1.0
    trades: float = 1.0
    spread: float = 1.0
    restless: float = 1.0


USUAL = Mood()


def style_of(liveliness: Liveliness, mood: Mood = USUAL) -> Style:
    """How a market of that kind is quoted and traded in a mood."""
    style = STYLES[liveliness]
    if mood == USUAL:
        return style
    return replace(
        style,
        levels=max(round(style.levels * min(mood.depth, 1.0) ** 0.5), 1),
        smallest=max(round(style.smallest * mood.depth), 1),
        largest=max(round(style.largest * mood.depth), 2),
        half_spread=style.half_spread * mood.spread,
        trades=style.trades * mood.trades,
        changes=style.changes * mood.trades,
    )


@cache
def steps_of(grid: Grid) -> tuple[int, ...]:
    """Every legal price, rising."""
    return tuple(sorted(legal_prices(grid)))


def step_at(steps: tuple[int, ...], price: float) -> int:
    """How far apart the legal prices are around ``price``."""
    place = min(max(bisect_right(steps, price) - 1, 0), len(steps) - 2)
    return steps[place + 1] - steps[place]


def touch_around(steps: tuple[int, ...], fair: float, style: Style) -> tuple[int, int]:
    """Indices of the bid and the ask that makers show around a belief; the bid is always below the ask."""
    last = len(steps) - 1
    half = style.half_spread * step_at(steps, fair)
    bid = min(max(bisect_right(steps, fair - half) - 1, 0), last - 1)
    ask = min(max(bisect_left(steps, fair + half), bid + 1), last)
    return bid, ask
