"""Reads the account anew whenever what is shown may be old, and says when it may be trusted again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pitdesk.tasks import TaskOwner

_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 15.0


class Resync:
    """One reading at a time. A reading asked for while one runs makes another follow it."""

    def __init__(
        self, owner: TaskOwner, read: Callable[[str], Awaitable[bool]], done: Callable[[], None]
    ) -> None:
        """``read`` reads everything and says whether all was answered; ``done`` is called when a reading that
        began after the last request for one was answered whole."""
        self._owner = owner
        self._read = read
        self._done = done
        self._asked = 0
        self._running = False

    @property
    def is_running(self) -> bool:
        """Whether a reading is under way or waiting to be tried again."""
        return self._running

    def ask(self, reason: str) -> None:
        """Read as soon as may be; ``reason`` goes to the log."""
        self._asked += 1
        if not self._running and not self._owner.is_closing:
            self._running = True
            self._owner.spawn("read the account", self._run(reason))

    async def _run(self, reason: str) -> None:
        try:
            wait = _FIRST_WAIT_S
            while True:
                asked = self._asked
                answered = await self._read(reason)
                if answered and asked == self._asked:
                    break
                if not answered:
                    await asyncio.sleep(wait)
                    wait = min(wait * 2, _LONGEST_WAIT_S)
        finally:
            self._running = False
        self._done()
