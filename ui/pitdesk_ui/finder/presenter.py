"""Keeps the finder true: searches as the person types, and passes on the quotes that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk_ui.finder.rows import FinderMessage, FinderQuery, FinderRows, RowWords, nothing_found

if TYPE_CHECKING:
    from pitdesk.desk.finder import Finder
    from pitdesk.desk.market_data import MarketData
    from pitdesk_ui.finder.panel import FinderPanel


class FinderPresenter:
    """Between the catalogue and one :class:`FinderPanel`."""

    def __init__(self, *, panel: FinderPanel, finder: Finder, market_data: MarketData) -> None:
        self._panel = panel
        self._finder = finder
        self._folded: frozenset[str] = frozenset()
        self._words = RowWords(finder.event_label, finder.outcome_label, finder.is_watched)
        panel.listing.rows.quote_of = market_data.quote
        panel.query_changed.connect(self._on_query)
        panel.fold_toggled.connect(self._on_fold)
        panel.watch_toggled.connect(self._on_watch)
        self._disconnects = [
            finder.changed.connect(lambda _: self._show(keep_place=True)),
            market_data.quotes_changed.connect(panel.tell_quotes),
        ]
        self._show(keep_place=False)

    def show_market(self, ticker: str) -> None:
        """Light up the market that the window shows."""
        self._panel.set_chosen(ticker)

    def show_stale(self, sentence: str) -> None:
        """Say that quotes are not live, and why; an empty sentence takes it back."""
        self._panel.show_stale(sentence)

    def close(self) -> None:
        """Look at nothing any more."""
        for disconnect in self._disconnects:
            disconnect()
        self._disconnects.clear()

    def _on_query(self, query: FinderQuery) -> None:
        self._show(keep_place=False)

    def _on_fold(self, event_ticker: str) -> None:
        self._folded = self._folded ^ {event_ticker}
        self._show(keep_place=True)

    def _on_watch(self, ticker: str) -> None:
        self._finder.toggle(ticker)

    def _show(self, keep_place: bool) -> None:
        query = self._panel.query
        self._panel.chips.show_categories(self._finder.categories())
        events = self._finder.search(query.text, query.category, query.watchlist_only)
        if events:
            folded = frozenset() if query.text.strip() else self._folded
            self._panel.show_rows(FinderRows(events, folded, self._words), keep_place)
        elif self._finder.is_loading:
            self._panel.show_message(FinderMessage("Loading the markets…"))
        else:
            self._panel.show_message(nothing_found(query))
