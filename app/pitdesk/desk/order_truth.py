"""Asks the exchange how one order stands, bearing with reads that lag behind what it just said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pitdesk.desk.blotter import Blotter, BlotterRow, RowPhase
from pitdesk.kalshi.outcomes import Accepted, Refused

if TYPE_CHECKING:
    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.desk.order_tools import OrderTerms
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

    def __init__(self, rest: ReadCalls, blotter: Blotter, terms: OrderTerms) -> None:
        self._rest = rest
        self._blotter = blotter
        self._terms = terms

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

    async def reads_are_past(self, server_ms: int) -> bool:
        """Whether the exchange says that its reads are complete up to after ``server_ms`` (FACTS §7)."""
        complete_ms = await self.reads_complete_to()
        return complete_ms is not None and complete_ms > server_ms

    async def reads_complete_to(self) -> int | None:
        """The exchange's instant up to which its reads are complete, Unix ms; None where not answered."""
        outcome = await self._rest.user_data_timestamp()
        return outcome.value if isinstance(outcome, Accepted) else None


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
