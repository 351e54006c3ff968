"""Plain stand-ins for the desk: what ticket and blotter ask of it, answered as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from pitdesk.clock import Clock
from pitdesk.desk.market_data import BookView
from pitdesk.desk.results import CancelResult, ChangeResult, SubmitKind, SubmitResult
from pitdesk.events import Listeners
from pitdesk.markets import Book, Event, FeeSchedule, Market, MarketStatus, Position, Quote
from pitdesk.orders import BookSide, Order, OrderDraft, OrderStatus, Source
from pitdesk.quantities import COUNT_ZERO, DOLLARS_ZERO, Count, Dollars, Price, PriceRange, PriceRanges
from pitdesk.tasks import TaskOwner

TICKER = "KXFEDDECISION-26DEC-C25"
OTHER = "KXHIGHNY-26NOV21-B50.5"
NOW_MS = 1_795_000_000_000
TENTHS = PriceRanges((PriceRange(Price(0), Price(10_000), Price(10)),))


def cents(value: int) -> Price:
    """A price of whole cents."""
    return Price.from_cents(value)


def market(ticker: str = TICKER, **changes: object) -> Market:
    """An open market on the cent grid that closes in two weeks."""
    made = Market(
        ticker=ticker,
        event_ticker=ticker.rsplit("-", 1)[0],
        title="Fed cuts 25 bp in December?",
        yes_sub_title="Cut 25 bp",
        no_sub_title="Cut 25 bp",
        status=MarketStatus.ACTIVE,
        price_ranges=PriceRanges.of_cents(),
        open_ms=NOW_MS - 86_400_000,
        close_ms=NOW_MS + 14 * 86_400_000,
        quote=Quote(cents(41), cents(43)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def book(bids: dict[int, int], asks: dict[int, int], ticker: str = TICKER) -> Book:
    """A book of whole cents and contracts."""
    return Book(
        ticker,
        {cents(price): Count.of(count) for price, count in bids.items()},
        {cents(price): Count.of(count) for price, count in asks.items()},
    )


def order(order_id: str, price: int = 40, count: int = 100, **changes: object) -> Order:
    """A resting bid."""
    made = Order(
        order_id=order_id,
        client_order_id="",
        ticker=TICKER,
        book_side=BookSide.BID,
        yes_price=cents(price),
        initial_count=Count.of(count),
        fill_count=COUNT_ZERO,
        remaining_count=Count.of(count),
        status=OrderStatus.RESTING,
        created_ms=NOW_MS - 252_000,
        updated_ms=NOW_MS,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class StillClock(Clock):
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_ms = NOW_MS

    def wall_ms(self) -> int:
        return self.now_ms


class PlainMarketData:
    """One book for each market, fresh until the test says otherwise."""

    def __init__(self) -> None:
        self.book_changed: Listeners[str] = Listeners()
        self.market_changed: Listeners[str] = Listeners()
        self.quotes_changed: Listeners[frozenset[str]] = Listeners()
        self.markets = {TICKER: market(), OTHER: market(OTHER)}
        self.views = {TICKER: BookView(book({41: 1240, 40: 300}, {43: 90, 44: 500}), True, 0.1)}
        self.watched: list[str] = []

    def market(self, ticker: str) -> Market | None:
        return self.markets.get(ticker)

    def quote(self, ticker: str) -> Quote:
        return self.markets[ticker].quote

    def book(self, ticker: str) -> BookView:
        return self.views.get(ticker, BookView(None, False, 0.0))

    def watch(self, ticker: str) -> Callable[[], None]:
        self.watched.append(ticker)
        return lambda: self.watched.remove(ticker)

    def become(self, ticker: str, changed: Market) -> None:
        self.markets[ticker] = changed
        self.market_changed.emit(ticker)

    def set_book(self, made: Book | None, *, fresh: bool = True, age_s: float = 0.1) -> None:
        self.views[TICKER] = BookView(made, fresh, age_s)
        self.book_changed.emit(TICKER)


class PlainPortfolio:
    """Cash and positions as set."""

    def __init__(self) -> None:
        self.changed: Listeners[None] = Listeners()
        self.cash: Dollars | None = Dollars.from_wire("7581.70")
        self.positions: dict[str, Position] = {}

    def position(self, ticker: str) -> Count:
        held = self.positions.get(ticker)
        return held.count if held is not None else COUNT_ZERO

    def hold(self, contracts: int, exposure: str = "15.80", ticker: str = TICKER) -> None:
        self.positions[ticker] = Position(
            ticker, Count.of(contracts), Dollars.from_wire(exposure), DOLLARS_ZERO, DOLLARS_ZERO, DOLLARS_ZERO
        )
        self.changed.emit(None)


class PlainFinder:
    """Names and fees."""

    def __init__(self) -> None:
        self.changed: Listeners[None] = Listeners()
        self.is_loading = False

    def event_of(self, ticker: str) -> Event | None:
        return None

    def event_label(self, event: Event) -> str:
        return event.title

    def market(self, ticker: str) -> Market | None:
        return None

    def fees(self, ticker: str) -> FeeSchedule:
        return FeeSchedule("quadratic", Fraction(1))

    def label(self, ticker: str) -> str:
        return {TICKER: "Fed decision · Cut 25 bp", OTHER: "NYC high temp · 50° to 51°"}.get(ticker, ticker)


@dataclass
class PlainDesk:
    """Counts what is asked of it; an answer comes when the test lets it: see ``hold``."""

    sent: list[tuple[OrderDraft, Source, str | None, bool]] = field(default_factory=list)
    canceled: list[tuple[str, ...]] = field(default_factory=list)
    canceled_markets: list[str] = field(default_factory=list)
    amended: list[tuple[str, Price, Count]] = field(default_factory=list)
    confirmed: list[bool] = field(default_factory=list)
    """Of each amend, whether the person had said yes to what the limits asked."""
    decreased: list[tuple[str, Count]] = field(default_factory=list)
    answers: list[SubmitResult] = field(default_factory=list)
    change: ChangeResult = field(default_factory=lambda: ChangeResult(SubmitKind.PLACED, "Order changed."))
    hold: asyncio.Event | None = None

    async def submit(
        self,
        draft: OrderDraft,
        source: Source,
        client_order_id: str | None = None,
        *,
        confirmed: bool = False,
    ) -> SubmitResult:
        self.sent.append((draft, source, client_order_id, confirmed))
        await self._wait()
        if self.answers:
            return self.answers.pop(0)
        return SubmitResult(SubmitKind.PLACED, f"Order accepted: {draft.sentence()}", client_order_id, 11.0)

    async def cancel(self, keys: Sequence[str]) -> CancelResult:
        self.canceled.append(tuple(keys))
        await self._wait()
        return CancelResult(f"Canceled {len(keys)}.", tuple(keys))

    async def cancel_market(self, ticker: str) -> CancelResult:
        self.canceled_markets.append(ticker)
        await self._wait()
        return CancelResult("Canceled all of this market.")

    async def amend(
        self, key: str, price: Price, remaining: Count, *, confirmed: bool = False
    ) -> ChangeResult:
        self.amended.append((key, price, remaining))
        self.confirmed.append(confirmed)
        await self._wait()
        return self.change

    async def decrease(self, key: str, remaining: Count) -> ChangeResult:
        self.decreased.append((key, remaining))
        await self._wait()
        return self.change

    async def _wait(self) -> None:
        if self.hold is not None:
            await self.hold.wait()


def owner() -> TaskOwner:
    """An owner whose tasks must not fail."""

    def report(name: str, error: BaseException) -> None:
        raise AssertionError(f"the task {name} failed") from error

    return TaskOwner(report)
