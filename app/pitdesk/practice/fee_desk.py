"""Fee overrides of events, now and on a date (FACTS §13): an event's override wins over its series' fees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.practice.facts import EventFeesChanged, FeesPlanned
from pitdesk.practice.records import FeeChange

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.markets import FeeSchedule
    from pitdesk.practice.engine import Engine
    from pitdesk.practice.listings import Catalogue, ListedEvent


class FeeDesk:
    """What each event charges now, and the changes that are planned."""

    def __init__(self, engine: Engine, catalogue: Catalogue) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._overrides: dict[str, FeeSchedule | None] = {}
        self.changes: list[FeeChange] = []
        self._planned: list[FeeChange] = []

    def current(self, event: ListedEvent) -> ListedEvent:
        """The event with its override as it is now."""
        if event.ticker not in self._overrides:
            return event
        return replace(event, fee_override=self._overrides[event.ticker])

    def plan(self, event_ticker: str, override: FeeSchedule | None, at_ms: int) -> FeeChange:
        """Change an event's override at a time, which may be now. KeyError where it is not listed."""
        event = self._catalogue.events_by_ticker[event_ticker]
        seq = self._engine.numbers.next()
        change = FeeChange(self._engine.numbers.id_of(seq), seq, event.ticker, override, at_ms)
        self.changes.append(change)
        self._planned.append(change)
        self._engine.say(FeesPlanned(change))
        self.tick(self._engine.clock.wall_ms())
        return change

    def resume(self, changes: Iterable[FeeChange], now_ms: int) -> None:
        """Take over the changes of an earlier run: what is due by now is in force, the rest is to come."""
        listed = [change for change in changes if change.event_ticker in self._catalogue.events_by_ticker]
        self.changes.extend(listed)
        for change in sorted(listed, key=lambda change: (change.at_ms, change.seq)):
            if change.at_ms <= now_ms:
                self.apply(change.event_ticker, change.override)
            else:
                self._planned.append(change)

    def tick(self, now_ms: int) -> None:
        """Do what is due."""
        due = [change for change in self._planned if change.at_ms <= now_ms]
        for change in due:
            self._planned.remove(change)
            self.apply(change.event_ticker, change.override)
            self._engine.say(EventFeesChanged(change.event_ticker, change.override, now_ms))

    def apply(self, event_ticker: str, override: FeeSchedule | None) -> None:
        """Charge from now on by ``override``, or by the series where it is None."""
        event = self._catalogue.events_by_ticker[event_ticker]
        self._overrides[event_ticker] = override
        for market in event.markets:
            self._engine.venues[market.ticker].fees = override or event.series.fees
