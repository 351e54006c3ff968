"""Dollars at their worst: held, open, unconfirmed and about to be sent, held to a count by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pitdesk.desk.blotter import Blotter, RowPhase
from pitdesk.desk.exposure import Ask, Exposure
from pitdesk.desk.open_sums import leg_of, part_of, parts_of_change
from pitdesk.orders import BookSide, Intent, Order, OrderDraft, OrderStatus, Source, Verb
from pitdesk.quantities import COUNT_ZERO, Count, Dollars, Price
from tests.unit.desk.risk_ground import Holdings, event_of, risk_book

BID, ASK = BookSide.BID, BookSide.ASK
CENTS = Price.from_cents
NOW = 1_800_000_000_000


def draft(ticker: str = "E-A", verb: Verb = Verb.BUY_YES, cents: int = 40, count: int = 100) -> OrderDraft:
    return OrderDraft(ticker, verb, Count.of(count), CENTS(cents))


def resting(number: int, side: BookSide, cents: int, count: int, ticker: str = "E-A") -> Order:
    return Order(
        f"ex-{number}",
        "",
        ticker,
        side,
        CENTS(cents),
        Count.of(count),
        COUNT_ZERO,
        Count.of(count),
        OrderStatus.RESTING,
        updated_ms=NOW,
    )


class Ground:
    def __init__(self) -> None:
        self.blotter, self.holdings = Blotter(), Holdings()
        self.risk = risk_book(self.blotter, self.holdings)
        self.exposure = self.risk.exposure

    def growth(self, asked: OrderDraft, changing: str | None = None) -> tuple[str, str]:
        row = self.blotter.row(changing) if changing is not None else None
        market = self.risk.risks(asked, Dollars(0), row).market
        assert market is not None
        return str(market.before), str(market.after)


def test_a_side_is_what_is_held_there_and_all_orders_of_that_side() -> None:
    ground = Ground()
    ground.holdings.hold("E-A", Count.of(50), Dollars.of(10))
    ground.blotter.apply_order(resting(1, BID, 40, 100))
    ground.blotter.add_intent(Intent("mine", draft(cents=20), Source.TICKET, NOW))
    assert ground.growth(draft(cents=10)) == ("$70.00", "$80.00")
    assert ground.exposure.market("E-A") == Dollars.of(70).units


@pytest.mark.parametrize("phase", [phase for phase in RowPhase if not phase.is_final])
def test_an_order_counts_in_full_until_it_is_known_to_have_ended(phase: RowPhase) -> None:
    ground = Ground()
    ground.blotter.add_intent(Intent("mine", draft(), Source.TICKET, NOW), phase)
    assert ground.growth(draft(cents=10)) == ("$40.00", "$50.00")
    ground.blotter.set_phase("mine", RowPhase.REFUSED)
    assert ground.growth(draft(cents=10)) == ("$0.00", "$10.00")


def test_orders_against_a_position_close_it_first_and_the_dearest_are_taken_to_open() -> None:
    ground = Ground()
    ground.holdings.hold("E-A", Count.of(100), Dollars.of(30))
    assert ground.growth(draft(verb=Verb.SELL_YES, cents=60)) == ("$0.00", "$0.00")
    ground.blotter.apply_order(resting(1, ASK, 60, 80))
    assert ground.growth(draft(verb=Verb.SELL_YES, cents=60, count=20)) == ("$0.00", "$0.00")
    assert ground.growth(draft(verb=Verb.SELL_YES, cents=30, count=30)) == ("$0.00", "$7.00")
    assert ground.growth(draft(verb=Verb.BUY_NO, cents=10, count=30)) == ("$0.00", "$4.00")


def test_a_market_is_as_bad_as_its_worse_side_and_an_event_all_its_markets() -> None:
    ground = Ground()
    ground.blotter.apply_order(resting(1, BID, 40, 100))
    ground.blotter.apply_order(resting(2, ASK, 50, 100))
    ground.blotter.apply_order(resting(3, BID, 10, 100, "E-B"))
    ground.blotter.apply_order(resting(4, BID, 90, 100, "F-A"))
    assert ground.exposure.event("E") == Dollars.of(60).units
    assert ground.exposure.event("F") == Dollars.of(90).units
    assert ground.exposure.opening == Dollars.of(40 + 50 + 10 + 90).units
    risks = ground.risk.risks(draft(cents=5), Dollars.from_cents(7))
    assert risks.event is not None
    assert risks.day is not None
    assert not risks.event.grows, "the other side is worse still"
    assert (str(risks.day.before), str(risks.day.after)) == ("$190.00", "$195.07")


def test_a_change_takes_the_place_of_its_order() -> None:
    ground = Ground()
    ground.blotter.apply_order(resting(1, BID, 40, 100))
    assert ground.growth(draft(cents=50, count=100), "ex-1") == ("$40.00", "$50.00")
    assert ground.growth(draft(cents=30, count=100), "ex-1") == ("$40.00", "$30.00")


@pytest.mark.parametrize(
    "was, now, worst",
    [
        ((4_000, 100), (5_000, 100), 500_000),
        ((4_000, 100), (3_000, 100), 400_000),
        ((4_000, 100), (4_000, 150), 600_000),
        ((4_000, 100), (4_000, 50), 400_000),
        ((4_000, 100), (5_000, 60), 460_000),
        ((4_000, 100), (3_000, 150), 550_000),
    ],
)
def test_a_change_that_is_not_confirmed_counts_as_the_worse_of_the_two(
    was: tuple[int, int], now: tuple[int, int], worst: int
) -> None:
    ground = Ground()
    sums = ground.blotter.sums
    sums.add("E-A", BID, *was)
    release = sums.hold(parts_of_change("E-A", BID, was, now))
    assert ground.exposure.market("E-A") == worst
    release()
    release()
    assert ground.exposure.market("E-A") == was[0] * was[1]


def test_what_is_about_to_be_sent_counts_until_it_is_let_go() -> None:
    ground = Ground()
    release = ground.blotter.sums.hold([part_of(draft()), part_of(draft("E-B"))], rows=2)
    assert (ground.exposure.event("E"), ground.blotter.sums.rows) == (Dollars.of(80).units, 2)
    release()
    assert (ground.exposure.event("E"), ground.blotter.sums.rows) == (0, 0)
    assert list(ground.blotter.sums.tickers()) == []


def test_a_market_that_is_not_listed_is_put_to_its_event_by_its_ticker_until_it_is() -> None:
    listed: dict[str, str] = {}
    blotter = Blotter()
    exposure = Exposure(blotter.sums, lambda _: None, lambda ticker: listed.get(ticker, ""))
    blotter.apply_order(resting(1, BID, 40, 100))
    assert exposure.event("E") == Dollars.of(40).units
    listed["E-A"] = "G"
    assert (exposure.event("E"), exposure.event("G")) == (0, Dollars.of(40).units)


def test_orders_judged_together_count_for_those_after_them() -> None:
    ground = Ground()
    ground.holdings.hold("E-A", Count.of(100), Dollars.of(30))
    trial = ground.exposure.trial()
    sell = Ask("E-A", ASK, 4_000, Count.of(80).units)
    assert trial.costs(sell).market == (0, 0)
    trial.take(sell)
    assert trial.costs(sell).market == (0, Dollars.of(24).units)
    trial.take(sell)
    buy = Ask("E-B", BID, 5_000, Count.of(10).units)
    assert trial.costs(buy).event == (Dollars.of(30).units, Dollars.of(35).units)
    assert trial.costs(buy).opening == (Dollars.of(24).units, Dollars.of(29).units)
    assert ground.exposure.event("E") == Dollars.of(30).units, "nothing of it is kept"


def test_an_order_of_another_subaccount_closes_nothing_here() -> None:
    ground = Ground()
    ground.holdings.hold("E-A", Count.of(100), Dollars.of(30))
    assert ground.growth(replace(draft(verb=Verb.SELL_YES, cents=60), subaccount=3)) == ("$0.00", "$40.00")


def test_nothing_may_be_added_before_everything_is_known() -> None:
    blotter, holdings = Blotter(), Holdings()
    book = risk_book(blotter, holdings, known=False)
    assert (book.risks(draft(), Dollars(0)).market, book.trial(), book.loss) == (None, None, None)
    book.day_read(())
    assert book.trial() is not None
    holdings.positions_known = False
    assert book.trial() is None


# Over made-up histories: the running sums are those of a count from nothing.

TICKERS = ["E-A", "E-B", "F-A"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.sampled_from(TICKERS), st.sampled_from(list(Verb)), st.integers(1, 99)),
        st.tuples(
            st.just("rest"), st.sampled_from(TICKERS), st.sampled_from(list(BookSide)), st.integers(1, 99)
        ),
        st.tuples(st.just("fill"), st.integers(0, 9), st.integers(1, 60), st.just(0)),
        st.tuples(st.just("end"), st.integers(0, 9), st.booleans(), st.just(0)),
        st.tuples(st.just("phase"), st.integers(0, 9), st.sampled_from(list(RowPhase)), st.just(0)),
        st.tuples(st.just("hold"), st.sampled_from(TICKERS), st.integers(-300, 300), st.integers(0, 99)),
        st.tuples(st.just("flush"), st.just(0), st.just(0), st.just(0)),
    ),
    max_size=30,
)


def play(ground: Ground, steps: list[tuple[object, ...]]) -> None:
    blotter = ground.blotter
    for number, (what, first, second, third) in enumerate(steps):
        if what == "ask":
            asked = OrderDraft(first, second, Count.of(100), CENTS(third))  # type: ignore[arg-type]
            blotter.add_intent(Intent(f"mine-{number}", asked, Source.TICKET, NOW))
        elif what == "rest":
            blotter.apply_order(resting(number, second, third, 100, first))  # type: ignore[arg-type]
        elif what == "hold":
            ground.holdings.hold(first, Count.of(second), Dollars.from_cents(abs(second) * third))  # type: ignore[arg-type,operator]
        elif what == "flush":
            blotter.flush()
        else:
            move(ground, str(what), first, second)


def move(ground: Ground, what: str, which: object, how: object) -> None:
    rows = list(ground.blotter.working().values())
    if not rows:
        return
    row = rows[which % len(rows)]  # type: ignore[operator]
    if what == "phase":
        ground.blotter.set_phase(row.key, how)  # type: ignore[arg-type]
    elif row.order is not None and what == "fill":
        part = min(row.order.remaining_count, Count.of(how))  # type: ignore[arg-type]
        ground.blotter.apply_order(
            replace(
                row.order,
                fill_count=row.order.fill_count + part,
                remaining_count=row.order.remaining_count - part,
            )
        )
        ground.blotter.due.positions_read(float("inf"))
    elif row.order is not None:
        status = OrderStatus.CANCELED if how else OrderStatus.EXECUTED
        ground.blotter.apply_order(replace(row.order, status=status, remaining_count=COUNT_ZERO))


def worst_by_hand(ground: Ground, ticker: str, side: BookSide) -> tuple[int, int]:
    """Held and opening of one side: every hundredth of a contract is laid out and the first ones close."""
    position = ground.holdings.held(ticker)
    held = close = 0
    if position is not None and position.count:
        if (position.count > COUNT_ZERO) is (side is BID):
            held = position.exposure.units
        else:
            close = abs(position.count).units
    contracts: list[int] = []
    for row in ground.blotter.working().values():
        if row.ticker == ticker and row.book_side is side and not row.phase.is_final:
            contracts += [leg_of(side, row.yes_price)] * row.remaining.units
    contracts.sort()
    return held, sum(contracts[close:])


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_running_sums_are_those_of_a_count_from_nothing(steps: list[tuple[object, ...]]) -> None:
    ground = Ground()
    play(ground, steps)
    events: dict[str, int] = {}
    opening = 0
    for ticker in TICKERS:
        (bid_held, bid_open), (ask_held, ask_open) = (
            worst_by_hand(ground, ticker, side) for side in BookSide
        )
        worst = max(bid_held + bid_open, ask_held + ask_open)
        assert ground.exposure.market(ticker) == worst
        events[event_of(ticker)] = events.get(event_of(ticker), 0) + worst
        opening += bid_open + ask_open
    assert {event: ground.exposure.event(event) for event in events} == events
    assert ground.exposure.opening == opening
    living = [row for row in ground.blotter.working().values() if not row.phase.is_final]
    assert ground.blotter.sums.rows == len(living)
    for ticker in TICKERS:
        sums = ground.blotter.sums.of(ticker)
        mine = [row for row in living if row.ticker == ticker]
        assert sums.rows == len(mine)
        assert sums.unconfirmed == sum(row.phase is RowPhase.UNCONFIRMED for row in mine)


def test_one_more_order_looks_at_no_other_of_two_hundred_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Ground()
    for number in range(2_000):
        ground.blotter.apply_order(resting(number, BID, number % 98 + 1, 1, f"E-{number % 50}"))
    ground.exposure.trial()
    looked: list[str] = []
    position = ground.holdings.held
    monkeypatch.setattr(
        ground.exposure, "_position", lambda ticker: looked.append(ticker) or position(ticker)
    )
    ground.blotter.apply_order(resting(9_999, BID, 40, 1, "E-7"))
    ground.risk.risks(draft("E-7"), Dollars(0))
    assert set(looked) == {"E-7"}
    assert len(looked) < 10
