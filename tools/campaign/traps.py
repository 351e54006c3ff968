"""The named points at which a desk is killed, and where they are in the program."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Lead = tuple[tuple[str, str], ...]
_LEADS: dict[str, Lead] = {
    "SUBMITTED": (),
    "ACKED": (("submit", ""),),
    "UNKNOWN": (("submit", "refuse_then_reset"), ("batch", "html_page")),
    "REJECTED": (("submit", "too_many_requests"), ("batch", "too_many_requests")),
    "NOT_SENT": (("submit", "unreachable"), ("batch", "unreachable")),
    "NOT_PLACED": (("submit", "refuse_then_reset"), ("batch", "refuse_then_reset")),
    "a change": (("submit", ""), ("amend", ""), ("cancel", "")),
}
_SCAN: Lead = (("submit", "refuse_then_reset"),)
POINTS: dict[str, Lead] = {
    **{f"{when} commit of {what}": lead for what, lead in _LEADS.items() for when in ("before", "after")},
    "before the request": (),
    "on the wire": (),
    "after the reply": (),
    "before a scan": _SCAN,
    "after a scan": _SCAN,
    "before telling": (),
    "after telling": (),
    "while recovering": (),
}
"""Each point, and the steps with their faults that lead to it."""


class Trap:
    """Kills the process, from whatever thread, at the nth time that the armed point is reached."""

    def __init__(self, point: str, nth: int) -> None:
        self._point = point
        self._left = nth
        self._lock = threading.Lock()
        self.is_armed = point == "while recovering"

    def reach(self, point: str) -> None:
        """The program is at ``point``."""
        if not self.is_armed or point != self._point:
            return
        with self._lock:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


def lay(trap: Trap) -> None:
    """Lay the trap into this process, for good."""
    _into_the_journal(trap)
    _into_the_transport(trap)
    _into_the_reconciler(trap)


def _into_the_journal(trap: Trap) -> None:
    """Inside the transaction right before COMMIT, and right after it, on the journal's thread."""
    from pitdesk.journal import journal
    from pitdesk.journal.store import Store

    class TrappedStore(Store):
        def __init__(self, path: Path) -> None:
            super().__init__(path)
            self._what: set[str] = set()

        @contextmanager
        def transaction(self) -> Iterator[Any]:
            self._what.clear()
            with super().transaction() as connection:
                yield connection
                for what in self._what:
                    trap.reach(f"before commit of {what}")
            for what in self._what:
                trap.reach(f"after commit of {what}")

        def append(self, **fields: object) -> int:
            is_order = fields.get("kind") in ("intent", "state")
            self._what.add(str(fields.get("to_state")) if is_order else "a change")
            return super().append(**fields)

    journal.Store = TrappedStore  # type: ignore[attr-defined,misc]


def _into_the_transport(trap: Trap) -> None:
    from pitdesk.kalshi.transport import attempt, lane

    writing = threading.local()
    perform, connected = lane.Lane.perform, attempt.Attempt.connected

    def trapped(self: Any, call: Any, *others: Any) -> Any:
        writing.now = call.is_write
        if call.is_write:
            trap.reach("before the request")
        said = perform(self, call, *others)
        if call.is_write:
            trap.reach("after the reply")
        return said

    def watched(self: Any, connection: Any) -> None:
        connected(self, connection)
        if getattr(writing, "now", False):
            trap.reach("on the wire")
            # A kill a moment later finds the request sent and the answer under way.
            threading.Timer(0.002, trap.reach, ["on the wire"]).start() if trap.is_armed else None

    lane.Lane.perform = trapped  # type: ignore[method-assign,assignment]
    attempt.Attempt.connected = watched  # type: ignore[method-assign]


def _into_the_reconciler(trap: Trap) -> None:
    from pitdesk.desk import look_up, reconciler

    look, recover = look_up.LookUp._look, reconciler.Reconciler.recover

    async def looked(self: Any, search: Any) -> bool:
        trap.reach("before a scan")
        found = await look(self, search)
        trap.reach("after a scan")
        return found

    async def recovered(self: Any) -> None:
        await recover(self)
        trap.reach("while recovering")

    look_up.LookUp._look = looked  # type: ignore[method-assign]
    reconciler.Reconciler.recover = recovered  # type: ignore[method-assign]
