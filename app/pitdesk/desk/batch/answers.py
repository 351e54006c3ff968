"""Takes in the answer to one request of a batch: each order to its own end, the journal first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.order_facts import order_created
from pitdesk.desk.unwritten import unwritten_notice
from pitdesk.journal import IntentState, JournalError, Statement
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent, Refused, Unknown
from pitdesk.kalshi.records import CreatedOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.events import Listeners
    from pitdesk.orders import Intent

_CHECKING = "Checking with the exchange."
_TOO_MANY = 429
_AFTER_UNKNOWN = "Not sent: the request before it was not confirmed. Once that is known, send the rest."

Whole = CallOutcome[tuple[CallOutcome[CreatedOrder], ...]]
"""What became of one request, and where it was answered, of each of its orders."""


class Answers:
    """Gives every order of a request its end. ``unconfirmed`` is told of those to be looked up."""

    def __init__(self, tools: OrderTools, unconfirmed: Listeners[str]) -> None:
        self._journal, self._blotter, self._notices = tools.journal, tools.blotter, tools.notices
        self._unconfirmed = unconfirmed

    async def take(self, chunk: Sequence[Intent], outcome: Whole) -> str:
        """Record and show what became of each; a sentence when nothing further is to be sent, and why."""
        if isinstance(outcome, Accepted):
            ends = outcome.value
            stop = ""
        else:
            ends = (outcome,) * len(chunk)
            stop = _stop_after(outcome)
        await self._record(chunk, ends)
        unknown = [intent for intent, end in zip(chunk, ends, strict=True) if self._show(intent, end)]
        if unknown and not stop:
            stop = _AFTER_UNKNOWN
        return stop

    def may_be_live(self, chunk: Sequence[Intent]) -> None:
        """The request was interrupted: nothing is known of its orders."""
        for intent in chunk:
            self._look_up(intent, "The request was interrupted.")

    @staticmethod
    def was_held_back(outcome: Whole, why: str) -> bool:
        """Whether no request was made at all, because of ``why``."""
        return bool(why) and isinstance(outcome, NotSent) and outcome.sentence == why

    @staticmethod
    def wants_limits(outcome: Whole) -> bool:
        """The bucket was smaller than believed."""
        return isinstance(outcome, Refused) and outcome.http_status == _TOO_MANY

    async def _record(self, chunk: Sequence[Intent], ends: Sequence[CallOutcome[CreatedOrder]]) -> None:
        said = [_statement(intent, end) for intent, end in zip(chunk, ends, strict=True)]
        try:
            await self._journal.record_all(said)
        except JournalError as error:
            self._notices.say(unwritten_notice(str(error)))

    def _show(self, intent: Intent, end: CallOutcome[CreatedOrder]) -> bool:
        """True where its fate is not known."""
        key = intent.client_order_id
        if isinstance(end, Accepted):
            self._blotter.apply_order(order_created(intent, end.value))
            return False
        row = self._blotter.row(key)
        if row is not None and row.order is not None:
            return False  # the stream told of it before the answer came
        if isinstance(end, Refused):
            self._blotter.set_phase(key, RowPhase.REFUSED, end.sentence)
            return False
        if isinstance(end, NotSent):
            self._blotter.set_phase(key, RowPhase.NOT_SENT, end.sentence)
            return False
        self._look_up(intent, _CHECKING)
        return True

    def _look_up(self, intent: Intent, note: str) -> None:
        row = self._blotter.row(intent.client_order_id)
        if row is not None and row.order is None:
            self._blotter.set_phase(row.key, RowPhase.UNCONFIRMED, note)
            self._unconfirmed.emit(row.key)


def _statement(intent: Intent, end: CallOutcome[CreatedOrder]) -> Statement:
    key = intent.client_order_id
    if isinstance(end, Accepted):
        made = end.value
        return Statement(key, IntentState.ACKED, "accepted", made.order_id, 201, made.ts_ms)
    if isinstance(end, Refused):
        return Statement(key, IntentState.REJECTED, end.code, None, end.http_status)
    if isinstance(end, NotSent):
        return Statement(key, IntentState.NOT_SENT, end.detail or end.sentence)
    return Statement(key, IntentState.UNKNOWN, end.detail or end.sentence, None, end.http_status)


def _stop_after(outcome: Refused | NotSent | Unknown) -> str:
    if isinstance(outcome, Unknown):
        return _AFTER_UNKNOWN
    return f"Not sent: the request before it was not taken. {outcome.sentence}"
