"""One flush a frame: the first change after a quiet while is told at once, what follows it together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME_S = 0.016
ORDER_HEAD_START_S = 0.008
"""Half a frame: a request about to leave needs the interpreter first, and may be answered by then. A row that
is painted meanwhile takes longer than that, and keeps the answer waiting."""

_HEAD_START_S = 0.004


class Frame:
    """Calls ``flush`` at most once a frame, on the running event loop, after :meth:`request`."""

    def __init__(self, flush: Callable[[], None], seconds: float = FRAME_S) -> None:
        self._flush = flush
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._after = 0.0
        self._began = float("-inf")
        self._closed = False

    def request(self, after: float = _HEAD_START_S) -> None:
        """Flush in ``after`` seconds, but not before the frame that the last flush began has ended. Asking
        again before that changes nothing, unless it asks for sooner."""
        if self._closed or (self._timer is not None and after >= self._after):
            return
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._after = after
        self._timer = loop.call_later(max(self._began + self._seconds - loop.time(), after), self._run)

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
