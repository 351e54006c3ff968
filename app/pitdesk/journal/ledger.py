"""What the journal's thread does with the open file: intents, states, actions, and reading them back."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.journal.chain import first_break
from pitdesk.journal.damage import ACKNOWLEDGED, KIND, Damage, acknowledged, damages_of
from pitdesk.journal.records import (
    JournaledIntent,
    JournalError,
    JournalEvent,
    draft_to_json,
    intent_from_row,
)
from pitdesk.journal.states import LIVE_STATES, UNPLACED_STATES, IntentState, next_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pitdesk.clock import Clock
    from pitdesk.journal.records import OpenReport
    from pitdesk.journal.store import Store
    from pitdesk.orders import Intent

_ASKED_AT_ONCE = 500
_INTENTS = (
    "SELECT *, (SELECT max(server_ts_ms) FROM event WHERE subject = client_order_id) AS said_ms FROM intent"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A state to be recorded of one intent, and why."""

    client_order_id: str
    state: IntentState
    cause: str
    order_id: str | None = None
    http_status: int | None = None
    server_ts_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """An intent about to be sent, with the exact bytes, where to, and under which key."""

    intent: Intent
    body: bytes
    environment: str
    key_id: str
    server_offset_ms: int


@dataclass(frozen=True, slots=True)
class ActionStep:
    """One step of a cancel, amend or decrease. ``data`` says what was asked, as JSON or plain text."""

    action_id: str
    kind: str
    state: IntentState
    cause: str
    order_id: str | None = None
    http_status: int | None = None
    data: str = ""


