"""What the limits are told: the touch, the cash, what was sent before, and what a change sets free."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from pitdesk.clock import Clock
from pitdesk.desk.blotter import Blotter, BlotterRow, RowPhase
from pitdesk.desk.pre_trade import PreTrade
from pitdesk.fees import STANDARD_FEES
from pitdesk.limits import Growth, Risks
from pitdesk.markets import Book, FeeSchedule, Market, MarketStatus, Quote
from pitdesk.orders import BookSide, Intent, Order, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Dollars, Price, PriceRanges

CENTS = Price.from_cents
NOW = 1_800_000_000_000


class StillClock(Clock):
    """A clock that a test sets: ``seconds`` pass, and the wall clock may step besides."""

    seconds = 0.0
    stepped_ms = 0

    def wall_ms(self) -> int:
        return NOW + int(self.seconds * 1_000) + self.stepped_ms

    def monotonic(self) -> float:
        return 100.0 + self.seconds


@dataclass
class View:
    book: Book | None = None
    fresh: bool = True
    age_s: float = 0.0


@dataclass
class Known:
    """One market, its book and quote, and an account: what the desk's rooms would tell."""

    view: View = field(default_factory=View)
    touch: Quote = field(default_factory=lambda: Quote(bid=CENTS(41), ask=CENTS(43)))
    cash: Dollars | None = field(default_factory=lambda: Dollars.of(10_000))
    held: Count = COUNT_ZERO

    def market(self, ticker: str) -> Market | None:
        if ticker != "T":
            return None
        return Market(
            ticker="T",
            event_ticker="E",
            title="",
            yes_sub_title="",
            no_sub_title="",
            status=MarketStatus.ACTIVE,
            price_ranges=PriceRanges.of_cents(),
            open_ms=0,
            close_ms=NOW * 2,
            quote=self.touch,
        )

    def book(self, ticker: str) -> View:
        return self.view

    def quote(self, ticker: str) -> Quote:
        return self.touch

    def position(self, ticker: str) -> Count:
        return self.held

    def fees(self, ticker: str) -> FeeSchedule:
        return STANDARD_FEES

    def risks(self, draft: OrderDraft, fee: Dollars, changing: BlotterRow | None = None) -> Risks:
        grows = Growth(Dollars(0), Dollars(1))
        return Risks(grows, grows, grows, Dollars(0))


def desk(known: Known | None = None) -> tuple[PreTrade, Blotter, Known, StillClock]:
    known, clock = known or Known(), StillClock()
    blotter = Blotter(clock)
    return PreTrade(known, known, known, blotter, clock, known), blotter, known, clock


def draft(**changes: object) -> OrderDraft:
    plain = OrderDraft("T", Verb.BUY_YES, Count.of(10), CENTS(42))
    return replace(plain, **changes)  # type: ignore[arg-type]


def resting(number: int, side: BookSide, cents: int, contracts: int) -> Order:
    return Order(
        order_id=f"ex-{number}",
        client_order_id="",
        ticker="T",
        book_side=side,
        yes_price=CENTS(cents),
        initial_count=Count.of(contracts),
        fill_count=COUNT_ZERO,
        remaining_count=Count.of(contracts),
        status=OrderStatus.RESTING,
    )


def rules(pre_trade: PreTrade, asked: OrderDraft, changing: str | None = None) -> set[str]:
    return {issue.rule for issue in pre_trade.check(asked, changing)}


def test_an_ordinary_order_passes() -> None:
    pre_trade, _, _, _ = desk()
    assert pre_trade.check(draft()) == ()


def test_a_market_that_is_not_listed_is_refused() -> None:
    pre_trade, _, _, _ = desk()
    assert "market open" in rules(pre_trade, draft(ticker="U"))


def test_the_book_tells_the_touch_where_it_is_followed_and_the_quote_otherwise() -> None:
    pre_trade, _, known, _ = desk()
    assert "distance through the touch" in rules(pre_trade, draft(price=CENTS(50)))
    known.view.book = Book("T", bids={}, asks={CENTS(50): Count.of(1)})
    assert "distance through the touch" not in rules(pre_trade, draft(price=CENTS(50)))


