"""Cancels a batch as one: many orders in a call, and singly where a call leaves a doubt."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.batch.sizes import cancels_per_request
from pitdesk.desk.blotter import BlotterRow, RowPhase
from pitdesk.desk.order_facts import order_canceled
from pitdesk.desk.results import CancelResult
from pitdesk.journal import ActionStep, IntentState
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.notices import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.batch.calls import BatchCalls
    from pitdesk.desk.order_desk import OrderDesk
    from pitdesk.desk.order_tools import OrderTools

_NOTHING = "There is no batch to cancel."
_OVER = "Nothing of this batch is working."


class Withdrawal:
    """Cancels need neither gate nor limit, and may be repeated."""

    def __init__(self, calls: BatchCalls, tools: OrderTools, order_desk: OrderDesk) -> None:
        self._calls, self._order_desk = calls, order_desk
        self._blotter, self._journal, self._activity = tools.blotter, tools.journal, tools.activity
        self._clock = tools.terms.clock

    async def cancel(self, batch: int | None) -> CancelResult:
        """Cancel what lives of ``batch``, and say how many were and what is left."""
        if batch is None:
            return CancelResult(_NOTHING)
        began = self._clock.monotonic()
        canceled: list[str] = []
        failed: list[str] = []
        tried: set[str] = set()
        while rows := [row for row in self._living(batch) if row.key not in tried]:
            tried.update(row.key for row in rows)
            done, doubtful = await self._cancel_rows(rows)
            canceled += done
            if doubtful:
                result = await self._order_desk.cancel(doubtful)
                canceled += result.canceled
                failed += result.failed
        return self._told(batch, canceled, failed, began)

    def _living(self, batch: int) -> list[BlotterRow]:
        return [
            row
            for row in self._blotter.working().values()
            if row.intent is not None
            and row.intent.batch == batch
            and not row.phase.is_final
            and row.phase is not RowPhase.SENDING
        ]

    async def _cancel_rows(self, rows: Sequence[BlotterRow]) -> tuple[list[str], list[str]]:
        """Keys canceled, and keys of which it is not certain."""
        known = [row for row in rows if row.order is not None]
        doubtful = [row.key for row in rows if row.order is None]
        for row in known:
            self._blotter.set_phase(row.key, RowPhase.CANCELING)
        done: list[str] = []
        size = cancels_per_request(self._calls.write_budget())
        for start in range(0, len(known), size):
            sure, unsure = await self._cancel_some(known[start : start + size])
            done += sure
            doubtful += unsure
        return done, doubtful

    async def _cancel_some(self, rows: Sequence[BlotterRow]) -> tuple[list[str], list[str]]:
        orders = [row.order for row in rows if row.order is not None]
        action = str(uuid.uuid4())
        self._note(action, IntentState.SUBMITTED, "asked", [order.order_id for order in orders])
        outcome = await self._calls.cancel_batch(orders)
        if not isinstance(outcome, Accepted):
            self._note(action, IntentState.UNKNOWN, outcome.sentence, [])
            return [], [row.key for row in rows]
        self._note(action, IntentState.ACKED, "answered", [])
        sure: list[str] = []
        unsure: list[str] = []
        for row, end in zip(rows, outcome.value, strict=True):
            held = self._blotter.row(row.key)
            order = held.order if held is not None and held.order is not None else row.order
            if isinstance(end, Accepted) and order is not None:
                self._blotter.apply_order(order_canceled(order, end.value))
                sure.append(row.key)
            else:
                unsure.append(row.key)
        return sure, unsure

    def _note(self, action: str, state: IntentState, cause: str, order_ids: Sequence[str]) -> None:
        data = ",".join(order_ids)
        self._journal.note(ActionStep(action, "cancel batch", state, cause, data=data))

    def _told(self, batch: int, canceled: list[str], failed: list[str], began: float) -> CancelResult:
        total = len(canceled) + len(failed)
        if not total:
            sentence = _OVER
        elif not failed:
            orders = "1 order" if total == 1 else f"{total:,} orders"
            sentence = f"Canceled {orders} of batch {batch}."
        else:
            sentence = f"Canceled {len(canceled):,} of {total:,} orders of batch {batch}; "
            sentence += f"{len(failed):,} not, see the Working tab."
        took_ms = (self._clock.monotonic() - began) * 1_000
        severity = Severity.WARNING if failed else Severity.INFO
        self._activity.add(
            ActivityEntry(
                self._clock.wall_ms(), "Cancel batch", "", f"Batch {batch}", sentence, took_ms, severity
            )
        )
        return CancelResult(sentence, tuple(canceled), tuple(failed))
