"""Orders under the events of their markets: what the headings are called and what they add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.blotter.totals import Totals, heading_text
from pitdesk_ui.widgets.data_table_grouping import Grouping

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter_row import BlotterRow
    from pitdesk.desk.finder import Finder


class ByEvent:
    """Names each market's event once and keeps to it, as groups must, until :meth:`has_news`."""

    def __init__(self, finder: Finder, totals: Callable[[], Totals]) -> None:
        self._finder, self._totals = finder, totals
        self._events: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._markets: dict[str, list[str]] = {}

    def grouping(self) -> Grouping[BlotterRow]:
        """As the table takes it."""
        return Grouping(lambda row: self._event_of(row.ticker), self._title_of, self._text_of)

    def has_news(self) -> bool:
        """Read the listing again; true where it names an event otherwise than before: then give the table
        :meth:`grouping` again."""
        before = self._events, self._titles
        self._events, self._titles, self._markets = {}, {}, {}
        for ticker in before[0]:
            self._event_of(ticker)
        return (self._events, self._titles) != before

    def _event_of(self, ticker: str) -> str:
        event = self._events.get(ticker)
        if event is None:
            listed = self._finder.event_of(ticker)
            # A market's ticker goes on from its event's; the listing does not hold markets that are over.
            event = listed.ticker if listed is not None else ticker.rpartition("-")[0] or ticker
            self._events[ticker] = event
            if listed is not None:
                self._titles[event] = self._finder.event_label(listed)
            self._markets.setdefault(event, []).append(ticker)
        return event

    def _title_of(self, event: str) -> str:
        return self._titles.get(event, event)

    def _text_of(self, event: str, shown: int) -> str:
        sums = self._totals().within(self._markets.get(event, ()))
        return heading_text(self._title_of(event), sums, shown)
