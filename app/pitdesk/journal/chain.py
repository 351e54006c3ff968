"""The chain over the journal's lines: each carries the hash of the one before, so that an edit shows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

GENESIS = "0" * 64
_FIELDS = (
    "seq",
    "subject",
    "kind",
    "at_ms",
    "mono_ns",
    "run_id",
    "from_state",
    "to_state",
    "cause",
    "order_id",
    "http_status",
    "server_ts_ms",
    "data",
)
LINE_COLUMNS = (*_FIELDS, "prev_hash", "hash")


def line_hash(values: tuple[object, ...], prev_hash: str) -> str:
    """The hash of one line: its fields in order, and the hash before it."""
    text = json.dumps([*values, prev_hash], separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def first_break(connection: sqlite3.Connection, last: int | None = None) -> int | None:
    """The number of the first line whose hash or place is wrong, None when the chain holds.

    ``last`` looks only at that many lines from the end, trusting the one before them.
    """
    newest = connection.execute("SELECT max(seq) FROM event").fetchone()[0] or 0
    start = 1 if last is None else max(1, newest - last + 1)
    prev_hash = GENESIS
    if start > 1:
        held = connection.execute("SELECT hash FROM event WHERE seq = ?", (start - 1,)).fetchone()
        if held is None:
            return start - 1
        prev_hash = held[0]
    expected = start
    names = ",".join(LINE_COLUMNS)
    query = f"SELECT {names} FROM event WHERE seq >= ? ORDER BY seq"  # noqa: S608 (fixed names)
    for row in connection.execute(query, (start,)):
        *values, before, found = tuple(row)
        if values[0] != expected or before != prev_hash or found != line_hash(tuple(values), before):
            return expected
        prev_hash = found
        expected += 1
    return None
