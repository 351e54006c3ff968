"""A thread for calls that may never return: whoever waits for one can give up, and the program can end."""

from __future__ import annotations

import asyncio
import queue
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_Job = tuple["Future[Any]", "Callable[[], Any]"]


class JobError(Exception):
    """A job raised; its exception is the cause."""


class OwnThread:
    """One job after another, in the order given. Started by the first; never keeps the program alive."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ended: Future[None] = Future()

    async def run(self, job: Callable[[], T], deadline_s: float) -> T:
        """What ``job`` returns. Raises :class:`JobError` for what it raises, and TimeoutError after
        ``deadline_s``: then the job goes on alone, or never begins."""
        if self._thread is None:
            self._ended = Future()
            self._thread = threading.Thread(
                target=self._work, args=(self._ended,), name=self._name, daemon=True
            )
            self._thread.start()
        future: Future[T] = Future()
        self._jobs.put((future, job))
        async with asyncio.timeout(deadline_s):
            return await asyncio.wrap_future(future)

    async def close(self, deadline_s: float = 1.0) -> bool:
        """Take no more and wait for what runs. False where it still runs."""
        thread, self._thread = self._thread, None
        if thread is None:
            return True
        self._jobs.put(None)
        try:
            async with asyncio.timeout(deadline_s):
                await asyncio.wrap_future(self._ended)
        except TimeoutError:
            return False
        thread.join()
        return True

    def _work(self, ended: Future[None]) -> None:
        while (job := self._jobs.get()) is not None:
            future, work = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = work()
            except BaseException as error:  # noqa: BLE001 (foreign code: what it raises is handed on whole)
                failed = JobError()
                failed.__cause__ = error
                future.set_exception(failed)
            else:
                future.set_result(result)
        if ended.set_running_or_notify_cancel():
            ended.set_result(None)
