"""The journal's file: its schema, how it is opened, kept private and put aside when damaged.

Everything here blocks on the disk and runs on the journal's own thread only.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pitdesk.journal.chain import GENESIS, LINE_COLUMNS, first_break, line_hash
from pitdesk.journal.records import JournalError, OpenReport, disk_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA_VERSION = 2
VERIFIED_AT_OPEN = 10_000
_SCHEMA = """
CREATE TABLE intent (
    id INTEGER PRIMARY KEY, client_order_id TEXT UNIQUE NOT NULL, environment TEXT NOT NULL,
    key_id_hash TEXT NOT NULL, ticker TEXT NOT NULL, book_side TEXT NOT NULL, yes_price TEXT NOT NULL,
    count TEXT NOT NULL, draft TEXT NOT NULL, source TEXT NOT NULL, created_ms INTEGER NOT NULL,
    body_sha256 TEXT NOT NULL, state TEXT NOT NULL, sent_wall_ms INTEGER NOT NULL,
    sent_mono_ns INTEGER NOT NULL, run_id TEXT NOT NULL, server_offset_ms INTEGER NOT NULL,
    order_id TEXT, last_cause TEXT NOT NULL, batch INTEGER, batch_place INTEGER);
CREATE INDEX intent_state ON intent (environment, state);
CREATE INDEX intent_order ON intent (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX intent_batch ON intent (batch, batch_place) WHERE batch IS NOT NULL;
CREATE TABLE event (
    seq INTEGER PRIMARY KEY, subject TEXT NOT NULL, kind TEXT NOT NULL, at_ms INTEGER NOT NULL,
    mono_ns INTEGER NOT NULL, run_id TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL,
    cause TEXT NOT NULL, order_id TEXT, http_status INTEGER, server_ts_ms INTEGER, data TEXT NOT NULL,
    prev_hash TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX event_subject ON event (subject, seq);
CREATE TRIGGER event_is_not_edited BEFORE UPDATE ON event
    BEGIN SELECT raise(ABORT, 'the journal is only added to'); END;
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
    BEGIN SELECT raise(ABORT, 'the journal is only added to'); END;
"""

_SINCE_1 = """
ALTER TABLE intent ADD COLUMN batch INTEGER;
ALTER TABLE intent ADD COLUMN batch_place INTEGER;
CREATE INDEX intent_batch ON intent (batch, batch_place) WHERE batch IS NOT NULL;
"""
_CHANGES = {0: _SCHEMA, 1: _SINCE_1}


class Store:
    """One open journal file. Raises :class:`JournalError` with a sentence for what the disk will not do."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file; raises :class:`JournalError` when it is not open."""
        if self._connection is None:
            raise JournalError("The journal is not open.")
        return self._connection

    def open(self) -> OpenReport:
        """Open or create the file. A damaged one is put aside and a new one begun; the report says so."""
        try:
            self._prepare_folder()
            report = self._open_checked()
        except JournalError as error:
            self.close()
            return OpenReport(usable=False, sentence=str(error))
        except (OSError, sqlite3.Error) as error:
            self.close()
            return OpenReport(usable=False, sentence=disk_sentence(error, self.path))
        return report

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing: durable when the block has ended without an error."""
        connection = self.connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.IntegrityError:
            self._roll_back()
            raise
        except sqlite3.Error as error:
            self._roll_back()
            raise JournalError(disk_sentence(error, self.path)) from error
        except BaseException:
            self._roll_back()
            raise

    def read(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        """The rows of a query; raises :class:`JournalError` when the file cannot be read."""
        try:
            return self.connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise JournalError(f"The journal {self.path} could not be read ({error}).") from error

    def append(self, **fields: object) -> int:
        """Add a line inside the running transaction; returns its number. Fields are those of the table."""
        connection = self.connection
        last = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
        seq, prev_hash = (last[0] + 1, last[1]) if last is not None else (1, GENESIS)
        values = tuple(
            seq if name == "seq" else fields.pop(name, "" if name in {"from_state", "data"} else None)
            for name in LINE_COLUMNS[:-2]
        )
        if fields:
            raise TypeError(f"no such fields of a line: {sorted(fields)}")
        marks = ",".join("?" * len(LINE_COLUMNS))
        names = ",".join(LINE_COLUMNS)
        connection.execute(
            f"INSERT INTO event ({names}) VALUES ({marks})",  # noqa: S608 (fixed names)
            (*values, prev_hash, line_hash(values, prev_hash)),
        )
        return seq

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _prepare_folder(self) -> None:
        folder = self.path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            _sync_folder(folder)
        elif os.name == "posix":
            self.path.chmod(0o600)

    def _open_checked(self) -> OpenReport:
        try:
            self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
                raise
            return self._put_aside()
        broken = first_break(self.connection, VERIFIED_AT_OPEN)
        if broken is None:
            return OpenReport(usable=True)
        return OpenReport(
            usable=True,
            tampered_at=broken,
            sentence=f"The journal was changed by something other than Pitdesk at line {broken}. "
            f"It is kept as it is in {self.path}. Compare your orders with the exchange before you trade.",
        )

    def _connect(self) -> None:
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=2.0)
        self._connection = connection
        connection.row_factory = sqlite3.Row
        version = self._demand_version(connection)
        if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise JournalError(f"{self.path.parent} cannot hold a safe journal. Use a local disk.")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync = ON")
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("the journal is malformed")
        if version < SCHEMA_VERSION:
            change = _CHANGES[version]
            connection.executescript(f"BEGIN;{change}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")

    def _demand_version(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > SCHEMA_VERSION:
            raise JournalError(
                f"The journal {self.path} was written by a newer Pitdesk. "
                "Start that version, or move the file away."
            )
        return version

    def _put_aside(self) -> OpenReport:
        self.close()
        stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
        aside = _free_name(self.path, stamp)
        for ending in ("", "-wal", "-shm"):
            part = self.path.with_name(self.path.name + ending)
            if part.exists():
                part.replace(aside.with_name(aside.name + ending))
        self._prepare_folder()
        self._connect()
        report = OpenReport(usable=True, quarantined=aside)
        return replace(
            report,
            sentence=f"The journal was damaged. It is kept as {aside} and a new one was begun. "
            "Compare your orders with the exchange before you trade.",
        )


def _is_damage(error: sqlite3.Error) -> bool:
    text = str(error)
    return "malformed" in text or "not a database" in text or "no such" in text


def _free_name(path: Path, stamp: str) -> Path:
    aside, number = path.with_name(f"{path.name}.bad-{stamp}"), 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.bad-{stamp}-{number}")
    return aside


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
