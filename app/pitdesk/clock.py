"""The two clocks: instants for the record, durations for deadlines. Passed in, so tests can set them."""

from __future__ import annotations

import time


class Clock:
    """The machine's own clocks."""

    def wall_ms(self) -> int:
        """Unix milliseconds, as the machine believes; may jump."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Seconds that never go back: the only measure of a duration."""
        return time.monotonic()
