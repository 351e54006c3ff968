"""Cancels of rows: a few singly, many in a call, and of a batch. They ask no gate and no limit, and may be
repeated; :mod:`pitdesk.desk.cancel_all` cancels everything.
"""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, TypeVar

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.blotter import Blotter, BlotterRow, RowPhase
from pitdesk.desk.cancel_ends import End, cause, ended, is_settled, met_an_empty_bucket, state, summary
from pitdesk.desk.few_at_once import few_at_once
from pitdesk.desk.order_facts import order_canceled
from pitdesk.desk.order_truth import OrderTruth, back_to_work
from pitdesk.desk.request_sizes import cancels_per_request
from pitdesk.desk.results import CancelResult
from pitdesk.journal import ActionStep, IntentState
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent, Refused
from pitdesk.notices import Severity
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.kalshi.records import CanceledOrder
    from pitdesk.orders import Order

Value = TypeVar("Value")

AT_ONCE = 4
"""Cancels sent singly at the same time; more orders than that are canceled many in a call."""
_BUCKET_S, _REFILL_S = 10.0, 0.05  # a cancel costs two tokens: it finds them between two orders of others
_LATER = "It is not confirmed yet; it will be canceled as soon as it is found."
_WHEN_FOUND = "is not confirmed yet and is canceled when found"
_NOT_CONFIRMED = "may still be working: the cancel is not confirmed"


