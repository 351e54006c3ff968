"""One flush a frame: the first change after a quiet while is told at once, what follows it together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME_S = 0.016
_HEAD_START_S = 0.004  # an order's commit and request need the interpreter first, then its row is painted


class Frame:
    """Calls ``flush`` at most once a frame, on the running event loop, after :meth:`request`."""

    def __init__(self, flush: Callable[[], None], seconds: float = FRAME_S) -> None:
        self._flush = flush
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._began = float("-inf")
        self._closed = False

    def request(self) -> None:
        """Flush soon, but not before the frame that the last flush began has ended; asking again before that
        changes nothing."""
        if self._timer is not None or self._closed:
            return
        loop = asyncio.get_running_loop()
        wait = max(self._began + self._seconds - loop.time(), _HEAD_START_S)
        self._timer = loop.call_later(wait, self._run)

    def close(self) -> None:
        """Forget what is waiting; later requests do nothing."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _run(self) -> None:
        self._timer = None
        self._began = asyncio.get_running_loop().time()
        self._flush()
