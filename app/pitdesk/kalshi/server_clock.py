"""How far the machine's clock is from the exchange's, from the ``Date`` of its answers.

``Date`` is cut to the second, so one answer bounds the difference to about a second; the bounds of several
are intersected. A machine clock that jumps makes all of them worthless at once.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.clock import Clock

WARN_MS = 2_000
BLOCK_MS = 10_000
_JUMP_MS = 1_000
_SLOWEST_MS = 5_000
_KEEP_S = 600.0


class ServerClock:
    """The bounds on the exchange's clock less the machine's, in milliseconds. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._bounds: tuple[float, float] | None = None
        self._since = 0.0
        self._base_ms = self._drift_base()

    @property
    def offset_ms(self) -> int | None:
        """The smallest difference that the answers allow; None before the first, or after a jump."""
        with self._lock:
            if self._jumped():
                self._bounds = None
            if self._bounds is None:
                return None
            low, high = self._bounds
            return int(min(max(0.0, low), high))

    def note(self, sent_wall_ms: int, elapsed_ms: float, date_ms: int) -> None:
        """An answer to a request sent at ``sent_wall_ms`` that took ``elapsed_ms`` carried ``date_ms``."""
        if elapsed_ms > _SLOWEST_MS:
            return
        low, high = date_ms - (sent_wall_ms + elapsed_ms), date_ms + 1000.0 - sent_wall_ms
        now = self._clock.monotonic()
        with self._lock:
            held = None if self._jumped() or now - self._since > _KEEP_S else self._bounds
            if held is not None and max(held[0], low) <= min(held[1], high):
                self._bounds = (max(held[0], low), min(held[1], high))
            else:
                self._bounds, self._since = (low, high), now

    def sentence(self) -> str | None:
        """What to tell the person where the clock is off by more than 2 s, else None."""
        offset = self.offset_ms
        if offset is None or abs(offset) <= WARN_MS:
            return None
        return f"{off_by(offset)} Set it: above 10 s no order is sent."

    def _drift_base(self) -> float:
        return self._clock.wall_ms() - self._clock.monotonic() * 1000

    def _jumped(self) -> bool:
        """Whether the two clocks of the machine moved apart since last asked: a step, or a sleep."""
        base, self._base_ms = self._base_ms, self._drift_base()
        return abs(self._base_ms - base) > _JUMP_MS


def off_by(offset_ms: int) -> str:
    """``The computer's clock is 12 s slow.``"""
    return f"The computer's clock is {abs(offset_ms) // 1000} s {'slow' if offset_ms > 0 else 'fast'}."
