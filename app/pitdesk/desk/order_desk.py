"""Submit, cancel, amend and decrease: the journal first, one request for one press, the truth afterwards."""

from __future__ import annotations

import asyncio
import uuid
from collections import deque
from typing import TYPE_CHECKING

from pitdesk.desk.activity import ActivityEntry
from pitdesk.desk.blotter import BlotterRow, RowPhase
from pitdesk.desk.cancel_all import AllCanceler
from pitdesk.desk.cancels import Canceler
from pitdesk.desk.changes import Changer
from pitdesk.desk.order_facts import order_created, state_of
from pitdesk.desk.placed_words import placed_sentence
from pitdesk.desk.results import CancelResult, ChangeResult, SubmitKind, SubmitResult
from pitdesk.desk.unwritten import UNWRITTEN, unwritten_notice
from pitdesk.events import Listeners
from pitdesk.journal import IntentState, JournalError, Statement
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent, Refused, Unknown
from pitdesk.notices import Severity
from pitdesk.orders import Intent, OrderDraft, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.kalshi.records import CreatedOrder
    from pitdesk.limits import Issue
    from pitdesk.quantities import Count, Price

__all__ = ["CancelResult", "ChangeResult", "OrderDesk", "SubmitKind", "SubmitResult"]

_DRAFTS_REMEMBERED = 256
_IDS_REMEMBERED = 10_000
_CANCELED_ALL = "Everything was canceled before this order was sent."
_HELD_AT_ONCE = 2  # of the four workers that send: the others are free for cancels, whatever the disk does


