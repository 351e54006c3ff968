"""One flush a frame: whatever changes within 33 ms reaches its listeners together."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FRAME_S = 0.033


class Frame:
    """Calls ``flush`` at most once a frame, on the running event loop, after :meth:`request`."""

    def __init__(self, flush: Callable[[], None], seconds: float = FRAME_S) -> None:
        self._flush = flush
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def request(self) -> None:
        """Flush at the end of this frame; asking again within the frame changes nothing."""
        if self._timer is None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._run)

    def close(self) -> None:
        """Forget what is waiting; later requests do nothing."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _run(self) -> None:
        self._timer = None
        self._flush()