def test_an_old_book_asks_and_a_book_not_followed_does_not() -> None:
    pre_trade, _, known, _ = desk()
    known.view.fresh = False
    assert rules(pre_trade, draft()) == set()
    known.view.book = Book("T", bids={CENTS(41): Count.of(1)}, asks={CENTS(43): Count.of(1)})
    assert rules(pre_trade, draft()) == {"fresh book"}


def test_what_was_sent_within_the_minute_counts_unless_it_failed() -> None:
    pre_trade, blotter, _, clock = desk()
    blotter.add_intent(Intent("one", draft(), Source.TICKET, NOW))
    clock.seconds = 5.0
    assert rules(pre_trade, draft()) == {"repeated order"}
    blotter.set_phase("one", RowPhase.REFUSED)
    assert rules(pre_trade, draft()) == set()
    blotter.add_intent(Intent("two", draft(), Source.TICKET, NOW + 5_000))
    clock.seconds = 65.001
    assert rules(pre_trade, draft()) == set()


def test_a_filled_order_still_counts_as_sent() -> None:
    pre_trade, blotter, _, clock = desk()
    blotter.add_intent(Intent("one", draft(), Source.TICKET, NOW))
    blotter.apply_order(
        replace(
            resting(1, BookSide.BID, 42, 10),
            client_order_id="one",
            status=OrderStatus.EXECUTED,
            fill_count=Count.of(10),
            remaining_count=COUNT_ZERO,
        )
    )
    blotter.flush()
    clock.seconds = 5.0
    assert rules(pre_trade, draft()) == {"repeated order"}


@pytest.mark.parametrize("stepped_ms", [-3_600_000, 3_600_000])
def test_a_wall_clock_that_steps_neither_hides_a_repeated_order_nor_keeps_it_back(stepped_ms: int) -> None:
    pre_trade, blotter, _, clock = desk()
    blotter.add_intent(Intent("one", draft(), Source.TICKET, clock.wall_ms()))
    clock.stepped_ms = stepped_ms
    for seconds, said in ((1.0, "a moment ago"), (5.0, "5 seconds ago"), (61.0, "")):
        clock.seconds = seconds
        (told,) = [it.sentence for it in pre_trade.check(draft()) if it.rule == "repeated order"] or ("",)
        assert said in told if said else not told


def test_an_unconfirmed_order_in_the_market_asks() -> None:
    pre_trade, blotter, _, _ = desk()
    blotter.add_intent(Intent("one", draft(count=Count.of(3)), Source.TICKET, NOW), RowPhase.UNCONFIRMED)
    assert rules(pre_trade, draft()) == {"unconfirmed order"}


def test_a_change_counts_the_cash_it_sets_free_and_not_itself() -> None:
    pre_trade, blotter, known, _ = desk()
    blotter.apply_order(resting(1, BookSide.BID, 42, 100))
    known.cash = Dollars.of(1)
    assert "free cash" in rules(pre_trade, draft(count=Count.of(90)))
    assert rules(pre_trade, draft(count=Count.of(90)), "ex-1") == set()
    assert "free cash" in rules(pre_trade, draft(count=Count.of(120)), "ex-1")


def test_ones_own_order_on_the_other_side_asks_but_not_the_one_being_changed() -> None:
    pre_trade, blotter, _, _ = desk()
    blotter.apply_order(resting(1, BookSide.ASK, 42, 10))
    assert rules(pre_trade, draft()) == {"own orders"}
    assert rules(pre_trade, draft(), "ex-1") == set()


def test_cash_not_known_yet_stops_what_costs() -> None:
    pre_trade, _, known, _ = desk()
    known.cash, known.held = None, Count.of(10)
    assert rules(pre_trade, draft()) == {"free cash"}
    assert rules(pre_trade, draft(verb=Verb.SELL_YES)) == set()
