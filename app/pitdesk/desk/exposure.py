"""Dollars at cost, at their worst: what is held, and what everything that may still execute would add.

On each side of a market the position there stays and all orders of that side fill, the dearest of them last,
so that those are the ones that open where others only close. A market is as bad as its worse side, an event
the sum of its markets. Sums are kept by market and made anew only where something changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pitdesk.desk.open_sums import MarketSums, OpenSums, SideSums
from pitdesk.orders import BookSide
from pitdesk.quantities import COUNT_ZERO

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.markets import Position

    EventOf = Callable[[str], str]


@dataclass(slots=True)
class SideCost:
    """One side of one market, in $0.000001 and 0.01 contracts: what is ``held`` there at cost, what the
    other side's holding lets this one ``close``, and what may still fill."""

    held: int
    close: int
    sums: SideSums

    @property
    def opening(self) -> int:
        """What would be paid for contracts that open."""
        return opening_cost(self.sums, self.close)

    @property
    def worst(self) -> int:
        """All that may be on this side."""
        return self.held + self.opening


@dataclass(slots=True)
class _Market:
    event: str = ""
    worst: int = 0
    opening: int = 0


@dataclass(frozen=True, slots=True)
class Costs:
    """Before and after an order, in $0.000001: on its side of the market, in its event, and what all open
    orders would pay."""

    market: tuple[int, int]
    event: tuple[int, int]
    opening: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ask:
    """An order to be judged. ``replaces``: (leg, count) of the order whose place it takes. ``closes``: the
    position that is known is the one that it trades against."""

    ticker: str
    side: BookSide
    leg: int
    count: int
    replaces: tuple[int, int] | None = None
    closes: bool = True


class Exposure:
    """Of one account. ``position``: what is held in a market; ``event_of``: its event, empty if not known."""

    def __init__(self, sums: OpenSums, position: Callable[[str], Position | None], event_of: EventOf) -> None:
        self._sums, self._position, self._event_of = sums, position, event_of
        self._markets: dict[str, _Market] = {}
        self._events: dict[str, int] = {}
        self._guessed: set[str] = set()
        self._opening = 0
        self._dirty: set[str] = set()
        self._moves = 0
        self._disconnect = sums.touched.connect(self.moved)

    def close(self) -> None:
        """Listen no more."""
        self._disconnect()

    @property
    def moves(self) -> int:
        """How often anything of this changed; while it stays, so does what a trial found."""
        return self._moves

    def moved(self, ticker: str) -> None:
        """The position of a market changed, or its orders."""
        self._dirty.add(ticker)
        self._moves += 1

    def market(self, ticker: str) -> int:
        """The worse side of one market."""
        self._freshen()
        held = self._markets.get(ticker)
        return 0 if held is None else held.worst

    def event(self, event: str) -> int:
        """The sum over the markets of one event."""
        self._freshen()
        return self._events.get(event, 0)

    @property
    def opening(self) -> int:
        """What everything open would pay if it all opened."""
        self._freshen()
        return self._opening

    def side(self, ticker: str, side: BookSide) -> SideCost:
        """One side of a market; its sums are not to be changed."""
        return self._side(ticker, side, self._sums.of(ticker))

    def event_of(self, ticker: str) -> str:
        """The market's event; where it is not listed, all before the last dash, as tickers are made."""
        return self._event_of(ticker) or ticker.rpartition("-")[0] or ticker

    def trial(self) -> Trial:
        """For judging orders one after the other, each with those before it."""
        self._freshen()
        return Trial(self)

    def _side(self, ticker: str, side: BookSide, sums: MarketSums) -> SideCost:
        position = self._position(ticker)
        if position is None or not position.count:
            return SideCost(0, 0, sums.sides[side])
        is_held_here = (position.count > COUNT_ZERO) is (side is BookSide.BID)
        if is_held_here:
            return SideCost(position.exposure.units, 0, sums.sides[side])
        return SideCost(0, abs(position.count).units, sums.sides[side])

    def _freshen(self) -> None:
        if not self._dirty and not self._guessed:
            return
        self._dirty |= {ticker for ticker in self._guessed if self._event_of(ticker)}
        while self._dirty:
            self._make_anew(self._dirty.pop())

    def _make_anew(self, ticker: str) -> None:
        sums = self._sums.of(ticker)
        bid, ask = (self._side(ticker, side, sums) for side in (BookSide.BID, BookSide.ASK))
        opening = (bid.opening, ask.opening)
        now = _Market(self.event_of(ticker), max(bid.held + opening[0], ask.held + opening[1]), sum(opening))
        before = self._markets.pop(ticker, None) or _Market()
        self._count(before, -1)
        self._guessed.discard(ticker)
        if now.worst or now.opening:
            self._markets[ticker] = now
            self._count(now, 1)
            if not self._event_of(ticker):
                self._guessed.add(ticker)

    def _count(self, market: _Market, sign: int) -> None:
        self._opening += sign * market.opening
        total = self._events.get(market.event, 0) + sign * market.worst
        if total:
            self._events[market.event] = total
        else:
            self._events.pop(market.event, None)


