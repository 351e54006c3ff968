"""A desk with tight limits on a small exchange that holds every order it gets to the limits by itself.

The exchange counts from its own truth: its fills, its resting orders and the one that arrives. What the desk
believes may be older; it may only ever be worse. The day's loss is the one exception that has to be: what the
orders of one batch, or two presses at once, lose on the way was not lost yet when they were judged.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from pitdesk.clock import Clock
from pitdesk.desk.batch.draft import BatchDraft
from pitdesk.desk.batch.facts import BatchFacts
from pitdesk.desk.batch.judge import BatchJudge
from pitdesk.desk.batch.sender import BatchSender
from pitdesk.desk.order_tools import OrderTerms, OrderTools, Pace
from pitdesk.desk.positions import after_fill, opened
from pitdesk.desk.pre_trade import PreTrade
from pitdesk.kalshi.outcomes import CallOutcome, Refused
from pitdesk.kalshi.records import AmendedOrder
from pitdesk.limits import Issue, LimitValues
from pitdesk.limits.figures import LOOSEST
from pitdesk.markets import Book, FeeSchedule, Market, MarketStatus, Position, Quote
from pitdesk.orders import BookSide, Fill, Intent, Order, OrderDraft
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price, PriceRanges
from pitdesk.tasks import TaskOwner
from tests.unit.desk.batch.sending_ground import BatchExchange
from tests.unit.desk.risk_ground import Holdings, risk_book
from tests.unit.desk.trading_floor import Floor, trading_floor

TICKERS = ("E-A", "E-B", "F-A")
TIGHT = replace(
    LOOSEST,
    market_cost_confirm=Dollars.of(30),
    market_cost_hard=Dollars.of(60),
    event_cost_confirm=Dollars.of(50),
    event_cost_hard=Dollars.of(90),
    day_spend_confirm=Dollars.of(100),
    day_spend_hard=Dollars.of(150),
    day_loss_confirm=Dollars.of(5),
    day_loss_hard=Dollars.of(20),
    open_orders_hard=8,
)
SWIFT = Pace(lag=(0.0, 0.001), look_up=(0.002, 0.004), fence=0.03, scan_gap=0.002, read_lag=0.0)
FEELESS = FeeSchedule("quadratic", Fraction(0))
Leg = tuple[int, int]


class StrictExchange(BatchExchange):
    """Trades are fills of its own; each order that arrives is held to ``values``."""

    def __init__(self, values: LimitValues = TIGHT) -> None:
        super().__init__()
        self.values = values
        self.passed: list[str] = []
        self._grew: set[str] = set()
        self.lost_before = 0
        self.fill_said: Callable[[Fill], object] = lambda _fill: None

    def begin_step(self) -> None:
        """What is asked from here on is judged by what the day has lost by now."""
        self.lost_before = self.lost()

    # What arrives

    def accept(self, intent: Intent) -> Order:
        draft = intent.draft
        leg = _leg(draft.book_side, draft.yes_price)
        grows = self._hold_to_limits(draft.ticker, draft.book_side, (leg, draft.count.units), None)
        growing = sum(order.is_resting for key, order in self.held.items() if key in self._grew)
        if grows and growing >= self.values.open_orders_hard:
            self.passed.append(f"{draft.sentence()}: {growing} open orders")
        took = min(self.takes.get(draft.ticker, COUNT_ZERO), draft.count)
        order = super().accept(intent)
        if grows:
            self._grew.add(order.order_id)
        if took:
            self._trade(order, took)
        return order

    async def amend_order(
        self, order: Order, price: Price, total_count: Count, *more: Any
    ) -> CallOutcome[AmendedOrder]:
        held = self.held.get(order.order_id)
        if held is not None and total_count <= held.fill_count:
            return Refused("More than that has traded already.", "invalid_order_size", 400, "count")
        if held is not None and held.is_resting:
            now = (_leg(held.book_side, price), (total_count - held.fill_count).units)
            self._hold_to_limits(held.ticker, held.book_side, now, held.order_id)
        return await super().amend_order(order, price, total_count, *more)

    def fill(self, order_id: str, contracts: Count) -> Order:
        order = super().fill(order_id, contracts)
        self.fill_said(self.made_fills[-1])
        return order

    def _trade(self, order: Order, took: Count) -> None:
        number = len(self.made_fills)
        self.made_fills.append(
            Fill(
                f"take-{number}", order.order_id, order.ticker, order.book_side, order.yes_price, took,
                DOLLARS_ZERO, True, self._now(),
            )
        )  # fmt: skip
        self.fill_said(self.made_fills[-1])

    # Its own count

    def positions(self) -> dict[str, Position]:
        """From the first fill to the last."""
        held: dict[str, Position] = {}
        for fill in self.made_fills:
            held[fill.ticker], _ = after_fill(held.get(fill.ticker), fill)
        return held

    def spent(self) -> int:
        """Paid for what opened."""
        counts: dict[str, Count] = {}
        spent = 0
        for fill in self.made_fills:
            before = counts.get(fill.ticker, COUNT_ZERO)
            spent += _leg(fill.book_side, fill.yes_price) * opened(before, fill).units
            signed = fill.count if fill.book_side is BookSide.BID else -fill.count
            counts[fill.ticker] = before + signed
        return spent

    def lost(self) -> int:
        """The lowest that realized money stood at."""
        held: dict[str, Position] = {}
        now = lowest = 0
        for fill in self.made_fills:
            before = held.get(fill.ticker)
            held[fill.ticker], _ = after_fill(before, fill)
            now += (held[fill.ticker].realized - (before.realized if before else DOLLARS_ZERO)).units
            lowest = min(lowest, now)
        return -lowest

    def side(self, ticker: str, side: BookSide, more: Sequence[Leg] = (), without: str | None = None) -> Leg:
        """What is held on a side at cost, and what all of it that may fill would pay."""
        position = self.positions().get(ticker)
        held = close = 0
        if position is not None and position.count:
            if (position.count > COUNT_ZERO) is (side is BookSide.BID):
                held = position.exposure.units
            else:
                close = abs(position.count).units
        legs = [
            (_leg(side, order.yes_price), order.remaining_count.units)
            for order in self.resting()
            if order.ticker == ticker and order.book_side is side and order.order_id != without
        ]
        left, opening = sum(count for _, count in (*legs, *more)) - close, 0
        for leg, count in sorted((*legs, *more), reverse=True):
            part = max(min(count, left), 0)
            opening += leg * part
            left -= part
        return held, opening

    def _hold_to_limits(self, ticker: str, side: BookSide, asked: Leg, replaces: str | None) -> bool:
        """Whether the order adds at all; what always passes may stand beside as many as there are."""
        before = sum(self.side(ticker, side))
        held, opening = self.side(ticker, side, [asked], replaces)
        after = held + opening
        if after <= before:
            return False
        values, what = self.values, f"{side.value} of {asked} in {ticker}"
        if after > values.market_cost_hard.units:
            self.passed.append(f"{what}: {after} in the market")
        across = sum(self.side(ticker, side.opposite))
        event = ticker.rpartition("-")[0]
        others = [other for other in TICKERS if other.startswith(event) and other != ticker]
        in_event = sum(max(sum(self.side(other, each)) for each in BookSide) for other in others)
        grows = max(after, across) > max(before, across)
        if grows and in_event + max(after, across) > values.event_cost_hard.units:
            self.passed.append(f"{what}: {in_event + max(after, across)} in the event")
        open_elsewhere = sum(
            self.side(other, each)[1]
            for other in TICKERS
            for each in BookSide
            if (other, each) != (ticker, side)
        )
        if self.spent() + open_elsewhere + opening > values.day_spend_hard.units:
            self.passed.append(f"{what}: {self.spent() + open_elsewhere + opening} spent")
        if self.lost_before >= values.day_loss_hard.units:
            self.passed.append(f"{what}: the day had lost {self.lost_before}")
        return True


@dataclass
class View:
    book: Book | None = None
    fresh: bool = True
    age_s: float = 0.0


class Known:
    """Markets that take any price, and all the cash there is."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings

    def market(self, ticker: str) -> Market | None:
        if ticker not in TICKERS:
            return None
        return Market(
            ticker, ticker.rpartition("-")[0], "", "", "", MarketStatus.ACTIVE, PriceRanges.of_cents(), 0,
            10**14, Quote(),
        )  # fmt: skip

    def book(self, ticker: str) -> View:
        del ticker
        return View()

    def quote(self, ticker: str) -> Quote:
        del ticker
        return Quote()

    @property
    def cash(self) -> Dollars | None:
        return Dollars.of(1_000_000)

    def cash_on(self, shard: int) -> Dollars | None:
        del shard
        return self.cash

    def position(self, ticker: str) -> Count:
        held = self._holdings.held(ticker)
        return COUNT_ZERO if held is None else held.count

    def fees(self, ticker: str) -> FeeSchedule:
        del ticker
        return FEELESS


