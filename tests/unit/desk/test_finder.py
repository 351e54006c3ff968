"""Finding a market: by words in any order, without case and accents, best first; and what it is called."""

import asyncio
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from pitdesk.desk.finder import Finder
from pitdesk.fees import STANDARD_FEES
from pitdesk.kalshi.outcomes import Accepted, NotSent
from pitdesk.markets import Event, FeeSchedule, Market, MarketStatus, Quote, Series
from pitdesk.notices import Notices
from pitdesk.quantities import PriceRanges
from pitdesk.settings import Settings

MAKER_FEES = FeeSchedule("quadratic_with_maker_fees", Fraction(1))


def market(ticker: str, yes: str, event: str, title: str = "") -> Market:
    return Market(
        ticker, event, title, yes, "", MarketStatus.ACTIVE, PriceRanges.of_cents(), 0, 10**13, Quote()
    )


def event(
    ticker: str, title: str, sub_title: str, category: str, outcomes: Sequence[str], **more: object
) -> Event:
    markets = tuple(market(f"{ticker}-{place}", yes, ticker) for place, yes in enumerate(outcomes))
    return Event(ticker, ticker.partition("-")[0], title, sub_title, category, True, markets, **more)  # type: ignore[arg-type]


FED = event("KXFED-26DEC", "Fed decision in December 2026?", "Dec 2026", "Economics", ["Cut 25 bp", "Hold"])
TEMP = event("KXHIGHNY-26NOV21", "NYC high temp", "Nov 21", "Climate", ["52° or above", "50° to 51°"])
LATER = event("KXHIGHNY-26NOV22", "NYC high temp", "Nov 22", "Climate", ["52° or above"])
COIN = event(
    "KXBTC-26NOV2117", "Bitcoin at 5 pm EST?", "", "Crypto", ["$98,000 or above"], fee_override=MAKER_FEES
)
ZURICH = event("KXZUR-26", "Zürich mayor", "2026", "Politics", ["Müller"])
SERIES = (
    Series("KXFED", "Fed meeting", "Economics", STANDARD_FEES, ("rates",)),
    Series("KXHIGHNY", "New York weather", "Climate", FeeSchedule("quadratic", Fraction(1, 2))),
)


class Listing:
    """The exchange's two lists, as :class:`Finder` asks for them; ``broken`` makes the next calls fail."""

    def __init__(self, *pages: Sequence[Event], series: Sequence[Series] = SERIES) -> None:
        self.pages = pages or ((FED, TEMP, LATER, COIN, ZURICH),)
        self.series = tuple(series)
        self.broken = False

    async def events_page(self, cursor: str = "") -> object:
        place = int(cursor or 0)
        if self.broken:
            return NotSent("No connection.")
        more = str(place + 1) if place + 1 < len(self.pages) else ""
        return Accepted((tuple(self.pages[place]), more))

    async def series_list(self) -> object:
        return NotSent("No connection.") if self.broken else Accepted(self.series)


def made(tmp_path: Path, listing: Listing | None = None) -> tuple[Finder, Notices]:
    notices = Notices()
    settings = Settings(tmp_path / "settings.json")
    return Finder(listing or Listing(), settings, notices, "Practice"), notices  # type: ignore[arg-type]


@pytest.fixture
def finder(tmp_path: Path) -> Finder:
    made_finder, _ = made(tmp_path)
    asyncio.run(made_finder.load())
    return made_finder


def found(finder: Finder, text: str, **how: object) -> list[str]:
    events = finder.search(text, **how)  # type: ignore[arg-type]
    return [market.ticker for event in events for market in event.markets]


@pytest.mark.parametrize(
    "text, tickers",
    [
        ("cut 25", ["KXFED-26DEC-0"]),
        ("25 cut FED", ["KXFED-26DEC-0"]),
        ("kxbtc", ["KXBTC-26NOV2117-0"]),
        ("98000", ["KXBTC-26NOV2117-0"]),
        ("98,000", ["KXBTC-26NOV2117-0"]),
        ("zurich muller", ["KXZUR-26-0"]),
        ("ZÜRICH", ["KXZUR-26-0"]),
        ("nov 22 52", ["KXHIGHNY-26NOV22-0"]),
        ("weather 50°", ["KXHIGHNY-26NOV21-1"]),
        ("rates hold", ["KXFED-26DEC-1"]),
        ("cut bitcoin", []),
        ("  ", [m.ticker for e in (FED, TEMP, LATER, COIN, ZURICH) for m in e.markets]),
    ],
)
def test_every_word_must_match_somewhere(finder: Finder, text: str, tickers: list[str]) -> None:
    assert found(finder, text) == tickers


def test_a_ticker_that_begins_so_comes_before_a_word_and_a_word_before_a_part_of_one(tmp_path: Path) -> None:
    inside = event("KXA-1", "Superfed race", "", "Sports", ["Yes"])
    begins = event("KXB-1", "The Fed chair", "", "Politics", ["Yes"])
    ticker = event("FED-1", "Something else", "", "Other", ["Yes"])
    finder, _ = made(tmp_path, Listing((inside, begins, ticker)))
    asyncio.run(finder.load())
    assert [one.ticker for one in finder.search("fed")] == ["FED-1", "KXB-1", "KXA-1"]


