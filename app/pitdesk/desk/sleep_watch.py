"""Notices that the machine, or this program, stood still: after that nothing on the screen may be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.clock import Clock

_JUMP_S = 5.0


class SleepWatch:
    """Asked about once a second. Either clock may stop while a machine sleeps, depending on the system."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = clock.wall_ms() / 1000
        self._monotonic = clock.monotonic()

    def slept(self) -> float | None:
        """Seconds that were missed since the last question, None when it was fewer than five.

        A wall clock that is set back or forth counts as well: instants on record are off then.
        """
        wall, monotonic = self._clock.wall_ms() / 1000, self._clock.monotonic()
        elapsed, apart = monotonic - self._monotonic, (wall - self._wall) - (monotonic - self._monotonic)
        self._wall, self._monotonic = wall, monotonic
        missed = max(elapsed - 1.0, abs(apart))
        return missed if missed > _JUMP_S else None
