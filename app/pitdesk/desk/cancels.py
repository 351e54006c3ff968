"""Cancels: of rows, of a market, of everything. They ask no gate and no limit, and may be repeated."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, TypeVar

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.batch.sizes import cancels_per_request
from pitdesk.desk.blotter import Blotter, BlotterRow, RowPhase
from pitdesk.desk.cancel_ends import End, cause, ended, is_settled, met_an_empty_bucket, state, summary
from pitdesk.desk.order_facts import order_canceled
from pitdesk.desk.order_truth import OrderTruth, back_to_work
from pitdesk.desk.results import CancelResult
from pitdesk.journal import ActionStep, IntentState
from pitdesk.kalshi.outcomes import Accepted, NotSent, Outcome, Refused
from pitdesk.notices import Severity
from pitdesk.orders import Order, OrderStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.kalshi.records import CanceledOrder

Value = TypeVar("Value")

AT_ONCE = 4
"""Cancels sent singly at the same time; more orders than that are canceled many in a call."""
_ROWS_A_BREATH = 1_000
_BUCKET_S, _REFILL_S = 10.0, 0.05  # a cancel costs two tokens: it finds them between two orders of others
_LATER = "It is not confirmed yet; it will be canceled as soon as it is found."
_WHEN_FOUND = "is not confirmed yet and is canceled when found"
_NOT_CONFIRMED = "may still be working: the cancel is not confirmed"
_MINUTE = " Orders sent within the next minute may be canceled too."


class Canceler:
    """Sends cancels and tells what became of each order."""

    def __init__(self, tools: OrderTools) -> None:
        self._rest, self._journal, self._blotter = tools.rest, tools.journal, tools.blotter
        self._activity, self._owner, self._clock = tools.activity, tools.owner, tools.terms.clock
        self._pauses_s = tools.terms.pace.lag
        self._truth = OrderTruth(tools.rest, tools.blotter, tools.terms)
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
        for key in wanted:
            self._mark(key)
        ends = await self._cancel_each(wanted)
        result = summary(ends)
        self._log("Cancel", _ticker(self._blotter, wanted), result, began)
        return result

    async def cancel_all(self) -> CancelResult:
        """Cancel every order of the account in one call, then scan for what is left and cancel it singly."""
        began = self._clock.monotonic()
        before = [row.key for row in self._blotter.working().values() if not row.phase.is_final]
        for number, key in enumerate(before):
            self._mark(key)
            if number % _ROWS_A_BREATH == _ROWS_A_BREATH - 1:
                await asyncio.sleep(0)
        outcome = await self._cancel_all_call()
        result = await self._verify(before, outcome)
        self._log("Cancel all", "", result, began)
        return result

    # One order

    async def _cancel_each(self, keys: Sequence[str]) -> list[End]:
        """Many in a call where they are more than a few; singly what such a call leaves in doubt."""
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
        if not isinstance(outcome, Accepted):
            said = outcome.sentence
            self._journal.note(ActionStep(action, "cancel batch", IntentState.UNKNOWN, said))
            return
        self._journal.note(ActionStep(action, "cancel batch", IntentState.ACKED, "answered"))
        for row, end in zip(rows, outcome.value, strict=True):
            held = self._blotter.row(row.key)
            order = held.order if held is not None and held.order is not None else row.order
            if isinstance(end, Accepted) and order is not None:
                self._blotter.apply_order(order_canceled(order, end.value))
                done[row.key] = End(row.key, canceled=True, what=row.sentence())

    async def _cancel_singly(self, keys: Sequence[str]) -> list[End]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(key: str) -> End:
            async with slots:
                return await self._cancel_one(key)

        return list(await asyncio.gather(*(one(key) for key in keys)))

    async def _cancel_one(self, key: str) -> End:
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
        self._mark(key)
        outcome = await self._send(row.order)
        return await self._conclude(row, outcome)

    async def _send(self, order: Order) -> Outcome[CanceledOrder]:
        """Ask, and ask again where the answer is lost: a second cancel of the same order does no harm."""
        action = str(uuid.uuid4())
        self._note(action, IntentState.SUBMITTED, "asked", order)
        outcome = await self._until_settled(lambda: self._rest.cancel_order(order))
        self._note(action, state(outcome), cause(outcome), order)
        return outcome

    async def _until_settled(self, call: Callable[[], Awaitable[Outcome[Value]]]) -> Outcome[Value]:
        """Call, and again while the answer is lost; longer while only others' requests are in the way."""
        outcome: Outcome[Value] = NotSent("")
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

    async def _conclude(self, row: BlotterRow, outcome: Outcome[CanceledOrder]) -> End:
        key, what = row.key, row.sentence()
        held = self._blotter.row(key)
        order = held.order if held is not None and held.order is not None else row.order
        if order is None:
            raise ValueError(f"row {key} lost its order")
        if isinstance(outcome, Accepted):
            self._blotter.apply_order(order_canceled(order, outcome.value))
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

    def _not_sent(self, key: str, outcome: NotSent) -> End:
        row = back_to_work(self._blotter, key, f"Not canceled. {outcome.sentence}")
        if row is None:
            return End(key, canceled=False, what="An order", why="is not known here any more")
        if row.order is not None and row.order.status.is_final:
            return ended(key, row.sentence(), row.order)
        why = f"is still working ({outcome.sentence})"
        return End(key, canceled=False, what=row.sentence(), why=why, left=True)

    def _mark(self, key: str) -> None:
        row = self._blotter.row(key)
        if row is not None and row.order is not None and not row.phase.is_final:
            self._blotter.set_phase(key, RowPhase.CANCELING)

    def _cancel_when_found(self, row: BlotterRow) -> None:
        if row.key in self._when_found and row.order is not None:
            self._when_found.discard(row.key)
            if not row.order.status.is_final and not self._owner.is_closing:
                self._owner.spawn(f"cancel {row.key} now that it is found", self.cancel([row.key]))

    # Everything

    async def _cancel_all_call(self) -> Outcome[None]:
        outcome = await self._until_settled(self._rest.cancel_all)
        action = ActionStep(str(uuid.uuid4()), "cancel all", state(outcome), cause(outcome))
        self._journal.note(action)
        return outcome

    async def _verify(self, before: Sequence[str], outcome: Outcome[None]) -> CancelResult:
        resting = await self._scan_until_empty()
        if resting is None and isinstance(outcome, NotSent):
            return summary([self._not_sent(key, outcome) for key in before], verified=False)
        if resting is None and not isinstance(outcome, Accepted):
            ends = await self._cancel_each(before)
            return summary(ends, " The exchange could not be asked what is left.", verified=False)
        left: set[str] = set()
        if resting:
            left = {self._blotter.apply_order(order).key for order in resting}
            await self._cancel_each(sorted(left))
        ends = await self._settle(dict.fromkeys((*before, *left)), scanned=resting is not None)
        more = _MINUTE if isinstance(outcome, Accepted) else ""
        if resting is None:
            more = " The exchange could not be asked what is left: check again." + more
        return summary(ends, more, nothing="Nothing was working.", verified=resting is not None)

    async def _scan_until_empty(self) -> tuple[Order, ...] | None:
        """What still rests after the reads have caught up; None when the exchange never answered."""
        found: tuple[Order, ...] | None = None
        for pause in self._pauses_s:
            await asyncio.sleep(pause)
            outcome = await self._rest.orders(status=OrderStatus.RESTING.value)
            if isinstance(outcome, Accepted):
                found = outcome.value
                if not found:
                    break
        return found

    async def _settle(self, keys: Iterable[str], *, scanned: bool) -> list[End]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(key: str) -> End:
            async with slots:
                return await self._settle_one(key, scanned=scanned)

        return list(await asyncio.gather(*(one(key) for key in keys)))

    async def _settle_one(self, key: str, *, scanned: bool) -> End:
        row = self._blotter.row(key)
        if row is None or row.order is None:
            return await self._cancel_one(key)
        if not row.order.status.is_final and not row.phase.is_final and scanned:
            await self._truth.look(row.order.order_id)
            row = self._blotter.row(key) or row
        order = row.order
        if order is not None and order.status.is_final:
            return ended(key, row.sentence(), order)
        if row.phase.is_final:
            return End(key, canceled=False, what=row.sentence(), why="is not listed by the exchange any more")
        note = row.note or "Cancel all was asked; the exchange still lists this order."
        back_to_work(self._blotter, key, note)
        return End(key, canceled=False, what=row.sentence(), why=f"may still be working ({note})", left=True)

    # What is written down

    def _note(self, action: str, state: IntentState, cause: str, order: Order) -> None:
        self._journal.note(ActionStep(action, "cancel", state, cause, order_id=order.order_id))

    def _log(self, what: str, ticker: str, result: CancelResult, began: float) -> None:
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
