"""How many orders were sent by a press of their own just now. By a clock that never steps."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from pitdesk.orders import Intent, Source

if TYPE_CHECKING:
    from pitdesk.clock import Clock
    from pitdesk.events import Listeners

_SECOND, _MINUTE = 1.0, 60.0
_REMEMBERED = 10_000


class Presses:
    """Counts what ``asked`` tells, but for the rows of batches: one press sends them all."""

    def __init__(self, clock: Clock, asked: Listeners[Intent]) -> None:
        self._clock = clock
        self._at: deque[float] = deque(maxlen=_REMEMBERED)
        self._disconnect = asked.connect(self._take)

    def close(self) -> None:
        """Count no more."""
        self._disconnect()

    def lately(self) -> tuple[int, int]:
        """Within the last second, and within the last minute."""
        now = self._clock.monotonic()
        while self._at and self._at[0] <= now - _MINUTE:
            self._at.popleft()
        in_a_second = 0
        for at in reversed(self._at):
            if at <= now - _SECOND:
                break
            in_a_second += 1
        return in_a_second, len(self._at)

    def _take(self, intent: Intent) -> None:
        if intent.source is not Source.BATCH:
            self._at.append(self._clock.monotonic())
