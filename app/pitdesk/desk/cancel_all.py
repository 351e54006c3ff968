"""Cancels everything of the account in one call, and then proves it: by a scan for what still rests."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from pitdesk.desk.breath import Breath
from pitdesk.desk.cancel_ends import End, cause, ended, state, summary
from pitdesk.desk.cancels import AT_ONCE
from pitdesk.desk.few_at_once import few_at_once
from pitdesk.desk.order_truth import OrderTruth, back_to_work
from pitdesk.journal import ActionStep
from pitdesk.kalshi.outcomes import Accepted, NotSent, Outcome
from pitdesk.orders import Order, OrderStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pitdesk.desk.blotter import BlotterRow
    from pitdesk.desk.cancels import Canceler
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.desk.results import CancelResult

_MINUTE = " Orders sent within the next minute may be canceled too."


class AllCanceler:
    """Cancels every order of the account. ``rows`` cancels singly what the one call leaves."""

    def __init__(self, tools: OrderTools, rows: Canceler) -> None:
        self._rest, self._journal, self._blotter = tools.rest, tools.journal, tools.blotter
        self._clock, self._pauses_s = tools.terms.clock, tools.terms.pace.lag
        self._truth = OrderTruth(tools)
        self._rows = rows
        self._over: dict[str, End] = {}

    async def cancel_all(self) -> CancelResult:
        """Cancel every order of the account in one call, then scan for what is left and cancel it singly."""
        began = self._clock.monotonic()
        self._blotter.flush()  # what has ended leaves: all that is left may be canceled
        before = tuple(self._blotter.working_keys)
        self._over = {}
        hears = self._blotter.moved.connect(self._note_end)
        try:
            # To mark 200,000 rows takes seconds; the call does not wait for it.
            _, outcome = await asyncio.gather(self._mark(before), self._cancel_all_call())
            result = await self._verify(before, outcome)
        finally:
            hears()
            self._over = {}
        self._rows.log("Cancel all", "", result, began)
        return result

    def _note_end(self, row: BlotterRow) -> None:
        """The blotter keeps only those that ended lately; of a cancel of very many each end counts."""
        if row.order is not None and row.order.status.is_final:
            self._over[row.key] = ended(row.key, row.sentence(), row.order)

    async def _cancel_all_call(self) -> Outcome[None]:
        outcome = await self._rows.until_settled(self._rest.cancel_all)
        action = ActionStep(str(uuid.uuid4()), "cancel all", state(outcome), cause(outcome))
        self._journal.note(action)
        return outcome

    async def _verify(self, before: Sequence[str], outcome: Outcome[None]) -> CancelResult:
        resting = await self._scan_until_empty()
        if resting is None and isinstance(outcome, NotSent):
            return summary([self._not_sent(key, outcome) for key in before], verified=False)
        if resting is None and not isinstance(outcome, Accepted):
            ends = await self._rows.cancel_each(before)
            return summary(ends, " The exchange could not be asked what is left.", verified=False)
        left: set[str] = set()
        if resting:
            left = {self._blotter.apply_order(order).key for order in resting}
            await self._rows.cancel_each(sorted(left))
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
        breath = Breath()

        async def one(key: str) -> End:
            await breath.due()
            return self._over.get(key) or await self._settle_one(key, scanned=scanned)

        return await few_at_once(tuple(keys), one, AT_ONCE)

    async def _settle_one(self, key: str, *, scanned: bool) -> End:
        row = self._blotter.row(key)
        if row is None or row.order is None:
            return await self._rows.cancel_one(key)
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

    def _not_sent(self, key: str, outcome: NotSent) -> End:
        row = back_to_work(self._blotter, key, f"Not canceled. {outcome.sentence}")
        if row is None:
            return End(key, canceled=False, what="An order", why="is not known here any more")
        if row.order is not None and row.order.status.is_final:
            return ended(key, row.sentence(), row.order)
        why = f"is still working ({outcome.sentence})"
        return End(key, canceled=False, what=row.sentence(), why=why, left=True)

    async def _mark(self, keys: Sequence[str]) -> None:
        breath = Breath()
        for key in keys:
            self._rows.mark(key)
            await breath.due()
