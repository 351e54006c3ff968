"""What is said of orders that are unconfirmed: one notice for an order sent alone, one for all of a batch."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.notices import Notice, NoticeKind, Notices, Severity
from pitdesk.quantities import DOLLARS_ZERO

if TYPE_CHECKING:
    from pitdesk.desk.blotter import BlotterRow


class UnconfirmedNotices:
    """A batch's notice is said once the rows of a lost request are all counted, and follows their number as
    their fates become known. Needs the running loop."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._batches: dict[int, dict[str, BlotterRow]] = {}
        self._batch_of: dict[str, int] = {}
        self._stale: set[int] = set()

    def began(self, row: BlotterRow) -> None:
        """``row`` was sent, and its fate is not known."""
        batch = row.intent.batch if row.intent is not None else None
        if batch is None:
            self._notices.say(_alone(row))
            return
        self._batch_of[row.key] = batch
        self._batches.setdefault(batch, {})[row.key] = row
        self._tell_soon(batch)

    def ended(self, key: str) -> None:
        """Its fate is known, or nobody looks for it any more."""
        batch = self._batch_of.pop(key, None)
        if batch is None:
            self._notices.clear(_key_of(key))
            return
        del self._batches[batch][key]
        self._tell_soon(batch)

    def _tell_soon(self, batch: int) -> None:
        """Rows come and go many in one turn of the loop: they are told together after it."""
        if not self._stale:
            asyncio.get_running_loop().call_soon(self._tell)
        self._stale.add(batch)

    def _tell(self) -> None:
        stale, self._stale = self._stale, set()
        for batch in sorted(stale):
            rows = tuple(self._batches[batch].values())
            if rows:
                self._notices.say(_together(batch, rows))
            else:
                del self._batches[batch]
                self._notices.clear(_batch_key(batch))


def _key_of(key: str) -> str:
    return f"unconfirmed {key}"


def _batch_key(batch: int) -> str:
    return f"unconfirmed batch {batch}"


def _alone(row: BlotterRow) -> Notice:
    return Notice(
        f"Not confirmed, may be live: {row.sentence()}.",
        f"It can cost up to {row.committed}. Pitdesk is checking with the exchange; do not send it again.",
        row.ticker,
        Severity.WARNING,
        key=_key_of(row.key),
        kind=NoticeKind.UNCONFIRMED,
    )


def _together(batch: int, rows: tuple[BlotterRow, ...]) -> Notice:
    if len(rows) == 1:
        headline, they = f"Not confirmed, may be live: {rows[0].sentence()} of batch {batch}.", "It"
    else:
        headline, they = (
            f"Not confirmed, may be live: {len(rows):,} orders of batch {batch}.",
            "Together they",
        )
    cost = sum((row.committed for row in rows), DOLLARS_ZERO)
    return Notice(
        headline,
        f"{they} can cost up to {cost}. Pitdesk is checking with the exchange; do not send the batch again.",
        "  ".join(dict.fromkeys(row.ticker for row in rows[:20])),
        Severity.WARNING,
        key=_batch_key(batch),
        kind=NoticeKind.UNCONFIRMED,
    )
