"""An order desk with a journal on disk and a small exchange, for one test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pitdesk.desk.activity import Activity
from pitdesk.desk.blotter import Blotter, BlotterRow
from pitdesk.desk.gate import Gate
from pitdesk.desk.order_desk import OrderDesk
from pitdesk.desk.order_tools import DraftCheck, OrderTerms, OrderTools, Pace, no_issues, no_offset
from pitdesk.desk.reconciler import Reconciler
from pitdesk.journal import IntentState, Journal, OpenReport
from pitdesk.notices import Notices
from pitdesk.orders import OrderDraft, Verb
from pitdesk.quantities import Count, Price
from pitdesk.tasks import TaskOwner
from tests.unit.desk.small_exchange import SmallExchange

QUICK = Pace(lag=(0.0, 0.005, 0.01), look_up=(0.01, 0.02), fence=0.15, scan_gap=0.02, read_lag=0.0)
FED = "KXFEDDECISION-26DEC-C25"
NYC = "KXHIGHNY-26NOV21-B50"
Result = TypeVar("Result")


def draft(**changes: Any) -> OrderDraft:
    """Buy 100 Yes at 42¢, or what ``changes`` make of it. A new object each time."""
    asked: dict[str, Any] = {
        "ticker": FED,
        "verb": Verb.BUY_YES,
        "count": Count.of(100),
        "price": Price.from_cents(42),
    }
    return OrderDraft(**{**asked, **changes})


@dataclass
class Floor:
    """Everything of one desk, and what went wrong in its tasks."""

    exchange: SmallExchange
    journal: Journal
    blotter: Blotter
    notices: Notices
    activity: Activity
    gate: Gate
    desk: OrderDesk
    reconciler: Reconciler
    opened: OpenReport
    failures: list[tuple[str, BaseException]]

    async def states(self) -> list[IntentState]:
        """The states that the journal wrote down, oldest first."""
        events = await self.journal.history()
        return [
            IntentState(event.to_state) for event in reversed(events) if event.kind in ("intent", "state")
        ]

    async def state(self, key: str) -> IntentState:
        return (await self.journal.intents_of([key]))[key].state

    def row(self, key: str | None) -> BlotterRow:
        row = self.blotter.row(key or "")
        assert row is not None
        return row


@asynccontextmanager
async def trading_floor(
    folder: Path,
    exchange: SmallExchange | None = None,
    *,
    check: DraftCheck = no_issues,
    pace: Pace = QUICK,
    stream: bool = True,
    journal: Journal | None = None,
    offset_ms: Callable[[], int] = no_offset,
    subaccount: int | None = None,
) -> AsyncIterator[Floor]:
    """A floor on the journal in ``folder``; the exchange may outlive it, as over a restart."""
    exchange = exchange or SmallExchange()
    failures: list[tuple[str, BaseException]] = []
    owner = TaskOwner(lambda name, error: failures.append((name, error)))
    journal, blotter, notices = journal or Journal(), Blotter(), Notices()
    opened = await journal.open(folder / "state" / "journal.sqlite")
    activity, gate = Activity(), Gate()
    gate.open()
    terms = OrderTerms("Practice", subaccount=subaccount, check=check, pace=pace, server_offset_ms=offset_ms)
    tools = OrderTools(exchange, journal, blotter, notices, activity, owner, gate, terms)
    desk, reconciler = OrderDesk(tools), Reconciler(tools)
    desk.unconfirmed.connect(reconciler.check)
    if stream:
        exchange.stream = reconciler.order_said
    try:
        yield Floor(exchange, journal, blotter, notices, activity, gate, desk, reconciler, opened, failures)
    finally:
        exchange.stream = lambda _order: None
        await owner.close()
        desk.close()
        blotter.close()
        await journal.close()
    assert not failures, failures


def run(work: Coroutine[Any, Any, Result], deadline: float = 60.0) -> Result:
    """Run on a plain asyncio loop, with a deadline against hanging."""

    async def bounded() -> Result:
        async with asyncio.timeout(deadline):
            return await work

    return asyncio.run(bounded())


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until ``condition`` holds; the test's deadline bounds it."""
    while not condition():  # noqa: ASYNC110 (what is waited for has no event of its own)
        await asyncio.sleep(0.002)
