"""How far the machine's clock is from the exchange's, from the ``Date`` of its answers.

``Date`` is cut to the second, so one answer bounds the difference to about a second; the bounds of several
are intersected. An answer that contradicts them, as the stale date of a page that a cache kept, is set aside:
it counts only with two more that say the same for longer than one date could. A machine clock that jumps
makes all of them worthless at once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pitdesk.clock import Clock

WARN_MS = 2_000
BLOCK_MS = 10_000
_JUMP_MS = 1_000
_SLOWEST_MS = 5_000
_RIVALS = 3
_RIVALS_FOR_S = 3.0  # longer than the one date of a kept page can seem to agree with itself


@dataclass(frozen=True, slots=True)
class _Bounds:
    """From ``low`` to ``high`` ms, as ``answers`` agree that came from ``since`` on (monotonic seconds)."""

    low: float
    high: float
    since: float
    answers: int = 1

    def narrowed(self, other: _Bounds) -> _Bounds | None:
        """What both allow, None where they contradict each other."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return _Bounds(low, high, self.since, self.answers + 1) if low <= high else None


class ServerClock:
    """The bounds on the exchange's clock less the machine's, in milliseconds. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._bounds: _Bounds | None = None
        self._rival: _Bounds | None = None
        self._base_ms = self._drift_base()

    @property
    def offset_ms(self) -> int | None:
        """The smallest difference that the answers allow; None before the first, or after a jump."""
        with self._lock:
            self._forget_after_jump()
            if self._bounds is None:
                return None
            return int(min(max(0.0, self._bounds.low), self._bounds.high))

    def note(self, sent_wall_ms: int, elapsed_ms: float, date_ms: int) -> None:
        """An answer to a request sent at ``sent_wall_ms`` that took ``elapsed_ms`` carried ``date_ms``."""
        if elapsed_ms > _SLOWEST_MS:
            return
        now = self._clock.monotonic()
        said = _Bounds(date_ms - (sent_wall_ms + elapsed_ms), date_ms + 1000.0 - sent_wall_ms, now)
        with self._lock:
            self._forget_after_jump()
            narrowed = said if self._bounds is None else self._bounds.narrowed(said)
            if narrowed is not None:
                self._bounds, self._rival = narrowed, None
            else:
                self._contradicted(said)

    def sentence(self) -> str | None:
        """What to tell the person where the clock is off by more than 2 s, else None."""
        offset = self.offset_ms
        if offset is None or abs(offset) <= WARN_MS:
            return None
        return f"{off_by(offset)} Set it: above 10 s no order is sent."

    def _drift_base(self) -> float:
        return self._clock.wall_ms() - self._clock.monotonic() * 1000

    def _forget_after_jump(self) -> None:
        """The two clocks of the machine moved apart since last asked: a step, or a sleep."""
        base, self._base_ms = self._base_ms, self._drift_base()
        if abs(self._base_ms - base) > _JUMP_MS:
            self._bounds = self._rival = None

    def _contradicted(self, said: _Bounds) -> None:
        self._rival = (self._rival.narrowed(said) if self._rival is not None else None) or said
        if self._rival.answers >= _RIVALS and said.since - self._rival.since >= _RIVALS_FOR_S:
            self._bounds, self._rival = self._rival, None


def off_by(offset_ms: int) -> str:
    """``The computer's clock is 12 s slow.``"""
    return f"The computer's clock is {abs(offset_ms) // 1000} s {'slow' if offset_ms > 0 else 'fast'}."
