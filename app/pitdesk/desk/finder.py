"""Which markets there are: events by category, instantaneous search, the watchlist, names and fees."""

from __future__ import annotations

from collections import Counter

from pitdesk.desk.labels import event_label, outcome_label, short_title
from pitdesk.desk.market_search import SearchIndex
from pitdesk.events import Listeners
from pitdesk.fees import STANDARD_FEES
from pitdesk.kalshi.outcomes import Accepted, Outcome
from pitdesk.kalshi.rest import Rest
from pitdesk.markets import Event, FeeSchedule, Market, Series
from pitdesk.notices import Notice, Notices, Severity
from pitdesk.settings import Settings

_MOST_PAGES = 200
_NOTICE = "finder"


class Finder:
    """The catalogue of one environment, held in memory and searched without asking the exchange."""

    def __init__(self, rest: Rest, settings: Settings, notices: Notices, environment: str) -> None:
        """``environment`` names the watchlist that is kept."""
        self.changed: Listeners[None] = Listeners()
        self._rest = rest
        self._settings = settings
        self._notices = notices
        self._environment = environment
        self._watched = frozenset(settings.watchlist(environment))
        self._complete = False
        self._series: dict[str, Series] = {}
        self._hold(())

    async def load(self) -> bool:
        """Read all open events and the series list; the first time ``changed`` is told after every page.

        False, with a notice, where the exchange did not answer; what was held before is kept.
        """
        events: list[Event] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            page = await self._rest.events_page(cursor)
            if not isinstance(page, Accepted):
                return self._failed(page)
            more, cursor = page.value
            events.extend(more)
            if not self._complete:
                self._hold(tuple(events))
            if not cursor:
                break
        series = await self._rest.series_list()
        if not isinstance(series, Accepted):
            return self._failed(series)
        self._series = {one.ticker: one for one in series.value}
        self._complete = True
        self._hold(tuple(events))
        self._notices.clear(_NOTICE)
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
        return self._categories

    def event_of(self, ticker: str) -> Event | None:
        """The event of a market."""
        return self._event_by_market.get(ticker)

    def series_of(self, event: Event) -> Series | None:
        """The series of an event, None until the series list is read."""
        return self._series.get(event.series_ticker)

    def market(self, ticker: str) -> Market | None:
        """The market as it was listed; its state of this moment is the market data's to say."""
        return self._market_by_ticker.get(ticker)

    def search(
        self, text: str, category: str | None = None, watchlist_only: bool = False
    ) -> tuple[Event, ...]:
        """Events whose markets match every word of ``text``, best first, each with only those markets.

        Case and accents do not count; tickers, titles and outcome names are searched.
        """
        return self._index.search(text, category, self.is_watched if watchlist_only else None)

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
        first = event_label(event) if self._titles[title] > 1 else title
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

    def _failed(self, outcome: Outcome[object]) -> bool:
        sentence = "" if isinstance(outcome, Accepted) else outcome.sentence
        kept = "The markets shown are those read before." if self._complete else "No market can be shown yet."
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

    def _hold(self, events: tuple[Event, ...]) -> None:
        self._events = events
        self._event_by_market = {market.ticker: event for event in events for market in event.markets}
        self._market_by_ticker = {market.ticker: market for event in events for market in event.markets}
        self._titles = Counter(short_title(event) for event in events)
        counted = Counter(self._category(event) for event in events)
        self._categories = tuple(category for category, _ in counted.most_common() if category)
        self._index = SearchIndex(events, self.series_of)
        self.changed.emit(None)

    def _category(self, event: Event) -> str:
        series = self.series_of(event)
        return event.category or (series.category if series is not None else "")
