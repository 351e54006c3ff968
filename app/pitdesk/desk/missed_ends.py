"""The ends that nobody told of: of rows that a snapshot leaves out, and of orders that lived when Pitdesk was
closed.

Where there are many, the exchange's lists of what ended tell most of them, a page a thousand; what no list
tells is looked up by itself. Nothing is concluded from a list that leaves an order out: only its own look-up
proves that it is listed no more.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from pitdesk.desk.blotter import BlotterRow, RowPhase
from pitdesk.desk.ended_lists import FEW, EndedLists
from pitdesk.desk.few_at_once import few_at_once
from pitdesk.desk.order_truth import OrderTruth, may_conclude
from pitdesk.desk.shared_reads import BEFORE_S, SharedScans
from pitdesk.journal import IntentState, JournaledIntent, Statement
from pitdesk.kalshi.outcomes import Accepted, Refused
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.orders import Order

_AT_ONCE = 4


class MissedEnds:
    """Finds them out. ``take`` is told what the exchange says of an order."""

    def __init__(self, tools: OrderTools, take: Callable[[Order], object]) -> None:
        self._rest: ReadCalls = tools.rest
        self._journal, self._blotter, self._terms = tools.journal, tools.blotter, tools.terms
        self._truth = OrderTruth(tools)
        self._lists = EndedLists(tools.rest)
        self._scans = SharedScans(tools.rest, tools.terms.clock)
        self._take = take
        self._journaled: dict[str, JournaledIntent] = {}

    def remember(self, living: Iterable[JournaledIntent]) -> None:
        """What the journal last knew as living, until it is listed or known to have ended."""
        self._journaled.update((held.order_id, held) for held in living if held.order_id is not None)

    async def settle_rows(self, before: Sequence[BlotterRow], listed: set[str], asked_ms: int) -> bool:
        """Find out what became of the rows of ``before`` that a snapshot asked for at ``asked_ms`` leaves
        out, where nothing else explains that. False when the exchange did not answer for all."""
        missing: dict[str, int | None] = {}
        time_slice = TimeSlice()
        for row in before:
            await time_slice.yield_if_over()
            if (
                row.order is not None
                and row.order.order_id not in listed
                and row.phase is RowPhase.WORKING
                and self._blotter.row(row.key) is row
                and may_conclude(row, asked_ms, self._terms)
            ):
                missing[row.order.order_id] = row.order.created_ms
        left = await self._told_by_no_list(missing, archive=False)

        async def look(order_id: str) -> bool:
            return (await self._truth.look(order_id)).answered

        return all(await few_at_once([each for each in missing if each in left], look, _AT_ONCE))

    async def settle_journaled(self, listed: set[str]) -> bool:
        """What the journal last knew as living and the exchange does not list ended while we were away.

        Only a read that is complete beyond the last word on an order proves that: it may have been sent long
        before, arrived late and be too young to be listed (FACTS §7). False while any of them is not known:
        it may rest, shown nowhere and counted in nothing.
        """
        await self._forget_known(listed)
        if not self._journaled:
            return True
        complete_ms = await self._truth.reads_complete_to()
        placed_ms: dict[str, int | None] = {
            order_id: held.sent_server_ms for order_id, held in self._journaled.items()
        }
        left = await self._told_by_no_list(placed_ms, archive=True)
        for order_id in placed_ms.keys() - left:
            self._journaled.pop(order_id, None)

        async def look(held: JournaledIntent) -> JournaledIntent | None:
            return held if await self._is_listed_no_more(held, complete_ms) else None

        gone = await few_at_once(tuple(self._journaled.values()), look, _AT_ONCE)
        await self._conclude(held for held in gone if held is not None)
        await self._forget_known(listed)
        return not self._journaled

    async def _told_by_no_list(self, placed_ms: dict[str, int | None], *, archive: bool) -> set[str]:
        """Of these orders, by id with the instant at which each was placed, those that no list tells of."""
        if len(placed_ms) <= FEW:
            return set(placed_ms)
        first_ms = min(each or 0 for each in placed_ms.values())
        return await self._lists.tell(placed_ms, first_ms or None, self._take, archive=archive)

    async def _forget_known(self, listed: set[str]) -> None:
        """An order that rests or is shown is searched for no more: the journal is told of it by its row."""
        time_slice = TimeSlice()
        for order_id, held in tuple(self._journaled.items()):
            await time_slice.yield_if_over()
            row = self._blotter.row(held.intent.client_order_id)
            if order_id in listed or (row is not None and row.order is not None):
                self._journaled.pop(order_id, None)

    async def _is_listed_no_more(self, held: JournaledIntent, complete_ms: int | None) -> bool:
        """One look; whether it proves that the exchange lists the order no more."""
        outcome = await self._rest.order(held.order_id or "")
        if isinstance(outcome, Accepted):
            self._take(outcome.value)
            self._journaled.pop(outcome.value.order_id, None)
            return False
        is_gone = isinstance(outcome, Refused) and outcome.http_status == 404
        return is_gone and complete_ms is not None and complete_ms > (held.said_ms or held.sent_server_ms)

    async def _conclude(self, gone: Iterable[JournaledIntent]) -> None:
        """Orders that are listed no more are over: the archive knows how, where that was long ago. It is read
        once for each market, and after their look-ups: an order is always in the one or in the other."""

        def market(held: JournaledIntent) -> str:
            return held.intent.draft.ticker

        for ticker, same in itertools.groupby(sorted(gone, key=market), market):
            of_market = {held.order_id: held for held in same}
            since_s = min(held.sent_server_ms for held in of_market.values()) // 1_000 - BEFORE_S
            archived = await self._scans.archived(ticker, since_s)
            if not isinstance(archived, Accepted):
                continue
            time_slice = TimeSlice()
            for order in archived.value:
                await time_slice.yield_if_over()
                if of_market.pop(order.order_id, None) is not None:
                    self._take(order)
                    self._journaled.pop(order.order_id, None)
            for order_id, held in of_market.items():
                key, cause = held.intent.client_order_id, "the exchange does not list it"
                self._journal.note(Statement(key, IntentState.CANCELED, cause, order_id))
                self._journaled.pop(order_id or "", None)
