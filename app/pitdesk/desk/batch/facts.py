"""What the verdicts know besides the sheet: markets, money, open orders, the budget, the next pause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pitdesk.desk.pre_trade import nearest
from pitdesk.limits import LimitContext, LimitValues, RecentOrder, RestingOrder, Risks
from pitdesk.markets import Book, FeeSchedule, Market

if TYPE_CHECKING:
    from collections.abc import Callable

    from pitdesk.clock import Clock
    from pitdesk.cost import OrderCost
    from pitdesk.desk.blotter import Blotter
    from pitdesk.desk.exposure import Ask, Costs, Trial
    from pitdesk.desk.pre_trade import FeeView, MarketView
    from pitdesk.kalshi.batch_calls import WriteBudget
    from pitdesk.orders import OrderDraft
    from pitdesk.quantities import Count, Dollars, Price

PAUSE_AHEAD_MS = 60 * 60_000


class TrialView(Protocol):
    """What orders would put at stake, judged one after the other."""

    @property
    def moves(self) -> int:
        """How often anything that a trial rests on changed."""
        ...

    def trial(self) -> Trial | None:
        """None while not everything is known."""
        ...

    def ask(self, draft: OrderDraft) -> Ask:
        """The draft as it is judged."""
        ...

    def so_far(self) -> tuple[Dollars, Dollars]:
        """Spent and lost today."""
        ...

    def of_costs(self, costs: Costs, fees_before: Dollars, fee: Dollars) -> Risks:
        """What the limits look at."""
        ...


class PurseView(Protocol):
    """What the person has, by shard (FACTS §11)."""

    def cash_on(self, shard: int) -> Dollars | None:
        """Free cash on one exchange index, None while not known."""
        ...

    def position(self, ticker: str) -> Count:
        """Contracts held: above zero Yes, below zero No."""
        ...


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """Where the verdicts look. ``next_pause_ms``: the exchange's next pause, Unix ms; ``named``: a ticker by
    the name that the screen gives a market; ``limits``: the figures in force."""

    markets: MarketView
    account: PurseView
    fees: FeeView
    blotter: Blotter
    clock: Clock
    budget: Callable[[], WriteBudget]
    risk: TrialView
    limits: Callable[[], LimitValues] = LimitValues
    next_pause_ms: Callable[[], int | None] = lambda: None
    named: Callable[[str], str | None] = lambda _: None

    @property
    def values(self) -> LimitValues:
        """The figures in force now."""
        return self.limits()


@dataclass(frozen=True, slots=True)
class TickerFacts:
    """What counts for every row of one market, read once for all of them."""

    market: Market | None
    bid: Price | None
    ask: Price | None
    book: Book | None
    fresh: bool
    age_s: float
    position: Count
    fees: FeeSchedule
    own: tuple[RestingOrder, ...]
    recent: tuple[RecentOrder, ...]
    unconfirmed: int
    open_rows: int


class FactsNow:
    """The facts of one look at the sheet: each market is asked once."""

    def __init__(self, facts: BatchFacts) -> None:
        self.facts = facts
        self.now_ms = facts.clock.wall_ms()
        self._by_ticker: dict[str, TickerFacts] = {}
        self._same: dict[tuple[str, int], bool] = {}
        self._recent: dict[str, list[RecentOrder]] | None = None

    def of(self, ticker: str) -> TickerFacts:
        """What is known of one market."""
        found = self._by_ticker.get(ticker)
        if found is None:
            found = self._by_ticker[ticker] = self._look(ticker)
        return found

    def is_as_before(self, ticker: str, before: TickerFacts | None) -> bool:
        """Whether nothing that the rules look at changed in a market since ``before``, its time included."""
        if before is None or before.recent or before.market is None:
            return False
        if before.market.close_ms <= self.now_ms or self.pause_is_near:
            return False
        key = (ticker, id(before))
        same = self._same.get(key)
        if same is None:
            same = self._same[key] = self.of(ticker) == before
        return same

    @property
    def pause_is_near(self) -> bool:
        """Whether the exchange pauses within the hour."""
        pause_ms = self.facts.next_pause_ms()
        return pause_ms is not None and 0 <= pause_ms - self.now_ms <= PAUSE_AHEAD_MS

    def context(self, draft: OrderDraft, cost: OrderCost) -> LimitContext:
        """What the limits know of one row. Cash and the number of open orders are judged on the sum."""
        known = self.of(draft.ticker)
        return LimitContext(
            now_ms=self.now_ms,
            market=known.market,
            cost=cost,
            bid=known.bid,
            ask=known.ask,
            fresh=known.fresh,
            book_age_s=known.age_s,
            position=known.position,
            recent=known.recent,
            own=known.own,
            open_in_market=known.open_rows,
            unconfirmed_in_market=known.unconfirmed,
            values=self.facts.values,
        )

    def _look(self, ticker: str) -> TickerFacts:
        facts = self.facts
        view = facts.markets.book(ticker)
        bid, ask, book = self._touch(ticker, view.book)
        sums = facts.blotter.sums.of(ticker)
        return TickerFacts(
            market=facts.markets.market(ticker),
            bid=bid,
            ask=ask,
            book=book,
            fresh=view.fresh or view.book is None,
            age_s=0.0 if view.fresh else view.age_s,
            position=facts.account.position(ticker),
            fees=facts.fees.fees(ticker),
            own=nearest(sums),
            recent=tuple(self._recent_orders().get(ticker, ())),
            unconfirmed=sums.unconfirmed,
            open_rows=sums.rows,
        )

    def _touch(self, ticker: str, book: Book | None) -> tuple[Price | None, Price | None, Book | None]:
        if book is not None:
            bid, ask = book.best_bid, book.best_ask
            return (bid.price if bid else None), (ask.price if ask else None), book
        quote = self.facts.markets.quote(ticker)
        bids = {} if quote.bid is None else {quote.bid: quote.bid_count}
        asks = {} if quote.ask is None else {quote.ask: quote.ask_count}
        return quote.bid, quote.ask, Book(ticker, bids, asks)

    def _recent_orders(self) -> dict[str, list[RecentOrder]]:
        if self._recent is None:
            self._recent = {}
            asked = self.facts.blotter.asked_within(self.facts.values.repeat_confirm_s)
            for row, age_s in asked:
                if row.intent is not None and not row.phase.came_to_nothing:
                    sent = RecentOrder(row.intent.draft, age_s)
                    self._recent.setdefault(row.ticker, []).append(sent)
        return self._recent


def touch_of(facts: BatchFacts, ticker: str) -> tuple[Price | None, Price | None]:
    """The touch that verdicts of one market go by."""
    view = facts.markets.book(ticker)
    if view.book is None:
        quote = facts.markets.quote(ticker)
        return quote.bid, quote.ask
    bid, ask = view.book.best_bid, view.book.best_ask
    return (bid.price if bid else None), (ask.price if ask else None)
