"""Finds the market that a person names as the screen does: ``Fed decision · Cut 25 bp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.desk.finder import Finder

_MOST_EVENTS = 20
_MOST_REMEMBERED = 5_000


class MarketNames:
    """Remembers what it found until the listing changes. A name that two markets share finds none."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._found: dict[str, str | None] = {}
        self.close = finder.changed.connect(lambda _: self._found.clear())

    def ticker_of(self, text: str) -> str | None:
        """The one market of this name, None where there is none or more than one."""
        name = " ".join(text.split()).casefold()
        if name not in self._found:
            if len(self._found) >= _MOST_REMEMBERED:
                self._found.clear()
            self._found[name] = self._look(name)
        return self._found[name]

    def _look(self, name: str) -> str | None:
        words = name.replace("·", " ")
        tickers = {
            market.ticker
            for event in self._finder.search(words)[:_MOST_EVENTS]
            for market in event.markets
            if self._finder.label(market.ticker).casefold() == name
        }
        return tickers.pop() if len(tickers) == 1 else None
