"""Sends a batch: every intent on disk first, then request after request that fits the bucket.

A request of which the fate is not known ends the sending: what follows it is not sent and says why. Nothing
is ever sent a second time from here; what was refused or not sent goes again by a press, with ids of its own.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.batch.batch_requests import STOPPED, Requests
from pitdesk.desk.batch.results import (
    BatchEnd,
    BatchOrder,
    BatchOutcome,
    BatchProgress,
    RowEnd,
    RowResult,
    counted,
)
from pitdesk.desk.batch.run import BatchRun, end_of
from pitdesk.desk.batch.sent_rows import SentRows
from pitdesk.desk.batch.writing_down import WritingDown, sent_as
from pitdesk.desk.open_sums import part_of
from pitdesk.desk.request_sizes import seconds_for
from pitdesk.desk.results import CancelResult
from pitdesk.events import Listeners
from pitdesk.notices import Severity
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.desk.batch.calls import BatchCalls
    from pitdesk.desk.batch.review import Reviewed
    from pitdesk.desk.batch.verdicts import Remark
    from pitdesk.desk.batch.writing_down import Keep
    from pitdesk.desk.blotter import BlotterChanges
    from pitdesk.desk.order_desk import OrderDesk
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.desk.pre_trade import MarketView


class Reviewer(Protocol):
    """Looks at the rows a last time."""

    async def review(self, row_ids: Sequence[int] | None = None) -> Reviewed:
        """What of them may be sent, and what is asked first."""
        ...


class BatchSender:
    """One batch at a time. No method raises for what the exchange, the disk or a limit says."""

    def __init__(
        self,
        calls: BatchCalls,
        tools: OrderTools,
        order_desk: OrderDesk,
        markets: MarketView,
        reviewer: Reviewer,
        keep: Keep | None = None,
    ) -> None:
        """``keep`` is awaited before anything is sent, with the ids the rows go under; a sentence from it,
        why it could not keep them, and nothing is sent."""
        self.progressed: Listeners[BatchProgress] = Listeners()
        self.results_changed: Listeners[frozenset[int]] = Listeners()
        """Told the ids of rows whose result changed."""
        self.concluded: Listeners[BatchOutcome] = Listeners()
        """Told each sending that came to its end, one that was stopped too."""
        self._calls, self._reviewer = calls, reviewer
        self._journal, self._blotter, self._gate = tools.journal, tools.blotter, tools.gate
        self._activity, self._terms = tools.activity, tools.terms
        self._requests = Requests(calls, tools, markets, order_desk.unconfirmed)
        self._order_desk = order_desk
        self._run: BatchRun | None = None
        self._busy = False
        self._idle = asyncio.Event()
        self._stop_early = ""
        self._sent = SentRows(tools.blotter)
        self._writing = WritingDown(calls, tools, self._sent, keep)
        self._progress: BatchProgress | None = None
        self._ends = (
            tools.blotter.changed.connect(self._on_orders),
            order_desk.canceling_all.connect(self.stop),
        )

    def close(self) -> None:
        """Stop after the request in flight, and listen no more."""
        self.stop("Pitdesk was closed before this order was sent.")
        for end in self._ends:
            end()

    # What is known

    @property
    def is_sending(self) -> bool:
        """Whether a batch is under way."""
        return self._busy

    @property
    def progress(self) -> BatchProgress | None:
        """How far the last sending is, None before the first."""
        return self._progress

    @property
    def last_batch(self) -> int | None:
        """The number of the batch sent last."""
        return self._sent.last_batch

    @property
    def sent(self) -> SentRows:
        """The rows that were sent, and under which ids."""
        return self._sent

    def result(self, row_id: int) -> RowResult | None:
        """What became of a row, None where it was not sent."""
        return self._sent.result(row_id)

    def is_done(self, row_id: int) -> bool:
        """Whether the row was sent and its order lives, lived or may live: it is not sent again."""
        return self._sent.is_done(row_id)

    def sendable_again(self) -> tuple[int, ...]:
        """Rows that were refused or not sent: "Send the rest"."""
        return self._sent.sendable_again()

    # What is asked

    async def send(self, row_ids: Sequence[int] | None = None, *, confirmed: bool = False) -> BatchOutcome:
        """Send the rows that may be sent, all of the sheet where None.

        ``confirmed``: the person has seen and accepted what limits ask. Not to be canceled while it runs.
        """
        if self._busy:
            return BatchOutcome(BatchEnd.DENIED, "A batch is on its way. Wait for it, or stop it first.")
        self._busy, self._stop_early = True, ""
        self._idle.clear()
        try:
            reviewed = await self._reviewer.review(row_ids)
            denied = self._deny(reviewed, confirmed)
            return denied if denied is not None else await self._begin(reviewed)
        finally:
            self._sent.about_to({})
            self._busy, self._run = False, None
            self._idle.set()

    def stop(self, why: str = STOPPED) -> None:
        """Send no further request; the one in flight is waited for."""
        run = self._run
        if run is None:
            self._stop_early = why if self._busy else ""
        elif run.goes_on():
            run.stop_by_person(why)
            self._say_progress(run)

    async def cancel(self, batch: int | None = None) -> CancelResult:
        """Cancel every order of a batch that is not over, the last one where None; stops its sending, and
        waits for the request in flight: what it placed is canceled as well."""
        number = self._sent.last_batch if batch is None else batch
        if number is None:
            return CancelResult("There is no batch to cancel.")
        if self._run is None or number != self._run.number:
            return await self._order_desk.cancel_batch(number)
        self.stop("The batch was canceled before this order was sent.")
        return await self._order_desk.cancel_batch(number, self._idle)

    # One sending

    def _deny(self, reviewed: Reviewed, confirmed: bool) -> BatchOutcome | None:
        if not reviewed.orders:
            why = (
                "There is nothing to send."
                if not reviewed.left_out
                else "No row can be sent: fix them first."
            )
            return BatchOutcome(BatchEnd.DENIED, why)
        if not self._journal.is_usable:
            return BatchOutcome(BatchEnd.DENIED, "Nothing was sent. The journal cannot be written.")
        if not self._gate.open_for_risk:
            return BatchOutcome(BatchEnd.DENIED, f"No new orders now: {self._gate.reason}")
        if reviewed.stops:
            return BatchOutcome(BatchEnd.DENIED, " ".join(it.sentence for it in reviewed.stops))
        if reviewed.questions and not confirmed:
            return BatchOutcome(BatchEnd.DENIED, _asked(reviewed.questions), questions=reviewed.questions)
        return None

    async def _begin(self, reviewed: Reviewed) -> BatchOutcome:
        orders = reviewed.orders
        # Counted from this moment on: another order may be asked for while the disk is waited for.
        held = [self._blotter.sums.hold([part_of(order.draft)], rows=1) for order in orders]
        try:
            return await self._begin_held(orders, held)
        finally:
            for release in held:
                release()

    async def _begin_held(
        self, orders: Sequence[BatchOrder], held: Sequence[Callable[[], None]]
    ) -> BatchOutcome:
        """``held``: what ends, order for order, once the blotter counts it."""
        intents = await self._writing.write(orders)
        if isinstance(intents, str):
            return BatchOutcome(BatchEnd.DENIED, f"Nothing was sent. {intents}")
        run = BatchRun(intents[0].batch or 0, intents, self._terms.clock.monotonic(), list(intents))
        self._run = run
        if self._stop_early:
            run.stop_by_person(self._stop_early)
        time_slice = TimeSlice()
        for release, order, intent in zip(held, orders, intents, strict=True):
            self._sent.take(order.row_id, sent_as(order, intent), intent.draft)
            self._blotter.add_intent(intent)
            release()
            await time_slice.yield_if_over()
        self._say_progress(run)
        self.results_changed.emit(frozenset(order.row_id for order in orders))
        await self._requests.send(run, self._say_progress)
        return self._concluded(run, orders)

    def _concluded(self, run: BatchRun, orders: Sequence[BatchOrder]) -> BatchOutcome:
        ends: dict[RowEnd, list[int]] = {end: [] for end in RowEnd}
        for order, intent in zip(orders, run.intents, strict=True):
            row = self._blotter.row(intent.client_order_id)
            ends[RowEnd.PLACED if row is None else end_of(row)].append(order.row_id)
        end = BatchEnd.STOPPED if run.stop else BatchEnd.SENT
        sentence = f"Batch {run.number}: {counted(_each(ends))}."
        if run.stop:
            sentence += f" {run.stop}" if not run.stopped_by_person else " Stopped."
        self._say_progress(run, finished=True)
        self._log(run, sentence, clean=len(ends[RowEnd.PLACED]) == run.total)
        outcome = BatchOutcome(
            end,
            sentence,
            run.number,
            tuple(ends[RowEnd.PLACED]),
            tuple(ends[RowEnd.REFUSED]),
            tuple(ends[RowEnd.UNCONFIRMED]),
            tuple(ends[RowEnd.NOT_SENT]),
        )
        self.concluded.emit(outcome)
        return outcome

    # What is told

    def _say_progress(self, run: BatchRun, *, finished: bool = False) -> None:
        left = seconds_for(len(run.waiting), self._calls.write_budget()) if run.waiting else 0.0
        self._progress = BatchProgress(
            run.number, run.told, run.total, bool(run.stop) and not finished, finished, left
        )
        self.progressed.emit(self._progress)

    def _on_orders(self, changes: BlotterChanges) -> None:
        keys = (*changes.added, *changes.updated, *changes.removed)
        rows = self._sent.rows_of(keys)
        if rows:
            self.results_changed.emit(rows)

    def _log(self, run: BatchRun, sentence: str, *, clean: bool) -> None:
        took_ms = (self._terms.clock.monotonic() - run.began) * 1_000
        self._activity.add(
            ActivityEntry(
                self._terms.clock.wall_ms(),
                f"Batch {run.number}",
                "",
                f"{run.total:,} orders" if run.total != 1 else "1 order",
                sentence,
                took_ms,
                Severity.INFO if clean else Severity.WARNING,
            )
        )


def _each(ends: dict[RowEnd, list[int]]) -> list[RowEnd]:
    return [end for end, rows in ends.items() for _ in rows]


def _asked(questions: Sequence[Remark]) -> str:
    shown = " ".join(dict.fromkeys(it.sentence for it in questions[:3]))
    more = len(questions) - 3
    return f"{shown} And {more} more to confirm." if more > 0 else shown
