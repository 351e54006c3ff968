"""More markets than anyone can look at, to try how a program bears them: plain, bare, twenty to an event."""

from __future__ import annotations

from fractions import Fraction

from pitdesk.markets import FeeSchedule
from pitdesk.practice.listings import Grid, ListedEvent, ListedMarket, ListedSeries, Liveliness
from pitdesk.quantities import Price

_AN_EVENT = 20
_DAY_MS = 86_400_000
_SERIES = ListedSeries(
    "KXMANY", "One of many", "Science", "custom", FeeSchedule("quadratic", Fraction(1)), ("Many",)
)


def crowd(count: int, now_ms: int) -> tuple[ListedEvent, ...]:
    """Events with ``count`` markets together, open for a month."""
    return tuple(
        _event(number, min(_AN_EVENT, count - number * _AN_EVENT), now_ms // _DAY_MS * _DAY_MS)
        for number in range(-(-count // _AN_EVENT))
    )


def _event(number: int, size: int, day_ms: int) -> ListedEvent:
    ticker = f"{_SERIES.ticker}-{number:04d}"
    markets = tuple(_market(ticker, number, place, day_ms) for place in range(size))
    return ListedEvent(ticker, _SERIES, f"Number {number} of many", "Many", False, markets)


def _market(event: str, number: int, place: int, day_ms: int) -> ListedMarket:
    question = f"Number {number} is above {place}"
    return ListedMarket(
        f"{event}-T{place:02d}",
        event,
        _SERIES.ticker,
        f"{question}?",
        f"Above {place}",
        f"Above {place}",
        f"This market resolves to Yes if the following is true: {question}.",
        "Practice market.",
        Grid.CENT,
        day_ms - _DAY_MS,
        day_ms - _DAY_MS,
        day_ms + 30 * _DAY_MS,
        day_ms + 31 * _DAY_MS,
        Price(9_400 - place * 400),
        Liveliness.BARE,
    )
