"""A sender with a journal on disk and a small exchange that takes batches, with faults on demand."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pitdesk.desk.batch.results import BatchOrder
from pitdesk.desk.batch.review import Reviewed
from pitdesk.desk.batch.sender import BatchSender
from pitdesk.desk.order_tools import OrderTerms, OrderTools
from pitdesk.kalshi.batch_calls import WriteBudget
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, NotSent, Refused, Unknown
from pitdesk.kalshi.records import AccountLimits, BucketLimit, CanceledOrder, CreatedOrder
from pitdesk.markets import Market
from pitdesk.orders import Intent, Order, OrderDraft, Verb
from pitdesk.quantities import Count, Price
from pitdesk.tasks import TaskOwner
from tests.unit.desk.small_exchange import LOST, NO_CONNECTION, NOT_FOUND, SmallExchange
from tests.unit.desk.trading_floor import FED, QUICK, Floor, trading_floor

REFUSED = Refused("There is not enough cash for this order.", "insufficient_balance", 400, "count")
TOO_MANY = Refused("Too many requests.", "too_many_requests", 429)


class BatchExchange(SmallExchange):
    """Takes batches. ``whole`` faults meet a request, ``items`` the order of a client order id's place."""

    def __init__(self) -> None:
        super().__init__()
        self.whole: deque[str] = deque()
        self.cancels: deque[str] = deque()
        self.items: dict[int, str] = {}
        self.batches: list[list[str]] = []
        self.budget = WriteBudget(100, 100, 10, 2, 20)
        self.asked_limits = 0
        self.arrives = asyncio.Event()  # while it is clear, what was sent is on its way
        self.arrives.set()
        self.before_batch: Callable[[Sequence[Intent]], object] = lambda _: None
        self._placed = 0

    def write_budget(self) -> WriteBudget:
        return self.budget

    async def limits(self) -> CallOutcome[AccountLimits]:
        self.asked_limits += 1
        return Accepted(AccountLimits(BucketLimit(1, 1), BucketLimit(1, 1)))

    async def create_batch(
        self, intents: Sequence[Intent], unless: Callable[[], str]
    ) -> CallOutcome[tuple[CallOutcome[CreatedOrder], ...]]:
        await asyncio.sleep(0)
        if why := unless():
            return NotSent(why)
        self.before_batch(intents)
        self.batches.append([intent.client_order_id for intent in intents])
        await self.arrives.wait()
        fault = self.whole.popleft() if self.whole else ""
        if fault == "not sent":
            return NO_CONNECTION
        if fault == "lost on the way":
            return LOST
        if fault == "429":
            return TOO_MANY
        ends = tuple(self._one(intent) for intent in intents)
        await asyncio.sleep(0)
        return LOST if fault == "accept, answer lost" else Accepted(ends, 1.0)

    def _one(self, intent: Intent) -> CallOutcome[CreatedOrder]:
        fault = self.items.get(self._placed, "")
        self._placed += 1
        if fault == "refuse":
            return REFUSED
        made = self.accept(intent)
        if fault == "left out":
            return Unknown("left out")
        return Accepted(self._answer(made))

    async def cancel_batch(
        self, orders: Sequence[Order]
    ) -> CallOutcome[tuple[CallOutcome[CanceledOrder], ...]]:
        await asyncio.sleep(0)
        self.requests.append("cancel batch")
        fault = self.cancels.popleft() if self.cancels else ""
        if fault == "lost on the way":
            return LOST
        ends: list[CallOutcome[CanceledOrder]] = []
        for order in orders:
            held = self.held[order.order_id]
            if not held.is_resting:
                ends.append(NOT_FOUND)
                continue
            ended = self._end(held, "Cancel")
            ends.append(Accepted(CanceledOrder(held.remaining_count, ended.updated_ms or 0)))
        return LOST if fault == "done, answer lost" else Accepted(tuple(ends))


@dataclass
class Sheet:
    """Stands for the sheet and its judge: the orders by row id."""

    orders: list[BatchOrder]
    reviewed: Callable[[Reviewed], Reviewed] = lambda it: it

    async def review(self, row_ids: Sequence[int] | None = None) -> Reviewed:
        await asyncio.sleep(0)
        return self.reviewed(
            Reviewed(tuple(it for it in self.orders if row_ids is None or it.row_id in row_ids))
        )


@dataclass
class Markets:
    """What is known of markets: nothing, but what a test says."""

    held: dict[str, Market] = field(default_factory=dict)

    def market(self, ticker: str) -> Market | None:
        return self.held.get(ticker)


@dataclass
class BatchFloor:
    """A floor with a sender on it."""

    floor: Floor
    exchange: BatchExchange
    sheet: Sheet
    sender: BatchSender
    markets: Markets

    def ends(self) -> str:
        """One letter for each row: p, r, u, n, w; a dot where it was never sent."""
        found = (self.sender.result(order.row_id) for order in self.sheet.orders)
        return "".join("." if it is None else it.end.value[0] for it in found)


def orders(count: int, ticker: str = FED) -> list[BatchOrder]:
    return [
        BatchOrder(place + 1, OrderDraft(ticker, Verb.BUY_YES, Count.of(1 + place), Price.from_cents(10)))
        for place in range(count)
    ]


@asynccontextmanager
async def batch_floor(
    folder: Path, count: int = 20, exchange: BatchExchange | None = None
) -> AsyncIterator[BatchFloor]:
    exchange = exchange or BatchExchange()
    async with trading_floor(folder, exchange) as floor:
        failures: list[object] = []
        owner = TaskOwner(lambda name, error: failures.append((name, error)))
        terms = OrderTerms("Practice", pace=QUICK)
        tools = OrderTools(
            exchange, floor.journal, floor.blotter, floor.notices, floor.activity, owner, floor.gate, terms
        )
        sheet, markets = Sheet(orders(count)), Markets()
        sender = BatchSender(exchange, tools, floor.desk, markets, sheet)  # type: ignore[arg-type]
        try:
            yield BatchFloor(floor, exchange, sheet, sender, markets)
        finally:
            sender.close()
            await owner.close()
        assert not failures


def closed(market: Market) -> Market:
    """The market after it closed."""
    from pitdesk.markets import MarketStatus

    return replace(market, status=MarketStatus.CLOSED)
