"""What the exchange's day brought, market by market.

A market's gain is its realized profit less fees, plus what is held at the bid less what it cost. *Today* is
the sum, over all markets, of that gain now less the gain when the day (midnight in New York) was first seen,
which is kept so that closing and opening the application does not begin the day again. A market that was
settled today leaves the exchange's list; it counts with its result. Money paid in or out does not move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pitdesk.desk.exchange_hours import exchange_day
from pitdesk.desk.positions import gain, settled
from pitdesk.quantities import DOLLARS_ZERO, Dollars
from pitdesk.settings import DayStart, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pitdesk.clock import Clock
    from pitdesk.markets import Market, Position


class DayGain:
    """The first figures of the day and of what has since left the list."""

    def __init__(
        self, settings: Settings, environment: str, clock: Clock, worth: Callable[[Position], Dollars]
    ) -> None:
        """``worth`` is what a position would bring now."""
        self._settings = settings
        self._environment = environment
        self._clock = clock
        self._worth = worth
        self._gone: dict[str, Position] = {}

    def begin(self, positions: Mapping[str, Position]) -> None:
        """Keep the first figures of the day, if it has none. For when everything about them is known."""
        if self._start() is None:
            gains = {ticker: self._gain(held).units for ticker, held in positions.items()}
            self._gone.clear()
            self._settings.set_day_start(self._environment, DayStart(self._date(), gains))

    def left(self, before: Mapping[str, Position], now: Mapping[str, Position]) -> None:
        """The exchange listed ``before`` and lists ``now``: what is missing was settled."""
        for ticker, held in before.items():
            if ticker not in now:
                self._gone[ticker] = held
        for ticker in now:
            self._gone.pop(ticker, None)

    def today(
        self, positions: Mapping[str, Position], market: Callable[[str], Market | None]
    ) -> Dollars | None:
        """The gain since the day began; None before :meth:`begin`."""
        start = self._start()
        if start is None:
            return None
        total = DOLLARS_ZERO
        for ticker, held in positions.items():
            total += self._gain(held) - Dollars(start.gains.get(ticker, 0))
        for ticker, held in self._gone.items():
            brought = _brought(held, market(ticker))
            worth = self._worth(held) if brought is None else brought
            total += gain(held, worth) - Dollars(start.gains.get(ticker, 0))
        for ticker, gained in start.settled.items():
            if ticker not in positions and ticker not in self._gone:
                total += Dollars(gained - start.gains.get(ticker, 0))
        return total

    def keep_settled(self, market: Callable[[str], Market | None]) -> None:
        """Keep what came of markets that were settled: after a new start nothing tells of them any more."""
        start = self._start()
        if start is None:
            return
        found = {
            ticker: gain(held, brought).units
            for ticker, held in self._gone.items()
            if (brought := _brought(held, market(ticker))) is not None
        }
        kept = {**start.settled, **found}
        if kept != start.settled:
            whole = msgspec.structs.replace(start, settled=kept)
            self._settings.set_day_start(self._environment, whole)

    def _gain(self, held: Position) -> Dollars:
        return gain(held, self._worth(held))

    def _start(self) -> DayStart | None:
        start = self._settings.day_start(self._environment)
        return start if start is not None and start.date == self._date() else None

    def _date(self) -> str:
        return exchange_day(self._clock.wall_ms()).isoformat()


def _brought(held: Position, known: Market | None) -> Dollars | None:
    return None if known is None else settled(held, known.result)
