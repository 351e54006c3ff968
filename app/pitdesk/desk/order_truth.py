"""Asks the exchange how one order stands, bearing with reads that lag behind what it just said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.blotter import Blotter, BlotterRow, RowPhase
from pitdesk.kalshi.outcomes import Accepted, Refused

if TYPE_CHECKING:
    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.desk.order_tools import OrderTerms, OrderTools
    from pitdesk.orders import Order

NOT_LISTED = "The exchange does not list this order."


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands. ``order`` is None where the exchange does not list it or did not answer."""

    order: Order | None
    answered: bool

    @property
    def is_over(self) -> bool:
        """Proven to rest no more."""
        return self.answered and (self.order is None or self.order.status.is_final)


class OrderTruth:
    """Looks single orders up and brings the blotter in line with what is found."""

    def __init__(self, tools: OrderTools) -> None:
        self._rest: ReadCalls = tools.rest
        self._blotter, self._terms = tools.blotter, tools.terms

    async def look(self, order_id: str) -> Standing:
        """One look. An order that is not listed ends its row, until the exchange says otherwise.

        A young order that is not listed proves nothing: reads lag behind (FACTS §7).
        """
        asked_ms = self._terms.server_now_ms()
        outcome = await self._rest.order(order_id)
        if isinstance(outcome, Accepted):
            return Standing(self._blotter.apply_order(outcome.value).order, answered=True)
        if isinstance(outcome, Refused) and outcome.http_status == 404:
            row = self._blotter.by_order_id(order_id)
            if row is not None and not may_conclude(row, asked_ms, self._terms):
                return Standing(row.order, answered=False)
            if row is not None and not row.phase.is_final:
                self._blotter.set_phase(row.key, RowPhase.DONE, NOT_LISTED)
            return Standing(None, answered=True)
        return Standing(None, answered=False)

    async def look_until_over(self, order_id: str) -> Standing:
        """Look until it is over or the reads have had time to catch up."""
        standing = Standing(None, answered=False)
        for pause in self._terms.pace.lag:
            await asyncio.sleep(pause)
            row = self._blotter.by_order_id(order_id)
            if row is not None and row.order is not None and row.order.status.is_final:
                return Standing(row.order, answered=True)
            standing = await self.look(order_id)
            if standing.is_over:
                return standing
        return standing

    async def reads_complete_to(self) -> int | None:
        """The exchange's instant up to which its reads are complete (FACTS §7), Unix ms; None: no answer."""
        outcome = await self._rest.user_data_timestamp()
        return outcome.value if isinstance(outcome, Accepted) else None


class Fence:
    """After it no late copy of a request can arrive, and reads would show what did. Begun when the answer was
    missed, so after the signing; a signature older than ``pace.fence`` is refused (FACTS §2).

    The exchange's clock is only guessed, from the date of its answers; one wrong date, as of a page from a
    cache, must not shorten the fence. So it is measured by our monotonic clock and by the exchange's own
    words as well, and has passed when all say so.
    """

    def __init__(self, truth: OrderTruth, terms: OrderTerms) -> None:
        self._truth, self._terms = truth, terms
        self._began = terms.clock.monotonic()
        self._first_ms: int | None = None

    @property
    def left_s(self) -> float:
        """Seconds until it can have passed, by our own clock."""
        return max(0.0, self._terms.pace.fence - self._elapsed_s())

    async def has_passed(self) -> bool:
        """Ask the exchange, at first and then once our own clock says so."""
        if self._first_ms is not None and self.left_s:
            return False
        complete_ms = await self._truth.reads_complete_to()
        if complete_ms is None:
            return False
        if self._first_ms is None:
            self._first_ms = complete_ms
        began_ms = self._terms.server_now_ms() - round(self._elapsed_s() * 1_000)
        fence_ms = round(self._terms.pace.fence * 1_000)
        return not self.left_s and complete_ms > max(self._first_ms, began_ms) + fence_ms

    def _elapsed_s(self) -> float:
        return self._terms.clock.monotonic() - self._began


def may_conclude(row: BlotterRow, asked_ms: int, terms: OrderTerms) -> bool:
    """Whether a read begun at ``asked_ms`` (exchange's clock) would list the order if it were there."""
    said_ms = row.order.updated_ms if row.order is not None else None
    return (said_ms or 0) <= asked_ms - terms.pace.read_lag * 1_000


def back_to_work(blotter: Blotter, key: str, note: str) -> BlotterRow | None:
    """Show the row as working again with ``note``, unless it has ended meanwhile."""
    row = blotter.row(key)
    if row is None or row.phase.is_final:
        return row
    return blotter.set_phase(key, RowPhase.WORKING, note)
