"""Finds out what became of orders that were sent and not answered.

An order is found by its client order id alone and adopted only if market, side, count and price are those
asked. That it was never placed is concluded only from proof; until then it stays unconfirmed, for ever if it
must. Nothing is ever sent again from here.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.blotter import BlotterRow, RowPhase
from pitdesk.desk.order_facts import matches
from pitdesk.desk.order_truth import Fence, OrderTruth
from pitdesk.desk.shared_reads import BEFORE_S, SharedScans
from pitdesk.desk.unconfirmed_notices import UnconfirmedNotices
from pitdesk.desk.unwritten import unwritten_notice
from pitdesk.journal import IntentState, JournalError, Statement
from pitdesk.kalshi.outcomes import Accepted
from pitdesk.notices import Notice, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.order_calls import ReadCalls
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.orders import Intent, Order


@dataclass(frozen=True, slots=True)
class CheckStanding:
    """How the search for one order stands, for the person.

    ``attempt``: the look now awaited or under way, from 1. ``next_in_s``: seconds until it, None while it is
    under way. ``said``: what the last look gave, empty before the first. Instants are Unix milliseconds of
    this computer's clock; from ``provable_ms`` on an absence may prove that it was never placed.
    """

    attempt: int
    next_in_s: float | None
    said: str
    sent_ms: int
    provable_ms: int


@dataclass(slots=True)
class _Search:
    """The search for one order. ``sent_ms`` is on the exchange's clock, as it was guessed then; scans begin
    at ``since_s``; ``absent_at`` is when the last scan that counts was made, monotonic."""

    intent: Intent
    sent_ms: int
    since_s: int
    fence: Fence
    hurry: asyncio.Event
    absent_scans: int = 0
    absent_at: float = 0.0
    attempt: int = 1
    next_at: float | None = None
    said: str = ""


class LookUp:
    """Searches for unconfirmed orders, and guards what is taken for them."""

    def __init__(self, tools: OrderTools) -> None:
        self._rest: ReadCalls = tools.rest
        self._journal, self._blotter = tools.journal, tools.blotter
        self._notices, self._activity, self._owner = tools.notices, tools.activity, tools.owner
        self._terms = tools.terms
        self._scans = SharedScans(tools.rest, tools.terms.clock)
        self._truth = OrderTruth(tools)
        self._searches: dict[str, _Search] = {}
        self._unconfirmed = UnconfirmedNotices(self._notices)

    def start(self, key: str, sent_ms: int | None = None) -> None:
        """Begin to search for an unconfirmed row, unless that is under way.

        ``sent_ms``: when it was sent by the exchange's clock, where the journal knows it better.
        """
        row = self._blotter.row(key)
        if row is None or row.intent is None or key in self._searches or self._owner.is_closing:
            return
        if sent_ms is None:
            sent_ms = row.created_ms + self._terms.server_offset_ms()
        # The guess may be of a wrong date in the future, from where the order would never be found.
        since_s = min(sent_ms, row.created_ms) // 1_000 - BEFORE_S
        fence = Fence(self._truth, self._terms)
        search = _Search(row.intent, sent_ms, since_s, fence, asyncio.Event())
        self._searches[key] = search
        self._unconfirmed.began(row)
        self._owner.spawn(f"look up {key}", self._search(key, search))

    def hurry(self, key: str) -> None:
        """Search at once."""
        search = self._searches.get(key)
        if search is None:
            self.start(key)
        else:
            search.hurry.set()

    def standing(self, key: str) -> CheckStanding | None:
        """How the search for a row stands, None where there is none."""
        search = self._searches.get(key)
        if search is None:
            return None
        clock, at = self._terms.clock, search.next_at
        return CheckStanding(
            search.attempt,
            None if at is None else max(0.0, at - clock.monotonic()),
            search.said,
            search.sent_ms - self._terms.server_offset_ms(),
            clock.wall_ms() + round(search.fence.left_s * 1_000),
        )

    def take(self, order: Order) -> bool:
        """Take in what the exchange says of an order, unless it wrongly bears the id of one of ours."""
        row = self._blotter.row(order.client_order_id) if order.client_order_id else None
        if (
            row is not None
            and row.order is None
            and row.intent is not None
            and not matches(row.intent, order)
        ):
            self._alarm(row, order)
            return False
        self._blotter.apply_order(order)
        if order.client_order_id in self._searches:
            self._searches[order.client_order_id].hurry.set()
        return True

    async def _search(self, key: str, search: _Search) -> None:
        pauses = self._terms.pace.look_up
        try:
            for attempt, pause in enumerate(chain(pauses, repeat(pauses[-1])), 1):
                search.attempt = attempt
                await self._wait(search, pause)
                if self._is_known(key) or await self._look(search):
                    break
                self._blotter.set_phase(
                    key,
                    RowPhase.UNCONFIRMED,
                    f"May be live. Checking with the exchange, attempt {attempt}.",
                )
            self._say_found(key)
        finally:
            del self._searches[key]

    async def _wait(self, search: _Search, pause: float) -> None:
        if search.absent_scans:
            pause = self._terms.pace.scan_gap
        search.next_at = self._terms.clock.monotonic() + pause
        try:
            async with asyncio.timeout(pause):
                await search.hurry.wait()
        except TimeoutError:
            return
        finally:
            search.next_at = None
        search.hurry.clear()

    async def _look(self, search: _Search) -> bool:
        """One look; True once its fate is known."""
        key, draft = search.intent.client_order_id, search.intent.draft
        may_prove = await search.fence.has_passed()
        scan = await self._scans.orders(draft.ticker, search.since_s)
        if self._is_known(key):
            return True
        if not isinstance(scan, Accepted):
            search.said = "The exchange did not answer the last check."
            return False
        search.said = "It is not among your orders so far."
        for order in scan.value:
            if order.client_order_id == key:
                search.absent_scans = 0
                return self.take(order)
        if not may_prove or not await self._fills_are_explained(search, scan.value):
            search.absent_scans = 0
            return self._is_known(key)
        now = self._terms.clock.monotonic()
        if search.absent_scans and now < search.absent_at + self._terms.pace.scan_gap:
            return self._is_known(key)  # hurried: too soon after the other to count
        search.absent_scans, search.absent_at = search.absent_scans + 1, now
        if search.absent_scans < 2:
            return self._is_known(key)
        return self._is_known(key) or await self._not_placed(search)

    async def _fills_are_explained(self, search: _Search, scanned: Sequence[Order]) -> bool:
        """Whether every execution in its market since belongs to an order that we can name.

        Cash and positions are not held against what they were: they move by executions, which are looked at
        here one by one, and by settlements, transfers and other desks, which say nothing of this order. Reads
        that lag show in neither, and that is what the fence is for.
        """
        outcome = await self._rest.fills(min_ts_s=search.since_s, ticker=search.intent.draft.ticker)
        if not isinstance(outcome, Accepted):
            return False
        named = {order.order_id for order in scanned}
        for order_id in dict.fromkeys(fill.order_id for fill in outcome.value):
            if order_id in named or self._blotter.by_order_id(order_id) is not None:
                continue
            found = await self._rest.order(order_id)
            if not isinstance(found, Accepted):
                return False
            if not self.take(found.value):
                return False  # it bears the id of one of ours and is another: nothing is proven
        return True

    async def _not_placed(self, search: _Search) -> bool:
        key = search.intent.client_order_id
        # The journal may have missed that it is unknown, on a disk that was full then.
        self._journal.note(Statement(key, IntentState.UNKNOWN, "searched for"))
        try:
            await self._journal.record(key, IntentState.NOT_PLACED, "absent from two whole scans")
        except JournalError as error:
            self._notices.say(unwritten_notice(str(error)))
            return False
        if not self._is_known(key):
            self._blotter.set_phase(
                key, RowPhase.NOT_SENT, "The exchange never got this order. You may send it again."
            )
        return True

    def _is_known(self, key: str) -> bool:
        row = self._blotter.row(key)
        return row is None or row.order is not None or row.phase.is_final

    def _say_found(self, key: str) -> None:
        row = self._blotter.row(key)
        self._unconfirmed.ended(key)
        if row is None:
            return
        self._activity.add(
            ActivityEntry(
                self._terms.clock.wall_ms(),
                "Look up",
                row.ticker,
                row.sentence(),
                "Never reached the exchange" if row.order is None else f"Found: {row.status_text}",
            )
        )

    def _alarm(self, row: BlotterRow, order: Order) -> None:
        found = f"{order.book_side.value} {order.initial_count} at {order.yes_price} in {order.ticker}"
        self._notices.say(
            Notice(
                "An order on the exchange bears the id of yours but is another.",
                "Look at your orders on the exchange's own page before you trade on.",
                f"Asked: {row.sentence()} in {row.ticker}. Found: {found} ({order.order_id}).",
                Severity.ERROR,
                key=f"mismatch {row.key}",
            )
        )
