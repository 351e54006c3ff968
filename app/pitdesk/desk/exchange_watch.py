"""Whether the exchange is open, and when it next is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pitdesk.desk.exchange_hours import next_weekly_pause_ms
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.kalshi.records import ExchangeState, Schedule

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.kalshi.rest import Rest

OPEN, TRADING_PAUSED, PAUSED, UNKNOWN = "Open", "Trading paused", "Paused", "Unknown"


class ExchangeWatch:
    """The exchange's own word about itself, as last heard."""

    def __init__(self, rest: Rest, clock: Clock) -> None:
        self._rest = rest
        self._clock = clock
        self._state: ExchangeState | None = None
        self._schedule = Schedule()

    @property
    def word(self) -> str:
        """``Open``, ``Trading paused``, ``Paused``, or ``Unknown`` before the first answer."""
        if self._state is None:
            return UNKNOWN
        if not self._state.exchange_active:
            return PAUSED
        return OPEN if self._state.trading_active else TRADING_PAUSED

    @property
    def reason(self) -> str:
        """Why new orders wait because of the exchange; empty when they do not."""
        resume = self._state.resume_ms if self._state is not None else None
        back = f" It expects to be back at {_time(resume)} UTC." if resume is not None else ""
        if self.word == PAUSED:
            return f"The exchange is paused: neither orders nor cancels work now.{back}"
        if self.word == TRADING_PAUSED:
            return f"Trading is paused on the exchange; you can cancel.{back}"
        return ""

    @property
    def next_pause_ms(self) -> int:
        """When the next pause begins, Unix ms: the schedule's, or the weekly one if that is sooner."""
        now = self._clock.wall_ms()
        weekly, planned = next_weekly_pause_ms(now), self._schedule.next_pause_ms(now)
        return weekly if planned is None else min(weekly, planned)

    async def ask(self) -> bool:
        """Ask for the state; False, and what was known is kept, when there is no answer."""
        outcome = await self._rest.exchange_status()
        if not isinstance(outcome, Accepted):
            return False
        self._state = outcome.value
        return True

    async def ask_schedule(self) -> None:
        """Ask for planned maintenance; without an answer the weekly pause is still known."""
        outcome = await self._rest.schedule()
        if isinstance(outcome, Accepted):
            self._schedule = outcome.value


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%H:%M")
