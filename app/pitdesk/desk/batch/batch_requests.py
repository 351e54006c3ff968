"""Sends the orders of one batch, request after request that fits the bucket, until one leaves a doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pitdesk.desk.batch.answers import Answers
from pitdesk.desk.blotter import RowPhase
from pitdesk.desk.request_sizes import next_request
from pitdesk.desk.unwritten import unwritten_notice
from pitdesk.journal import IntentState, JournalError, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pitdesk.desk.batch.calls import BatchCalls
    from pitdesk.desk.batch.run import BatchRun
    from pitdesk.desk.order_tools import OrderTools
    from pitdesk.desk.pre_trade import MarketView
    from pitdesk.events import Listeners
    from pitdesk.orders import Intent

STOPPED = "You stopped the batch before this order was sent."


class Requests:
    """What was written down for a batch leaves here, each order once; ``unconfirmed`` is told of those whose
    fate is to be looked up."""

    def __init__(
        self, calls: BatchCalls, tools: OrderTools, markets: MarketView, unconfirmed: Listeners[str]
    ) -> None:
        self._calls, self._markets = calls, markets
        self._journal, self._blotter, self._gate = tools.journal, tools.blotter, tools.gate
        self._notices, self._terms = tools.notices, tools.terms
        self._answers = Answers(tools, unconfirmed)

    async def send(self, run: BatchRun, progressed: Callable[[BatchRun], object]) -> None:
        """Until all are sent or ``run`` is stopped; what was not sent by then is told so. ``progressed`` is
        called after each request."""
        await self._send_each(run, progressed)
        left, run.waiting = run.waiting, []
        await self._leave_out(run, left, run.stop or STOPPED)

    async def _send_each(self, run: BatchRun, progressed: Callable[[BatchRun], object]) -> None:
        while run.waiting and run.goes_on():
            await self._leave_out_closed(run)
            size = next_request(len(run.waiting), self._calls.write_budget(), first=not run.told)
            chunk = run.waiting[:size]
            if not chunk:
                return
            try:
                outcome = await self._calls.create_batch(chunk, lambda: self._why_not(run))
            except BaseException:
                self._answers.may_be_live(chunk)
                raise
            if self._answers.was_held_back(outcome, run.stop):
                return
            del run.waiting[: len(chunk)]
            run.end(await self._answers.take(chunk, outcome))
            run.told += len(chunk)
            if self._answers.wants_limits(outcome):
                await self._calls.limits()
            progressed(run)

    def _why_not(self, run: BatchRun) -> str:
        """The last look before a request leaves: it waited for its tokens."""
        if not self._gate.open_for_risk:
            run.end(self._gate.reason)
        return run.stop

    async def _leave_out_closed(self, run: BatchRun) -> None:
        """Orders whose market closed since the batch was begun are not sent."""
        closed: dict[str, list[Intent]] = {}
        for intent in run.waiting:
            market = self._markets.market(intent.draft.ticker)
            if market is not None and not market.status.takes_orders:
                closed.setdefault(intent.draft.ticker, []).append(intent)
        run.waiting = [intent for intent in run.waiting if intent.draft.ticker not in closed]
        for ticker, intents in closed.items():
            name = self._terms.label(ticker)
            await self._leave_out(run, intents, f"{name} takes no orders any more: it closed meanwhile.")

    async def _leave_out(self, run: BatchRun, intents: Sequence[Intent], why: str) -> None:
        if not intents:
            return
        said = [Statement(intent.client_order_id, IntentState.NOT_SENT, why) for intent in intents]
        try:
            await self._journal.record_all(said)
        except JournalError as error:
            self._notices.say(unwritten_notice(str(error)))
        for intent in intents:
            self._blotter.set_phase(intent.client_order_id, RowPhase.NOT_SENT, why)
        run.told += len(intents)