def test_category_and_watchlist_narrow_the_search(finder: Finder) -> None:
    assert found(finder, "above", category="Crypto") == ["KXBTC-26NOV2117-0"]
    assert finder.toggle("KXHIGHNY-26NOV21-1")
    assert found(finder, "", watchlist_only=True) == ["KXHIGHNY-26NOV21-1"]
    assert found(finder, "cut", watchlist_only=True) == []


def test_the_watchlist_is_there_at_the_next_start(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    first = Finder(Listing(), settings, Notices(), "Practice")  # type: ignore[arg-type]
    first.toggle("KXFED-26DEC-0")
    first.toggle("KXBTC-26NOV2117-0")
    first.toggle("KXFED-26DEC-0")
    settings.close()
    again = Finder(Listing(), Settings(tmp_path / "settings.json"), Notices(), "Practice")  # type: ignore[arg-type]
    assert again.watchlist() == ("KXBTC-26NOV2117-0",)
    assert again.is_watched("KXBTC-26NOV2117-0")


@pytest.mark.parametrize(
    "ticker, label",
    [
        ("KXFED-26DEC-0", "Fed decision · Cut 25 bp"),
        ("KXHIGHNY-26NOV21-0", "NYC high temp · Nov 21 · 52° or above"),
        ("KXBTC-26NOV2117-0", "Bitcoin at 5 pm EST · $98,000 or above"),
        ("KXNOBODY", "KXNOBODY"),
    ],
)
def test_a_market_is_called_by_its_event_and_outcome(finder: Finder, ticker: str, label: str) -> None:
    assert finder.label(ticker) == label


def test_an_event_is_called_by_title_and_date(finder: Finder) -> None:
    assert [finder.event_label(one) for one in finder.events()] == [
        "Fed decision · Dec 2026",
        "NYC high temp · Nov 21",
        "NYC high temp · Nov 22",
        "Bitcoin at 5 pm EST",
        "Zürich mayor · 2026",
    ]


def test_a_hostile_title_stays_on_its_line(tmp_path: Path) -> None:
    nasty = event("KXBAD-1", "A\u202eB\nC\u200b" + "x" * 500, "", "Other", ["Yes\x07"])
    finder, _ = made(tmp_path, Listing((nasty,)))
    asyncio.run(finder.load())
    label = finder.label("KXBAD-1-0")
    assert label.startswith("A□B□C□x")
    assert label.endswith("… · Yes□")
    assert len(label) < 60


def test_the_events_own_fees_win_over_the_series(finder: Finder) -> None:
    assert finder.fees("KXBTC-26NOV2117-0") == MAKER_FEES
    assert finder.fees("KXHIGHNY-26NOV21-0") == FeeSchedule("quadratic", Fraction(1, 2))
    assert finder.fees("KXNOBODY") == STANDARD_FEES


def test_pages_are_shown_as_they_come_and_an_event_on_two_pages_once(tmp_path: Path) -> None:
    finder, _ = made(tmp_path, Listing((FED, TEMP), (TEMP, COIN)))
    seen: list[int] = []
    pages: list[tuple[Event, ...]] = []
    finder.listed.connect(pages.append)
    finder.changed.connect(lambda _: seen.append(len(finder.events())))
    asyncio.run(finder.load())
    assert seen == [2, 3]
    assert pages == [(FED, TEMP), (TEMP, COIN)]
    assert not finder.is_loading


def test_the_watchlist_tells_nothing_about_markets(finder: Finder) -> None:
    pages: list[tuple[Event, ...]] = []
    changes: list[None] = []
    finder.listed.connect(pages.append)
    finder.changed.connect(changes.append)
    finder.toggle("KXFED-26DEC-0")
    assert (pages, changes) == ([], [None])


def test_a_market_no_longer_listed_keeps_its_name_but_is_not_found(tmp_path: Path) -> None:
    listing = Listing((FED, COIN))
    finder, _ = made(tmp_path, listing)
    asyncio.run(finder.load())
    listing.pages = ((FED,),)
    asyncio.run(finder.load())
    assert finder.label("KXBTC-26NOV2117-0") == "Bitcoin at 5 pm EST · $98,000 or above"
    assert finder.fees("KXBTC-26NOV2117-0") == MAKER_FEES
    assert found(finder, "bitcoin") == []
    assert finder.events() == (FED,)


def test_a_failed_reading_is_said_and_keeps_what_was_read(tmp_path: Path) -> None:
    listing = Listing()
    finder, notices = made(tmp_path, listing)
    listing.broken = True
    assert not asyncio.run(finder.load())
    assert any("list of markets could not be read" in notice.headline for notice in notices.current())
    listing.broken = False
    assert asyncio.run(finder.load())
    assert notices.current() == ()
    listing.broken = True
    assert not asyncio.run(finder.load())
    assert len(finder.events()) == 5
    assert finder.fees("KXHIGHNY-26NOV21-0").multiplier == Fraction(1, 2)


def test_categories_come_fullest_first(finder: Finder) -> None:
    assert finder.categories()[0] == "Climate"
    assert set(finder.categories()) == {"Economics", "Climate", "Crypto", "Politics"}