class Ledger:
    """Blocking; only for the journal's own thread. Raises :class:`JournalError` for the disk."""

    def __init__(self, store: Store, clock: Clock, run_id: str) -> None:
        self._store = store
        self._clock = clock
        self._run_id = run_id

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def begin_run(self) -> None:
        """Note that the program was started: also the proof that the file can be written."""
        with self._store.transaction():
            self._store.append(
                subject=self._run_id, kind="run", to_state="OPENED", cause="start", **self._now()
            )

    def write_intent(self, sent: Submission) -> None:
        """Make an intent durable as SUBMITTED."""
        self.write_intents((sent,))

    def write_intents(self, sent: Sequence[Submission]) -> None:
        """Make all of them durable as SUBMITTED in one transaction, or none."""
        try:
            with self._store.transaction() as connection:
                for place, one in enumerate(sent):
                    self._write_intent(connection, one, place)
        except sqlite3.IntegrityError as error:
            raise JournalError("An order with this id was written down before.") from error

    def last_batch(self) -> int:
        """The number of the last batch written down; 0 where there is none."""
        return int(self._store.read("SELECT coalesce(max(batch), 0) FROM intent")[0][0])

    def intents_of_batch(self, batch: int) -> tuple[JournaledIntent, ...]:
        """The intents of one batch, in their order."""
        rows = self._store.read(f"{_INTENTS} WHERE batch = ? ORDER BY batch_place", (batch,))
        return tuple(intent_from_row(row) for row in rows)

    def write_statement(self, said: Statement) -> None:
        """Record one state; raises :class:`JournalError` for an intent that was never written down."""
        if self.write_notes((said,)):
            raise JournalError(f"The journal holds no order {said.client_order_id}.")

    def write_notes(self, said: Sequence[Statement | ActionStep]) -> list[str]:
        """Record many in one transaction; the ids of which no intent is held are returned."""
        missing = []
        with self._store.transaction() as connection:
            for one in said:
                if isinstance(one, ActionStep):
                    self._write_action(one)
                elif not self._write_statement(connection, one):
                    missing.append(one.client_order_id)
        return missing

    def unseen_damages(self, report: OpenReport, environment: str) -> tuple[Damage, ...]:
        """What is damaged, and was not acknowledged for ``environment``."""
        seen = acknowledged(self._store, environment)
        return tuple(each for each in damages_of(self._store.path, report) if each.name not in seen)

    def acknowledge(self, damages: Sequence[Damage], environment: str) -> None:
        """Write down that the person knows."""
        with self._store.transaction():
            for damage in damages:
                self._store.append(
                    subject=damage.name,
                    kind=KIND,
                    to_state=ACKNOWLEDGED,
                    cause=environment,
                    data=str(damage.file),
                    **self._now(),
                )

    def write_action(self, step: ActionStep) -> None:
        """Record a step of an action."""
        with self._store.transaction():
            self._write_action(step)

    def intents_in(self, environment: str, states: Sequence[IntentState]) -> tuple[JournaledIntent, ...]:
        """Intents of one environment in any of ``states``, oldest first."""
        marks = ",".join("?" * len(states))
        query = f"{_INTENTS} WHERE environment = ? AND state IN ({marks}) ORDER BY id"
        rows = self._store.read(query, (environment, *(state.value for state in states)))
        return tuple(intent_from_row(row) for row in rows)

    def live(
        self, environment: str, limit: int, after: int
    ) -> tuple[tuple[JournaledIntent, ...], int | None]:
        """Up to ``limit`` intents acknowledged and not ended, oldest first, and the number of the last."""
        marks = ",".join("?" * len(LIVE_STATES))
        # By number, not by state: each part begins where the one before ended, without sorting them all.
        query = f"{_INTENTS} WHERE id > ? AND +environment = ? AND +state IN ({marks}) ORDER BY id LIMIT ?"
        rows = self._store.read(query, (after, environment, *(state.value for state in LIVE_STATES), limit))
        last = rows[-1]["id"] if len(rows) == limit else None
        return tuple(intent_from_row(row) for row in rows), last

    def never_placed(
        self, environment: str, limit: int, before: int | None
    ) -> tuple[tuple[JournaledIntent, ...], int | None]:
        """Up to ``limit`` intents that ended without an order, newest first, and the number of the last."""
        marks = ",".join("?" * len(UNPLACED_STATES))
        query = (
            f"{_INTENTS} WHERE environment = ? AND state IN ({marks}) AND (? IS NULL OR id < ?) "
            "ORDER BY id DESC LIMIT ?"
        )
        states = (state.value for state in UNPLACED_STATES)
        rows = self._store.read(query, (environment, *states, before, before, limit))
        last = rows[-1]["id"] if len(rows) == limit else None
        return tuple(intent_from_row(row) for row in rows), last

    def find(self, wanted: Sequence[str]) -> dict[str, JournaledIntent]:
        """Intents by client order id; ids not held are left out."""
        return {held.intent.client_order_id: held for held in self._find("client_order_id", wanted)}

    def find_orders(self, wanted: Sequence[str]) -> dict[str, JournaledIntent]:
        """Intents by the exchange's order id; orders that are none of ours are left out."""
        return {held.order_id: held for held in self._find("order_id", wanted) if held.order_id}

    def _find(self, column: str, wanted: Sequence[str]) -> Iterator[JournaledIntent]:
        for start in range(0, len(wanted), _ASKED_AT_ONCE):
            some = tuple(wanted[start : start + _ASKED_AT_ONCE])
            marks = ",".join("?" * len(some))
            for row in self._store.read(f"{_INTENTS} WHERE {column} IN ({marks})", some):
                yield intent_from_row(row)

    def history(self, limit: int) -> tuple[JournalEvent, ...]:
        """The last lines, newest first."""
        query = (
            "SELECT seq, subject, kind, at_ms, from_state, to_state, cause, order_id, http_status, data "
            "FROM event ORDER BY seq DESC LIMIT ?"
        )
        return tuple(JournalEvent(*row) for row in self._store.read(query, (limit,)))

    def first_break(self) -> int | None:
        """The first line whose chain does not hold."""
        return first_break(self._store.connection)

    def _write_intent(self, connection: sqlite3.Connection, sent: Submission, place: int) -> None:
        row = self._intent_row(sent, place)
        names, marks = ",".join(row), ",".join("?" * len(row))
        insert = f"INSERT INTO intent ({names}) VALUES ({marks})"  # noqa: S608 (fixed names)
        connection.execute(insert, tuple(row.values()))
        batch = "" if sent.intent.batch is None else f" {sent.intent.batch}"
        self._store.append(
            subject=sent.intent.client_order_id,
            kind="intent",
            from_state=IntentState.DRAFTED.value,
            to_state=IntentState.SUBMITTED.value,
            cause=f"{sent.environment} {sent.intent.source.name}{batch} body {row['body_sha256']}",
            data=str(row["draft"]),
            **self._now(),
        )

    def _intent_row(self, sent: Submission, place: int) -> dict[str, str | int | None]:
        intent, now = sent.intent, self._now()
        return {
            "client_order_id": intent.client_order_id,
            "environment": sent.environment,
            "key_id_hash": hashlib.sha256(sent.key_id.encode()).hexdigest()[:16],
            "ticker": intent.draft.ticker,
            "book_side": intent.draft.book_side.value,
            "yes_price": intent.draft.yes_price.to_wire(),
            "count": intent.draft.count.to_wire(),
            "draft": draft_to_json(intent.draft),
            "source": intent.source.name,
            "created_ms": intent.created_ms,
            "body_sha256": hashlib.sha256(sent.body).hexdigest(),
            "state": IntentState.SUBMITTED.value,
            "sent_wall_ms": now["at_ms"],
            "sent_mono_ns": now["mono_ns"],
            "run_id": self._run_id,
            "server_offset_ms": sent.server_offset_ms,
            "last_cause": "submitted",
            "batch": intent.batch,
            "batch_place": None if intent.batch is None else place,
        }

    def _write_action(self, step: ActionStep) -> None:
        self._store.append(
            subject=step.action_id,
            kind=step.kind,
            to_state=step.state.value,
            cause=step.cause,
            order_id=step.order_id,
            http_status=step.http_status,
            data=step.data,
            **self._now(),
        )

    def _write_statement(self, connection: sqlite3.Connection, said: Statement) -> bool:
        query = "SELECT state, order_id FROM intent WHERE client_order_id = ?"
        held = connection.execute(query, (said.client_order_id,)).fetchone()
        if held is None:
            return False
        before = IntentState(held["state"])
        after = next_state(before, said.state)
        if after is None and (said.order_id is None or held["order_id"] is not None):
            return True
        state = (after or before).value
        connection.execute(
            "UPDATE intent SET state = ?, order_id = coalesce(order_id, ?), last_cause = ? "
            "WHERE client_order_id = ?",
            (state, said.order_id, said.cause, said.client_order_id),
        )
        self._store.append(
            subject=said.client_order_id,
            kind="state",
            from_state=before.value,
            to_state=state,
            cause=said.cause,
            order_id=said.order_id,
            http_status=said.http_status,
            server_ts_ms=said.server_ts_ms,
            **self._now(),
        )
        return True

    def _now(self) -> dict[str, int | str]:
        return {"at_ms": self._clock.wall_ms(), "mono_ns": time.monotonic_ns(), "run_id": self._run_id}
