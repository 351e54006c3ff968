"""What the practice exchange lists: series, events and markets with their rules, grids and times.

Listings never change while the exchange runs; a market's state and quote live in the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from pitdesk.quantities import Price, PriceRange, PriceRanges

if TYPE_CHECKING:
    from pitdesk.markets import FeeSchedule


def _bands(*bands: tuple[int, int, int]) -> PriceRanges:
    return PriceRanges(tuple(PriceRange(Price(low), Price(high), Price(step)) for low, high, step in bands))


def _edged(edge: int, center: int, width: int = 1_000) -> PriceRanges:
    """One step in the middle and another within ``width`` of both ends."""
    return _bands((0, width, edge), (width, 10_000 - width, center), (10_000 - width, 10_000, edge))


class Grid(Enum):
    """The price structures; the value is the wire's label (FACTS §13)."""

    CENT = "linear_cent"
    TENTH_CENT = "deci_cent"
    BANDED = "tapered_deci_cent"
    EDGE_HALF = "center_whole_edge_half_cent"
    EDGE_FIFTH = "center_whole_edge_quint_cent"
    HALF_CENT = "center_half_edge_half_cent"
    HALF_EDGE_FIFTH = "center_half_edge_quint_cent"
    HALF_EDGE_TENTH = "center_half_edge_deci_cent"
    FIFTH_CENT = "center_quint_edge_quint_cent"
    FIFTH_EDGE_TENTH = "center_quint_edge_deci_cent"
    HUNDREDTH_CENT = "center_centi_edge_centi_cent"
    COMBO = "center_deci_edge_centi_cent"

    @property
    def ranges(self) -> PriceRanges:
        """The legal Yes prices."""
        return _GRIDS[self]


_GRIDS = {
    Grid.CENT: _bands((0, 10_000, 100)),
    Grid.TENTH_CENT: _bands((0, 10_000, 10)),
    Grid.BANDED: _edged(10, 100),
    Grid.EDGE_HALF: _edged(50, 100),
    Grid.EDGE_FIFTH: _edged(20, 100),
    Grid.HALF_CENT: _bands((0, 10_000, 50)),
    Grid.HALF_EDGE_FIFTH: _edged(20, 50),
    Grid.HALF_EDGE_TENTH: _edged(10, 50),
    Grid.FIFTH_CENT: _bands((0, 10_000, 20)),
    Grid.FIFTH_EDGE_TENTH: _edged(10, 20),
    Grid.HUNDREDTH_CENT: _bands((0, 10_000, 1)),
    Grid.COMBO: _edged(1, 10, 100),
}


class Liveliness(Enum):
    """How much happens in a market: how deep it is quoted and how often it trades."""

    DENSE = "dense"
    STEADY = "steady"
    THIN = "thin"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class ListedSeries:
    """openapi Series."""

    ticker: str
    title: str
    category: str
    frequency: str
    fees: FeeSchedule
    tags: tuple[str, ...] = ()
    exchange_index: int = 0


@dataclass(frozen=True, slots=True)
class ListedMarket:
    """openapi Market, less its state. ``fair`` is the Yes price the simulated participants start from."""

    ticker: str
    event_ticker: str
    series_ticker: str
    title: str
    yes_sub_title: str
    no_sub_title: str
    rules_primary: str
    rules_secondary: str
    grid: Grid
    created_ms: int
    open_ms: int
    close_ms: int
    expiration_ms: int
    fair: Price
    liveliness: Liveliness = Liveliness.STEADY
    can_close_early: bool = True
    strike_type: str | None = None
    floor_strike: str | None = None
    cap_strike: str | None = None
    exchange_index: int = 0

    @property
    def price_ranges(self) -> PriceRanges:
        """The legal Yes prices."""
        return self.grid.ranges


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """openapi EventData. ``restless`` is how much the participants' opinion of it moves."""

    ticker: str
    series: ListedSeries
    title: str
    sub_title: str
    mutually_exclusive: bool
    markets: tuple[ListedMarket, ...]
    fee_override: FeeSchedule | None = None
    exchange_index: int = 0
    restless: float = 1.0

    @property
    def fees(self) -> FeeSchedule:
        """What its markets charge: the override where there is one, else the series' (FACTS §13)."""
        return self.fee_override or self.series.fees


@dataclass(frozen=True)
class Catalogue:
    """Everything listed, by ticker and in the order it is shown."""

    events: tuple[ListedEvent, ...]
    series: dict[str, ListedSeries] = field(init=False)
    events_by_ticker: dict[str, ListedEvent] = field(init=False)
    markets: dict[str, ListedMarket] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "series", {event.series.ticker: event.series for event in self.events})
        object.__setattr__(self, "events_by_ticker", {event.ticker: event for event in self.events})
        markets = {market.ticker: market for event in self.events for market in event.markets}
        object.__setattr__(self, "markets", markets)

    def event_of(self, ticker: str) -> ListedEvent:
        """The event of a market; raises KeyError for a ticker that is not listed."""
        return self.events_by_ticker[self.markets[ticker].event_ticker]
