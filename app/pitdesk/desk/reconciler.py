"""Makes the blotter agree with the exchange: snapshots with guards, and the start from the journal.

The stream is listened to while a snapshot is out: every statement is merged by its own time, so that neither
can undo what the other knows better.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.blotter import BlotterRow, RowPhase
from pitdesk.desk.look_up import CheckStanding, LookUp
from pitdesk.desk.order_truth import OrderTruth, may_conclude
from pitdesk.journal import IntentState, JournaledIntent, JournalError, Statement
from pitdesk.kalshi.outcomes import Accepted, Refused
from pitdesk.notices import Notice, Severity
from pitdesk.orders import Order, OrderStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.desk.order_tools import OrderTools

PERIODIC = "period"
"""The reason of the reconciliations that run by themselves: these are not told in the activity."""

_AT_ONCE = 4
_ORDERS_A_BREATH = 1_000
_UNREAD = "orders unread"


class Reconciler:
    """Runs at start, after each reconnect, on request, and for each order whose fate is not known."""

    def __init__(self, tools: OrderTools) -> None:
        self._rest: ReadCalls = tools.rest
        self._journal, self._blotter = tools.journal, tools.blotter
        self._notices, self._activity, self._terms = tools.notices, tools.activity, tools.terms
        self._truth = OrderTruth(tools)
        self._look_up = LookUp(tools)
        self._one_at_a_time = asyncio.Lock()
        self._to_settle: dict[str, JournaledIntent] = {}

    async def recover(self) -> None:
        """Show what the journal holds as open, at once, and begin to look up what is unconfirmed."""
        try:
            unproven = await self._journal.open_intents(self._terms.environment)
            living = await self._journal.live_intents(self._terms.environment)
        except JournalError as error:
            self._notices.say(
                Notice("The journal could not be read.", str(error), severity=Severity.ERROR, key="journal")
            )
            return
        self._blotter.remember(held.intent for held in living)
        self._to_settle = {held.intent.client_order_id: held for held in living}
        for held in unproven:
            self._journal.note(
                Statement(held.intent.client_order_id, IntentState.UNKNOWN, "the program was started again")
            )
            note = "Sent before Pitdesk was started again. Checking with the exchange."
            self._blotter.add_intent(held.intent, RowPhase.UNCONFIRMED, note)
            self._look_up.start(held.intent.client_order_id, held.sent_server_ms)

    async def reconcile(self, reason: str) -> bool:
        """Read the resting orders and make the blotter agree. False when the exchange did not answer."""
        async with self._one_at_a_time:
            began = self._terms.clock.monotonic()
            asked_ms = self._terms.server_now_ms()
            before = tuple(self._blotter.working().values())
            outcome = await self._rest.orders(status=OrderStatus.RESTING.value)
            if not isinstance(outcome, Accepted):
                self._say_unread(outcome.sentence)
                return False
            self._notices.clear(_UNREAD)
            await self._take_all(outcome.value)
            listed = {order.order_id for order in outcome.value}
            whole = await self._settle_missing(before, listed, asked_ms)
            whole = await self._settle_journaled(listed) and whole
            await self.refresh_queue()
            self._log(reason, len(outcome.value), began)
            return whole

    async def refresh_queue(self) -> None:
        """Read how many contracts are ahead of each resting order; keeps what was known when not answered."""
        if self._blotter.count(RowPhase.WORKING):
            outcome = await self._rest.queue_positions()
            if isinstance(outcome, Accepted):
                ahead = tuple(outcome.value.items())
                for start in range(0, len(ahead), _ORDERS_A_BREATH):
                    self._blotter.apply_queue(dict(ahead[start : start + _ORDERS_A_BREATH]))
                    await asyncio.sleep(0)

    def order_said(self, order: Order) -> None:
        """Take in a statement of the stream."""
        self._look_up.take(order)

    def check(self, key: str) -> None:
        """Look an unconfirmed row up until its fate is known. Checking twice is fine."""
        self._look_up.start(key)

    def check_now(self, key: str) -> None:
        """Look an unconfirmed row up without waiting for its next turn."""
        self._look_up.hurry(key)

    def check_standing(self, key: str) -> CheckStanding | None:
        """How the look-up of an unconfirmed row stands, None where none is under way."""
        return self._look_up.standing(key)

    async def _take_all(self, orders: Sequence[Order]) -> None:
        strangers = [
            order.client_order_id
            for order in orders
            if order.client_order_id
            and not self._blotter.knows(order.client_order_id)
            and self._blotter.by_order_id(order.order_id) is None
        ]
        try:
            ours = await self._journal.intents_of(strangers)
        except JournalError:  # said when it was opened: the orders are shown as from elsewhere
            ours = {}
        self._blotter.remember(held.intent for held in ours.values())
        for number, order in enumerate(orders, 1):
            self._look_up.take(order)
            if number % _ORDERS_A_BREATH == 0:
                await asyncio.sleep(0)

    async def _settle_missing(self, before: Sequence[BlotterRow], listed: set[str], asked_ms: int) -> bool:
        """Ask singly after each row that the snapshot leaves out, if nothing else explains that."""
        ids = [
            row.order.order_id
            for row in before
            if row.order is not None
            and row.order.order_id not in listed
            and row.phase is RowPhase.WORKING
            and self._blotter.row(row.key) is row
            and may_conclude(row, asked_ms, self._terms)
        ]
        standings = await self._look_each(ids)
        return all(standings)

    async def _look_each(self, order_ids: Sequence[str]) -> list[bool]:
        slots = asyncio.Semaphore(_AT_ONCE)

        async def look(order_id: str) -> bool:
            async with slots:
                return (await self._truth.look(order_id)).answered

        return list(await asyncio.gather(*(look(order_id) for order_id in order_ids)))

    async def _settle_journaled(self, listed: set[str]) -> bool:
        """What the journal last knew as living and the exchange does not list ended while we were away.

        Only a read that is complete beyond the last word on an order proves that: it may have been sent long
        before, arrived late and be too young to be listed (FACTS §7).
        """
        waiting, self._to_settle = self._to_settle, {}
        complete_ms = await self._truth.reads_complete_to() if waiting else None
        answered = True
        for key, held in waiting.items():
            row = self._blotter.row(key)
            if (
                held.order_id is None
                or held.order_id in listed
                or (row is not None and row.order is not None)
            ):
                continue
            outcome = await self._rest.order(held.order_id)
            if isinstance(outcome, Accepted):
                self._look_up.take(outcome.value)
            elif complete_ms is None or not isinstance(outcome, Refused) or outcome.http_status != 404:
                self._to_settle[key] = held
                answered = False
            elif complete_ms <= (held.said_ms or held.sent_server_ms):
                self._to_settle[key] = held  # too young for its absence to prove anything
            else:
                self._journal.note(
                    Statement(key, IntentState.CANCELED, "the exchange does not list it", held.order_id)
                )
        return answered

    def _say_unread(self, sentence: str) -> None:
        self._notices.say(
            Notice(
                "Your orders could not be read.",
                "What is shown may be old. Pitdesk keeps asking.",
                sentence,
                Severity.WARNING,
                key=_UNREAD,
            )
        )

    def _log(self, reason: str, resting: int, began: float) -> None:
        if reason == PERIODIC:
            return
        took_ms = (self._terms.clock.monotonic() - began) * 1_000
        orders = "1 order" if resting == 1 else f"{resting} orders"
        entry = ActivityEntry(
            self._terms.clock.wall_ms(), "Reconcile", "", reason, f"{orders} resting", took_ms
        )
        self._activity.add(entry)
