"""One flush a frame: the first change after a quiet while is told at once, what follows it together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME_S = 0.016


class Frame:
    """Calls ``flush`` at most once a frame, on the running event loop, after :meth:`request`."""

    def __init__(self, flush: Callable[[], None], seconds: float = FRAME_S) -> None:
        self._flush = flush
        self._seconds = seconds
        self._timer: asyncio.Handle | None = None
        self._began = float("-inf")
        self._closed = False

    def request(self) -> None:
        """Flush at the next turn of the loop, or at the end of the frame that the last flush began; asking
        again before that changes nothing."""
        if self._timer is not None or self._closed:
            return
        loop = asyncio.get_running_loop()
        wait = self._began + self._seconds - loop.time()
        self._timer = loop.call_later(wait, self._run) if wait > 0 else loop.call_soon(self._run)

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
