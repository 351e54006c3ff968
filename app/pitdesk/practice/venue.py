"""One market while the exchange runs: its book, its place in its life, its tape and its totals."""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import TYPE_CHECKING

from pitdesk.markets import FeeSchedule, MarketStatus, PublicTrade
from pitdesk.practice.book import OrderBook, Side
from pitdesk.practice.records import MarketRecord, QuoteRecord
from pitdesk.quantities import COUNT_ZERO, Count, Price

if TYPE_CHECKING:
    from pitdesk.practice.listings import Grid, ListedMarket

_HOUR_MS = 3_600_000
_TAPE = 5_000
Touch = tuple[int | None, int, int | None, int, int | None, int, int]


@cache
def legal_prices(grid: Grid) -> frozenset[int]:
    """Every price an order may name, in units."""
    return frozenset(price.units for price in grid.ranges.prices())


class Venue:
    """A market's state. Volumes, open interest and last price may start from before the exchange ran."""

    def __init__(self, listed: ListedMarket, fees: FeeSchedule) -> None:
        self.fees = fees
        self.set_listed(listed)
        self.book = OrderBook()
        self.status = MarketStatus.INITIALIZED
        self.close_ms = listed.close_ms
        self.result = ""
        self.value: Price | None = None
        self.settled_ms: int | None = None
        self.clock = 0
        self.last: int | None = None
        self.last_count = 0
        self.volume = 0
        self.volume_by_hour: dict[int, int] = {}
        self.dollar_volume = 0
        self.open_interest = 0
        self.open_interest_before = 0
        self.previous: tuple[int | None, int | None, int | None] = (None, None, None)
        self.tape: deque[tuple[int, PublicTrade]] = deque(maxlen=_TAPE)
        self.told: Touch = (None, 0, None, 0, None, 0, 0)

    def set_listed(self, listed: ListedMarket) -> None:
        """List it like this from now on."""
        self.listed = listed
        self.legal = legal_prices(listed.grid)

    def prime(
        self, last: int, volume: int, volume_24h: int, touch_before: tuple[int, int] | None, now_ms: int
    ) -> None:
        """Start with a past: totals as of now, and the bid and ask of a day ago. A last price and a larger
        volume that are known already stay."""
        if self.last is None:
            self.last = last
        self.volume = max(self.volume, volume)
        self.dollar_volume = max(self.dollar_volume, volume)
        self.open_interest_before = volume * 3 // 1_000 * 100
        hour = now_ms // _HOUR_MS
        self.volume_by_hour = {hour - back: volume_24h // 2_400 * 100 for back in range(24)}
        if touch_before is not None:
            bid, ask = touch_before
            self.previous = (bid, ask, bid)

    def note_trade(self, trade: PublicTrade, number: int) -> None:
        """Add a trade to the tape and the totals."""
        self.tape.append((number, trade))
        self.last, self.last_count = trade.yes_price.units, trade.count.units
        self.volume += trade.count.units
        hour = trade.created_ms // _HOUR_MS
        self.volume_by_hour[hour] = self.volume_by_hour.get(hour, 0) + trade.count.units
        self.dollar_volume += trade.count.units

    def volume_24h(self, now_ms: int) -> int:
        """Contracts of the last 24 hours, by the hour."""
        oldest = now_ms // _HOUR_MS - 23
        for hour in [hour for hour in self.volume_by_hour if hour < oldest]:
            del self.volume_by_hour[hour]
        return sum(self.volume_by_hour.values())

    def touch(self) -> Touch:
        """What a quote message would say; equal means there is nothing new to say."""
        bid, ask = self.book.bids.best(), self.book.asks.best()
        return (
            bid.price if bid else None,
            bid.total if bid else 0,
            ask.price if ask else None,
            ask.total if ask else 0,
            self.last,
            self.volume,
            self.open_interest,
        )

    def quote(self, now_ms: int) -> QuoteRecord:
        """The touch and the totals."""
        bid, bid_count, ask, ask_count, last, volume, _ = self.touch()
        interest = self.open_interest + self.open_interest_before
        return QuoteRecord(
            self.listed.ticker,
            _price(bid),
            _price(ask),
            Count(bid_count),
            Count(ask_count),
            _price(last),
            Count(self.last_count) if last is not None else COUNT_ZERO,
            Count(volume),
            Count(self.volume_24h(now_ms)),
            Count(interest),
            self.dollar_volume // 100,
            interest // 100,
            now_ms,
        )

    def record(self, now_ms: int) -> MarketRecord:
        """The market as it is now."""
        return MarketRecord(
            self.listed,
            self.status,
            self.close_ms,
            self.result,
            self.settled_ms,
            self.quote(now_ms),
            _price(self.previous[0]),
            _price(self.previous[1]),
            _price(self.previous[2]),
            self.value,
        )

    def levels(self, side: Side) -> dict[Price, Count]:
        """Contracts by price, best first."""
        return {Price(level.price): Count(level.total) for level in side.levels()}


def _price(units: int | None) -> Price | None:
    return None if units is None else Price(units)
