"""Long work on the loop's thread, cut so that the window goes on meanwhile: by time, not by number.

What takes a millisecond on one machine takes ten on another that is busy; a slice is as long on both.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SLICE_S = 0.006
"""Seconds that such work takes at a turn of the loop: less than half of a frame."""


class TimeSlice:
    """``await time_slice.yield_if_over()`` between two pieces of the work."""

    def __init__(self, slice_s: float = SLICE_S, now: Callable[[], float] = time.monotonic) -> None:
        self._slice_s, self._now = slice_s, now
        self._until = now() + slice_s

    async def yield_if_over(self) -> None:
        """Once the slice is over, let all else have its turn and begin the next; at once while it lasts."""
        if self._now() >= self._until:
            await asyncio.sleep(0)
            self._until = self._now() + self._slice_s
