"""What an event brings by outcome: held contracts, and every order filled, against plain arithmetic."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pitdesk.desk.event_results import EventResult, event_results
from pitdesk.desk.open_sums import OpenSums, leg_of
from pitdesk.markets import Event, Position
from pitdesk.orders import BookSide, Outcome
from pitdesk.quantities import DOLLARS_ZERO, Count, Dollars, Price

CUT, HOLD, RAIN = "KXFED-26DEC-CUT", "KXFED-26DEC-HOLD", "KXRAIN-26-A"


class Listing:
    """Two events; of the Fed's one market at most comes true."""

    def event_of(self, ticker: str) -> Event | None:
        event = ticker.rpartition("-")[0]
        if not event.startswith(("KXFED", "KXRAIN")):
            return None
        return Event(event, "", event, "", "", mutually_exclusive=event.startswith("KXFED"))


def position(ticker: str, count: int, exposure: str, *, realized: str = "0", fees: str = "0") -> Position:
    paid = (Dollars.from_wire(text) for text in (exposure, realized, fees))
    return Position(ticker, Count.of(count), *paid, DOLLARS_ZERO)


def results(positions: list[Position], *orders: tuple[str, BookSide, int, int]) -> dict[str, EventResult]:
    sums = OpenSums()
    for ticker, side, cents, count in orders:
        sums.add(ticker, side, leg_of(side, Price.from_cents(cents)), Count.of(count).units)
    held = {one.ticker: one for one in positions}
    listing: Any = Listing()
    return {one.event: one for one in event_results(held, sums, listing)}


def told(result: EventResult) -> list[tuple[str, str, str, str]]:
    return [
        (one.ticker, one.outcome.word, one.now.signed(), one.with_orders.signed()) for one in result.scenarios
    ]


def test_where_one_market_comes_true_each_scenario_is_of_the_whole_event() -> None:
    found = results(
        [
            position(CUT, 40, "15.80", fees="0.50"),
            position(HOLD, -10, "4.80", realized="1.00", fees="0.20"),
        ],
        (CUT, BookSide.BID, 38, 100),
    )["KXFED-26DEC"]
    # Cut: 40 − 15.80 − 0.50, and Hold's No pays 10 − 4.80 + 1.00 − 0.20.
    assert told(found) == [
        (CUT, "Yes", "+$29.70", "+$91.70"),
        (HOLD, "Yes", "−$20.30", "−$58.30"),
        ("", "No", "−$10.30", "−$48.30"),
    ]
    assert [str(each) for each in (*found.now, *found.with_orders)] == [
        "−$20.30",
        "$29.70",
        "−$58.30",
        "$91.70",
    ]


def test_markets_that_are_each_for_itself_have_both_their_outcomes() -> None:
    found = results([position(RAIN, -20, "14.00")], (RAIN, BookSide.ASK, 30, 10))["KXRAIN-26"]
    assert told(found) == [(RAIN, "Yes", "−$14.00", "−$21.00"), (RAIN, "No", "+$6.00", "+$9.00")]
    assert (found.exclusive, str(found.now[0]), str(found.now[1])) == (False, "−$14.00", "$6.00")


def test_orders_alone_make_an_event_and_a_market_that_is_not_listed_too() -> None:
    found = results([position("GONE-1-A", 5, "1.00")], (CUT, BookSide.BID, 50, 2))
    assert sorted(found) == ["GONE-1", "KXFED-26DEC"]
    assert told(found["KXFED-26DEC"])[0] == (CUT, "Yes", "$0.00", "+$1.00")


@given(
    held=st.integers(-50, 50),
    orders=st.lists(
        st.tuples(st.sampled_from(list(BookSide)), st.integers(1, 99), st.integers(1, 20)), max_size=6
    ),
    outcome=st.sampled_from(list(Outcome)),
)
def test_filling_order_by_order_comes_to_the_same(
    held: int, orders: list[tuple[BookSide, int, int]], outcome: Outcome
) -> None:
    paid = held * 40 if held > 0 else -held * 60
    positions = [position(RAIN, held, f"{paid // 100}.{paid % 100:02d}")] if held else []
    found = results(positions, *((RAIN, *order) for order in orders)).get("KXRAIN-26")
    contracts = {Outcome.YES: max(held, 0), Outcome.NO: max(-held, 0)}
    for side, cents, count in orders:  # a bid buys Yes at its price, an ask No at what is left to a dollar
        contracts[Outcome.YES if side is BookSide.BID else Outcome.NO] += count
        paid += count * (cents if side is BookSide.BID else 100 - cents)
    if found is None:
        assert not held
        assert not orders
        return
    scenario = next(one for one in found.scenarios if one.outcome is outcome)
    assert scenario.with_orders == Dollars.from_cents(100 * contracts[outcome] - paid)
