"""Search over every listed market as the person types: folded once, then matched by plain substrings."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.markets import Event, Market, Series

_DROPPED = str.maketrans("", "", ",$%°'’?")
_SPACED = str.maketrans(dict.fromkeys("-–·/().:;_", " "))


def fold(text: str) -> str:
    """``text`` without case and accents: ``Zürich`` is found by ``zurich``."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).casefold()


@dataclass(frozen=True, slots=True)
class _Entry:
    market: Market
    ticker: str
    names: str
    everything: str


@dataclass(frozen=True, slots=True)
class _EventEntry:
    event: Event
    category: str
    markets: tuple[_Entry, ...]


class SearchIndex:
    """Grows by the page; a search over some thousand markets takes a few milliseconds."""

    def __init__(self) -> None:
        self._events: list[_EventEntry] = []

    def add(self, event: Event, series: Series | None, category: str) -> None:
        """Make the markets of ``event`` findable."""
        about = f"{event.title} {event.sub_title}"
        tags = " ".join(series.tags) if series is not None else ""
        more = f"{event.ticker} {category} {tags} {series.title if series is not None else ''}"
        entries = tuple(_entry(market, about, _searchable(more)) for market in event.markets)
        self._events.append(_EventEntry(event, category, entries))

    def search(
        self, text: str, category: str | None, allowed: Callable[[str], bool] | None
    ) -> tuple[Event, ...]:
        """Events of ``category`` (None: any) with the allowed markets that hold every word of ``text``.

        Best first: a ticker that begins so, then words that begin so in the names, then any other place; the
        exchange's order decides between equals.
        """
        words = fold(text).split()
        found: list[tuple[int, int, Event]] = []
        for place, entry in enumerate(self._events):
            if category is not None and entry.category != category:
                continue
            rank, markets = _matches(entry.markets, words, allowed)
            if markets:
                event = entry.event
                whole = len(markets) == len(event.markets)
                found.append((rank, place, event if whole else replace(event, markets=markets)))
        if words:
            found.sort(key=lambda match: match[:2])
        return tuple(event for _, _, event in found)


def _matches(
    entries: tuple[_Entry, ...], words: list[str], allowed: Callable[[str], bool] | None
) -> tuple[int, tuple[Market, ...]]:
    best = 0
    markets: list[Market] = []
    for entry in entries:
        if allowed is not None and not allowed(entry.market.ticker):
            continue
        everything = entry.everything
        if all(word in everything for word in words):
            rank = _rank(entry, words)
            best = min(best, rank) if markets else rank
            markets.append(entry.market)
    return best, tuple(markets)


def _rank(entry: _Entry, words: list[str]) -> int:
    if words and entry.ticker.startswith(words[0]):
        return 0
    return 1 + sum(f" {word}" not in entry.names for word in words)


def _entry(market: Market, about: str, more: str) -> _Entry:
    own = " ".join((market.yes_sub_title, market.no_sub_title, market.title))
    names = _searchable(f"{own} {about}")
    ticker = fold(market.ticker)
    return _Entry(market, ticker, names, f"{names} {ticker}{more}")


def _searchable(text: str) -> str:
    """The folded text, and again with digits and words set free: ``$98,000`` is found by ``98000``."""
    folded = fold(text)
    freed = folded.translate(_DROPPED).translate(_SPACED)
    return f" {folded} {freed}" if freed != folded else f" {folded}"
