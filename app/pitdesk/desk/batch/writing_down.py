"""A batch on disk before anything of it leaves: its number, an id for each order, and the sheet with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.results import BatchOrder, SentAs
from pitdesk.desk.batch.run import intent_of
from pitdesk.journal import JournalError, Submission
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from pitdesk.desk.batch.calls import BatchCalls
    from pitdesk.desk.batch.sent_rows import SentRows
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.orders import Intent

    Keep = Callable[[dict[int, SentAs]], Awaitable[str]]


class WritingDown:
    """``keep`` is awaited with what the rows go under; a sentence from it says why it could not keep them."""

    def __init__(self, calls: BatchCalls, tools: OrderTools, sent: SentRows, keep: Keep | None) -> None:
        self._calls, self._sent, self._keep = calls, sent, keep
        self._journal, self._terms = tools.journal, tools.terms

    async def write(self, orders: Sequence[BatchOrder]) -> tuple[Intent, ...] | str:
        """An intent for each order, durable; or why nothing may be sent."""
        try:
            intents, written = await self._intents(orders, await self._journal.last_batch() + 1)
            unkept = await self._keep_ids(orders, intents)
            if not unkept:
                await self._journal.write_batch(written)
        except JournalError as error:
            return str(error)
        return unkept or intents

    async def _intents(
        self, orders: Sequence[BatchOrder], number: int
    ) -> tuple[tuple[Intent, ...], list[Submission]]:
        """Of all orders, and what of each is written down."""
        now_ms, time_slice = self._terms.clock.wall_ms(), TimeSlice()
        intents, written = [], []
        for order in orders:
            intents.append(intent_of(order, number, now_ms, self._terms.own))
            written.append(self._submission(intents[-1]))
            await time_slice.yield_if_over()
        return tuple(intents), written

    async def _keep_ids(self, orders: Sequence[BatchOrder], intents: Sequence[Intent]) -> str:
        if self._keep is None:
            return ""
        pairs = zip(orders, intents, strict=True)
        self._sent.about_to({order.row_id: sent_as(order, intent) for order, intent in pairs})
        return await self._keep(self._sent.kept())

    def _submission(self, intent: Intent) -> Submission:
        terms = self._terms
        body = self._calls.create_body(intent)
        return Submission(intent, body, terms.environment, terms.key_id, terms.server_offset_ms())


def sent_as(order: BatchOrder, intent: Intent) -> SentAs:
    """What the order's row goes under."""
    return SentAs(intent.client_order_id, intent.batch or 0, order.all_in)
