"""A small exchange for the order desk's tests: real order semantics in memory, and switches for faults.

It keeps its own log of every create that arrived, so that a test can hold the journal and the blotter to it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from pitdesk.clock import Clock
from pitdesk.kalshi.batch_calls import WriteBudget
from pitdesk.kalshi.history_calls import ENDED_PAGE, EndedList, OrderPage
from pitdesk.kalshi.outcomes import Accepted, CallOutcome, Gone, NotSent, Refused, Unknown
from pitdesk.kalshi.records import AmendedOrder, CanceledOrder, CreatedOrder, DecreasedOrder
from pitdesk.orders import BookSide, Fill, Intent, Order, OrderStatus, TimeInForce
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Price

LOST = Unknown("The answer was lost.", "connection reset")
NO_CONNECTION = NotSent("No connection to the exchange could be made.", "connection refused")
NOT_FOUND = Gone("The exchange does not know this order.", "not_found", 404)


@dataclass
class Faults:
    """What goes wrong next. Each word is used up by one call of its kind, oldest first."""

    create: deque[str]
    cancel: deque[str]
    cancel_all: deque[str]
    change: deque[str]
    reads: deque[str]
    cancel_batch: deque[str] = field(default_factory=deque)


class SmallExchange:
    """Orders of one account. ``takes`` is how much of each new order trades at once, by ticker."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.faults = Faults(deque(), deque(), deque(), deque(), deque())
        self.takes: dict[str, Count] = {}
        self.arrived: list[Intent] = []
        self.requests: list[str] = []
        self.held: dict[str, Order] = {}
        self.made_fills: list[Fill] = []
        self.hidden: set[str] = set()
        self.archived: set[str] = set()
        self.unlisted: set[str] = set()  # left out of lists, answered when asked for singly
        self.stale: deque[Order] = deque()  # how the next looks at these orders show them still
        self.stream: Callable[[Order], object] = lambda _order: None
        self.before_create: Callable[[Intent], object] = lambda _intent: None
        self.reads_behind_ms = 0
        self.shown_after_ms = 0
        self.signature_ms: int | None = None
        self.page = 1_000  # orders to a page of what ended, at most
        self._numbers = count(1)
        self._late: list[tuple[int, Intent]] = []
        self._last_ms = 0

    # What the tests do to it

    def deliver_late(self) -> None:
        """What was kept back on the way arrives now; a signature that is too old by then is refused."""
        late, self._late = self._late, []
        for signed_ms, intent in late:
            if self.signature_ms is None or self.clock.wall_ms() - signed_ms < self.signature_ms:
                self.accept(intent)

    def place_elsewhere(self, ticker: str, side: BookSide, price: Price, contracts: Count) -> Order:
        """Another desk of the same account places an order."""
        number = next(self._numbers)
        now = self._now()
        order = Order(
            order_id=f"ex-{number}",
            client_order_id=f"their-{number}",
            ticker=ticker,
            book_side=side,
            yes_price=price,
            initial_count=contracts,
            fill_count=COUNT_ZERO,
            remaining_count=contracts,
            status=OrderStatus.RESTING,
            created_ms=now,
            updated_ms=now,
        )
        return self._hold(order)

    def fill(self, order_id: str, contracts: Count) -> Order:
        """Somebody trades with a resting order."""
        held = self.held[order_id]
        number = next(self._numbers)
        self.made_fills.append(
            Fill(
                trade_id=f"trade-{number}",
                order_id=order_id,
                ticker=held.ticker,
                book_side=held.book_side,
                yes_price=held.yes_price,
                count=contracts,
                fee=DOLLARS_ZERO,
                is_taker=False,
                created_ms=self._now(),
            )
        )
        remaining = held.remaining_count - contracts
        return self._hold(
            replace(
                held,
                fill_count=held.fill_count + contracts,
                remaining_count=remaining,
                status=OrderStatus.RESTING if remaining else OrderStatus.EXECUTED,
                updated_ms=self._now(),
                last_update_reason="Trade",
            )
        )

    def end(self, order_id: str, reason: str = "MarginCancel") -> Order:
        """The exchange itself cancels a resting order."""
        return self._end(self.held[order_id], reason)

    def resting(self) -> list[Order]:
        return [order for order in self.held.values() if order.is_resting]

    # What the order desk calls

    def create_body(self, intent: Intent) -> bytes:
        return repr(intent).encode()

    async def create_order(
        self, intent: Intent, before: Callable[[], str] | None = None
    ) -> CallOutcome[CreatedOrder]:
        if why_not := await asyncio.to_thread(before or str):
            return NotSent(why_not)
        return await self._create(intent)

    async def _create(self, intent: Intent) -> CallOutcome[CreatedOrder]:
        self.requests.append("create")
        self.before_create(intent)
        await asyncio.sleep(0)
        match self._next(self.faults.create):
            case "not sent":
                return NO_CONNECTION
            case "lost on the way":
                return LOST
            case "late":
                self._late.append((self.clock.wall_ms(), intent))
                return LOST
            case "refuse":
                return Refused("Not enough cash for this order.", "insufficient_balance", 400, "count")
            case "duplicate":
                return Unknown("The exchange has an order with this id.", "order_already_exists", 409, True)
            case "accept, answer lost":
                self.accept(intent)
                return LOST
            case "accept, 503":
                self.accept(intent)
                return Unknown("The exchange answered with an error page.", "503", 503)
            case "wrong echo":
                return Accepted(replace(self._answer(self.accept(intent)), client_order_id="another"), 1.0)
            case "stream first":
                order = self.accept(intent)
                self.fill(order.order_id, Count.of(1))
                return Accepted(self._answer(order), 1.0)
        return Accepted(self._answer(self.accept(intent)), 1.0)

    async def cancel_order(self, order: Order) -> CallOutcome[CanceledOrder]:
        self.requests.append("cancel")
        await asyncio.sleep(0)
        fault = self._next(self.faults.cancel)
        if fault == "not sent":
            return NO_CONNECTION
        if fault == "refuse":
            return Refused("The market is closed.", "market_inactive", 400)
        if fault == "too many":
            return Refused("Too many requests.", "too_many_requests", 429)
        if fault == "lost on the way":
            return LOST
        held = self.held.get(order.order_id)
        if held is None or not held.is_resting:
            return NOT_FOUND
        ended = self._end(held, "Cancel")
        if fault == "done, answer lost":
            return LOST
        return Accepted(CanceledOrder(held.remaining_count, ended.updated_ms or 0), 1.0)

    def write_budget(self) -> WriteBudget:
        return WriteBudget(rate=100, capacity=100, create_cost=10, cancel_cost=2, reserve=20)

    async def cancel_batch(
        self, orders: Sequence[Order]
    ) -> CallOutcome[tuple[CallOutcome[CanceledOrder], ...]]:
        self.requests.append(f"cancel {len(orders)}")
        await asyncio.sleep(0)
        fault = self._next(self.faults.cancel_batch)
        if fault == "lost on the way":
            return LOST
        ends: list[CallOutcome[CanceledOrder]] = []
        for number, order in enumerate(orders):
            held = self.held.get(order.order_id)
            if fault == "leaves the first" and not number:
                ends.append(LOST)
            elif held is None or not held.is_resting:
                ends.append(NOT_FOUND)
            else:
                self._end(held, "Cancel")
                ends.append(Accepted(CanceledOrder(held.remaining_count, self._now()), 1.0))
        return LOST if fault == "done, answer lost" else Accepted(tuple(ends), 1.0)

    async def cancel_all(self) -> CallOutcome[None]:
        self.requests.append("cancel all")
        await asyncio.sleep(0)
        fault = self._next(self.faults.cancel_all)
        if fault == "too many":
            return Refused("Too many requests.", "too_many_requests", 429)
        if fault == "not sent":
            return NO_CONNECTION
        if fault == "lost on the way":
            return LOST
        for number, order in enumerate(self.resting()):
            if fault != "leaves the first" or number:
                self._end(order, "Cancel")
        return Accepted(None, 1.0)

    async def amend_order(
        self, order: Order, price: Price, total_count: Count, before: Callable[[], str] | None = None
    ) -> CallOutcome[AmendedOrder]:
        if why_not := await asyncio.to_thread(before or str):
            return NotSent(why_not)
        self.requests.append("amend")
        await asyncio.sleep(0)
        fault = self._next(self.faults.change)
        early = _early(fault)
        if early is not None:
            return early
        held = self.held.get(order.order_id)
        if held is None or not held.is_resting:
            return NOT_FOUND
        remaining = total_count - held.fill_count
        new = self._hold(replace(held, yes_price=price, remaining_count=remaining, updated_ms=self._now()))
        if fault == "done, answer lost":
            return LOST
        if fault == "no counts":
            return Accepted(AmendedOrder(None, None, new.updated_ms or 0), 1.0)
        if fault == "filled before the answer":
            self.fill(order.order_id, Count.of(10))
        return Accepted(AmendedOrder(remaining, held.fill_count, new.updated_ms or 0), 1.0)

    async def decrease_order(self, order: Order, reduce_to: Count) -> CallOutcome[DecreasedOrder]:
        self.requests.append("decrease")
        await asyncio.sleep(0)
        fault = self._next(self.faults.change)
        early = _early(fault)
        if early is not None:
            return early
        held = self.held.get(order.order_id)
        if held is None or not held.is_resting:
            return NOT_FOUND
        new = self._hold(
            replace(held, remaining_count=min(reduce_to, held.remaining_count), updated_ms=self._now())
        )
        if fault == "done, answer lost":
            return LOST
        if fault == "filled before the answer":
            self.fill(order.order_id, Count.of(10))
        return Accepted(DecreasedOrder(new.remaining_count, new.updated_ms or 0), 1.0)

    async def orders(
        self, *, status: str | None = None, ticker: str | None = None, min_ts_s: int | None = None
    ) -> CallOutcome[tuple[Order, ...]]:
        self.requests.append("orders")
        if self._next(self.faults.reads) == "no answer":
            return LOST
        return Accepted(tuple(await self._listed(status, ticker, min_ts_s)), 1.0)

    async def _listed(
        self, status: str | None = None, ticker: str | None = None, min_ts_s: int | None = None
    ) -> list[Order]:
        left_out = self.unlisted | self.archived
        found = [
            order
            for order in self.held.values()
            if self._is_readable(order)
            and order.order_id not in left_out
            and (status is None or order.status.value == status)
            and (ticker is None or order.ticker == ticker)
            and (min_ts_s is None or (order.created_ms or 0) >= min_ts_s * 1_000)
        ]
        await asyncio.sleep(0)
        return found

    async def resting_orders(self, take: Callable[[tuple[Order, ...]], Awaitable[None]]) -> CallOutcome[int]:
        outcome = await self.orders(status="resting")
        if not isinstance(outcome, Accepted):
            return outcome
        await take(outcome.value)
        return Accepted(len(outcome.value), 1.0)

    async def ended_orders(
        self, which: EndedList, cursor: str = "", *, min_ts_s: int | None = None, limit: int = ENDED_PAGE
    ) -> CallOutcome[OrderPage]:
        """Newest first by when they were placed, which is also what ``min_ts_s`` is held against."""
        self.requests.append(f"{which.value} orders")
        if self._next(self.faults.reads) == "no answer":
            return LOST
        if which is EndedList.ARCHIVED:
            found = [self.held[each] for each in self.archived]
        else:
            found = await self._listed(status=which.value, min_ts_s=min_ts_s)
        found.sort(key=lambda order: order.created_ms or 0, reverse=True)
        after = int(cursor or 0)
        until = after + min(limit, self.page)
        return Accepted((tuple(found[after:until]), str(until) if until < len(found) else ""), 1.0)

    async def archived_orders(self, ticker: str, min_ts_s: int) -> CallOutcome[tuple[Order, ...]]:
        self.requests.append("archived orders")
        await asyncio.sleep(0)
        if self._next(self.faults.reads) == "no answer":
            return LOST
        return Accepted(tuple(self.held[each] for each in self.archived if self.held[each].ticker == ticker))

    async def order(self, order_id: str) -> CallOutcome[Order]:
        self.requests.append("order")
        await asyncio.sleep(0)
        if self._next(self.faults.reads) == "no answer":
            return LOST
        if self.stale and self.stale[0].order_id == order_id:
            return Accepted(self.stale.popleft(), 1.0)
        held = self.held.get(order_id)
        if held is None or order_id in self.archived or not self._is_readable(held):
            return NOT_FOUND
        return Accepted(held, 1.0)

    async def fills(
        self, *, min_ts_s: int | None = None, ticker: str | None = None, limit: int | None = None
    ) -> CallOutcome[tuple[Fill, ...]]:
        await asyncio.sleep(0)
        found = tuple(
            fill
            for fill in reversed(self.made_fills)
            if (min_ts_s is None or fill.created_ms >= min_ts_s * 1_000)
            and (ticker is None or fill.ticker == ticker)
            and fill.order_id not in self.archived
        )
        return Accepted(found[:limit], 1.0)

    async def queue_positions(self) -> CallOutcome[dict[str, Count]]:
        await asyncio.sleep(0)
        return Accepted({order.order_id: Count.of(7) for order in self.resting()}, 1.0)

    async def user_data_timestamp(self) -> CallOutcome[int]:
        await asyncio.sleep(0)
        return Accepted(self.clock.wall_ms() - self.reads_behind_ms, 1.0)

    # Inside

    def accept(self, intent: Intent) -> Order:
        """The create has arrived: the one place where an order of ours comes into being."""
        self.arrived.append(intent)
        draft, number = intent.draft, next(self._numbers)
        took = min(self.takes.get(draft.ticker, COUNT_ZERO), draft.count)
        rests = draft.time_in_force is TimeInForce.GOOD_TILL_CANCELED
        remaining = draft.count - took if rests else COUNT_ZERO
        now = self._now()
        status = OrderStatus.RESTING
        if not remaining:
            status = OrderStatus.EXECUTED if took == draft.count else OrderStatus.CANCELED
        return self._hold(
            Order(
                order_id=f"ex-{number}",
                client_order_id=intent.client_order_id,
                ticker=draft.ticker,
                book_side=draft.book_side,
                yes_price=draft.yes_price,
                initial_count=draft.count,
                fill_count=took,
                remaining_count=remaining,
                status=status,
                created_ms=now,
                updated_ms=now,
            )
        )

    def _is_readable(self, order: Order) -> bool:
        seen = (order.created_ms or 0) <= self.clock.wall_ms() - self.shown_after_ms
        return seen and order.order_id not in self.hidden

    def _end(self, held: Order, reason: str) -> Order:
        return self._hold(
            replace(
                held,
                status=OrderStatus.CANCELED,
                remaining_count=COUNT_ZERO,
                updated_ms=self._now(),
                last_update_reason=reason,
            )
        )

    def _hold(self, order: Order) -> Order:
        self.held[order.order_id] = order
        self.stream(order)
        return order

    def _answer(self, order: Order) -> CreatedOrder:
        return CreatedOrder(
            order.order_id,
            order.client_order_id,
            order.fill_count,
            order.remaining_count,
            None,
            order.updated_ms or 0,
        )

    def _now(self) -> int:
        self._last_ms = max(self._last_ms, self.clock.wall_ms())
        return self._last_ms

    @staticmethod
    def _next(faults: deque[str]) -> str:
        return faults.popleft() if faults else ""


def _early(fault: str) -> Any:
    if fault == "not sent":
        return NO_CONNECTION
    if fault == "refuse":
        return Refused("The price is not on this market's grid.", "invalid_price", 400, "price")
    return LOST if fault == "lost on the way" else None