class OrderDesk:
    """What a person asks of orders. No method raises for what the exchange, the disk or a limit says."""

    def __init__(self, tools: OrderTools) -> None:
        self.unconfirmed: Listeners[str] = Listeners()
        """Keys of rows whose order may be live and must be looked up."""
        self.canceling_all: Listeners[str] = Listeners()
        """Told, before everything is canceled, why what still waits to be sent is not to leave."""
        self._rest, self._journal, self._blotter = tools.rest, tools.journal, tools.blotter
        self._notices, self._activity, self._gate = tools.notices, tools.activity, tools.gate
        self._terms, self._clock = tools.terms, tools.terms.clock
        self._sent: deque[tuple[OrderDraft, str]] = deque(maxlen=_DRAFTS_REMEMBERED)
        self._ids: deque[str] = deque(maxlen=_IDS_REMEMBERED)
        self._held, self._cancels_of_all = 0, 0
        self._canceler, self._changer = Canceler(tools), Changer(tools)
        self._all_canceler = AllCanceler(tools, self._canceler)
        self._disconnect = (
            tools.blotter.moved.connect(self._write_down),
            tools.journal.failed.connect(self._say_journal_failed),
        )

    def close(self) -> None:
        """Stop listening."""
        for disconnect in self._disconnect:
            disconnect()
        self._canceler.close()

    async def submit(
        self,
        draft: OrderDraft,
        source: Source,
        client_order_id: str | None = None,
        *,
        confirmed: bool = False,
    ) -> SubmitResult:
        """Send ``draft`` once. The same draft object, or client order id, is never sent a second time.

        A draft that was refused or not sent may be submitted again. ``confirmed``: the person has seen and
        accepted the issues that ask first. Not to be canceled while it runs.
        """
        began = self._clock.monotonic()
        denied = self._deny(draft, client_order_id, confirmed)
        if denied is not None:
            return denied
        intent = Intent(
            client_order_id or str(uuid.uuid4()), self._terms.own(draft), source, self._clock.wall_ms()
        )
        self._sent.append((draft, intent.client_order_id))
        self._ids.append(intent.client_order_id)
        self._blotter.add_intent(intent)
        written = self._begin_writing(intent)
        try:
            outcome = await self._send(intent, written)
        except BaseException:
            self._may_be_live(intent, "The request was interrupted.")
            raise
        if why_not := await _unwritten(written):
            return self._not_sent(intent, why_not, began)
        self._notices.clear(UNWRITTEN)
        return await self._conclude(intent, outcome, began)

    async def cancel(self, keys: Sequence[str]) -> CancelResult:
        """Cancel rows of the blotter. Works while the gate is closed."""
        return await self._canceler.cancel(keys)

    async def cancel_market(self, ticker: str) -> CancelResult:
        """Cancel every working order of one market."""
        return await self._canceler.cancel([row.key for row in self._blotter.own_orders(ticker)])

    async def cancel_batch(self, batch: int, answered: asyncio.Event | None = None) -> CancelResult:
        """Cancel every working order of one batch; of those on their way too once ``answered`` is set."""
        return await self._canceler.cancel_batch(batch, answered)

    def cancels_when_found(self, key: str) -> bool:
        """Whether a cancel of an unconfirmed row was asked and waits for its order to be found."""
        return self._canceler.is_waiting_for(key)

    async def cancel_all(self) -> CancelResult:
        """Cancel every order of the account, those placed elsewhere included, and verify it by a scan.

        What was asked before and still waits to be sent does not leave any more.
        """
        self._cancels_of_all += 1
        self.canceling_all.emit(_CANCELED_ALL)
        return await self._all_canceler.cancel_all()

    async def amend(
        self, key: str, price: Price, remaining: Count, *, confirmed: bool = False
    ) -> ChangeResult:
        """Change price (of the outcome that the row's verb names) and what is to remain on the book."""
        return await self._changer.amend(key, price, remaining, confirmed=confirmed)

    async def decrease(self, key: str, remaining: Count) -> ChangeResult:
        """Leave ``remaining`` on the book, keeping the place in the queue."""
        return await self._changer.decrease(key, remaining)

    def _deny(self, draft: OrderDraft, client_order_id: str | None, confirmed: bool) -> SubmitResult | None:
        if any(sent is draft and self._may_live(key) for sent, key in self._sent):
            return self._denied(draft, "This order was already sent once. Change it or clear the ticket.")
        if client_order_id is not None and self._is_spent(client_order_id):
            return self._denied(draft, "This order was already sent once. A new press makes a new order.")
        if not self._gate.open_for_risk:
            return self._denied(draft, f"No new orders now: {self._gate.reason}")
        issues = self._terms.check(draft)
        if any(issue.is_hard for issue in issues) or (issues and not confirmed):
            return self._denied(draft, " ".join(issue.sentence for issue in issues), issues)
        return None

    def _may_live(self, key: str) -> bool:
        row = self._blotter.row(key)
        return row is None or not row.phase.came_to_nothing

    def _is_spent(self, client_order_id: str) -> bool:
        return client_order_id in self._ids or self._blotter.knows(client_order_id)

    def _begin_writing(self, intent: Intent) -> Future[None]:
        """Start making it durable; the request is prepared meanwhile and waits for it."""
        return self._journal.begin_intent(
            intent,
            self._rest.create_body(intent),
            self._terms.environment,
            self._terms.key_id,
            self._terms.server_offset_ms(),
        )

    async def _send(self, intent: Intent, written: Future[None]) -> CallOutcome[CreatedOrder]:
        """Prepare the request while the intent goes to disk. Only so many wait in a worker for that: a disk
        that does not answer must not keep cancels from being sent."""
        asked_after = self._cancels_of_all
        if self._held >= _HELD_AT_ONCE and (why_not := await _unwritten(written)):
            return NotSent(why_not)
        self._held += 1
        try:
            return await self._rest.create_order(intent, lambda: self._hold_back(written, asked_after))
        finally:
            self._held -= 1

    def _hold_back(self, written: Future[None], asked_after: int) -> str:
        """In the worker that sends, with the request ready: why it may not leave, empty where it may.

        It may not before its intent is on disk, nor through a gate that closed meanwhile, nor after a cancel
        of everything. Gate and count are only read here, one word of each, which any thread may.
        """
        try:
            written.result()
        except JournalError as error:
            return str(error)
        return self._gate.reason or (_CANCELED_ALL if asked_after != self._cancels_of_all else "")

    async def _conclude(
        self, intent: Intent, outcome: CallOutcome[CreatedOrder], began: float
    ) -> SubmitResult:
        if isinstance(outcome, Accepted) and _is_ours(intent, outcome.value):
            return self._placed(intent, outcome.value, began)
        row = self._blotter.row(intent.client_order_id)
        if row is not None and row.order is not None:
            return self._result(SubmitKind.PLACED, placed_sentence(row.order, intent), intent, began)
        if isinstance(outcome, Refused):
            await self._record(intent, IntentState.REJECTED, outcome.code, outcome.http_status)
            self._blotter.set_phase(intent.client_order_id, RowPhase.REFUSED, outcome.sentence)
            return self._result(SubmitKind.REFUSED, outcome.sentence, intent, began, outcome.field)
        if isinstance(outcome, NotSent):
            await self._record(intent, IntentState.NOT_SENT, outcome.detail or outcome.sentence)
            return self._not_sent(intent, outcome.sentence, began)
        return await self._unconfirmed(intent, outcome, began)

    def _placed(self, intent: Intent, answer: CreatedOrder, began: float) -> SubmitResult:
        self._journal.note(
            Statement(
                intent.client_order_id,
                IntentState.ACKED,
                "accepted",
                order_id=answer.order_id,
                server_ts_ms=answer.ts_ms,
            )
        )
        row = self._blotter.apply_order(order_created(intent, answer))
        order = row.order or order_created(intent, answer)
        sentence = placed_sentence(order, intent, answer.average_fill_price)
        return self._result(SubmitKind.PLACED, sentence, intent, began)

    def _not_sent(self, intent: Intent, why: str, began: float) -> SubmitResult:
        self._blotter.set_phase(intent.client_order_id, RowPhase.NOT_SENT, why)
        return self._result(SubmitKind.NOT_SENT, f"Nothing was sent. {why}", intent, began)

    async def _unconfirmed(
        self, intent: Intent, outcome: Accepted[CreatedOrder] | Unknown, began: float
    ) -> SubmitResult:
        if isinstance(outcome, Unknown):
            cause, status = outcome.detail or outcome.sentence, outcome.http_status
        else:
            cause, status = "the answer names another order", 201
        await self._record(intent, IntentState.UNKNOWN, cause, status)
        self._may_be_live(intent, "Checking with the exchange.")
        sentence = f"Not confirmed: {intent.draft.sentence()} may be live. Checking with the exchange."
        return self._result(SubmitKind.UNCONFIRMED, sentence, intent, began)

    def _may_be_live(self, intent: Intent, note: str) -> None:
        row = self._blotter.row(intent.client_order_id)
        if row is not None and row.order is None:
            self._blotter.set_phase(row.key, RowPhase.UNCONFIRMED, note)
            self.unconfirmed.emit(row.key)

    async def _record(
        self, intent: Intent, state: IntentState, cause: str, http_status: int | None = None
    ) -> None:
        """What is known now stays known in memory even where the disk fails: the next start looks it up."""
        try:
            await self._journal.record(intent.client_order_id, state, cause, http_status=http_status)
        except JournalError as error:
            self._say_journal_failed(str(error))

    def _write_down(self, row: BlotterRow) -> None:
        if row.intent is not None and row.order is not None:
            order = row.order
            self._journal.note(
                Statement(row.key, state_of(order), "exchange", order.order_id, None, order.updated_ms)
            )

    def _say_journal_failed(self, sentence: str) -> None:
        self._notices.say(unwritten_notice(sentence))

    def _denied(self, draft: OrderDraft, sentence: str, issues: tuple[Issue, ...] = ()) -> SubmitResult:
        field = next((issue.field for issue in issues if issue.field is not None), None)
        if not issues or any(issue.is_hard for issue in issues):
            self._log(draft, "Not sent", sentence, None, Severity.WARNING)
        return SubmitResult(SubmitKind.DENIED, sentence, issues=issues, field=field)

    def _result(
        self, kind: SubmitKind, sentence: str, intent: Intent, began: float, field: str | None = None
    ) -> SubmitResult:
        took_ms = (self._clock.monotonic() - began) * 1_000
        severity = Severity.INFO if kind is SubmitKind.PLACED else Severity.WARNING
        self._log(intent.draft, kind.value.capitalize(), sentence, took_ms, severity)
        market = self._terms.label(intent.draft.ticker) if kind is SubmitKind.PLACED else ""
        return SubmitResult(kind, sentence, intent.client_order_id, took_ms, field=field, market=market)

    def _log(
        self, draft: OrderDraft, outcome: str, sentence: str, took_ms: float | None, severity: Severity
    ) -> None:
        said = outcome if severity is Severity.INFO else f"{outcome}: {sentence}"
        self._activity.add(
            ActivityEntry(
                self._clock.wall_ms(), "Order", draft.ticker, draft.sentence(), said, took_ms, severity
            )
        )


def _is_ours(intent: Intent, answer: CreatedOrder) -> bool:
    return bool(answer.order_id) and answer.client_order_id == intent.client_order_id


async def _unwritten(written: Future[None]) -> str:
    """Why the intent is not on disk, empty where it is."""
    try:
        if written.done():  # as a rule: one turn of the loop less between the answer and the row
            written.result()
        else:
            await asyncio.shield(asyncio.wrap_future(written))
    except JournalError as error:
        return str(error)
    return ""
