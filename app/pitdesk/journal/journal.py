"""The journal as the desk uses it: awaited writes on a thread of its own, never on the interface's."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from pitdesk.clock import Clock
from pitdesk.events import Listeners
from pitdesk.journal.ledger import ActionStep, Ledger, Statement, Submission
from pitdesk.journal.records import JournaledIntent, JournalError, JournalEvent, OpenReport
from pitdesk.journal.states import OPEN_STATES, IntentState, StateError
from pitdesk.journal.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pitdesk.journal.damage import Damage
    from pitdesk.orders import Intent

Result = TypeVar("Result")


class Journal:
    """Intents and everything that became of them, in one SQLite file (WAL, synchronous FULL).

    What is awaited is durable when it returns, or raises :class:`JournalError`. :meth:`note` is for what may
    be learned again from the exchange: written soon, in order, and a failure is told to ``failed``.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.failed: Listeners[str] = Listeners()
        self._clock = clock or Clock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._ledger: Ledger | None = None
        self._report = OpenReport(usable=False, sentence="The journal is not open yet.")
        self._waiting: deque[Statement | ActionStep] = deque()
        self._notes_asked_for = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    async def open(self, path: Path) -> OpenReport:
        """Open or create the file at ``path``. Never raises for the disk: the report says what is wrong."""
        self._loop = asyncio.get_running_loop()
        self._report = await self._on_thread(lambda: self._open(path))
        return self._report

    @property
    def is_usable(self) -> bool:
        """Whether intents can be written, so that orders may be sent."""
        return self._report.usable and not self._closed

    async def close(self) -> None:
        """Write what is still waiting, close the file and end the thread. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        await self._on_thread(self._close)
        self._pool.shutdown(wait=False)

    async def write_intent(
        self, intent: Intent, body: bytes, environment: str, key_id: str = "", server_offset_ms: int = 0
    ) -> None:
        """Make ``intent`` durable as SUBMITTED, with the hash of the exact bytes to be sent.

        Raises :class:`JournalError`: then it is not durable and must not be sent.
        """
        await asyncio.shield(
            asyncio.wrap_future(self.begin_intent(intent, body, environment, key_id, server_offset_ms))
        )

    def begin_intent(
        self, intent: Intent, body: bytes, environment: str, key_id: str = "", server_offset_ms: int = 0
    ) -> Future[None]:
        """As :meth:`write_intent`, begun now. Any thread may wait for the future, which carries the error."""
        sent = Submission(intent, body, environment, key_id, server_offset_ms)
        if self._report.usable and not self._closed:
            return self._pool.submit(lambda: self._opened().write_intent(sent))
        refused: Future[None] = Future()
        refused.set_exception(JournalError(self._report.sentence or "The journal is closed."))
        return refused

    async def write_batch(self, sent: Sequence[Submission]) -> None:
        """Make every intent of a batch durable as SUBMITTED, in one transaction and before the first call.

        Raises :class:`JournalError`: then none of them is durable and none may be sent.
        """
        await self._write(lambda ledger: ledger.write_intents(sent))

    async def record_all(self, said: Sequence[Statement]) -> None:
        """As :meth:`record` for many, in one transaction: all of it or nothing."""
        missing = await self._write(lambda ledger: ledger.write_notes(said))
        if missing:
            raise JournalError(f"The journal holds no order {', '.join(missing)}.")

    async def last_batch(self) -> int:
        """The number of the last batch written down, over all environments; 0 where there is none."""
        return await self._read(lambda ledger: ledger.last_batch())

    async def intents_of_batch(self, batch: int) -> tuple[JournaledIntent, ...]:
        """The intents of one batch in their order, as they stand now."""
        return await self._read(lambda ledger: ledger.intents_of_batch(batch))

    async def record(
        self,
        client_order_id: str,
        state: IntentState,
        cause: str,
        *,
        order_id: str | None = None,
        http_status: int | None = None,
        server_ts_ms: int | None = None,
    ) -> None:
        """Make durable that the intent is now in ``state``, because of ``cause``.

        Raises :class:`JournalError` for the disk, :class:`StateError` for a state that must not follow.
        """
        said = Statement(client_order_id, state, cause, order_id, http_status, server_ts_ms)
        await self._write(lambda ledger: ledger.write_statement(said))

    def note(self, said: Statement | ActionStep) -> None:
        """As :meth:`record`, without waiting; many are written together. For what the exchange said."""
        if self._closed:
            return
        self._waiting.append(said)
        if not self._notes_asked_for:
            self._notes_asked_for = True
            self._pool.submit(self._write_notes)

    async def record_action(self, step: ActionStep) -> None:
        """Make durable a step of a cancel, amend or decrease. Raises :class:`JournalError`."""
        await self._write(lambda ledger: ledger.write_action(step))

    async def open_intents(self, environment: str) -> tuple[JournaledIntent, ...]:
        """Intents sent, or about to be, of which nothing is proven; oldest first."""
        return await self._read(lambda ledger: ledger.intents_in(environment, OPEN_STATES))

    async def live_intents(
        self, environment: str, limit: int, after: int = 0
    ) -> tuple[tuple[JournaledIntent, ...], int | None]:
        """Intents acknowledged whose end the journal has not seen, up to ``limit`` of them, oldest first. The
        number is where to go on, as ``after``; None where these are the last."""
        return await self._read(lambda ledger: ledger.live(environment, limit, after))

    async def intents_never_placed(
        self, environment: str, limit: int, before: int | None = None
    ) -> tuple[tuple[JournaledIntent, ...], int | None]:
        """Intents that ended without an order at the exchange, the newest first: refused, not sent, or never
        arrived. The number is where to go on, as ``before``; None where these are the last."""
        return await self._read(lambda ledger: ledger.never_placed(environment, limit, before))

    async def intents_of(self, client_order_ids: Iterable[str]) -> dict[str, JournaledIntent]:
        """What the journal holds of these ids; ids it never saw are left out."""
        wanted = tuple(client_order_ids)
        return await self._read(lambda ledger: ledger.find(wanted)) if wanted else {}

    async def intents_of_orders(self, order_ids: Iterable[str]) -> dict[str, JournaledIntent]:
        """What the journal holds by the exchange's order ids; orders placed elsewhere are left out."""
        wanted = tuple(order_ids)
        return await self._read(lambda ledger: ledger.find_orders(wanted)) if wanted else {}

    async def unseen_damages(self, environment: str) -> tuple[Damage, ...]:
        """What of this journal is damaged and was not acknowledged for ``environment``, the oldest first."""
        return await self._read(lambda ledger: ledger.unseen_damages(self._report, environment))

    async def acknowledge(self, damages: Sequence[Damage], environment: str) -> None:
        """Make durable that the person knows. Raises :class:`JournalError`."""
        await self._write(lambda ledger: ledger.acknowledge(damages, environment))

    async def history(self, limit: int = 500) -> tuple[JournalEvent, ...]:
        """The last lines, newest first."""
        return await self._read(lambda ledger: ledger.history(limit))

    async def first_break(self) -> int | None:
        """The first line of the whole journal whose chain does not hold, None when all of it does."""
        return await self._read(lambda ledger: ledger.first_break())

    def _open(self, path: Path) -> OpenReport:
        store = Store(path)
        report = store.open()
        if not report.usable:
            return report
        ledger = Ledger(store, self._clock, uuid.uuid4().hex)
        try:
            ledger.begin_run()
        except JournalError as error:
            ledger.close()
            return OpenReport(usable=False, sentence=str(error), quarantined=report.quarantined)
        self._ledger = ledger
        return report

    def _close(self) -> None:
        if self._ledger is not None:
            try:
                self._write_notes()
            finally:
                self._ledger.close()
                self._ledger = None

    def _write_notes(self) -> None:
        """On the journal's thread. What is noted from here on asks for another turn."""
        self._notes_asked_for = False
        said = []
        while self._waiting:
            said.append(self._waiting.popleft())
        if not said:
            return
        try:
            trouble = _told(self._opened().write_notes(said))
        except StateError:
            trouble = self._write_each(said)
        except JournalError as error:
            trouble = str(error)
        if trouble and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.failed.emit, trouble)

    def _write_each(self, said: Sequence[Statement | ActionStep]) -> str:
        """One of them must not follow what is held, and took the others with it. Returns what went wrong."""
        troubles = []
        for one in said:
            try:
                troubles.append(_told(self._opened().write_notes((one,))))
            except (JournalError, StateError) as error:
                troubles.append(str(error))
        return " ".join(each for each in troubles if each)

    async def _read(self, work: Callable[[Ledger], Result]) -> Result:
        """Reads see every note made before."""

        def read() -> Result:
            self._write_notes()
            return work(self._opened())

        return await self._on_thread(read)

    async def _write(self, work: Callable[[Ledger], Result]) -> Result:
        if not self._report.usable:
            raise JournalError(self._report.sentence)
        return await self._on_thread(lambda: work(self._opened()))

    async def _on_thread(self, work: Callable[[], Result]) -> Result:
        # Shielded: what the thread has begun ends by itself, it is never half done.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._pool, work))

    def _opened(self) -> Ledger:
        if self._ledger is None:
            raise JournalError(self._report.sentence or "The journal is closed.")
        return self._ledger


def _told(missing: Sequence[str]) -> str:
    return f"The journal holds no order {', '.join(missing)}." if missing else ""