class Canceler:
    """Sends cancels and tells what became of each order."""

    def __init__(self, tools: OrderTools) -> None:
        self._rest, self._journal, self._blotter = tools.rest, tools.journal, tools.blotter
        self._activity, self._owner, self._clock = tools.activity, tools.owner, tools.terms.clock
        self._pauses_s = tools.terms.pace.lag
        self._truth = OrderTruth(tools)
        self._when_found: set[str] = set()
        self._disconnect = tools.blotter.moved.connect(self._cancel_when_found)

    def close(self) -> None:
        """Stop waiting for orders to be found."""
        self._disconnect()

    def is_waiting_for(self, key: str) -> bool:
        """Whether an unconfirmed order is to be canceled as soon as it is found."""
        return key in self._when_found

    async def cancel(self, keys: Iterable[str]) -> CancelResult:
        """Cancel rows by key and say what became of each."""
        began = self._clock.monotonic()
        wanted = list(dict.fromkeys(keys))
        if not wanted:
            return CancelResult("There is nothing to cancel.")
        ends = await self.cancel_each(wanted)
        result = summary(ends)
        self.log("Cancel", _ticker(self._blotter, wanted), result, began)
        return result

    async def cancel_batch(self, batch: int, answered: asyncio.Event | None = None) -> CancelResult:
        """Cancel what lives of a batch, and what turns out to live meanwhile; once ``answered`` is set,
        what the requests placed that were on their way."""
        began = self._clock.monotonic()
        ends: dict[str, End] = {}
        while True:
            if keys := [key for key in self._living(batch) if key not in ends]:
                ends.update((end.key, end) for end in await self.cancel_each(keys))
            elif answered is not None:
                await answered.wait()
                answered = None
            else:
                break
        nothing = "Nothing of this batch is working."
        result = summary(tuple(ends.values()), of=f" of batch {batch}", nothing=nothing)
        self.log(f"Cancel batch {batch}", "", result, began)
        return result

    def _living(self, batch: int) -> list[str]:
        """Not what is on its way: the sending is stopped, and its answer tells whether it lives."""
        return [
            row.key
            for row in self._blotter.working().values()
            if row.intent is not None
            and row.intent.batch == batch
            and not row.phase.is_final
            and row.phase is not RowPhase.SENDING
        ]

    # Each to its own end

    async def cancel_each(self, keys: Sequence[str]) -> list[End]:
        """Many in a call where they are more than a few; singly what such a call leaves in doubt."""
        time_slice = TimeSlice()
        for key in keys:
            self.mark(key)
            await time_slice.yield_if_over()
        known = [row for key in keys if (row := self._blotter.row(key)) is not None and _may_rest(row)]
        done = await self._cancel_together(known) if len(known) > AT_ONCE else {}
        singly = iter(await self._cancel_singly([key for key in keys if key not in done]))
        return [done[key] if key in done else next(singly) for key in keys]

    async def _cancel_together(self, rows: Sequence[BlotterRow]) -> dict[str, End]:
        """The ends that are certain, by key. No call holds more than fits the bucket of writes."""
        size = cancels_per_request(self._rest.write_budget())
        done: dict[str, End] = {}
        for start in range(0, len(rows), size):
            await self._cancel_some(rows[start : start + size], done)
        return done

    async def _cancel_some(self, rows: Sequence[BlotterRow], done: dict[str, End]) -> None:
        orders = [row.order for row in rows if row.order is not None]
        action, listed = str(uuid.uuid4()), ",".join(order.order_id for order in orders)
        self._journal.note(ActionStep(action, "cancel batch", IntentState.SUBMITTED, "asked", data=listed))
        outcome = await self._rest.cancel_batch(orders)
        self._journal.note(ActionStep(action, "cancel batch", state(outcome), cause(outcome)))
        if not isinstance(outcome, Accepted):
            return
        for row, end in zip(rows, outcome.value, strict=True):
            if isinstance(end, Accepted):
                await self._take_off(row, end.value)
                done[row.key] = End(row.key, canceled=True, what=row.sentence())

    async def _cancel_singly(self, keys: Sequence[str]) -> list[End]:
        return await few_at_once(keys, self.cancel_one, AT_ONCE)

    async def cancel_one(self, key: str) -> End:
        """Cancel one row; an unconfirmed one as soon as it is found."""
        row = self._blotter.row(key)
        if row is None:
            return End(key, canceled=False, what="An order", why="is not known here any more")
        what = row.sentence()
        if row.order is None:
            if row.phase.is_final:
                return End(key, canceled=False, what=what, why="never reached the exchange")
            self._when_found.add(key)
            self._blotter.set_phase(key, row.phase, _LATER)
            return End(key, canceled=False, what=what, why=_WHEN_FOUND, left=True)
        if row.order.status.is_final:
            return ended(key, what, row.order)
        self.mark(key)
        outcome = await self._send(row.order)
        return await self._conclude(row, outcome)

    async def _send(self, order: Order) -> CallOutcome[CanceledOrder]:
        """Ask, and ask again where the answer is lost: a second cancel of the same order does no harm."""
        action = str(uuid.uuid4())
        self._note(action, IntentState.SUBMITTED, "asked", order)
        outcome = await self.until_settled(lambda: self._rest.cancel_order(order))
        self._note(action, state(outcome), cause(outcome), order)
        return outcome

    async def until_settled(self, call: Callable[[], Awaitable[CallOutcome[Value]]]) -> CallOutcome[Value]:
        """Call, and again while the answer is lost; longer while only others' requests are in the way."""
        outcome: CallOutcome[Value] = NotSent("")
        for pause in self._pauses_s:
            await asyncio.sleep(pause)
            outcome = await call()
            if is_settled(outcome):
                return outcome
        until = self._clock.monotonic() + _BUCKET_S
        while met_an_empty_bucket(outcome) and self._clock.monotonic() < until:
            await asyncio.sleep(_REFILL_S)
            outcome = await call()
        return outcome

    async def _conclude(self, row: BlotterRow, outcome: CallOutcome[CanceledOrder]) -> End:
        key, what, order = row.key, row.sentence(), self._order_of(row)
        if isinstance(outcome, Accepted):
            await self._take_off(row, outcome.value)
            return End(key, canceled=True, what=what)
        if isinstance(outcome, Refused) and outcome.http_status != 404:
            back_to_work(self._blotter, key, f"Not canceled. {outcome.sentence}")
            return End(
                key, canceled=False, what=what, why=f"is still working ({outcome.sentence})", left=True
            )
        standing = await self._truth.look_until_over(order.order_id)
        if standing.order is not None and standing.order.status.is_final:
            return ended(key, what, standing.order)
        if standing.is_over:
            return End(key, canceled=False, what=what, why="is not listed by the exchange any more")
        note = "The cancel is not confirmed. Press cancel again; it does no harm twice."
        back_to_work(self._blotter, key, note)
        return End(key, canceled=False, what=what, why=_NOT_CONFIRMED, left=True)

    async def _take_off(self, row: BlotterRow, answer: CanceledOrder) -> None:
        """Show the order as canceled. Where less was canceled than rested here, it is looked up first, until
        reads show its end: the rest had been filled, or was taken off elsewhere, and a fill that is believed
        is never taken back."""
        order = self._order_of(row)
        if order.remaining_count != answer.reduced_by and not order.status.is_final:
            await self._truth.look_until_over(order.order_id)
            order = self._order_of(row)
        self._blotter.apply_order(order_canceled(order, answer))

    def _order_of(self, row: BlotterRow) -> Order:
        """The order as it is known now, of a row that has one."""
        held = self._blotter.row(row.key)
        order = held.order if held is not None and held.order is not None else row.order
        if order is None:
            raise ValueError(f"row {row.key} lost its order")
        return order

    def mark(self, key: str) -> None:
        """Show the row as being canceled, where it can be."""
        row = self._blotter.row(key)
        if row is not None and row.order is not None and not row.phase.is_final:
            self._blotter.set_phase(key, RowPhase.CANCELING)

    def _cancel_when_found(self, row: BlotterRow) -> None:
        if row.key in self._when_found and row.order is not None:
            self._when_found.discard(row.key)
            if not row.order.status.is_final and not self._owner.is_closing:
                self._owner.spawn(f"cancel {row.key} now that it is found", self.cancel([row.key]))

    # What is written down

    def _note(self, action: str, state: IntentState, cause: str, order: Order) -> None:
        self._journal.note(ActionStep(action, "cancel", state, cause, order_id=order.order_id))

    def log(self, what: str, ticker: str, result: CancelResult, began: float) -> None:
        """Tell the activity of a cancel that began at ``began``, monotonic seconds."""
        took_ms = (self._clock.monotonic() - began) * 1_000
        severity = Severity.WARNING if result.failed else Severity.INFO
        count = len(result.canceled) + len(result.failed)
        detail = "1 order" if count == 1 else f"{count} orders"
        entry = ActivityEntry(self._clock.wall_ms(), what, ticker, detail, result.sentence, took_ms, severity)
        self._activity.add(entry)


def _may_rest(row: BlotterRow) -> bool:
    return row.order is not None and not row.order.status.is_final


def _ticker(blotter: Blotter, keys: Sequence[str]) -> str:
    tickers = {row.ticker for key in keys if (row := blotter.row(key)) is not None}
    return tickers.pop() if len(tickers) == 1 else ""
