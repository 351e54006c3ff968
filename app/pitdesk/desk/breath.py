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


class Breath:
    """``await breath.due()`` between two pieces of the work: once a slice is over all else has its turn."""

    def __init__(self, slice_s: float = SLICE_S, now: Callable[[], float] = time.monotonic) -> None:
        self._slice_s, self._now = slice_s, now
        self._until = now() + slice_s

    async def due(self) -> None:
        """Returns at once while the slice lasts."""
        if self._now() >= self._until:
            await asyncio.sleep(0)
            self._until = self._now() + self._slice_s
