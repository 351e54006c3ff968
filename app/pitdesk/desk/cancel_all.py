"""Cancels everything of the account in one call, and then proves it: by a scan for what still rests."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pitdesk.desk.cancel_ends import End, cause, ended, state, summary
from pitdesk.desk.cancels import AT_ONCE
from pitdesk.desk.ended_lists import FEW, EndedLists
from pitdesk.desk.few_at_once import few_at_once
from pitdesk.desk.order_truth import OrderTruth, back_to_work
from pitdesk.journal import ActionStep
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent
from pitdesk.orders import Order, OrderStatus
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.blotter import BlotterRow
    from pitdesk.desk.cancels import Canceler
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.desk.results import CancelResult

_NEVER_MS = 2**63
_LOOKS = 500  # single look-ups at most: a thousand tokens
_STILL_LISTED = "Cancel all was asked; the exchange still lists this order."
_UNTOLD = "Cancel all was asked; what became of this order is not known yet."
_MINUTE = " Orders sent within the next minute may be canceled too."
_NOT_ASKED = " The exchange could not be asked what is left."
_NOTHING_KNOWN = "No order is known here that could be working."


@dataclass(slots=True)
class _Run:
    """One press. ``over``: each end that came since, by key: the blotter keeps only those that ended lately,
    and of a cancel of very many each counts. ``tried``: what was canceled singly."""

    over: dict[str, End] = field(default_factory=dict)
    tried: dict[str, End] = field(default_factory=dict)
    looks_left: int = 0

    def note_end(self, row: BlotterRow) -> None:
        if row.order is not None and row.order.status.is_final:
            self.over[row.key] = ended(row.key, row.sentence(), row.order)


class AllCanceler:
    """Cancels every order of the account. ``rows`` cancels singly what the one call leaves."""

    def __init__(self, tools: OrderTools, rows: Canceler) -> None:
        self._rest, self._journal, self._blotter = tools.rest, tools.journal, tools.blotter
        self._clock, self._pauses_s = tools.terms.clock, tools.terms.pace.lag
        self._truth = OrderTruth(tools)
        self._lists = EndedLists(tools.rest)
        self._rows = rows

    async def cancel_all(self) -> CancelResult:
        """Cancel every order of the account in one call, then scan for what is left and cancel it singly."""
        began = self._clock.monotonic()
        self._blotter.flush()  # what has ended leaves: all that is left may be canceled
        before = tuple(self._blotter.working_keys)
        run = _Run()
        hears = self._blotter.moved.connect(run.note_end)
        try:
            # To mark 200,000 rows takes seconds; the call does not wait for it.
            _, outcome = await asyncio.gather(self._mark(before), self._cancel_all_call())
            result = await self._verify(before, outcome, run)
        finally:
            hears()
        self._rows.log("Cancel all", "", result, began)
        return result

    async def _cancel_all_call(self) -> CallOutcome[None]:
        outcome = await self._rows.until_settled(self._rest.cancel_all)
        action = ActionStep(str(uuid.uuid4()), "cancel all", state(outcome), cause(outcome))
        self._journal.note(action)
        return outcome

    async def _verify(self, before: Sequence[str], outcome: CallOutcome[None], run: _Run) -> CancelResult:
        resting = await self._scan_until_empty()
        if resting is None:
            return await self._unverified(before, outcome, run)
        await self._cancel_left(resting, run)
        keys = tuple(dict.fromkeys((*before, *run.tried)))
        await self._ask_lists([key for key in keys if key not in run.tried or not run.tried[key].left])
        run.looks_left = _LOOKS
        ends = await self._settle(keys, run)
        await asyncio.sleep(0)  # of 200,000 each pass over them takes a slice
        more = _MINUTE if isinstance(outcome, Accepted) else ""
        return summary(ends, more, nothing="Nothing was working.")

    async def _unverified(self, before: Sequence[str], outcome: CallOutcome[None], run: _Run) -> CancelResult:
        """The exchange never said what rests: what is not known here may rest, too."""
        if isinstance(outcome, NotSent):
            nothing = f"Nothing was canceled. {outcome.sentence}"
            return summary([self._not_sent(key, outcome) for key in before], nothing=nothing, verified=False)
        if not isinstance(outcome, Accepted):
            ends = await self._rows.cancel_each(before)
            return summary(ends, _NOT_ASKED, nothing=_NOTHING_KNOWN, verified=False)
        ends = await self._settle(before, run)
        await asyncio.sleep(0)
        more = f"{_NOT_ASKED[:-1]}: check again.{_MINUTE}"
        return summary(ends, more, nothing=_NOTHING_KNOWN, verified=False)

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

    async def _cancel_left(self, resting: Sequence[Order], run: _Run) -> None:
        """Cancel singly what the one call left."""
        time_slice, keys = TimeSlice(), set()
        for order in resting:
            keys.add(self._blotter.apply_order(order).key)
            await time_slice.yield_if_over()
        run.tried = {end.key: end for end in await self._rows.cancel_each(sorted(keys))}

    async def _ask_lists(self, keys: Sequence[str]) -> None:
        """The stream may have lost the ends of very many: the lists of what ended tell them."""
        for pause in self._pauses_s:
            doubtful, since_ms = await self._doubtful(keys)
            if len(doubtful) <= FEW:
                return
            await asyncio.sleep(pause)
            await self._lists.tell(doubtful, since_ms, self._blotter.apply_order)

    async def _doubtful(self, keys: Sequence[str]) -> tuple[set[str], int | None]:
        """The ids of orders of which nobody has said yet that they are over, and when the first of them was
        placed, None where that is not known."""
        time_slice, ids, first_ms = TimeSlice(), set(), _NEVER_MS
        for key in keys:
            row = self._blotter.row(key)
            if row is not None and row.order is not None and not row.phase.is_final:
                ids.add(row.order.order_id)
                first_ms = min(first_ms, row.order.created_ms or 0)
            await time_slice.yield_if_over()
        return ids, first_ms or None

    async def _settle(self, keys: Sequence[str], run: _Run) -> list[End]:
        time_slice = TimeSlice()

        async def one(key: str) -> End:
            await time_slice.yield_if_over()
            return run.over.get(key) or await self._settle_one(key, run)

        return await few_at_once(keys, one, AT_ONCE)

    async def _settle_one(self, key: str, run: _Run) -> End:
        row = self._blotter.row(key)
        if row is None or row.order is None:
            return await self._rows.cancel_one(key)
        note = _UNTOLD
        if not row.order.status.is_final and not row.phase.is_final and run.looks_left:
            run.looks_left -= 1
            standing = await self._truth.look(row.order.order_id)
            if standing.answered and not standing.is_over and key not in run.tried:
                return await self._rows.cancel_one(key)  # it came to rest after the one call
            note = _STILL_LISTED if standing.answered else note
            row = self._blotter.row(key) or row
        order = row.order
        if order is not None and order.status.is_final:
            return ended(key, row.sentence(), order)
        if row.phase.is_final:
            return End(key, canceled=False, what=row.sentence(), why="is not listed by the exchange any more")
        note = row.note or note
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
        time_slice = TimeSlice()
        for key in keys:
            self._rows.mark(key)
            await time_slice.yield_if_over()
