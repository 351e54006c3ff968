"""The finder's list as plain values: events with their markets below, folded or open. No Qt here."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.markets import Event, Market


@dataclass(frozen=True, slots=True)
class FinderQuery:
    """What the person is looking for."""

    text: str = ""
    category: str | None = None
    watchlist_only: bool = False


class RowKind(Enum):
    """The two kinds of row."""

    EVENT = auto()
    MARKET = auto()


@dataclass(frozen=True, slots=True)
class FinderRow:
    """One row: ``ticker`` is the event's or the market's, by ``kind``."""

    kind: RowKind
    ticker: str
    text: str
    tip: str = ""
    is_open: bool = True
    is_watched: bool = False


@dataclass(frozen=True, slots=True)
class RowWords:
    """How events and markets are named, and which are watched."""

    event_label: Callable[[Event], str]
    outcome_label: Callable[[str], str]
    is_watched: Callable[[str], bool]


class FinderRows:
    """The rows from top to bottom, made only when they are looked at.

    Building it costs a step for each event, however many markets they have: there are thousands, and the
    list is built anew at every letter typed.
    """

    def __init__(
        self,
        events: Sequence[Event] = (),
        folded: frozenset[str] = frozenset(),
        words: RowWords | None = None,
    ) -> None:
        """An event in ``folded`` shows without its markets. ``words`` are needed where there are events."""
        self._events = events
        self._folded = folded
        self._words = words
        self._starts: list[int] = []
        self._length = 0
        for event in events:
            self._starts.append(self._length)
            self._length += 1 + (0 if event.ticker in folded else len(event.markets))

    def __len__(self) -> int:
        return self._length

    def row(self, number: int) -> FinderRow | None:
        """The row of that number, None outside."""
        if self._words is None or not 0 <= number < self._length:
            return None
        place = bisect_right(self._starts, number) - 1
        event, within = self._events[place], number - self._starts[place]
        if within == 0:
            return _event_row(event, event.ticker not in self._folded, self._words)
        return _market_row(event.markets[within - 1], self._words)

    def first_market(self) -> int | None:
        """The number of the first row that is a market."""
        for event, start in zip(self._events, self._starts, strict=True):
            if event.markets and event.ticker not in self._folded:
                return start + 1
        return None

    def find(self, kind: RowKind, ticker: str) -> int | None:
        """The number of a row, None where it is not shown. Looks at every event: not for each quote."""
        for event, start in zip(self._events, self._starts, strict=True):
            if kind is RowKind.EVENT:
                if event.ticker == ticker:
                    return start
            elif event.ticker not in self._folded:
                for within, market in enumerate(event.markets):
                    if market.ticker == ticker:
                        return start + 1 + within
        return None


def _event_row(event: Event, is_open: bool, words: RowWords) -> FinderRow:
    count = f"{len(event.markets):,} market{'s' if len(event.markets) != 1 else ''}"
    tip = f"{event.title}\n{event.ticker} · {count}"
    return FinderRow(RowKind.EVENT, event.ticker, words.event_label(event), tip, is_open)


def _market_row(market: Market, words: RowWords) -> FinderRow:
    return FinderRow(
        RowKind.MARKET,
        market.ticker,
        words.outcome_label(market.ticker),
        f"{words.outcome_label(market.ticker)}\n{market.title}\n{market.ticker}",
        is_watched=words.is_watched(market.ticker),
    )


@dataclass(frozen=True, slots=True)
class FinderMessage:
    """What stands in place of the list, and what its button does (no text, no button)."""

    text: str
    button: str = ""


def nothing_found(query: FinderQuery) -> FinderMessage:
    """Why the list is empty and how to fill it again."""
    text = query.text.strip()
    if text:
        within = " on your watchlist" if query.watchlist_only else ""
        within += f" in {query.category}" if query.category else ""
        return FinderMessage(f"No market matches “{text[:60]}”{within}.", "Clear the search")
    if query.watchlist_only:
        within = f" in {query.category}" if query.category else ""
        return FinderMessage(
            f"Nothing on your watchlist{within}. The star before a market's name puts it there.",
            "Show all markets",
        )
    if query.category:
        return FinderMessage(f"No open market in {query.category}.", "Show all markets")
    return FinderMessage("The exchange lists no open market now.")
