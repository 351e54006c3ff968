"""Makes the blotter agree with the exchange: snapshots with guards, and the start from the journal.

The stream is listened to while a snapshot is out: every statement is merged by its own time, so that neither
can undo what the other knows better.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.look_up import CheckStanding, LookUp
from pitdesk.desk.missed_ends import MissedEnds
from pitdesk.events import Listeners
from pitdesk.journal import IntentState, JournalError, Statement
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.notices import Notice, Severity
from pitdesk.time_slice import TimeSlice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.orders import Order

PERIODIC = "period"
"""The reason of the reconciliations that run by themselves: these are not told in the activity."""

MOST_QUEUED = 40_000
_INTENTS_AT_ONCE = 500  # a press of Send waits for the journal's thread no longer than for so many
_UNREAD = "orders unread"


class Reconciler:
    """Runs at start, after each reconnect, on request, and for each order whose fate is not known."""

    def __init__(self, tools: OrderTools) -> None:
        self.read_so_far: Listeners[int] = Listeners()
        """Told how many orders were read, after each part of a reading and at its end."""
        self.has_read = False
        """Whether what rests was read whole since the start: before that nothing is known to be absent."""
        self._rest: ReadCalls = tools.rest
        self._journal, self._blotter = tools.journal, tools.blotter
        self._notices, self._activity, self._terms = tools.notices, tools.activity, tools.terms
        self._look_up = LookUp(tools)
        self._missed = MissedEnds(tools, self._look_up.take)
        self._one_at_a_time = asyncio.Lock()
        self._owner = tools.owner
        self._remembered = asyncio.Event()
        self._remembered.set()
        self._said_early: list[Order] = []

    async def recover(self) -> None:
        """Show what the journal holds as open, at once, and begin to look up what is unconfirmed.

        What it holds as acknowledged may be very much, and is remembered meanwhile.
        """
        try:
            unproven = await self._journal.open_intents(self._terms.environment)
        except JournalError as error:
            self._say_unreadable(error)
            return
        self._remembered.clear()
        self._owner.spawn("remember the orders that lived", self._remember())
        for held in unproven:
            self._journal.note(
                Statement(held.intent.client_order_id, IntentState.UNKNOWN, "the program was started again")
            )
            note = "Sent before Pitdesk was started again. Checking with the exchange."
            self._blotter.add_intent(held.intent, RowPhase.UNCONFIRMED, note)
            self._look_up.start(held.intent.client_order_id, held.sent_server_ms)

    async def _remember(self) -> None:
        """What the stream says meanwhile waits: an order of ours must not be taken for one from elsewhere."""
        environment, blotter = self._terms.environment, self._blotter
        after: int | None = 0
        try:
            while after is not None:
                living, after = await self._journal.live_intents(environment, _INTENTS_AT_ONCE, after)
                unmet = (held.intent for held in living if blotter.row(held.intent.client_order_id) is None)
                blotter.remember(unmet)
                self._missed.remember(living)
        except JournalError as error:
            self._say_unreadable(error)
        finally:
            self._remembered.set()
            early, self._said_early = self._said_early, []
            for order in early:
                self._look_up.take(order)

    async def reconcile(self, reason: str) -> bool:
        """Read the resting orders and make the blotter agree. False when the exchange did not answer."""
        async with self._one_at_a_time:
            began = self._terms.clock.monotonic()
            asked_ms = self._terms.server_now_ms()
            before = tuple(self._blotter.working().values())
            listed: set[str] = set()

            async def take(page: Sequence[Order]) -> None:
                listed.update(order.order_id for order in page)
                await self._take_all(page)
                self.read_so_far.emit(len(listed))

            outcome = await self._rest.resting_orders(take)
            if not isinstance(outcome, Accepted):
                self._say_unread(outcome.sentence)
                return False
            self._notices.clear(_UNREAD)
            self.has_read = True
            self.read_so_far.emit(len(listed))
            whole = await self._missed.settle_rows(before, listed, asked_ms)
            await self._remembered.wait()
            whole = await self._missed.settle_journaled(listed) and whole
            await self.refresh_queue()
            self._log(reason, len(listed), began)
            return whole

    async def refresh_queue(self) -> None:
        """Read how many contracts are ahead of each resting order; keeps what was known when not answered.

        It is one answer for all of them, so that of very many it is not asked: no answer may be that large.
        """
        if 0 < self._blotter.count(RowPhase.WORKING) <= MOST_QUEUED:
            outcome = await self._rest.queue_positions()
            if isinstance(outcome, Accepted):
                time_slice = TimeSlice()
                for order_id, ahead in outcome.value.items():
                    self._blotter.apply_queue({order_id: ahead})
                    await time_slice.yield_if_over()

    def order_said(self, order: Order) -> None:
        """Take in a statement of the stream."""
        if self._remembered.is_set():
            self._look_up.take(order)
        else:
            self._said_early.append(order)

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
        time_slice = TimeSlice()
        for order in orders:
            self._look_up.take(order)
            await time_slice.yield_if_over()

    def _say_unreadable(self, error: JournalError) -> None:
        self._notices.say(
            Notice("The journal could not be read.", str(error), severity=Severity.ERROR, key="journal")
        )

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
