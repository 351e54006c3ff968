"""Which markets there are: events by category, instantaneous search, the watchlist, names and fees."""

from __future__ import annotations

from pitdesk.events import Listeners
from pitdesk.markets import Event, FeeSchedule, Market, Series


class Finder:
    """The catalogue of one environment, held in memory and searched without asking the exchange."""

    changed: Listeners[None]

    async def load(self) -> None:
        """Read all open events and the series list; ``changed`` after each page. Says so where it fails."""
        raise NotImplementedError

    @property
    def is_loading(self) -> bool:
        """True until the first listing is complete."""
        raise NotImplementedError

    def events(self) -> tuple[Event, ...]:
        """Every event with its markets, in the exchange's order."""
        raise NotImplementedError

    def categories(self) -> tuple[str, ...]:
        """The categories of the events, the fullest first."""
        raise NotImplementedError

    def event_of(self, ticker: str) -> Event | None:
        """The event of a market."""
        raise NotImplementedError

    def series_of(self, event: Event) -> Series | None:
        """The series of an event, None until the series list is read."""
        raise NotImplementedError

    def market(self, ticker: str) -> Market | None:
        """The market as it was listed."""
        raise NotImplementedError

    def search(self, text: str, category: str | None = None, watchlist_only: bool = False) -> tuple[Event, ...]:
        """Events whose markets match every word of ``text``, best first, each with only those markets."""
        raise NotImplementedError

    def event_label(self, event: Event) -> str:
        """``Fed decision · Dec 2026``."""
        raise NotImplementedError

    def outcome_label(self, ticker: str) -> str:
        """``Cut 25 bp``: the market within its event."""
        raise NotImplementedError

    def label(self, ticker: str) -> str:
        """``Fed decision · Cut 25 bp``; the ticker itself where the market is not known."""
        raise NotImplementedError

    def fees(self, ticker: str) -> FeeSchedule:
        """The schedule that the market charges by: the event's own where it has one, else the series'."""
        raise NotImplementedError

    def is_watched(self, ticker: str) -> bool:
        """Whether the market is on the watchlist."""
        raise NotImplementedError

    def toggle(self, ticker: str) -> bool:
        """Put on or take off the watchlist, kept at once; returns whether it is on now."""
        raise NotImplementedError
