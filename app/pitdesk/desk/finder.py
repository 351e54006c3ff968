"""Which markets there are: events by category, instantaneous search, the watchlist, names and fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.catalogue import Catalogue
from pitdesk.desk.labels import event_label, outcome_label, short_title
from pitdesk.events import Listeners
from pitdesk.fees import STANDARD_FEES
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.notices import Notice, Notices, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pitdesk.kalshi.rest import Rest
    from pitdesk.markets import Event, FeeSchedule, Market, Series
    from pitdesk.settings import Settings

_MOST_PAGES = 200
_NOTICE, _SERIES_NOTICE = "finder", "series"


class Finder:
    """The catalogue of one environment, held in memory and searched without asking the exchange."""

    def __init__(self, rest: Rest, settings: Settings, notices: Notices, environment: str) -> None:
        """``environment`` names the watchlist that is kept."""
        self.changed: Listeners[None] = Listeners()
        self.listed: Listeners[tuple[Event, ...]] = Listeners()
        """Told each page as the exchange gave it, before ``changed``."""
        self._rest = rest
        self._settings = settings
        self._notices = notices
        self._environment = environment
        self._watched = frozenset(settings.watchlist(environment))
        self._complete = False
        self._held = Catalogue({})
        self._events: tuple[Event, ...] = ()

    async def load(self) -> bool:
        """Read the series and all open events; the first time ``changed`` is told after every page.

        False, with a notice, where the exchange did not answer; what was held before is kept.
        """
        catalogue = Catalogue(await self._read_series())
        if not self._complete:
            self._held = catalogue
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = await self._rest.events_page(cursor)
            if not isinstance(page, Accepted):
                return self._failed(page.sentence)
            events, cursor = page.value
            catalogue.add(events)
            self.listed.emit(events)
            if not cursor:
                break
            if not self._complete:
                self._tell()
        catalogue.remember(self._held)
        self._held = catalogue
        self._complete = True
        self._notices.clear(_NOTICE)
        self._tell()
        return True

    @property
    def is_loading(self) -> bool:
        """True until the first listing is complete."""
        return not self._complete

    def events(self) -> tuple[Event, ...]:
        """Every event with its markets, in the exchange's order."""
        return self._events

    def categories(self) -> tuple[str, ...]:
        """The categories of the events, the fullest first."""
        return self._held.categories()

    def event_of(self, ticker: str) -> Event | None:
        """The event of a market."""
        return self._held.event_by_market.get(ticker)

    def series_of(self, event: Event) -> Series | None:
        """The series of an event, None until the series list is read."""
        return self._held.series.get(event.series_ticker)

    def market(self, ticker: str) -> Market | None:
        """The market as it was last listed; its state of this moment is the market data's to say."""
        return self._held.market_by_ticker.get(ticker)

    def search(
        self, text: str, category: str | None = None, watchlist_only: bool = False
    ) -> tuple[Event, ...]:
        """Events whose markets match every word of ``text``, best first, each with only those markets.

        Case and accents do not count; tickers, titles and outcome names are searched.
        """
        return self._held.index.search(text, category, self.is_watched if watchlist_only else None)

    def event_label(self, event: Event) -> str:
        """``Fed decision · Dec 2026``."""
        return event_label(event)

    def outcome_label(self, ticker: str) -> str:
        """``Cut 25 bp``: the market within its event; the ticker where it is not known."""
        market = self.market(ticker)
        return outcome_label(market) if market is not None else ticker

    def label(self, ticker: str) -> str:
        """``Fed decision · Cut 25 bp``; the ticker itself where the market is not known.

        Where two events share a short title, the event's date stands between.
        """
        event, market = self.event_of(ticker), self.market(ticker)
        if event is None or market is None:
            return ticker
        title = short_title(event)
        first = event_label(event) if self._held.titles[title] > 1 else title
        return f"{first} · {outcome_label(market)}"

    def fees(self, ticker: str) -> FeeSchedule:
        """The schedule that the market charges by: the event's own where it has one, else the series'
        (FACTS §13); the standard one until either is known."""
        event = self.event_of(ticker)
        if event is None:
            return STANDARD_FEES
        if event.fee_override is not None:
            return event.fee_override
        series = self.series_of(event)
        return series.fees if series is not None else STANDARD_FEES

    def watchlist(self) -> tuple[str, ...]:
        """Tickers in the order they were put on."""
        return self._settings.watchlist(self._environment)

    def is_watched(self, ticker: str) -> bool:
        """Whether the market is on the watchlist."""
        return ticker in self._watched

    def toggle(self, ticker: str) -> bool:
        """Put on or take off the watchlist, kept at once; returns whether it is on now."""
        held = self.watchlist()
        tickers = tuple(one for one in held if one != ticker) if ticker in held else (*held, ticker)
        self._settings.set_watchlist(self._environment, tickers)
        self._watched = frozenset(self.watchlist())
        self.changed.emit(None)
        return ticker in self._watched

    async def _read_series(self) -> Mapping[str, Series]:
        """The series by ticker; those of the last time, or none, where the exchange does not answer."""
        outcome = await self._rest.series_list()
        if isinstance(outcome, Accepted):
            self._notices.clear(_SERIES_NOTICE)
            return {one.ticker: one for one in outcome.value}
        self._notices.say(
            Notice(
                "The list of series could not be read, so fees are estimated by the standard schedule.",
                detail=outcome.sentence,
                severity=Severity.WARNING,
                key=_SERIES_NOTICE,
            )
        )
        return self._held.series

    def _failed(self, sentence: str) -> bool:
        kept = "The markets shown are those read before." if self._events else "No market can be shown yet."
        self._notices.say(
            Notice(
                "The list of markets could not be read.",
                advice=f"{kept} It is tried again by itself.",
                detail=sentence,
                severity=Severity.WARNING,
                key=_NOTICE,
            )
        )
        return False

    def _tell(self) -> None:
        self._events = tuple(self._held.events)
        self.changed.emit(None)
