"""Every task has a name and an owner that holds it, reports its failure and closes it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class TaskOwner:
    """Holds tasks so that none is lost, and tells ``report`` the name and error of each that fails."""

    def __init__(self, report: Callable[[str, BaseException], None]) -> None:
        self._report = report
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    def spawn(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start ``work`` on the running loop. Raises RuntimeError once the owner is closing."""
        if self._closing:
            work.close()
            raise RuntimeError(f"{name} was asked for while closing")
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    @property
    def is_closing(self) -> bool:
        """True once :meth:`drain` or :meth:`close` has begun: nothing new is taken."""
        return self._closing

    async def drain(self, deadline: float) -> list[str]:
        """Take nothing new and wait up to ``deadline`` seconds, canceling nothing; returns what runs on."""
        self._closing = True
        return await self._wait(deadline)

    async def close(self, deadline: float = 3.0) -> list[str]:
        """Cancel everything and wait up to ``deadline`` seconds; the names that were late."""
        self._closing = True
        for task in self._others():
            task.cancel()
        return await self._wait(deadline)

    def _others(self) -> set[asyncio.Task[Any]]:
        return self._tasks - {asyncio.current_task()}

    async def _wait(self, deadline: float) -> list[str]:
        pending = self._others()
        if not pending:
            return []
        _, late = await asyncio.wait(pending, timeout=deadline)
        return sorted(task.get_name() for task in late)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._report(task.get_name(), error)
