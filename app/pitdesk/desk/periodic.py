"""Work that is done again and again, never twice at once, and sooner when somebody asks.

After work that took long it rests for longer: to read 200,000 orders again and again without a pause would
take the window's time, and the exchange's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pitdesk.clock import Clock
    from pitdesk.tasks import TaskOwner


_RESTS_FOR = 4.0  # times as long as the work took, at least


class Periodic:
    """Looked at about once a second; begins its work when it is due."""

    def __init__(
        self, name: str, work: Callable[[], Awaitable[object]], owner: TaskOwner, clock: Clock
    ) -> None:
        self._name = name
        self._work = work
        self._owner = owner
        self._clock = clock
        self._ended_at = clock.monotonic()
        self._took_s = 0.0
        self._running = False
        self._asked = False

    def ask(self) -> None:
        """Due at the next look, whatever the time."""
        self._asked = True

    def look(self, every_s: float) -> None:
        """Begin the work when it was asked for, or ended ``every_s`` seconds ago or longer."""
        pause_s = max(every_s, _RESTS_FOR * self._took_s)
        due = self._asked or self._clock.monotonic() - self._ended_at >= pause_s
        if due and not self._running and not self._owner.is_closing:
            self._asked = False
            self._running = True
            self._owner.spawn(self._name, self._run())

    async def _run(self) -> None:
        began = self._clock.monotonic()
        try:
            await self._work()
        finally:
            self._running = False
            self._ended_at = self._clock.monotonic()
            self._took_s = self._ended_at - began
