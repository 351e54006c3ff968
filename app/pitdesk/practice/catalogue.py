"""The series, events and markets of the practice exchange, their times relative to the day it starts.

Names follow the exchange's style; films, songs and bills are made up. What each market is worth and how much
happens in it is in ``catalogue_rows``.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from pitdesk.markets import FeeSchedule
from pitdesk.practice import catalogue_rows as rows
from pitdesk.practice.calendar_days import eastern_ms, eastern_now, eastern_word
from pitdesk.practice.listings import Catalogue, ListedEvent, ListedMarket, ListedSeries
from pitdesk.quantities import Price

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.practice.catalogue_rows import Row

_DAY_MS = 86_400_000
_STANDARD = FeeSchedule("quadratic", Fraction(1))
_HALF = FeeSchedule("quadratic", Fraction(1, 2))
_WITH_MAKER = FeeSchedule("quadratic_with_maker_fees", Fraction(1))
_SOON_HOURS = 4
# Where the exchange creates what (FACTS §11): everything else is on index 0.
_CRYPTO, _BALL_GAMES = 2, 3


def build_catalogue(now_ms: int) -> Catalogue:
    """The catalogue as listed on the New York day of ``now_ms``."""
    return Catalogue(_Listing(now_ms).events())


class _Listing:
    """One day's listing: knows what "today", "next month" and "at five" mean."""

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms
        now = eastern_now(now_ms)
        self._today: date = now.date()
        # What ends today must leave the person a few hours.
        self._soon = self._today if now.hour < 24 - _SOON_HOURS - 2 else self._today + timedelta(days=1)
        self._five = self._today if now.hour < 17 - _SOON_HOURS else self._today + timedelta(days=1)

    def events(self) -> tuple[ListedEvent, ...]:
        """In the order they are shown."""
        return (
            *self._economics(),
            *self._climate(),
            *self._crypto_and_markets(),
            *self._politics(),
            *self._sports(),
            *self._entertainment(),
            *self._science(),
        )

    def _economics(self) -> list[ListedEvent]:
        fed = self._next_month_day(lambda first: first + timedelta(days=(2 - first.weekday()) % 7 + 7), 14)
        cpi = self._next_month_day(lambda first: _weekday_from(first + timedelta(days=9)), 8)
        jobs = self._next_month_day(lambda first: first + timedelta(days=(4 - first.weekday()) % 7), 8)
        counted = cpi.replace(day=1) - timedelta(days=1)
        worked = jobs.replace(day=1) - timedelta(days=1)
        return [
            self._event(
                _series("KXFEDDECISION", "Fed decision", "Economics", "custom", "Fed", "Rates"),
                _year_month(fed), f"Fed decision in {fed:%b %Y}?", f"{fed:%b %Y}",
                eastern_ms(fed, 14), rows.FED, exclusive=True, when=f"in {fed:%B %Y}",
            ),
            self._event(
                _series("KXCPIYOY", "CPI y/y", "Economics", "monthly", "Inflation"),
                _year_month(counted), f"CPI y/y in {counted:%B}?", f"{counted:%B}",
                eastern_ms(cpi, 8, 25), rows.CPI, when=f"in {counted:%B %Y}", restless=0.8,
            ),
            self._event(
                _series("KXU3", "Unemployment rate", "Economics", "monthly", "Jobs"),
                _year_month(worked), f"Unemployment rate in {worked:%B}?", f"{worked:%B}",
                eastern_ms(jobs, 8, 25), rows.UNEMPLOYMENT, when=f"in {worked:%B %Y}", restless=0.7,
            ),
        ]  # fmt: skip

    def _climate(self) -> list[ListedEvent]:
        day = self._soon
        temperatures = [
            self._event(
                _series(ticker, f"{place} high temp", "Climate", "daily", "Daily temperature"),
                _year_month_day(day), f"{place} high temp on {day:%b} {day.day}?", f"{day:%b} {day.day}",
                eastern_ms(day, 24), found, exclusive=True, when=f"on {day:%B} {day.day}", restless=1.2,
            )
            for ticker, place, found in (
                ("KXHIGHNY", "NYC", rows.NYC),
                ("KXHIGHCHI", "Chicago", rows.CHICAGO),
            )
        ]  # fmt: skip
        year = self._soon.year
        warmest = self._event(
            _series("KXWARMYEAR", "Warmest year on record", "Climate", "annual", "Climate change"),
            f"{year % 100:02d}", f"Warmest year on record in {year}?", str(year),
            eastern_ms(date(year, 12, 31), 24), rows.WARMEST, when=f"in {year}", restless=0.5,
        )  # fmt: skip
        return [*temperatures, warmest]

    def _crypto_and_markets(self) -> list[ListedEvent]:
        day = self._five
        at_five = f"5 pm {eastern_word(day)}"
        coins = [
            self._event(
                _series(ticker, f"{coin} price", "Crypto", "hourly", coin, shard=_CRYPTO),
                f"{_year_month_day(day)}17", f"{coin} at {at_five}", f"{day:%b} {day.day}",
                eastern_ms(day, 17), found, when=f"at {at_five} on {day:%B} {day.day}", restless=1.8,
            )
            for ticker, coin, found in (
                ("KXBTCD", "Bitcoin", rows.BITCOIN),
                ("KXETHD", "Ether", rows.ETHER),
            )
        ]  # fmt: skip
        friday = self._today + timedelta(days=(4 - self._today.weekday()) % 7 or 7)
        index = self._event(
            _series("KXINX", "S&P 500 close", "Financials", "weekly", "S&P", fees=_HALF),
            f"{_year_month_day(friday)}H1600", f"S&P 500 close on {friday:%b} {friday.day}?",
            f"{friday:%b} {friday.day}", eastern_ms(friday, 16), rows.INDEX, exclusive=True,
            when=f"at the close on {friday:%B} {friday.day}", restless=1.1,
        )  # fmt: skip
        return [*coins, index]

    def _politics(self) -> list[ListedEvent]:
        poll = self._today + timedelta(days=7 - self._today.weekday())
        budget = self._next_month_day(_last_of_month, 20)
        year_end = date(self._soon.year, 12, 31)
        return [
            self._event(
                _series("KXAPPROVAL", "President's approval", "Politics", "weekly", "Polls"),
                _year_month_day(poll), f"President's approval on {poll:%b} {poll.day}?",
                f"{poll:%b} {poll.day}", eastern_ms(poll, 10), rows.APPROVAL, exclusive=True,
                when=f"on {poll:%B} {poll.day}", restless=0.7,
            ),
            self._event(
                _series("KXGOVSHUT", "Government shutdown", "Politics", "custom", "Congress"),
                _year_month_day(budget), f"Government shutdown by {budget:%b} {budget.day}?",
                f"{budget:%b} {budget.day}", eastern_ms(budget, 24), rows.SHUTDOWN,
                when=f"by {budget:%B} {budget.day}", restless=0.8,
            ),
            self._event(
                _series("KXCABOUT", "Cabinet departures", "Politics", "annual", "Cabinet"),
                f"{year_end:%y}", f"Cabinet departures in {year_end.year}?", str(year_end.year),
                eastern_ms(year_end, 24), rows.CABINET, when=f"by the end of {year_end.year}", restless=0.5,
            ),
        ]  # fmt: skip

    def _sports(self) -> list[ListedEvent]:
        sunday = self._today + timedelta(days=(6 - self._today.weekday()) % 7 or 7)
        june = date(self._today.year, 6, 20)
        if june <= self._today:
            june = date(self._today.year + 1, 6, 20)
        return [
            self._event(
                _series("KXNFLGAME", "Football game", "Sports", "custom", "Football", fees=_WITH_MAKER),
                f"{_year_month_day(sunday)}BUFKC", "Buffalo at Kansas City", f"{sunday:%b} {sunday.day}",
                eastern_ms(sunday, 20), rows.FOOTBALL, exclusive=True,
                when=f"on {sunday:%B} {sunday.day}", restless=1.3,
            ),
            self._event(
                _series(
                    "KXNBA", "Basketball champion", "Sports", "annual", "Basketball",
                    fees=_WITH_MAKER, shard=_BALL_GAMES,
                ),
                f"{june:%y}", f"Basketball champion in {june.year}?", str(june.year),
                eastern_ms(june, 24), rows.BASKETBALL, exclusive=True, when=f"in {june.year}", restless=0.6,
            ),
        ]  # fmt: skip

    def _entertainment(self) -> list[ListedEvent]:
        monday = self._today + timedelta(days=7 - self._today.weekday())
        friday = self._today + timedelta(days=(4 - self._today.weekday()) % 7 or 7)
        return [
            self._event(
                _series("KXOPENING", "Opening weekend", "Entertainment", "custom", "Movies"),
                f"{_year_month_day(monday)}STARFALL", "Opening weekend of Starfall",
                f"{monday:%b} {monday.day}", eastern_ms(monday, 10), rows.FILM,
                when="on its opening weekend", restless=0.9,
            ),
            self._event(
                _series("KXTOPSONG", "Top song", "Entertainment", "weekly", "Music"),
                _year_month_day(friday), f"Top song on {friday:%b} {friday.day}?",
                f"{friday:%b} {friday.day}", eastern_ms(friday, 12), rows.SONG, exclusive=True,
                when=f"on the chart of {friday:%B} {friday.day}", restless=0.8,
            ),
        ]  # fmt: skip

    def _science(self) -> list[ListedEvent]:
        # The next odd year, so that it is listed for two years and then makes room for the next.
        year = self._soon.year | 1
        return [
            self._event(
                _series("KXMOONLANDING", "Moon landing", "Science", "custom", "Space"),
                f"{year % 100:02d}", f"Crewed Moon landing in {year}?", str(year),
                eastern_ms(date(year, 12, 31), 24), rows.MOON, when=f"in {year}", restless=0.4,
            )
        ]  # fmt: skip

    def _event(  # noqa: PLR0913 (one row of a table)
        self,
        series: ListedSeries,
        tail: str,
        title: str,
        sub_title: str,
        close_ms: int,
        found: tuple[Row, ...],
        *,
        when: str,
        exclusive: bool = False,
        restless: float = 1.0,
    ) -> ListedEvent:
        ticker = f"{series.ticker}-{tail}"
        markets = tuple(self._market(series, ticker, row, close_ms, when) for row in found)
        shard = series.exchange_index
        return ListedEvent(
            ticker, series, title, sub_title, exclusive, markets, exchange_index=shard, restless=restless
        )

    def _market(self, series: ListedSeries, event: str, row: Row, close_ms: int, when: str) -> ListedMarket:
        opened_ms = min(close_ms, self._now_ms) // _DAY_MS * _DAY_MS - row.days * _DAY_MS
        question = f"{row.question} {when}"
        return ListedMarket(
            f"{event}-{row.tail}",
            event,
            series.ticker,
            f"{question}?",
            row.words,
            row.words,
            f"This market resolves to Yes if the following is true: {question}.",
            "Practice market: its outcome is drawn by the practice exchange, and no real money is involved.",
            row.grid,
            opened_ms,
            opened_ms,
            close_ms,
            close_ms + _DAY_MS,
            Price(row.fair),
            row.liveliness,
            strike_type=row.strike_type,
            floor_strike=row.floor,
            cap_strike=row.cap,
            exchange_index=series.exchange_index,
        )

    def _next_month_day(self, pick: Callable[[date], date], hour: int) -> date:
        """The day that ``pick`` finds from the first of a month, in the first month whose day at ``hour`` is
        still some hours away: so a date stays until it has come, however often the exchange starts."""
        first = self._today.replace(day=1)
        while eastern_ms(pick(first), hour) < self._now_ms + _SOON_HOURS * 3_600_000:
            first = _last_of_month(first) + timedelta(days=1)
        return pick(first)


def _last_of_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _weekday_from(day: date) -> date:
    """``day``, or the Monday after it."""
    return day + timedelta(days=max(7 - day.weekday(), 0) if day.weekday() > 4 else 0)


def _series(
    ticker: str,
    title: str,
    category: str,
    frequency: str,
    *tags: str,
    fees: FeeSchedule = _STANDARD,
    shard: int = 0,
) -> ListedSeries:
    return ListedSeries(ticker, title, category, frequency, fees, tags, shard)


def _year_month(day: date) -> str:
    return f"{day:%y%b}".upper()


def _year_month_day(day: date) -> str:
    return f"{day:%y%b%d}".upper()
