"""One listing of the exchange's events, by ticker, by category and by words. It only grows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pitdesk.desk.labels import short_title
from pitdesk.desk.market_search import SearchIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pitdesk.markets import Event, Market, Series


class Catalogue:
    """Filled page by page, so that no step takes long."""

    def __init__(self, series: Mapping[str, Series]) -> None:
        self.series = series
        self.events: list[Event] = []
        self.index = SearchIndex()
        self.event_by_market: dict[str, Event] = {}
        self.market_by_ticker: dict[str, Market] = {}
        self.titles: Counter[str] = Counter()
        self._by_category: Counter[str] = Counter()
        self._tickers: set[str] = set()

    def add(self, events: Iterable[Event]) -> None:
        """Take in a page. An event listed a second time, as the pages moved, is left out."""
        for event in events:
            if event.ticker in self._tickers:
                continue
            self._tickers.add(event.ticker)
            self.events.append(event)
            category = self.category_of(event)
            self._by_category[category] += 1
            self.titles[short_title(event)] += 1
            self.index.add(event, self.series.get(event.series_ticker), category)
            for market in event.markets:
                self.event_by_market[market.ticker] = event
                self.market_by_ticker[market.ticker] = market

    def remember(self, before: Catalogue) -> None:
        """Keep the names of markets that are no longer listed: they may be held, or have been traded."""
        for ticker, market in before.market_by_ticker.items():
            if ticker not in self.market_by_ticker:
                self.market_by_ticker[ticker] = market
                self.event_by_market[ticker] = before.event_by_market[ticker]

    def category_of(self, event: Event) -> str:
        """The event's own category, else its series'; empty where neither says one."""
        if event.category:
            return event.category
        series = self.series.get(event.series_ticker)
        return series.category if series is not None else ""

    def categories(self) -> tuple[str, ...]:
        """The fullest first."""
        return tuple(category for category, _ in self._by_category.most_common() if category)
