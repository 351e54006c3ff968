"""The store of the account's orders: every one that lives, and those that lately ended.

Rows are immutable; each change replaces one row and costs the same whether ten or 200,000 orders rest. Those
who look are told once a frame which keys were added, updated and removed.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from pitdesk.clock import Clock
from pitdesk.desk.blotter_row import BlotterRow, RowPhase, row_of_intent, row_of_order, row_updated
from pitdesk.desk.closing_orders import with_closing
from pitdesk.desk.fills_due import FillsDue
from pitdesk.desk.frames import ORDER_HEAD_START_S, Frame
from pitdesk.desk.open_sums import OpenSums
from pitdesk.events import Listeners
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars

if TYPE_CHECKING:
    from collections.abc import Iterable, KeysView, Mapping

    from pitdesk.orders import Intent, Order

__all__ = ["Blotter", "BlotterChanges", "BlotterRow", "RowPhase"]

ENDED_KEPT = 5_000
ENDED_KEPT_S = 60.0
"""No row is forgotten sooner: an answer that was read before its order ended would bring it back to life."""
_ASKED_KEPT = 1_000
_LEAVING = frozenset({RowPhase.SENDING, RowPhase.AMENDING, RowPhase.CANCELING})


@dataclass(frozen=True, slots=True)
class BlotterChanges:
    """What one frame changed, and in which markets. A row that came and went within the frame is in none of
    the three."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    tickers: frozenset[str] = frozenset()


