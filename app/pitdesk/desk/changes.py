"""Amend and decrease: written down first like a create, sent once, and looked up when the answer is lost."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.blotter import BlotterRow, RowPhase
from pitdesk.desk.open_sums import leg_of, parts_of_change
from pitdesk.desk.order_facts import end_in_words, order_amended, order_decreased
from pitdesk.desk.order_truth import Fence, OrderTruth, back_to_work
from pitdesk.desk.results import ChangeResult, SubmitKind
from pitdesk.journal import ActionStep, IntentState, JournalError
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent, Refused, Unknown
from pitdesk.kalshi.records import AmendedOrder, DecreasedOrder
from pitdesk.notices import Severity
from pitdesk.orders import Order, OrderDraft
from pitdesk.quantities import COUNT_ZERO, Count, Price

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pitdesk.desk.order_tools import OrderTools

_Answer = AmendedOrder | DecreasedOrder


@dataclass(frozen=True, slots=True)
class _Change:
    """One change asked: ``order`` as held when it was sent, ``asked`` as it is to be afterwards."""

    action_id: str
    kind: str
    key: str
    order: Order
    asked: Order
    words: str
    began: float


class Changer:
    """Changes resting orders."""

    def __init__(self, tools: OrderTools) -> None:
        self._rest, self._journal, self._blotter = tools.rest, tools.journal, tools.blotter
        self._activity, self._owner, self._gate = tools.activity, tools.owner, tools.gate
        self._terms, self._clock = tools.terms, tools.terms.clock
        self._truth = OrderTruth(tools)
        self._held: dict[str, Callable[[], None]] = {}

    async def amend(self, key: str, price: Price, remaining: Count, *, confirmed: bool) -> ChangeResult:
        """Change price and remaining count. A new price or a larger count goes to the end of the queue."""
        row = self._blotter.row(key)
        denied = _deny_row(row) or _deny_count(remaining)
        if denied is not None or row is None or row.order is None:
            return ChangeResult(SubmitKind.DENIED, denied or "This order is not known here any more.")
        if not self._gate.open_for_risk:
            return ChangeResult(SubmitKind.DENIED, f"No changes now: {self._gate.reason}")
        yes_price = row.verb.outcome.restate(price)
        if yes_price == row.order.yes_price and remaining == row.order.remaining_count:
            return ChangeResult(SubmitKind.DENIED, "Price and contracts are as they were: nothing was sent.")
        draft = OrderDraft(row.ticker, row.verb, remaining, price, subaccount=row.order.subaccount)
        issues = self._terms.check(draft, changing=key)
        if any(issue.is_hard for issue in issues) or (issues and not confirmed):
            sentence = " ".join(issue.sentence for issue in issues)
            return ChangeResult(SubmitKind.DENIED, sentence, issues=issues)
        words = f"{row.sentence()} to {remaining} at {price}"
        asked = replace(row.order, yes_price=yes_price, remaining_count=remaining)
        change = self._change("amend", row.key, row.order, asked, words)
        total = row.order.fill_count + remaining
        return await self._perform(
            change, lambda: self._rest.amend_order(change.order, yes_price, total, self._why_not)
        )

    async def decrease(self, key: str, remaining: Count) -> ChangeResult:
        """Leave ``remaining`` resting. Takes risk away, so the gate is not asked."""
        row = self._blotter.row(key)
        denied = _deny_row(row) or _deny_count(remaining)
        if denied is not None or row is None or row.order is None:
            return ChangeResult(SubmitKind.DENIED, denied or "This order is not known here any more.")
        if remaining >= row.order.remaining_count:
            sentence = f"Enter fewer than the {row.order.remaining_count} contracts that remain."
            return ChangeResult(SubmitKind.DENIED, sentence)
        asked = replace(row.order, remaining_count=remaining)
        words = f"{row.sentence()} down to {remaining}"
        change = self._change("decrease", row.key, row.order, asked, words)
        return await self._perform(change, lambda: self._rest.decrease_order(change.order, remaining))

    def _why_not(self) -> str:
        """In the worker that sends, with the request ready: why an amend may not leave, empty if it may."""
        return self._gate.reason

    def _change(self, kind: str, key: str, order: Order, asked: Order, words: str) -> _Change:
        return _Change(str(uuid.uuid4()), kind, key, order, asked, words, self._clock.monotonic())

    async def _perform(
        self,
        change: _Change,
        send: Callable[[], Awaitable[CallOutcome[AmendedOrder] | CallOutcome[DecreasedOrder]]],
    ) -> ChangeResult:
        self._hold(change)
        self._blotter.set_phase(change.key, RowPhase.AMENDING)
        try:
            await self._journal.record_action(_step(change, IntentState.SUBMITTED, "asked"))
        except JournalError as error:
            self._let_go(change)
            back_to_work(self._blotter, change.key, "")
            return self._result(change, SubmitKind.NOT_SENT, f"Nothing was sent. {error}")
        try:
            outcome = await send()
        except BaseException:
            self._look_later(change)
            raise
        if isinstance(outcome, Accepted):
            return await self._accepted(change, outcome.value)
        if isinstance(outcome, Refused) and outcome.http_status == 404:
            return await self._gone(change, outcome)
        if isinstance(outcome, Refused):
            return self._stays(change, IntentState.REJECTED, SubmitKind.REFUSED, outcome.sentence)
        if isinstance(outcome, NotSent):
            sentence = f"Nothing was sent. {outcome.sentence}"
            return self._stays(change, IntentState.NOT_SENT, SubmitKind.NOT_SENT, sentence)
        return self._unconfirmed(change, outcome)

    async def _accepted(self, change: _Change, answer: _Answer) -> ChangeResult:
        self._journal.note(_step(change, IntentState.ACKED, "accepted"))
        row = self._blotter.row(change.key)
        held = row.order if row is not None and row.order is not None else change.order
        if isinstance(answer, AmendedOrder):
            after = order_amended(held, answer, change.asked)
        else:
            after = order_decreased(held, answer)
        if not held.status.is_final and after.remaining_count:
            self._blotter.apply_order(after)
        elif not held.status.is_final:
            await self._truth.look_until_over(held.order_id)
        self._let_go(change)
        back_to_work(self._blotter, change.key, "")
        return self._result(change, SubmitKind.PLACED, f"Changed: {change.words}.")

    async def _gone(self, change: _Change, outcome: Refused) -> ChangeResult:
        self._journal.note(_step(change, IntentState.REJECTED, outcome.code))
        standing = await self._truth.look_until_over(change.order.order_id)
        self._let_go(change)
        back_to_work(self._blotter, change.key, "Not changed.")
        if standing.order is not None and standing.order.status.is_final:
            sentence = f"Not changed: the order is {end_in_words(standing.order)}."
        else:
            sentence = f"Not changed. {outcome.sentence}"
        return self._result(change, SubmitKind.REFUSED, sentence)

    def _stays(self, change: _Change, state: IntentState, kind: SubmitKind, sentence: str) -> ChangeResult:
        self._let_go(change)
        self._journal.note(_step(change, state, sentence))
        back_to_work(self._blotter, change.key, sentence)
        return self._result(change, kind, sentence)

    def _unconfirmed(self, change: _Change, outcome: Unknown) -> ChangeResult:
        self._journal.note(_step(change, IntentState.UNKNOWN, outcome.detail or outcome.sentence))
        self._look_later(change)
        sentence = f"Not confirmed: {change.words}. Checking with the exchange."
        return self._result(change, SubmitKind.UNCONFIRMED, sentence)

    def _look_later(self, change: _Change) -> None:
        note = "The change is not confirmed. Checking with the exchange."
        row = self._blotter.row(change.key)
        if row is not None and not row.phase.is_final:
            self._blotter.set_phase(change.key, RowPhase.AMENDING, note)
        if not self._owner.is_closing:
            self._owner.spawn(f"look after {change.kind} of {change.key}", self._look(change))

    async def _look(self, change: _Change) -> None:
        """Look until the order shows the change, is over, or the change can no longer land.

        The change is never sent again by itself.
        """
        pace, missing = self._terms.pace, 0
        fence = Fence(self._truth, self._terms)
        for pause in chain(pace.look_up, repeat(pace.look_up[-1])):
            await asyncio.sleep(pause)
            standing = await self._truth.look(change.order.order_id)
            if standing.is_over or (standing.order is not None and _shows(change, standing.order)):
                self._let_go(change)
                self._journal.note(_step(change, IntentState.ACKED, "found by looking the order up"))
                back_to_work(self._blotter, change.key, "")
                return
            if standing.answered and await fence.has_passed():
                missing += 1
            if missing > 1:
                break
        self._let_go(change)
        self._journal.note(_step(change, IntentState.NOT_PLACED, "the order did not change"))
        back_to_work(self._blotter, change.key, "The change did not happen. The row shows what rests.")

    def _hold(self, change: _Change) -> None:
        """Until it is known which of the two the order is, the worse of them counts against the limits."""
        was, now = (
            (leg_of(order.book_side, order.yes_price), order.remaining_count.units)
            for order in (change.order, change.asked)
        )
        parts = parts_of_change(change.order.ticker, change.order.book_side, was, now)
        self._held[change.action_id] = self._blotter.sums.hold(parts)

    def _let_go(self, change: _Change) -> None:
        release = self._held.pop(change.action_id, None)
        if release is not None:
            release()

    def _result(self, change: _Change, kind: SubmitKind, sentence: str) -> ChangeResult:
        took_ms = (self._clock.monotonic() - change.began) * 1_000
        severity = Severity.INFO if kind is SubmitKind.PLACED else Severity.WARNING
        said = "Changed" if kind is SubmitKind.PLACED else f"{kind.value.capitalize()}: {sentence}"
        self._activity.add(
            ActivityEntry(
                self._clock.wall_ms(),
                change.kind.capitalize(),
                change.order.ticker,
                change.words,
                said,
                took_ms,
                severity,
            )
        )
        return ChangeResult(kind, sentence)


def _deny_row(row: BlotterRow | None) -> str | None:
    if row is None:
        return "This order is not known here any more."
    if row.can_change:
        return None
    if row.order is not None and row.order.status.is_final:
        return f"This order is {end_in_words(row.order)}."
    if row.order is None:
        return "This order is not confirmed yet. It can be changed once the exchange has answered."
    return "This order is being changed or canceled. Wait for the exchange's answer."


def _deny_count(remaining: Count) -> str | None:
    if remaining <= COUNT_ZERO:
        return "Enter at least 0.01 contracts to remain. To take the order off the book, cancel it."
    return None


def _shows(change: _Change, order: Order) -> bool:
    """Whether the order is as asked, by price and whole count, however much of it filled meanwhile."""
    total = order.fill_count + order.remaining_count
    return (
        order.yes_price == change.asked.yes_price
        and total == change.asked.fill_count + change.asked.remaining_count
    )


def _step(change: _Change, state: IntentState, cause: str) -> ActionStep:
    data = json.dumps(
        {
            "yes_price": change.asked.yes_price.to_wire(),
            "remaining": change.asked.remaining_count.to_wire(),
            "filled": change.asked.fill_count.to_wire(),
        }
    )
    return ActionStep(change.action_id, change.kind, state, cause, order_id=change.order.order_id, data=data)