@dataclass
class LimitedFloor:
    """A floor whose orders go through the limits, with a sheet of its own and holdings that lag."""

    floor: Floor
    exchange: StrictExchange
    holdings: Holdings
    draft: BatchDraft
    sender: BatchSender
    pre_trade: PreTrade
    on_their_way: list[Fill] = field(default_factory=list)

    def deliver(self, how_many: int = 1_000) -> None:
        """Fills come in, at last."""
        for _ in range(min(how_many, len(self.on_their_way))):
            fill = self.on_their_way.pop(0)
            self.floor.blotter.due.fill_seen(fill)
            self.holdings.fill(fill)


@asynccontextmanager
async def limited_floor(
    folder: Path, exchange: StrictExchange, limits: Callable[[], LimitValues] = lambda: TIGHT
) -> AsyncIterator[LimitedFloor]:
    """On the journal in ``folder``. What the exchange did before is read, as at a start."""
    made: list[PreTrade] = []

    def check(draft: OrderDraft, changing: str | None = None) -> tuple[Issue, ...]:
        return made[0].check(draft, changing)

    async with trading_floor(folder, exchange, check=check, pace=SWIFT) as floor:
        holdings = Holdings()
        known, clock = Known(holdings), Clock()
        risk = risk_book(floor.blotter, holdings, clock)
        for fill in exchange.made_fills:
            floor.blotter.due.fill_seen(fill)
            holdings.fill(fill)
        made.append(PreTrade(known, known, known, floor.blotter, clock, risk, limits))
        owner, failures = _owner()
        terms = OrderTerms("Practice", check=check, pace=SWIFT)
        tools = OrderTools(
            exchange, floor.journal, floor.blotter, floor.notices, floor.activity, owner, floor.gate, terms
        )
        draft = BatchDraft()
        facts = BatchFacts(
            known, known, known, floor.blotter, clock, exchange.write_budget, risk=risk, limits=limits
        )
        judge = BatchJudge(draft, facts)
        sender = BatchSender(exchange, tools, floor.desk, known, judge)
        ground = LimitedFloor(floor, exchange, holdings, draft, sender, made[0])
        exchange.fill_said = ground.on_their_way.append
        try:
            yield ground
        finally:
            exchange.fill_said = lambda _fill: None
            sender.close()
            judge.close()
            await owner.close()
            assert not failures


def _owner() -> tuple[TaskOwner, list[object]]:
    failures: list[object] = []
    return TaskOwner(lambda name, error: failures.append((name, error))), failures


def _leg(side: BookSide, yes_price: Price) -> int:
    return yes_price.units if side is BookSide.BID else 10_000 - yes_price.units


async def breathe(turns: int = 3) -> None:
    """Let what was begun get on."""
    for _ in range(turns):
        await asyncio.sleep(0)