class Blotter:
    """Orders by key: our client order id, or the exchange's order id for those placed elsewhere."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.changed: Listeners[BlotterChanges] = Listeners()
        self.moved: Listeners[BlotterRow] = Listeners()
        """Told at once, in the same call, each time the exchange's word moved a row's order."""
        self.ended: Listeners[tuple[BlotterRow, ...]] = Listeners()
        """Told the rows that ended in a frame, those too that came in the same one."""
        self.asked: Listeners[Intent] = Listeners()
        """Told at once each intent that is about to be sent."""
        self.sums = OpenSums()
        self.due = FillsDue(self.sums)
        self._working: dict[str, BlotterRow] = {}
        self._ended: dict[str, BlotterRow] = {}
        self._ended_at: deque[tuple[float, str]] = deque()
        self._by_order_id: dict[str, str] = {}
        self._by_ticker: dict[str, dict[str, None]] = {}
        self._known: dict[str, Intent] = {}
        self._clock = clock or Clock()
        self._asked: deque[tuple[float, str]] = deque(maxlen=_ASKED_KEPT)
        self._phases: Counter[RowPhase] = Counter()
        self._committed = DOLLARS_ZERO
        self._held: dict[str, Count] = {}
        self._unallotted: set[str] = set()
        self._added: dict[str, None] = {}
        self._updated: dict[str, None] = {}
        self._moved_in: set[str] = set()
        self._frame = Frame(self.flush)

    # What is held

    def row(self, key: str) -> BlotterRow | None:
        """The row, whether it lives or lately ended."""
        return self._working.get(key) or self._ended.get(key)

    def by_order_id(self, order_id: str) -> BlotterRow | None:
        """The row of the exchange's order id."""
        key = self._by_order_id.get(order_id)
        return self.row(key) if key is not None else None

    def working(self) -> Mapping[str, BlotterRow]:
        """A live view of the rows that have not ended, in the order they came.

        A row that ends stays here until the change set that names it as removed.
        """
        return MappingProxyType(self._working)

    @property
    def working_keys(self) -> KeysView[str]:
        """The keys of :meth:`working`."""
        return self._working.keys()

    def own_orders(self, ticker: str) -> list[BlotterRow]:
        """The rows of one market that have not ended, in the order they came."""
        rows = (self._working[key] for key in self._by_ticker.get(ticker, ()))
        return [row for row in rows if not row.phase.is_final]

    def committed(self) -> Dollars:
        """Cash held back by everything that may still execute and does not close what is held, the
        unconfirmed in full."""
        self._allot()
        return self._committed

    def count(self, phase: RowPhase) -> int:
        """Rows in a phase that is not final."""
        return self._phases[phase]

    def keys_in(self, phase: RowPhase) -> tuple[str, ...]:
        """The keys in one phase; looks at every row, so not for each frame unless :meth:`count` says any."""
        if not self._phases[phase]:
            return ()
        return tuple(key for key, row in self._working.items() if row.phase is phase)

    def asked_within(self, seconds: float) -> list[tuple[BlotterRow, float]]:
        """The rows of what was asked here no longer ago, ended ones included, each with its age in seconds;
        newest first. By a clock that never steps."""
        rows, now = [], self._clock.monotonic()
        for at, key in reversed(self._asked):
            if now - at > seconds:
                break
            row = self.row(key)
            if row is not None:
                rows.append((row, now - at))
        return rows

    # What changes it

    def remember(self, intents: Iterable[Intent]) -> None:
        """Intents of ours whose orders may still be met: gives such a row its source, verb and key."""
        for intent in intents:
            self._known[intent.client_order_id] = intent

    def knows(self, client_order_id: str) -> bool:
        """Whether the id is of an intent of ours that is held or remembered."""
        return client_order_id in self._known or self.row(client_order_id) is not None

    def add_intent(self, intent: Intent, phase: RowPhase = RowPhase.SENDING, note: str = "") -> BlotterRow:
        """The row of an order about to be sent, or found unconfirmed in the journal."""
        row = row_of_intent(intent, phase, note)
        self._asked.append((self._clock.monotonic(), intent.client_order_id))
        self._put(row)
        if phase is RowPhase.SENDING:
            self.asked.emit(intent)
        return row

    def apply_order(self, said: Order) -> BlotterRow:
        """Take in what the exchange says of one order; returns its row as it now is."""
        held = self._find(said)
        if held is None:
            row = row_of_order(said, self._known.pop(said.client_order_id, None))
        else:
            row = row_updated(held, said)
            if row is held:
                return held
        self._put(row)
        self.moved.emit(row)
        return row

    def set_phase(self, key: str, phase: RowPhase, note: str = "") -> BlotterRow | None:
        """Say what we do about a row, and in ``note`` what went otherwise; None when there is no such row."""
        held = self.row(key)
        if held is None:
            return None
        row = replace(held, phase=phase, note=note)
        if row != held:
            self._put(row)
        return row

    def apply_queue(self, ahead: Mapping[str, Count]) -> None:
        """Contracts ahead in the queue, by the exchange's order id."""
        for order_id, count in ahead.items():
            row = self.by_order_id(order_id)
            if row is not None and not row.phase.is_final and row.queue_ahead != count:
                self._put(replace(row, queue_ahead=count))

    def holds(self, ticker: str, count: Count) -> None:
        """What is held of a market, above zero Yes: the orders against it close it."""
        if count:
            self._held[ticker] = count
        else:
            self._held.pop(ticker, None)
        if ticker in self._by_ticker:
            self._unallotted.add(ticker)
            self._request_frame()

    # The frame

    def flush(self) -> None:
        """Tell the listeners now what has changed since the last frame."""
        self._allot()
        removed = [key for key in self._updated if self._working[key].phase.is_final]
        unseen = {key for key in removed if key in self._added}
        over = tuple(self._end(key) for key in removed)
        self._forget_older()
        changes = BlotterChanges(
            added=tuple(key for key in self._added if key not in unseen),
            updated=tuple(key for key in self._updated if key in self._working and key not in self._added),
            removed=tuple(key for key in removed if key not in unseen),
            tickers=frozenset(self._moved_in),
        )
        self._added, self._updated, self._moved_in = {}, {}, set()
        if changes.added or changes.updated or changes.removed:
            self.changed.emit(changes)
        if over:
            self.ended.emit(over)

    def close(self) -> None:
        """No more change sets by themselves."""
        self._frame.close()

    def _allot(self) -> None:
        """Where orders or what is held moved, say again which of the orders close it."""
        for ticker in list(self._unallotted):
            for row in with_closing(self.own_orders(ticker), self._held.get(ticker, COUNT_ZERO)):
                self._put(row)
        self._unallotted.clear()

    def _find(self, said: Order) -> BlotterRow | None:
        held = self.by_order_id(said.order_id)
        if held is not None or not said.client_order_id:
            return held
        ours = self.row(said.client_order_id)
        return ours if ours is not None and ours.order is None else None

    def _put(self, row: BlotterRow) -> None:
        key = row.key
        before = self._working.get(key)
        self.due.order_moved(before or self._ended.get(key), row)
        self._account(before, row)
        if before is None:
            self._ended.pop(key, None)
            self._added[key] = None
            self._by_ticker.setdefault(row.ticker, {})[key] = None
        self._working[key] = row
        self._updated[key] = None
        self._moved_in.add(row.ticker)
        if row.ticker in self._held:
            self._unallotted.add(row.ticker)
        if row.order is not None:
            self._by_order_id[row.order.order_id] = key
        self._request_frame(ORDER_HEAD_START_S if row.phase in _LEAVING else 0.0)

    def _account(self, before: BlotterRow | None, after: BlotterRow) -> None:
        if before is not None:
            self._phases[before.phase] -= 1
            self._committed -= before.committed
        self._phases[after.phase] += 1
        self._committed += after.committed
        self.sums.take(before, after)

    def _end(self, key: str) -> BlotterRow:
        row = self._working.pop(key)
        self._phases[row.phase] -= 1
        of_market = self._by_ticker[row.ticker]
        del of_market[key]
        if not of_market:
            del self._by_ticker[row.ticker]
        self._ended[key] = row
        self._ended_at.append((self._clock.monotonic(), key))
        return row

    def _forget_older(self) -> None:
        until = self._clock.monotonic() - ENDED_KEPT_S
        while len(self._ended_at) > ENDED_KEPT and self._ended_at[0][0] <= until:
            _, key = self._ended_at.popleft()
            row = self._ended.pop(key, None)
            order_id = None if row is None else row.order_id
            if order_id is not None and self._by_order_id.get(order_id) == key:
                del self._by_order_id[order_id]

    def _request_frame(self, after: float = 0.0) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # nobody looks on while no loop runs: the owner flushes
            return
        self._frame.request(after)
