"""Nothing is answered or told before it is on disk: facts are committed in groups by one writer thread.

While one transaction runs, the batches that arrive meanwhile wait together and become the next one, so that
many requests share one wait for the disk.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.practice.store import Batch, Store

_LOG = logging.getLogger(__name__)


class Durability:
    """Hands the store's batches to its thread and lets callers wait until theirs is safe.

    ``failed`` is called once when a commit fails: what was matched can then no longer be acknowledged, and
    the exchange has to stop rather than to trade on what it may forget.
    """

    def __init__(self, store: Store, failed: Callable[[BaseException], None]) -> None:
        self._store = store
        self._failed = failed
        self._writer = ThreadPoolExecutor(1, "practice-writer")
        self._waiting: list[Batch] = []
        self._next: asyncio.Future[None] | None = None
        self._running: asyncio.Future[None] | None = None
        self._error: BaseException | None = None

    @property
    def is_settled(self) -> bool:
        """Whether everything taken so far is on disk."""
        return self._running is None and self._error is None

    async def settled(self) -> None:
        """Return once everything said until now is on disk. Raises what the store raised, for ever after."""
        self.take()
        if self._error is not None:
            raise self._error
        last = self._next or self._running
        if last is not None:
            await asyncio.shield(last)

    def take(self, *, everything: bool = False) -> None:
        """Bring what the engine said since the last call on its way to the disk, as one batch.

        Prices alone are no reason to write, unless ``everything`` is wanted.
        """
        batch = self._store.take(everything=everything)
        if batch is None or self._error is not None:
            return
        self._waiting.append(batch)
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
            # Read by whoever waits; where nobody does, the failure is still told through ``failed``.
            self._next.add_done_callback(lambda done: done.exception())
        if self._running is None:
            self._commit()

    def _commit(self) -> None:
        batches, self._waiting = self._waiting, []
        self._running, self._next = self._next, None
        work = asyncio.get_running_loop().run_in_executor(self._writer, self._store.commit, *batches)
        work.add_done_callback(self._committed)

    def _committed(self, work: asyncio.Future[None]) -> None:
        done, self._running = self._running, None
        error = work.exception()
        if error is not None:
            self._fail(error, done)
            return
        if done is not None:
            done.set_result(None)
        if self._waiting:
            self._commit()

    def _fail(self, error: BaseException, done: asyncio.Future[None] | None) -> None:
        self._error = error
        for future in (done, self._next):
            if future is not None:
                future.set_exception(error)
        self._next = None
        _LOG.error("The account could not be written: %s", error)
        self._failed(error)

    async def close(self) -> None:
        """Write what is left, then end the thread and close the store."""
        try:
            self.take(everything=True)
            await self.settled()
        except OSError:
            _LOG.warning("The last changes could not be written.")
        self._writer.shutdown(wait=True)
        self._store.close()
