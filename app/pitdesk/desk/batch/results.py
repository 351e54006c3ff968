"""What became of the rows of a batch, and the sentences that say it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pitdesk.desk.batch.verdicts import Remark
    from pitdesk.orders import OrderDraft
    from pitdesk.quantities import Dollars


class RowEnd(Enum):
    """How one row of a batch stands. ``NOT_SENT``, ``REFUSED`` and ``NEVER_ARRIVED`` may be sent again."""

    WAITING = "waiting"
    PLACED = "placed"
    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    NOT_SENT = "not sent"

    @property
    def may_be_sent_again(self) -> bool:
        """Proven not to be live."""
        return self in (RowEnd.REFUSED, RowEnd.NOT_SENT)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What the Result column shows. ``key`` is the row of the blotter, and the client order id."""

    end: RowEnd
    text: str
    key: str
    batch: int

    @property
    def may_rest(self) -> bool:
        """Whether there may be anything to cancel."""
        return self.end is RowEnd.UNCONFIRMED or "resting" in self.text.casefold()


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """One row on its way: as the verdict showed it. ``client_order_id`` only where one was typed; ``all_in``
    is what it was to cost at most."""

    row_id: int
    draft: OrderDraft
    client_order_id: str | None = None
    all_in: Dollars | None = None


@dataclass(frozen=True, slots=True)
class SentAs:
    """What a row goes under: its client order id, the number of its batch, and what it was to cost."""

    key: str
    batch: int
    all_in: Dollars | None = None


@dataclass(frozen=True, slots=True)
class SentOrder:
    """What was sent of a row. ``all_in``: what it was to cost at most then, None where that is not known."""

    draft: OrderDraft
    all_in: Dollars | None = None


class BatchEnd(Enum):
    """How a press ended. ``DENIED``: not begun, by a limit, the gate, the disk, or because one is running."""

    SENT = "sent"
    STOPPED = "stopped"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """The end of one sending. ``sentence`` counts every kind; the ids are of the sheet's rows.

    ``questions``: why it was denied, where limits ask first: send again with ``confirmed=True``.
    """

    end: BatchEnd
    sentence: str
    batch: int | None = None
    placed: tuple[int, ...] = ()
    refused: tuple[int, ...] = ()
    unconfirmed: tuple[int, ...] = ()
    not_sent: tuple[int, ...] = ()
    questions: tuple[Remark, ...] = ()

    @property
    def needs_confirmation(self) -> bool:
        """Denied only because limits ask first."""
        return self.end is BatchEnd.DENIED and bool(self.questions)


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far a sending is. ``done`` counts rows whose fate this sending has told, of ``total``.

    ``stopping``: asked to stop after the request in flight. ``seconds_left`` by the write budget.
    """

    batch: int
    done: int
    total: int
    stopping: bool = False
    finished: bool = False
    seconds_left: float = 0.0

    @property
    def text(self) -> str:
        """``Sending 5 of 8``."""
        return f"Sending {self.done} of {self.total}"


def counted(ends: Iterable[RowEnd]) -> str:
    """``17 placed, 2 refused, 1 unconfirmed``: every kind that there is, never a bare success."""
    counts = Counter(ends)
    said = [
        f"{counts[end]:,} {end.value}"
        for end in (RowEnd.PLACED, RowEnd.REFUSED, RowEnd.UNCONFIRMED, RowEnd.NOT_SENT)
        if counts[end]
    ]
    return ", ".join(said) if said else "nothing was sent"
