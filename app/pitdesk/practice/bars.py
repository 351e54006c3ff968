"""Open, high, low and close of bids, asks and trades, gathered point by point."""

from __future__ import annotations

from dataclasses import dataclass, field

from pitdesk.practice.facts import Fact, QuoteChanged, Traded
from pitdesk.quantities import Price

_KEPT_MINUTES = 2_880
Four = list[int]


@dataclass(frozen=True, slots=True)
class PriceBar:
    """Open, high, low and close of one thing over one period."""

    open: Price
    high: Price
    low: Price
    close: Price


@dataclass(slots=True)
class Bar:
    """One period. ``bid``, ``ask`` and ``traded`` are open, high, low, close in $0.0001; empty: nothing yet.
    An empty side of a book counts as zero for the bid and one dollar for the ask, as on the wire."""

    bid: Four = field(default_factory=list)
    ask: Four = field(default_factory=list)
    traded: Four = field(default_factory=list)
    volume: int = 0

    def quote(self, bid: int, ask: int) -> None:
        """The touch became this."""
        _add(self.bid, bid)
        _add(self.ask, ask)

    def trade(self, price: int) -> None:
        """A trade at ``price``."""
        _add(self.traded, price)

    def append(self, later: Bar) -> None:
        """Go on with a later period."""
        for mine, theirs in ((self.bid, later.bid), (self.ask, later.ask), (self.traded, later.traded)):
            for price in theirs:
                _add(mine, price)
        self.volume += later.volume


def _add(four: Four, price: int) -> None:
    if not four:
        four.extend((price, price, price, price))
        return
    four[1] = max(four[1], price)
    four[2] = min(four[2], price)
    four[3] = price


def price_bar(four: Four) -> PriceBar:
    """As a record."""
    return PriceBar(*map(Price, four))


class LiveBars:
    """Minute bars of what really happened since the exchange started, from the facts it says."""

    def __init__(self) -> None:
        self._markets: dict[str, dict[int, Bar]] = {}

    def hear(self, fact: Fact) -> None:
        """Take in one fact."""
        if isinstance(fact, QuoteChanged):
            quote = fact.quote
            bid = quote.bid.units if quote.bid is not None else 0
            ask = quote.ask.units if quote.ask is not None else 10_000
            self._bar(quote.ticker, quote.ts_ms).quote(bid, ask)
        elif isinstance(fact, Traded):
            trade = fact.trade
            bar = self._bar(trade.ticker, trade.created_ms)
            bar.trade(trade.yes_price.units)
            bar.volume += trade.count.units

    def _bar(self, ticker: str, at_ms: int) -> Bar:
        minutes = self._markets.setdefault(ticker, {})
        start_s = at_ms // 60_000 * 60
        bar = minutes.get(start_s)
        if bar is None:
            bar = minutes[start_s] = Bar()
            if len(minutes) > _KEPT_MINUTES:
                del minutes[next(iter(minutes))]
        return bar

    def gather(self, into: Bar, ticker: str, start_s: int, end_s: int) -> None:
        """Append the minutes from ``start_s`` until ``end_s``; where nothing was said, the touch stayed."""
        minutes = self._markets.get(ticker, {})
        for minute in range(start_s // 60 * 60, end_s, 60):
            bar = minutes.get(minute)
            if bar is not None:
                into.append(bar)

    def last_before(self, ticker: str, time_s: int) -> Bar | None:
        """The newest bar that starts before ``time_s``."""
        minutes = self._markets.get(ticker, {})
        return next((bar for start_s, bar in reversed(minutes.items()) if start_s < time_s), None)
