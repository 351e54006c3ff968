"""What each event brings, outcome by outcome: as things are held now, and if everything asked for filled.

Of an event of which one market at most comes true, a scenario is that market; of any other, each market is
for itself, Yes or No. Results are over the position's whole life in its market: cash paid and received so
far, fees paid, and what the contracts pay at the end. Fees of fills to come are not in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.positions import gain
from pitdesk.orders import BookSide, Outcome
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, PRICE_ONE, Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pitdesk.desk.finder import Finder
    from pitdesk.desk.open_sums import MarketSums, OpenSums
    from pitdesk.markets import Position


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way an event may end. ``ticker``: the market that it is about, empty where none that is traded
    comes true. ``outcome``: how that market ends. ``held`` and ``working`` are Yes contracts of that market,
    below zero No; ``working`` is what all orders together would add."""

    event: str
    ticker: str
    outcome: Outcome
    held: Count
    working: Count
    now: Dollars
    with_orders: Dollars

    @property
    def key(self) -> str:
        """Unique among all scenarios."""
        return f"{self.event}/{self.ticker}/{self.outcome.value}"


@dataclass(frozen=True, slots=True)
class EventResult:
    """Every scenario of one event, and between what the whole may end. Of an event whose markets are each for
    itself ``worst`` and ``best`` take every market at its own."""

    event: str
    exclusive: bool
    scenarios: tuple[Scenario, ...]
    now: tuple[Dollars, Dollars]
    with_orders: tuple[Dollars, Dollars]


@dataclass(frozen=True, slots=True)
class _Market:
    """One market's results by its outcome, without and with its orders filled."""

    ticker: str
    held: Count
    working: Count
    now: Mapping[Outcome, Dollars]
    with_orders: Mapping[Outcome, Dollars]


def event_results(
    positions: Mapping[str, Position], sums: OpenSums, finder: Finder
) -> tuple[EventResult, ...]:
    """Each event in which anything is held or asked for, by its ticker."""
    by_event: dict[str, list[str]] = {}
    exclusive: dict[str, bool] = {}
    for ticker in dict.fromkeys((*positions, *sums.tickers())):
        event = finder.event_of(ticker)
        name = event.ticker if event is not None else ticker.rpartition("-")[0] or ticker
        by_event.setdefault(name, []).append(ticker)
        exclusive[name] = event is not None and event.mutually_exclusive
    results = []
    for name, tickers in sorted(by_event.items()):
        markets = [_market(ticker, positions.get(ticker), sums.of(ticker)) for ticker in sorted(tickers)]
        made = _exclusive(name, markets) if exclusive[name] else _each_for_itself(name, markets)
        results.append(made)
    return tuple(results)


def _exclusive(event: str, markets: list[_Market]) -> EventResult:
    """One of the markets comes true, or none that is traded."""
    none_now = _sum(market.now[Outcome.NO] for market in markets)
    none_with = _sum(market.with_orders[Outcome.NO] for market in markets)
    scenarios = [
        Scenario(
            event,
            market.ticker,
            Outcome.YES,
            market.held,
            market.working,
            none_now - market.now[Outcome.NO] + market.now[Outcome.YES],
            none_with - market.with_orders[Outcome.NO] + market.with_orders[Outcome.YES],
        )
        for market in markets
    ]
    scenarios.append(Scenario(event, "", Outcome.NO, COUNT_ZERO, COUNT_ZERO, none_now, none_with))
    now, later = [one.now for one in scenarios], [one.with_orders for one in scenarios]
    return EventResult(event, True, tuple(scenarios), (min(now), max(now)), (min(later), max(later)))


def _each_for_itself(event: str, markets: list[_Market]) -> EventResult:
    scenarios = tuple(
        Scenario(
            event,
            market.ticker,
            outcome,
            market.held,
            market.working,
            market.now[outcome],
            market.with_orders[outcome],
        )
        for market in markets
        for outcome in Outcome
    )
    return EventResult(
        event,
        False,
        scenarios,
        (_sum(min(one.now.values()) for one in markets), _sum(max(one.now.values()) for one in markets)),
        (
            _sum(min(one.with_orders.values()) for one in markets),
            _sum(max(one.with_orders.values()) for one in markets),
        ),
    )


def _market(ticker: str, position: Position | None, sums: MarketSums) -> _Market:
    held = position.count if position is not None else COUNT_ZERO
    bids, asks = sums.sides[BookSide.BID], sums.sides[BookSide.ASK]
    spent = Dollars(bids.cost + asks.cost)
    now = {outcome: _result(position, outcome) for outcome in Outcome}
    paid = {Outcome.YES: PRICE_ONE * Count(bids.count), Outcome.NO: PRICE_ONE * Count(asks.count)}
    return _Market(
        ticker,
        held,
        Count(bids.count - asks.count),
        now,
        {outcome: now[outcome] - spent + paid[outcome] for outcome in Outcome},
    )


def _result(position: Position | None, outcome: Outcome) -> Dollars:
    if position is None:
        return DOLLARS_ZERO
    wins = (position.count > COUNT_ZERO) == (outcome is Outcome.YES)
    return gain(position, PRICE_ONE * abs(position.count) if wins else DOLLARS_ZERO)


def _sum(amounts: Iterable[Dollars]) -> Dollars:
    return sum(amounts, DOLLARS_ZERO)
