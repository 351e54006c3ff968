"""The series, events and markets of the practice exchange, their times relative to the day it starts."""

from __future__ import annotations

from fractions import Fraction

from pitdesk.markets import FeeSchedule
from pitdesk.practice.listings import Catalogue, Grid, ListedEvent, ListedMarket, ListedSeries
from pitdesk.quantities import Price

_DAY_MS = 86_400_000


def build_catalogue(now_ms: int) -> Catalogue:
    """The catalogue as listed on the day of ``now_ms``."""
    series = ListedSeries(
        "KXFEDDECISION",
        "Fed decision",
        "Economics",
        "custom",
        FeeSchedule("quadratic", Fraction(1)),
        ("Fed",),
    )
    rows = (
        ("C25", "Cut 25 bp", 4_200, Grid.CENT),
        ("H0", "Hold", 5_300, Grid.CENT),
        ("C50", "Cut 50 bp", 330, Grid.TENTH_CENT),
    )
    event_ticker = "KXFEDDECISION-26DEC"
    markets = tuple(
        ListedMarket(
            f"{event_ticker}-{tail}",
            event_ticker,
            series.ticker,
            f"Will the Fed {words.lower()} in December 2026?",
            words,
            words,
            f"If the Federal Reserve's decision is {words}, the market resolves to Yes.",
            "",
            grid,
            now_ms - 40 * _DAY_MS,
            now_ms - 40 * _DAY_MS,
            now_ms + 18 * _DAY_MS,
            now_ms + 19 * _DAY_MS,
            Price(fair),
        )
        for tail, words, fair, grid in rows
    )
    return Catalogue(
        (ListedEvent(event_ticker, series, "Fed decision in December 2026?", "Dec 2026", True, markets),)
    )