@dataclass(slots=True)
class Trial:
    """Orders that are judged together: what was taken counts for those after it."""

    exposure: Exposure
    _sides: dict[tuple[str, BookSide], SideCost] = field(default_factory=dict)
    _event_by_ticker: dict[str, str] = field(default_factory=dict)
    _events: dict[str, int] = field(default_factory=dict)
    _opening: int | None = None
    _last: tuple[Ask, SideCost, Costs] | None = None

    def copy(self) -> Trial:
        """Another that goes on from here by itself."""
        sides, events = dict(self._sides), dict(self._events)
        return Trial(self.exposure, sides, dict(self._event_by_ticker), events, self._opening)

    def costs(self, ask: Ask) -> Costs:
        """What the order would make of the sums; it is not taken."""
        if self._last is not None and self._last[0] is ask:
            return self._last[2]
        before, across = self._side(ask.ticker, ask.side), self._side(ask.ticker, ask.side.opposite).worst
        after = _after(before, ask)
        event, opening = self._event(ask.ticker), self._open()
        was_open, now_open = before.opening, after.opening
        was, now = before.held + was_open, after.held + now_open
        costs = Costs(
            (was, now),
            (event, event + max(now, across) - max(was, across)),
            (opening, opening + now_open - was_open),
        )
        self._last = (ask, after, costs)
        return costs

    def take(self, ask: Ask) -> None:
        """Count the order from here on."""
        costs = self.costs(ask)
        if self._last is not None:
            self._sides[ask.ticker, ask.side] = self._last[1]
        self._events[self._event_by_ticker[ask.ticker]] = costs.event[1]
        self._opening = costs.opening[1]
        self._last = None

    def _side(self, ticker: str, side: BookSide) -> SideCost:
        found = self._sides.get((ticker, side))
        if found is None:
            found = self._sides[ticker, side] = self.exposure.side(ticker, side)
        return found

    def _event(self, ticker: str) -> int:
        name = self._event_by_ticker.get(ticker)
        if name is None:
            name = self._event_by_ticker[ticker] = self.exposure.event_of(ticker)
        total = self._events.get(name)
        if total is None:
            total = self._events[name] = self.exposure.event(name)
        return total

    def _open(self) -> int:
        if self._opening is None:
            self._opening = self.exposure.opening
        return self._opening


def _after(before: SideCost, ask: Ask) -> SideCost:
    """The side with the order on it. Levels matter only while some of them may close."""
    sums = before.sums.copy() if before.close else SideSums({}, before.sums.count, before.sums.cost)
    if ask.replaces is not None:
        leg, count = ask.replaces
        sums.add(leg, -count)
    sums.add(ask.leg, ask.count)
    return SideCost(before.held, before.close if ask.closes else 0, sums)


def opening_cost(sums: SideSums, close: int) -> int:
    """What is paid for the contracts of ``sums`` beyond the first ``close``, the dearest being the last."""
    if not close:
        return sums.cost
    left, cost = sums.count - close, 0
    for leg in sorted(sums.levels, reverse=True):
        if left <= 0:
            break
        part = min(max(sums.levels[leg], 0), left)
        cost += leg * part
        left -= part
    return cost
