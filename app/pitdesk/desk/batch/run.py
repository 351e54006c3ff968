"""One batch on its way: its rows, how far it is, and what became of each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pitdesk.desk.batch.results import BatchOrder, RowEnd
from pitdesk.orders import Intent, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.desk.blotter import BlotterRow
    from pitdesk.orders import OrderDraft

_PHASE_ENDS = {
    "SENDING": RowEnd.WAITING,
    "UNCONFIRMED": RowEnd.UNCONFIRMED,
    "REFUSED": RowEnd.REFUSED,
    "NOT_SENT": RowEnd.NOT_SENT,
}


@dataclass(slots=True)
class BatchRun:
    """Created once for one press; ``waiting`` are the intents that no request has taken yet, in order.

    ``stop``: why no further request is to leave, empty while they go on.
    """

    number: int
    intents: tuple[Intent, ...]
    began: float
    waiting: list[Intent] = field(default_factory=list)
    told: int = 0
    stop: str = ""
    stopped_by_person: bool = False

    def goes_on(self) -> bool:
        """Whether further requests are to leave."""
        return not self.stop

    def end(self, why: str) -> None:
        """Send no further request because of ``why``; the first reason counts, an empty one none."""
        self.stop = self.stop or why

    def stop_by_person(self, why: str) -> None:
        """As :meth:`end`, because the person asked for it."""
        self.stopped_by_person = True
        self.end(why)

    @property
    def total(self) -> int:
        """How many orders it has."""
        return len(self.intents)


def intent_of(order: BatchOrder, number: int, now_ms: int, own: Callable[[OrderDraft], OrderDraft]) -> Intent:
    """The intent of an order with an id of its own, fixed here and once, its draft as it is sent."""
    key = order.client_order_id or str(uuid.uuid4())
    return Intent(key, own(order.draft), Source.BATCH, now_ms, number)


def end_of(row: BlotterRow) -> RowEnd:
    """How a row of the blotter stands, as a batch counts it."""
    if row.order is not None:
        return RowEnd.PLACED
    return _PHASE_ENDS.get(row.phase.name, RowEnd.PLACED)


def text_of(row: BlotterRow) -> str:
    """What the Result column shows: ``Resting``, ``45 filled, rest resting``, the reason of a refusal."""
    end = end_of(row)
    if end in (RowEnd.REFUSED, RowEnd.NOT_SENT):
        return row.note or row.status_text
    if row.order is None:
        return row.status_text
    if row.order.fill_count and row.order.is_resting:
        return f"{row.order.fill_count} filled, rest resting"
    return row.status_text
